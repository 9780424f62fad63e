//! Lowering: the operations of the application and the streams of requests as one layout runs them.

mod arrivals;
mod beyond;
mod calls;
mod choreography;
mod cycles;
mod event_logs;
mod followed;
mod joins;
mod links;
mod lowering;
mod messaging;
mod participants;
mod parts;
mod place;
mod program;
mod reach;
mod statements;
mod taking_part;
mod transactions;
mod two_phase;
mod views;

pub(super) use arrivals::add_sources;
pub(super) use beyond::beyond;
pub(super) use cycles::cycles;
pub(super) use lowering::Lowering;
