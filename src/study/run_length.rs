//! How long a run is, who chose that, and what a load that changes with the clock makes of it.

use crate::model::{Length, Model};
use crate::plan::{Rhythm, compile, forecast};
use crate::units::Nanos;

/// How long every layout of a comparison runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RunLength {
    pub(super) duration: Nanos,
    pub(super) warmup: Nanos,
    pub(super) by: By,
}

/// Who chose the length of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The author, or a load that passes.
    Author,
    /// Pilots that came to the asked precision.
    Pilot,
    /// Pilots whose budget of events was spent before.
    Budget,
}

/// Share of a load that passes for which its run goes on, for the answers to what came last.
const SHARE_AFTER: f64 = 0.1;
/// Least time for which it does (ns).
const LEAST_AFTER: u64 = 1_000_000_000;

/// How long a load that passes is simulated: to its end and a little more, nothing left out. The
/// arrivals of such a load are never in a steady state, so there is no warm-up.
pub(super) fn once(end: u64) -> RunLength {
    let after = ((end as f64 * SHARE_AFTER) as u64).max(LEAST_AFTER);
    let duration = Nanos(end.saturating_add(after));
    RunLength { duration, warmup: Nanos::ZERO, by: By::Author }
}

/// The length with a measured time of whole rounds, so that each part of a round counts as often as
/// the others; unchanged where that would be more than twice as long.
pub(super) fn in_whole_rounds(length: RunLength, rhythm: Rhythm) -> RunLength {
    let Rhythm::Rounds(round) = rhythm else {
        return length;
    };
    let measured = length.duration.0 - length.warmup.0;
    let rounds = measured.div_ceil(round.max(1));
    match round.checked_mul(rounds) {
        Some(whole) if whole <= measured.saturating_mul(2) => {
            RunLength { duration: Nanos(length.warmup.0.saturating_add(whole)), ..length }
        }
        _ => length,
    }
}

/// How large a run of these layouts is beside others, by arithmetic: its events where its length is given, else those of
/// one request, since a precision takes about as many requests however often they come.
pub(super) fn size_by_arithmetic(model: &Model, layouts: &[usize]) -> f64 {
    let plans = layouts.iter().filter_map(|layout| compile(model, *layout).ok());
    let size = |plan| {
        let forecast = forecast(&plan);
        let rate = forecast.offered_per_second.max(forecast.carried_per_second).max(1e-9);
        let seconds = match (model.run.length, plan.load.rhythm) {
            (Length::Fixed { duration, .. } | Length::Until(duration), _) => duration.seconds(),
            (Length::Precision { .. }, Rhythm::Once(end)) => once(end).duration.seconds(),
            (Length::Precision { .. }, Rhythm::Steady | Rhythm::Rounds(_)) => 1.0 / rate,
        };
        forecast.events_per_second * seconds * f64::from(model.run.replications)
    };
    plans.map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(duration: u64, warmup: u64) -> RunLength {
        RunLength { duration: Nanos(duration), warmup: Nanos(warmup), by: By::Pilot }
    }

    #[test]
    fn rounds_are_filled_unless_that_takes_twice_as_long() {
        let whole = |duration, warmup, round| {
            let found = in_whole_rounds(length(duration, warmup), Rhythm::Rounds(round));
            (found.duration.0, found.warmup.0)
        };
        assert_eq!(whole(1_000, 100, 60), (1_000, 100));
        assert_eq!(whole(1_001, 100, 60), (1_060, 100));
        assert_eq!(whole(1_000, 100, 1_800), (1_900, 100));
        assert_eq!(whole(1_000, 100, 1_801), (1_000, 100));
        assert_eq!(whole(1_000, 100, u64::MAX), (1_000, 100));
        let steady = in_whole_rounds(length(1_001, 100), Rhythm::Steady);
        assert_eq!(steady, length(1_001, 100));
    }

    #[test]
    fn a_load_that_passes_is_followed_a_tenth_longer_and_at_least_a_second() {
        assert_eq!(once(60_000_000_000).duration, Nanos(66_000_000_000));
        assert_eq!(once(1_000_000).duration, Nanos(1_001_000_000));
        assert_eq!(once(60_000_000_000).warmup, Nanos::ZERO);
    }
}
