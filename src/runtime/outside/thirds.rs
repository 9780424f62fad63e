//! Third parties: each answers after a time of its own, to whoever still waits.

use crate::ids::Id;
use crate::measure::ExternalRecord;
use crate::plan::ExternalPlan;
use crate::runtime::frame_id::{FrameId, FrameRef};
use crate::runtime::resources::pool::Pool;

/// A third party at run time.
#[derive(Debug)]
pub(in crate::runtime) struct Third {
    /// Calls that it works on at a time; `None`: any number.
    pub(in crate::runtime) places: Option<Pool<FrameId>>,
    pub(in crate::runtime) record: ExternalRecord,
}

/// A call that a third party works on.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct Visit {
    pub(in crate::runtime) external: Id<ExternalPlan>,
    /// Who asked.
    pub(in crate::runtime) frame: FrameRef,
    /// (ns) Since when it works.
    pub(in crate::runtime) since: u64,
    /// Whether it will fail.
    pub(in crate::runtime) failed: bool,
}

impl Third {
    pub(in crate::runtime) fn new(plan: &ExternalPlan) -> Self {
        let places = plan.concurrency.map(|most| Pool::new(most, None));
        Third { places, record: ExternalRecord::default() }
    }
}
