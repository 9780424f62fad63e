//! How often each step runs per second, by the shares of the workload: flow conservation over the frames.

use std::collections::BTreeMap;

use super::facts::{Awaited, Next};
use super::frames::Frames;
use super::rates::mean_rate;
use crate::ids::Table;
use crate::plan::{EndpointShare, Plan, Step};

/// Mean executions of every step [1/s]. A closed source counts as one request per second, so for closed
/// workloads the figures are visits per request.
pub fn visits(plan: &Plan) -> Table<f64, Step> {
    let rates: Vec<f64> =
        plan.load.sources.iter().map(|source| mean_rate(&source.arrivals)).collect();
    let frames = Frames::of(plan);
    let mut visits = Table::filled(0.0, &plan.program.steps);
    for ((_, frame), rates) in
        frames.iter().zip(&rates_within(plan, &frames, &rates, CountedWork::All))
    {
        for (step, rate) in frame.steps.iter().zip(rates) {
            visits[step.at] += rate;
        }
    }
    visits
}

/// Which work counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountedWork {
    /// All.
    All,
    /// What somebody waits for.
    Awaited,
}

/// Mean executions of every step of every frame [1/s], by their places, with other rates, one for each source.
pub(super) fn rates_within(
    plan: &Plan,
    frames: &Frames,
    source_rates: &[f64],
    counted: CountedWork,
) -> Vec<Vec<f64>> {
    let mut starts = vec![0.0; frames.len()];
    for (source, rate) in plan.load.sources.iter().zip(source_rates) {
        let mut below = 0.0;
        for EndpointShare { cumulative, endpoint } in &source.endpoints {
            let call = &plan.program.calls[plan.load.endpoints[*endpoint].call];
            starts[frames.request(call.entry)] += rate * (cumulative - below);
            below = *cumulative;
        }
    }
    let mut rates: Vec<Vec<f64>> = Vec::with_capacity(frames.len());
    for (place, frame) in frames.iter() {
        let mut reached = BTreeMap::from([(frame.key.first, starts[place])]);
        let mut of_frame = Vec::with_capacity(frame.steps.len());
        for step in &frame.steps {
            let rate = reached.remove(&step.at).unwrap_or(0.0);
            of_frame.push(rate);
            for (start, callee) in step.facts.starts.iter().zip(&step.callees) {
                if counted == CountedWork::All || start.awaited != Awaited::Never {
                    starts[*callee] += rate * start.times;
                }
            }
            for Next { to, probability } in &step.facts.next {
                if *to > step.at {
                    *reached.entry(*to).or_insert(0.0) += rate * probability;
                }
            }
        }
        rates.push(of_frame);
    }
    rates
}
