//! What `cutline init` writes is clean, quick, and overwrites nothing.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

use super::root;

const TEMPLATES: [&str; 5] = ["four", "minimal", "monolith", "shop", "station"];

fn program(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    command.current_dir(folder).env("COLUMNS", "90").args(arguments);
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it is text")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn each_template_is_written_with_its_schema_checks_without_a_warning_and_runs() {
    let listed = text(&program(root(), &["init", "--list"]).stdout);
    for template in TEMPLATES {
        assert!(listed.lines().any(|line| line.starts_with(template)), "{listed}");
        let folder = tempfile::tempdir().expect("a folder");
        let written = program(folder.path(), &["init", template]);
        assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
        assert_eq!(names(folder.path()), ["scenario.schema.json", "scenario.yaml"]);
        let made = std::fs::read_to_string(folder.path().join("scenario.schema.json"));
        assert_eq!(made.expect("a file"), cutline::report::scenario_schema());
        let checked = program(folder.path(), &["check", "scenario.yaml", "--format", "json"]);
        assert_eq!(checked.status.code(), Some(0), "{template}: {}", text(&checked.stdout));
        let said: serde_json::Value = serde_json::from_slice(&checked.stdout).expect("JSON");
        // That an event to another service is waited for is true of any layout with services.
        let told = said["diagnostics"].as_array().expect("a list");
        let told: Vec<_> = told.iter().filter(|it| it["code"] != "event-waited-for").collect();
        assert!(told.is_empty(), "{template}: {told:?}");
        let ran = program(folder.path(), &["run", "scenario.yaml", "--quiet"]);
        assert_eq!(ran.status.code(), Some(0), "{template}: {}", text(&ran.stderr));
        assert!(folder.path().join("output").join(template).join("results.json").is_file());
    }
}

#[test]
fn a_file_that_is_there_stays_and_so_does_a_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("scenario.yaml"), "mine").expect("a file");
    std::fs::write(file("scenario.schema.json"), "{}").expect("a file");
    let refused = program(folder.path(), &["init"]);
    assert_eq!(refused.status.code(), Some(2));
    let told = text(&refused.stderr);
    assert!(told.contains("file-exists") && told.contains("--out"), "{told}");
    let other = program(folder.path(), &["init", "station", "--out", "new/other.yaml"]);
    assert_eq!(other.status.code(), Some(0), "{}", text(&other.stderr));
    assert_eq!(names(&file("new")), ["other.yaml", "scenario.schema.json"]);
    let beside = program(folder.path(), &["init", "--out", "beside.yaml"]);
    assert!(text(&beside.stdout).contains("another version"), "{}", text(&beside.stdout));
    assert_eq!(std::fs::read_to_string(file("scenario.yaml")).expect("a file"), "mine");
    assert_eq!(std::fs::read_to_string(file("scenario.schema.json")).expect("a file"), "{}");
    for wrong in [
        &["init", "monolit"][..],
        &["init", "--out", "new"],
        &["init", "--out", "/"],
        &["init", "--out", "a/scenario.schema.json"],
    ] {
        let refused = program(folder.path(), wrong);
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
        assert!(refused.stdout.is_empty() && !refused.stderr.is_empty());
    }
    let printed = program(folder.path(), &["init", "shop", "--out", "-"]);
    assert!(text(&printed.stdout).contains("\nname: shop\n"));
    assert_eq!(
        names(folder.path()),
        ["beside.yaml", "new", "scenario.schema.json", "scenario.yaml"]
    );
}
