//! All that the operations of a layout are lowered to.

use super::{
    CallSite, Choice, CommitRound, DatabasePlan, Fork, Loop, Message, ServicePlan, SpanningPlan,
    StatementPlan, Step,
};
use crate::ids::{Id, Table};
use crate::random::Sampler;

/// What requests do: all operations as one list of steps, and what the steps refer to.
#[derive(Debug, Clone, Default)]
pub struct ProgramPlan {
    /// All lowered operations, one after the other.
    pub steps: Table<Step>,
    /// Service that runs each step; `None` for the steps that all share.
    pub service_of_step: Table<Option<Id<ServicePlan>>, Step>,
    /// Laws of times.
    pub samplers: Table<Sampler>,
    /// Mean of each (s).
    pub means: Table<f64, Sampler>,
    /// Repeats.
    pub loops: Table<Loop>,
    /// Remote call sites, the endpoints' own included.
    pub calls: Table<CallSite>,
    /// Branch points that run at the same time.
    pub forks: Table<Fork>,
    /// Branch points that pick one way.
    pub choices: Table<Choice>,
    /// Statements.
    pub statements: Table<StatementPlan>,
    /// Sizes of messages, with what they cost by locality.
    pub messages: Table<Message>,
    /// Transactions over several databases.
    pub spannings: Table<SpanningPlan>,
    /// What databases are asked in two-phase commits.
    pub rounds: Vec<RoundPlan>,
    /// Where each operation starts, by name, for the listing.
    pub entries: Vec<EntryPlan>,
}

/// Where an operation starts.
#[derive(Debug, Clone)]
pub struct EntryPlan {
    /// Name of the operation.
    pub name: String,
    /// Service that runs it.
    pub service: Id<ServicePlan>,
    /// Its first step, where it is called from another service.
    pub first: Id<Step>,
}

/// What a database is asked in a two-phase commit: where the steps of each round begin.
#[derive(Debug, Clone, Copy)]
pub struct RoundPlan {
    /// Which.
    pub database: Id<DatabasePlan>,
    /// Promise to commit.
    pub prepare: Id<Step>,
    /// Commit what was promised.
    pub commit: Id<Step>,
    /// Forget all.
    pub roll_back: Id<Step>,
}

impl RoundPlan {
    /// Where the steps of a round begin.
    pub fn entry(&self, round: CommitRound) -> Id<Step> {
        [self.prepare, self.commit, self.roll_back][round as usize]
    }
}
