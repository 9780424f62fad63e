//! Where a step stands while it is lowered.

use crate::ids::Id;
use crate::model::ModuleId;
use crate::plan::{DatabasePlan, ServicePlan, SpanningPlan};

/// Where a step stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Module of its operation.
    pub(super) module: ModuleId,
    /// Service of the module.
    pub(super) service: Id<ServicePlan>,
    /// Database of the transaction it stands in.
    pub(super) transaction: Option<Id<DatabasePlan>>,
    /// The transaction over several databases that it takes part in, where no local one covers it.
    pub(super) spans: Option<Spans>,
    /// Whether that transaction is a part of one over several databases, without what was read before the part.
    pub(super) is_part: bool,
    /// The saga in which its steps are undone, and not done.
    pub(super) undoing: Option<Id<SpanningPlan>>,
}

/// How steps take part in a transaction over several databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spans {
    /// Each session stays open until all have voted.
    TwoPhase,
    /// They are cut into parts that commit on their own.
    Parts(Id<SpanningPlan>),
}

impl Place {
    /// A place in an operation that takes part in no transaction.
    pub(super) fn alone(module: ModuleId, service: Id<ServicePlan>) -> Self {
        Place { module, service, transaction: None, spans: None, is_part: false, undoing: None }
    }
}
