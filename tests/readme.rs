//! The README and the pages of docs that are written by hand tell the truth: their commands run, their scenarios
//! compile, their files are there, their tables name what the sources name.

mod codes;
mod commands;
mod fields;
mod files;
mod first;
mod language;
mod links;
mod pipeline;
mod reference;
mod translation;

use std::path::Path;
use std::sync::OnceLock;

/// The page that everybody sees first.
const README: &str = "README.md";

/// The pages of docs that tests hold to what they are made from, instead of to what they say.
const MADE: [&str; 2] = ["docs/diagnostics.md", "docs/reference.md"];

/// A page that is written by hand.
struct Page {
    /// Where it lies, from the folder of the repository.
    path: String,
    text: String,
}

/// The README, and then the pages of docs in the order of their names.
fn pages() -> &'static [Page] {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let mut paths = markdown_in("docs");
        paths.retain(|path| !MADE.contains(&path.as_str()));
        paths.insert(0, README.to_string());
        assert!(paths.len() > 8, "{paths:?}");
        paths.into_iter().map(|path| Page { text: source(&path), path }).collect()
    })
}

/// The pages in a folder, in the order of their names.
fn markdown_in(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join(folder)).expect("a folder can be listed");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let pages = names.filter(|name| name.ends_with(".md"));
    let mut pages: Vec<String> = pages.map(|name| format!("{folder}/{name}")).collect();
    pages.sort();
    pages
}

/// The text of one of the pages.
fn page(path: &str) -> &'static str {
    let found = pages().iter().find(|page| page.path == path);
    &found.unwrap_or_else(|| panic!("no page {path}")).text
}

/// What stands under a heading of a page.
fn section(path: &str, heading: &str) -> &'static str {
    let (_, behind) = page(path)
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("{path} has no {heading}"));
    behind.split("\n## ").next().unwrap_or_default()
}

/// The folder of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A text file of the repository.
fn source(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of a text without their fences, each behind its language.
fn fences(text: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(language), None) => open = Some((language, String::new())),
            (None, Some((_, text))) => *text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

/// The fenced blocks of a language on a page.
fn blocks_of(path: &str, language: &str) -> Vec<String> {
    let blocks = fences(page(path)).into_iter();
    blocks.filter(|(found, _)| *found == language).map(|(_, text)| text).collect()
}

/// The fenced blocks of a language on all pages.
fn blocks(language: &str) -> Vec<String> {
    let blocks: Vec<String> =
        pages().iter().flat_map(|page| blocks_of(&page.path, language)).collect();
    assert!(!blocks.is_empty(), "no block of {language}");
    blocks
}

/// The rows of the table behind a marker that is on one page once, as cells, without its head.
fn table(marker: &str) -> Vec<Vec<&'static str>> {
    let marker = format!("<!-- {marker} -->");
    let places: Vec<&'static str> =
        pages().iter().flat_map(|page| page.text.split(&marker).skip(1)).collect();
    let [behind] = places.as_slice() else { panic!("{marker} stands {} times", places.len()) };
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
    let parts = text.split('`').count();
    assert!(parts % 2 == 1, "a back-tick is not closed");
    text.split('`').skip(1).step_by(2)
}

/// A text without its fenced blocks.
fn prose_of(text: &str) -> String {
    let mut inside = false;
    let outside = |line: &&str| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    };
    text.lines().filter(outside).map(|line| format!("{line}\n")).collect()
}

/// All pages without their fenced blocks.
fn prose() -> String {
    pages().iter().map(|page| prose_of(&page.text)).collect()
}
