//! What statements cost and lock, how large messages are, and the work that calls begin with.

use super::{DatabasePlan, TablePlan};
use crate::ids::Id;
use crate::random::{RowSampler, Sampler};

/// A size of message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Bytes on the wire.
    pub bytes: u64,
    /// Time to send them, by locality (ns).
    pub transmission: [u64; 6],
}

/// A statement.
#[derive(Debug, Clone)]
pub struct StatementPlan {
    /// What it is, for the listing.
    pub label: String,
    /// Database it runs on.
    pub database: Id<DatabasePlan>,
    /// CPU of the statement itself, if any.
    pub cpu: Option<Id<Sampler>>,
    /// CPU of its rows before any is locked (ns).
    pub rows_cpu: u64,
    /// Mean of both together (s).
    pub mean_cpu: f64,
    /// CPU of its rows once they are locked (ns).
    pub locked_cpu: u64,
    /// Pages it touches, by table.
    pub pages: Vec<PageReads>,
    /// Row locks, if it locks.
    pub locks: Option<RowLocks>,
    /// Whether it changes something.
    pub writes: bool,
}

/// Pages that a statement touches in one table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageReads {
    /// Which table of the database.
    pub table: Id<TablePlan>,
    /// Page reads.
    pub count: u32,
    /// Probability that a page must be read from storage.
    pub miss: f64,
}

/// Row locks of a write.
#[derive(Debug, Clone)]
pub struct RowLocks {
    /// Which table of the database.
    pub table: Id<TablePlan>,
    /// How many rows.
    pub rows: u32,
    /// Which rows.
    pub row: RowSampler,
    /// Probability of the row asked for most.
    pub hottest: f64,
    /// The same of the one asked for second most, over that; 0: there is no second one.
    pub second: f64,
}

/// The CPU work in the step behind that of the entry.
#[derive(Debug, Clone)]
pub struct FirstWork {
    /// Law of the time: a copy, found with the call.
    pub law: Sampler,
    /// Keys the draw.
    pub site: u32,
}
