//! The ways to run a replication from its beginning to its end.

use std::sync::atomic::AtomicBool;

use super::control::Disturbance;
use super::replication::Replication;
use super::world::World;
use crate::measure::Outcome;
use crate::plan::Plan;

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

/// The same as [`simulate`], given up soon after `stop` is set: then `None`, as a part of a replication tells
/// nothing.
pub fn simulate_unless(
    stop: &AtomicBool,
    plan: &Plan,
    replication: Replication,
) -> Option<Outcome> {
    let mut world = World::new(plan, replication);
    world.run.stop = stop;
    world.run()
}
