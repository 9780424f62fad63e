//! Loads that change with the clock: what the figures of a run then mean.

use super::findings::Diagnosis;
use super::run_length::RunLength;
use crate::plan::{Forecast, Plan, Rhythm};
use crate::scenario::Code;
use crate::units::{Nanos, significant};

/// What the figures of a load that changes with the clock mean.
pub(super) fn remarks(plan: &Plan, forecast: &Forecast, length: RunLength) -> Vec<Diagnosis> {
    let measured = Nanos(length.duration.0.saturating_sub(length.warmup.0));
    let message = match plan.load.rhythm {
        Rhythm::Steady => return Vec::new(),
        Rhythm::Rounds(u64::MAX) => {
            "the load changes with the clock and its rounds never meet: means and percentiles are over \
             the requests of the measured time, and a slow overload may go unseen"
                .to_string()
        }
        Rhythm::Rounds(round) => of_rounds(measured, Nanos(round)),
        Rhythm::Once(end) => of_once(length, Nanos(end)),
    };
    let mut said = vec![Diagnosis { code: Code::VaryingLoad, message }];
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
        said.push(Diagnosis { code: Code::BusyTime, message });
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
