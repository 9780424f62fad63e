//! Looking on: at the edges of the measured time, at clock times, at the end, and moment by moment. None of it
//! changes what happens.

mod closing;
mod presence;
mod probes;
mod standstill;
mod witness;

pub(super) use witness::Witness;
pub use witness::{TraceMoment, WatchedRun, What};
