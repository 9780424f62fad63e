//! The mutable world of one replication: every resource, every frame, every record.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use super::frames::{Frames, Paths};
use super::lines::Patience;
use super::processes::Course;
use super::resources::cpu::{Cpu, CpuSpec, Discipline};
use super::resources::lock::LockTable;
use super::resources::log::Log;
use super::resources::pool::Pool;
use super::resources::volume::Volume;
use super::sessions::Sessions;
use super::ways::{Hop, hops, one_locality};
use super::{NEVER, Replication};
use crate::events::{EventQueue, Lane};
use crate::ids::{Id, Table};
use crate::measure::{
    DatabaseRecord, Ending, EndpointRecord, ExternalRecord, Recorder, Series, ServiceRecord,
};
use crate::model::{Arrivals, QueueDiscipline, Scheduling, Threads, Watch};
use crate::plan::{
    CpuPlan, DatabasePlan, EndpointPlan, ExternalPlan, InstancePlan, Plan, PoolPlan, ServicePlan,
    SourcePlan,
};
use crate::random::{Key, Sampler, Stream};

/// What an event is for: kinds of `Target`.
pub(super) mod kind {
    pub(in super::super) const FRAME: u8 = 0;
    pub(in super::super) const CPU: u8 = 1;
    pub(in super::super) const ARRIVAL: u8 = 2;
    pub(in super::super) const USER: u8 = 3;
    pub(in super::super) const PAGE: u8 = 4;
    pub(in super::super) const FLUSH: u8 = 5;
    pub(in super::super) const DEADLOCK: u8 = 6;
    pub(in super::super) const POOL_TIMEOUT: u8 = 7;
    pub(in super::super) const EXTERNAL: u8 = 8;
    pub(in super::super) const CONTROL: u8 = 9;
    pub(in super::super) const PROCESS: u8 = 10;
    pub(in super::super) const PATIENCE: u8 = 11;
}

/// Moments of the run itself: indices of `kind::CONTROL`.
pub(super) mod control {
    pub(in super::super) const WARM: u32 = 0;
    pub(in super::super) const HALF: u32 = 1;
    pub(in super::super) const END: u32 = 2;
    pub(in super::super) const MOMENT: u32 = 3;
    pub(in super::super) const WINDOW: u32 = 4;
}

/// Everything that changes while a replication runs.
pub(super) struct World<'p> {
    pub(super) plan: &'p Plan,
    pub(super) replication: Replication,
    pub(super) events: EventQueue,
    pub(super) event_count: u64,
    /// Events up to which nobody looks at the limits and at `stop`.
    pub(super) look_at: u64,
    /// The first look of the present instant.
    pub(super) first_look: FirstLook,
    /// Set by whoever wants no more of this replication.
    pub(super) stop: &'p AtomicBool,
    pub(super) stopped: bool,
    pub(super) frames: Frames,
    pub(super) paths: Paths,
    pub(super) sessions: Sessions,
    /// Frames that go on at this instant, in the order in which they were freed.
    pub(super) ready: Vec<u32>,
    pub(super) services: Table<Service, ServicePlan>,
    pub(super) instances: Table<Instance, InstancePlan>,
    pub(super) cpus: Table<Processor, CpuPlan>,
    pub(super) databases: Table<Database, DatabasePlan>,
    pub(super) pools: Table<Pool, PoolPlan>,
    /// When those that wait for a thread lose patience, by instance; empty where nobody does.
    pub(super) patience: Table<Patience, InstancePlan>,
    pub(super) externals: Table<Option<Pool>, ExternalPlan>,
    pub(super) sources: Table<Source, SourcePlan>,
    /// Requests that each user of a closed source has made.
    pub(super) users: Table<User>,
    pub(super) network: Stream,
    pub(super) balancer: Stream,
    pub(super) storage: Stream,
    /// Lane of each sampler that is a constant.
    pub(super) sampler_lanes: Table<Option<Lane>, Sampler>,
    /// Lane of each pool's timeout.
    pub(super) pool_lanes: Table<Option<Lane>, PoolPlan>,
    /// Each message on each kind of way, see [`World::hop`].
    pub(super) hops: Vec<Hop>,
    pub(super) endpoints: Table<EndpointRecord, EndpointPlan>,
    pub(super) third_parties: Table<ExternalRecord, ExternalPlan>,
    pub(super) bytes: [u64; 6],
    /// The locality of every two instances, where all stand at one place.
    pub(super) one_locality: Option<usize>,
    pub(super) series: Series,
    /// Moments and windows, in a terminating run.
    pub(super) recorder: Option<Box<Recorder>>,
    pub(super) in_flight: i64,
    pub(super) backlog_at_half: i64,
    pub(super) arrivals_second_half: u64,
    pub(super) measured_from: u64,
    pub(super) ending: Option<Ending>,
    /// Row locks that a commit handed on; kept to reuse its memory.
    pub(super) granted: Vec<(u32, u32)>,
}

/// A look at whether to go on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FirstLook {
    /// When (ns).
    pub(super) time: u64,
    /// Events up to then.
    pub(super) events: u64,
}

/// Services up to which the histograms of all their waits are fine: about 20 KB each for a replication.
const MOST_FINE: usize = 64;

/// A service at run time.
pub(super) struct Service {
    /// Next instance in turn.
    pub(super) turn: u32,
    pub(super) record: ServiceRecord,
}

/// An instance at run time.
pub(super) struct Instance {
    pub(super) service: Id<ServicePlan>,
    pub(super) cpu: Id<CpuPlan>,
    /// `None`: nothing is held while a request is served.
    pub(super) threads: Option<Pool>,
    /// Requests sent to it and not yet answered.
    pub(super) outstanding: u32,
    /// Whether those that wait for a thread have priorities or lose patience.
    pub(super) special_line: bool,
}

/// A CPU at run time.
pub(super) struct Processor {
    /// `None`: never more frames than cores, so nobody ever waits.
    pub(super) shared: Option<Cpu>,
    /// Sequence number of the wake-up that stands.
    pub(super) awaited: u64,
    pub(super) speed: f64,
    /// Busy core time of an uncontended CPU since the warm-up [core-ns].
    pub(super) busy: u128,
    /// Busy core time of a shared CPU up to the end of the warm-up [core-ns].
    pub(super) busy_before: u128,
}

/// A database at run time.
pub(super) struct Database {
    pub(super) volume: Volume,
    pub(super) log: Log,
    pub(super) locks: LockTable,
    pub(super) deadlock_lane: Lane,
    pub(super) record: DatabaseRecord,
}

/// A stream of requests at run time.
pub(super) struct Source {
    pub(super) key: Key,
    pub(super) stream: Stream,
    /// Requests that came.
    pub(super) count: u64,
    /// Position of its first user.
    pub(super) first_user: usize,
    /// Where it stands in a process that is more than a gap after each request.
    pub(super) course: Course,
}

/// A user of a closed source.
#[derive(Clone, Copy)]
pub struct User {
    pub(super) source: Id<SourcePlan>,
    /// Requests made.
    pub(super) count: u64,
}

impl<'p> World<'p> {
    pub(super) fn new(plan: &'p Plan, replication: Replication) -> Self {
        let key = replication.key;
        let mut events = EventQueue::new();
        let mut lanes = BTreeMap::new();
        let sampler_lanes = plan
            .samplers
            .iter()
            .map(|sampler| sampler.constant().map(|time| lane(&mut events, &mut lanes, time)))
            .collect();
        let hops = hops(plan, &mut events, &mut lanes);
        let databases = databases(plan, &mut events, &mut lanes);
        let timeouts = plan.pools.iter().map(|pool| pool.timeout);
        let pool_lanes = timeouts
            .map(|timeout| timeout.map(|timeout| lane(&mut events, &mut lanes, timeout)))
            .collect();
        let mut users = Table::new();
        let sources = sources(plan, key, &mut users);
        let watched = plan.watch != Watch::default();
        World {
            plan,
            replication,
            event_count: 0,
            look_at: 0,
            first_look: FirstLook::default(),
            stop: &NEVER,
            stopped: false,
            frames: Frames::new(plan.limits.frames),
            paths: Paths::new(),
            sessions: Sessions::default(),
            ready: Vec::new(),
            services: services(plan),
            instances: instances(plan),
            cpus: plan.cpus.iter().map(|cpu| processor(cpu, watched)).collect(),
            databases,
            patience: patience(plan),
            pools: plan.pools.iter().map(|pool| Pool::new(pool.size, None)).collect(),
            externals: plan
                .externals
                .iter()
                .map(|external| external.concurrency.map(|most| Pool::new(most, None)))
                .collect(),
            sources,
            users,
            network: Stream::new(key.named("network")),
            balancer: Stream::new(key.named("balancer")),
            storage: Stream::new(key.named("storage")),
            sampler_lanes,
            pool_lanes,
            hops,
            events,
            endpoints: endpoints(plan, replication.duration.0),
            third_parties: Table::filled(ExternalRecord::default(), &plan.externals),
            bytes: [0; 6],
            one_locality: one_locality(plan),
            series: Series::new(replication.duration.0),
            recorder: watched.then(|| recorder(plan, replication)),
            in_flight: 0,
            backlog_at_half: 0,
            arrivals_second_half: 0,
            measured_from: 0,
            ending: None,
            granted: Vec::new(),
        }
    }
}

/// The lane of events that come `delay` after they are scheduled.
pub(super) fn lane(events: &mut EventQueue, lanes: &mut BTreeMap<u64, Lane>, delay: u64) -> Lane {
    *lanes.entry(delay).or_insert_with(|| events.lane())
}

fn endpoints(plan: &Plan, duration: u64) -> Table<EndpointRecord, EndpointPlan> {
    let record = |endpoint: &EndpointPlan| EndpointRecord {
        series: endpoint.promised.then(|| Series::new(duration)),
        ..EndpointRecord::default()
    };
    plan.endpoints.iter().map(record).collect()
}

fn services(plan: &Plan) -> Table<Service, ServicePlan> {
    let few = plan.services.len() <= MOST_FINE;
    let service = |service: &ServicePlan| {
        // Impatient waits end close below the patience of many, which coarse buckets would blur.
        let record = ServiceRecord::new(few || service.patience.is_some());
        Service { turn: 0, record }
    };
    plan.services.iter().map(service).collect()
}

fn instances(plan: &Plan) -> Table<Instance, InstancePlan> {
    plan.instances
        .iter()
        .map(|instance| {
            let service = &plan.services[instance.service];
            let threads = match service.threads {
                Threads::Pool(threads) => Some(Pool::new(threads, service.queue)),
                Threads::Async { max_in_flight } => {
                    max_in_flight.map(|most| Pool::new(most, service.queue))
                }
            };
            let ranked = service.discipline == QueueDiscipline::Priority;
            let special_line = threads.is_some() && (ranked || service.patience.is_some());
            let (service, cpu) = (instance.service, instance.cpu);
            Instance { service, cpu, threads, outstanding: 0, special_line }
        })
        .collect()
}

fn patience(plan: &Plan) -> Table<Patience, InstancePlan> {
    let any = plan.services.iter().any(|service| service.patience.is_some());
    if any { Table::filled(Patience::default(), &plan.instances) } else { Table::new() }
}

/// A CPU that is `watched` tells how busy it was up to any moment; one that nobody waits for need not.
fn processor(plan: &CpuPlan, watched: bool) -> Processor {
    let spec = CpuSpec {
        cores: plan.cores,
        speed: plan.speed,
        discipline: match plan.scheduling {
            Scheduling::ProcessorSharing => Discipline::ProcessorSharing,
            Scheduling::FirstComeFirstServed => Discipline::FirstComeFirstServed,
            Scheduling::Priority => Discipline::ByClass { preemptive: false },
            Scheduling::PreemptivePriority => Discipline::ByClass { preemptive: true },
        },
        switch_ns: plan.switch_ns,
        slice_ns: plan.slice_ns,
        least_slice_ns: plan.least_slice_ns,
    };
    Processor {
        shared: (watched || !plan.uncontended).then(|| Cpu::new(&spec)),
        awaited: 0,
        speed: plan.speed,
        busy: 0,
        busy_before: 0,
    }
}

fn recorder(plan: &Plan, replication: Replication) -> Box<Recorder> {
    let width = plan.watch.window.map_or(0, |window| window.0);
    Box::new(Recorder::new(width, replication.duration.0, plan.limits.windows))
}

fn databases(
    plan: &Plan,
    events: &mut EventQueue,
    lanes: &mut BTreeMap<u64, Lane>,
) -> Table<Database, DatabasePlan> {
    plan.databases
        .iter()
        .map(|database| Database {
            volume: volume(database),
            log: Log::new(),
            locks: LockTable::new(),
            deadlock_lane: lane(events, lanes, database.deadlock_timeout),
            record: DatabaseRecord::new(database.tables.len()),
        })
        .collect()
}

fn volume(plan: &DatabasePlan) -> Volume {
    Volume::new(plan.parallelism, plan.iops.map(f64::from), plan.iops_burst_ns)
}

fn sources(plan: &Plan, key: Key, users: &mut Table<User>) -> Table<Source, SourcePlan> {
    let mut sources = Table::new();
    for (id, source) in plan.sources.entries() {
        let key = key.named("source").named(&source.name);
        let first_user = users.len();
        if let Arrivals::Closed { users: count, .. } = source.arrivals {
            for _ in 0..count {
                users.push(User { source: id, count: 0 });
            }
        }
        let stream = Stream::new(key.named("arrivals"));
        let course = Course::new(&source.process, key);
        sources.push(Source { key, stream, count: 0, first_user, course });
    }
    sources
}
