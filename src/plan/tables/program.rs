//! What the steps of a program refer to: branch points, calls and their messages, statements.

use super::{DatabasePlan, ServicePlan, TablePlan};
use crate::ids::Id;
use crate::plan::step::Step;
use crate::random::{CountSampler, RowSampler, Sampler};
use crate::units::Nanos;

/// A repeat.
#[derive(Debug, Clone)]
pub struct Loop {
    /// How often.
    pub times: CountSampler,
    /// Mean of `times`.
    pub mean: f64,
    /// Where a turn starts; it ends with `Return`.
    pub body: Id<Step>,
}

/// Branches that run at the same time.
#[derive(Debug, Clone)]
pub struct Fork {
    /// Where each starts; each ends with `Return`.
    pub branches: Vec<Id<Step>>,
    /// For each branch that is nothing but a call, that call.
    pub calls: Vec<Option<BranchCall>>,
}

/// A branch that is nothing but a call: the callee's frame stands for the branch, too.
#[derive(Debug, Clone, Copy)]
pub struct BranchCall {
    /// Which call.
    pub call: Id<CallSite>,
    /// Keys the callee's frame.
    pub site: u32,
}

/// A choice.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The ways, in the order of their thresholds.
    pub ways: Vec<Way>,
}

/// A way that a choice may lead.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Probability of this way and those before it.
    pub cumulative: f64,
    /// Where it leads.
    pub to: Id<Step>,
}

/// A remote call site.
#[derive(Debug, Clone)]
pub struct CallSite {
    /// Where the callee starts.
    pub entry: Id<Step>,
    /// Service of the callee.
    pub service: Id<ServicePlan>,
    /// The request message.
    pub request: Id<Message>,
    /// The reply message.
    pub reply: Id<Message>,
    /// Whether messages take time: there is a network between the two.
    pub hops: bool,
    /// How long the caller waits for the answer; `None`: until it comes. No scenario can ask for it yet.
    pub timeout: Option<Nanos>,
    /// CPU of the caller, if any.
    pub client_cpu: Option<Id<Sampler>>,
    /// CPU of the callee, if any.
    pub server_cpu: Option<Id<Sampler>>,
    /// CPU at each end for the bytes (ns).
    pub bytes_cpu: u64,
}

/// A size of message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Bytes on the wire.
    pub bytes: u64,
    /// Time to send them, by locality (ns).
    pub transmission: [u64; 6],
}

/// Latency of one locality class.
#[derive(Debug, Clone)]
pub struct LinkPlan {
    /// Round trip (ns).
    pub rtt: Sampler,
    /// Mean round trip (s).
    pub mean_rtt: f64,
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
    /// CPU of its rows (ns).
    pub rows_cpu: u64,
    /// Mean of both together (s).
    pub mean_cpu: f64,
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
}
