//! The oracle file: models with their exact answers.

use std::sync::OnceLock;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The file as it is: cases with exact answers that two independent methods agree on, and the rule by
/// which a tool passes.
pub const ORACLES: &str = include_str!("../../tests/oracles.json");

/// A model and its exact answers.
#[derive(Debug, Clone, Deserialize)]
pub struct Oracle {
    /// Unique name.
    pub id: String,
    /// The model in the words of queueing theory.
    pub model: String,
    /// What is to be built, in words.
    pub scenario: String,
    /// `exact`: a closed form or proven theorem; `numerical`: an exact model, cut off far below the
    /// printed digits.
    pub exactness: String,
    /// Source of the formula.
    pub reference: String,
    /// Metrics with their exact values (s, 1/s or a share), in the file's order.
    #[serde(deserialize_with = "in_order")]
    pub expected: Vec<(String, f64)>,
}

#[derive(Deserialize)]
struct File {
    cases: Vec<Oracle>,
}

/// Every model of the file, in its order.
pub fn oracles() -> &'static [Oracle] {
    static READ: OnceLock<Vec<Oracle>> = OnceLock::new();
    READ.get_or_init(|| match serde_json::from_str::<File>(ORACLES) {
        Ok(file) => file.cases,
        Err(error) => unreachable!("the oracle file is part of the program: {error}"),
    })
}

/// The model of that name and its place in the file.
pub fn oracle(id: &str) -> Option<(usize, &'static Oracle)> {
    oracles().iter().enumerate().find(|(_, oracle)| oracle.id == id)
}

impl Oracle {
    /// The exact value of a metric.
    pub fn value(&self, metric: &str) -> Option<f64> {
        self.expected.iter().find(|(name, _)| name == metric).map(|(_, value)| *value)
    }
}

/// The entries of a map of numbers in the order of the text.
fn in_order<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<(String, f64)>, D::Error> {
    struct Entries;

    impl<'de> Visitor<'de> for Entries {
        type Value = Vec<(String, f64)>;

        fn expecting(&self, words: &mut std::fmt::Formatter) -> std::fmt::Result {
            words.write_str("numbers by name")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = map.next_entry()? {
                entries.push(entry);
            }
            Ok(entries)
        }
    }

    reader.deserialize_map(Entries)
}
