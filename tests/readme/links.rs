//! The links of every page, those that tests make included.

use std::collections::{BTreeMap, BTreeSet};

use super::{README, markdown_in, page, pages, prose_of, root, source};

/// The longest that a page written by hand may be, in lines.
const LONGEST: usize = 250;

/// Where the links of a text lead, as they are written.
pub(super) fn targets(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1);
    targets.map(|rest| rest.split_once(')').expect("a link is closed").0).collect()
}

/// The place of a link of a page, from the folder of the repository, and the anchor there.
fn resolved(from: &str, target: &str) -> (String, Option<String>) {
    let (place, anchor) = match target.split_once('#') {
        Some((place, anchor)) => (place, Some(anchor.to_string())),
        None => (target, None),
    };
    if place.is_empty() {
        return (from.to_string(), anchor);
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in place.split('/') {
        match part {
            ".." => drop(parts.pop().expect("a link stays in the repository")),
            part => parts.push(part),
        }
    }
    (parts.join("/"), anchor)
}

/// The places that the pages written by hand lead to.
pub(super) fn places() -> BTreeSet<String> {
    let links = |page: &'static super::Page| {
        let targets = targets(&page.text).into_iter();
        targets
            .filter(|target| !target.contains("://"))
            .map(|target| resolved(&page.path, target).0)
    };
    pages().iter().flat_map(links).collect()
}

/// The anchors of a page: of each heading, with a number where the same comes again.
fn anchors(text: &str) -> BTreeSet<String> {
    let kept = |letter: &char| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let prose = prose_of(text);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let name = heading.chars().filter(kept).collect::<String>().replace(' ', "-");
        let before = seen.entry(name.clone()).or_default();
        *before += 1;
        if *before == 1 { name } else { format!("{name}-{}", *before - 1) }
    };
    headings.map(anchor).collect()
}

#[test]
fn every_link_of_every_page_leads_to_a_place_and_its_anchor() {
    let mut paths: Vec<String> = markdown_in("docs");
    paths.extend(markdown_in("docs/reference"));
    paths.extend([README, "README.ko.md", "CHANGELOG.md"].map(str::to_string));
    let mut anchored = 0;
    for from in paths {
        let text = source(&from);
        for target in targets(&text) {
            if target.starts_with("https://") {
                continue;
            }
            let (place, anchor) = resolved(&from, target);
            assert!(root().join(&place).exists(), "{from}: {target} is not there");
            let Some(anchor) = anchor else { continue };
            let there = anchors(&source(&place));
            assert!(there.contains(&anchor), "{from}: no heading for {target}: {there:?}");
            anchored += 1;
        }
    }
    assert!(anchored > 20, "only {anchored} links have an anchor");
}

#[test]
fn a_page_written_by_hand_is_short_enough_to_read() {
    for page in pages() {
        let lines = page.text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", page.path);
    }
}

#[test]
fn the_readme_leads_to_every_page_and_every_page_back() {
    let leads = |from: &str, to: &str| {
        targets(page(from)).into_iter().any(|target| resolved(from, target).0 == to)
    };
    for path in markdown_in("docs") {
        assert!(leads(README, &path), "{README} does not lead to {path}");
    }
    for page in &pages()[1..] {
        assert!(leads(&page.path, README), "{} does not lead to {README}", page.path);
    }
}
