//! Rates of the streams of requests: in the long run, and at their highest.

use crate::model::{Arrivals, BatchSize};

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

/// Requests per second of a source once it has passed, if it does; 1 for a closed one.
pub(super) fn lasting_rate(arrivals: &Arrivals) -> f64 {
    match arrivals {
        Arrivals::Profile(profile) => profile.last_rate().unwrap_or_else(|| profile.mean()),
        Arrivals::Trace(trace) if trace.every.is_none() => 0.0,
        lasting => mean_rate(lasting),
    }
}

fn mean_size(size: BatchSize) -> f64 {
    match size {
        BatchSize::Fixed(size) => f64::from(size),
        BatchSize::Geometric { mean } => mean,
    }
}
