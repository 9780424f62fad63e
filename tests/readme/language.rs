//! The language as its page shows it.

use std::collections::BTreeSet;

use cutline::model::{Action, Model};
use cutline::plan;
use cutline::random::Distribution;
use cutline::scenario;

use super::{README, blocks_of, pages, quoted, table};

/// The page that shows the language.
const PAGE: &str = "docs/language.md";

/// The files that the examples name.
fn load(name: &str) -> Result<String, String> {
    match name {
        "times.csv" => Ok("1ms\n2.5ms\n4ms\n".to_string()),
        "requests.csv" => Ok("0s\n2.5s\n2.5s\n4s\n".to_string()),
        other => Err(format!("the examples name no {other}")),
    }
}

/// The model of a text, every layout of which compiles, without as much as a warning.
fn compiled(text: &str) -> Model {
    let reading = match scenario::read(text, PAGE, &[], &load) {
        Ok(reading) => reading,
        Err(refused) => panic!("{refused}\n{text}"),
    };
    let warnings: Vec<_> = reading.warnings.iter().map(|warning| &warning.message).collect();
    assert!(warnings.is_empty(), "{warnings:?}\n{text}");
    for layout in 0..reading.model.layouts.len() {
        if let Err(problems) = plan::compile(&reading.model, layout) {
            let messages: Vec<_> = problems.iter().map(|problem| &problem.message).collect();
            panic!("{messages:?}\n{text}");
        }
    }
    reading.model
}

/// The scenario that the page begins with.
fn example() -> String {
    blocks_of(PAGE, "yaml").into_iter().next().expect("an example")
}

/// A text cut before every line that begins a section.
fn sections(text: &str) -> Vec<String> {
    let mut sections: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with(|letter: char| letter.is_ascii_lowercase()) || sections.is_empty() {
            sections.push(String::new());
        }
        *sections.last_mut().expect("one was pushed") += &format!("{line}\n");
    }
    sections
}

fn name(section: &str) -> &str {
    section.split(':').next().unwrap_or_default()
}

/// The example with one more operation.
fn with_step(step: &str) -> String {
    let text = example();
    let place = "        buy:\n";
    assert_eq!(text.matches(place).count(), 1);
    let text = text.replace(place, &format!("        tried:\n          - {step}\n{place}"));
    let asked = "          - call: seats.list\n";
    assert_eq!(text.matches(asked).count(), if step == "call: seats.list" { 2 } else { 1 });
    text.replacen(asked, &format!("{asked}          - call: web.tried\n"), 1)
}

/// The names of the fields of a form.
fn names(form: &str) -> BTreeSet<String> {
    let found = scenario::fields().into_iter().find(|known| known.name == form);
    let found = found.unwrap_or_else(|| panic!("no form is called {form}"));
    found.names().into_iter().map(str::to_string).collect()
}

#[test]
fn every_yaml_block_compiles_alone_or_in_the_place_of_its_sections() {
    // What the README shows is of a template, as tests/readme/first.rs holds.
    let pages = pages().iter().filter(|page| page.path != README);
    let blocks: Vec<String> = pages.flat_map(|page| blocks_of(&page.path, "yaml")).collect();
    assert!(blocks.len() >= 4, "{} blocks", blocks.len());
    for block in blocks {
        if block.starts_with("cutline:") {
            compiled(&block);
            continue;
        }
        let parts = sections(&block);
        let whole = example();
        let kept = sections(&whole);
        for part in &parts {
            assert!(kept.iter().any(|section| name(section) == name(part)), "{part}");
        }
        let kept = kept.into_iter().filter(|one| !parts.iter().any(|part| name(part) == name(one)));
        compiled(&kept.chain(parts.clone()).collect::<String>());
    }
}

#[test]
fn every_step_has_a_row_and_its_example_compiles() {
    let mut rows = BTreeSet::new();
    for row in table("steps") {
        let step = quoted(row[0]).next().expect("a name");
        let example = quoted(row[1]).next().expect("an example");
        assert!(example.starts_with(&format!("{step}: ")), "{example}");
        compiled(&with_step(example));
        rows.insert(step.to_string());
    }
    assert_eq!(rows, names("step"));
}

#[test]
fn every_distribution_has_a_row_and_its_text_means_the_same() {
    let law = |text: &str| -> Distribution {
        let model = compiled(&with_step(&format!("wait: {text}")));
        let mut operations = model.application.operations.into_iter();
        let tried = operations.find(|operation| operation.name.as_str() == "tried");
        match tried.map(|operation| operation.steps.into_iter().next()) {
            Some(Some(step)) => match step.action {
                Action::Wait(law) => law,
                other => panic!("{other:?}"),
            },
            _ => panic!("no step of `tried`"),
        }
    };
    let mut rows = BTreeSet::new();
    for row in table("distributions") {
        let map = quoted(row[1]).next().expect("a map");
        let found = law(map);
        let Some(text) = quoted(row[2]).next() else {
            assert_eq!(row[0], "constant");
            continue;
        };
        assert_eq!(law(text), found, "{map} and {text}");
        rows.insert(text.split('(').next().expect("a name").to_string());
    }
    assert_eq!(rows, names("distribution"));
}

#[test]
fn every_arrival_process_has_a_row_and_its_example_compiles() {
    let example = example();
    let place = "arrivals: { poisson: 200/s }";
    assert_eq!(example.matches(place).count(), 1);
    let mut rows = BTreeSet::new();
    for row in table("arrivals") {
        for written in quoted(row[1]) {
            compiled(&example.replace(place, &format!("arrivals: {written}")));
            let name = written.trim_start_matches("{ ").split(':').next();
            rows.insert(name.expect("a name").to_string());
        }
    }
    assert_eq!(rows, names("arrival process"));
}
