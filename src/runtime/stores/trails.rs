//! What open sessions have done to rows that somebody follows: it counts once they commit, and is forgotten when they
//! do not.

use std::collections::BTreeMap;

use super::Session;
use crate::ids::Id;
use crate::plan::{EventLogPlan, ViewPlan};
use crate::runtime::resources::lag::RowGroup;

/// The trails of all open sessions that have one.
#[derive(Debug, Default)]
pub(in crate::runtime) struct Trails {
    open: BTreeMap<u32, SessionTrail>,
}

/// What one session has done.
#[derive(Debug, Default)]
pub(in crate::runtime) struct SessionTrail {
    /// Versions of the keys that it has loaded.
    pub(in crate::runtime) loaded: BTreeMap<(Id<EventLogPlan>, u64), u64>,
    /// Events read that the service has still to apply.
    pub(in crate::runtime) to_replay: u64,
    /// Keys that it has added an event to, once for each.
    pub(in crate::runtime) appended: Vec<(Id<EventLogPlan>, u64)>,
    /// Rows that it has changed and that views show.
    pub(in crate::runtime) changed: Vec<(Id<ViewPlan>, RowGroup)>,
}

impl Trails {
    /// Whether no open session has one: mostly so.
    #[inline(always)]
    pub(in crate::runtime) fn are_none(&self) -> bool {
        self.open.is_empty()
    }

    /// The trail of a session, begun where it has none.
    pub(in crate::runtime) fn of(&mut self, session: Id<Session>) -> &mut SessionTrail {
        self.open.entry(session.number()).or_default()
    }

    /// The trail of a session that has one.
    pub(in crate::runtime) fn find(&mut self, session: Id<Session>) -> Option<&mut SessionTrail> {
        self.open.get_mut(&session.number())
    }

    /// The session is over, or forgets what it did.
    pub(in crate::runtime) fn forget(&mut self, session: Id<Session>) {
        self.open.remove(&session.number());
    }
}
