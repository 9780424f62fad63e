//! The published schemas: fresh, whole, and true of real results.

use std::path::Path;

use cutline::report::{Told, calibration_schema, results_schema, scenario_schema, sweep_schema};
use cutline::scenario::read_measured;
use cutline::study::{CalibrationFindings, CalibrationOptions, Subject, calibrate};
use serde_json::{Map, Value};

use super::{SHOP, SMALL, Silent, document, no_files, runs, sweep};

/// Set to write the schemas in docs/ anew.
const WRITE: &str = "CUTLINE_WRITE_SCHEMAS";

fn published() -> [(&'static str, String); 3] {
    [
        ("results.schema.json", results_schema()),
        ("sweep.schema.json", sweep_schema()),
        ("calibration.schema.json", calibration_schema()),
    ]
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

#[test]
fn the_published_schemas_are_those_of_the_findings() {
    let language = ("scenario.schema.json", scenario_schema());
    for (name, schema) in published().into_iter().chain([language]) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(&path, &schema).expect("docs can be written");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == schema,
            "docs/{name} is stale: `{WRITE}=1 cargo test schemas_are` writes it"
        );
    }
}

/// Calls `look` with every schema of a document that has properties, and its place.
fn objects(place: &str, schema: &Value, look: &mut dyn FnMut(&str, &Map<String, Value>)) {
    match schema {
        Value::Object(keys) => {
            if let Some(properties) = keys.get("properties").and_then(Value::as_object) {
                look(place, properties);
            }
            keys.iter().for_each(|(key, below)| objects(&format!("{place}/{key}"), below, look));
        }
        Value::Array(items) => items.iter().for_each(|below| objects(place, below, look)),
        _ => {}
    }
}

#[test]
fn every_field_is_described_in_plain_words() {
    for (name, schema) in published() {
        let mut fields = 0;
        objects("", &parsed(&schema), &mut |place, properties| {
            for (field, schema) in properties {
                let words = schema["description"].as_str().unwrap_or_default();
                assert!(words.len() > 4, "{name}: {place}/{field} has no description");
                // What only readers of the sources understand.
                for sign in ["::", "`None`", "[`", "](", "\n"] {
                    assert!(!words.contains(sign), "{name}: {place}/{field}: {words}");
                }
                fields += 1;
            }
        });
        let fewest = if name.starts_with("calibration") { 50 } else { 100 };
        assert!(fields > fewest, "{name}: {fields} fields");
    }
}

/// Whether a description names a unit in the way of these files.
fn names_a_unit(words: &str) -> bool {
    ["(s)", "(ns)", "[1/s]", "(currency)", "hare", "obability", "umber", "ount", "unit"]
        .iter()
        .any(|sign| words.contains(sign))
}

#[test]
fn every_quantity_has_its_unit_in_its_name_or_its_description() {
    for (name, schema) in published() {
        let schema = parsed(&schema);
        objects("", &schema, &mut |place, properties| {
            for (field, found) in properties {
                let text = found.to_string();
                let is_quantity = text.contains("#/$defs/Estimate") || text.contains("\"double\"");
                let whole = place.rsplit('/').next().unwrap_or_default();
                let words = &parsed(&text)["description"];
                let around = schema["$defs"][whole]["description"].as_str().unwrap_or_default();
                let words = format!("{} {around}", words.as_str().unwrap_or_default());
                assert!(!is_quantity || names_a_unit(&words), "{name}: {place}/{field}: {words}");
            }
        });
    }
}

#[test]
fn real_results_follow_the_schema_and_have_no_field_that_it_does_not_know() {
    let schema = parsed(&results_schema());
    for (name, found) in runs() {
        let problems = problems(&schema, &parsed(&found.json()));
        assert!(problems.is_empty(), "{name}: {problems:#?}");
    }
    let found = problems(&parsed(&sweep_schema()), &parsed(&sweep().json()));
    assert!(found.is_empty(), "{found:#?}");
    let found = calibration();
    let found_problems = problems(&parsed(&calibration_schema()), &parsed(&found.json()));
    assert!(found_problems.is_empty(), "{found_problems:#?}");
    assert!(
        serde_json::from_str(&found.json()).is_ok_and(|again: CalibrationFindings| again == found)
    );
}

/// A calibration with a cost that stays open, a default, and a load that is not carried.
fn calibration() -> CalibrationFindings {
    let document = document(SHOP);
    let reading = document.model(&no_files).unwrap_or_else(|refused| panic!("{refused}"));
    let layout = &*reading.model.layouts[0].name;
    let csv = format!(
        "case,layout,clients,rate_per_s,mean_ms\nlone,{layout},1,,20\nbusy,{layout},4,,30\nflood,{layout},,90000,\n"
    );
    let context = (&reading.model, &reading.sources);
    let measured = read_measured(csv.as_bytes(), "m.csv", context, 0.03);
    let measured = measured.unwrap_or_else(|refused| panic!("{refused}"));
    let options =
        CalibrationOptions { measured: "m.csv".into(), error: 0.03, draws: 2, only: Vec::new() };
    let mut short = document.clone();
    short.edit(SMALL.0, SMALL.1).unwrap_or_else(|refused| panic!("{refused}"));
    let subject = Subject::new(&short, &no_files);
    calibrate(subject, &measured, &options, &Silent).expect("it can be fitted")
}

#[test]
fn what_does_not_follow_the_schema_is_seen() {
    let schema = parsed(&results_schema());
    let (_, found) = &runs()[0];
    let whole = found.json();
    for (from, to) in [
        ("\"format\": 2", "\"format\": 3"),
        ("\"verdict\": \"stable\"", "\"verdict\": \"stabile\""),
        ("\"replications\": 2", "\"replications\": -2"),
        ("\"replications\": 2", "\"replications\": 2.5"),
        ("\"converged\": true", "\"converged\": 1"),
        ("\"converged\": true,", ""),
        ("\"converged\": true", "\"converged\": true, \"konverged\": true"),
        ("\"simulated_seconds\": 1.0", "\"simulated_seconds\": null"),
        ("\"group\": \"nodes\"", "\"group\": \"knots\""),
        ("\"ci95\": [", "\"ci95\": [1.0, "),
    ] {
        if whole.contains(from) {
            let touched = whole.replacen(from, to, 1);
            assert_ne!(problems(&schema, &parsed(&touched)), [""; 0], "{to}");
        }
    }
    assert!(
        whole.contains("\"verdict\": \"stable\"") && whole.contains("\"simulated_seconds\": 1.0")
    );
}

/// Where and how a document does not follow the schema. Fields that an object's schema does not list are
/// problems, too, and so is every keyword that is not known here.
fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let mut check = Check { definitions: &schema["$defs"], problems: Vec::new() };
    check.value("", schema, document);
    check.problems
}

struct Check<'a> {
    definitions: &'a Value,
    problems: Vec<String>,
}

impl<'a> Check<'a> {
    fn hold(&mut self, place: &str, holds: bool, keyword: &str, found: &Value) {
        if !holds {
            let found: String = found.to_string().chars().take(80).collect();
            self.problems.push(format!("{place}: {keyword}: {found}"));
        }
    }

    fn value(&mut self, place: &str, schema: &'a Value, found: &Value) {
        let Some(keywords) = schema.as_object() else {
            return self.hold(place, *schema == Value::Bool(true), "no schema", found);
        };
        for (keyword, says) in keywords {
            match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" | "format" => {}
                // Looked at together with `properties`.
                "additionalProperties" if keywords.contains_key("properties") => {}
                "$ref" => {
                    let name = says.as_str().and_then(|path| path.strip_prefix("#/$defs/"));
                    let name = name.unwrap_or_else(|| panic!("{place}: {says} leads elsewhere"));
                    let definitions = self.definitions;
                    self.value(place, &definitions[name], found);
                }
                "type" => {
                    let holds = match says {
                        Value::Array(kinds) => kinds.iter().any(|kind| is_of(kind, found)),
                        kind => is_of(kind, found),
                    };
                    self.hold(place, holds, "type", found);
                }
                "const" => self.hold(place, says == found, "const", found),
                "enum" => {
                    let holds = says.as_array().is_some_and(|known| known.contains(found));
                    self.hold(place, holds, "enum", found);
                }
                "anyOf" | "oneOf" => self.one_of(place, says, found),
                "minimum" => {
                    let below = found.as_f64().zip(says.as_f64()).is_some_and(|(a, b)| a < b);
                    self.hold(place, !below, "minimum", found);
                }
                "maximum" => {
                    let above = found.as_f64().zip(says.as_f64()).is_some_and(|(a, b)| a > b);
                    self.hold(place, !above, "maximum", found);
                }
                "minItems" => {
                    let short =
                        found.as_array().is_some_and(|all| (all.len() as u64) < number(says));
                    self.hold(place, !short, "minItems", found);
                }
                "maxItems" => {
                    let long = found.as_array().is_some_and(|all| all.len() as u64 > number(says));
                    self.hold(place, !long, "maxItems", found);
                }
                "items" => {
                    for (index, item) in found.as_array().into_iter().flatten().enumerate() {
                        self.value(&format!("{place}/{index}"), says, item);
                    }
                }
                "required" => {
                    for name in says.as_array().into_iter().flatten().filter_map(Value::as_str) {
                        let missing = found.as_object().is_some_and(|all| !all.contains_key(name));
                        self.hold(place, !missing, "required", &Value::from(name));
                    }
                }
                "properties" => self.properties(place, says, found),
                "additionalProperties" => {
                    for (name, below) in found.as_object().into_iter().flatten() {
                        self.value(&format!("{place}/{name}"), says, below);
                    }
                }
                other => panic!("{place}: the keyword {other} is not known to this test"),
            }
        }
    }

    fn properties(&mut self, place: &str, known: &'a Value, found: &Value) {
        for (name, below) in found.as_object().into_iter().flatten() {
            match known.get(name) {
                Some(schema) => self.value(&format!("{place}/{name}"), schema, below),
                None => self.hold(place, false, "unknown field", &Value::from(name.as_str())),
            }
        }
    }

    fn one_of(&mut self, place: &str, schemas: &'a Value, found: &Value) {
        let schemas = schemas.as_array().expect("a list of schemas");
        let mut first = None;
        for schema in schemas {
            let mut alone = Check { definitions: self.definitions, problems: Vec::new() };
            alone.value(place, schema, found);
            if alone.problems.is_empty() {
                return;
            }
            first = first.or(alone.problems.into_iter().next());
        }
        self.problems.extend(first);
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a count")
}

fn is_of(kind: &Value, found: &Value) -> bool {
    match kind.as_str() {
        Some("null") => found.is_null(),
        Some("boolean") => found.is_boolean(),
        Some("string") => found.is_string(),
        Some("number") => found.is_number(),
        Some("integer") => found.is_u64() || found.is_i64(),
        Some("array") => found.is_array(),
        Some("object") => found.is_object(),
        other => panic!("the type {other:?} is not known to this test"),
    }
}
