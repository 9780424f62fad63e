//! The tables that a layout is lowered to. Ids are positions; names are kept for reports only.

mod load;
mod program;
mod site;

pub use load::{EndpointPlan, EndpointShare, Process, Rhythm, SourcePlan, StatePlan};
pub use program::{
    ANSWER_STEP, BranchCall, CallSite, Choice, ChoiceWay, FAIL_STEP, Fork, JOIN_STEP, LinkPlan,
    Loop, Message, OWN_KEY, PageReads, RowLocks, StatementPlan, Step,
};
pub use site::{
    CpuPlan, CpuUse, DatabasePlan, ExternalPlan, InstancePlan, Location, PoolPlan, ServicePlan,
    TablePlan,
};

use crate::ids::{Id, Table};
use crate::model::{Limits, Threads, Watch};
use crate::random::{Distribution, Sampler};

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
    /// What the author should know about it.
    pub remarks: Vec<Remark>,
    /// Where each operation starts, by name, for the listing.
    pub entries: Vec<EntryPlan>,
}

impl Plan {
    /// A sampler of `distribution`; `None` for a constant 0, which takes no time and no event.
    pub(in crate::plan) fn add_sampler(
        &mut self,
        distribution: &Distribution,
    ) -> Option<Id<Sampler>> {
        if distribution.is_zero() {
            return None;
        }
        self.means.push(distribution.mean());
        Some(self.samplers.push(Sampler::new(distribution)))
    }

    /// Whether some queue turns requests away, or loses those that wait too long for a thread or a
    /// connection.
    pub fn sheds(&self) -> bool {
        let sheds = |service: &ServicePlan| {
            let waits = service.threads != Threads::Async { max_in_flight: None };
            waits && (service.queue.is_some() || service.patience.is_some())
        };
        self.services.iter().any(sheds) || self.pools.iter().any(|pool| pool.timeout.is_some())
    }

    /// What a CPU is called in messages.
    pub(crate) fn cpu_name(&self, used_by: &CpuUse) -> String {
        match used_by {
            CpuUse::Service(service) => self.services[*service].name.clone(),
            CpuUse::Machine(name) => name.clone(),
            CpuUse::Database(database) => self.database_name(*database),
        }
    }

    /// What a database is called in messages: a service may have the same name.
    pub(crate) fn database_name(&self, database: Id<DatabasePlan>) -> String {
        format!("database {}", self.databases[database].name)
    }
}

/// Something about a layout that is no mistake, but may surprise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Names its kind.
    pub code: &'static str,
    /// What is so.
    pub message: String,
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
