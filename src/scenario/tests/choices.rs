//! Maps with one key: every key of their forms is decoded.

use super::*;
use crate::scenario::{Code, Form, fields};

/// A choice, and a place of [`SMALL`] where it may stand; `KEY` is to be replaced by its key.
const PLACES: [(&str, &str, &str); 9] = [
    ("step", "[ cpu: { exp: 1ms } ]", "[ { KEY: ~ } ]"),
    ("distribution", "{ exp: 1ms }", "{ KEY: ~ }"),
    ("number of turns", "cpu: { exp: 1ms }", "repeat: { times: { KEY: ~ }, do: [ cpu: 1ms ] }"),
    ("arrival process", "{ poisson: 1/s }", "{ KEY: ~ }"),
    ("size of a batch", "{ poisson: 1/s }", "{ batch: { rate: 1/s, size: { KEY: ~ } } }"),
    ("consistency", "one: { services", "one: { transactions: { each: { KEY: ~ } }, services"),
    (
        "feed",
        "one: { services",
        "one: { views: { v: { feed: { KEY: ~ }, joins: a.b, in: c } }, services",
    ),
    ("broker", "one: { services", "one: { broker: { KEY: ~ }, services"),
    ("study", "platform:", "studies: { one: { KEY: ~ } }\nplatform:"),
];

fn codes(from: &str, to: &str) -> Vec<Code> {
    let read = read_text(&changed(SMALL, from, to));
    read.map_or_else(
        |refused| refused.diagnostics.iter().map(|told| told.code).collect(),
        |_| Vec::new(),
    )
}

#[test]
fn every_key_of_a_choice_is_known_to_its_decoder_and_another_one_is_not() {
    let unknown = [Code::UnknownStep, Code::UnknownDistribution, Code::UnknownWord];
    let choices: Vec<&Form> = fields().into_iter().filter(|form| form.one_of).collect();
    assert_eq!(choices.len(), PLACES.len());
    for form in choices {
        let place = PLACES.iter().find(|(name, ..)| *name == form.name);
        let (_, from, to) = place.unwrap_or_else(|| panic!("no place for {}", form.name));
        let told = |key: &str| codes(from, &to.replace("KEY", key));
        for field in form.fields {
            let told = told(field.name);
            assert!(!told.is_empty(), "nothing is no value of `{}`", field.name);
            assert!(!told.iter().any(|code| unknown.contains(code)), "{}: {told:?}", field.name);
        }
        for part in form.not_built {
            assert_eq!(told(part), [Code::NotBuilt], "{part}");
        }
        assert!(unknown.contains(&told("nonsense")[0]), "{}", form.name);
    }
}

#[test]
fn a_word_alone_says_how_each_transaction_is_kept_together() {
    let written = |how: &str| {
        let layout = format!("one: {{ transactions: {how}, services");
        model(&changed(SMALL, "one: { services", &layout)).layouts[0].transactions.clone()
    };
    for word in ["none", "2pc", "saga"] {
        assert_eq!(written(word), written(&format!("{{ each: {word} }}")));
    }
    assert_ne!(written("saga"), written("2pc"));
}
