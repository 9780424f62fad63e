//! Mistakes for other programs, and what a shell asks for.

use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

use super::root;

const BROKEN: &str = "\
cutline: 1
name: broken
application: { modules: { a: { operations: { go: [ cpuu: 1ms ] } } } }
workload: { arrivals: { poisson: 1 }, endpoints: { go: { call: a.gone } } }
layouts: { one: { services: { a: { cpu: 2 } } }, two: { extends: one } }
";

fn program(arguments: &[&str], input: &str, asked: Option<(&str, usize)>) -> Output {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    command.current_dir(root()).args(arguments).write_stdin(input);
    if let Some((shell, index)) = asked {
        command.env("CUTLINE_COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", index.to_string());
        command.env("_CLAP_IFS", "\n");
    }
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it is text")
}

#[test]
fn every_mistake_is_in_one_document_with_its_place_and_the_exit_code_stays() {
    let found = program(&["check", "-", "--format", "json"], BROKEN, None);
    assert_eq!(found.status.code(), Some(2));
    assert!(found.stderr.is_empty(), "{}", text(&found.stderr));
    let document: Value = serde_json::from_slice(&found.stdout).expect("JSON");
    let said: Vec<(&str, u64, u64)> = document["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|said| {
            assert_eq!((&said["severity"], &said["file"]), (&"error".into(), &"<stdin>".into()));
            let number = |name: &str| said[name].as_u64().expect("a number");
            (said["code"].as_str().expect("a code"), number("line"), number("column"))
        })
        .collect();
    assert_eq!(
        said,
        [("unknown-step", 3, 52), ("missing-unit", 4, 34), ("unknown-operation", 4, 64)]
    );
    let hint = document["diagnostics"][0]["hint"].as_str().expect("a hint");
    assert!(hint.contains("`cpu`"), "{hint}");
}

#[test]
fn what_is_no_yaml_and_an_edit_that_leads_nowhere_are_in_the_document_too() {
    let shop = "scenarios/shop.yaml";
    let cases: [(&[&str], &str, &str); 3] = [
        (&["check", "-", "--format", "json"], "a: [", "syntax"),
        (&["check", "-", "--format", "json"], "", "empty-scenario"),
        (&["check", shop, "--set", "layuts.a=1", "--format", "json"], "", "unknown-path"),
    ];
    for (arguments, input, code) in cases {
        let found = program(arguments, input, None);
        assert_eq!(found.status.code(), Some(2), "{arguments:?}");
        let document: Value = serde_json::from_slice(&found.stdout).expect("JSON");
        assert_eq!(document["diagnostics"][0]["code"], code, "{document}");
    }
}

#[test]
fn annotations_stand_one_a_line_and_an_overload_keeps_its_exit_code() {
    let found = program(&["check", "-", "--format", "github"], BROKEN, None);
    assert_eq!(found.status.code(), Some(2));
    let lines = text(&found.stdout);
    assert_eq!(lines.lines().count(), 3);
    let first = "::error file=<stdin>,line=3,col=52,endColumn=56,title=unknown-step::no step is called `cpuu`%0A";
    assert!(lines.starts_with(first), "{lines}");
    let rate = "workload.arrivals.poisson=90000/s";
    let shop = ["check", "scenarios/shop.yaml", "--set", rate, "--format"];
    let busy = program(&[&shop[..], &["json"]].concat(), "", None);
    assert_eq!(busy.status.code(), Some(3));
    let document: Value = serde_json::from_slice(&busy.stdout).expect("JSON");
    assert_eq!(document["layouts"]["monolith"]["overloaded"], true);
}

#[test]
fn layouts_are_listed_of_a_scenario_with_mistakes_too() {
    let listed = program(&["check", "-", "--list-layouts"], BROKEN, None);
    assert_eq!((listed.status.code(), text(&listed.stdout).as_str()), (Some(0), "one\ntwo\n"));
    let none = program(&["check", "-", "--list-layouts"], "cutline: 1\n", None);
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn explain_tells_its_defaults_and_prices_as_a_document() {
    let found = program(
        &["explain", "scenarios/shop.yaml", "--layout", "monolith", "--format", "json"],
        "",
        None,
    );
    assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
    let document: Value = serde_json::from_slice(&found.stdout).expect("JSON");
    let layouts: Vec<&String> = document["layouts"].as_object().expect("a map").keys().collect();
    assert_eq!(layouts, ["monolith"]);
    let defaults = document["defaults"].as_array().expect("a list");
    assert!(defaults.iter().any(|default| default["key"] == "service.queue"));
    let others =
        |path: &Value| path.as_str().is_some_and(|path| path.starts_with("layouts.modular"));
    assert!(!defaults.iter().any(|default| others(&default["path"])));
    let prices = document["layouts"]["monolith"]["prices"]["lines"].as_array().expect("a list");
    assert!(
        prices.iter().all(|price| price["unit_price"].as_f64().is_some_and(|price| price > 0.0))
    );
}

#[test]
fn an_event_to_another_service_is_told_to_be_waited_for_and_one_in_the_process_is_not() {
    let found = program(&["check", "scenarios/startup.yaml", "--format", "json"], "", None);
    let document: Value = serde_json::from_slice(&found.stdout).expect("JSON");
    let said = document["diagnostics"].as_array().expect("a list");
    let said = said.iter().filter(|said| said["code"] == "event-waited-for");
    let said: Vec<String> = said.map(|said| said["message"].to_string()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().any(|said| said.contains(
        "event booked of bookings is a call of notifications, and bookings waits until notifications.notify \
         is done there"
    )), "{said:?}");
    assert!(said.iter().any(|said| said.contains("of office is a call of messages")), "{said:?}");
}

#[test]
fn explain_leads_with_the_steps_and_says_what_each_default_fills() {
    let found = program(&["explain", "scenarios/shop.yaml", "--layout", "monolith"], "", None);
    let told = text(&found.stdout);
    let at = |words: &str| told.find(words).unwrap_or_else(|| panic!("{words} is not in {told}"));
    assert!(at("arrivals\n") < at("\nlayout monolith\n"), "{told}");
    assert!(at("\nlayout monolith\n") < at("defaults that entered"), "{told}");
    at("or join a transaction that is open there");
    at("max_connections: memory for each = 9531392B");
    assert_eq!(told.matches("  time slices: ").count(), 2, "{told}");
}

/// Words of a line, of which the last one is under way.
fn completed(line: &[&str]) -> Vec<String> {
    let words: Vec<&str> = ["--", "cutline"].iter().chain(line).copied().collect();
    let found = program(&words, "", Some(("bash", line.len())));
    assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
    text(&found.stdout).lines().map(str::to_string).collect()
}

#[test]
fn a_shell_gets_layouts_endpoints_and_paths_out_of_the_file_on_the_line() {
    let shop = "scenarios/shop.yaml";
    assert_eq!(completed(&["run", shop, "--layout", "mo"]), ["monolith", "modular-monolith"]);
    assert_eq!(
        completed(&["run", shop, "--endpoint", ""]),
        ["home", "checkout", "history", "each", "all"]
    );
    assert_eq!(completed(&["run", shop, "--set", "workload.arr"]), ["workload.arrivals.poisson="]);
    assert_eq!(completed(&["sweep", shop, "--vary", "run.s"]), ["run.seed="]);
    assert_eq!(completed(&["init", "st"]), ["station"]);
    assert!(completed(&["run", "no-file", "--layout", ""]).is_empty());
    assert!(completed(&[""]).contains(&"diff-trace".to_string()));
}

#[test]
fn scripts_and_manual_pages_are_written_and_an_unknown_shell_is_refused() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = program(&["completions", shell], "", None);
        assert_eq!(script.status.code(), Some(0), "{shell}");
        assert!(text(&script.stdout).contains("CUTLINE_COMPLETE"), "{shell}");
    }
    assert_eq!(program(&["completions", "csh"], "", None).status.code(), Some(2));
    assert_eq!(program(&["--", "cutline"], "", Some(("csh", 1))).status.code(), Some(2));
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("man");
    let written = program(&["man", pages.to_str().expect("a path")], "", None);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    let count = std::fs::read_dir(&pages).expect("pages").count();
    assert!(pages.join("cutline-diff-trace.1").is_file() && count == 14, "{count}");
}
