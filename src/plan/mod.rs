//! From model to plan: one layout lowered to flat tables with dense ids, ready to simulate.
//!
//! Everything that can be refused is refused here or before. The same operations are lowered once per
//! layout; nothing in the application decides how.

mod arrivals;
mod call_backs;
mod calls;
mod compile;
mod cycles;
mod deploy;
mod durations;
mod forecast;
mod hit_share;
mod listing;
mod lower;
mod placement;
mod statements;
mod step;
mod tables;
mod transactions;
mod visits;

pub use arrivals::{Rhythm, mean_rate};
pub use compile::{DEFAULTS, compile};
use compile::{default_count, default_quantity, hottest_row};
pub use forecast::{Forecast, Load, forecast};
pub use listing::listing;
pub use placement::{Node, Placement, Unplaceable};
pub use step::{ANSWER_STEP, FAIL_STEP, JOIN_STEP, OWN_KEY, Step};
pub use tables::{
    BranchCall, CallSite, Choice, CpuPlan, CpuUse, DatabasePlan, EndpointPlan, EndpointShare,
    EntryPlan, ExternalPlan, Fork, InstancePlan, LinkPlan, Location, Loop, Message, NodesPlan,
    PageReads, Plan, PoolPlan, Process, RowLocks, ServicePlan, SourcePlan, StatePlan,
    StatementPlan, TablePlan, Way,
};
pub use visits::visits;

/// A step that is not known yet: every one is put in its place before the plan is done.
const OPEN: crate::ids::Id<Step> = FAIL_STEP;
