//! How a layout keeps a transaction together whose tables lie in several databases.

use super::{At, Span};
use crate::units::Nanos;

/// What a layout chose for its transactions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Consistencies {
    /// For transactions by name, `module.transaction`.
    pub named: Vec<NamedConsistency>,
    /// For all others.
    pub each: Option<Consistency>,
}

/// What a layout chose for one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedConsistency {
    /// Which: `module.transaction`.
    pub transaction: At<String>,
    /// How it is kept together.
    pub how: Consistency,
}

/// How a transaction over several databases is kept together.
#[derive(Debug, Clone, PartialEq)]
pub enum Consistency {
    /// Every part commits on its own, and nobody undoes what has committed.
    Apart,
    /// Two-phase commit.
    TwoPhase {
        /// Service that asks all for their votes; `None`: the one that begins the transaction.
        coordinator: Option<At<String>>,
        /// Where it keeps its decisions.
        log: OwnState,
    },
    /// Parts that commit one after the other, undone backwards after a failure.
    Saga {
        /// Where the orchestrator keeps how far it has come.
        state: OwnState,
        /// How long it waits before it tries an undoing part again that failed.
        retry_after: Nanos,
    },
    /// The same with nobody in charge: each part publishes an event that the next one begins with.
    Choreographed {
        /// Where that is said.
        said: Span,
        /// How long a service waits before it tries an undoing part again that failed.
        retry_after: Nanos,
    },
}

/// Where a coordinator or an orchestrator keeps what it must not forget.
#[derive(Debug, Clone, PartialEq)]
pub enum OwnState {
    /// In a database of its service, if that has one.
    WithItsTables,
    /// In this database.
    In(At<String>),
    /// In memory alone.
    Nowhere,
}

impl Consistencies {
    /// What was chosen for the transaction of that name.
    pub fn of(&self, transaction: &str) -> Option<&Consistency> {
        let named = self.named.iter().find(|named| *named.transaction == transaction);
        named.map(|named| &named.how).or(self.each.as_ref())
    }

    /// All that was chosen.
    pub fn all(&self) -> impl Iterator<Item = &Consistency> {
        self.named.iter().map(|named| &named.how).chain(&self.each)
    }
}
