//! The JSON Schema (draft 2020-12) of the language of scenarios, for editors: whatever the decoder takes it takes, and
//! it refuses what is mistaken in its words, its shape or its units. Names that must be declared elsewhere, and what
//! excludes each other, only `cutline check` knows.

use serde_json::{Map, Value, json};

use super::places::{LAW, ROOT};
use super::values::{
    ANY_TEXT, BANDWIDTH, COUNT, LAW_TEXT, NOTATIONS, Notation, PLAIN, RATE, SHARE, SIZE, TIME,
};
use crate::model::default_value;
use crate::report::json::json;
use crate::scenario::{Field, Form, LeftOut, Shape, fields};

/// Defaults that are told as a part of what they are of, and not as an author writes the field.
const PARTS: [&str; 2] = ["run.warmup", "run.windows"];

/// The schema as a text.
pub fn scenario_schema() -> String {
    let mut definitions = Map::new();
    for kind in NOTATIONS {
        definitions.insert(kind.name.to_string(), kind.schema());
    }
    let mut whole = Map::new();
    for form in fields() {
        match form.name {
            ROOT => whole = of_form(form),
            name => drop(definitions.insert(slug(name), Value::Object(of_form(form)))),
        }
    }
    whole.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    whole.insert("title".into(), "Scenario of cutline".into());
    whole.insert("$defs".into(), Value::Object(definitions));
    json(&whole)
}

/// A name as a part of a reference.
pub(super) fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn of_form(form: &Form) -> Map<String, Value> {
    let properties = form.fields.iter().map(|field| (field.name.to_string(), of_field(field)));
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    schema.insert("description".into(), format!("Fields of {}.", form.what).into());
    schema.insert("properties".into(), Value::Object(properties.collect()));
    schema.insert("additionalProperties".into(), false.into());
    let missed = form.fields.iter().filter(|field| field.left_out == LeftOut::Missed);
    let missed: Vec<&str> = missed.map(|field| field.name).collect();
    if !missed.is_empty() {
        schema.insert("required".into(), json!(missed));
    }
    for field in form.fields {
        if let LeftOut::MissedWithout(other) = field.left_out {
            let either = json!([{ "required": [field.name] }, { "required": [other] }]);
            schema.insert("anyOf".into(), either);
        }
    }
    if form.one_of {
        one_key(&mut schema);
    }
    schema
}

fn one_key(schema: &mut Map<String, Value>) {
    schema.insert("minProperties".into(), 1.into());
    schema.insert("maxProperties".into(), 1.into());
}

fn of_field(field: &Field) -> Value {
    let mut schema = of_shape(&field.shape);
    let mut words = field.help.to_string();
    match field.left_out {
        LeftOut::Missed => {}
        LeftOut::MissedWithout(other) => words += &format!(" Must be there without `{other}`."),
        LeftOut::Default(key) => {
            let default = default_value(key);
            let note = format!("{}; {}", default.note, default.confidence);
            let is_written_so = !PARTS.contains(&key);
            let known = if is_written_so { &default.confidence } else { &note };
            words += &format!(" Left out: `{}` ({known}).", default.value);
            if is_written_so {
                schema.insert("default".into(), typed(&default.value));
            }
        }
        LeftOut::DefaultOf(pattern, several) => {
            let of = |word: &&str| {
                let default = default_value(&pattern.replace('*', word));
                format!("`{}` with `{word}`", default.value)
            };
            let all: Vec<String> = several.iter().map(of).collect();
            words += &format!(" Left out: {}.", all.join(", "));
        }
        // One of several keys, of which another one stands there, needs no word about it.
        LeftOut::Means(meaning) if meaning == crate::scenario::ANOTHER_KEY => {}
        LeftOut::Means(meaning) => words += &format!(" Left out: {meaning}."),
    }
    schema.insert("description".into(), words.into());
    Value::Object(schema)
}

/// The value that an editor writes for a default.
fn typed(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Number(number)) => Value::Number(number),
        _ => text.into(),
    }
}

fn of_shape(shape: &Shape) -> Map<String, Value> {
    let schema = match shape {
        Shape::Text | Shape::Name => json!({ "type": ANY_TEXT }),
        Shape::Truth => json!({ "enum": [true, false, "true", "false"] }),
        Shape::Whole => of_notation(&COUNT),
        Shape::Number => of_notation(&PLAIN),
        Shape::Share => of_notation(&SHARE),
        Shape::Size => of_notation(&SIZE),
        Shape::Duration => of_notation(&TIME),
        Shape::Rate => of_notation(&RATE),
        Shape::Bandwidth => of_notation(&BANDWIDTH),
        Shape::Law => json!({ "anyOf": [of_notation(&LAW_TEXT), refers_to(LAW)] }),
        Shape::Word(words) => of_words(words),
        Shape::Map(form) => refers_to(form),
        Shape::Named(inner) => {
            json!({ "type": "object", "additionalProperties": of_shape(inner) })
        }
        Shape::Keyed(words, inner) => {
            let keys = words.iter().map(|word| (word.to_string(), of_shape(inner).into()));
            let keys: Map<String, Value> = keys.collect();
            let mut schema = Map::new();
            schema.insert("type".into(), "object".into());
            schema.insert("properties".into(), keys.into());
            schema.insert("additionalProperties".into(), false.into());
            one_key(&mut schema);
            schema.into()
        }
        Shape::List(inner) => json!({ "type": "array", "items": of_shape(inner) }),
        Shape::Either(several) => of_several(several),
        Shape::Nothing => json!({ "type": "null" }),
    };
    match schema {
        Value::Object(schema) => schema,
        other => unreachable!("the schema of a shape is a map, not {other}"),
    }
}

/// Any of several shapes; words beside each other are one list of words.
fn of_several(several: &[Shape]) -> Value {
    let words = several.iter().flat_map(|shape| match shape {
        Shape::Word(words) => words,
        _ => &[][..],
    });
    let words: Vec<&str> = words.copied().collect();
    let others = several.iter().filter(|shape| !matches!(shape, Shape::Word(_)));
    let mut all: Vec<Value> = others.map(|shape| of_shape(shape).into()).collect();
    if !words.is_empty() {
        all.insert(0, of_words(&words));
    }
    match all.as_slice() {
        [only] => only.clone(),
        _ => json!({ "anyOf": all }),
    }
}

/// A word that is a number may be written as one.
fn of_words(words: &[&str]) -> Value {
    let numbers = words.iter().map(|word| typed(word)).filter(Value::is_number);
    let words = words.iter().map(|word| Value::from(*word));
    json!({ "enum": numbers.chain(words).collect::<Vec<_>>() })
}

fn of_notation(kind: &Notation) -> Value {
    refers_to(kind.name)
}

fn refers_to(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{}", slug(name)) })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn forms_and_kinds_of_values_have_definitions_of_their_own() {
        let names: Vec<String> = fields().iter().map(|form| slug(form.name)).collect();
        let kinds = NOTATIONS.map(|kind| kind.name.to_string());
        let all: BTreeSet<&String> = names.iter().chain(&kinds).collect();
        assert_eq!(all.len(), names.len() + kinds.len());
    }
}
