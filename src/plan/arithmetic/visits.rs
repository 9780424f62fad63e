//! How often each step runs per second, by the shares of the workload: flow conservation over the
//! compiled steps. Everything that arithmetic can say before a run rests on it.

use super::rates::mean_rate;
use crate::ids::{Id, Table};
use crate::model::Arrivals;
use crate::plan::{EndpointShare, Plan, Step, Way};

/// Mean executions of every step [1/s]. A closed source counts as one request per second, so for closed
/// workloads the figures are visits per request.
pub fn visits(plan: &Plan) -> Table<f64, Step> {
    visits_at(plan, &mean_rate)
}

/// The same with other rates of the sources.
pub(super) fn visits_at(plan: &Plan, rate: &dyn Fn(&Arrivals) -> f64) -> Table<f64, Step> {
    let mut rates = Table::filled(0.0, &plan.steps);
    let mut entry_rates = Table::filled(0.0, &plan.steps);
    let mut roots = Vec::new();
    for source in &plan.sources {
        let rate = rate(&source.arrivals);
        let mut below = 0.0;
        for EndpointShare { cumulative, endpoint } in &source.endpoints {
            let call = &plan.calls[plan.endpoints[*endpoint].call];
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

/// Steps that start frames from a step, with how many each starts on average.
pub(super) fn starts(plan: &Plan, step: &Step) -> Vec<(Id<Step>, f64)> {
    match step {
        Step::Local { entry, .. } | Step::Spawn { entry, .. } => vec![(*entry, 1.0)],
        Step::Rpc { call, .. } => vec![(plan.calls[*call].entry, 1.0)],
        Step::Repeat { count, .. } => {
            let repeat = &plan.loops[*count];
            vec![(repeat.body, repeat.mean)]
        }
        Step::Fork { fork, .. } => {
            let branches = &plan.forks[*fork].branches;
            branches.iter().map(|branch| (*branch, 1.0)).collect()
        }
        _ => Vec::new(),
    }
}

/// Probabilities of the steps that come after `pc` in the same frame.
pub(super) fn successors(plan: &Plan, pc: Id<Step>) -> Vec<(Id<Step>, f64)> {
    match &plan.steps[pc] {
        Step::Return | Step::Fail | Step::Answer | Step::Join => Vec::new(),
        Step::Jump { to } => vec![(*to, 1.0)],
        Step::Choose { choice, .. } => {
            let mut below = 0.0;
            let ways = &plan.choices[*choice].ways;
            let mut next: Vec<(Id<Step>, f64)> = ways
                .iter()
                .map(|Way { cumulative, to }| {
                    let share = cumulative.min(1.0) - below;
                    below = cumulative.min(1.0);
                    (*to, share)
                })
                .collect();
            next.push((pc.next(), 1.0 - below));
            next
        }
        _ => vec![(pc.next(), 1.0)],
    }
}

/// The frames that can be reached from `roots`, by their first step, each behind all that start it.
pub(super) fn callers_first(plan: &Plan, roots: &[Id<Step>]) -> Vec<Id<Step>> {
    let mut seen = Table::filled(false, &plan.steps);
    let mut order = Vec::new();
    let mut path: Vec<(Id<Step>, Vec<Id<Step>>)> = Vec::new();
    let mut enter = |entry: Id<Step>, path: &mut Vec<(Id<Step>, Vec<Id<Step>>)>| {
        if !std::mem::replace(&mut seen[entry], true) {
            path.push((entry, started_within(plan, entry)));
        }
    };
    for root in roots {
        enter(*root, &mut path);
        while let Some((entry, pending)) = path.last_mut() {
            match pending.pop() {
                Some(next) => enter(next, &mut path),
                None => {
                    order.push(*entry);
                    path.pop();
                }
            }
        }
    }
    order.reverse();
    order
}

/// First steps of the frames that one frame starts.
fn started_within(plan: &Plan, entry: Id<Step>) -> Vec<Id<Step>> {
    let reached = reached_from(plan, entry);
    reached.iter().flat_map(|pc| starts(plan, &plan.steps[*pc])).map(|(to, _)| to).collect()
}

/// Steps of one frame, in the order of their numbers; all jumps lead forward.
pub(super) fn reached_from(plan: &Plan, entry: Id<Step>) -> Vec<Id<Step>> {
    let mut pending = std::collections::BTreeSet::from([entry]);
    let mut reached = Vec::new();
    while let Some(pc) = pending.pop_first() {
        reached.push(pc);
        // The shared failure step is the only one behind; it ends the frame.
        let next = successors(plan, pc).into_iter().filter(|(to, _)| *to > pc);
        pending.extend(next.map(|(to, _)| to));
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
        for (to, times) in starts(plan, &plan.steps[pc]) {
            entry_rates[to] += rate * times;
        }
        for (to, share) in successors(plan, pc) {
            if to > pc {
                *own.entry(to).or_insert(0.0) += rate * share;
            }
        }
    }
}
