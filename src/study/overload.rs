//! Whether a layout carries its load, from arithmetic beforehand and from the backlog that was seen.

use super::findings::Verdict;
use crate::measure::{Ending, Limit, Outcome};
use crate::model::Arrivals;
use crate::plan::{Forecast, Plan, Rhythm, SourcePlan};
use crate::statistics::mean_interval;

/// Growth of the backlog below this share of the arrivals is not called growth.
const LEAST_GROWTH: f64 = 0.002;
/// Above this share a run of given length calls it overload; between the two it cannot tell.
const SURE_GROWTH: f64 = 0.02;
/// Requests by which a backlog grows and shrinks all the time.
const FEW: f64 = 10.0;
/// Confidence of the two-sided interval whose lower end shows growth: one-sided at 0.1 %.
const LEVEL: f64 = 0.998;

/// What the backlog did from half of the run to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Growth {
    /// Share of the requests that came and stayed.
    pub(super) share: f64,
    /// Requests per second that it grew by.
    pub(super) per_second: f64,
    /// Whether it is significant.
    pub(super) shown: bool,
    /// Whether every replication grew clearly: where they are too few to show anything, a hint.
    pub(super) everywhere: bool,
}

/// Growth of the backlog over the second half of the measured time, in whole rounds where the load has
/// some. None is shown where a quiet and a busy time would be compared, or where the run ended early.
pub(super) fn growth(plan: &Plan, outcomes: &[Outcome]) -> Growth {
    let comparable = |outcome: &Outcome| plan.load.rhythm.comparable(outcome.measured_ns);
    let watched = |outcome: &Outcome| comparable(outcome).unwrap_or(outcome.measured_ns / 2);
    let whole = |outcome: &Outcome| outcome.ending == Ending::Finished;
    let grown = |outcome: &Outcome| (outcome.backlog.at_end - outcome.backlog.at_half) as f64;
    let shares: Vec<f64> = outcomes
        .iter()
        .map(|outcome| grown(outcome) / (outcome.arrivals_second_half.max(1)) as f64)
        .collect();
    let rates: Vec<f64> = outcomes
        .iter()
        .map(|outcome| match whole(outcome) {
            true => grown(outcome) / (watched(outcome).max(1) as f64 / 1e9),
            // It may not have come to half: from the empty start on, then.
            false => outcome.backlog.at_end as f64 / (outcome.ended_at.max(1) as f64 / 1e9),
        })
        .collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let seen = outcomes.iter().all(|outcome| whole(outcome) && comparable(outcome).is_some());
    let significant = mean_interval(&shares, LEVEL).is_some_and(|interval| interval.low > 0.0)
        && outcomes.iter().map(grown).sum::<f64>() > (in_step(plan) * outcomes.len()) as f64;
    let share = mean(&shares);
    let many = outcomes.iter().all(|outcome| grown(outcome) >= FEW);
    Growth {
        share,
        per_second: mean(&rates),
        shown: seen && significant && share > LEAST_GROWTH,
        everywhere: seen && many && shares.iter().all(|share| *share > SURE_GROWTH),
    }
}

/// Requests by which the backlog may differ between half and end without growing. A source by the clock is at
/// the same place of its period at the end of every replication, and at another one at half.
fn in_step(plan: &Plan) -> usize {
    let by_the_clock = |source: &&SourcePlan| {
        matches!(source.arrivals, Arrivals::Deterministic(_) | Arrivals::Closed { .. })
    };
    plan.load.sources.iter().filter(by_the_clock).count()
}

/// Whether some requests come on their own, however many are under way.
pub(super) fn open(plan: &Plan) -> bool {
    plan.load.sources.iter().any(|source| !matches!(source.arrivals, Arrivals::Closed { .. }))
}

/// Whether requests may pile up without bound: they come on their own, and nothing sheds them.
fn unbounded(plan: &Plan) -> bool {
    open(plan) && !plan.sheds()
}

/// Whether arithmetic alone shows overload.
pub(super) fn overloaded_beforehand(plan: &Plan, forecast: &Forecast) -> bool {
    // What passes may be too much for a while.
    let lasting = !matches!(plan.load.rhythm, Rhythm::Once(_));
    lasting && unbounded(plan) && forecast.bottleneck().is_some_and(|load| load.utilisation >= 1.0)
}

/// The verdict over a run of a given length, or over the last of growing ones.
/// `before`: growth in a run of half the length, if there was one.
pub(super) fn verdict(
    plan: &Plan,
    forecast: &Forecast,
    outcomes: &[Outcome],
    before: Option<Growth>,
) -> Verdict {
    let ended_early =
        |outcome: &Outcome| matches!(outcome.ending, Ending::Limited(Limit::Frames, _));
    let deadlocked = |outcome: &Outcome| outcome.deadlock.is_some();
    if overloaded_beforehand(plan, forecast)
        || outcomes.iter().any(|outcome| ended_early(outcome) || deadlocked(outcome))
    {
        return Verdict::Unstable;
    }
    if outcomes.iter().any(|outcome| outcome.ending != Ending::Finished) {
        return Verdict::Undecided;
    }
    let growth = growth(plan, outcomes);
    let lasting = before.is_none_or(|before| before.shown && growth.share > 0.7 * before.share);
    let too_much = forecast.bottleneck().is_some_and(|load| load.utilisation >= 1.0);
    if !open(plan) {
        // There are no more requests than users: at most they are still on their way to a steady state.
        let grows = growth.everywhere || growth.shown && growth.share > SURE_GROWTH;
        return if lasting && grows { Verdict::Undecided } else { Verdict::Stable };
    }
    match growth.shown {
        false if growth.everywhere && too_much => Verdict::Unstable,
        false if growth.everywhere => Verdict::Undecided,
        false => Verdict::Stable,
        true if lasting && growth.share > SURE_GROWTH => Verdict::Unstable,
        true if lasting => Verdict::Undecided,
        true => Verdict::Stable,
    }
}
