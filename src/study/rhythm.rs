//! Loads that change with the clock: what the figures of a run then mean.

use super::findings::{Diagnosis, Verdict};
use super::run_length::RunLength;
use crate::model::Arrivals;
use crate::plan::{Forecast, Plan, Rhythm, SourcePlan};
use crate::scenario::Code;
use crate::units::{Nanos, significant};

/// Sources that are named in a remark.
const MOST_NAMED: usize = 4;

/// What the figures of a load that changes with the clock mean.
pub(super) fn remarks(
    plan: &Plan,
    forecast: &Forecast,
    length: RunLength,
    verdict: Verdict,
) -> Vec<Diagnosis> {
    let measured = Nanos(length.duration.0.saturating_sub(length.warmup.0));
    let message = match plan.load.rhythm {
        Rhythm::Steady => return Vec::new(),
        Rhythm::Rounds(u64::MAX) => {
            "the load changes with the clock and its rounds never meet: means and percentiles are over \
             the requests of the measured time, and a slow overload may go unseen"
                .to_string()
        }
        Rhythm::Rounds(round) => of_rounds(measured, Nanos(round)),
        Rhythm::Once(_) => of_once(plan, length, verdict),
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
    let over = if over == "1" { "one round".to_owned() } else { format!("{over} rounds") };
    let unseen = if rounds < 2.0 { "; a slow overload shows over two rounds or more" } else { "" };
    format!(
        "the load repeats every {round}: means and percentiles are over the requests of {over}, \
         quiet and busy times together{unseen}"
    )
}

/// A load of which some or all passes.
fn of_once(plan: &Plan, length: RunLength, verdict: Verdict) -> String {
    let (from, to) = (length.warmup, length.duration);
    let (passing, lasting): (Vec<&SourcePlan>, Vec<&SourcePlan>) =
        plan.load.sources.iter().partition(|source| source.passes_at().is_some());
    let end = Nanos(passing.iter().filter_map(|source| source.passes_at()).max().unwrap_or(0));
    let stays = passing.iter().any(|source| goes_on(source));
    let what = if stays { "is at its last rate from" } else { "ends at" };
    let what = if stays { format!("{what} {end} on") } else { format!("{what} {end}") };
    let unseen = if end > to { ", after the end of the run" } else { "" };
    if lasting.is_empty() {
        return format!(
            "the load passes and has no steady state: it {what}{unseen}; means and percentiles are over the \
             requests from {from} to {to}; no overload is told from its backlog"
        );
    }
    let judged = end < to && verdict != Verdict::Terminating;
    let told = if judged { "; an overload is told from the backlog of after" } else { "" };
    let names = |sources: &[&SourcePlan]| few(sources.iter().map(|source| asked(plan, source)));
    format!(
        "the load of {} {what}{unseen}, that of {} goes on: means and percentiles are over all requests from \
         {from} to {to}, of before and after{told}",
        names(&passing),
        names(&lasting),
    )
}

/// Whether requests come from a source that passes for ever after, if no longer at another rate.
fn goes_on(source: &SourcePlan) -> bool {
    match &source.arrivals {
        Arrivals::Profile(profile) => profile.last_rate().is_some_and(|rate| rate > 0.0),
        Arrivals::Poisson(_)
        | Arrivals::Deterministic(_)
        | Arrivals::Closed { .. }
        | Arrivals::Mmpp(_)
        | Arrivals::Batch { .. }
        | Arrivals::Trace(_) => false,
    }
}

/// Names of the endpoints that a source asks for.
fn asked(plan: &Plan, source: &SourcePlan) -> String {
    few(source.endpoints.iter().map(|share| plan.load.endpoints[share.endpoint].name.clone()))
}

/// The first of some names, and how many there are more.
fn few(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let more = names.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    names[..names.len().min(MOST_NAMED)].join(", ") + &more
}
