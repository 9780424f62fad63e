//! What one replication saw, from the end of its warm-up on, or several of them together. Times in
//! nanoseconds.

use super::{Capacities, Category, Gauge, Series, Timeline};
use crate::ids::Id;
use crate::plan::{CallSite, DatabasePlan, ServicePlan};
use crate::statistics::Histogram;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Well.
    Ok,
    /// A full queue turned it away.
    Rejected,
    /// It waited too long for a connection.
    Timeout,
    /// The business or a third party failed it.
    Failed,
    /// It was aborted to break a deadlock.
    Deadlock,
    /// It lost patience in the queue of a service.
    Abandoned,
}

impl Kind {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// All, at their own numbers.
    pub const ALL: [Kind; Self::COUNT] =
        [Kind::Ok, Kind::Rejected, Kind::Timeout, Kind::Failed, Kind::Deadlock, Kind::Abandoned];
}

/// How a replication ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// At its time.
    Finished,
    /// As much as a limit of the scenario allows, at this time (ns).
    Limited(Limit, u64),
}

/// A limit of the scenario that can end a replication before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Frames under way.
    Frames,
    /// Events.
    Events,
    /// Events at one instant.
    Simultaneous,
    /// Rows locked in one database.
    Locks,
}

/// What one replication saw.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Replications that were put together.
    pub replications: u32,
    /// How it ended.
    pub ending: Ending,
    /// When it ended (ns).
    pub ended_at: u64,
    /// Time that was measured (ns), over all its replications.
    pub measured_ns: u64,
    /// Events, warm-up included.
    pub events: u64,
    /// Each endpoint.
    pub endpoints: Vec<EndpointRecord>,
    /// Each service.
    pub services: Vec<ServiceRecord>,
    /// Busy core time of each CPU [core-ns].
    pub cpu_busy: Vec<f64>,
    /// What was there of everything that can come and go.
    pub capacities: Capacities,
    /// Each database.
    pub databases: Vec<DatabaseRecord>,
    /// Each third party.
    pub externals: Vec<ExternalRecord>,
    /// Bytes by locality, both ways.
    pub bytes: [u64; 6],
    /// Bytes between clients and the application.
    pub client_bytes: ClientBytes,
    /// How it went over time, warm-up included.
    pub series: Series,
    /// Moments and windows of a terminating run.
    pub timeline: Timeline,
    /// Requests under way.
    pub backlog: Backlog,
    /// Requests that came in the second half.
    pub arrivals_second_half: u64,
    /// What was taken and not given back at the end.
    pub left: Left,
    /// What can never be given back, where the replication ended in a deadlock.
    pub deadlock: Option<Deadlock>,
}

/// Bytes between clients and the application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientBytes {
    /// Of the requests that came.
    pub requests: u64,
    /// Of the answers that left.
    pub replies: u64,
}

/// Requests under way at two times of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// When it was half over.
    pub at_half: i64,
    /// At its end.
    pub at_end: i64,
}

/// Threads, connections and rows that are held by requests that wait for one of them, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadlock {
    /// What is held, in order, each once.
    pub held: Vec<Held>,
    /// Call sites, of `Plan::calls`, that led to one of those that wait, the outermost first.
    pub path: Vec<Id<CallSite>>,
}

/// Something that requests hold while they wait for what they called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// Threads of a service, of `Plan::services`.
    Threads(Id<ServicePlan>),
    /// Connections to a database, of `Plan::databases`.
    Connections(Id<DatabasePlan>),
    /// Rows of a database, of `Plan::databases`.
    Rows(Id<DatabasePlan>),
}

/// What requests under way at the end of a replication still hold. A world in which nothing is under way
/// holds nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// Frames.
    pub frames: u64,
    /// Paths of requests and of branches.
    pub paths: u64,
    /// Threads of services that have a number of them.
    pub threads: u64,
    /// Requests in the queues for them.
    pub thread_waits: u64,
    /// Connections of all pools.
    pub connections: u64,
    /// Frames in the queues for them.
    pub connection_waits: u64,
    /// Rows locked in all databases.
    pub locks: u64,
    /// Sessions in the queues for them.
    pub lock_waits: u64,
    /// Jobs on CPUs that are shared.
    pub jobs: u64,
}

/// What clients of an endpoint saw.
#[derive(Debug, Clone)]
pub struct EndpointRecord {
    /// Requests that came.
    pub arrivals: u64,
    /// Answers by [`Kind`].
    pub answers: [u64; Kind::COUNT],
    /// Latencies of good answers.
    pub latency: Histogram,
    /// Their sum (ns).
    pub latency_sum: u128,
    /// The greatest (ns).
    pub latency_max: u64,
    /// Where their time went (ns).
    pub spent: [u128; Category::COUNT],
    /// Sum of the latencies of all other answers (ns).
    pub other_latency_sum: u128,
    /// Requests under way.
    pub present: Gauge,
    /// Of them those that were under way when the measuring began.
    pub present_before: i64,
    /// Ages of those under way at the end, less the ages of those under way at the start (ns).
    pub ages: i128,
    /// How it went over time, warm-up included, where something was promised for it.
    pub series: Option<Series>,
}

/// Sub-buckets of histograms: 2⁸ an octave, 0.4 % wide.
const FINE_BITS: u32 = 8;
/// Of those of the waits at one of many services: 2⁵ an octave, 3 % wide, small enough for a thousand.
const COARSE_BITS: u32 = 5;

impl Default for EndpointRecord {
    fn default() -> Self {
        EndpointRecord {
            arrivals: 0,
            answers: [0; Kind::COUNT],
            latency: Histogram::new(FINE_BITS),
            latency_sum: 0,
            latency_max: 0,
            spent: [0; Category::COUNT],
            other_latency_sum: 0,
            present: Gauge::default(),
            present_before: 0,
            ages: 0,
            series: None,
        }
    }
}

impl EndpointRecord {
    /// Requests under way.
    pub fn in_flight(&self) -> i64 {
        self.present.level()
    }

    /// A good answer, with the times (ns) that it spent on categories, by their numbers.
    #[inline]
    pub fn answer(&mut self, latency: u64, spent: impl Iterator<Item = (usize, u64)>) {
        self.answers[Kind::Ok as usize] += 1;
        self.latency.record(latency);
        self.latency_sum += u128::from(latency);
        self.latency_max = self.latency_max.max(latency);
        for (category, time) in spent {
            self.spent[category] += u128::from(time);
        }
    }

    /// Forgets everything but who is under way and how it went over time.
    pub fn restart(&mut self, now: u64) {
        let mut present = self.present;
        present.restart(now);
        let present_before = present.level();
        self.latency.clear();
        let latency = std::mem::replace(&mut self.latency, Histogram::new(1));
        let series = self.series.take();
        *self = EndpointRecord {
            latency,
            present,
            present_before,
            series,
            ..EndpointRecord::default()
        };
    }
}

/// What a service did.
#[derive(Debug, Clone)]
pub struct ServiceRecord {
    /// Requests that came.
    pub arrivals: u64,
    /// Of them turned away.
    pub rejected: u64,
    /// Waits for a thread of those that got one.
    pub waits: Histogram,
    /// Their sum (ns).
    pub wait_sum: u128,
    /// Waits of those that lost patience and left.
    pub abandoned_waits: Histogram,
    /// Their sum (ns).
    pub abandoned_wait_sum: u128,
    /// Requests waiting for a thread.
    pub queue: Gauge,
    /// Requests being served.
    pub serving: Gauge,
    /// Requests answered.
    pub answered: u64,
    /// Requests that were here when the measuring began.
    pub present_before: i64,
    /// Ages of the waits for a thread at the end, less those at the start (ns).
    pub queue_ages: i128,
    /// Sum of the times in which requests were served, within the measured time (ns, modulo 2³²).
    pub served_ns: u32,
}

impl ServiceRecord {
    /// An empty record; `fine`: whether the buckets of its waits are 0.4 % wide, or 3 %, in an eighth of the
    /// room.
    pub fn new(fine: bool) -> Self {
        let bits = if fine { FINE_BITS } else { COARSE_BITS };
        ServiceRecord {
            arrivals: 0,
            rejected: 0,
            waits: Histogram::new(bits),
            wait_sum: 0,
            abandoned_waits: Histogram::new(bits),
            abandoned_wait_sum: 0,
            queue: Gauge::default(),
            serving: Gauge::default(),
            answered: 0,
            present_before: 0,
            queue_ages: 0,
            served_ns: 0,
        }
    }

    /// Requests that lost patience and left.
    pub fn abandoned(&self) -> u64 {
        self.abandoned_waits.count()
    }

    /// Forgets everything but who is there.
    pub fn restart(&mut self, now: u64) {
        let (mut queue, mut serving) = (self.queue, self.serving);
        queue.restart(now);
        serving.restart(now);
        let present_before = queue.level() + serving.level();
        let kept = [&mut self.waits, &mut self.abandoned_waits].map(|histogram| {
            histogram.clear();
            std::mem::replace(histogram, Histogram::new(1))
        });
        let [waits, abandoned_waits] = kept;
        let fresh = ServiceRecord::new(false);
        *self = ServiceRecord { waits, abandoned_waits, queue, serving, present_before, ..fresh };
    }
}

/// What a database did.
#[derive(Debug, Clone, Default)]
pub struct DatabaseRecord {
    /// Connections asked for.
    pub acquires: u64,
    /// Sum of the waits for them (ns).
    pub pool_wait_sum: u128,
    /// Frames that wait for a connection.
    pub pool_queue: Gauge,
    /// Ages of these waits at the end, less those at the start (ns).
    pub pool_ages: i128,
    /// Connections in use.
    pub connections: Gauge,
    /// Sum of the times for which connections were held that came back (ns).
    pub held_sum: u128,
    /// Ages of the connections in use at the end, less those at the start (ns).
    pub held_ages: i128,
    /// Statements.
    pub statements: u64,
    /// Row locks asked for, by table.
    pub locks: Vec<u64>,
    /// Sum of the waits for them, by table (ns).
    pub lock_wait_sum: Vec<u128>,
    /// Frames that wait for a row lock.
    pub lock_queue: Gauge,
    /// Ages of these waits at the end, less those at the start (ns).
    pub lock_ages: i128,
    /// Transactions that wrote and ended well.
    pub commits: u64,
    /// Log flushes.
    pub flushes: u64,
    /// Whether a flush runs.
    pub flushing: Gauge,
    /// Time that page reads took at the volume, their queue apart (ns).
    pub read_ns: u128,
    /// Operations of the volume: page reads and flushes.
    pub operations: u64,
    /// Transactions aborted to break a deadlock.
    pub deadlocks: u64,
}

impl DatabaseRecord {
    /// A record of a database with so many tables.
    pub fn new(tables: usize) -> Self {
        DatabaseRecord {
            locks: vec![0; tables],
            lock_wait_sum: vec![0; tables],
            ..DatabaseRecord::default()
        }
    }

    /// Forgets everything but what is under way.
    pub fn restart(&mut self, now: u64) {
        let mut fresh = DatabaseRecord::new(self.locks.len());
        fresh.pool_queue = self.pool_queue;
        fresh.connections = self.connections;
        fresh.lock_queue = self.lock_queue;
        fresh.flushing = self.flushing;
        let queues = [&mut fresh.pool_queue, &mut fresh.lock_queue];
        for gauge in queues.into_iter().chain([&mut fresh.connections, &mut fresh.flushing]) {
            gauge.restart(now);
        }
        *self = fresh;
    }
}

/// What a third party did.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExternalRecord {
    /// Calls that it works on.
    pub busy: Gauge,
    /// Sum of the times of those that it answered (ns).
    pub time_sum: u128,
    /// Ages of those it works on at the end, less those at the start (ns).
    pub ages: i128,
}

impl ExternalRecord {
    /// Forgets everything but what is under way.
    pub fn restart(&mut self, now: u64) {
        let mut busy = self.busy;
        busy.restart(now);
        *self = ExternalRecord { busy, ..ExternalRecord::default() };
    }
}
