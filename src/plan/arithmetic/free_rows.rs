//! How often a statement locks the hottest row of its table for the first time in its session: what the session has
//! locked before is locked already, and is held no longer for it.

use std::collections::BTreeMap;

use super::facts::{Borrowed, Next, WaitsFor};
use super::frames::{FrameForm, FrameStep, Frames};
use crate::ids::Id;
use crate::plan::{DatabasePlan, Plan, Step, TablePlan};

/// A table of a database.
type LockedTable = (Id<DatabasePlan>, Id<TablePlan>);

/// Shares of executions in which the session has locked the hottest row of each table; those left out: none.
type Locked = BTreeMap<LockedTable, f64>;

/// By frame and step that locks rows, the share of its executions that find the hottest row not locked by their own
/// session.
pub(super) struct FreeRows(Vec<BTreeMap<usize, f64>>);

impl FreeRows {
    pub(super) fn of(plan: &Plan, frames: &Frames, rates: &[Vec<f64>]) -> Self {
        // What each frame locks for the session of its callers, callees before callers.
        let mut locks = vec![Locked::new(); frames.len()];
        for (place, frame) in frames.iter().rev() {
            locks[place] = walk(plan, frame, &locks, Locked::new(), |_, _, _| {});
        }
        let mut found = FreeRows(vec![BTreeMap::new(); frames.len()]);
        // Sums over callers of what is locked where they start a frame, and how often they do.
        let mut starts = vec![(0.0, Locked::new()); frames.len()];
        for (place, frame) in frames.iter() {
            let (often, mut before) = std::mem::take(&mut starts[place]);
            before.values_mut().for_each(|sum| *sum /= often);
            walk(plan, frame, &locks, before, |index, step, locked| {
                if let Some((table, _)) = locked_by(step) {
                    let before = locked.get(&table).copied().unwrap_or(0.0);
                    found.0[place].insert(index, 1.0 - before);
                }
                for (start, callee) in step.facts.starts.iter().zip(&step.callees) {
                    let often = rates[place][index] * start.times;
                    if often > 0.0 {
                        let (sum, before) = &mut starts[*callee];
                        *sum += often;
                        if start.shares_sessions() {
                            add_turns(plan, step, locked, &locks[*callee], often, before);
                        }
                    }
                }
            });
        }
        found
    }

    /// That share; 1 for a step that locks no rows.
    pub(super) fn share(&self, place: usize, index: usize) -> f64 {
        self.0[place].get(&index).copied().unwrap_or(1.0)
    }
}

/// The table whose rows a step locks, and the probability that the hottest is among them.
fn locked_by(step: &FrameStep) -> Option<(LockedTable, f64)> {
    match step.facts.waits_for {
        Some(WaitsFor::Rows { database, table, hottest, .. }) => Some(((database, table), hottest)),
        Some(WaitsFor::Thread(_) | WaitsFor::Connection { .. }) | None => None,
    }
}

/// Adds to `sums`, `often` times, what is locked where the step starts a callee: by the session before, and by the turns
/// before, of a repeat.
fn add_turns(
    plan: &Plan,
    step: &FrameStep,
    locked: &Locked,
    by_turn: &Locked,
    often: f64,
    sums: &mut Locked,
) {
    for table in tables_of_both(locked, by_turn) {
        let before = locked.get(&table).copied().unwrap_or(0.0);
        let by_turn = by_turn.get(&table).copied().unwrap_or(0.0);
        let free = (1.0 - before) * first_turns(plan, step, 1.0 - by_turn);
        *sums.entry(table).or_insert(0.0) += often * (1.0 - free);
    }
}

/// The tables of both, each once.
fn tables_of_both(one: &Locked, other: &Locked) -> Vec<LockedTable> {
    let mut tables: Vec<LockedTable> = one.keys().chain(other.keys()).copied().collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}

/// Mean over the turns of a repeat of the probability that none before has locked the row; 1 for what is no repeat.
/// `leaves`: the probability that a turn leaves it alone.
fn first_turns(plan: &Plan, step: &FrameStep, leaves: f64) -> f64 {
    let Step::Repeat { count, .. } = plan.program.steps[step.at] else {
        return 1.0;
    };
    let repeat = &plan.program.loops[count];
    match leaves < 1.0 && repeat.mean > 0.0 {
        true => (1.0 - repeat.times.generating(leaves)) / ((1.0 - leaves) * repeat.mean),
        false => 1.0,
    }
}

/// Goes through a frame in which so much is locked at its start, and tells `seen` of each step with what is locked
/// there. What the session that it shares has locked at the end.
fn walk(
    plan: &Plan,
    frame: &FrameForm,
    locks: &[Locked],
    start: Locked,
    mut seen: impl FnMut(usize, &FrameStep, &Locked),
) -> Locked {
    // Shares of the frames that come to each step, with what of them have locked.
    let mut reached = BTreeMap::from([(frame.key.first, (1.0, start))]);
    let mut end = (0.0, Locked::new());
    for (index, step) in frame.steps.iter().enumerate() {
        let Some((all, mut locked)) = reached.remove(&step.at).filter(|(all, _)| *all > 0.0) else {
            continue;
        };
        locked.values_mut().for_each(|share| *share /= all);
        seen(index, step, &locked);
        if let Some((table, hottest)) = locked_by(step) {
            lock(&mut locked, table, hottest);
        }
        if let Some(Borrowed::Rows(database)) = step.facts.gives_back {
            locked.retain(|(of, _), _| *of != database);
        }
        let calls = step.facts.starts.iter().zip(&step.callees);
        for (_, callee) in calls.filter(|(start, _)| start.shares_sessions()) {
            for (table, share) in &locks[*callee] {
                let leaves = if let Step::Repeat { count, .. } = plan.program.steps[step.at] {
                    plan.program.loops[count].times.generating(1.0 - share)
                } else {
                    1.0 - share
                };
                lock(&mut locked, *table, 1.0 - leaves);
            }
        }
        if step.facts.next.is_empty() {
            pour(&mut end, all, &locked);
        }
        for Next { to, probability } in step.facts.next.iter().filter(|next| next.to > step.at) {
            pour(reached.entry(*to).or_default(), all * probability, &locked);
        }
    }
    let (ended, mut locked) = end;
    locked.values_mut().for_each(|share| *share /= ended);
    locked
}

/// The row is locked with this probability where it is not yet.
fn lock(locked: &mut Locked, table: LockedTable, probability: f64) {
    let share = locked.entry(table).or_insert(0.0);
    *share += (1.0 - *share) * probability;
}

/// Adds a share of the frames, with what of them have locked.
fn pour(into: &mut (f64, Locked), all: f64, locked: &Locked) {
    into.0 += all;
    for (table, share) in locked {
        *into.1.entry(*table).or_insert(0.0) += all * share;
    }
}
