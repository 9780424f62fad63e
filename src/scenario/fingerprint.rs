//! The fingerprint of a resolved scenario: a number that changes with whatever enters a result, and with
//! nothing else.
//!
//! It is taken of a canonical text, not of structures of the program, so no field, no order of fields and
//! no compiler moves it: the tree with edits made and aliases followed, without what says no more than its default,
//! maps sorted by key where their order means nothing; the files that the scenario names; every price; every
//! default that was used, be it written or left out.
//! Comments, quotes, layout of the text, YAML or JSON are no part of it.

use super::meant::meant;
use super::node::{Node, Value};
use super::written::WrittenDefaults;
use crate::model::{Model, Prices, default_value};
use crate::random::Key;

/// Words that mean the same in quotes.
const WORDS: [&str; 3] = ["none", "all", "async"];
/// Words that mean something else in quotes.
const PLAIN_WORDS: [&str; 4] = ["", "~", "null", "<<"];

/// The fingerprint of a scenario that was read as `model`. `files`: those that it names, by name.
pub(super) fn fingerprint(
    root: &Node,
    files: &[(String, String)],
    model: &Model,
    written: &WrittenDefaults,
) -> Key {
    let mut text = String::new();
    write_node(&mut text, &meant(root, written), &[]);
    let mut files: Vec<&(String, String)> = files.iter().collect();
    files.sort();
    files.dedup();
    for (name, content) in files {
        write_text(&mut text, name);
        write_text(&mut text, content);
    }
    let defaults = model.defaults_used.iter().chain(written.used());
    let mut defaults: Vec<(&str, &str)> =
        defaults.map(|used| (used.path.as_str(), used.key)).collect();
    defaults.sort_unstable();
    defaults.dedup();
    for (path, key) in defaults {
        write_text(&mut text, path);
        write_text(&mut text, &default_value(key).value);
    }
    if let Some(prices) = &model.platform.prices {
        write_prices(&mut text, prices);
    }
    Key(0).named(&text)
}

/// A part of the tree that stands at `path`. Every part says its kind and its length, so that no two trees
/// have one text.
fn write_node(text: &mut String, node: &Node, path: &[&str]) {
    match &node.value {
        Value::Scalar { text: scalar, plain } => {
            let is_one_of = |words: &[&str]| words.contains(&scalar.as_str());
            let word = is_one_of(&WORDS) || (*plain && is_one_of(&PLAIN_WORDS));
            text.push(if word { 'w' } else { 's' });
            write_text(text, scalar);
        }
        Value::List(items) => {
            *text += &format!("l{}", items.len());
            items.iter().for_each(|item| write_node(text, item, &[path, &["-"]].concat()));
        }
        Value::Map(entries) => {
            *text += &format!("m{}", entries.len());
            let mut entries: Vec<_> = entries.iter().collect();
            if !order_counts(path) {
                entries.sort_by(|a, b| a.key.value.cmp(&b.key.value));
            }
            for entry in entries {
                write_text(text, &entry.key);
                write_node(text, &entry.value, &[path, &[entry.key.as_str()]].concat());
            }
        }
    }
}

/// Whether the order of a map's entries enters the results: a request is assigned to an endpoint by where
/// its draw falls among their shares.
fn order_counts(path: &[&str]) -> bool {
    path == ["workload", "endpoints"]
}

fn write_prices(text: &mut String, prices: &Prices) {
    write_text(text, &prices.name);
    write_text(text, &prices.currency);
    for price in &prices.prices {
        for part in [&price.kind, &price.item, &price.unit, &price.as_of, &price.source] {
            write_text(text, part);
        }
        // Numbers by their bits: how they are printed may change.
        let cores = price.vcpu.map(f64::to_bits);
        let memory = price.memory.map(|memory| memory.0);
        for number in [cores, memory, Some(price.price.0.to_bits())] {
            write_text(text, &number.map_or(String::new(), |number| number.to_string()));
        }
    }
}

fn write_text(text: &mut String, part: &str) {
    *text += &format!("{}:{part}", part.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DefaultUse;
    use crate::scenario::Document;

    /// The scenario and a fingerprint of it and a changed model.
    fn changed(change: impl Fn(&mut Model)) -> Key {
        let text = "cutline: 1\nname: one\n\
            application: { modules: { a: { tables: { t: { rows: 5k, row_size: 1KiB } }, operations: { go: [ read: t ] } } } }\n\
            workload: { arrivals: { poisson: 5/s }, endpoints: { go: { call: a.go } } }\n\
            layouts: { one: { services: { s: { modules: all, cpu: 1 } }, databases: { d: { tables: all, class: db.m6i.large, storage: { gp3: 10GiB } } } } }\n\
            platform: { prices: aws-us-east-1 }\n";
        let document = Document::parse(text, "one.yaml").unwrap();
        let mut model = document.model(&|_| Err("no file".into())).unwrap().model;
        assert!(!model.defaults_used.is_empty() && model.platform.prices.is_some());
        change(&mut model);
        let root = Node::scalar("same", crate::model::Span::NOWHERE);
        fingerprint(&root, &[], &model, &WrittenDefaults::default())
    }

    #[test]
    fn every_price_and_every_default_that_entered_counts() {
        let price = |model: &mut Model| {
            let prices = model.platform.prices.as_mut().unwrap();
            prices.prices.last_mut().unwrap().price.0 *= 1.000_001;
        };
        let size = |model: &mut Model| {
            let prices = model.platform.prices.as_mut().unwrap();
            let machine = prices.prices.iter_mut().find(|price| price.vcpu.is_some()).unwrap();
            machine.vcpu = machine.vcpu.map(|cores| cores + 1.0);
        };
        let fewer = |model: &mut Model| drop(model.defaults_used.pop());
        let other = |model: &mut Model| {
            model.defaults_used[0] = DefaultUse { key: "call.reply", path: "elsewhere".into() };
        };
        let same = changed(|_| {});
        let all = [same, changed(price), changed(size), changed(fewer), changed(other)];
        for (index, key) in all.iter().enumerate() {
            assert!(!all[..index].contains(key), "change {index} is not seen");
        }
        // The order in which the reader came upon them is no part of it.
        assert_eq!(same, changed(|model| model.defaults_used.reverse()));
    }

    #[test]
    fn a_file_that_is_named_counts_by_its_content_and_in_any_order() {
        let root = Node::scalar("same", crate::model::Span::NOWHERE);
        let file = |name: &str, text: &str| (name.to_string(), text.to_string());
        let text = include_str!("../../tests/determinism/work.yaml");
        let document = Document::parse(text, "work.yaml").unwrap();
        let model = document.model(&|_| Err("no file".into())).unwrap().model;
        let of = |files: &[(String, String)]| {
            fingerprint(&root, files, &model, &WrittenDefaults::default())
        };
        let (a, b) = (file("a.csv", "1ms"), file("b.csv", "2ms"));
        assert_eq!(of(&[a.clone(), b.clone()]), of(&[b.clone(), a.clone(), a.clone()]));
        assert_ne!(of(&[a.clone(), b]), of(&[a, file("b.csv", "3ms")]));
    }
}
