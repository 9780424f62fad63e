//! What a layout follows row by row, as a whole.

use super::{EventLogPlan, Step, TrailPlan, ViewPlan};
use crate::ids::{Id, Table};

/// What is followed row by row.
#[derive(Debug, Clone, Default)]
pub struct FollowedPlan {
    /// Rows that steps touch.
    pub trails: Table<TrailPlan>,
    /// Tables that are kept as events.
    pub logs: Table<EventLogPlan>,
    /// Joins that are kept ready.
    pub views: Table<ViewPlan>,
    /// Where the steps begin that take a change into each.
    pub applies: Table<Id<Step>, ViewPlan>,
}
