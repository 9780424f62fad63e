//! What of the application a layout follows row by row.

use std::collections::BTreeMap;

use crate::ids::Id;
use crate::model::EventId;
use crate::plan::{EventLogPlan, FeedPlan, ViewPlan};

/// What of the application is followed row by row in a layout.
#[derive(Default)]
pub(super) struct FollowedTables {
    /// For each table, the log that it is kept as.
    pub(super) logs: Vec<Option<Id<EventLogPlan>>>,
    /// For each table, the views that show it.
    pub(super) feeds: Vec<Vec<FeedPlan>>,
    /// Views by the join that they answer.
    pub(super) views: BTreeMap<String, Id<ViewPlan>>,
    /// Views by the events that feed them.
    pub(super) told: BTreeMap<EventId, Vec<Id<ViewPlan>>>,
}
