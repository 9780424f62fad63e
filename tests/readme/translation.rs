//! README.ko.md, the README in Korean: the same commands, outputs and links.

use super::links::targets;
use super::{README, fences, page, source};

const KOREAN: &str = "README.ko.md";

#[test]
fn the_korean_readme_shows_the_same_blocks_in_the_same_order() {
    let korean = source(KOREAN);
    assert_eq!(fences(&korean), fences(page(README)));
}

/// Sentences of another language have another order, so links are compared whatever theirs is.
#[test]
fn the_korean_readme_leads_to_the_same_places() {
    let korean = source(KOREAN);
    let sorted = |text| {
        let mut targets = targets(text);
        // Each leads to the other.
        targets.retain(|target| ![README, KOREAN].contains(target));
        targets.sort();
        targets
    };
    assert_eq!(sorted(&korean), sorted(page(README)));
    assert!(targets(&korean).contains(&README) && targets(page(README)).contains(&KOREAN));
}

#[test]
fn the_korean_readme_has_the_same_parts() {
    let levels = |text: &str| -> Vec<usize> {
        let headings = text.lines().filter(|line| line.starts_with('#'));
        headings.map(|line| line.len() - line.trim_start_matches('#').len()).collect()
    };
    assert_eq!(levels(&source(KOREAN)), levels(page(README)));
}
