//! Streams of requests: their laws for the engine.

use crate::ids::Id;
use crate::model::{Arrivals, BatchSize, MmppState, Model};
use crate::plan::{EndpointShare, Plan, Process, Rhythm, SourcePlan, StatePlan};
use crate::random::{CountSampler, Distribution, ProfileSampler, Sampler};

/// The sources of the model, ready to draw from.
pub(in crate::plan) fn add_sources(model: &Model, plan: &mut Plan) {
    for source in &model.workload.sources {
        let (mut gap, mut think, mut process) = (None, None, Process::Plain);
        match &source.arrivals {
            Arrivals::Closed { think: law, .. } => think = plan.add_sampler(law),
            Arrivals::Poisson(rate) => {
                let law = exponential(plan, 1.0 / rate.0);
                gap = Some(plan.program.samplers[law].clone());
            }
            Arrivals::Deterministic(_) => {}
            Arrivals::Mmpp(states) => process = Process::Modulated(modulated(plan, states)),
            Arrivals::Profile(profile) => process = Process::Varying(ProfileSampler::new(profile)),
            Arrivals::Trace(trace) => process = Process::Replayed(trace.clone()),
            Arrivals::Batch { rate, size } => {
                let more = match size {
                    BatchSize::Fixed(size) => CountSampler::fixed(size - 1),
                    BatchSize::Geometric { mean } => CountSampler::geometric(mean - 1.0),
                };
                process = Process::Batches { gap: exponential(plan, 1.0 / rate.0), more };
            }
        }
        plan.load.rhythm = plan.load.rhythm.with(Rhythm::of(&source.arrivals));
        let mut cumulative = 0.0;
        let endpoints = source.endpoints.iter().map(|(endpoint, share)| {
            cumulative += share;
            EndpointShare { cumulative, endpoint: Id::new(*endpoint as usize) }
        });
        let endpoints = endpoints.collect();
        let (name, arrivals) = (source.name.clone(), source.arrivals.clone());
        plan.load.sources.push(SourcePlan { name, arrivals, gap, think, process, endpoints });
    }
}

fn exponential(plan: &mut Plan, mean: f64) -> Id<Sampler> {
    let sampler = plan.add_sampler(&Distribution::Exponential { mean });
    let Some(sampler) = sampler else { unreachable!("an exponential time is no constant") };
    sampler
}

fn modulated(plan: &mut Plan, states: &[MmppState]) -> Vec<StatePlan> {
    let round: f64 = states.iter().map(|state| state.stay).sum();
    let mut cumulative = 0.0;
    let states = states.iter().map(|state| {
        cumulative += state.stay / round;
        let some = state.rate.0 > 0.0;
        let gap = some.then(|| exponential(plan, 1.0 / state.rate.0));
        StatePlan { gap, stay: exponential(plan, state.stay), cumulative }
    });
    states.collect()
}
