//! Files, pipes and the surroundings of the process.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use super::{Desk, SMALL};

fn complaint(desk: &Desk, arguments: &[&str], text: &str) -> String {
    let output = desk.give(arguments, text);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_scenario_that_is_missing_or_a_folder_is_named() {
    let desk = Desk::new();
    assert!(complaint(&desk, &["run", "none.yaml"], "").contains("none.yaml"));
    assert!(complaint(&desk, &["check", "."], "").contains("cannot read"));
    assert_eq!(desk.written(), [""; 0]);
}

#[test]
fn a_file_without_end_is_refused() {
    if std::path::Path::new("/dev/zero").exists() {
        let desk = Desk::new();
        assert!(complaint(&desk, &["run", "/dev/zero"], "").contains("error[too-large]"));
    }
}

#[test]
fn a_missing_output_folder_is_made_and_one_that_is_a_file_is_refused_before_the_run() {
    let desk = Desk::new();
    let output = desk.give(&["run", "-", "--out", "a/b/c"], SMALL);
    assert_eq!(output.status.code(), Some(0));
    assert!(desk.path().join("a/b/c/results.json").is_file());
    std::fs::write(desk.path().join("taken"), "mine").expect("a file");
    for out in ["taken", "taken/below"] {
        assert!(complaint(&desk, &["run", "-", "--out", out], SMALL).contains("taken"));
    }
    let mine = std::fs::read_to_string(desk.path().join("taken"));
    assert_eq!(mine.expect("it is still there"), "mine");
    assert_eq!(desk.written(), ["a", "taken"]);
}

#[test]
fn results_of_two_runs_at_once_are_never_mixed() {
    let desk = Desk::new();
    let binary = assert_cmd::cargo::cargo_bin("cutline");
    let start = |seed: &str| {
        let mut child = Command::new(&binary)
            .current_dir(desk.path())
            .args(["run", "-", "--out", "out", "--quiet", "--seed", seed])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(SMALL.as_bytes()).expect("it reads");
        child
    };
    let both = [start("1"), start("2")];
    for child in both {
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
    }
    let file = |name: &str| std::fs::read_to_string(desk.path().join("out").join(name));
    let results = file("results.json").expect("results");
    let results: serde_json::Value = serde_json::from_str(&results).expect("they are whole");
    let seed = results["seed"].to_string();
    let alone = desk.give(&["run", "-", "--out", "alone", "--seed", &seed], SMALL);
    assert_eq!(alone.status.code(), Some(0));
    let layouts = std::fs::read_to_string(desk.path().join("alone/layouts.csv"));
    assert_eq!(file("layouts.csv").expect("a sheet"), layouts.expect("a sheet"));
}

#[test]
fn a_reader_that_leaves_early_is_no_panic() {
    let desk = Desk::new();
    let binary = assert_cmd::cargo::cargo_bin("cutline");
    let mut child = Command::new(binary)
        .current_dir(desk.path())
        .args(["run", "-", "--format", "json", "--out", "out"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(SMALL.as_bytes()).expect("it reads");
    drop(input);
    let mut said = String::new();
    let mut errors = child.stderr.take().expect("a pipe");
    errors.read_to_string(&mut said).expect("it speaks UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn nothing_of_the_surroundings_is_needed() {
    let desk = Desk::new();
    let mut command = desk.command(&["run", "-", "--out", "out"]);
    let output = command.env_clear().write_stdin(SMALL).output();
    let output = output.expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let figure = desk.path().join("out/percentiles.svg");
    let figures = std::fs::read_dir(desk.path().join("out")).expect("results");
    assert!(figures.count() > 6, "with figures, such as {}", figure.display());
}

#[test]
fn any_number_of_threads_from_one_to_a_thousand_gives_the_same_bytes() {
    let desk = Desk::new();
    let results = |threads: &str| {
        let arguments = ["run", "-", "--format", "json", "--out", "o", "--threads", threads];
        let output = desk.give(&arguments, SMALL);
        assert_eq!(output.status.code(), Some(0), "{threads}");
        output.stdout
    };
    let one = results("1");
    assert_eq!(one, results("3"));
    assert_eq!(one, results("1000"));
    for threads in ["0", "-1", "100000", "many"] {
        let flag = format!("--threads={threads}");
        assert!(complaint(&desk, &["run", "-", &flag], SMALL).contains("--threads"));
    }
}
