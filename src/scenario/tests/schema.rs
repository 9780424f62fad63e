//! The schema for editors takes whatever reads, and refuses what is mistaken in its words, its shape or its units.

use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Number, Value as Json};

use super::*;
use crate::scenario::node::{Node, Value};
use crate::scenario::{Document, LeftOut, fields};

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema = published();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
});

/// As it ships, which a test holds to what it is made from.
fn published() -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The tree as an editor sees it: plain scalars are what the core schema of YAML 1.2 takes them for.
fn seen(node: &Node) -> Json {
    match &node.value {
        Value::Scalar { text, plain } if *plain => plain_scalar(text),
        Value::Scalar { text, .. } => Json::from(text.as_str()),
        Value::List(items) => items.iter().map(seen).collect(),
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.to_string(), seen(&entry.value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
    }
}

fn plain_scalar(text: &str) -> Json {
    let is_number = text.bytes().all(|byte| b"0123456789.eE+-".contains(&byte));
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        _ => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(whole), _) => Json::from(whole),
            (_, Ok(number)) if is_number => {
                Number::from_f64(number).map_or(Json::Null, Json::Number)
            }
            _ => Json::from(text),
        },
    }
}

/// What an editor would say of a scenario.
fn said(document: &Document) -> Vec<String> {
    let seen = seen(document.root());
    let errors = SCHEMA.iter_errors(&seen);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn said_of(text: &str) -> Vec<String> {
    said(&Document::parse(text, "test.yaml").unwrap_or_else(|refused| panic!("{refused}")))
}

/// Every text of these tests that reads comes by here.
pub(super) fn must_take(text: &str, edits: &[Edit]) {
    let mut document = Document::parse(text, "test.yaml").unwrap();
    for Edit { path, value } in edits {
        document.edit(path, value).unwrap();
    }
    let said = said(&document);
    assert!(said.is_empty(), "{said:#?}\n{text}\n{edits:?}");
}

/// Every scenario below a folder.
fn scenarios(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scenarios(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_scenario_of_the_repository_is_taken() {
    let mut found = Vec::new();
    for folder in ["scenarios", "data", "tests", "src", "benches"] {
        scenarios(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    assert!(found.len() >= 10, "{}", found.len());
    found.iter().for_each(|text| assert_eq!(said_of(text), [""; 0], "{text}"));
}

#[test]
fn what_is_mistaken_in_a_word_a_shape_or_a_unit_is_refused_where_it_stands() {
    let mistakes = [
        ("cutline: 1", "cutline: 2", "/cutline"),
        ("layouts:", "lay_outs:", ""),
        ("cpu: { exp: 1ms }", "cpu: { exp: 1 }", "operations/go/0/cpu"),
        ("cpu: { exp: 1ms }", "cpu: { expo: 1ms }", "operations/go/0/cpu"),
        ("cpu: { exp: 1ms }", "cpu: expo(1ms)", "operations/go/0/cpu"),
        ("cpu: { exp: 1ms }", "cpuu: 1ms", "operations/go/0"),
        ("cpu: { exp: 1ms }", "{ cpu: 1ms, wait: 1ms }", "operations/go"),
        ("cpu: { exp: 1ms }", "fail: 30", "operations/go/0/fail"),
        ("cpu: { exp: 1ms }", "read: { table: t, row: 3 }", "operations/go/0/read"),
        ("cpu: { exp: 1ms }", "repeat: { do: [] }", "operations/go/0/repeat"),
        ("poisson: 1/s", "poisson: 1", "arrivals/poisson"),
        ("poisson: 1/s", "poison: 1/s", "/workload/arrivals"),
        ("poisson: 1/s", "closed: { users: many, think: 1s }", "closed/users"),
        ("{ call: a.go }", "{ call: a.go, client: moon }", "endpoints/go"),
        ("cpu: 2, threads: 4", "cpu: two", "services/a/cpu"),
        ("cpu: 2, threads: 4", "threads: asynchronous", "services/a/threads"),
        ("cpu: 2, threads: 4", "memory: 4", "services/a/memory"),
        ("cpu: 2, threads: 4", "balancing: fair", "services/a/balancing"),
        ("services: { a", "databases: { d: { storage: { gp3: 1 } } }, services: { a", "/storage"),
        ("services: { a", "servces: { a", "/layouts/one"),
        ("network: none", "network: { same_zone: { bandwidth: 10 } }", "/platform"),
        ("network: none", "network: nothing", "/platform"),
        ("name: small", "name: ", "/name"),
    ];
    for (from, to, place) in mistakes {
        let text = changed(SMALL, from, to);
        assert!(!model_reads(&text), "{to}");
        let said = said_of(&text);
        // Of several shapes that a value may have none fits: that is said of the value.
        assert!(
            said.iter().any(|said| said.split(':').next().unwrap().contains(place)),
            "{said:?}\n{to}"
        );
        assert_eq!(said_of(SMALL), [""; 0]);
    }
}

fn model_reads(text: &str) -> bool {
    read(text, "test.yaml", &[], &no_files).is_ok()
}

/// How quantities may be written, as the tests of units have it.
#[test]
fn every_way_to_write_a_quantity_is_taken_and_nothing_else_is() {
    let cases: [(&str, &[&str], &[&str]); 7] = [
        (
            "poisson",
            &["1/s", "2k/s", "3 / min", "1.5M/d", "9.4e-05/s", "1_000/h"],
            &["1", "1/w", "s"],
        ),
        (
            "think",
            &[
                "1ms",
                "1.5 us",
                "1µs",
                "1μs",
                "1h30min",
                "1 h 30 min",
                ".5s",
                "2E-3s",
                "exp(1s)",
                "lognormal(p50 1ms, p99 2ms)",
                " exp (1s)",
            ],
            &["1", "1m", "1ms2", "soon", "ex(1s)", "exp"],
        ),
        (
            "users",
            &["1", "1_000", "2M", "1.5k", "3 G", "1e3", "\"7\""],
            &["1x", "some", "-1", "2MiB"],
        ),
        ("memory", &["1B", "1.5KiB", "2 GB", "1kB", "3TiB"], &["1", "1Gi", "1gb", "0"]),
        ("bandwidth", &["10Gbit/s", "1.25GB/s", "5 Mbit/s", "none"], &["10", "10Gbit", "1Gb/s"]),
        ("failure", &["30%", "0.3", "1", "0", "0.2 %"], &["30", "-1%", "half"]),
        ("skew", &["0", "1.5", "2e-1", "\"1\""], &["1%", "one", "-1"]),
    ];
    for (field, good, bad) in cases {
        let text = |value: &str| {
            let of = |name: &str, usual: &str| {
                format!("{name}: {}", if name == field { value } else { usual })
            };
            format!(
                "cutline: 1\nname: q\napplication:\n  externals: {{ e: {{ latency: 1s, {} }} }}\n  modules: {{ a: {{ \
                 tables: {{ t: {{ rows: 1, row_size: 1B, {} }} }}, operations: {{ go: [ read: t, external: e ] }} }} \
                 }}\nworkload:\n  endpoints:\n    go: {{ call: a.go, arrivals: {{ {} }} }}\n    \
                 to: {{ call: a.go, arrivals: {{ closed: {{ {}, {} }} }} }}\nlayouts:\n  one:\n    services: {{ a: {{ \
                 {} }} }}\n    databases: {{ a: {{ cpu: 1, memory: 8GiB }} }}\nplatform: {{ network: {{ same_zone: \
                 {{ {} }} }} }}\n",
                of("failure", "1%"),
                of("skew", "0"),
                of("poisson", "1/s"),
                of("users", "1"),
                of("think", "\"exp(1s)\"")
                    .replace(": lognormal(p50 1ms, p99 2ms)", ": \"lognormal(p50 1ms, p99 2ms)\""),
                of("memory", "1GiB"),
                of("bandwidth", "1GB/s"),
            )
        };
        for value in good {
            assert!(model_reads(&text(value)), "{field}: {value}: {}", mistakes(text(value)));
            assert_eq!(said_of(&text(value)), [""; 0], "{field}: {value}");
        }
        for value in bad {
            assert!(!model_reads(&text(value)), "{field}: {value}");
            assert_ne!(said_of(&text(value)), [""; 0], "{field}: {value}");
        }
    }
}

/// A default is written as an author would: what the schema says of it, it takes.
#[test]
fn every_default_is_taken_by_the_schema_of_its_field() {
    let schema = published();
    let mut count = 0;
    for form in fields().into_iter().filter(|form| form.name != "scenario") {
        let slug = form.name.to_lowercase().replace(' ', "-");
        let properties = &schema["$defs"][slug]["properties"];
        for field in form.fields {
            let mut alone = properties[field.name].clone();
            let described = alone["description"].as_str().unwrap();
            assert!(described.starts_with(field.help), "{described}: {}", field.help);
            if let (LeftOut::Default(key), Some(default)) = (field.left_out, alone.get("default")) {
                let default = default.clone();
                let text = default.as_str().map_or(default.to_string(), str::to_string);
                assert_eq!(text, crate::model::default_value(key).value);
                alone["$defs"] = schema["$defs"].clone();
                assert!(jsonschema::is_valid(&alone, &default), "{key}: {default}");
                count += 1;
            }
        }
    }
    assert!(count > 30, "{count}");
}
