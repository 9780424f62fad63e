//! The tables that a layout is lowered to. Ids are positions; names are kept for reports only.

mod load;
mod program;
mod site;

pub use load::{EndpointPlan, EndpointShare, Process, SourcePlan, StatePlan};
pub use program::{
    BranchCall, CallSite, Choice, Fork, LinkPlan, Loop, Message, PageReads, RowLocks,
    StatementPlan, Way,
};
pub use site::{
    CpuPlan, CpuUse, DatabasePlan, ExternalPlan, InstancePlan, Location, PoolPlan, ServicePlan,
    TablePlan,
};

use super::arrivals::Rhythm;
use super::step::Step;
use crate::ids::{Id, Table};
use crate::model::{Limits, Watch};
use crate::random::Sampler;
use crate::scenario::Code;

/// A layout, ready to simulate.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Name of the layout.
    pub layout: String,
    /// All lowered operations, one after the other.
    pub steps: Table<Step>,
    /// Service that runs each step; `None` for the steps that all share.
    pub service_of_step: Table<Option<Id<ServicePlan>>, Step>,
    /// Laws of times.
    pub samplers: Table<Sampler>,
    /// Mean of each (s).
    pub means: Table<f64, Sampler>,
    /// Repeats.
    pub loops: Table<Loop>,
    /// Remote call sites, the endpoints' own included.
    pub calls: Table<CallSite>,
    /// Branch points that run at the same time.
    pub forks: Table<Fork>,
    /// Branch points that pick one way.
    pub choices: Table<Choice>,
    /// Statements.
    pub statements: Table<StatementPlan>,
    /// Sizes of messages, with what they cost by locality.
    pub messages: Table<Message>,
    /// Links by locality, in the order of `Locality::ALL`; empty without a network.
    pub links: Vec<LinkPlan>,
    /// Delay of a call inside a process; `None` is no delay.
    pub local_hop: Option<Sampler>,
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
    /// Kinds of outside request.
    pub endpoints: Table<EndpointPlan>,
    /// Streams of requests.
    pub sources: Table<SourcePlan>,
    /// How the rates of the sources go on.
    pub rhythm: Rhythm,
    /// What a replication may use up.
    pub limits: Limits,
    /// Clock times at which a terminating run is looked at.
    pub watch: Watch,
    /// Zones in use.
    pub zones: u32,
    /// Nodes in use.
    pub nodes: Table<NodesPlan>,
    /// Load balancers that are billed.
    pub load_balancers: u32,
    /// Whether a managed control plane is billed.
    pub control_plane: bool,
    /// Remarks that the lowering makes: (code, message).
    pub remarks: Vec<(Code, String)>,
    /// Where each operation starts, by name, for the listing.
    pub entries: Vec<EntryPlan>,
}

/// Nodes of one class.
#[derive(Debug, Clone)]
pub struct NodesPlan {
    /// The class they are billed as.
    pub class: String,
    /// How many.
    pub count: u32,
    /// Cores of one.
    pub cores: f64,
}

/// Where an operation starts.
#[derive(Debug, Clone)]
pub struct EntryPlan {
    /// Name of the operation.
    pub name: String,
    /// Service that runs it.
    pub service: Id<ServicePlan>,
    /// Its first step, where it is called from another service.
    pub first: Id<Step>,
}
