//! What happens by the clock and not by requests: the agenda of a replication.

mod agenda;
mod autoscaler;
mod disturbances;

pub(super) use agenda::{Agenda, Due, Happening};
pub use autoscaler::{Autoscaler, ScaleReading};
pub use disturbances::{Disturbance, Disturbed};
