//! The engine: a discrete-event simulation of one plan.
//!
//! ```text
//!   EventQueue ──pop──▶ dispatch ──▶ advance(frame): one Step after the other until it must wait
//!       ▲                  │                │
//!       └── wake-up ───────┴── resources ◀──┘ granted / queued / refused
//! ```
//!
//! A request is compiled steps plus a program counter: a *frame* runs until a step must wait, parks, and is
//! woken by an event or when what it waits for is freed.
//!
//! The rooms, from low to high: `resources` (one passive thing each) < the parts of the world (`crowd`: who is
//! under way; `fleet`: what runs where; `stores`: databases; `outside`: sources and third parties; `control`:
//! the agenda) < `world`, which is these parts < `steps`, `looking` and `dispatch`, the only code that knows all
//! of them.
//!
//! Invariants: time never moves back; every nanosecond of a request's critical path is attributed to one
//! category; a frame waits for one thing, and says which (`Wait`); it answers one other, and says whom (`Upon`);
//! it ends in one way (`finish`), also when it is killed; a wake-up whose sequence number the frame no longer
//! awaits is stale and dropped; what refers to a thing that may be gone carries its generation.
//! Absent on purpose: IO, clocks, threads, errors. What goes wrong in the simulated world is an outcome. With those
//! that run beside it a replication shares the flag that ends it, the meter that counts how far they are and the turn to be
//! `large`, and no figure.

mod control;
mod crowd;
mod dispatch;
mod fleet;
mod frame_id;
mod large;
mod looking;
mod meter;
mod outside;
mod replication;
pub(crate) mod resources;
mod simulate;
mod steps;
mod stores;
mod world;

pub use control::{Disturbance, Disturbed};
pub use large::LargeRuns;
pub use looking::{TraceMoment, WatchedRun, What};
pub use meter::{Meter, Metered};
pub use outside::User;
pub use replication::Replication;
pub use simulate::{Beside, simulate, simulate_beside, simulate_disturbed};
