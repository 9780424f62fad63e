//! Mean times without any queueing: of every step, and of every frame with all that it waits for.

use std::collections::BTreeMap;

use super::facts::{Awaited, Facts};
use super::visits::reached_from;
use crate::ids::{Id, Table};
use crate::plan::{Plan, Step};

/// Mean time of every frame without queueing, callees before callers (s).
pub(super) fn durations(plan: &Plan, callers_first: &[Id<Step>]) -> Table<f64, Step> {
    let mut durations = Table::filled(0.0, &plan.program.steps);
    for entry in callers_first.iter().rev() {
        let mut behind: BTreeMap<Id<Step>, f64> = BTreeMap::new();
        for step in reached_from(plan, *entry).into_iter().rev() {
            let next = step.facts.next.iter();
            let next: f64 = next
                .map(|next| next.probability * behind.get(&next.to).copied().unwrap_or(0.0))
                .sum();
            behind.insert(step.at, step_time(&step.facts, &durations) + next);
        }
        durations[*entry] = behind.get(entry).copied().unwrap_or(0.0);
    }
    durations
}

/// Mean time of a step without queueing, with the frames that it waits for (s).
pub(super) fn step_time(facts: &Facts, durations: &Table<f64, Step>) -> f64 {
    let (mut in_turn, mut together) = (0.0, 0.0_f64);
    for start in &facts.starts {
        match start.awaited {
            Awaited::InTurn => in_turn += start.times * durations[start.entry],
            Awaited::Together => together = together.max(durations[start.entry]),
            Awaited::Never => {}
        }
    }
    facts.mean + in_turn + together
}
