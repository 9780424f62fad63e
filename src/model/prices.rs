//! A price catalogue: plain data, read by `scenario` from the text that ships or that a user gives.

use crate::units::{Bytes, Money};

/// Prices of one cloud and region.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// Name of the catalogue, as a scenario asks for it.
    pub name: String,
    /// Currency of every price.
    pub currency: String,
    /// Every price.
    pub prices: Vec<Price>,
}

/// One unit price.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// Kind (`vm`, `rds_postgres_single_az`, `ebs`, `network`, `lb`, `k8s`, …).
    pub kind: String,
    /// What is sold (`m6i.xlarge`, `gp3 storage`, …).
    pub item: String,
    /// Cores, where it is a machine.
    pub vcpu: Option<f64>,
    /// Memory, where it is a machine.
    pub memory: Option<Bytes>,
    /// What one unit is (`hour`, `GB-month`, `GB`, …).
    pub unit: String,
    /// Price of one unit.
    pub price: Money,
    /// Day it was true (ISO 8601).
    pub as_of: String,
    /// Where it was seen.
    pub source: String,
}

impl Prices {
    /// The price of an item of a kind.
    pub fn find(&self, kind: &str, item: &str) -> Option<&Price> {
        self.prices.iter().find(|price| price.kind == kind && price.item == item)
    }
}

/// A class of node: its size, with its price where the catalogue has one.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeClass {
    /// Name in the catalogue.
    pub name: String,
    /// Cores.
    pub cpu: f64,
    /// Memory.
    pub memory: Bytes,
}
