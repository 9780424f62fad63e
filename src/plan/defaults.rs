//! Defaults that enter a plan beside those of the model.

use std::str::FromStr;

use crate::model::default_value;

/// A default that enters every plan.
#[derive(Debug, Clone, Copy)]
pub struct DefaultOfPlan {
    /// What it fills.
    pub fills: &'static str,
    /// Its key in `data/defaults.csv`.
    pub key: &'static str,
}

/// Defaults that enter a plan beside those of the model.
pub const DEFAULTS: [DefaultOfPlan; 5] = [
    default("events: size of a message where none is given", "call.request"),
    default("statements: bytes beside the rows", "database.statement_message"),
    default("scans: pages a read", "database.scan_pages_per_read"),
    default("volumes: burst above the IOPS cap", "database.iops_burst"),
    default("joins over several databases: CPU a row", "api_composition.row_cpu"),
];

const fn default(fills: &'static str, key: &'static str) -> DefaultOfPlan {
    DefaultOfPlan { fills, key }
}

/// The default called `key` as a quantity. Asserts that the shipped table holds one.
pub(super) fn default_quantity<T: FromStr + Default>(key: &str) -> T {
    let value = &default_value(key).value;
    let quantity = value.parse();
    assert!(quantity.is_ok(), "data/defaults.csv: {key} cannot be read: {value}");
    quantity.unwrap_or_default()
}

/// The default called `key` as a count.
pub(super) fn default_count(key: &str) -> u64 {
    default_quantity(key)
}
