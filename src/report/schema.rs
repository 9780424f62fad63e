//! The published schemas of what is saved, derived from the findings themselves: a field and its description cannot
//! drift apart. `docs/` has them, and a test holds those fresh.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};

use super::json::json;
use crate::study::{CalibrationFindings, RunFindings, SweepFindings};

/// The JSON Schema (draft 2020-12) of results.json.
pub fn results_schema() -> String {
    schema::<RunFindings>("results.json of cutline")
}

/// The JSON Schema (draft 2020-12) of a sweep's JSON.
pub fn sweep_schema() -> String {
    schema::<SweepFindings>("JSON of a sweep of cutline")
}

/// The JSON Schema (draft 2020-12) of calibration.json.
pub fn calibration_schema() -> String {
    schema::<CalibrationFindings>("calibration.json of cutline")
}

fn schema<T: JsonSchema>(title: &str) -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    RecursiveTransform(on_one_line).transform(&mut schema);
    json(&schema)
}

/// Lines of a comment are broken for readers of the sources.
fn on_one_line(schema: &mut Schema) {
    let words = schema.get("description").and_then(|words| words.as_str());
    if let Some(words) = words.map(|words| words.replace('\n', " ")) {
        schema.insert("description".to_owned(), words.into());
    }
}
