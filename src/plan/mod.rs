//! From model to plan: one layout lowered to flat tables with dense ids, ready to simulate.
//!
//! Everything that can be refused is refused here or before. The same operations are lowered once per
//! layout; nothing in the application decides how.

mod compile;
mod cycles;
mod deploy;
mod forecast;
mod hit_share;
mod listing;
mod lower;
mod placement;
mod statements;
mod tables;
mod visits;

pub use compile::{DEFAULTS, compile};
use compile::{default_count, default_quantity, hottest_row};
pub use forecast::{Forecast, Load, forecast};
pub use listing::listing;
pub use placement::{Node, Placement, Unplaceable};
pub use tables::{
    ANSWER_STEP, CallSite, Choice, CpuPlan, CpuUse, DatabasePlan, EndpointPlan, ExternalPlan,
    FAIL_STEP, Fork, InstancePlan, LinkPlan, Loop, Message, NONE, PageReads, Plan, PoolPlan,
    RowLocks, ServicePlan, SourcePlan, StatementPlan, Step,
};
pub use visits::visits;
