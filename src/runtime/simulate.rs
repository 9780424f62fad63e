//! The ways to run a replication from its beginning to its end.

use std::sync::atomic::AtomicBool;

use super::control::Disturbance;
use super::large::{LARGE, LargeRuns};
use super::meter::Meter;
use super::replication::Replication;
use super::world::World;
use crate::measure::Outcome;
use crate::model::Arrivals;
use crate::plan::{Plan, SourcePlan};

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
    let mut world = World::new(plan, replication);
    world.schedule_disturbances(disturbances);
    match world.run() {
        Some(outcome) => outcome,
        None => unreachable!("nobody sets the flag"),
    }
}

/// The same as [`simulate`] beside others, of which one at a time is large. Given up soon after `stop` is set: then
/// `None`, as a part of a replication tells nothing.
pub fn simulate_beside(
    beside: Beside<'_>,
    plan: &Plan,
    replication: Replication,
) -> Option<Outcome> {
    let Beside { large, stop, meter } = beside;
    // Users are there from the beginning on.
    let turn = if users(plan) > LARGE { Some(large.take(stop)?) } else { None };
    let mut world = World::new(plan, replication);
    (world.run.stop, world.run.large, world.run.turn) = (stop, Some(large), turn);
    world.run.meter = Some(meter);
    world.run()
}

/// What a replication shares with those that run beside it.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// Whose turn it is to be large.
    pub large: &'a LargeRuns,
    /// Set once nobody wants an outcome any more.
    pub stop: &'a AtomicBool,
    /// Counts how far they are.
    pub meter: &'a Meter,
}

/// Users of all closed sources.
fn users(plan: &Plan) -> usize {
    let of = |source: &SourcePlan| match source.arrivals {
        Arrivals::Closed { users, .. } => users as usize,
        Arrivals::Poisson(_)
        | Arrivals::Deterministic(_)
        | Arrivals::Mmpp(_)
        | Arrivals::Batch { .. }
        | Arrivals::Profile(_)
        | Arrivals::Trace(_) => 0,
    };
    plan.load.sources.iter().map(of).sum()
}
