//! Loads that change with the clock: how long to look at them, and what the figures then mean.

use super::findings::Diagnosis;
use super::length::{By, RunLength};
use crate::plan::{Forecast, Plan, Rhythm};
use crate::units::{Nanos, significant};

/// Share of a load that passes, and least time (ns), for the answers to what came last.
const AFTER: (f64, u64) = (0.1, 1_000_000_000);

/// How long a load that passes is simulated: to its end and a little more, nothing left out. The
/// arrivals of such a load are never in a steady state, so there is no warm-up.
pub(super) fn once(end: u64) -> RunLength {
    let after = ((end as f64 * AFTER.0) as u64).max(AFTER.1);
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

/// What the figures of a load that changes with the clock mean.
pub(super) fn remarks(plan: &Plan, forecast: &Forecast, length: RunLength) -> Vec<Diagnosis> {
    let measured = Nanos(length.duration.0.saturating_sub(length.warmup.0));
    let message = match plan.rhythm {
        Rhythm::Steady => return Vec::new(),
        Rhythm::Rounds(u64::MAX) => {
            "the load changes with the clock and its rounds never meet: means and percentiles are over \
             the requests of the measured time, and a slow overload may go unseen"
                .to_string()
        }
        Rhythm::Rounds(round) => of_rounds(measured, Nanos(round)),
        Rhythm::Once(end) => of_once(length, Nanos(end)),
    };
    let mut said = vec![Diagnosis { code: "varying-load".into(), message }];
    if let Some(peak) = &forecast.peak
        && let Some(load) = peak.bottleneck().filter(|load| load.utilisation >= 1.0)
    {
        let message = format!(
            "when busiest, at {}/s, {} would need {} % of its capacity: a backlog grows then and is worked \
             off later",
            significant(peak.offered_per_second, 3),
            load.resource,
            significant(load.utilisation * 100.0, 3),
        );
        said.push(Diagnosis { code: "busy-time".into(), message });
    }
    said
}

fn of_rounds(measured: Nanos, round: Nanos) -> String {
    let rounds = measured.0 as f64 / round.0.max(1) as f64;
    let over = significant(rounds, 3);
    if rounds < 1.0 {
        return format!(
            "the load repeats every {round}, and {measured} of it were measured, {over} of a round: means \
             and percentiles hold for that part only, and a slow overload may go unseen"
        );
    }
    let unseen = if rounds < 2.0 { "; a slow overload shows over two rounds or more" } else { "" };
    format!(
        "the load repeats every {round}: means and percentiles are over the requests of {over} rounds, \
         quiet and busy times together{unseen}"
    )
}

fn of_once(length: RunLength, end: Nanos) -> String {
    let (from, to) = (length.warmup, length.duration);
    format!(
        "the load passes and has no steady state: means and percentiles are over the requests from {from} \
         to {to}, of which {end} is the end of the load; no overload is told from its backlog"
    )
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
