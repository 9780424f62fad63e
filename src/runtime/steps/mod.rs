//! The steps: all that moves frames, and the only code that knows the whole world. A file for each family.

mod aside;
mod attempts;
mod calls;
mod choreography;
mod commits;
mod compute;
mod consuming;
mod disturb;
mod endings;
mod flow;
mod hops;
mod leaving;
mod patience;
mod processes;
mod publishing;
mod relaying;
mod requests;
mod scaling;
mod spanning;
mod statements;
mod telling;
mod trails;
mod transactions;
mod two_phase;
mod views;
mod workers;

pub(super) use calls::Caller;
pub(super) use compute::work_alone;
pub(super) use endings::Gone;
pub(super) use patience::class_of;
