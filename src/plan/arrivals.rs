//! Streams of requests: their rates for arithmetic, their laws for the engine.

use super::{NONE, Plan, Process, SourcePlan, StatePlan};
use crate::model::{Arrivals, MmppState, Model};
use crate::random::Distribution;

/// Requests per second of a source in the long run; 1 for a closed one.
pub fn mean_rate(arrivals: &Arrivals) -> f64 {
    match arrivals {
        Arrivals::Poisson(rate) | Arrivals::Deterministic(rate) => rate.0,
        Arrivals::Mmpp(states) => {
            // Every state is met once in a round, so the shares of the time are those of the stays.
            let round: f64 = states.iter().map(|state| state.stay).sum();
            states.iter().map(|state| state.rate.0 * (state.stay / round)).sum()
        }
        Arrivals::Closed { .. } => 1.0,
    }
}

/// The sources of the model, ready to draw from.
pub(super) fn add_sources(model: &Model, plan: &mut Plan) {
    for source in &model.workload.sources {
        let (mut gap, mut think, mut process) = (NONE, NONE, Process::Plain);
        match &source.arrivals {
            Arrivals::Closed { think: law, .. } => think = plan.add_sampler(law),
            Arrivals::Poisson(rate) => gap = exponential(plan, 1.0 / rate.0),
            Arrivals::Deterministic(_) => {}
            Arrivals::Mmpp(states) => process = Process::Modulated(modulated(plan, states)),
        }
        let mut cumulative = 0.0;
        let endpoints = source.endpoints.iter().map(|(endpoint, share)| {
            cumulative += share;
            (cumulative, *endpoint)
        });
        let endpoints = endpoints.collect();
        let (name, arrivals) = (source.name.clone(), source.arrivals.clone());
        plan.sources.push(SourcePlan { name, arrivals, gap, think, process, endpoints });
    }
}

fn exponential(plan: &mut Plan, mean: f64) -> u32 {
    plan.add_sampler(&Distribution::Exponential { mean })
}

fn modulated(plan: &mut Plan, states: &[MmppState]) -> Vec<StatePlan> {
    let round: f64 = states.iter().map(|state| state.stay).sum();
    let mut cumulative = 0.0;
    let states = states.iter().map(|state| {
        cumulative += state.stay / round;
        let some = state.rate.0 > 0.0;
        let gap = if some { exponential(plan, 1.0 / state.rate.0) } else { NONE };
        StatePlan { gap, stay: exponential(plan, state.stay), cumulative }
    });
    states.collect()
}
