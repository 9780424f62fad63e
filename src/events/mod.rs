//! The event queue: what happens next, ordered by (time, sequence number).
//!
//! Constant delays go through [`Lane`]s, of which only the head stands in the heap; everything else
//! goes into a 4-ary heap of packed 16-byte keys. Which structure is fastest was measured, see `benches/`.

mod heap;
mod queue;

pub use queue::{Event, EventQueue, Lane, Target};
