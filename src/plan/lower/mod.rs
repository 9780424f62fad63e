//! Lowering: the operations of the application and the streams of requests as one layout runs them.

mod arrivals;
mod beyond;
mod calls;
mod cycles;
mod lowering;
mod program;
mod statements;
mod transactions;

pub(super) use arrivals::add_sources;
pub(super) use beyond::beyond;
pub(super) use cycles::cycles;
pub(super) use lowering::Lowering;
