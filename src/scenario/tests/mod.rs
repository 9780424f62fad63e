//! Whole scenarios, good and bad.

mod arrivals;
mod bad;
mod bad_layouts;
mod bad_values;
mod broken;
mod brokers;
mod choices;
mod edits;
mod feeds;
mod good;
mod hostile;
mod idle;
mod impossible;
mod laws;
mod mechanisms;
mod pairs;
mod scaling;
mod schema;
mod spread;
mod ways;
mod ways_of_meaning;
mod words;

use super::{Code, Diagnostic, Edit, Reading, Refused, read};

const SHOP: &str = include_str!("shop.yaml");

/// One operation on one service, the least that reads.
const SMALL: &str = "\
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: { exp: 1ms } ] } } } }
workload:
  arrivals: { poisson: 1/s }
  endpoints: { go: { call: a.go } }
layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }
platform: { network: none }
";

fn no_files(name: &str) -> Result<String, String> {
    Err(format!("there is no {name} here"))
}

fn read_text(text: &str) -> Result<Reading, Refused> {
    let found = read(text, "test.yaml", &[], &no_files);
    if found.is_ok() {
        schema::must_take(text, &[]);
    }
    found
}

/// The model of a text that must read.
fn model(text: &str) -> crate::model::Model {
    reading(text).model
}

fn reading(text: &str) -> Reading {
    read_text(text).unwrap_or_else(|refused| panic!("{refused}"))
}

/// The mistakes of a text that must not read.
fn mistakes(text: impl AsRef<[u8]>) -> Refused {
    match read(text, "test.yaml", &[], &no_files) {
        Ok(reading) => panic!("this reads: {:?}", reading.model.name),
        Err(refused) => refused,
    }
}

/// `text` with `from` replaced, which must be there.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in the text");
    text.replacen(from, to, 1)
}

/// What is said about a text with one part replaced, mistakes or else warnings: code, then message and hint of each.
fn told_of(text: &str, from: &str, to: &str) -> Vec<(Code, String)> {
    let said = match read_text(&changed(text, from, to)) {
        Ok(reading) => reading.warnings,
        Err(refused) => refused.diagnostics,
    };
    let said = said.into_iter();
    said.map(|it| (it.code, format!("{}; {}", it.message, it.hint.unwrap_or_default()))).collect()
}

/// The same where one thing is said.
fn only_of(text: &str, from: &str, to: &str) -> (Code, String) {
    let mut told = told_of(text, from, to);
    assert_eq!(told.len(), 1, "{told:?}");
    told.remove(0)
}

/// The text with that edit.
fn edited(text: &str, path: &str, value: &str) -> Result<Reading, Refused> {
    let edit = Edit { path: path.to_string(), value: value.to_string() };
    let edits = [edit];
    let found = read(text, "test.yaml", &edits, &no_files);
    if found.is_ok() {
        schema::must_take(text, &edits);
    }
    found
}

/// `code line marked text`: what a diagnostic is about, and where.
fn summary(diagnostic: &Diagnostic, refused: &Refused) -> String {
    let span = diagnostic.span;
    let line = refused.sources.line(span.source, span.line).unwrap_or_default();
    let marked: String =
        line.chars().skip(span.column as usize - 1).take(span.length as usize).collect();
    format!("{} {} {marked}", diagnostic.code.text(), span.line)
}

/// The only mistake of the small scenario with one part replaced: what it is about, its message
/// and its hint.
fn only(from: &str, to: &str) -> (String, String, String) {
    let refused = mistakes(changed(SMALL, from, to));
    assert_eq!(refused.diagnostics.len(), 1, "{refused}");
    let diagnostic = &refused.diagnostics[0];
    let hint = diagnostic.hint.clone().unwrap_or_default();
    (summary(diagnostic, &refused), diagnostic.message.clone(), hint)
}

/// Every mistake of the shop with one part replaced: what each is about.
fn of_shop(from: &str, to: &str) -> Vec<String> {
    let refused = mistakes(changed(SHOP, from, to));
    refused.diagnostics.iter().map(|diagnostic| summary(diagnostic, &refused)).collect()
}
