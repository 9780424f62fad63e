//! The frames that requests come to, each with what arithmetic says of it without any queueing: where it leads, how
//! often it fails, how long it takes. Everything that can be said before a run rests on them.
//!
//! A failure ends a frame and goes on to whoever waits for it: what lies behind a call is done as often as the
//! callee ends well.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Index;

use super::facts::{Awaited, Facts, Need, Next, OnSession, Start, facts};
use crate::ids::Id;
use crate::plan::{DatabasePlan, FAIL_STEP, Plan, Step};

/// All frames that can be reached.
pub(super) struct Frames {
    /// Each behind all that start it.
    all: Vec<FrameForm>,
    /// Places of those that come as requests, by their first steps.
    requests: BTreeMap<Id<Step>, usize>,
}

/// What tells frames from each other: an operation can be entered with and without its prelude, and within and
/// without a transaction of its callers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FrameKey {
    /// Its first step.
    pub(super) first: Id<Step>,
    /// Databases on which its callers in the same process have a session open, which it shares.
    pub(super) shared: BTreeSet<Id<DatabasePlan>>,
}

/// A frame.
#[derive(Debug)]
pub(super) struct FrameForm {
    /// Which.
    pub(super) key: FrameKey,
    /// Its steps in the order of their numbers; all jumps lead forward.
    pub(super) steps: Vec<FrameStep>,
    /// Probability that it fails.
    pub(super) fails: f64,
    /// Mean time without queueing, with all that it waits for (s).
    pub(super) duration: f64,
    /// Probability that it writes on each session that it shares.
    writes: BTreeMap<Id<DatabasePlan>, f64>,
}

/// A step of a frame.
#[derive(Debug)]
pub(super) struct FrameStep {
    /// Which.
    pub(super) at: Id<Step>,
    /// What it is to arithmetic, in this frame.
    pub(super) facts: Facts,
    /// Places in [`Frames`] of what it starts, as `facts.starts`.
    pub(super) callees: Vec<usize>,
    /// Mean time of the step with the frames that it waits for (s).
    pub(super) time: f64,
    /// Of a step that ends what was written, the probability that this frame opened the session and something was
    /// written; 0 for all others.
    pub(super) ends_writing: f64,
    /// Databases on which a session is open while it runs.
    pub(super) open: BTreeSet<Id<DatabasePlan>>,
}

impl Frames {
    /// The frames that the endpoints of a plan lead to.
    pub(super) fn of(plan: &Plan) -> Self {
        let endpoints = plan.load.endpoints.iter();
        let entries = endpoints.map(|endpoint| plan.program.calls[endpoint.call].entry);
        let mut all = callers_first(plan, entries.map(FrameKey::request).collect());
        let places: BTreeMap<FrameKey, usize> =
            all.iter().enumerate().map(|(place, frame)| (frame.key.clone(), place)).collect();
        for place in (0..all.len()).rev() {
            let (callers, callees) = all.split_at_mut(place + 1);
            callers[place].judge(plan, &places, &|callee| &callees[callee - place - 1]);
        }
        let requests = places.iter().filter(|(key, _)| key.shared.is_empty());
        let requests = requests.map(|(key, place)| (key.first, *place)).collect();
        Frames { all, requests }
    }

    /// Each with its place, callers first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, &FrameForm)> {
        self.all.iter().enumerate()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The place of the frame that requests are whose first step is `first`.
    pub(super) fn request(&self, first: Id<Step>) -> usize {
        self.requests[&first]
    }
}

impl Index<usize> for Frames {
    type Output = FrameForm;

    fn index(&self, place: usize) -> &FrameForm {
        &self.all[place]
    }
}

impl FrameKey {
    /// A frame that comes as a request: it shares nothing.
    fn request(first: Id<Step>) -> Self {
        FrameKey { first, shared: BTreeSet::new() }
    }

    /// The frame that a step starts at which sessions are open on `open`.
    fn of(start: &Start, open: &BTreeSet<Id<DatabasePlan>>) -> Self {
        let shared = if start.shares_sessions() { open.clone() } else { BTreeSet::new() };
        FrameKey { first: start.entry, shared }
    }
}

/// The frames that can be reached from `roots`, each behind all that start it; not yet judged.
fn callers_first(plan: &Plan, roots: Vec<FrameKey>) -> Vec<FrameForm> {
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    let mut path: Vec<PendingFrame> = Vec::new();
    let mut enter = |key: FrameKey, path: &mut Vec<PendingFrame>| {
        if seen.insert(key.clone()) {
            path.push(PendingFrame::new(plan, key));
        }
    };
    for root in roots {
        enter(root, &mut path);
        while let Some(caller) = path.last_mut() {
            if let Some(next) = caller.pending.pop() {
                enter(next, &mut path);
            } else if let Some(PendingFrame { frame, .. }) = path.pop() {
                order.push(frame);
            }
        }
    }
    order.reverse();
    order
}

/// A frame on the way to the one that is looked at.
struct PendingFrame {
    frame: FrameForm,
    /// The frames that it starts and that are still to be looked at.
    pending: Vec<FrameKey>,
}

impl PendingFrame {
    fn new(plan: &Plan, key: FrameKey) -> Self {
        let steps = steps_of(plan, &key);
        let started = |step: &FrameStep| -> Vec<FrameKey> {
            step.facts.starts.iter().map(|start| FrameKey::of(start, &step.open)).collect()
        };
        let pending = steps.iter().flat_map(started).collect();
        let (fails, duration, writes) = (0.0, 0.0, BTreeMap::new());
        PendingFrame { frame: FrameForm { key, steps, fails, duration, writes }, pending }
    }
}

/// The steps of a frame, with the sessions that are open at each.
fn steps_of(plan: &Plan, key: &FrameKey) -> Vec<FrameStep> {
    let mut pending = BTreeMap::from([(key.first, key.shared.clone())]);
    let mut steps = Vec::new();
    while let Some((at, mut open)) = pending.pop_first() {
        let (mut facts, mut ends_writing) = (facts(plan, at), 0.0);
        match facts.on_session {
            // Part of the session that is open.
            Some(OnSession::Opens(database)) if open.contains(&database) => facts.waits_for = None,
            Some(OnSession::Opens(database) | OnSession::TakesUp(database)) => {
                open.insert(database);
            }
            // Who opened the session commits and ends it.
            Some(OnSession::Flushes(database) | OnSession::WorksToCommit(database))
                if key.shared.contains(&database) =>
            {
                facts.mean = 0.0;
                facts.needs.clear();
            }
            Some(
                OnSession::Unlocks(database)
                | OnSession::Commits(database)
                | OnSession::Closes(database),
            ) if key.shared.contains(&database) => {
                facts.gives_back = None;
            }
            Some(OnSession::Flushes(_) | OnSession::WorksToCommit(_)) => ends_writing = 1.0,
            Some(OnSession::Closes(database)) => {
                open.remove(&database);
            }
            Some(
                OnSession::Writes(_)
                | OnSession::Unlocks(_)
                | OnSession::Commits(_)
                | OnSession::Decides(_),
            )
            | None => {}
        }
        // The shared failure step is the only one behind; it ends the frame.
        for next in facts.next.iter().filter(|next| next.to > at) {
            pending.entry(next.to).or_insert_with(|| open.clone());
        }
        steps.push(FrameStep { at, facts, callees: Vec::new(), time: 0.0, ends_writing, open });
    }
    steps
}

impl FrameStep {
    /// Whether it ends what its frame has written on a database.
    fn ends_on(&self, database: Id<DatabasePlan>) -> bool {
        let ends = [OnSession::Flushes(database), OnSession::WorksToCommit(database)];
        self.facts.on_session.is_some_and(|what| ends.contains(&what))
    }
}

impl FrameForm {
    /// Finds out what the frame writes, how often it fails and how long it takes. `callee`: the frames that it
    /// starts, by their places, of which all that is known.
    fn judge<'a>(
        &mut self,
        plan: &Plan,
        places: &BTreeMap<FrameKey, usize>,
        callee: &impl Fn(usize) -> &'a FrameForm,
    ) {
        for step in &mut self.steps {
            let starts = step.facts.starts.iter();
            step.callees = starts.map(|start| places[&FrameKey::of(start, &step.open)]).collect();
            step.judge(plan, callee);
        }
        let opened: BTreeSet<_> = self.steps.iter().flat_map(|step| step.open.clone()).collect();
        for database in opened {
            let writes = self.write(database, callee);
            if self.key.shared.contains(&database) {
                self.writes.insert(database, writes);
            }
        }
        let mut behind: BTreeMap<Id<Step>, f64> = BTreeMap::new();
        for step in self.steps.iter().rev() {
            let next = step.facts.next.iter();
            let next: f64 = next
                .map(|next| next.probability * behind.get(&next.to).copied().unwrap_or(0.0))
                .sum();
            behind.insert(step.at, step.time + next);
        }
        self.duration = behind.get(&self.key.first).copied().unwrap_or(0.0);
        let mut reached = BTreeMap::from([(self.key.first, 1.0)]);
        for step in &self.steps {
            let share = reached.get(&step.at).copied().unwrap_or(0.0);
            if plan.program.steps[step.at] == Step::Fail {
                self.fails += share;
            }
            for Next { to, probability } in &step.facts.next {
                if *to > step.at {
                    *reached.entry(*to).or_insert(0.0) += share * probability;
                } else {
                    self.fails += share * probability;
                }
            }
        }
    }

    /// Finds out how often there is something to flush on a database. Probability that the frame writes there.
    fn write<'a>(
        &mut self,
        database: Id<DatabasePlan>,
        callee: &impl Fn(usize) -> &'a FrameForm,
    ) -> f64 {
        // Shares of the frames that come to each step, of all and of those that wrote before.
        let mut reached = BTreeMap::from([(self.key.first, (1.0, 0.0))]);
        let mut ended = 0.0;
        for step in &mut self.steps {
            let (all, mut wrote) = reached.get(&step.at).copied().unwrap_or((0.0, 0.0));
            let writing = [OnSession::Writes(database), OnSession::TakesUp(database)];
            if step.facts.on_session.is_some_and(|what| writing.contains(&what)) {
                wrote = all;
            }
            if step.ends_writing > 0.0 && step.ends_on(database) {
                step.ends_writing = if all > 0.0 { wrote / all } else { 0.0 };
                step.time *= step.ends_writing;
            }
            let calls = step.facts.starts.iter().zip(&step.callees);
            let reads_only = calls.map(|(start, place)| {
                let writes = callee(*place).writes.get(&database).copied().unwrap_or(0.0);
                (1.0 - writes).powf(start.times)
            });
            wrote += (all - wrote) * (1.0 - reads_only.product::<f64>());
            if step.facts.next.is_empty() {
                ended += wrote;
            }
            for Next { to, probability } in step.facts.next.iter().filter(|next| next.to > step.at)
            {
                let (of_all, of_wrote) = reached.entry(*to).or_insert((0.0, 0.0));
                *of_all += all * probability;
                *of_wrote += wrote * probability;
            }
        }
        ended
    }
}

impl FrameStep {
    /// How often something happens in one execution.
    pub(super) fn events(&self) -> f64 {
        let reads = self.facts.needs.iter().map(|need| match need {
            Need::Reads { count, .. } => *count,
            Need::ServiceCpu { .. }
            | Need::DatabaseCpu { .. }
            | Need::Pages { .. }
            | Need::ThirdParty { .. } => 0.0,
        });
        let takes_time = if self.facts.mean > 0.0 { 1.0 } else { 0.0 };
        reads.fold(takes_time, f64::max)
    }

    /// Finds out how the failures of what the step starts change where it leads, and how long it takes.
    fn judge<'a>(&mut self, plan: &Plan, callee: &impl Fn(usize) -> &'a FrameForm) {
        let mut well = 1.0;
        let (mut in_turn, mut together) = (0.0, 0.0_f64);
        for (start, place) in self.facts.starts.iter_mut().zip(&self.callees) {
            let FrameForm { fails, duration, .. } = callee(*place);
            match start.awaited {
                Awaited::InTurn => {
                    if let Step::Repeat { count, .. } = plan.program.steps[self.at] {
                        let law = &plan.program.loops[count].times;
                        let all_well = law.generating(1.0 - fails);
                        if *fails > 0.0 {
                            // The first turn that fails is the last.
                            start.times = (1.0 - all_well) / fails;
                        }
                        well *= all_well;
                    } else {
                        well *= 1.0 - fails;
                    }
                    in_turn += start.times * duration;
                }
                Awaited::Together | Awaited::Aside => {
                    well *= 1.0 - fails;
                    together = together.max(*duration);
                }
                Awaited::Never => {}
            }
        }
        self.time = self.facts.mean + in_turn + together;
        if well < 1.0 {
            self.facts.next.iter_mut().for_each(|next| next.probability *= well);
            self.facts.next.push(Next { to: FAIL_STEP, probability: 1.0 - well });
        }
    }
}
