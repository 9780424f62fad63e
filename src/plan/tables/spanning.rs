//! Transactions over several databases, as they are compiled: how each is kept together, and by whom.

use super::DatabasePlan;
use crate::ids::Id;

/// A transaction over several databases, or a part of one that has parts of its own.
#[derive(Debug, Clone)]
pub struct SpanningPlan {
    /// `module.transaction`.
    pub name: String,
    /// Whether it is part of another one, and so is not counted by itself.
    pub is_part: bool,
    /// How it is kept together.
    pub how: Togetherness,
    /// How often the whole is tried again after a deadlock.
    pub retries: u32,
    /// Database of the row that says how far it has come.
    pub state: Option<Id<DatabasePlan>>,
    /// Databases that vote in a two-phase commit, as far as can be told before a run.
    pub votes: Vec<Id<DatabasePlan>>,
}

/// How a transaction over several databases is kept together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Togetherness {
    /// Not at all: each part commits on its own.
    Apart,
    /// By the one database that has all that it writes: it is watched beside layouts that spread it.
    Local,
    /// Its databases vote, and one decides.
    TwoPhase,
    /// Parts that have committed are undone backwards.
    Saga {
        /// Pause before an undoing part is tried again (ns).
        retry_after: u64,
    },
    /// The same, each part by its own service, on an event of the one before it.
    Choreography {
        /// Pause before an undoing part is tried again (ns).
        retry_after: u64,
    },
}

/// What a coordinator asks all databases of a transaction at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitRound {
    /// Promise to commit.
    Prepare,
    /// Commit what was promised.
    Commit,
    /// Forget all.
    RollBack,
}
