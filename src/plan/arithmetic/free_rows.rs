//! How often a statement locks the hottest row of its table for the first time in its session: what the session has
//! locked before is locked already, and is held no longer for it.

use std::collections::BTreeMap;

use super::facts::{Awaited, Next, WaitsFor};
use super::frames::{FrameForm, FrameStep, Frames};
use crate::ids::Id;
use crate::plan::{DatabasePlan, Plan, Step, TablePlan};

/// A table of a database.
type LockedTable = (Id<DatabasePlan>, Id<TablePlan>);

/// By frame and step that locks rows, the share of its executions that find the hottest row not locked by their own
/// session.
pub(super) struct FreeRows(Vec<BTreeMap<usize, f64>>);

impl FreeRows {
    pub(super) fn of(plan: &Plan, frames: &Frames, rates: &[Vec<f64>]) -> Self {
        let mut found = FreeRows(vec![BTreeMap::new(); frames.len()]);
        let mut tables: Vec<LockedTable> = Vec::new();
        for (_, frame) in frames.iter() {
            tables.extend(frame.steps.iter().filter_map(|step| Some(locks(step)?.0)));
        }
        tables.sort_unstable();
        tables.dedup();
        for table in tables {
            found.look_at(plan, frames, rates, table);
        }
        found
    }

    /// That share; 1 for a step that locks no rows.
    pub(super) fn share(&self, place: usize, index: usize) -> f64 {
        self.0[place].get(&index).copied().unwrap_or(1.0)
    }

    fn look_at(&mut self, plan: &Plan, frames: &Frames, rates: &[Vec<f64>], table: LockedTable) {
        // Probability that a frame leaves the row alone, callees before callers.
        let mut leaves = vec![1.0; frames.len()];
        for (place, frame) in frames.iter().rev() {
            leaves[place] = walk(plan, frame, table, &leaves, 1.0, |_, _, _| {});
        }
        // Sums over callers of how often the row is free where they start a frame, and of how often they do.
        let mut starts = vec![(0.0, 0.0); frames.len()];
        for (place, frame) in frames.iter() {
            let (free, often) = starts[place];
            let free = if often > 0.0 { free / often } else { 1.0 };
            walk(plan, frame, table, &leaves, free, |index, step, free| {
                let rate = rates[place][index];
                if locks(step).is_some_and(|(locked, _)| locked == table) {
                    self.0[place].insert(index, free);
                }
                for (start, callee) in step.facts.starts.iter().zip(&step.callees) {
                    let nested = start.request_to.is_none() && start.awaited != Awaited::Never;
                    let first =
                        if nested { free * first_turns(plan, step, leaves[*callee]) } else { 1.0 };
                    let often = rate * start.times;
                    starts[*callee].0 += often * first;
                    starts[*callee].1 += often;
                }
            });
        }
    }
}

/// The table whose rows a step locks, and the probability that the hottest is among them.
fn locks(step: &FrameStep) -> Option<(LockedTable, f64)> {
    match step.facts.waits_for {
        Some(WaitsFor::Rows { database, table, hottest, .. }) => Some(((database, table), hottest)),
        Some(WaitsFor::Thread(_) | WaitsFor::Connection { .. }) | None => None,
    }
}

/// Mean over the turns of a repeat of the probability that none before has locked the row; 1 for what is no repeat.
fn first_turns(plan: &Plan, step: &FrameStep, leaves: f64) -> f64 {
    let Step::Repeat { count, .. } = plan.program.steps[step.at] else {
        return 1.0;
    };
    let repeat = &plan.program.loops[count];
    let turns = repeat.mean;
    match leaves < 1.0 && turns > 0.0 {
        true => (1.0 - repeat.times.generating(leaves)) / ((1.0 - leaves) * turns),
        false => 1.0,
    }
}

/// Goes through a frame in which the row is free with probability `free` at its start, and tells `seen` of each step with
/// the probability that it is free there. The probability that it is so at the end.
fn walk(
    plan: &Plan,
    frame: &FrameForm,
    table: LockedTable,
    leaves: &[f64],
    free: f64,
    mut seen: impl FnMut(usize, &FrameStep, f64),
) -> f64 {
    // Shares of the frames that come to each step, of all and of those for which the row is free.
    let mut reached = BTreeMap::from([(frame.key.first, (1.0, free))]);
    let (mut ended, mut ended_free) = (0.0, 0.0);
    for (index, step) in frame.steps.iter().enumerate() {
        let Some((all, mut of_free)) = reached.remove(&step.at) else { continue };
        let share = |of_free: f64| if all > 0.0 { of_free / all } else { 1.0 };
        seen(index, step, share(of_free));
        if let Some((_, hottest)) = locks(step).filter(|(locked, _)| *locked == table) {
            of_free *= 1.0 - hottest;
        }
        for (start, callee) in step.facts.starts.iter().zip(&step.callees) {
            if start.request_to.is_none() && start.awaited != Awaited::Never {
                let leaves = leaves[*callee];
                of_free *= if let Step::Repeat { count, .. } = plan.program.steps[step.at] {
                    plan.program.loops[count].times.generating(leaves)
                } else {
                    leaves
                };
            }
        }
        if step.facts.next.is_empty() {
            (ended, ended_free) = (ended + all, ended_free + of_free);
        }
        for Next { to, probability } in step.facts.next.iter().filter(|next| next.to > step.at) {
            let (to_all, to_free) = reached.entry(*to).or_insert((0.0, 0.0));
            *to_all += all * probability;
            *to_free += of_free * probability;
        }
    }
    if ended > 0.0 { ended_free / ended } else { 1.0 }
}
