//! Version, target, seed and hash of the resolved scenario are in every result that somebody may hold alone.

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::Command;
use cutline::study::Provenance;
use serde_json::Value;

use super::model;

/// A bill, a database, and more load at the end of the sweep than its threads carry.
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
platform: { prices: aws-us-east-1, nodes: { class: m6i.xlarge, zones: 1 } }
run: { seed: 7, fixed: { duration: 4s, warmup: 500ms, replications: 4 } }
";

/// Standard output and every file of a command, by name.
fn results(arguments: &[&str], text: &str) -> (String, BTreeMap<String, Vec<u8>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    let command = command.current_dir(folder.path()).env("COLUMNS", "80");
    let command = command.args(arguments).args(["-", "--out", "out"]);
    let assert = command.write_stdin(text).assert().success();
    let printed = String::from_utf8(assert.get_output().stdout.clone()).expect("text");
    let read = |path: &Path| std::fs::read(path).expect("it can be read");
    let entries = std::fs::read_dir(folder.path().join("out")).expect("results");
    let files = entries.map(|entry| {
        let entry = entry.expect("a file");
        (entry.file_name().into_string().expect("a name"), read(&entry.path()))
    });
    (printed, files.collect())
}

/// What the figures of a text are from, worked out without a run.
fn expected(text: &str) -> Provenance {
    let expected = Provenance::of(&model(text));
    let digit = |letter: char| matches!(letter, '0'..='9' | 'a'..='f');
    assert!(expected.scenario_hash.len() == 16 && expected.scenario_hash.chars().all(digit));
    assert_eq!((expected.seed, expected.cutline.as_str()), (7, env!("CARGO_PKG_VERSION")));
    assert!(expected.target.starts_with(std::env::consts::ARCH));
    expected
}

/// The last four cells of the header and of every row.
fn last_cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let rows = reader.records().map(|row| {
        let cells: Vec<String> = row.expect("a row").iter().map(str::to_owned).collect();
        cells[cells.len() - 4..].to_vec()
    });
    rows.collect()
}

fn cells(from: &Provenance) -> Vec<String> {
    vec![
        from.cutline.clone(),
        from.target.clone(),
        from.seed.to_string(),
        from.scenario_hash.clone(),
    ]
}

/// Checks all but CSV, whose rows may differ; answers with the number of files of each kind.
fn check(files: &BTreeMap<String, Vec<u8>>, from: &Provenance) -> [usize; 3] {
    let Provenance { cutline, target, seed, scenario_hash } = from;
    let words = format!("cutline {cutline} for {target}, seed {seed}, scenario {scenario_hash}");
    let line = format!("cutline {cutline} · seed {seed} · scenario {}…", &scenario_hash[..8]);
    let mut kinds = [0; 3];
    for (name, bytes) in files {
        let holds = |words: &str| bytes.windows(words.len()).any(|part| part == words.as_bytes());
        match Path::new(name).extension().and_then(|kind| kind.to_str()) {
            Some("json") => {
                let document: Value = serde_json::from_slice(bytes).expect("JSON");
                assert_eq!(document["cutline"], **cutline, "{name}");
                assert_eq!(document["target"], **target, "{name}");
                assert_eq!(document["seed"], *seed, "{name}");
                assert_eq!(document["scenario_hash"], **scenario_hash, "{name}");
                kinds[0] += 1;
            }
            Some("svg") => {
                assert!(holds(&format!("<desc>{words}</desc>")) && holds(&line), "{name}");
                kinds[1] += 1;
            }
            Some("png") => {
                assert!(holds(&words), "{name}");
                kinds[2] += 1;
            }
            Some("csv") => assert_eq!(
                last_cells(bytes)[0],
                ["cutline", "target", "seed", "scenario_hash"],
                "{name}"
            ),
            _ => panic!("{name} is a kind of file that nobody looked at"),
        }
    }
    kinds
}

#[test]
fn each_written_file_of_a_run_holds_version_target_seed_and_hash() {
    let over_time = TEXT.replace(
        "fixed: { duration: 4s, warmup: 500ms, replications: 4 }",
        "until: 3s, at: [ 1s ], replications: 4",
    );
    let overloaded = TEXT.replace("poisson: 50/s", "poisson: 900/s");
    // What does not carry its load has no latency and no bill to draw.
    for (text, course, charts) in [(over_time, "moments.csv", 7), (overloaded, "backlog.csv", 2)] {
        let from = expected(&text);
        let (printed, files) = results(&["run"], &text);
        assert_eq!(check(&files, &from), [1, charts, charts]);
        assert!(files.contains_key(course) && files.contains_key("bill.csv"));
        for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
            let rows = &last_cells(bytes)[1..];
            // What does not carry its load has no bill.
            let is_unbilled = course == "backlog.csv" && name == "bill.csv";
            assert_eq!(rows.is_empty(), is_unbilled, "{name}");
            assert!(rows.iter().all(|row| *row == cells(&from)), "{name}");
        }
        let said = format!("seed 7, scenario {}", from.scenario_hash);
        assert!(printed.lines().any(|line| line.contains(&said)), "{printed}");
    }
}

#[test]
fn each_written_file_of_a_sweep_holds_them_and_each_row_those_of_its_point() {
    let (printed, files) =
        results(&["sweep", "--vary", "workload.arrivals.poisson=50/s,100/s"], TEXT);
    let from = expected(TEXT);
    assert_eq!(check(&files, &from), [1, 3, 3]);
    let points = ["50/s", "100/s"].map(|rate| expected(&TEXT.replace("50/s", rate)));
    assert_ne!(points[0], points[1]);
    let rows = last_cells(&files["sweep.csv"]);
    let [one, other] = points.map(|point| cells(&point));
    // The endpoint and all, at each of two points.
    assert_eq!(rows[1..], [one.clone(), one, other.clone(), other]);
    let said = format!("seed 7, scenario {}", from.scenario_hash);
    assert!(printed.lines().any(|line| line.contains(&said)), "{printed}");
}

#[test]
fn every_figure_of_verify_holds_the_seed_and_hash_of_the_run_that_it_is_from() {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    let command = command.args(["verify", "--case", "erlang-b-c8", "--format", "csv"]);
    let sheet = command.assert().success().get_output().stdout.clone();
    let case = cutline::verify::case("erlang-b-c8").expect("it is simulated");
    let runs = case.seeds(1).map(|seed| cells(&Provenance::of(&model(&case.text(seed)))));
    for row in &last_cells(&sheet)[1..] {
        let is_unread = row.iter().all(String::is_empty);
        assert!(is_unread || runs.contains(row), "{row:?} is of neither {runs:?}");
    }
    assert!(last_cells(&sheet)[1..].iter().any(|row| runs.contains(row)));
}
