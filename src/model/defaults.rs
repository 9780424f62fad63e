//! Defaults that enter a result: each with unit, source, date and confidence, from `data/defaults.csv`.

use std::sync::LazyLock;

/// One default value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Default {
    /// Group and name, as `network.rtt_same_zone`.
    pub key: String,
    /// Value as an author would write it, unit included.
    pub value: String,
    /// `seen`, `derived`, `unverified`, …
    pub confidence: String,
    /// Day of the source, or of its reading.
    pub as_of: String,
    /// Where it was seen.
    pub source: String,
    /// Remarks.
    pub note: String,
}

/// A default that entered the model and the place it filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultUse {
    /// Path of the scenario that was left out.
    pub path: String,
    /// Key in the table of defaults.
    pub key: &'static str,
}

/// The table, in file order.
pub static DEFAULTS: LazyLock<Vec<Default>> =
    LazyLock::new(|| parse(include_str!("../../data/defaults.csv")));

/// The default called `key`. Asserts that it is there: the table ships with the program.
pub fn default_value(key: &str) -> &'static Default {
    let found = DEFAULTS.iter().find(|default| default.key == key);
    assert!(found.is_some(), "data/defaults.csv has no row {key}");
    found.unwrap_or(&DEFAULTS[0])
}

fn parse(text: &str) -> Vec<Default> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .records()
        .filter_map(Result::ok)
        .map(|row| {
            let cell = |index: usize| row.get(index).unwrap_or_default().trim().to_string();
            Default {
                key: cell(0),
                value: cell(1),
                confidence: cell(2),
                as_of: cell(3),
                source: cell(4),
                note: cell(5),
            }
        })
        .collect()
}
