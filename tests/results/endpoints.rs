//! `--endpoint`: tables, charts and sheets of some endpoints, and the same again from what was saved.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

/// Two endpoints, a frequent one and a rare, slow one with a name that no file can have. A full queue turns some
/// away where the load is high.
const TEXT: &str = "
cutline: 1
name: two
application:
  modules:
    a: { operations: { go: [ cpu: { exp: 1ms } ], far: [ cpu: { exp: 1ms }, wait: 100ms ] } }
workload:
  arrivals: { poisson: 200/s }
  endpoints: { go: { share: 95, call: a.go }, 'far/off ü': { share: 5, call: a.far } }
layouts:
  one: { services: { all: { modules: all, cpu: 1, threads: 20, queue: 20 } } }
  two: { services: { all: { modules: all, cpu: 2, threads: 20, queue: 20 } } }
platform: { network: none, prices: none }
run: { seed: 5, fixed: { duration: 6s, warmup: 1s, replications: 3 } }
";

const FAR: &str = "far/off ü";
const VARY: [&str; 2] = ["--vary", "workload.arrivals.poisson=50/s,1500/s"];
const UNTIL: [&str; 2] = ["--set", "run={ until: 6s, window: 2s, replications: 3, seed: 5 }"];

fn cutline(folder: &Path, arguments: &[&str], text: &str) -> Output {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    let command = command.current_dir(folder).env("COLUMNS", "110").args(arguments);
    command.write_stdin(text).output().expect("the program starts")
}

/// What it prints when all is well.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = cutline(folder, arguments, TEXT);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
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

/// Names of the SVG files without the ending.
fn charts(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    files.keys().filter_map(|name| name.strip_suffix(".svg")).collect()
}

fn title(files: &BTreeMap<String, Vec<u8>>, chart: &str) -> String {
    let svg = String::from_utf8_lossy(&files[&format!("{chart}.svg")]).into_owned();
    let (_, rest) = svg.split_once("<title>").expect("a title");
    rest.split_once("</title>").expect("its end").0.to_string()
}

/// Rows of a sheet as lists of cells.
fn rows(files: &BTreeMap<String, Vec<u8>>, sheet: &str) -> Vec<Vec<String>> {
    let bytes = &files[sheet][..];
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let cells = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    reader.records().map(|row| cells(row.expect("a row"))).collect()
}

#[test]
fn a_run_tells_of_the_endpoints_that_are_asked_for_and_saves_all() {
    let desk = tempfile::tempdir().expect("a folder");
    let plain = printed(desk.path(), &["run", "-", "--out", "all"]);
    let one = printed(desk.path(), &["run", "-", "--out", "one", "--endpoint", "go"]);
    let each = printed(desk.path(), &["run", "-", "--out", "each", "--endpoint", "each"]);
    assert!(plain.contains("all endpoints") && !one.contains("│ all endpoints"), "{one}");
    assert!(one.contains("Layouts: go") && one.contains("Differences of go"), "{one}");
    assert!(one.contains("mean of go)") && !one.contains(&format!("Layouts: {FAR}")), "{one}");
    assert!(each.contains("Layouts: go") && each.contains(&format!("Layouts: {FAR}")), "{each}");
    let told = one;
    let [all, one, each] = ["all", "one", "each"].map(|name| contents(&desk.path().join(name)));
    assert!(all["results.json"] == one["results.json"], "what is saved is whole");
    assert!(all["results.json"] == each["results.json"], "what is saved is whole");
    // Three figures speak of endpoints, that of utilisation of layouts as a whole; nothing has a price to draw.
    assert_eq!(charts(&all).len(), 3 + 1);
    assert_eq!((charts(&one).len(), charts(&each).len()), (3 + 1, 3 * 2 + 1));
    let fastest = title(&one, "latency-percentiles.go");
    let said = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(fastest.contains(" at p99 of go") && said.contains(&fastest), "{fastest}: {said}");
    let far = charts(&each).into_iter().find(|name| name.starts_with("attribution.faroffü~"));
    let far = far.expect("a name that a file can have");
    let most = title(&each, far);
    assert!(most.starts_with("The largest part of the time of ") && most.contains(FAR), "{most}");
    assert!(each[&format!("{far}.png")].starts_with(b"\x89PNG"));
    let endpoints = |files| -> Vec<String> {
        rows(files, "layouts.csv")[1..].iter().map(|row| row[1].clone()).collect()
    };
    assert_eq!(endpoints(&all), ["go", FAR, "all", "go", FAR, "all"]);
    assert_eq!(endpoints(&one), ["go", "go"]);
    assert_eq!(endpoints(&each), ["go", FAR, "go", FAR]);
}

#[test]
fn windows_are_told_of_the_endpoints_that_are_asked_for() {
    let desk = tempfile::tempdir().expect("a folder");
    let run = |out: &str, more: &[&str]| {
        let text = printed(desk.path(), &[&["run", "-", "--out", out], &UNTIL[..], more].concat());
        (text, contents(&desk.path().join(out)))
    };
    let (plain, all) = run("all", &[]);
    let (far, one) = run("one", &["--endpoint", FAR]);
    assert!(plain.contains("one over time\n") && far.contains(&format!("one over time: {FAR}\n")));
    let head = &rows(&all, "windows.csv")[0];
    assert!(head[1] == "from_seconds" && rows(&one, "windows.csv")[0][1] == "endpoint");
    assert_eq!((rows(&all, "windows.csv").len(), rows(&one, "windows.csv").len()), (7, 7));
    let chart = charts(&one).into_iter().find(|name| name.starts_with("over-time."));
    let worst = title(&one, chart.expect("it is drawn"));
    assert!(worst.contains(&format!("of {FAR} in a window reaches ")), "{worst}");
    let results: Value = serde_json::from_slice(&all["results.json"]).expect("JSON");
    let offered = |window: &Value| window["offered_per_second"]["value"].as_f64().expect("a rate");
    for window in results["layouts"]["one"]["windows"].as_array().expect("windows") {
        let endpoints = &window["endpoints"];
        let sum = offered(&endpoints["go"]) + offered(&endpoints[FAR]);
        assert!((sum - offered(window)).abs() < 1e-6, "{window}");
        assert!(offered(&endpoints["go"]) > 5.0 * offered(&endpoints[FAR]));
    }
}

#[test]
fn a_sweep_draws_throughput_and_errors_of_whom_is_asked_for() {
    let desk = tempfile::tempdir().expect("a folder");
    let sweep = |out: &str, more: &[&str]| {
        let text = printed(desk.path(), &[&["sweep", "-", "--out", out], &VARY[..], more].concat());
        (text, contents(&desk.path().join(out)))
    };
    let (plain, all) = sweep("all", &[]);
    assert!(plain.starts_with("Sweep\n"), "{plain}");
    assert_eq!(charts(&all), ["sweep-p99"], "nothing has a price to draw");
    let svg = String::from_utf8_lossy(&all["sweep-p99.svg"]);
    assert!(svg.contains("requests that come") && svg.contains("good answers"), "{svg}");
    assert!(svg.contains("share of errors"), "{svg}");
    // The title is what stands under the table.
    let told = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(&format!("{}.", title(&all, "sweep-p99"))), "{plain}");
    let (text, one) = sweep("one", &["--endpoint", "go", "--endpoint", "all"]);
    assert!(text.contains("Sweep: go\n") && text.contains("Sweep\n"), "{text}");
    assert_eq!(charts(&one), ["sweep-p99.go", "sweep-p99"]);
    let svg = String::from_utf8_lossy(&one["sweep-p99.go.svg"]);
    assert!(svg.contains("p99 of go") && svg.contains("share of errors"), "{svg}");
    assert!(all["sweep.json"] == one["sweep.json"] && all["sweep-p99.png"] == one["sweep-p99.png"]);
    assert_eq!(rows(&one, "sweep.csv").len(), 1 + 2 * 2 * 2);
    // Where nothing fails there is nothing to draw of errors.
    let calm = ["sweep", "-", "--out", "calm", "--vary", "workload.arrivals.poisson=20/s,50/s"];
    printed(desk.path(), &calm);
    let calm = contents(&desk.path().join("calm"));
    assert!(!String::from_utf8_lossy(&calm["sweep-p99.svg"]).contains("share of errors"));
}

#[test]
fn a_report_tells_of_the_same_endpoints_to_the_same_bytes() {
    let desk = tempfile::tempdir().expect("a folder");
    let asked = ["--endpoint", FAR, "--endpoint", "go"];
    let there = ["-", "--out", "out"];
    let run = printed(desk.path(), &[&["run"], &there[..], &asked, &UNTIL].concat());
    let sweep = printed(desk.path(), &[&["sweep"], &there[..], &asked, &VARY].concat());
    let before = contents(&desk.path().join("out"));
    let report = [&["report", "out", "--out", "again"], &asked[..]].concat();
    assert_eq!(printed(desk.path(), &report), run + &sweep);
    assert!(contents(&desk.path().join("again")) == before);
}

#[test]
fn an_endpoint_that_nobody_knows_is_refused_before_anything_is_done() {
    let desk = tempfile::tempdir().expect("a folder");
    let refused = |arguments: &[&str]| {
        let output = cutline(desk.path(), arguments, TEXT);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(output.stdout.is_empty() && said.contains("error[unknown-endpoint]: "), "{said}");
        said
    };
    let said = refused(&["run", "-", "--endpoint", "go", "--endpoint", "far/of ü"]);
    assert!(said.contains("`far/of ü`; did you mean `far/off ü`?"), "{said}");
    let sweep = [&["sweep", "-", "--endpoint", "nobody"], &VARY[..]].concat();
    assert!(refused(&sweep).contains("one of `go`, `far/off ü`, `all`, `each`"));
    assert!(contents(desk.path()).is_empty(), "nothing is made");
    printed(desk.path(), &["run", "-", "--out", "out", "--quiet"]);
    let said = refused(&["report", "out", "--endpoint", "goo"]);
    assert!(said.contains("out/results.json: ") && said.contains("did you mean `go`?"), "{said}");
}

#[test]
fn of_one_endpoint_there_is_the_same_to_tell_by_its_name() {
    let desk = tempfile::tempdir().expect("a folder");
    let text = TEXT.replace(", 'far/off ü': { share: 5, call: a.far }", "");
    for until in [&[][..], &UNTIL] {
        let arguments = [&["run", "-", "--out", "out", "--endpoint", "each"], until].concat();
        let output = cutline(desk.path(), &arguments, &text);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("Layouts: go"));
    }
    let files = contents(&desk.path().join("out"));
    let worst = title(&files, "over-time.go");
    assert!(worst.contains(" of go in a window reaches "), "{worst}");
}
