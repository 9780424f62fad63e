//! What comes out where: no folder, no charts, files of one's own choice, several studies in one document, and figures as
//! they read.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const TEXT: &str = "
cutline: 1
name: two
application: { modules: { a: { operations: { go: [ cpu: { exp: 3ms } ], far: [ wait: 100ms ] } } } }
workload:
  arrivals: { poisson: 100/s }
  endpoints: { go: { share: 95, call: a.go }, far: { share: 5, call: a.far } }
layouts:
  one: { services: { all: { modules: all, cpu: 1, threads: 20 } } }
  two: { services: { all: { modules: all, cpu: 2, threads: 20 } } }
platform: { network: none, prices: none }
run: { seed: 5, fixed: { duration: 3s, warmup: 1s, replications: 3 } }
studies:
  load: { sweep: { workload.arrivals.poisson: [ 50/s, 120/min ] } }
  mixed: { sweep: { layouts.one.services.all.threads: [ 20, async ] } }
";

fn cutline(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    let command = command.current_dir(folder).env("COLUMNS", "110").args(arguments);
    command.write_stdin(TEXT).output().expect("the program starts")
}

/// What it prints when all is well.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = cutline(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

/// What it says when it refuses.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = cutline(folder, arguments);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    String::from_utf8(output.stderr).expect("text")
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

/// Rows of a sheet by the names of their columns.
fn rows(text: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text);
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn nothing_is_written_but_the_files_that_were_asked_for() {
    let desk = tempfile::tempdir().expect("a folder");
    let plain = ["run", "-", "--out", "none"];
    let told = printed(desk.path(), &plain);
    assert!(told.starts_with("Layouts\n") && contents(desk.path()).is_empty(), "{told}");
    let exports = ["--export-json", "r.json", "--export-csv", "r.csv", "--export-markdown", "r.md"];
    let quiet = printed(desk.path(), &[&plain[..], &exports, &["--quiet"]].concat());
    assert_eq!(quiet, "");
    let files = contents(desk.path());
    assert_eq!(files.keys().collect::<Vec<_>>(), ["r.csv", "r.json", "r.md"]);
    for (format, file) in [("json", "r.json"), ("csv", "r.csv"), ("md", "r.md")] {
        let told = printed(desk.path(), &[&plain[..], &["--format", format]].concat());
        assert!(told.as_bytes() == files[file], "{file}");
    }
}

#[test]
fn a_file_that_could_not_be_written_is_refused_before_anything_is_simulated() {
    let desk = tempfile::tempdir().expect("a folder");
    let export = |file: &str| {
        refused(desk.path(), &["run", "-", "--export-json", file, "--duration", "1000h"])
    };
    assert!(export("not/there.json").contains("its folder is not there"));
    assert!(export(".").contains("is a folder; give the name of a file"));
    assert!(contents(desk.path()).is_empty());
}

#[test]
fn charts_are_left_out_where_they_are_not_wanted_and_drawn_later() {
    let desk = tempfile::tempdir().expect("a folder");
    printed(desk.path(), &["run", "-", "--out", "plain", "--no-charts"]);
    printed(desk.path(), &["run", "-", "--out", "drawn"]);
    let [plain, drawn] = ["plain", "drawn"].map(|name| contents(&desk.path().join(name)));
    let is_chart = |name: &str| name.ends_with(".svg") || name.ends_with(".png");
    assert!(!plain.keys().any(|name| is_chart(name)));
    let others = drawn.iter().filter(|(name, _)| !is_chart(name));
    assert_eq!(plain, others.map(|(name, bytes)| (name.clone(), bytes.clone())).collect());
    printed(desk.path(), &["report", "plain", "--no-charts"]);
    assert!(contents(&desk.path().join("plain")) == plain);
    let told = printed(desk.path(), &["report", "plain", "--out", "none"]);
    assert!(told.starts_with("Layouts\n") && contents(&desk.path().join("plain")) == plain);
    printed(desk.path(), &["report", "plain"]);
    assert!(contents(&desk.path().join("plain")) == drawn);
}

#[test]
fn several_studies_are_one_document_under_the_names_of_their_files() {
    let desk = tempfile::tempdir().expect("a folder");
    let text = printed(desk.path(), &["sweep", "-", "--out", "out", "--format", "json"]);
    let whole: Value = serde_json::from_str(&text).expect("one document");
    let names: Vec<&String> = whole.as_object().expect("by name").keys().collect();
    assert_eq!(names, ["sweep-load", "sweep-mixed"]);
    let files = contents(&desk.path().join("out"));
    for name in names {
        let own: Value = serde_json::from_slice(&files[&format!("{name}.json")]).expect("JSON");
        assert_eq!(whole[name], own);
    }
    printed(desk.path(), &["run", "-", "--out", "out", "--no-charts"]);
    let text = printed(desk.path(), &["report", "out", "--out", "none", "--format", "json"]);
    let whole: Value = serde_json::from_str(&text).expect("one document");
    assert_eq!(whole.as_object().map(serde_json::Map::len), Some(3));
    assert_eq!(whole["results"]["scenario"], "two");
}

#[test]
fn a_sweep_without_a_folder_is_whole_and_cannot_be_gone_on_with() {
    let desk = tempfile::tempdir().expect("a folder");
    let none = ["sweep", "-", "--vary", "workload.arrivals.poisson=50/s,80/s", "--out", "none"];
    let told = printed(desk.path(), &none);
    assert!(told.starts_with("Sweep\n") && contents(desk.path()).is_empty(), "{told}");
    for flag in [&["--resume"][..], &["--shard", "1/2"]] {
        let said = refused(desk.path(), &[&none[..], flag].concat());
        assert!(said.contains(flag[0]) && said.contains("give --out a folder"), "{said}");
    }
}

#[test]
fn swept_values_are_numbers_with_a_unit_and_sums_are_told_apart() {
    let desk = tempfile::tempdir().expect("a folder");
    printed(desk.path(), &["sweep", "-", "--out", "out", "--no-charts"]);
    let files = contents(&desk.path().join("out"));
    let load = rows(&files["sweep-load.csv"]);
    let path = "workload.arrivals.poisson";
    let of = |row: &BTreeMap<String, String>, name: &str| row[name].clone();
    let swept: Vec<(String, String)> =
        load.iter().map(|row| (of(row, path), of(row, &format!("{path} unit")))).collect();
    assert_eq!(swept[0], ("50".to_string(), "1/s".to_string()));
    assert_eq!(swept[swept.len() - 1], ("2".to_string(), "1/s".to_string()));
    let path = "layouts.one.services.all.threads";
    let mixed = rows(&files["sweep-mixed.csv"]);
    let ends = [&mixed[0], &mixed[mixed.len() - 1]];
    assert_eq!(ends.map(|row| of(row, path)), ["20", "async"]);
    assert_eq!(ends.map(|row| of(row, &format!("{path} unit"))), ["", ""]);
    // Without the rows that sum up others, requests are counted once.
    let ok = |is_sum: &str| -> u64 {
        let own = load.iter().filter(|row| row["is_sum"] == is_sum);
        own.map(|row| row["ok"].parse::<u64>().expect("a count")).sum()
    };
    assert!(load.iter().all(|row| (row["is_sum"] == "true") == (row["endpoint"] == "all")));
    assert!(ok("true") > 0 && ok("true") == ok("false"));
}

/// Digits of a written number that count.
fn digits(number: &str) -> usize {
    let mantissa = number.split(['e', 'E']).next().unwrap_or(number);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

#[test]
fn no_figure_shows_the_hair_by_which_a_double_is_off() {
    let desk = tempfile::tempdir().expect("a folder");
    printed(desk.path(), &["run", "-", "--out", "out", "--no-charts"]);
    printed(desk.path(), &["sweep", "-", "--out", "out", "--no-charts"]);
    let mut longest = 0;
    for (name, bytes) in contents(&desk.path().join("out")) {
        let most = if name.ends_with(".csv") { 12 } else { 15 };
        let text = String::from_utf8(bytes).expect("text");
        for word in text.split([',', ' ', '[', ']', '\n', ':']) {
            let is_number = word.contains('.') && word.parse::<f64>().is_ok();
            if is_number {
                assert!(digits(word) <= most, "{name}: {word}");
                longest = longest.max(digits(word));
            }
        }
    }
    assert!(longest > 11, "{longest}");
}

#[test]
fn a_word_in_the_place_of_a_number_is_told_what_belongs_there() {
    let desk = tempfile::tempdir().expect("a folder");
    for (command, flag, value, takes, example) in [
        ("run", "--replications", "two", "a whole number of replications", "--replications 10"),
        ("run", "--seed", "abc", "a whole number from 0 on", "--seed 42"),
        ("sweep", "--threads", "0", "a whole number from 1 to 1024", "--threads 4"),
        ("compare", "--seed", "1.5", "a whole number from 0 on", "--seed 42"),
    ] {
        let said = refused(desk.path(), &[command, "-", flag, value]);
        let first = format!("error[bad-flag]: {flag} takes {takes}; found `{value}`");
        assert!(said.starts_with(&first), "{said}");
        assert!(said.contains(&format!("write it like `{example}`")), "{said}");
        assert!(said.contains(&format!("{flag}:1:1")), "{said}");
    }
}

#[test]
fn layouts_are_listed_wherever_some_can_be_chosen() {
    let desk = tempfile::tempdir().expect("a folder");
    for command in ["check", "run", "sweep"] {
        assert_eq!(printed(desk.path(), &[command, "-", "--list-layouts"]), "one\ntwo\n");
    }
    assert!(contents(desk.path()).is_empty());
}
