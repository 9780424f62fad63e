//! From model to plan: one layout lowered to flat tables with dense ids, ready to simulate.
//!
//! Everything that can be refused is refused here or before. The same operations are lowered once per
//! layout; nothing in the application decides how.

mod arithmetic;
mod compile;
mod defaults;
mod listing;
mod lower;
mod resource;
mod site;
mod tables;

pub use arithmetic::{Forecast, Load, forecast, mean_rate, visits};
pub use compile::compile;
pub use defaults::{DEFAULTS, DefaultOfPlan};
pub use listing::listing;
pub use resource::Resource;
pub use site::{PlacedNode, Placement, Unplaceable};
pub use tables::{
    ANSWER_STEP, BilledPlan, BranchCall, BrokerPlan, CallSite, Choice, ChoiceWay, CommitRound,
    CourierAct, CpuPlan, CpuUse, DatabasePlan, DeliveryPlan, EndpointPlan, EndpointShare,
    EnqueuedPlan, EntryPlan, EventLogPlan, ExternalPlan, FAIL_STEP, FeedPlan, FirstWork,
    FollowedPlan, Fork, GroupPlan, HandlerPlan, InstancePlan, JOIN_STEP, LinkPlan, LoadPlan,
    Location, Loop, Message, MessagingPlan, NodesPlan, OWN_KEY, OutboxPlan, Outboxed, PageReads,
    Plan, PoolPlan, Process, ProgramPlan, Remark, Rhythm, RoundPlan, RowLocks, RunPlan, ScaledNode,
    ScaledNodes, ScaledPlan, ScalingPlan, ServicePlan, SitePlan, SourcePlan, SpanStep,
    SpanningPlan, StatePlan, StatementPlan, Step, TablePlan, Togetherness, Topic, TopicPlan,
    TrailAct, TrailPlan, ViewPlan, ViewTable,
};
