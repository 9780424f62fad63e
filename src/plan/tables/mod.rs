//! The tables that a layout is lowered to. Ids are positions; names are kept for reports only.

mod carried;
mod followed;
mod load;
mod lowered;
mod messaging;
mod program;
mod scaling;
mod site;
mod spanning;
mod spread;
mod statements;

pub use carried::{CourierAct, EnqueuedPlan, Outboxed, Topic};
pub use followed::FollowedPlan;
pub use load::{EndpointPlan, EndpointShare, LoadPlan, Process, Rhythm, SourcePlan, StatePlan};
pub use lowered::{EntryPlan, ProgramPlan, RoundPlan};
pub use messaging::{
    BrokerPlan, DeliveryPlan, GroupPlan, HandlerPlan, MessagingPlan, OutboxPlan, TopicPlan,
};
pub use program::{
    ANSWER_STEP, BranchCall, CallSite, Choice, ChoiceWay, FAIL_STEP, Fork, JOIN_STEP, Loop,
    OWN_KEY, SpanStep, Step,
};
pub use scaling::{ScaledNode, ScaledNodes, ScaledPlan, ScalingPlan};
pub use site::{
    CpuPlan, CpuUse, DatabasePlan, ExternalPlan, InstancePlan, LinkPlan, Location, PoolPlan,
    ServicePlan, SitePlan, TablePlan,
};
pub use spanning::{CommitRound, SpanningPlan, Togetherness};
pub use spread::{EventLogPlan, FeedPlan, TrailAct, TrailPlan, ViewPlan, ViewTable};
pub use statements::{FirstWork, Message, PageReads, RowLocks, StatementPlan};

use crate::ids::{Id, Table};
use crate::model::{Limits, Threads, Watch};
use crate::random::{Distribution, Sampler};
use crate::scenario::Code;

/// A layout, ready to simulate.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Name of the layout.
    pub layout: String,
    /// What requests do.
    pub program: ProgramPlan,
    /// What of it is followed row by row.
    pub followed: FollowedPlan,
    /// Where they do it.
    pub site: SitePlan,
    /// What of it comes and goes.
    pub scaled: ScaledPlan,
    /// What carries events.
    pub messaging: MessagingPlan,
    /// What comes from outside.
    pub load: LoadPlan,
    /// How it is run.
    pub run: RunPlan,
    /// What is paid for beside databases and traffic.
    pub billed: BilledPlan,
    /// What the author should know about it.
    pub remarks: Vec<Remark>,
}

/// How a layout is run.
#[derive(Debug, Clone, Default)]
pub struct RunPlan {
    /// What a replication may use up.
    pub limits: Limits,
    /// Clock times at which a terminating run is looked at.
    pub watch: Watch,
}

/// What is paid for.
#[derive(Debug, Clone, Default)]
pub struct BilledPlan {
    /// Nodes in use.
    pub nodes: Table<NodesPlan>,
    /// What runs on cores that have no class, so that nobody knows what they cost.
    pub unclassed: Vec<String>,
    /// Load balancers that are billed.
    pub load_balancers: u32,
    /// Whether a managed control plane is billed.
    pub control_plane: bool,
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
        self.program.means.push(distribution.mean());
        Some(self.program.samplers.push(Sampler::new(distribution)))
    }

    /// Mean of a law (s); 0 without one.
    pub(in crate::plan) fn mean_of(&self, law: Option<Id<Sampler>>) -> f64 {
        law.map_or(0.0, |law| self.program.means[law])
    }

    /// Whether some queue turns requests away, or loses those that wait too long for a thread or a
    /// connection.
    pub fn sheds(&self) -> bool {
        let sheds = |service: &ServicePlan| {
            let waits = service.threads != Threads::Async { max_in_flight: None };
            waits && (service.queue.is_some() || service.patience.is_some())
        };
        self.site.services.iter().any(sheds)
            || self.site.pools.iter().any(|pool| pool.timeout.is_some())
    }

    /// What a CPU is called in messages.
    pub(crate) fn cpu_name(&self, used_by: &CpuUse) -> String {
        match used_by {
            CpuUse::Service(service) => self.site.services[*service].name.clone(),
            CpuUse::Machine(name) => name.clone(),
            CpuUse::Database(database) => self.database_name(*database),
        }
    }

    /// What a database is called in messages: a service may have the same name.
    pub(crate) fn database_name(&self, database: Id<DatabasePlan>) -> String {
        let DatabasePlan { name, is_broker, .. } = &self.site.databases[database];
        format!("{} {name}", if *is_broker { "broker" } else { "database" })
    }
}

/// Something about a layout that is no mistake, but may surprise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Names its kind.
    pub code: Code,
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
