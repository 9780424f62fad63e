//! How often each step runs per second, by the shares of the workload: flow conservation over the
//! compiled steps. Everything that arithmetic can say before a run rests on it.

use super::facts::{Facts, Next, facts};
use super::rates::mean_rate;
use crate::ids::{Id, Table};
use crate::plan::{EndpointShare, Plan, Step};

/// Mean executions of every step [1/s]. A closed source counts as one request per second, so for closed
/// workloads the figures are visits per request.
pub fn visits(plan: &Plan) -> Table<f64, Step> {
    let rates: Vec<f64> =
        plan.load.sources.iter().map(|source| mean_rate(&source.arrivals)).collect();
    visits_at(plan, &rates)
}

/// The same with other rates [1/s], one for each source.
pub(super) fn visits_at(plan: &Plan, source_rates: &[f64]) -> Table<f64, Step> {
    let mut rates = Table::filled(0.0, &plan.program.steps);
    let mut entry_rates = Table::filled(0.0, &plan.program.steps);
    let mut roots = Vec::new();
    for (source, rate) in plan.load.sources.iter().zip(source_rates) {
        let mut below = 0.0;
        for EndpointShare { cumulative, endpoint } in &source.endpoints {
            let call = &plan.program.calls[plan.load.endpoints[*endpoint].call];
            entry_rates[call.entry] += rate * (cumulative - below);
            below = *cumulative;
            roots.push(call.entry);
        }
    }
    for entry in callers_first(plan, &roots) {
        flow(plan, entry, &mut rates, &mut entry_rates);
    }
    rates
}

/// The frames that can be reached from `roots`, by their first step, each behind all that start it.
pub(super) fn callers_first(plan: &Plan, roots: &[Id<Step>]) -> Vec<Id<Step>> {
    let mut seen = Table::filled(false, &plan.program.steps);
    let mut order = Vec::new();
    let mut path: Vec<PendingFrame> = Vec::new();
    let mut enter = |entry: Id<Step>, path: &mut Vec<PendingFrame>| {
        if !std::mem::replace(&mut seen[entry], true) {
            path.push(PendingFrame { entry, pending: started_within(plan, entry) });
        }
    };
    for root in roots {
        enter(*root, &mut path);
        while let Some(caller) = path.last_mut() {
            match caller.pending.pop() {
                Some(next) => enter(next, &mut path),
                None => {
                    order.push(caller.entry);
                    path.pop();
                }
            }
        }
    }
    order.reverse();
    order
}

/// A frame on the way to the one that is looked at.
struct PendingFrame {
    /// Its first step.
    entry: Id<Step>,
    /// First steps of the frames that it starts and that are still to be looked at.
    pending: Vec<Id<Step>>,
}

/// First steps of the frames that one frame starts.
fn started_within(plan: &Plan, entry: Id<Step>) -> Vec<Id<Step>> {
    let reached = reached_from(plan, entry).into_iter();
    reached.flat_map(|step| step.facts.starts).map(|start| start.entry).collect()
}

/// A step of a frame.
pub(super) struct FrameStep {
    /// Which.
    pub(super) at: Id<Step>,
    /// What it is to arithmetic.
    pub(super) facts: Facts,
}

/// Steps of one frame, in the order of their numbers; all jumps lead forward.
pub(super) fn reached_from(plan: &Plan, entry: Id<Step>) -> Vec<FrameStep> {
    let mut pending = std::collections::BTreeSet::from([entry]);
    let mut reached = Vec::new();
    while let Some(at) = pending.pop_first() {
        let facts = facts(plan, at);
        // The shared failure step is the only one behind; it ends the frame.
        pending.extend(facts.next.iter().map(|next| next.to).filter(|to| *to > at));
        reached.push(FrameStep { at, facts });
    }
    reached
}

/// Spreads the rate of one frame over its steps and over the frames that it starts.
fn flow(
    plan: &Plan,
    entry: Id<Step>,
    rates: &mut Table<f64, Step>,
    entry_rates: &mut Table<f64, Step>,
) {
    // A step can belong to several frames (an operation entered with and without its prelude), so the
    // rates of this frame are kept apart until they are complete.
    let mut own = std::collections::BTreeMap::from([(entry, entry_rates[entry])]);
    while let Some((pc, rate)) = own.pop_first() {
        rates[pc] += rate;
        let facts = facts(plan, pc);
        for start in facts.starts {
            entry_rates[start.entry] += rate * start.times;
        }
        for Next { to, probability } in facts.next {
            if to > pc {
                *own.entry(to).or_insert(0.0) += rate * probability;
            }
        }
    }
}
