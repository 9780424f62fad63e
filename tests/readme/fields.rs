//! The fields that the pages name.

use std::collections::BTreeSet;

use cutline::model::default_value;
use cutline::scenario::{Form, LeftOut, Shape, fields};

use super::{quoted, section, table};

fn form(name: &str) -> &'static Form {
    let found = fields().into_iter().find(|form| form.name == name);
    found.unwrap_or_else(|| panic!("no form is called {name}"))
}

/// Every word that a shape takes.
fn words(shape: &Shape) -> Vec<&'static str> {
    match shape {
        Shape::Word(words) => words.to_vec(),
        Shape::Either(several) => several.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_table_of_waiting_lines_names_fields_of_a_service() {
    for row in table("waiting") {
        let field = quoted(row[0]).next().and_then(|text| text.split(':').next());
        let field = field.unwrap_or_else(|| panic!("no field in {row:?}"));
        assert!(form("service").has(field), "a service has no `{field}`");
    }
}

#[test]
fn the_table_of_limits_has_every_limit_with_its_default() {
    let rows = table("limits");
    let shown =
        rows.iter().map(|row| (quoted(row[0]).next().expect("a name"), row[1].replace(' ', "")));
    let default = |left_out| match left_out {
        LeftOut::Default(key) => default_value(key).value.clone(),
        other => panic!("a limit has a default, not {other:?}"),
    };
    let limits = form("limits").fields.iter();
    let limits = limits.map(|field| (field.name, default(field.left_out)));
    assert_eq!(shown.collect::<Vec<_>>(), limits.collect::<Vec<_>>());
}

/// What is in back-ticks there is a field of a layout, a service or a database, or a word that one takes.
#[test]
fn the_paragraph_about_layouts_names_fields_and_words_that_there_are() {
    let forms = ["layout", "service", "database"].map(form);
    let own = forms.iter().flat_map(|form| form.fields);
    let mut known: BTreeSet<&str> = own.clone().map(|field| field.name).collect();
    known.extend(own.flat_map(|field| words(&field.shape)));
    known.extend(["each", "grpc", "rest_json"]);
    let about_layouts = section("docs/language.md", "Layouts").trim_start();
    let paragraph = about_layouts.split("\n\n").next().expect("it ends");
    let named: Vec<&str> = quoted(paragraph).collect();
    assert!(named.len() > 20, "{named:?}");
    let unknown: Vec<&&str> = named.iter().filter(|name| !known.contains(**name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
