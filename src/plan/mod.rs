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
pub use step::{ANSWER_STEP, FAIL_STEP, JOIN_STEP, NONE, Step};
pub use tables::{
    CallSite, Choice, CpuPlan, CpuUse, DatabasePlan, EndpointPlan, ExternalPlan, Fork,
    InstancePlan, LinkPlan, Loop, Message, PageReads, Plan, PoolPlan, Process, RowLocks,
    ServicePlan, SourcePlan, StatePlan, StatementPlan,
};
pub use visits::visits;
