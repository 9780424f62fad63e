//! Words in quotes: they mean what they mean without, so whole scenarios can be written as JSON.

use super::super::node::{Node, Value};
use super::*;
use crate::scenario::Document;

/// A tree as JSON; every word and number in quotes.
fn json(node: &Node) -> String {
    let quoted = |text: &str| serde_json::to_string(text).expect("a text is JSON");
    match &node.value {
        _ if node.is_empty() => "null".to_string(),
        Value::Scalar { text, .. } => quoted(text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            let entry = entries
                .iter()
                .map(|entry| format!("{}: {}", quoted(&entry.key), json(&entry.value)));
            format!("{{{}}}", entry.collect::<Vec<_>>().join(",\n"))
        }
    }
}

/// The fingerprint of a text that reads.
fn fingerprint(text: &str, name: &str) -> crate::random::Key {
    let beside = |file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
        std::fs::read_to_string(path).map_err(|error| error.to_string())
    };
    let found = read(text, name, &[], &beside).unwrap_or_else(|refused| panic!("{refused}"));
    found.model.fingerprint
}

#[test]
fn every_shipped_scenario_as_json_with_all_words_in_quotes_is_the_same_scenario() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of scenarios") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = std::fs::read_to_string(&path).expect("a scenario");
            let name = path.display().to_string();
            let document = Document::parse(&text, &name).expect("it reads");
            let written = json(document.root());
            assert_eq!(fingerprint(&written, &name), fingerprint(&text, &name), "{name}");
            count += 1;
        }
    }
    assert!(count >= 7, "{count} scenarios");
}

#[test]
fn words_in_quotes_mean_what_they_mean_without() {
    let text = "cutline: 1\nname: words\n\
        application: { modules: { m: { operations: { read: [ cpu: 1ms ] } } } }\n\
        workload: { arrivals: { poisson: 100/s }, endpoints: { get: { call: m.read } } }\n\
        layouts: { one: { services: { m: { modules: all, cpu: 1, threads: async, queue: none } } } }\n\
        platform: { prices: none, network: none, context_switch: none }\n";
    let quoted = text
        .replace(": all", ": \"all\"")
        .replace(": async", ": 'async'")
        .replace(": none", ": \"none\"");
    assert_ne!(quoted, text);
    assert_eq!(fingerprint(&quoted, "quoted"), fingerprint(text, "plain"));
    // The word for nothing is a text in quotes: it leaves nothing out.
    let (before, _) = text.split_once("platform").expect("it is there");
    assert!(read_text(&format!("{before}platform: null\n")).is_ok());
    assert!(read_text(&format!("{before}platform: \"null\"\n")).is_err());
}
