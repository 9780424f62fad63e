//! What is to come of a run to a precision while its pilots run, as far as it is sure.

use super::work::WorkStage;
use crate::units::Nanos;

/// How many times fewer requests may be needed than the width of a pilot's intervals says: those of ten replications vary
/// by a quarter.
pub(in crate::study) const FEWER: f64 = 1.5;

/// What is to come from a round of pilots of this duration on, of which the last is `longest`: each round is twice as long
/// as the one before, and then all layouts run, for as long as `production` has it after the last pilot.
/// `piloted`: positions of the layouts that pilots are run of; `count`: of all.
pub(in crate::study) fn ahead(
    (piloted, count): (&[usize], usize),
    duration: Nanos,
    longest: Nanos,
    production: impl Fn(Nanos) -> Nanos,
) -> Vec<WorkStage> {
    let round =
        |duration| piloted.iter().map(move |layout| WorkStage { layout: *layout, duration });
    let mut stages: Vec<WorkStage> = round(duration).collect();
    let mut last = duration;
    while last < longest {
        last = Nanos(last.0.saturating_mul(2));
        stages.extend(round(last));
    }
    let duration = production(last);
    stages.extend((0..count).map(|layout| WorkStage { layout, duration }));
    stages
}

/// The longest pilot that is sure to be needed after one of this duration that is not the last: as long as its widest
/// interval asks for at the least, and as the budget of events allows. `spent`: events of the layout that took most.
pub(in crate::study) fn sure_to_need(
    duration: Nanos,
    (spent, budget): (u64, u64),
    times_too_short: f64,
) -> Nanos {
    let twice = |value: u64| value.saturating_mul(2);
    let (mut longest, mut spent) = (Nanos(twice(duration.0)), twice(spent));
    let wanted = duration.seconds() * times_too_short / FEWER;
    while longest.seconds() < wanted && twice(spent) <= budget {
        (longest, spent) = (Nanos(twice(longest.0)), twice(spent));
    }
    longest
}
