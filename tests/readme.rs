//! The README tells the truth: its commands run, its scenarios compile, its files are there, its tables name
//! what the sources name.

mod codes;
mod commands;
mod fields;
mod files;
mod language;
mod reference;

use std::path::Path;

/// The text that all of this is about.
const README: &str = include_str!("../README.md");

/// The folder of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A text file of the repository.
fn source(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of a language, without their fences.
fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in README.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some((wanted, text))) => {
                blocks.extend(wanted.then(|| std::mem::take(text)));
                open = None;
            }
            (Some(info), None) => open = Some((info == language, String::new())),
            (None, Some((_, text))) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    assert!(!blocks.is_empty(), "no block of {language}");
    blocks
}

/// The rows of the table behind a marker, as cells, without its head.
fn table(marker: &str) -> Vec<Vec<&'static str>> {
    let marker = format!("<!-- {marker} -->");
    let (_, behind) = README.split_once(&marker).unwrap_or_else(|| panic!("no {marker}"));
    let rows = behind.trim_start().lines().take_while(|line| line.starts_with('|')).skip(2);
    let cells = |row: &'static str| {
        row.trim_matches('|').split('|').map(|cell| cell.trim()).collect::<Vec<_>>()
    };
    let rows: Vec<_> = rows.map(cells).collect();
    assert!(!rows.is_empty(), "no table behind {marker}");
    rows
}

/// What stands between back-ticks in a text outside of blocks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The README without its fenced blocks.
fn prose() -> String {
    let mut inside = false;
    let outside = |line: &&str| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    };
    README.lines().filter(outside).map(|line| format!("{line}\n")).collect()
}
