//! `cutline verify` as people run it: every quick case is there and passes, what is wrong is said, and a
//! wrong expectation is a miss.

use std::collections::BTreeSet;
use std::process::Output;

use assert_cmd::Command;
use cutline::report::Told;
use cutline::study::Progress;
use cutline::verify::{
    Case, Depth, FAMILIES, Judgement, KnownCase, Selection, VerifyFindings, WAITING, case,
    deviations, publication, waiting,
};
use serde_json::Value;

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}

/// The program in an empty folder, where it must find all it needs and leave nothing.
fn verify(columns: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    command.current_dir(folder.path()).env("COLUMNS", columns);
    let output = command.arg("verify").args(arguments).output().expect("the program starts");
    let left = std::fs::read_dir(folder.path()).expect("the folder is there").count();
    assert_eq!(left, 0, "{arguments:?}");
    output
}

fn printed(columns: &str, arguments: &[&str]) -> String {
    let output = verify(columns, arguments);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {complaint}");
    // On a slow machine it tells how far it is.
    let is_progress = |line: &&str| line.starts_with("cutline: after ");
    let complaint: Vec<&str> = complaint.lines().filter(|line| !is_progress(line)).collect();
    assert!(complaint.is_empty(), "{arguments:?}: {complaint:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn json(arguments: &[&str]) -> Value {
    let text = printed("100", &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).expect("JSON")
}

fn texts<'v>(values: &'v Value, key: &str) -> Vec<&'v str> {
    let values = values.as_array().expect("a list");
    values.iter().map(|value| value[key].as_str().expect("a text")).collect()
}

#[test]
fn the_quick_check_holds_a_case_of_every_family_and_misses_nothing() {
    let found = json(&["--quick"]);
    let quick = || KnownCase::all().filter(|(_, known)| known.is_quick());
    let wanted: Vec<&str> = quick().map(|(_, known)| known.id()).collect();
    assert_eq!(texts(&found["cases"], "id"), wanted);
    let families: BTreeSet<&str> = quick().map(|(family, _)| family).collect();
    let known: BTreeSet<&str> = KnownCase::all().map(|(family, _)| family).collect();
    assert_eq!(families, known, "every family has a quick case");
    assert!(FAMILIES.iter().all(|family| known.contains(family.name)));
    for case in found["cases"].as_array().expect("a list") {
        let outcomes = texts(&case["metrics"], "outcome");
        assert!(outcomes.contains(&"passed"), "{case}");
        assert!(!outcomes.contains(&"missed"), "{case}");
        let said = ["model", "reference"]
            .map(|key| case[key].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(said, [true, true], "{case}");
    }
    let unseen = found["left_out"].as_array().expect("a list").len();
    assert_eq!(unseen + wanted.len(), KnownCase::all().count());
    assert_eq!(
        texts(&found["waiting"], "id"),
        WAITING.iter().map(|(id, _)| *id).collect::<Vec<_>>()
    );
    assert_eq!(found["deviations"].as_array().map(Vec::len), Some(deviations().len()));
}

/// The scenario of M/M/1 at another load than the exact values are for.
fn wrong() -> Case {
    let right = case("mm1-rho50").expect("it is simulated");
    let other = case("mm1-rho80").expect("it is simulated");
    Case { scenario: other.scenario, minutes: 2, replications: 10, ..*right }
}

#[test]
fn a_wrong_expectation_is_a_miss_that_is_said_with_how_to_look_closer() {
    let case = wrong().check(Depth::Usual, 1, &Silence);
    let throughput = case.metrics.iter().find(|metric| metric.metric == "throughput");
    let throughput = throughput.expect("the case has it");
    assert_eq!(throughput.outcome, Judgement::Missed);
    assert_eq!(throughput.seed, Some(wrong().seeds(1)[1]), "it was tried again");
    let off = throughput.off().expect("it was read");
    assert!((off - 0.6).abs() < 0.03, "80/s instead of 50/s: {off}");
    let findings = VerifyFindings {
        cutline: "",
        target: String::new(),
        seed: 1,
        quick: false,
        cases: vec![case],
        left_out: Vec::new(),
        deviations: Vec::new(),
        waiting: Vec::new(),
    };
    assert!(!findings.passed());
    let text = findings.tables().text(100, false);
    assert!(text.contains("MISSED"), "{text}");
    assert!(text.contains("cutline verify --show mm1-rho50 | cutline run -"), "{text}");
    let sheet = findings.sheets().remove(0);
    assert!(sheet.text().contains(",missed,"));
}

#[test]
fn a_published_figure_that_is_too_far_off_is_a_miss() {
    let boutique = publication("online-boutique").expect("it ships");
    let point = &boutique.points[0];
    let model = boutique.model([]);
    let layouts: Vec<usize> = (0..model.layouts.len()).collect();
    let found = cutline::study::run(&model, &layouts, &Silence).expect("it runs");
    let seen = cutline::verify::Seen(found);
    for figure in point.figures {
        assert_eq!(figure.judge(&seen, &model).outcome, Judgement::Passed, "{}", figure.metric);
        let mut wrong = *figure;
        wrong.value *= 1.5;
        assert_eq!(wrong.judge(&seen, &model).outcome, Judgement::Missed, "{}", figure.metric);
    }
}

/// Deviations change with the program on purpose only: Che's approximation is known to be so close.
#[test]
fn deviations_are_measured_and_as_large_as_they_are_known_to_be() {
    let deviations = deviations();
    let figure = |name: &str| {
        let mut all = deviations.iter().flat_map(|deviation| &deviation.figures);
        let figure = all.find(|figure| figure.name.contains(name));
        figure.unwrap_or_else(|| panic!("{name} is measured"))
    };
    let large = figure("300 pages");
    // The oracle file has Che's approximation for this case, worked out elsewhere.
    assert!((large.estimate - 0.40982607326).abs() < 1e-6, "{large:?}");
    assert!((large.expected - 0.409772883303).abs() < 1e-12);
    // Two flushes of their mean, where the longer one of two that vary is waited for, and nobody who asks anew.
    assert!((figure("hot-row").estimate / 8286.06 - 1.1386).abs() < 0.001);
}

#[test]
fn a_table_is_as_wide_as_asked_and_names_model_and_source() {
    let cases = ["--case", "layouts-mono-msa-distmono", "--case", "online-boutique"];
    for columns in [80, 120] {
        let text = printed(&columns.to_string(), &cases);
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|widest| widest <= columns), "{text}");
        for words in ["comparison of three layouts", "BCMP 1975", "HotOS 2023", "predicted"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}

#[test]
fn a_case_that_is_shown_can_be_run_and_gives_the_figure_that_was_judged() {
    let id = "erlang-b-c8";
    let found = json(&["--case", id]);
    let metrics = found["cases"][0]["metrics"].as_array().expect("a list");
    let judged = metrics.iter().find(|metric| metric["metric"] == "loss_probability");
    let judged = judged.expect("the case has it")["estimate"].as_f64().expect("a number");
    let text = printed("100", &["--show", id]);
    assert!(text.starts_with("# M/M/8/8."), "{text}");
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    let command = command.current_dir(folder.path()).args(["run", "-", "--format", "json"]);
    let output = command.write_stdin(text).output().expect("the program starts");
    let run: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = &run["layouts"]["main"]["endpoints"]["all"]["error_share"]["value"];
    // Results have fifteen digits.
    assert_eq!(format!("{judged:.14e}"), format!("{:.14e}", found.as_f64().expect("a number")));
}

#[test]
fn every_case_that_is_shown_is_a_scenario() {
    for (_, known) in KnownCase::all() {
        let text = known.text(1);
        let no_files = |_: &str| Err("none".to_string());
        let read = cutline::scenario::read(&text, known.id(), &[], &no_files);
        assert!(read.is_ok(), "{}: {:?}", known.id(), read.err());
    }
}

#[test]
fn the_list_has_every_case_and_what_waits_at_any_width() {
    let waits = waiting();
    let all =
        || KnownCase::all().map(|(_, known)| known.id()).chain(waits.iter().map(|case| case.id));
    for columns in [80, 120] {
        let text = printed(&columns.to_string(), &["--list"]);
        let shown = |id: &str| text.lines().any(|line| line.split_whitespace().next() == Some(id));
        for id in all() {
            assert!(shown(id), "{id}: {text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= columns), "{text}");
    }
}

#[test]
fn an_unknown_case_is_refused_with_the_nearest_name_and_a_waiting_one_with_its_feature() {
    let complaint = |arguments: &[&str]| {
        let output = verify("100", arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).expect("text")
    };
    for arguments in [["--case", "mm1-rho05"], ["--show", "mm1-rho05"]] {
        let words = complaint(&arguments);
        assert!(words.contains("error[unknown-case]") && words.contains("`mm1-rho50`"), "{words}");
    }
    let words = complaint(&["--case", "\u{1b}[2Jnonsense"]);
    assert!(!words.contains('\u{1b}') && words.contains("verify --list"), "{words}");
    for (id, feature) in WAITING {
        let words = complaint(&["--quick", "--case", id]);
        assert!(words.contains(feature), "{words}");
    }
    complaint(&["--list", "--show", "mm1-rho50"]);
    complaint(&["--threads", "0"]);
}

#[test]
fn one_thread_or_two_give_the_same_bytes_and_another_seed_gives_others() {
    let cases = ["--case", "erlang-b-c8", "--case", "repair-n10-c2", "--format", "csv"];
    let with = |more: &[&str]| printed("100", &[&cases, more].concat());
    let one = with(&["--threads", "1"]);
    assert_eq!(one, with(&["--threads", "2"]));
    assert_ne!(one, with(&["--seed", "2"]));
}

#[test]
fn the_same_case_asked_for_twice_is_run_once() {
    let known = KnownCase::find("erlang-b-c8").expect("it is there");
    let selection = Selection { quick: true, only: vec![known, known] };
    let found = cutline::verify::run(&selection, 1, &Silence);
    assert_eq!(found.cases.len(), 1);
}
