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
    /// How well it is known: `seen`, or `derived` and from what; empty where nothing is said.
    pub confidence: String,
}

/// How a catalogue sells a database server of some class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ServerOffer<'a> {
    /// The cloud runs it, at a price of the class.
    Class(&'a Price),
    /// The cloud runs it, at a price of its cores and one of its memory.
    Parts {
        /// Cores.
        cores: f64,
        /// Price of a core.
        core: &'a Price,
        /// Memory.
        memory: Bytes,
        /// Price of a GB of memory.
        gb: &'a Price,
    },
    /// The team runs it on a plain machine.
    Machine(&'a Price),
}

/// Kind of machines that run something by themselves.
pub const MACHINE: &str = "vm";

/// Kinds of the database servers that clouds run, by engine: the same class may cost more for one.
const SERVERS: [(&str, [&str; 2]); 2] = [
    ("postgres", ["rds_postgres_single_az", "postgres_flexible"]),
    ("mysql", ["rds_mysql_single_az", "mysql_flexible"]),
];

/// Kind, core and memory of servers that are sold by the core and the GB, whatever the engine.
const PARTS: [&str; 3] = ["cloud_sql", "vCPU zonal", "memory zonal"];

impl Prices {
    /// The price of an item of a kind.
    pub fn find(&self, kind: &str, item: &str) -> Option<&Price> {
        self.prices.iter().find(|price| price.kind == kind && price.item == item)
    }

    /// How a database server of a class is sold for an engine, as a scenario calls it; `None` where
    /// it has no price.
    pub fn server(&self, engine: &str, class: &str) -> Option<ServerOffer<'_>> {
        let kinds = SERVERS.iter().filter(|(of, _)| *of == engine).flat_map(|(_, kinds)| kinds);
        let by_class = kinds.filter_map(|kind| self.find(kind, class)).next();
        by_class
            .map(ServerOffer::Class)
            .or_else(|| self.parts(class))
            .or_else(|| self.find(MACHINE, class).map(ServerOffer::Machine))
    }

    fn parts(&self, class: &str) -> Option<ServerOffer<'_>> {
        let [kind, core, gb] = PARTS;
        let (cores, memory) = custom_size(class)?;
        let (core, gb) = (self.find(kind, core)?, self.find(kind, gb)?);
        Some(ServerOffer::Parts { cores, core, memory, gb })
    }
}

/// Cores and memory that the name of a class says itself: those of a `db-custom-4-15360` are four, and
/// 15,360 MiB.
pub fn custom_size(class: &str) -> Option<(f64, Bytes)> {
    let (cores, mib) = class.strip_prefix("db-custom-")?.split_once('-')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
    Some((f64::from(number(cores)?), Bytes(u64::from(number(mib)?) << 20)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_class_says_its_size_by_its_name() {
        assert_eq!(custom_size("db-custom-4-15360"), Some((4.0, Bytes::gib(15.0))));
        for none in
            ["db-custom-0-15360", "db-custom-4", "db-custom-4-", "db-custom-4-9-9", "custom"]
        {
            assert_eq!(custom_size(none), None, "{none}");
        }
    }
}
