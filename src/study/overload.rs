//! Whether a layout carries its load: from the backlog that was seen, and from arithmetic beforehand where that is
//! exact.

use super::findings::Verdict;
use super::growth::{Growths, SURE_GROWTH, Staying};
use crate::measure::{Ending, Limit, Outcome};
use crate::model::Arrivals;
use crate::plan::{Forecast, Load, Plan};

/// Whether some requests come on their own, however many are under way.
pub(super) fn open(plan: &Plan) -> bool {
    plan.load.sources.iter().any(|source| !matches!(source.arrivals, Arrivals::Closed { .. }))
}

/// Whether requests may pile up without bound: they come on their own, and nothing sheds them.
fn unbounded(plan: &Plan) -> bool {
    open(plan) && !plan.sheds()
}

/// The resource of which what lasts of the load asks more than it can do, where that is sure: where no estimate
/// enters, and requests pile up.
pub(super) fn overloaded_beforehand<'a>(plan: &Plan, forecast: &'a Forecast) -> Option<&'a Load> {
    let mut loads = forecast.lasting().loads.iter();
    loads.find(|load| unbounded(plan) && load.exact && load.is_overloaded())
}

/// Whether the forecast of a plan holds for a run: the victims of deadlocks, of which it knows nothing, work again or
/// leave their work.
fn foreseen(outcomes: &[Outcome]) -> bool {
    outcomes.iter().flat_map(|outcome| &outcome.databases).all(|database| database.deadlocks == 0)
}

/// The verdict over a run of a given length, or over the last of growing ones.
/// `before`: growth in a run of half the length, if there was one.
pub(super) fn verdict(
    plan: &Plan,
    forecast: &Forecast,
    outcomes: &[Outcome],
    before: Option<&Growths>,
) -> Verdict {
    let ended_early =
        |outcome: &Outcome| matches!(outcome.ending, Ending::Limited(Limit::Frames, _));
    let deadlocked = |outcome: &Outcome| outcome.deadlock.is_some();
    if outcomes.iter().any(|outcome| ended_early(outcome) || deadlocked(outcome)) {
        return Verdict::Unstable;
    }
    let growths = Growths::of(plan, outcomes);
    let growth = growths.leading();
    let sure = overloaded_beforehand(plan, forecast).is_some() && foreseen(outcomes);
    if sure && growth.per_second > 0.0 {
        return Verdict::Unstable;
    }
    if sure || outcomes.iter().any(|outcome| outcome.ending != Ending::Finished) {
        return Verdict::Undecided;
    }
    let before = before.map(|before| before.same_as(growth));
    let lasting = before.is_none_or(|before| {
        before.is_some_and(|before| before.shown && growth.share > 0.7 * before.share)
    });
    let sure_growth = growth.shown && growth.share > SURE_GROWTH;
    let bounded = !open(plan) && growth.of != Staying::Frames;
    if bounded || !growths.comparable {
        // There are no more requests than users, who at most are still on their way to a steady state; or the load
        // itself was another one at the end than at half.
        let grows = growth.everywhere || sure_growth;
        return if lasting && grows { Verdict::Undecided } else { Verdict::Stable };
    }
    match growth.shown {
        false if growth.everywhere && forecast.overload().is_some() => Verdict::Unstable,
        false if growth.everywhere => Verdict::Undecided,
        false => Verdict::Stable,
        true if lasting && sure_growth => Verdict::Unstable,
        true if lasting => Verdict::Undecided,
        true => Verdict::Stable,
    }
}

/// The resource that saturates first by an arithmetic that the run does not bear out.
pub(super) fn unborne<'a>(
    plan: &Plan,
    forecast: &'a Forecast,
    verdict: Verdict,
) -> Option<&'a Load> {
    forecast.overload().filter(|_| verdict == Verdict::Stable && unbounded(plan))
}
