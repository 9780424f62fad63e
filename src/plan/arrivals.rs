//! Streams of requests: their rates for arithmetic, their laws for the engine.

use super::{EndpointShare, Plan, Process, SourcePlan, StatePlan};
use crate::ids::Id;
use crate::model::{Arrivals, BatchSize, MmppState, Model};
use crate::random::{CountSampler, Distribution, ProfileSampler, Sampler};

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
        Arrivals::Profile(profile) => profile.mean(),
        Arrivals::Trace(trace) => {
            // One instant, at 0, has no rate of its own.
            let span = trace.span().seconds();
            trace.instants.len() as f64 / if span > 0.0 { span } else { 1.0 }
        }
        Arrivals::Closed { .. } => 1.0,
    }
}

/// Requests per second of a source when its rate is highest; 1 for a closed one.
pub(super) fn peak_rate(arrivals: &Arrivals) -> f64 {
    match arrivals {
        Arrivals::Mmpp(states) => states.iter().map(|state| state.rate.0).fold(0.0, f64::max),
        Arrivals::Profile(profile) => profile.peak(),
        steady => mean_rate(steady),
    }
}

/// How the rates of the sources of a plan go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rhythm {
    /// At random but always by the same law: a long run shows it.
    #[default]
    Steady,
    /// In rounds of this length (ns): whole rounds show it.
    Rounds(u64),
    /// Differently until this time (ns), and never again so: there is no long run.
    Once(u64),
}

impl Rhythm {
    fn of(arrivals: &Arrivals) -> Self {
        match arrivals {
            Arrivals::Profile(profile) => match profile.period() {
                Some(period) => Rhythm::Rounds(period.0),
                None => Rhythm::Once(profile.span().0),
            },
            Arrivals::Trace(trace) => match trace.every {
                Some(every) => Rhythm::Rounds(every.0),
                None => Rhythm::Once(trace.span().0),
            },
            _ => Rhythm::Steady,
        }
    }

    /// The rhythm of two together: rounds of both end at their least common multiple.
    fn with(self, other: Rhythm) -> Self {
        match (self, other) {
            (Rhythm::Once(one), Rhythm::Once(other)) => Rhythm::Once(one.max(other)),
            (Rhythm::Once(end), _) | (_, Rhythm::Once(end)) => Rhythm::Once(end),
            (Rhythm::Rounds(one), Rhythm::Rounds(other)) => {
                Rhythm::Rounds(least_common_multiple(one, other))
            }
            (Rhythm::Rounds(length), _) | (_, Rhythm::Rounds(length)) => Rhythm::Rounds(length),
            (Rhythm::Steady, Rhythm::Steady) => Rhythm::Steady,
        }
    }

    /// The time before the end of `measured` (ns) over which a backlog that grew is an overload: half of
    /// it, in whole rounds. `None` where a quiet and a busy time would be compared.
    pub fn comparable(self, measured: u64) -> Option<u64> {
        match self {
            Rhythm::Steady => Some(measured.div_ceil(2)),
            Rhythm::Rounds(length) if length <= measured / 2 => {
                Some(measured / 2 / length * length)
            }
            Rhythm::Rounds(_) | Rhythm::Once(_) => None,
        }
    }
}

/// `u64::MAX`, which is longer than any run, where it does not fit.
fn least_common_multiple(one: u64, other: u64) -> u64 {
    let (mut divisor, mut rest) = (one, other);
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (one / divisor.max(1)).saturating_mul(other)
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
        let (mut gap, mut think, mut process) = (None, None, Process::Plain);
        match &source.arrivals {
            Arrivals::Closed { think: law, .. } => think = plan.add_sampler(law),
            Arrivals::Poisson(rate) => gap = Some(exponential(plan, 1.0 / rate.0)),
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
        plan.rhythm = plan.rhythm.with(Rhythm::of(&source.arrivals));
        let mut cumulative = 0.0;
        let endpoints = source.endpoints.iter().map(|(endpoint, share)| {
            cumulative += share;
            EndpointShare { cumulative, endpoint: Id::new(*endpoint as usize) }
        });
        let endpoints = endpoints.collect();
        let (name, arrivals) = (source.name.clone(), source.arrivals.clone());
        plan.sources.push(SourcePlan { name, arrivals, gap, think, process, endpoints });
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
