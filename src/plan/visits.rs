//! How often each step runs per second, by the shares of the workload: flow conservation over the
//! compiled steps. Everything that arithmetic can say before a run rests on it.

use super::arrivals::mean_rate;
use super::{NONE, Plan, Step};
use crate::model::Arrivals;

/// Mean executions of every step [1/s]. A closed source counts as one request per second, so for closed
/// workloads the figures are visits per request.
pub fn visits(plan: &Plan) -> Vec<f64> {
    visits_at(plan, &mean_rate)
}

/// The same with other rates of the sources.
pub(super) fn visits_at(plan: &Plan, rate: &dyn Fn(&Arrivals) -> f64) -> Vec<f64> {
    let mut rates = vec![0.0; plan.steps.len()];
    let mut entry_rates = vec![0.0; plan.steps.len()];
    let mut roots = Vec::new();
    for source in &plan.sources {
        let rate = rate(&source.arrivals);
        let mut below = 0.0;
        for (cumulative, endpoint) in &source.endpoints {
            let call = &plan.calls[plan.endpoints[*endpoint as usize].call as usize];
            entry_rates[call.entry as usize] += rate * (cumulative - below);
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
pub(super) fn starts(plan: &Plan, step: &Step) -> Vec<(u32, f64)> {
    match step {
        Step::Local { entry, .. } | Step::Spawn { entry, .. } => vec![(*entry, 1.0)],
        Step::Rpc { call, .. } => vec![(plan.calls[*call as usize].entry, 1.0)],
        Step::Repeat { count, .. } => {
            let repeat = &plan.loops[*count as usize];
            vec![(repeat.body, repeat.mean)]
        }
        Step::Fork { fork, .. } => {
            let branches = &plan.forks[*fork as usize].branches;
            branches.iter().map(|branch| (*branch, 1.0)).collect()
        }
        _ => Vec::new(),
    }
}

/// Probabilities of the steps that come after `pc` in the same frame.
pub(super) fn successors(plan: &Plan, pc: u32) -> Vec<(u32, f64)> {
    match &plan.steps[pc as usize] {
        Step::Return | Step::Fail | Step::Answer | Step::Join => Vec::new(),
        Step::Jump { to } => vec![(*to, 1.0)],
        Step::Choose { choice, .. } => {
            let mut below = 0.0;
            let ways = &plan.choices[*choice as usize].ways;
            let mut next: Vec<(u32, f64)> = ways
                .iter()
                .map(|(cumulative, to)| {
                    let share = cumulative.min(1.0) - below;
                    below = cumulative.min(1.0);
                    (*to, share)
                })
                .collect();
            next.push((pc + 1, 1.0 - below));
            next
        }
        _ => vec![(pc + 1, 1.0)],
    }
}

/// The frames that can be reached from `roots`, by their first step, each behind all that start it.
pub(super) fn callers_first(plan: &Plan, roots: &[u32]) -> Vec<u32> {
    let mut seen = vec![false; plan.steps.len()];
    let mut order = Vec::new();
    let mut path: Vec<(u32, Vec<u32>)> = Vec::new();
    let mut enter = |entry: u32, path: &mut Vec<(u32, Vec<u32>)>| {
        if entry != NONE && !std::mem::replace(&mut seen[entry as usize], true) {
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
fn started_within(plan: &Plan, entry: u32) -> Vec<u32> {
    let reached = reached_from(plan, entry);
    reached
        .iter()
        .flat_map(|pc| starts(plan, &plan.steps[*pc as usize]))
        .map(|(to, _)| to)
        .collect()
}

/// Steps of one frame, in the order of their numbers; all jumps lead forward.
pub(super) fn reached_from(plan: &Plan, entry: u32) -> Vec<u32> {
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
fn flow(plan: &Plan, entry: u32, rates: &mut [f64], entry_rates: &mut [f64]) {
    // A step can belong to several frames (an operation entered with and without its prelude), so the
    // rates of this frame are kept apart until they are complete.
    let mut own = std::collections::BTreeMap::from([(entry, entry_rates[entry as usize])]);
    while let Some((pc, rate)) = own.pop_first() {
        rates[pc as usize] += rate;
        for (to, times) in starts(plan, &plan.steps[pc as usize]) {
            entry_rates[to as usize] += rate * times;
        }
        for (to, share) in successors(plan, pc) {
            if to > pc {
                *own.entry(to).or_insert(0.0) += rate * share;
            }
        }
    }
}
