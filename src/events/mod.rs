//! The event queue: what happens next, ordered by (time, sequence number).
//!
//! Constant delays go through [`Lane`]s, of which only the head is pending; everything else is a packed
//! 16-byte key in a sorted list, or in a 4-ary heap where there are many. Which structure is fastest was
//! measured, see `benches/`; a list that sorts only what is due soon takes longer, as it is foreseen worse.

mod heap;
mod pending;
mod queue;

pub use queue::{EventQueue, Lane, Occurrence, Target};
