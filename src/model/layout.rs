//! A layout: one way to deploy the application.

use super::{
    At, Consistencies, Messaging, ModuleId, ProtocolId, Scaling, StartUp, Storage, TableId, View,
};
use crate::random::Distribution;
use crate::units::{Bytes, Nanos, Share};

/// One way to deploy the application, with `each`, `all` and `extends` already worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Unique name.
    pub name: At<String>,
    /// Deployable units. Every module is in exactly one.
    pub services: Vec<Service>,
    /// Every table is in exactly one.
    pub databases: Vec<Database>,
    /// Machines of the layout's own, whose cores the services on them share.
    pub machines: Vec<Machine>,
    /// How services talk; `None` costs no CPU and adds no bytes.
    pub protocol: Option<ProtocolId>,
    /// How a module reaches another module's table on a shared database.
    pub data_access: DataAccess,
    /// Whether a managed cluster control plane is billed.
    pub control_plane: bool,
    /// How many load balancers are billed.
    pub load_balancers: u32,
    /// How transactions over several databases are kept together.
    pub transactions: Consistencies,
    /// Joins that are kept ready in one database.
    pub views: Vec<View>,
    /// How events are carried; `None`: by calls.
    pub messaging: Option<Messaging>,
}

/// How a module reaches another module's table when both live on one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataAccess {
    /// A statement of its own.
    Direct,
    /// A call to the service that owns the table.
    Owner,
}

/// Longest work of one step on a core of the reference speed: 52 days.
pub const LONGEST_WORK: Nanos = Nanos(1 << 52);

/// A deployable unit: one or more modules in one process.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Unique name in the layout.
    pub name: At<String>,
    /// What is in it.
    pub modules: Vec<ModuleId>,
    /// Running copies, at least 1.
    pub replicas: At<u32>,
    /// How their number changes; `None`: it stays.
    pub scaling: Option<Scaling>,
    /// What it takes to start one.
    pub start: StartUp,
    /// Cores of an instance; fractions are a smooth cap, and no frame runs faster than one core.
    pub cpu: At<f64>,
    /// Memory request of an instance.
    pub memory: Bytes,
    /// Thread per request, or asynchronous.
    pub threads: Threads,
    /// Workers that run what is ready, each in turn to its next wait; `None`: every frame is a thread to the cores.
    pub workers: Option<u32>,
    /// Requests that may wait for a thread; more are rejected. `None` is unbounded.
    pub queue: Option<u32>,
    /// Who of those that wait for a thread is next.
    pub discipline: QueueDiscipline,
    /// How long a request waits for a thread before it gives up; `None` waits for ever.
    pub patience: Option<Distribution>,
    /// How runnable frames share the cores.
    pub scheduling: Scheduling,
    /// How callers choose an instance.
    pub balancing: Balancing,
    /// Speed against the reference core.
    pub speed: f64,
    /// The layout's own machine it runs on (position in [`Layout::machines`]); `None`: packed on nodes.
    pub machine: Option<u32>,
    /// Weight of an instance where a machine deals its cores out by weight.
    pub weight: f64,
}

impl Service {
    /// How many instances there may be.
    pub fn most(&self) -> u32 {
        self.scaling.as_ref().map_or(self.replicas.value, |scaling| scaling.to.value)
    }
}

/// How an instance takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    /// A frame holds one of so many threads until it replies.
    Pool(u32),
    /// Nothing is held while waiting; optionally at most so many requests at a time.
    Async {
        /// Most requests in flight.
        max_in_flight: Option<u32>,
    },
}

/// Who of those that wait for a thread is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueDiscipline {
    /// The request that came first.
    Fifo,
    /// The request of the highest priority; of several, the one that came first. None is interrupted.
    Priority,
}

/// How runnable frames share cores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduling {
    /// Processor sharing.
    ProcessorSharing,
    /// A thread keeps its core until it waits or its time slice is over; whoever has run least is next.
    TimeSlices,
    /// Processes share the cores by weight, and the frames of each what it has; of machines only.
    FairShare,
    /// One frame a core, to completion, in order of arrival.
    FirstComeFirstServed,
    /// One frame a core, to completion; the highest priority is next.
    Priority,
    /// The same, but a higher priority takes the core at once; the interrupted frame resumes later.
    PreemptivePriority,
}

/// How a caller chooses among instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Balancing {
    /// In turn.
    RoundRobin,
    /// Any.
    Random,
    /// The one with the fewest requests in flight.
    LeastOutstanding,
    /// The better of two picked at random.
    PowerOfTwo,
}

/// A machine of the layout's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// Unique name in the layout.
    pub name: At<String>,
    /// Cores, shared by all services and databases on it.
    pub cpu: f64,
    /// Node class it is billed as, if any.
    pub class: Option<At<String>>,
    /// How runnable frames share the cores.
    pub scheduling: Scheduling,
}

/// A database server.
#[derive(Debug, Clone, PartialEq)]
pub struct Database {
    /// Unique name in the layout.
    pub name: At<String>,
    /// Tables on it.
    pub tables: Vec<TableId>,
    /// Engine, as a scenario calls it: what it costs depends on it.
    pub engine: &'static str,
    /// Class it is billed as, if any.
    pub class: Option<At<String>>,
    /// The layout's own machine it stands on (position in [`Layout::machines`]); `None`: a server of its own.
    pub machine: Option<u32>,
    /// Cores, those of the machine where it stands on one.
    pub cpu: f64,
    /// Whether it is packed on nodes, like an instance of a service.
    pub on_nodes: bool,
    /// Weight of the server where a machine deals its cores out by weight.
    pub weight: f64,
    /// How its sessions share the cores, where the server is its own.
    pub scheduling: Scheduling,
    /// Memory; the buffer cache is a share of it.
    pub memory: Bytes,
    /// Share of `memory` that caches pages.
    pub cache_share: Share,
    /// Where pages and log live.
    pub storage: Storage,
    /// Connections each instance keeps.
    pub pool: At<u32>,
    /// How long a frame waits for a connection before it fails.
    pub acquire_timeout: Option<Nanos>,
    /// Most connections the server takes.
    pub max_connections: u32,
    /// Buffer-cache hit shares.
    pub hit: HitShare,
    /// What statements cost.
    pub costs: StatementCosts,
    /// How long a lock wait lasts before a deadlock is looked for.
    pub deadlock_timeout: Nanos,
    /// How it keeps row locks.
    pub locks: LockProtocol,
    /// How long whoever leads a flush waits for others to join, where at least `commit_siblings` other transactions
    /// have written.
    pub commit_delay: Nanos,
    /// Other transactions that a flush is delayed for.
    pub commit_siblings: u32,
}

/// How a database keeps the locks of rows that somebody changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockProtocol {
    /// A queue for each row, handed on in order when the commit is on disk. The work of a statement is done before
    /// its locks. What queueing theory knows.
    Fifo,
    /// Whoever waits for a row waits for the transaction that changed it. When that has committed, on disk, all of
    /// them wake, find a new version of the row and ask for that one.
    Postgres,
    /// A queue for each row, handed on in order as soon as the transaction is committed in memory, before its flush.
    Innodb,
}

/// Where buffer-cache hit shares come from.
#[derive(Debug, Clone, PartialEq)]
pub enum HitShare {
    /// From memory against table sizes (Che's approximation).
    FromMemory,
    /// The same for every table.
    Given(Share),
    /// Given for some tables; the others from memory.
    PerTable(Vec<(TableId, Share)>),
}

/// What statements cost on a database server's CPU.
#[derive(Debug, Clone, PartialEq)]
pub struct StatementCosts {
    /// Parse, plan and execute one statement.
    pub statement: Distribution,
    /// Each row read.
    pub row_read: Nanos,
    /// Each row written.
    pub row_write: Nanos,
    /// Each commit of what was written, its rows locked or not as the protocol says.
    pub commit: Distribution,
    /// Each flush of the log: half before the volume has it, half after.
    pub flush: Distribution,
    /// Each session that a commit of its row wakes.
    pub requeue: Distribution,
    /// Each time a session begins to work where a core is idle.
    pub wake_up: Distribution,
    /// Page size.
    pub page: Bytes,
}
