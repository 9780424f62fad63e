//! The tables that a layout is lowered to. Ids are positions; names are kept for reports only.

use super::{Rhythm, Step};
use crate::model::{
    Arrivals, Balancing, Limits, Locality, QueueDiscipline, Scheduling, Threads, Trace, Watch,
};
use crate::random::{CountSampler, ProfileSampler, RowSampler, Sampler};

/// A layout, ready to simulate.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Name of the layout.
    pub layout: String,
    /// All lowered operations, one after the other.
    pub steps: Vec<Step>,
    /// Service that runs each step; [`super::NONE`] for the shared failure step.
    pub service_of_step: Vec<u32>,
    /// Laws of times.
    pub samplers: Vec<Sampler>,
    /// Mean of each (s).
    pub means: Vec<f64>,
    /// Repeats.
    pub loops: Vec<Loop>,
    /// Remote call sites, the endpoints' own included.
    pub calls: Vec<CallSite>,
    /// Branch points that run at the same time.
    pub forks: Vec<Fork>,
    /// Branch points that pick one way.
    pub choices: Vec<Choice>,
    /// Statements.
    pub statements: Vec<StatementPlan>,
    /// Sizes of messages, with what they cost by locality.
    pub messages: Vec<Message>,
    /// Links by locality, in the order of `Locality::ALL`; empty without a network.
    pub links: Vec<LinkPlan>,
    /// Delay of a call inside a process; `None` is no delay.
    pub local_hop: Option<Sampler>,
    /// Services.
    pub services: Vec<ServicePlan>,
    /// Instances, service by service.
    pub instances: Vec<InstancePlan>,
    /// CPUs: of instances, machines and database servers.
    pub cpus: Vec<CpuPlan>,
    /// Databases.
    pub databases: Vec<DatabasePlan>,
    /// Connection pools.
    pub pools: Vec<PoolPlan>,
    /// Third parties.
    pub externals: Vec<ExternalPlan>,
    /// Kinds of outside request.
    pub endpoints: Vec<EndpointPlan>,
    /// Streams of requests.
    pub sources: Vec<SourcePlan>,
    /// How the rates of the sources go on.
    pub rhythm: Rhythm,
    /// What a replication may use up.
    pub limits: Limits,
    /// Clock times at which a terminating run is looked at.
    pub watch: Watch,
    /// Zones in use.
    pub zones: u32,
    /// Nodes in use: (class, count).
    pub nodes: Vec<(String, u32)>,
    /// Cores of the nodes that are paid for.
    pub node_cores: f64,
    /// Load balancers that are billed.
    pub load_balancers: u32,
    /// Whether a managed control plane is billed.
    pub control_plane: bool,
    /// Remarks that the lowering makes: (code, message).
    pub remarks: Vec<(String, String)>,
    /// Where each operation starts, by name, for the listing: (name, service, first step).
    pub entries: Vec<(String, u32, u32)>,
}

/// A repeat.
#[derive(Debug, Clone)]
pub struct Loop {
    /// How often.
    pub times: CountSampler,
    /// Mean of `times`.
    pub mean: f64,
    /// Where a turn starts; it ends with `Return`.
    pub body: u32,
}

/// Branches that run at the same time.
#[derive(Debug, Clone)]
pub struct Fork {
    /// Where each starts; each ends with `Return`.
    pub branches: Vec<u32>,
    /// For a branch that is nothing but a call: (call site, site of the key). The callee's frame then
    /// stands for the branch too.
    pub calls: Vec<Option<(u32, u32)>>,
}

/// A choice.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Cumulative probability and where it leads, ascending.
    pub ways: Vec<(f64, u32)>,
}

/// A remote call site.
#[derive(Debug, Clone)]
pub struct CallSite {
    /// Where the callee starts.
    pub entry: u32,
    /// Service of the callee.
    pub service: u32,
    /// Its instance, where it has only one; `NONE`: the balancer chooses.
    pub only_instance: u32,
    /// The request message, of `Plan::messages`.
    pub request: u32,
    /// The reply message, of `Plan::messages`.
    pub reply: u32,
    /// Whether messages take time: there is a network between the two.
    pub hops: bool,
    /// CPU of the caller, of `Plan::samplers`; [`super::NONE`] is none.
    pub client_cpu: u32,
    /// Of the callee.
    pub server_cpu: u32,
    /// CPU at each end for the bytes (ns).
    pub bytes_cpu: u64,
}

/// A size of message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Bytes on the wire.
    pub bytes: u64,
    /// Time to send them, by locality (ns).
    pub transmission: [u64; 6],
}

/// Latency of one locality class.
#[derive(Debug, Clone)]
pub struct LinkPlan {
    /// Round trip (ns).
    pub rtt: Sampler,
    /// Mean round trip (s).
    pub mean_rtt: f64,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct StatementPlan {
    /// What it is, for the listing.
    pub label: String,
    /// Database it runs on.
    pub database: u32,
    /// CPU of the statement itself, of `Plan::samplers`; [`super::NONE`] is none.
    pub cpu: u32,
    /// CPU of its rows (ns).
    pub rows_cpu: u64,
    /// Mean of both together (s).
    pub mean_cpu: f64,
    /// Pages it touches, by table.
    pub pages: Vec<PageReads>,
    /// Row locks, if it locks.
    pub locks: Option<RowLocks>,
    /// Whether it changes something.
    pub writes: bool,
}

/// Pages that a statement touches in one table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageReads {
    /// Which table, a number of the database's.
    pub table: u32,
    /// Page reads.
    pub count: u32,
    /// Probability that a page must be read from storage.
    pub miss: f64,
}

/// Row locks of a write.
#[derive(Debug, Clone)]
pub struct RowLocks {
    /// Which table, a number of the database's.
    pub table: u32,
    /// How many rows.
    pub rows: u32,
    /// Which rows.
    pub row: RowSampler,
    /// Probability of the row asked for most.
    pub hottest: f64,
}

/// A service.
#[derive(Debug, Clone)]
pub struct ServicePlan {
    /// Name.
    pub name: String,
    /// Its first instance.
    pub first_instance: u32,
    /// How many instances.
    pub replicas: u32,
    /// Threads of an instance, or asynchronous.
    pub threads: Threads,
    /// Requests that may wait at an instance.
    pub queue: Option<u32>,
    /// Who of them is next.
    pub discipline: QueueDiscipline,
    /// How long each waits for a thread, of `Plan::samplers`; [`super::NONE`]: for ever.
    pub patience: u32,
    /// How callers choose.
    pub balancing: Balancing,
}

/// An instance.
#[derive(Debug, Clone)]
pub struct InstancePlan {
    /// Its service.
    pub service: u32,
    /// Its CPU.
    pub cpu: u32,
    /// Its node, for locality; [`super::NONE`]: a place of its own.
    pub node: u32,
    /// Its zone.
    pub zone: u32,
    /// Its connection pools by database; [`super::NONE`]: no pool there.
    pub pools: Vec<u32>,
}

/// What a CPU is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CpuUse {
    /// An instance of a service.
    Service(u32),
    /// A machine that several services share, by name.
    Machine(String),
    /// A database server.
    Database(u32),
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
    /// Cost of a context switch (ns).
    pub switch_ns: u64,
    /// Time that the runnable frames of a core share (ns).
    pub slice_ns: u64,
    /// Least time slice (ns).
    pub least_slice_ns: u64,
}

/// A database.
#[derive(Debug, Clone)]
pub struct DatabasePlan {
    /// Name.
    pub name: String,
    /// Its CPU.
    pub cpu: u32,
    /// Its zone.
    pub zone: u32,
    /// One page read, of `Plan::samplers`; [`super::NONE`] takes no time.
    pub read: u32,
    /// One log flush, of `Plan::samplers`; [`super::NONE`] takes no time.
    pub flush: u32,
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
    /// Lock wait before a deadlock is looked for (ns).
    pub deadlock_timeout: u64,
    /// Names of its tables, and the buffer-cache hit share of each.
    pub tables: Vec<(String, f64)>,
    /// Class it is billed as.
    pub class: Option<String>,
    /// Kind of its volume.
    pub storage_kind: String,
    /// Size of its volume (bytes).
    pub storage_bytes: u64,
}

/// A connection pool of one instance to one database.
#[derive(Debug, Clone)]
pub struct PoolPlan {
    /// Its database.
    pub database: u32,
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
    /// How long it takes, of `Plan::samplers`.
    pub latency: u32,
    /// Mean of it (s).
    pub mean_latency: f64,
    /// Probability that it fails.
    pub failure: f64,
    /// Calls at a time.
    pub concurrency: Option<u32>,
}

/// A kind of outside request.
#[derive(Debug, Clone)]
pub struct EndpointPlan {
    /// Name.
    pub name: String,
    /// Its entry, of `Plan::calls`.
    pub call: u32,
    /// Class of its requests and of all calls they lead to; 0 is served first.
    pub class: u8,
    /// How far its clients are; `None`: latency is measured at the entry.
    pub client: Option<Locality>,
    /// Whether anything was promised for it: then it is watched on its own for when it settles.
    pub promised: bool,
}

/// A stream of requests.
#[derive(Debug, Clone)]
pub struct SourcePlan {
    /// Keys its random numbers.
    pub name: String,
    /// When requests come.
    pub arrivals: Arrivals,
    /// Time between two arrivals of a Poisson source, of `Plan::samplers`.
    pub gap: u32,
    /// Think time of a closed source, of `Plan::samplers`.
    pub think: u32,
    /// What a source that is more than a gap after each request draws from.
    pub process: Process,
    /// Cumulative probability and endpoint, ascending.
    pub endpoints: Vec<(f64, u32)>,
}

/// An arrival process that is more than a gap after each request.
#[derive(Debug, Clone)]
pub enum Process {
    /// Poisson, deterministic or closed: nothing more.
    Plain,
    /// States that follow one another, the first behind the last.
    Modulated(Vec<StatePlan>),
    /// Poisson batches.
    Batches {
        /// Time between two, of `Plan::samplers`.
        gap: u32,
        /// Requests of a batch beyond the first.
        more: CountSampler,
    },
    /// Poisson at a rate that varies over time.
    Varying(ProfileSampler),
    /// At known instants.
    Replayed(Trace),
}

/// A state of a Markov-modulated source.
#[derive(Debug, Clone, Copy)]
pub struct StatePlan {
    /// Time between two requests while it lasts, of `Plan::samplers`; [`super::NONE`]: none come.
    pub gap: u32,
    /// How long it lasts, of `Plan::samplers`.
    pub stay: u32,
    /// Share of the time in this state and those before it.
    pub cumulative: f64,
}
