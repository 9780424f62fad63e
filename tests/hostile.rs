//! Hostile and unlucky input through the program as people run it. *Refused* means: a diagnostic with its
//! code and place on standard error, exit code 2, nothing on standard output, nothing written.

mod list;
mod load;
mod meaning;
mod measured;
mod misleading;
mod names;
mod over_time;
#[cfg(unix)]
mod planted;
mod processes;
mod report;
mod resume;
#[cfg(unix)]
mod signals;
mod size;
mod text;
mod values;

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

/// One operation on one service, the least that runs.
const SMALL: &str = "\
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: { exp: 1ms } ] } } } }
workload:
  arrivals: { poisson: 100/s }
  endpoints: { go: { call: a.go } }
layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }
platform: { network: none, prices: none, context_switch: none }
run: { fixed: { duration: 2s, replications: 2 }, limits: { frames: 10000, events: 1000000 } }
";

/// Two modules with a table each, on one database.
const TABLES: &str = "\
cutline: 1
name: tables
application:
  modules:
    a:
      tables: { one: { rows: 1000, row_size: 100B } }
      operations: { go: [ read: one, call: b.go ] }
    b:
      tables: { two: { rows: 1000, row_size: 100B } }
      operations: { go: [ transaction: { name: both, do: [ write: two, write: a.one ] } ] }
workload:
  arrivals: { poisson: 50/s }
  endpoints:
    go: { share: 100, call: a.go }
layouts:
  one:
    services: { all: { modules: all, cpu: 2, threads: 16 } }
    databases: { db: { tables: all, class: db.m6i.large, pool: 10 } }
platform: { nodes: { class: m6i.xlarge, zones: 1 } }
run: { fixed: { duration: 2s, replications: 2 } }
";

/// A text with `from`, which is there once, replaced.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} is there once");
    text.replace(from, to)
}

/// The program in a folder of its own, with a clock that ends what hangs.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("cutline").expect("the binary is built");
        command.current_dir(self.path()).args(arguments);
        command.timeout(Duration::from_secs(300));
        command
    }

    /// Runs the arguments with the text on standard input. Whatever happens, it is no panic.
    fn give(&self, arguments: &[&str], text: impl Into<Vec<u8>>) -> Output {
        let output = self.command(arguments).write_stdin(text).output();
        let output = output.expect("the program starts");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(!complaint.contains("panicked"), "{complaint}");
        assert!(output.status.code().is_some(), "killed: {complaint}");
        output
    }

    /// Names of what was written, sorted.
    fn written(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path())
            .expect("the folder can be listed")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into())
            .collect();
        names.sort();
        names
    }
}

/// What is complained about when the text is run; it is refused with `code`.
fn refused(text: impl Into<Vec<u8>>, code: &str) -> String {
    refused_with(&["run", "-"], text, code)
}

/// The same with other arguments.
fn refused_with(arguments: &[&str], text: impl Into<Vec<u8>>, code: &str) -> String {
    let desk = Desk::new();
    let output = desk.give(arguments, text);
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {complaint}");
    let marked = format!("error[{code}]");
    assert!(complaint.contains(&marked), "{marked} not in: {complaint}");
    assert!(output.stdout.is_empty(), "nothing is printed");
    assert_eq!(desk.written(), [""; 0], "nothing is written");
    complaint
}

/// results.json of a text that runs.
fn accepted(text: impl Into<Vec<u8>>) -> serde_json::Value {
    let output = Desk::new().give(&["run", "-", "--format", "json", "--out", "out"], text);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    serde_json::from_slice(&output.stdout).expect("results are JSON")
}
