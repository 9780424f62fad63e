//! The files and headings that the README names.

use std::collections::BTreeSet;

use super::{README, prose, quoted, root, table};

/// Where links of the README lead.
fn links() -> Vec<&'static str> {
    let targets = README.split("](").skip(1);
    targets.map(|rest| rest.split_once(')').expect("a link is closed").0).collect()
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || [' ', '-'].contains(letter);
    heading.trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

#[test]
fn every_link_leads_somewhere() {
    let prose = prose();
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let anchors: BTreeSet<String> =
        headings.map(|line| anchor(line.trim_start_matches('#'))).collect();
    for link in links() {
        match link.strip_prefix('#') {
            Some(name) => assert!(anchors.contains(name), "no heading for #{name}: {anchors:?}"),
            None if link.starts_with("https://") => {}
            None => assert!(root().join(link).exists(), "{link} is not there"),
        }
    }
}

#[test]
fn every_file_that_is_named_is_there() {
    let folders = ["src/", "tests/", "data/", "scenarios/", "benches/", "docs/", "output/gallery"];
    let mut named = 0;
    for word in quoted(&prose()).flat_map(str::split_whitespace) {
        if folders.iter().any(|folder| word.starts_with(folder)) {
            assert!(root().join(word).exists(), "{word} is not there");
            named += 1;
        }
    }
    assert!(named > 20, "only {named} files are named");
}

#[test]
fn every_line_of_where_to_change_names_a_place() {
    for row in table("change") {
        let places: Vec<&str> = quoted(row[1]).collect();
        assert!(!places.is_empty(), "{row:?}");
        for place in places {
            assert!(root().join(place).exists(), "{}: {place} is not there", row[0]);
        }
    }
}

#[test]
fn the_table_of_floors_names_every_folder_of_the_sources() {
    let named: BTreeSet<&str> = table("floors").iter().flat_map(|row| quoted(row[1])).collect();
    let entries = std::fs::read_dir(root().join("src")).expect("sources");
    let entries = entries.map(|entry| entry.expect("an entry"));
    let folders = entries.filter(|entry| entry.path().is_dir());
    let folders: BTreeSet<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(named, folders.iter().map(String::as_str).collect());
}

#[test]
fn the_figures_of_the_gallery_are_small_and_each_is_shown() {
    let mut bytes = 0;
    for entry in std::fs::read_dir(root().join("output/gallery")).expect("the gallery") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(links().contains(&format!("output/gallery/{name}").as_str()), "{name}");
        bytes += entry.metadata().expect("a size").len();
    }
    assert!((1..1 << 20).contains(&bytes), "{bytes} bytes");
}

#[test]
fn the_numbers_of_oracle_cases_are_those_of_the_tests() {
    let cases = cutline::verify::oracles().len();
    let waiting = cutline::verify::WAITING.len();
    let text = prose();
    for sentence in [
        format!("holds {cases} cases"),
        format!("\n{} run in [tests/theory.rs]", cases - waiting),
        format!("{waiting} wait for a feature"),
    ] {
        let sentence = sentence.trim();
        assert!(text.contains(sentence), "the README does not say {sentence:?}");
    }
}
