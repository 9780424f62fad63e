//! The engine: a discrete-event simulation of one plan.
//!
//! ```text
//!   EventQueue ──pop──▶ dispatch ──▶ advance(frame): one Step after the other until it must wait
//!       ▲                  │                │
//!       └── wake-up ───────┴── resources ◀──┘ granted / queued / refused
//! ```
//!
//! A request is compiled steps plus a program counter: a *frame* runs until a step must wait,
//! parks, and is woken by an event or by whoever frees what it waits for. Invariants: time never moves
//! back; every nanosecond of a request's critical path is attributed to one category; a frame waits for
//! at most one thing; a wake-up whose sequence number the frame no longer awaits is stale and dropped.
//! Absent on purpose: IO, clocks, threads, errors. What goes wrong in the simulated world is an outcome.

mod arrivals;
mod calls;
mod compute;
mod dispatch;
mod edges;
mod endings;
mod flow;
mod frames;
mod lines;
mod probes;
mod processes;
pub mod resources;
mod sessions;
mod standstill;
mod statements;
mod ways;
mod witness;
mod world;

use std::sync::atomic::AtomicBool;

pub use witness::{Moment, Watch, What};
pub use world::User;

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
    match simulate_unless(&NEVER, plan, replication) {
        Some(outcome) => outcome,
        None => unreachable!("nobody sets the flag"),
    }
}

/// The same, given up soon after `stop` is set: then `None`, as a part of a replication tells nothing.
pub fn simulate_unless(
    stop: &AtomicBool,
    plan: &Plan,
    replication: Replication,
) -> Option<Outcome> {
    let mut world = world::World::new(plan, replication);
    world.stop = stop;
    world.run()
}

/// A flag that nobody sets.
static NEVER: AtomicBool = AtomicBool::new(false);
