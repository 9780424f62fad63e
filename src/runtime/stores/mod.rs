//! Databases at run time: their volume, log and locks, the reads under way, the sessions that are open.

mod sessions;
mod spannings;
mod told;
mod topics;
mod trails;
mod views;

pub(super) use sessions::Session;
pub(super) use spannings::{Enlisted, PartDone, PartUndo, Spanning, Stage};
pub(super) use told::{Gathering, ToldChanges, ToldView};
pub(super) use topics::{Carried, Consumer, Enqueued, InHand, Sending, Topics};
pub(super) use views::{Change, Followed, LogState};

use super::resources::lock::LockTable;
use super::resources::log::Log;
use super::resources::volume::Volume;
use crate::events::{EventQueue, Lane};
use crate::ids::{Id, Slab, Table};
use crate::measure::{DatabaseRecord, SpanningRecord};
use crate::plan::{DatabasePlan, Plan, SpanningPlan};
use crate::random::{Sampler, Stream};
use crate::runtime::Replication;
use crate::runtime::fleet::Fleet;
use crate::runtime::frame_id::{FrameId, FrameRef};

/// Every database.
#[derive(Debug)]
pub(super) struct Stores {
    pub(super) databases: Table<Store, DatabasePlan>,
    pub(super) sessions: Slab<Session>,
    /// Transactions over several databases.
    pub(super) spannings: Slab<Spanning>,
    pub(super) spanning_records: Table<SpanningRecord, SpanningPlan>,
    /// Rows that are followed one by one.
    pub(super) followed: Followed,
    /// What events tell to views.
    pub(super) told: ToldChanges,
    /// What the broker carries.
    pub(super) topics: Topics,
    /// Page reads that volumes serve.
    pub(super) reads: Slab<Read>,
    /// Times of reads and flushes.
    pub(super) random: Stream,
    /// Who waited for rows that a commit gave up; kept to reuse its memory.
    pub(super) woken: Vec<(u32, FrameId)>,
}

/// A database at run time.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) volume: Volume<FrameId>,
    pub(super) log: Log<FrameId>,
    /// Sequence number of the event at which the leader of a flush has waited for others.
    pub(super) gathers: u64,
    pub(super) locks: LockTable<FrameId>,
    pub(super) deadlock_lane: Lane,
    /// (ns) When its last statement came.
    pub(super) asked_at: u64,
    /// CPU work that no request brings with it: for flushes of the log, and of those that a commit wakes.
    work: Stream,
    pub(super) record: DatabaseRecord,
}

/// A page read that a volume serves, whoever still waits for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    pub(super) database: Id<DatabasePlan>,
    pub(super) frame: FrameRef,
    /// (ns) When the volume begins it, which may be later than now.
    pub(super) at: u64,
}

impl Stores {
    /// Nothing in them yet, in this replication.
    pub(super) fn new(
        plan: &Plan,
        replication: Replication,
        fleet: &Fleet,
        events: &mut EventQueue,
    ) -> Self {
        let key = replication.key;
        let work = key.named("database work");
        let databases = plan.site.databases.iter().map(|database| Store {
            volume: volume(database),
            log: Log::new(),
            gathers: 0,
            locks: LockTable::new(),
            deadlock_lane: events.lane_of(database.deadlock_timeout),
            asked_at: 0,
            work: Stream::new(work.named(&database.name)),
            record: DatabaseRecord::new(database.tables.len()),
        });
        Stores {
            databases: databases.collect(),
            sessions: Slab::new(),
            spannings: Slab::new(),
            spanning_records: Table::filled(
                SpanningRecord::new(plan.site.databases.len()),
                &plan.program.spannings,
            ),
            followed: Followed::new(plan, key),
            told: ToldChanges::default(),
            topics: Topics::new(plan, fleet, replication.duration.0),
            reads: Slab::new(),
            random: Stream::new(key.named("storage")),
            woken: Vec::new(),
        }
    }

    /// A time of a volume (ns); 0 without a law.
    pub(super) fn draw_time(&mut self, plan: &Plan, law: Option<Id<Sampler>>) -> u64 {
        law.map_or(0, |law| plan.program.samplers[law].draw(&mut self.random))
    }

    /// Work of a database that no request brings with it [ns on a reference core]; 0 without a law.
    pub(super) fn draw_work(
        &mut self,
        plan: &Plan,
        of: Id<DatabasePlan>,
        law: Option<Id<Sampler>>,
    ) -> u64 {
        law.map_or(0, |law| plan.program.samplers[law].draw(&mut self.databases[of].work))
    }
}

fn volume(plan: &DatabasePlan) -> Volume<FrameId> {
    Volume::new(plan.parallelism, plan.iops.map(f64::from), plan.iops_burst_ns)
}
