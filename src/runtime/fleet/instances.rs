//! Instances: running copies of services, with their threads and connections.

use std::collections::BTreeMap;

use super::Host;
use crate::events::Lane;
use crate::ids::{Id, Table};
use crate::measure::ServiceRecord;
use crate::model::{QueueDiscipline, Threads};
use crate::plan::{DatabasePlan, InstancePlan, Location, Plan, PoolPlan, ServicePlan};
use crate::runtime::frame_id::FrameId;
use crate::runtime::resources::deadlines::Deadlines;
use crate::runtime::resources::event_loop::EventLoop;
use crate::runtime::resources::pool::Pool;

/// A service at run time. What most requests touch comes first and begins with a line of the cache: of many
/// services, few lines of each.
#[derive(Debug)]
#[repr(C, align(64))]
pub(in crate::runtime) struct ServiceState {
    /// The one among those that callers choose among, where there is no other: found without a look at the list.
    pub(super) only: Option<Id<Instance>>,
    pub(in crate::runtime) record: ServiceRecord,
    pub(in crate::runtime) of: Id<ServicePlan>,
    /// Instances that callers choose among.
    pub(super) listed: Vec<Id<Instance>>,
    /// Place in the list of the next in turn, for each caller that has asked; `None`: for all clients.
    pub(in crate::runtime) turns: BTreeMap<Option<Id<Instance>>, u32>,
}

/// An instance at run time. What every request touches comes first, in one line of the cache.
#[derive(Debug)]
#[repr(C, align(64))]
pub(in crate::runtime) struct Instance {
    /// `None`: nothing is held while a request is served.
    pub(in crate::runtime) threads: Option<Pool<FrameId>>,
    pub(in crate::runtime) service: Id<ServicePlan>,
    pub(in crate::runtime) host: Id<Host>,
    /// Requests sent to it and not yet answered.
    pub(in crate::runtime) outstanding: u32,
    pub(in crate::runtime) state: State,
    /// Whether those that wait for a thread have priorities or lose patience.
    pub(in crate::runtime) special_line: bool,
    /// What it was made from.
    pub(in crate::runtime) of: Id<InstancePlan>,
    pub(in crate::runtime) location: Location,
    /// Workers that run what is ready; `None`: every frame is a thread to the cores.
    pub(in crate::runtime) workers: Option<EventLoop<FrameId>>,
    /// (ns) Until when its process has worked.
    pub(in crate::runtime) worked_until: u64,
    /// When those that wait for a thread lose patience.
    pub(in crate::runtime) patience: Patience,
    /// Its connections to each database that it uses.
    pub(in crate::runtime) connections: Table<Option<Id<Connections>>, DatabasePlan>,
}

/// What becomes of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum State {
    /// It takes requests.
    Up,
    /// No new request is sent to it; it finishes what it has.
    Draining,
    /// It is no more.
    Gone,
}

/// When those that wait for a thread of one instance lose patience.
#[derive(Debug, Default)]
pub(in crate::runtime) struct Patience {
    pub(in crate::runtime) deadlines: Deadlines<FrameId>,
    /// Sequence number of the wake-up that stands.
    pub(in crate::runtime) awaited: u64,
}

/// The connections of one instance to one database.
#[derive(Debug)]
pub(in crate::runtime) struct Connections {
    /// The pool of the plan that they were made from.
    pub(in crate::runtime) of: Id<PoolPlan>,
    pub(in crate::runtime) database: Id<DatabasePlan>,
    pub(in crate::runtime) places: Pool<FrameId>,
    /// How long a frame waits for one (ns), with the lane of these ends.
    pub(in crate::runtime) timeout: Option<(u64, Lane)>,
}

impl Instance {
    /// Whether it may be about to go.
    #[inline(always)]
    pub(in crate::runtime) fn drains(&self) -> bool {
        self.state == State::Draining
    }

    /// An instance that nobody has asked for anything yet, without connections.
    pub(in crate::runtime) fn new(plan: &Plan, of: Id<InstancePlan>, host: Id<Host>) -> Self {
        let template = &plan.site.instances[of];
        let service = &plan.site.services[template.service];
        let threads = match service.threads {
            Threads::Pool(threads) => Some(threads),
            Threads::Async { max_in_flight } => max_in_flight,
        };
        let threads = threads.map(|most| Pool::new(most, service.queue));
        let ranked = service.discipline == QueueDiscipline::Priority;
        Instance {
            of,
            service: template.service,
            host,
            location: template.location,
            special_line: threads.is_some() && (ranked || service.patience.is_some()),
            threads,
            workers: service.workers.map(EventLoop::new),
            worked_until: 0,
            state: State::Up,
            outstanding: 0,
            patience: Patience::default(),
            connections: Table::new(),
        }
    }
}
