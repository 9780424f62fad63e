//! What is known of a service whose instances come and go: the rule, those on their way, and the places that are free.

use std::collections::BTreeMap;

use super::Instance;
use super::autoscaler::Autoscaler;
use crate::ids::Id;
use crate::measure::ScalingRecord;
use crate::plan::{Location, ScalingPlan};

/// A service whose number of instances changes.
#[derive(Debug)]
pub(in crate::runtime) struct Scaler {
    pub(in crate::runtime) rule: Autoscaler,
    /// Those on their way, the first asked for first.
    pub(in crate::runtime) coming: Vec<Coming>,
    /// Those asked for so far.
    asked: u32,
    /// Places of later instances where nodes stay, the next one last.
    pub(in crate::runtime) later: Vec<Location>,
    /// Busy core time of each instance that was ready at the last look, at that look [core-ns].
    pub(in crate::runtime) busy: BTreeMap<Id<Instance>, u128>,
    pub(in crate::runtime) record: ScalingRecord,
}

/// An instance on its way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::runtime) struct Coming {
    /// By which it is known.
    pub(in crate::runtime) number: u32,
    /// (ns) When it was asked for.
    pub(in crate::runtime) asked_at: u64,
    /// Where it will stand; `None`: no node has room.
    pub(in crate::runtime) location: Option<Location>,
}

impl Scaler {
    pub(super) fn new(plan: &ScalingPlan, at_start: u32) -> Self {
        let mut later = plan.later.clone();
        later.reverse();
        Scaler {
            rule: Autoscaler::new(&plan.rule, at_start),
            coming: Vec::new(),
            asked: 0,
            later,
            busy: BTreeMap::new(),
            record: ScalingRecord::default(),
        }
    }

    /// Its record at the end.
    pub(in crate::runtime) fn closed(mut self) -> ScalingRecord {
        let waiting = self.coming.iter().filter(|coming| coming.location.is_none()).count();
        self.record.pending = waiting as u64;
        self.record
    }

    /// One more is asked for at `now` (ns).
    pub(in crate::runtime) fn ask(&mut self, now: u64, location: Option<Location>) -> u32 {
        self.asked += 1;
        self.coming.push(Coming { number: self.asked, asked_at: now, location });
        self.asked
    }

    /// One that was asked for is there, unless it is not wanted any more.
    pub(in crate::runtime) fn arrive(&mut self, number: u32) -> Option<Coming> {
        let place = self.coming.iter().position(|coming| coming.number == number)?;
        Some(self.coming.remove(place))
    }
}
