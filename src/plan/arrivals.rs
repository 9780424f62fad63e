//! Streams of requests: their rates for arithmetic, their laws for the engine.

use super::{NONE, Plan, Process, SourcePlan, StatePlan};
use crate::model::{Arrivals, BatchSize, MmppState, Model};
use crate::random::{CountSampler, Distribution};

/// Requests per second of a source in the long run; 1 for a closed one.
pub fn mean_rate(arrivals: &Arrivals) -> f64 {
    match arrivals {
        Arrivals::Poisson(rate) | Arrivals::Deterministic(rate) => rate.0,
        Arrivals::Mmpp(states) => {
            // Every state is met once in a round, so the shares of the time are those of the stays.
            let round: f64 = states.iter().map(|state| state.stay).sum();
            states.iter().map(|state| state.rate.0 * (state.stay / round)).sum()
        }
        Arrivals::Batch { rate, size } => rate.0 * mean_size(*size),
        Arrivals::Closed { .. } => 1.0,
    }
}

fn mean_size(size: BatchSize) -> f64 {
    match size {
        BatchSize::Fixed(size) => f64::from(size),
        BatchSize::Geometric { mean } => mean,
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
            Arrivals::Batch { rate, size } => {
                let more = match size {
                    BatchSize::Fixed(size) => CountSampler::fixed(size - 1),
                    BatchSize::Geometric { mean } => CountSampler::geometric(mean - 1.0),
                };
                process = Process::Batches { gap: exponential(plan, 1.0 / rate.0), more };
            }
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
