//! The page about pipelines: its workflow stops where a promise is broken, and nowhere else.

use std::path::Path;

use assert_cmd::Command;

use super::commands::words;
use super::{blocks_of, page};

const PAGE: &str = "docs/ci.md";

/// The lines of the workflow that run cutline.
fn steps() -> Vec<String> {
    let blocks = blocks_of(PAGE, "yml");
    let [workflow] = &blocks[..] else { panic!("one workflow, not {}", blocks.len()) };
    let commands = workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: cutline "));
    commands.map(str::to_string).collect()
}

fn code(folder: &Path, arguments: &[String], edits: &[&str]) -> Option<i32> {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    command.current_dir(folder).env("CI", "true").args(arguments).args(edits);
    command.output().expect("the program starts").status.code()
}

#[test]
fn the_workflow_stops_at_a_mistake_and_at_a_broken_promise_and_keeps_what_was_found() {
    let steps = steps();
    assert_eq!(steps.len(), 2, "{steps:?}");
    let [check, run] = [0, 1].map(|step| words(&steps[step]));
    assert!(check[0] == "check" && run[0] == "run", "{steps:?}");
    let desk = tempfile::tempdir().expect("a folder");
    let init = ["init".to_string(), "shop".to_string()];
    assert_eq!(code(desk.path(), &init, &[]), Some(0));
    assert_eq!(code(desk.path(), &check, &[]), Some(0), "nothing is wrong");
    assert_eq!(code(desk.path(), &check, &["--set", "workload.arrivals.poisson=x"]), Some(2));
    let short = ["--duration", "300ms", "--replications", "2"];
    let broken = [&short[..], &["--set", "slo={ all: { mean: 1us } }"]].concat();
    assert_eq!(code(desk.path(), &run, &broken), Some(3), "a promise is broken");
    // The steps behind it find these, although it failed.
    let summary = std::fs::read_to_string(desk.path().join("summary.md")).expect("it is written");
    assert!(summary.contains("NOT kept"), "{summary}");
    assert!(desk.path().join("results/results.json").is_file());
    let kept = [&short[..], &["--set", "slo={ all: { mean: 1h } }"]].concat();
    assert_eq!(code(desk.path(), &run, &kept), Some(0), "all are kept");
}

#[test]
fn the_workflow_reads_as_yaml_and_uses_the_files_that_its_steps_write() {
    let [workflow] = &blocks_of(PAGE, "yml")[..] else { panic!("one workflow") };
    let refused = cutline::scenario::Document::parse(workflow, "workflow").err();
    let told = refused.map_or(String::new(), |refused| refused.to_string());
    assert!(!told.contains("error[syntax]"), "{told}");
    let run = &steps()[1];
    for (file, again) in [("summary.md", "cat summary.md"), ("results", "path: results }")] {
        assert!(run.contains(file) && workflow.contains(again), "{file}");
    }
    assert!(page(PAGE).contains("exit code"));
}
