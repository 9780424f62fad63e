//! What happens by the clock and not by requests: the agenda of a replication.

mod agenda;
mod disturbances;

pub(super) use agenda::{Agenda, Due, Happening};
pub use disturbances::{Disturbance, Disturbed};
