//! The files that the pages name.

use std::collections::BTreeSet;
use std::path::Path;

use super::links::places;
use super::{pages, prose, prose_of, quoted, root, table};

#[test]
fn every_file_that_is_named_is_there() {
    let folders = ["src/", "tests/", "data/", "scenarios/", "benches/", "docs/", "output/gallery"];
    let mut named = 0;
    for page in pages() {
        for word in quoted(&prose_of(&page.text)).flat_map(str::split_whitespace) {
            if folders.iter().any(|folder| word.starts_with(folder)) {
                assert!(root().join(word).exists(), "{}: {word} is not there", page.path);
                named += 1;
            }
        }
    }
    assert!(named > 20, "only {named} files are named");
}

/// Every text below a file or folder of the repository.
fn texts(place: &Path) -> String {
    if place.is_dir() {
        let entries = std::fs::read_dir(place).expect("a folder can be listed");
        return entries.map(|entry| texts(&entry.expect("an entry").path())).collect();
    }
    String::from_utf8_lossy(&std::fs::read(place).expect("a file can be read")).into_owned()
}

/// What is quoted with a slash or an ending is a place, and any other word stands in one of the row's places.
#[test]
fn every_line_of_where_to_change_names_places_that_hold_the_words_it_speaks_of() {
    let is_place = |word: &&str| word.contains('/') || word.contains('.');
    let mut spoken_of = 0;
    for row in table("change") {
        let (places, words): (Vec<&str>, Vec<&str>) = quoted(row[1]).partition(is_place);
        let places: Vec<&str> =
            places.into_iter().chain(words.contains(&"docs").then_some("docs")).collect();
        assert!(!places.is_empty(), "{row:?}");
        let mut text = String::new();
        for place in places {
            assert!(root().join(place).exists(), "{}: {place} is not there", row[0]);
            text += &texts(&root().join(place));
        }
        for word in words.into_iter().filter(|word| !root().join(word).exists()) {
            assert!(text.contains(word), "{}: none of its places speaks of {word}", row[0]);
            spoken_of += 1;
        }
    }
    assert!(spoken_of >= 5, "only {spoken_of} words are held");
}

#[test]
fn where_to_change_has_a_row_for_everything_that_comes() {
    let rows: Vec<&str> = table("change").iter().map(|row| row[0]).collect();
    let wanted = [
        "a field of a service",
        "a step",
        "a policy of calls",
        "a fault",
        "a control loop",
        "a resource",
        "a metric",
        "a chart",
        "a study",
    ];
    for row in wanted {
        assert!(rows.contains(&row), "no row for {row}: {rows:?}");
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
    let shown = places();
    for entry in std::fs::read_dir(root().join("output/gallery")).expect("the gallery") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(shown.contains(&format!("output/gallery/{name}")), "{name}");
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
        assert!(text.contains(sentence), "no page says {sentence:?}");
    }
}
