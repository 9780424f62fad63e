//! Two runs beside each other, saved and simulated.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const SMALL: &str = "\
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: exp(5ms) ] } } } }
workload: { arrivals: { poisson: 100/s }, endpoints: { go: { call: a.go } } }
layouts: { one: { services: { a: { cpu: 1, threads: 8 } } } }
platform: { network: none, prices: none }
run: { fixed: { duration: 20s, replications: 5 } }
";

fn program(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    command.current_dir(folder).env("COLUMNS", "80").args(arguments);
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it is text")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("small.yaml"), SMALL).expect("a file");
    folder
}

#[test]
fn a_saved_run_is_paired_with_the_same_scenario_simulated_again() {
    let folder = folder();
    let ran = program(folder.path(), &["run", "small.yaml", "--out", "before", "--quiet"]);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    let same = program(folder.path(), &["compare", "before", "small.yaml", "--format", "json"]);
    assert_eq!(same.status.code(), Some(0), "{}", text(&same.stderr));
    let document: Value = serde_json::from_slice(&same.stdout).expect("JSON");
    let layout = &document["layouts"][0];
    assert_eq!(layout["paired"], true, "{layout}");
    let metrics = layout["metrics"].as_array().expect("a list");
    assert!(
        metrics.len() >= 6 && metrics.iter().all(|metric| metric["difference"]["value"] == 0.0)
    );
    let slower = ["compare", "small.yaml", "--set-b", "layouts.one.services.a.speed=0.8"];
    let told = text(&program(folder.path(), &slower).stdout);
    assert!(told.contains("B is higher") && told.contains("paired: the same requests"), "{told}");
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let other = ["compare", "before", "small.yaml", "--format", "csv"];
    let sheet = text(&program(folder.path(), &other).stdout);
    assert!(sheet.starts_with("layout_a,layout_b,metric,a,b,difference,"), "{sheet}");
}

#[test]
fn other_random_numbers_are_said_to_be_unpaired() {
    let folder = folder();
    let told = program(folder.path(), &["compare", "small.yaml", "--set-b", "run.seed=7"]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    let told = text(&told.stdout);
    assert!(told.contains("unpaired") && told.contains("seeds are 42 and 7"), "{told}");
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_way_on() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    std::fs::create_dir(folder.path().join("torn")).expect("a folder");
    std::fs::write(folder.path().join("torn/results.json"), "{ \"format\": 2").expect("a file");
    std::fs::write(
        folder.path().join("other.yaml"),
        SMALL.replace("{ one: {", "{ x: { services: { a: {} } }, y: {"),
    )
    .expect("a file");
    for (arguments, part) in [
        (&["compare", "small.yaml"][..], "--set-b"),
        (&["compare", "small.yaml", "one", "two"], "compared by `cutline run FILE`"),
        (&["compare", "small.yaml", "--duration", "9s"], "write `--set run.fixed.duration=60s`"),
        (&["compare", "empty", "small.yaml"], "results.json"),
        (&["compare", "torn", "small.yaml"], "results.json:1:"),
        (&["compare", "empty", "small.yaml", "--seed", "1"], "cannot be edited"),
        (&["compare", "nowhere", "small.yaml"], "cannot read nowhere"),
        (&["compare", "small.yaml", "other.yaml"], "no layout stands in both"),
        (&["compare", "small.yaml", "--set-b", "run.sead=1"], "did you mean"),
    ] {
        let refused = program(folder.path(), arguments);
        let told = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(part) && refused.stdout.is_empty(), "{arguments:?}: {told}");
    }
}
