//! What a layout costs: usage × price, in lines that each carry their source.

mod bill;
mod offers;
#[cfg(test)]
mod tests;

pub use bill::bill;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Bytes;

/// What a layout uses, in the units that clouds sell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Usage {
    /// Nodes of each class.
    pub nodes: Vec<NodeUsage>,
    /// What runs on cores without a class, in words.
    pub unclassed: Vec<String>,
    /// Database servers.
    pub databases: Vec<DatabaseUsage>,
    /// Load balancers.
    pub load_balancers: u32,
    /// Whether a managed cluster control plane is used.
    pub control_plane: bool,
    /// Successful requests [1/s].
    pub requests_per_second: f64,
    /// Bytes that pass the load balancer, both ways [B/s].
    pub balanced_bytes_per_second: f64,
    /// Of them those of the requests [B/s].
    pub inbound_bytes_per_second: f64,
    /// Bytes between zones, one direction counted once [B/s].
    pub cross_zone_bytes_per_second: f64,
    /// Bytes between regions [B/s].
    pub cross_region_bytes_per_second: f64,
    /// Bytes sent to the internet [B/s].
    pub internet_bytes_per_second: f64,
    /// Cores that are paid for (nodes, machines, database servers).
    pub paid_cores: f64,
    /// Cores that are busy, time average.
    pub busy_cores: f64,
}

/// Nodes of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeUsage {
    /// The class.
    pub class: String,
    /// How many, time average.
    pub count: f64,
}

/// What a database server uses.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseUsage {
    /// Its name, for the line.
    pub name: String,
    /// Whether it is a machine of a broker.
    pub is_broker: bool,
    /// Whether it stands on a machine or a node with others, which is paid for by itself.
    pub stands_with_others: bool,
    /// Engine, as a scenario calls it.
    pub engine: String,
    /// Class, if it is a priced one.
    pub class: Option<String>,
    /// Kind of volume.
    pub storage_kind: String,
    /// Size of the volume.
    pub storage: Bytes,
    /// Operations per second that are provisioned, if any.
    pub iops: Option<u32>,
}

impl DatabaseUsage {
    /// What a line calls it.
    fn title(&self) -> String {
        format!("{} {}", if self.is_broker { "broker" } else { "database" }, self.name)
    }

    /// What its server is a part of.
    fn group(&self) -> Expense {
        if self.is_broker { Expense::Brokers } else { Expense::Databases }
    }
}

/// A bill per month of 730 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bill {
    /// Currency of every amount; empty without prices.
    pub currency: String,
    /// Sum of the lines per month (currency); with anything in `missing` that of a part of the layout.
    pub per_month: f64,
    /// Amount per million successful requests (currency); null without traffic or without prices.
    pub per_million_requests: Option<f64>,
    /// Share of the paid cores that is idle; null where no core is paid for.
    pub idle_share: Option<f64>,
    /// What is paid for, line by line.
    pub lines: Vec<Line>,
    /// What is used and not billed: with any of it the bill is incomplete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Omission>,
    /// What else there is to know about it, in words.
    pub remarks: Vec<String>,
}

impl Bill {
    /// A bill of nothing, with the reason in words.
    pub fn nothing(currency: &str, reason: String) -> Self {
        Bill {
            currency: currency.to_string(),
            per_month: 0.0,
            per_million_requests: None,
            idle_share: None,
            lines: Vec::new(),
            missing: Vec::new(),
            remarks: vec![reason],
        }
    }

    /// Whether everything that the layout uses is billed.
    pub fn is_whole(&self) -> bool {
        !self.lines.is_empty() && self.missing.is_empty()
    }
}

/// What is used and not billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Omission {
    /// What is not paid for.
    pub item: String,
    /// What it would be a part of.
    pub group: Expense,
    /// Why it is not billed, in words.
    pub reason: String,
}

impl Omission {
    /// The whole of it in words.
    pub fn words(&self) -> String {
        format!("{}: not billed, because {}", self.item, self.reason)
    }
}

/// A line of a bill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// What is paid for.
    pub item: String,
    /// What it is a part of.
    pub group: Expense,
    /// How much, in `unit` per month.
    pub quantity: f64,
    /// Unit of `quantity`.
    pub unit: String,
    /// Price of a unit (currency).
    pub unit_price: f64,
    /// Quantity × unit price (currency).
    pub per_month: f64,
    /// Where and when the price was seen.
    pub source: String,
}

impl Line {
    /// Whether it is paid by what passes, not by what stands there.
    pub fn follows_load(&self) -> bool {
        matches!(self.unit.as_str(), "GB" | "LCU-hour")
    }
}

/// What a line of a bill is a part of, in the order in which a bill is drawn.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Expense {
    /// Machines that services run on.
    Nodes,
    /// Database servers.
    Databases,
    /// Machines of brokers.
    Brokers,
    /// Volumes.
    Storage,
    /// Provisioned operations of volumes.
    Iops,
    /// Load balancers and the bytes through them.
    #[serde(rename = "load balancer")]
    LoadBalancer,
    /// The managed control plane of the cluster.
    #[serde(rename = "control plane")]
    ControlPlane,
    /// Bytes between zones, between regions and to the internet.
    Traffic,
}

impl Expense {
    /// Its name for people, the same as in files.
    pub fn name(self) -> &'static str {
        match self {
            Expense::Nodes => "nodes",
            Expense::Databases => "databases",
            Expense::Brokers => "brokers",
            Expense::Storage => "storage",
            Expense::Iops => "iops",
            Expense::LoadBalancer => "load balancer",
            Expense::ControlPlane => "control plane",
            Expense::Traffic => "traffic",
        }
    }
}
