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
//! Absent on purpose: IO, clocks, threads, errors. What goes wrong in the simulated world is an outcome.

mod control;
mod crowd;
mod dispatch;
mod fleet;
mod looking;
mod outside;
pub(crate) mod resources;
mod steps;
mod stores;
mod world;

use std::sync::atomic::AtomicBool;

pub use control::{Disturbance, Disturbed};
pub use looking::{Moment, Watch, What};
pub use outside::User;

use crate::measure::Outcome;
use crate::plan::Plan;
use crate::random::Key;
use crate::units::Nanos;

/// How one replication is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replication {
    /// Keys all its random numbers: seed, purpose and replication number.
    pub key: Key,
    /// Simulated time, warm-up included.
    pub duration: Nanos,
    /// Time at the start that is not measured.
    pub warmup: Nanos,
}

/// Simulates one replication. A pure function: the same plan and replication give the same outcome.
pub fn simulate(plan: &Plan, replication: Replication) -> Outcome {
    simulate_disturbed(plan, replication, &[])
}

/// The same while all that is given is done to those who are there.
pub fn simulate_disturbed(
    plan: &Plan,
    replication: Replication,
    disturbances: &[Disturbance],
) -> Outcome {
    let mut world = world::World::new(plan, replication);
    world.schedule_disturbances(disturbances);
    match world.run() {
        Some(outcome) => outcome,
        None => unreachable!("nobody sets the flag"),
    }
}

/// The same as [`simulate`], given up soon after `stop` is set: then `None`, as a part of a replication tells
/// nothing.
pub fn simulate_unless(
    stop: &AtomicBool,
    plan: &Plan,
    replication: Replication,
) -> Option<Outcome> {
    let mut world = world::World::new(plan, replication);
    world.run.stop = stop;
    world.run()
}

/// A flag that nobody sets.
static NEVER: AtomicBool = AtomicBool::new(false);
