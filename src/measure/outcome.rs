//! What one replication saw, from the end of its warm-up on, or several of them together: what makes many
//! short ones fit into memory. Times in nanoseconds.

use super::recorded::{Ends, Recorded};
use super::{
    Capacities, DatabaseRecord, EndpointRecord, ExternalRecord, Gauge, GroupRecord, Left,
    LogRecord, OutboxRecord, ScalingRecord, Series, ServiceRecord, SpanningRecord, Timeline,
    TopicRecord, ViewRecord,
};
use crate::ids::Id;
use crate::plan::{CallSite, DatabasePlan, ServicePlan};

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
    /// Connections in use of each pool, of `Plan::pools`.
    pub pools: Vec<Gauge>,
    /// What was there of everything that can come and go.
    pub capacities: Capacities,
    /// Each database.
    pub databases: Vec<DatabaseRecord>,
    /// Each third party.
    pub externals: Vec<ExternalRecord>,
    /// Each transaction over several databases, of `Plan::spannings`.
    pub spannings: Vec<SpanningRecord>,
    /// Each event-sourced table, of `Plan::logs`.
    pub logs: Vec<LogRecord>,
    /// Each view, of `Plan::views`.
    pub views: Vec<ViewRecord>,
    /// Each event at the broker, of `Plan::messaging`.
    pub topics: Vec<TopicRecord>,
    /// The consumers of each service, of `Plan::messaging`.
    pub groups: Vec<GroupRecord>,
    /// The relay of each outbox, of `Plan::messaging`.
    pub outboxes: Vec<OutboxRecord>,
    /// Services whose instances come and go, of `Plan::scaled`.
    pub scalings: Vec<ScalingRecord>,
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
    /// Frames under way: what requests wait for, and what nobody does.
    pub frames: Backlog,
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

/// How many are under way at two times of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// When it was half over.
    pub at_half: i64,
    /// At its end.
    pub at_end: i64,
}

impl Backlog {
    /// How many more they are at the end.
    pub fn grown(self) -> i64 {
        self.at_end - self.at_half
    }

    fn add(&mut self, other: Backlog) {
        self.at_half += other.at_half;
        self.at_end += other.at_end;
    }
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

impl Outcome {
    /// Adds another replication of the same run.
    pub fn merge(&mut self, other: &Outcome) {
        let Outcome {
            replications,
            ending,
            ended_at,
            measured_ns,
            events,
            endpoints,
            services,
            cpu_busy,
            pools,
            capacities,
            databases,
            externals,
            spannings,
            groups,
            logs,
            outboxes,
            scalings,
            topics,
            views,
            bytes,
            client_bytes: ClientBytes { requests, replies },
            series,
            timeline,
            backlog,
            frames,
            left,
            deadlock,
        } = other;
        let ends = Ends { own: self.ended_at, other: *ended_at };
        self.replications += replications;
        if self.ending == Ending::Finished {
            self.ending = *ending;
        }
        self.measured_ns += measured_ns;
        self.events += events;
        self.endpoints.merge(endpoints, ends);
        self.services.merge(services, ends);
        self.cpu_busy.merge(cpu_busy, ends);
        self.pools.merge(pools, ends);
        self.capacities.merge(capacities);
        self.databases.merge(databases, ends);
        self.externals.merge(externals, ends);
        self.spannings.merge(spannings, ends);
        self.logs.merge(logs, ends);
        self.views.merge(views, ends);
        self.topics.merge(topics, ends);
        self.groups.merge(groups, ends);
        self.outboxes.merge(outboxes, ends);
        self.scalings.merge(scalings, ends);
        self.bytes.merge(bytes, ends);
        self.client_bytes.requests += requests;
        self.client_bytes.replies += replies;
        self.series.merge(series, ends);
        self.timeline.merge(timeline, ends);
        self.backlog.add(*backlog);
        self.frames.add(*frames);
        self.left.merge(left, ends);
        if self.deadlock.is_none() {
            self.deadlock.clone_from(deadlock);
        }
    }
}
