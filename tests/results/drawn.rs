//! `cutline report`: the files of a run and of a sweep, drawn again from what was saved of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// A bill, a database, and a promise that a sweep breaks.
const TEXT: &str = "
cutline: 1
name: counter
application:
  modules:
    desk:
      tables: { tickets: { rows: 1000, row_size: 100B } }
      operations: { sell: [ cpu: { exp: 4ms }, write: tickets ] }
workload: { arrivals: { poisson: 50/s }, endpoints: { sell: { call: desk.sell } } }
layouts:
  one:
    services: { all: { modules: all, cpu: 1, memory: 1GiB, threads: 16 } }
    databases: { db: { tables: all, class: db.m6i.large, storage: { gp3: 20GiB }, pool: 10 } }
  two: { extends: one, services: { all: { cpu: 2 } } }
platform: { prices: aws-us-east-1, nodes: { class: m6i.xlarge, zones: 1 } }
run: { seed: 7, fixed: { duration: 2s, warmup: 500ms, replications: 3 } }
slo: { sell: { p99: 1ms } }
";

/// Less load than one core carries, and more.
const VARY: [&str; 2] = ["--vary", "workload.arrivals.poisson=50/s,900/s"];

fn cutline(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    let command = command.current_dir(folder).env("COLUMNS", "100").args(arguments);
    command.write_stdin(TEXT).output().expect("the program starts")
}

/// What it prints when it ends with this code.
fn printed(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = cutline(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let file = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(path).expect("a file"))
    };
    entries.map(file).collect()
}

/// A folder `out` with a run of the shop and two sweeps of it.
fn desk() -> (TempDir, BTreeMap<String, Vec<u8>>) {
    let desk = tempfile::tempdir().expect("a folder");
    let there = ["-", "--out", "out", "--quiet"];
    printed(desk.path(), &[&["run"], &there[..]].concat(), 3);
    printed(desk.path(), &[&["sweep"], &there[..], &VARY].concat(), 0);
    let before = contents(&desk.path().join("out"));
    let kinds = |kind: &str| before.keys().filter(|name| name.ends_with(kind)).count();
    assert!(kinds(".json") == 2 && kinds(".csv") >= 5 && kinds(".svg") >= 9 && kinds(".png") >= 9);
    (desk, before)
}

#[test]
fn every_file_is_drawn_again_to_the_same_bytes_in_place_and_elsewhere() {
    let (desk, before) = desk();
    let out = desk.path().join("out");
    for name in before.keys().filter(|name| !name.ends_with(".json")) {
        std::fs::remove_file(out.join(name)).expect("it is there");
    }
    printed(desk.path(), &["report", "out", "--out", "a/copy"], 0);
    assert_eq!(contents(&out).len(), 2, "the saved results alone are left alone");
    assert!(contents(&desk.path().join("a/copy")) == before, "elsewhere");
    printed(desk.path(), &["report", "out"], 0);
    assert!(contents(&out) == before, "in place");
}

#[test]
fn what_is_printed_is_what_the_run_and_the_sweep_have_printed() {
    let desk = tempfile::tempdir().expect("a folder");
    let there = ["-", "--out", "out"];
    let formats = [&[][..], &["--verbose", "--format", "md"], &["--format", "csv"]];
    for format in formats {
        // The promise that is not kept is the run's, and no failure of the report.
        let run = printed(desk.path(), &[&["run"], &there[..], format].concat(), 3);
        let sweep = printed(desk.path(), &[&["sweep"], &there[..], &VARY, format].concat(), 0);
        let again = printed(desk.path(), &[&["report", "out"], format].concat(), 0);
        assert_eq!(again, run + &sweep, "{format:?}");
    }
    assert_eq!(printed(desk.path(), &["report", "out", "--quiet"], 0), "");
    let coloured = printed(desk.path(), &["report", "out", "--color", "always"], 0);
    assert!(coloured.contains("\u{1b}["));
}
