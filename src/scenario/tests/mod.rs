//! Whole scenarios, good and bad.

mod good;

use super::{Reading, Refused, read};

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
    read(text, "test.yaml", &[], &no_files)
}

/// The model of a text that must read.
fn model(text: &str) -> crate::model::Model {
    reading(text).model
}

fn reading(text: &str) -> Reading {
    read_text(text).unwrap_or_else(|refused| panic!("{refused}"))
}

/// `text` with `from` replaced, which must be there.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in the text");
    text.replacen(from, to, 1)
}
