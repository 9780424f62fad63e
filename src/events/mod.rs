//! The event queue: what happens next, ordered by (time, sequence number).
//!
//! Constant delays go through [`Lane`]s, of which only the head is pending; everything else is a packed
//! 16-byte key in a sorted list, or on a wheel of days where there are many. Which structure is fastest was
//! measured, see `benches/`; a long sorted list or a heap takes longer, as processors foresee it worse.

mod heap;
mod pending;
mod queue;
mod wheel;

pub use queue::{EventQueue, Lane, Occurrence, Target};
