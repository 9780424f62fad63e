//! What `explain` and `verify --list` tell, for other programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::json::json;
use crate::cost::Bill;
use crate::model::{DefaultUse, default_value};
use crate::plan::DEFAULTS;
use crate::verify::{KnownCase, Waiting};

/// What is explained of a scenario.
#[derive(Debug, Serialize)]
pub struct Explained {
    /// The scenario's name.
    pub scenario: String,
    /// Every default that entered.
    pub defaults: Vec<ExplainedDefault>,
    /// When requests come, a line for each source.
    pub arrivals: Vec<String>,
    /// Each layout that was asked for, by its name.
    pub layouts: BTreeMap<String, ExplainedLayout>,
}

/// A default that entered.
#[derive(Debug, Serialize)]
pub struct ExplainedDefault {
    /// The path that was left out.
    path: String,
    /// Its key in data/defaults.csv.
    key: &'static str,
    value: &'static str,
    confidence: &'static str,
    as_of: &'static str,
    source: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'static str,
}

/// What a layout compiles to.
#[derive(Debug, Serialize)]
pub struct ExplainedLayout {
    /// The compiled steps, as lines of a listing.
    pub listing: Vec<String>,
    /// The prices of its bill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prices: Option<ExplainedPrices>,
}

/// The prices that may enter a bill.
#[derive(Debug, Serialize)]
pub struct ExplainedPrices {
    catalogue: String,
    currency: String,
    lines: Vec<ExplainedPrice>,
    /// What has no price, in words.
    missing: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ExplainedPrice {
    item: String,
    unit: String,
    unit_price: f64,
    source: String,
}

impl Explained {
    /// The document.
    pub fn json(&self) -> String {
        json(self)
    }
}

/// Those of the scenario, then those that no scenario can change.
pub fn explained_defaults(used: &[DefaultUse]) -> Vec<ExplainedDefault> {
    let of_plan = DEFAULTS.iter().map(|default| (default.fills, default.key));
    let used = used.iter().map(|used| (used.path.as_str(), used.key));
    let explained = |(path, key): (&str, &'static str)| {
        let default = default_value(key);
        ExplainedDefault {
            path: path.to_string(),
            key,
            value: &default.value,
            confidence: &default.confidence,
            as_of: &default.as_of,
            source: &default.source,
            note: &default.note,
        }
    };
    used.chain(of_plan).map(explained).collect()
}

/// The prices of a layout from `catalogue`, as the lines of a bill.
pub fn explained_prices(catalogue: &str, bill: &Bill) -> ExplainedPrices {
    let line = |line: &crate::cost::Line| ExplainedPrice {
        item: line.item.clone(),
        unit: line.unit.clone(),
        unit_price: line.unit_price,
        source: line.source.clone(),
    };
    ExplainedPrices {
        catalogue: catalogue.to_string(),
        currency: bill.currency.clone(),
        lines: bill.lines.iter().map(line).collect(),
        missing: bill.missing.iter().map(|missing| missing.words()).collect(),
    }
}

#[derive(Serialize)]
struct ListedCase {
    id: &'static str,
    family: &'static str,
    model: &'static str,
    reference: &'static str,
    quick: bool,
}

#[derive(Serialize)]
struct ListedWaiting<'a> {
    id: &'static str,
    model: &'a str,
    waits_for: &'static str,
}

#[derive(Serialize)]
struct ListedCases<'a> {
    cases: Vec<ListedCase>,
    waiting: Vec<ListedWaiting<'a>>,
}

/// The cases that `verify` knows, and those that wait, as a document.
pub fn verify_list_json(waiting: &[Waiting]) -> String {
    let case = |(family, case): (&'static str, KnownCase)| ListedCase {
        id: case.id(),
        family,
        model: case.model(),
        reference: case.reference(),
        quick: case.is_quick(),
    };
    let waiting = waiting.iter().map(|one| {
        let Waiting { id, model, feature: waits_for } = one;
        ListedWaiting { id, model, waits_for }
    });
    json(&ListedCases { cases: KnownCase::all().map(case).collect(), waiting: waiting.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_told_with_all_that_its_table_has() {
        let used = [DefaultUse { path: "run.seed".to_string(), key: "run.seed" }];
        let told = explained_defaults(&used);
        assert_eq!(told.len(), 1 + DEFAULTS.len());
        let told = serde_json::to_value(&told[0]).unwrap();
        assert_eq!((&told["path"], &told["value"]), (&"run.seed".into(), &"42".into()));
        assert!(told.get("note").is_none() && told["source"] == "this program", "{told}");
    }

    #[test]
    fn every_case_is_listed_once_with_its_family() {
        let waiting = crate::verify::waiting();
        let listed: serde_json::Value = serde_json::from_str(&verify_list_json(&waiting)).unwrap();
        assert_eq!(listed["cases"].as_array().unwrap().len(), KnownCase::all().count());
        assert_eq!(listed["waiting"].as_array().unwrap().len(), waiting.len());
        assert_eq!(listed["cases"][0]["family"], KnownCase::all().next().unwrap().0);
    }
}
