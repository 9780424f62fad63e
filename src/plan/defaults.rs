//! Defaults that enter a plan beside those of the model.

use std::str::FromStr;

use crate::model::default_value;

/// Defaults that enter a plan beside those of the model: (what they fill, key).
pub const DEFAULTS: [(&str, &str); 5] = [
    ("events without a broker: size of a message", "call.request"),
    ("statements: bytes beside the rows", "database.statement_message"),
    ("scans: pages a read", "database.scan_pages_per_read"),
    ("volumes: burst above the IOPS cap", "database.iops_burst"),
    ("joins over several databases: CPU a row", "api_composition.row_cpu"),
];

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
