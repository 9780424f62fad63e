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

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;

    use super::super::changed;
    use super::super::signals::{PRODUCTION, contents, end, endless, send, start, wait_for};
    use super::*;

    #[test]
    fn a_folder_that_another_run_writes_to_is_refused_and_its_owner_named() {
        let desk = Desk::new();
        let child = start(&desk, &["run", "scenario.yaml", "--out", "out"], &endless(PRODUCTION));
        let owner = format!("process {} on ", child.id());
        let lock = desk.path().join("out/.cutline.lock");
        wait_for(&lock);
        while !std::fs::read_to_string(&lock).is_ok_and(|text| text.starts_with(&owner)) {
            std::thread::yield_now();
        }
        for command in ["run", "sweep"] {
            let vary = ["--vary", "run.seed=1,2"];
            let more = if command == "run" { &[][..] } else { &vary[..] };
            let arguments = [&[command, "-", "--out", "out"], more].concat();
            let said = complaint(&desk, &arguments, SMALL);
            assert!(said.contains("error[folder-in-use]") && said.contains(&owner), "{said}");
        }
        send("-KILL", &child);
        end(child);
        let output = desk.give(&["run", "-", "--out", "out"], SMALL);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains(&owner) && said.contains("taken over"), "{said}");
        assert!(!lock.exists(), "the lock goes with the run");
    }

    #[test]
    fn a_link_in_the_place_of_a_result_is_replaced_and_not_followed() {
        let desk = Desk::new();
        std::fs::create_dir(desk.path().join("out")).expect("a folder");
        std::fs::write(desk.path().join("precious"), "mine").expect("a file");
        for link in ["results.json", "layouts.csv"] {
            symlink("../precious", desk.path().join("out").join(link)).expect("a link");
        }
        symlink("nowhere", desk.path().join("out/bill.csv")).expect("a link");
        assert_eq!(desk.give(&["run", "-", "--out", "out"], SMALL).status.code(), Some(0));
        assert_eq!(std::fs::read(desk.path().join("precious")).expect("a file"), b"mine");
        let results = desk.path().join("out/results.json");
        assert!(results.symlink_metadata().expect("it is there").is_file());
        assert_eq!(desk.written(), ["out", "precious"]);
    }

    #[test]
    fn a_link_to_a_folder_is_an_output_folder() {
        let desk = Desk::new();
        std::fs::create_dir(desk.path().join("there")).expect("a folder");
        symlink("there", desk.path().join("out")).expect("a link");
        assert_eq!(desk.give(&["run", "-", "--out", "out"], SMALL).status.code(), Some(0));
        assert!(desk.path().join("there/results.json").is_file());
    }

    /// A limit on the size of a file stands for a full disk: both end a write half-way.
    #[test]
    fn a_full_disk_leaves_the_results_that_were_there() {
        let desk = Desk::new();
        assert_eq!(desk.give(&["run", "-", "--out", "out"], SMALL).status.code(), Some(0));
        let before = contents(&desk.path().join("out"));
        std::fs::write(desk.path().join("s.yaml"), SMALL).expect("a file");
        let binary = assert_cmd::cargo::cargo_bin("cutline");
        let script = format!("ulimit -f 2; '{}' run s.yaml --seed 9 --out out", binary.display());
        let mut shell = Command::new("sh");
        let output = shell.current_dir(desk.path()).args(["-c", &script]).output();
        let output = output.expect("there is a shell");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("error: cannot write out/"), "{said}");
        assert!(output.stdout.is_empty(), "nothing is printed");
        assert_eq!(contents(&desk.path().join("out")), before);
    }

    #[test]
    fn a_full_disk_behind_standard_output_is_said() {
        if !std::path::Path::new("/dev/full").exists() {
            return;
        }
        let desk = Desk::new();
        std::fs::write(desk.path().join("s.yaml"), SMALL).expect("a file");
        for arguments in [&["check", "s.yaml"][..], &["explain", "s.yaml"], &["run", "s.yaml"]] {
            let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
            let mut command = Command::new(assert_cmd::cargo::cargo_bin("cutline"));
            let command = command.current_dir(desk.path()).args(arguments).stdout(full);
            let output = command.stderr(Stdio::piped()).output().expect("the program starts");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
            assert!(said.contains("standard output"), "{said}");
        }
    }

    #[test]
    fn a_pipe_with_a_name_is_read_like_a_file() {
        let desk = Desk::new();
        let pipe = desk.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cutline"));
        let command = command.current_dir(desk.path()).args(["run", "pipe", "--out", "out"]);
        let child =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        std::fs::write(&pipe, SMALL).expect("it reads");
        assert_eq!(end(child).0, 0);
    }

    #[test]
    fn files_without_end_beside_a_scenario_are_refused() {
        let desk = Desk::new();
        let pipe = desk.path().join("pipe.csv");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
        for file in ["/dev/zero", "pipe.csv", "."] {
            for (from, to) in [
                ("exp: 1ms", format!("empirical: {{ file: {file}, unit: ms }}")),
                ("prices: none", format!("prices: ./{file}")),
            ] {
                let said = complaint(&desk, &["run", "-"], &changed(SMALL, from, &to));
                assert!(said.contains("error[unreadable-file]"), "{file}: {said}");
            }
        }
    }

    #[test]
    fn files_and_folders_that_may_not_be_touched_are_named() {
        use std::os::unix::fs::PermissionsExt;
        let desk = Desk::new();
        let deny = |name: &str| {
            let path = desk.path().join(name);
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000))
                .expect("it is ours");
        };
        std::fs::write(desk.path().join("secret.yaml"), SMALL).expect("a file");
        std::fs::create_dir(desk.path().join("sealed")).expect("a folder");
        deny("secret.yaml");
        deny("sealed");
        if std::fs::read(desk.path().join("secret.yaml")).is_ok() {
            return; // whoever may do everything cannot be refused
        }
        assert!(complaint(&desk, &["run", "secret.yaml"], "").contains("secret.yaml"));
        assert!(complaint(&desk, &["run", "-", "--out", "sealed"], SMALL).contains("sealed"));
        assert!(complaint(&desk, &["run", "-", "--out", "sealed/x"], SMALL).contains("sealed"));
    }
}
