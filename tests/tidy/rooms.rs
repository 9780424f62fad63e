//! Crates and parts of the standard library live in rooms: nothing else may know them.

use super::source::Source;

/// What lives where: a crate or a path, and the folders or files that may use it.
const ROOMS: [(&str, &[&str]); 30] = [
    ("ab_glyph", &["report/chart"]),
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("comfy_table", &["report"]),
    ("console", &["cli"]),
    ("csv", &["model", "scenario", "report"]),
    ("granit_parser", &["scenario"]),
    ("fontdb", &["cli"]),
    ("indicatif", &["cli"]),
    ("plotters", &["report/chart"]),
    ("png", &["report/chart"]),
    ("rand", &["random"]),
    ("rand_distr", &["random"]),
    ("rayon", &["study"]),
    ("schemars", &["cost", "study", "report"]),
    ("serde", &["scenario/code", "cost", "study", "verify", "report"]),
    ("serde_json", &["verify", "report"]),
    ("signal_hook", &["cli"]),
    ("strsim", &["scenario"]),
    ("thiserror", &["units", "plan", "scenario", "cli"]),
    ("std::fs", &["cli"]),
    ("std::io", &["cli", "report/json.rs"]),
    ("std::net", &[]),
    ("std::process", &["cli", "main.rs"]),
    ("std::thread", &["cli"]),
    ("std::time", &["cli"]),
    ("Instant", &["cli"]),
    ("SystemTime", &[]),
];

/// Uses of a crate or path outside its room, tests left out.
pub(super) fn outside_their_room(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, rooms) in ROOMS {
        let at_home = rooms
            .iter()
            .any(|room| source.path == *room || source.path.starts_with(&format!("{room}/")));
        if at_home {
            continue;
        }
        for (line, code, test) in source.lines() {
            if !test && mentions(code, name) {
                complaints
                    .push(format!("{}:{line}: `{name}` lives only in {rooms:?}", source.path));
            }
        }
    }
    complaints
}

/// Whether a line of code uses the crate, path or type called `name`.
fn mentions(code: &str, name: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let whole = !before.ends_with(part) && !after.starts_with(part);
        let from_root =
            !before.ends_with("::") || name.chars().next().is_some_and(char::is_uppercase);
        let is_path =
            after.starts_with("::") || before.trim_end().ends_with("use") || after.is_empty();
        let is_type = name.chars().next().is_some_and(char::is_uppercase);
        whole && from_root && (is_path || is_type)
    }) || in_group(code, name)
}

/// Whether `name`, such as `std::fs`, comes in through a group: `use std::{fmt, fs};`.
fn in_group(code: &str, name: &str) -> bool {
    let Some((parent, last)) = name.split_once("::") else {
        return false;
    };
    let opening = format!("use {parent}::{{");
    let Some((_, group)) = code.split_once(opening.as_str()) else {
        return false;
    };
    let mut words = group.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|word| word == last)
}

/// Dependencies of the manifest that no room is given to.
pub(super) fn without_room(manifest: &str) -> Vec<String> {
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| {
        let (name, _) = line.split_once(" = ")?;
        (!name.starts_with([' ', '#'])).then(|| name.replace('-', "_"))
    });
    names.filter(|name| ROOMS.iter().all(|(known, _)| known != name)).collect()
}

fn complaints(path: &str, text: &str) -> usize {
    outside_their_room(&Source::new(path, text)).len()
}

#[test]
fn a_crate_outside_its_room_is_found() {
    assert_eq!(complaints("plan/lower.rs", "use rayon::prelude::*;"), 1);
    assert_eq!(complaints("plan/lower.rs", "let x = std::fs::read(y);"), 1);
    assert_eq!(complaints("plan/lower.rs", "use std::{fmt, fs};"), 1);
    assert_eq!(complaints("runtime/world.rs", "let a = Instant::now();"), 1);
    assert_eq!(complaints("runtime/world.rs", "use std::time::Duration;"), 1);
    assert_eq!(complaints("report/table.rs", "use plotters::style;"), 1);
}

#[test]
fn a_crate_at_home_or_in_tests_is_fine() {
    assert_eq!(complaints("study/run.rs", "use rayon::prelude::*;"), 0);
    assert_eq!(complaints("report/chart/axis.rs", "use plotters::style;"), 0);
    assert_eq!(complaints("plan/lower.rs", "let rand = 3; // clap::x"), 0);
    let test = "#[cfg(test)]\nmod tests {\n    use rand::Rng;\n}";
    assert_eq!(complaints("plan/lower.rs", test), 0);
}

#[test]
fn a_dependency_without_a_room_is_found() {
    let manifest = "[package]\nname = \"x\"\n\n[dependencies]\nclap = \"4\"\ntokio = { a = [\n    \"b\",\n] }\n\n[dev-dependencies]\ninsta = \"1\"\n";
    assert_eq!(without_room(manifest), ["tokio"]);
}
