//! What is recorded of endpoints, services, databases and third parties, figure by figure. Times in
//! nanoseconds.

use super::recorded::{Ages, Count, Level, Most, Recorded, Sum, SumModulo, record};
use super::{Category, Gauge, Kind, PartRecord, Series};
use crate::statistics::Histogram;

record! {
    /// What clients of an endpoint saw.
    #[derive(Debug, Clone, PartialEq)]
    pub struct EndpointRecord {
        /// Requests that came.
        pub arrivals: Count,
        /// Answers by [`Kind`].
        pub answers: [Count; Kind::COUNT],
        /// Latencies of good answers.
        pub latency: Histogram,
        /// Their sum (ns).
        pub latency_sum: Sum,
        /// The greatest (ns).
        pub latency_max: Most,
        /// Where their time went (ns).
        pub spent: [Sum; Category::COUNT],
        /// Sum of the latencies of all other answers (ns).
        pub other_latency_sum: Sum,
        /// Requests under way.
        pub present: Gauge,
        /// The same when the time began over which a backlog is compared.
        pub present_at_half: Level,
        /// Requests that had come until then.
        pub arrivals_at_half: Count,
        /// Ages of those under way at the end, less the ages of those under way at the start (ns).
        pub ages: Ages,
        /// How it went over time, warm-up included, where something was promised for it.
        pub series: Option<Series>,
    }
}

/// Sub-buckets of histograms: 2⁸ an octave, 0.4 % wide.
pub(super) const FINE_BITS: u32 = 8;
/// Of those of the waits at one of many services: 2⁵ an octave, 3 % wide, small enough for a thousand.
const COARSE_BITS: u32 = 5;

impl Default for EndpointRecord {
    fn default() -> Self {
        EndpointRecord {
            arrivals: 0,
            answers: [0; Kind::COUNT],
            latency: Histogram::new(FINE_BITS),
            latency_sum: 0,
            latency_max: Most::default(),
            spent: [0; Category::COUNT],
            other_latency_sum: 0,
            present: Gauge::default(),
            present_at_half: 0,
            arrivals_at_half: 0,
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

    /// The time begins over which a backlog is compared.
    pub fn half(&mut self) {
        self.present_at_half = self.present.level();
        self.arrivals_at_half = self.arrivals;
    }

    /// Requests that came and stayed since then.
    pub fn grown(&self) -> i64 {
        self.present.level() - self.present_at_half
    }

    /// Requests that came since then.
    pub fn came_since_half(&self) -> u64 {
        self.arrivals - self.arrivals_at_half
    }

    /// A good answer, with the times (ns) that it spent on categories, by their numbers.
    #[inline(always)]
    pub fn answer(&mut self, latency: u64, spent: impl Iterator<Item = (usize, u64)>) {
        self.answers[Kind::Ok as usize] += 1;
        self.latency.record(latency);
        self.latency_sum += u128::from(latency);
        self.latency_max.note(latency);
        for (category, time) in spent {
            self.spent[category] += u128::from(time);
        }
    }

    /// Forgets everything but who is under way and how it went over time.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}

record! {
    /// What a service did. In this order, so that what every request notes lies together.
    #[derive(Debug, Clone, PartialEq)]
    #[repr(C)]
    pub struct ServiceRecord {
        /// Requests being served.
        pub serving: Gauge,
        /// Requests that came.
        pub arrivals: Count,
        /// Requests answered.
        pub answered: Count,
        /// Sum of the times in which requests were served, within the measured time (ns, modulo 2³²).
        pub served_ns: SumModulo,
        /// Waits for a thread of those that got one.
        pub waits: Histogram,
        /// Their sum (ns).
        pub wait_sum: Sum,
        /// Requests waiting for a thread.
        pub queue: Gauge,
        /// Requests turned away.
        pub rejected: Count,
        /// Waits of those that lost patience and left.
        pub abandoned_waits: Histogram,
        /// Their sum (ns).
        pub abandoned_wait_sum: Sum,
        /// Ages of the waits for a thread at the end, less those at the start (ns).
        pub queue_ages: Ages,
    }
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
        Recorded::restart(self, now);
    }
}

record! {
    /// What a database did.
    #[derive(Debug, Clone, Default, PartialEq)]
    pub struct DatabaseRecord {
        /// Connections asked for.
        pub acquires: Count,
        /// Sum of the waits for them (ns).
        pub pool_wait_sum: Sum,
        /// Frames that wait for a connection.
        pub pool_queue: Gauge,
        /// Ages of these waits at the end, less those at the start (ns).
        pub pool_ages: Ages,
        /// Connections in use.
        pub connections: Gauge,
        /// Sum of the times for which connections were held that came back (ns).
        pub held_sum: Sum,
        /// Ages of the connections in use at the end, less those at the start (ns).
        pub held_ages: Ages,
        /// Statements.
        pub statements: Count,
        /// Row locks asked for, by table.
        pub locks: Vec<Count>,
        /// Sum of the waits for them, by table (ns).
        pub lock_wait_sum: Vec<Sum>,
        /// Whether the row that is asked for most is locked, by table.
        pub hottest: Vec<Gauge>,
        /// Frames that wait for a row lock.
        pub lock_queue: Gauge,
        /// Ages of these waits at the end, less those at the start (ns).
        pub lock_ages: Ages,
        /// Transactions that wrote and ended well.
        pub commits: Count,
        /// Log flushes.
        pub flushes: Count,
        /// Whether a flush runs.
        pub flushing: Gauge,
        /// Time that the page reads that ended took at the volume, their queue apart (ns).
        pub read_ns: Sum,
        /// Ages of the page reads at the volume at the end, less those at the start (ns).
        pub read_ages: Ages,
        /// Time in which the cap on operations was used (ns).
        pub capped_ns: Ages,
        /// Operations of the volume: page reads and flushes.
        pub operations: Count,
        /// Transactions aborted to break a deadlock.
        pub deadlocks: Count,
        /// Transactions that wrote and have given up their rows.
        pub locked: Count,
        /// Sum of the times from their first writes until then (ns).
        pub locked_sum: Sum,
    }
}

impl DatabaseRecord {
    /// A record of a database with so many tables.
    pub fn new(tables: usize) -> Self {
        DatabaseRecord {
            locks: vec![0; tables],
            lock_wait_sum: vec![0; tables],
            hottest: vec![Gauge::default(); tables],
            ..DatabaseRecord::default()
        }
    }

    /// Forgets everything but what is under way.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}

record! {
    /// What a third party did.
    #[derive(Debug, Clone, Copy, Default, PartialEq)]
    pub struct ExternalRecord {
        /// Calls that it works on.
        pub busy: Gauge,
        /// Sum of the times of those that it answered (ns).
        pub time_sum: Sum,
        /// Ages of those it works on at the end, less those at the start (ns).
        pub ages: Ages,
    }
}

impl ExternalRecord {
    /// Forgets everything but what is under way.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}

record! {
    /// How transactions over several databases ended.
    #[derive(Debug, Clone, PartialEq)]
    pub struct SpanningRecord {
        /// Those that began.
        pub begun: Count,
        /// Under way.
        pub present: Gauge,
        /// All parts have committed.
        pub committed: Count,
        /// Failed, and what had committed was undone.
        pub compensated: Count,
        /// Failed before anything had committed, or rolled back by all.
        pub rolled_back: Count,
        /// Failed, and what had committed stays.
        pub half_done: Count,
        /// Killed with their frames.
        pub cut_off: Count,
        /// Times from the first commit of a part to the last one, or to that of what undid it.
        pub window: Histogram,
        /// Their sum (ns).
        pub window_sum: Sum,
        /// Times between the vote of a database and what it learns.
        pub doubt: Histogram,
        /// Their sum (ns).
        pub doubt_sum: Sum,
        /// For each database, times from the first write of a part until its rows are free, and their sum (ns).
        pub held: Vec<(Histogram, Sum)>,
        /// Parts that were undone.
        pub undone: Count,
        /// Tries to undo a part that failed.
        pub undo_failures: Count,
        /// Sum of the times from the beginning to the end of those that committed (ns).
        pub over_sum: Sum,
        /// For each database, when their parts on it came how far.
        pub parts: Vec<PartRecord>,
    }
}

impl SpanningRecord {
    /// A record of a transaction in a layout with so many databases.
    pub fn new(databases: usize) -> Self {
        let histogram = || Histogram::new(FINE_BITS);
        SpanningRecord {
            begun: 0,
            present: Gauge::default(),
            committed: 0,
            compensated: 0,
            rolled_back: 0,
            half_done: 0,
            cut_off: 0,
            window: histogram(),
            window_sum: 0,
            doubt: histogram(),
            doubt_sum: 0,
            held: vec![(histogram(), 0); databases],
            undone: 0,
            undo_failures: 0,
            over_sum: 0,
            parts: vec![PartRecord::default(); databases],
        }
    }

    /// Those that ended.
    pub fn ended(&self) -> u64 {
        self.committed + self.compensated + self.rolled_back + self.half_done + self.cut_off
    }

    /// Forgets everything but what is under way.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}

record! {
    /// What requests under way at the end of a replication still hold. A world in which nothing is under way
    /// holds nothing.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub struct Left {
        /// Frames.
        pub frames: Count,
        /// Paths of requests and of branches.
        pub paths: Count,
        /// Threads of services that have a number of them.
        pub threads: Count,
        /// Requests in the queues for them.
        pub thread_waits: Count,
        /// Connections of all pools.
        pub connections: Count,
        /// Frames in the queues for them.
        pub connection_waits: Count,
        /// Rows locked in all databases.
        pub locks: Count,
        /// Sessions in the queues for them.
        pub lock_waits: Count,
        /// Jobs on CPUs that are shared.
        pub jobs: Count,
    }
}
