//! `cutline calibrate` as people run it: what it prints and leaves, and how it ends.

use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const SMALL: &str = "\
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: { exp: 1ms } ], look: [ cpu: 2ms ] } } } }
workload:
  arrivals: { poisson: 100/s }
  endpoints: { go: { share: 1, call: a.go }, look: { share: 1, call: a.look } }
layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }
platform: { network: none, prices: none, context_switch: none }
run: { fixed: { duration: 2s, replications: 2 } }
";

const MEASURED: &str = "\
case,layout,endpoint,clients,rate_per_s,mean_ms,p99_ms,note
lone,one,go,1,,2,,x
busy,one,go,4,,4.1,14,x
";

struct Bench(TempDir);

impl Bench {
    fn new(scenario: &str, measured: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("small.yaml"), scenario).expect("a file");
        std::fs::write(folder.path().join("measured.csv"), measured).expect("a file");
        Bench(folder)
    }

    fn calibrate(&self, columns: &str, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("cutline").expect("the binary is built");
        command.current_dir(self.0.path()).env("COLUMNS", columns);
        command.args(["calibrate", "small.yaml", "--measured", "measured.csv", "--out", "out"]);
        let output = command.args(arguments).output().expect("the program starts");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(!complaint.contains("panicked"), "{complaint}");
        output
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn it_prints_tables_and_leaves_json_and_csv() {
    let bench = Bench::new(SMALL, MEASURED.as_bytes());
    let output = bench.calibrate("80", &[]);
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    assert_eq!(
        complaint.matches("warning[ignored-column]: `note` is not read").count(),
        1,
        "{complaint}"
    );
    let printed = text(&output.stdout);
    assert!(printed.lines().all(|line| line.chars().count() <= 80), "{printed}");
    for part in [
        "Unknown costs",
        "Lone clients, fitted",
        "Predictions, nothing fitted",
        "What to write into the scenario",
        "application.modules.a.operations.go.0.cpu\n    = exp(",
        ", before exp(1ms)",
    ] {
        assert!(printed.contains(part), "{part} is not in:\n{printed}");
    }
    assert!(!printed.contains('\u{1b}'), "no colours off a terminal");
    let read =
        |name: &str| std::fs::read(bench.0.path().join("out").join(name)).expect("it is written");
    let found: Value = serde_json::from_slice(&read("calibration.json")).expect("JSON");
    assert_eq!(found["unknowns"][0]["path"], "application.modules.a.operations.go");
    assert_eq!(found["measured"], "measured.csv");
    let sheet = text(&read("calibration.csv"));
    assert!(sheet.starts_with("kind,name,layout,"), "{sheet}");
    // One unknown and its value, one lone figure, two predicted ones, and the header.
    assert_eq!(sheet.lines().count(), 6, "{sheet}");
    let json = bench.calibrate("80", &["--format", "json", "--threads", "1"]);
    assert_eq!(json.stdout, read("calibration.json"));
    let csv = bench.calibrate("80", &["--format", "csv"]);
    assert_eq!(csv.stdout, read("calibration.csv"));
    assert!(text(&bench.calibrate("80", &["--format", "md"]).stdout).contains("| mean of |"));
    assert!(bench.calibrate("80", &["--quiet"]).stdout.is_empty());
}

/// What is complained about, with this code; nothing is printed and nothing written.
fn refused(scenario: &str, measured: &[u8], arguments: &[&str], code: &str) -> String {
    let bench = Bench::new(scenario, measured);
    let output = bench.calibrate("100", arguments);
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {complaint}");
    assert!(complaint.contains(&format!("error[{code}]")), "{code} is not in: {complaint}");
    assert!(output.stdout.is_empty(), "nothing is printed");
    assert!(!bench.0.path().join("out").exists(), "nothing is written");
    complaint
}

#[test]
fn a_mistake_in_the_file_is_drawn_with_its_place() {
    let complaint =
        refused(SMALL, MEASURED.replace("lone,one", "lone,two").as_bytes(), &[], "unknown-layout");
    assert!(
        complaint.contains("measured.csv:2:6") && complaint.contains("one of `one`"),
        "{complaint}"
    );
    let complaint =
        refused(SMALL, MEASURED.replace("4.1,14", "4.1,fast").as_bytes(), &[], "bad-measurement");
    assert!(
        complaint.contains("busy,one,go,4,,4.1,fast,x") && complaint.contains("^^^^"),
        "{complaint}"
    );
    let contrary = MEASURED.replace("rate_per_s", "throughput_per_s");
    let contrary = contrary.replace("go,4,,", "go,4,2000,");
    let complaint = refused(SMALL, contrary.as_bytes(), &[], "contradiction");
    assert!(complaint.contains("Little's law"), "{complaint}");
}

#[test]
fn what_cannot_be_fitted_is_told_with_the_rows_that_pull_against_each_other() {
    let rows = format!("{MEASURED}again,one,go,1,,9,,x\n")
        .replace("mean_ms,p99_ms,note", "mean_ms,p99_ms,set");
    let rows =
        rows.replace(",x", ",").replace("again,one,go,1,,9,,", "again,one,go,1,,9,,run.seed=3");
    let complaint = refused(SMALL, rows.as_bytes(), &[], "unfitted");
    assert!(
        complaint.contains("measured.csv:4:1") && complaint.contains("pulls the other way"),
        "{complaint}"
    );
    assert!(complaint.contains("lone,one,go,1"), "{complaint}");
}

#[test]
fn flags_and_scenarios_that_do_not_fit_are_refused() {
    let measured = MEASURED.as_bytes();
    refused(SMALL, measured, &["--fit", "databases.main"], "unknown-cost");
    for error in ["0%", "90%", "3", "x"] {
        refused(SMALL, measured, &["--error", error], "bad-flag");
    }
    let until =
        SMALL.replace("run: { fixed: { duration: 2s, replications: 2 } }", "run: { until: 5s }");
    let complaint = refused(&until, measured, &[], "conflict");
    assert!(complaint.contains("steady state"), "{complaint}");
    let several = SMALL.replace(
        "layouts: { one:",
        "layouts: { other: { services: { a: { cpu: 1, threads: 4 } } }, one:",
    );
    refused(&several, measured, &["--layout", "other"], "no-lone-client");
    let bench = Bench::new(SMALL, measured);
    let output = bench.calibrate("100", &["--measured", "nowhere.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    command.current_dir(bench.0.path());
    let missing = command.args(["calibrate", "small.yaml", "--measured", "nowhere.csv"]).output();
    let missing = missing.expect("the program starts");
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("cannot read nowhere.csv"), "{}", text(&missing.stderr));
}
