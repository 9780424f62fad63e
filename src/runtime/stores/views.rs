//! Views and event-sourced tables at run time, and changes on their way.

use crate::ids::{Id, Slab, Table};
use crate::measure::{LogRecord, ViewRecord};
use crate::plan::{EventLogPlan, Plan, ViewPlan};
use crate::random::{Key, Stream};
use crate::runtime::resources::lag::{Lag, RowGroup};
use crate::runtime::resources::versions::Versions;

use super::trails::Trails;

/// All that follows rows one by one.
#[derive(Debug)]
pub(in crate::runtime) struct Followed {
    pub(in crate::runtime) logs: Table<LogState, EventLogPlan>,
    pub(in crate::runtime) views: Table<ViewState, ViewPlan>,
    /// Changes that have not reached their views.
    pub(in crate::runtime) changes: Slab<Change>,
    pub(in crate::runtime) trails: Trails,
    /// Keys the work of the next change.
    next_key: Key,
    /// Times that changes take.
    pub(in crate::runtime) random: Stream,
}

/// An event-sourced table.
#[derive(Debug)]
pub(in crate::runtime) struct LogState {
    pub(in crate::runtime) versions: Versions,
    pub(in crate::runtime) record: LogRecord,
}

/// A view.
#[derive(Debug)]
pub(in crate::runtime) struct ViewState {
    pub(in crate::runtime) lag: Lag,
    pub(in crate::runtime) record: ViewRecord,
}

/// What one commit has changed of the rows of one view.
#[derive(Debug, Clone)]
pub(in crate::runtime) struct Change {
    pub(in crate::runtime) view: Id<ViewPlan>,
    /// (ns) When it was committed.
    pub(in crate::runtime) at: u64,
    pub(in crate::runtime) rows: Vec<RowGroup>,
    /// Keys its work.
    pub(in crate::runtime) key: Key,
}

impl Followed {
    pub(super) fn new(plan: &Plan, key: Key) -> Self {
        let first = key.named("event logs");
        let logs = plan.followed.logs.iter().map(|log| LogState {
            versions: Versions::new(log.snapshot_every, first.child(u64::from(log.number))),
            record: LogRecord::default(),
        });
        let views = plan.followed.views.iter();
        let own = key.named("views");
        Followed {
            logs: logs.collect(),
            views: views
                .map(|_| ViewState { lag: Lag::default(), record: ViewRecord::default() })
                .collect(),
            changes: Slab::new(),
            trails: Trails::default(),
            next_key: own.named("work"),
            random: Stream::new(own),
        }
    }

    /// A key for the work of a change, another one each time.
    pub(in crate::runtime) fn key(&mut self) -> Key {
        let key = self.next_key;
        self.next_key = key.child(1);
        key
    }
}
