//! Where everything runs: services and their instances, CPUs, databases and their pools, third parties.

use crate::ids::{Id, Table};
use crate::model::{Balancing, LockProtocol, QueueDiscipline, Scheduling, Threads, WakeUp};
use crate::random::Sampler;

/// Where a layout runs.
#[derive(Debug, Clone, Default)]
pub struct SitePlan {
    /// Services.
    pub services: Table<ServicePlan>,
    /// Instances, service by service.
    pub instances: Table<InstancePlan>,
    /// CPUs: of instances, machines and database servers.
    pub cpus: Table<CpuPlan>,
    /// Databases.
    pub databases: Table<DatabasePlan>,
    /// Connection pools.
    pub pools: Table<PoolPlan>,
    /// Third parties.
    pub externals: Table<ExternalPlan>,
    /// Links by locality, in the order of `Locality::ALL`; empty without a network.
    pub links: Vec<LinkPlan>,
    /// Delay of a call inside a process; `None` is no delay.
    pub local_hop: Option<Sampler>,
    /// What it costs to wake; `None`: nothing.
    pub wake_up: Option<WakeUp>,
    /// Zones in use.
    pub zones: u32,
}

/// A service.
#[derive(Debug, Clone)]
pub struct ServicePlan {
    /// Name.
    pub name: String,
    /// Its first instance.
    pub first_instance: Id<InstancePlan>,
    /// How many instances, at the start.
    pub replicas: u32,
    /// How many there may be.
    pub most: u32,
    /// Threads of an instance, or asynchronous.
    pub threads: Threads,
    /// Workers of an instance that run what is ready; `None`: every frame is a thread to the cores.
    pub workers: Option<u32>,
    /// Requests that may wait at an instance.
    pub queue: Option<u32>,
    /// Which of them is next.
    pub discipline: QueueDiscipline,
    /// How long each waits for a thread; `None`: for ever.
    pub patience: Option<Id<Sampler>>,
    /// How callers choose.
    pub balancing: Balancing,
    /// Weight of an instance where its machine deals cores out by weight.
    pub weight: f64,
}

/// An instance.
#[derive(Debug, Clone)]
pub struct InstancePlan {
    /// Its service.
    pub service: Id<ServicePlan>,
    /// Its CPU.
    pub cpu: Id<CpuPlan>,
    /// Where it stands.
    pub location: Location,
    /// Its connection pools by database; `None`: no pool there.
    pub pools: Table<Option<Id<PoolPlan>>, DatabasePlan>,
}

/// Where something stands, for the latency of messages to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    /// Number of its node; `None`: a place of its own.
    pub node: Option<u32>,
    /// Number of its zone.
    pub zone: u32,
}

/// What a CPU is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CpuUse {
    /// An instance of a service.
    Service(Id<ServicePlan>),
    /// A machine that several services share, by name.
    Machine(String),
    /// A database server.
    Database(Id<DatabasePlan>),
}

/// A CPU.
#[derive(Debug, Clone)]
pub struct CpuPlan {
    /// Whose.
    pub used_by: CpuUse,
    /// Cores.
    pub cores: f64,
    /// Speed against the reference core.
    pub speed: f64,
    /// How frames share it.
    pub scheduling: Scheduling,
    /// Never more runnable frames than cores: every job runs at full speed, so no queue is kept.
    pub uncontended: bool,
    /// Whether it is asked who works: some frames share workers, or waking up costs.
    pub knows_workers: bool,
    /// Cost of a context switch (ns).
    pub switch_ns: u64,
    /// Time that the runnable frames of a core share (ns).
    pub slice_ns: u64,
    /// Least time slice (ns).
    pub least_slice_ns: u64,
}

/// A database, or a machine of a broker, which stands behind all databases.
#[derive(Debug, Clone)]
pub struct DatabasePlan {
    /// Name.
    pub name: String,
    /// Whether it is a machine of a broker.
    pub is_broker: bool,
    /// Its CPU.
    pub cpu: Id<CpuPlan>,
    /// Where it stands.
    pub location: Location,
    /// One page read; `None` takes no time.
    pub read: Option<Id<Sampler>>,
    /// One log flush; `None` takes no time.
    pub flush: Option<Id<Sampler>>,
    /// Means of both (s).
    pub mean_read: f64,
    /// Mean log flush (s).
    pub mean_flush: f64,
    /// Page reads at the same time.
    pub parallelism: u32,
    /// Operations per second.
    pub iops: Option<u32>,
    /// How far it may run ahead of `iops` after a quiet time (ns).
    pub iops_burst_ns: u64,
    /// CPU of a commit of what was written; `None`: none.
    pub commit_cpu: Option<Id<Sampler>>,
    /// CPU of a log flush, half of a draw before the volume has it and half of another after; `None`: none.
    pub flush_cpu: Option<Id<Sampler>>,
    /// CPU of a session that the commit of a row wakes; `None`: none.
    pub requeue_cpu: Option<Id<Sampler>>,
    /// Weight where its machine deals cores out by weight.
    pub weight: f64,
    /// CPU of a session that begins to work where a core is idle; `None`: none.
    pub wake_cpu: Option<Id<Sampler>>,
    /// How it keeps row locks.
    pub locks: LockProtocol,
    /// Lock wait before a deadlock is looked for (ns).
    pub deadlock_timeout: u64,
    /// How long the leader of a flush waits for others (ns), where at least `commit_siblings` have written.
    pub commit_delay: u64,
    /// Other transactions that a flush is delayed for.
    pub commit_siblings: u32,
    /// Its tables.
    pub tables: Table<TablePlan>,
    /// Engine that it is billed for.
    pub engine: &'static str,
    /// Class it is billed as.
    pub class: Option<String>,
    /// Kind of its volume.
    pub storage_kind: String,
    /// Size of its volume (bytes).
    pub storage_bytes: u64,
}

/// A table of a database.
#[derive(Debug, Clone)]
pub struct TablePlan {
    /// Name.
    pub name: String,
    /// Share of its page reads that the buffer cache holds.
    pub hit_share: f64,
}

/// A connection pool of one instance to one database.
#[derive(Debug, Clone)]
pub struct PoolPlan {
    /// Its database.
    pub database: Id<DatabasePlan>,
    /// Connections.
    pub size: u32,
    /// How long a frame waits for one (ns).
    pub timeout: Option<u64>,
}

/// A third party.
#[derive(Debug, Clone)]
pub struct ExternalPlan {
    /// Name.
    pub name: String,
    /// How long it takes; `None` takes no time.
    pub latency: Option<Id<Sampler>>,
    /// Mean of it (s).
    pub mean_latency: f64,
    /// Probability that it fails.
    pub failure: f64,
    /// Calls at a time.
    pub concurrency: Option<u32>,
}

/// Latency of one locality class.
#[derive(Debug, Clone)]
pub struct LinkPlan {
    /// Round trip (ns).
    pub rtt: Sampler,
    /// Mean round trip (s).
    pub mean_rtt: f64,
}
