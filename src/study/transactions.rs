//! From the outcomes of replications to findings about transactions over several databases.

use super::carried::SpanOfTime;
use super::estimate::{Estimate, estimate, estimate_of_share};
use super::findings::{Diagnosis, TransactionFindings};
use super::measured::{Measured, mean_seconds};
use super::named::Named;
use super::summary::{at_most_three_in_n, estimate_of_some, merged, pooled_quantile, tells_p999};
use crate::measure::{Outcome, SpanningRecord};
use crate::plan::{Plan, SpanningPlan, Togetherness};
use crate::scenario::Code;
use crate::statistics::Histogram;
use crate::units::significant;

/// Each transaction over several databases by its name. Times are left out where nothing is steady.
pub(super) fn transactions(
    plan: &Plan,
    outcomes: &[Outcome],
    steady: bool,
) -> Named<TransactionFindings> {
    let told = spread(plan).map(|(index, spanning)| {
        let how = word(spanning.how);
        (spanning.name.clone(), transaction(plan, outcomes, index, how, steady))
    });
    Named(told.collect())
}

/// Transactions over several databases, each as a whole.
fn spread(plan: &Plan) -> impl Iterator<Item = (usize, &SpanningPlan)> {
    let each = plan.program.spannings.iter().enumerate();
    each.filter(|(_, spanning)| !spanning.is_part && spanning.how != Togetherness::Local)
}

/// How a transaction is kept together, as results say it.
pub(super) fn word(how: Togetherness) -> &'static str {
    match how {
        Togetherness::Apart => "none",
        Togetherness::Local => "local",
        Togetherness::TwoPhase => "2pc",
        Togetherness::Saga { .. } => "saga",
        Togetherness::Choreography { .. } => "choreography",
    }
}

fn transaction(
    plan: &Plan,
    outcomes: &[Outcome],
    index: usize,
    how: &str,
    steady: bool,
) -> TransactionFindings {
    let ended = outcomes.iter().map(|outcome| of(outcome, index).ended()).sum();
    let share_of = |part: fn(&SpanningRecord) -> u64| {
        let records =
            outcomes.iter().map(|outcome| of(outcome, index)).filter(|record| record.ended() > 0);
        let shares: Vec<f64> =
            records.map(|record| part(record) as f64 / record.ended() as f64).collect();
        (!shares.is_empty()).then(|| at_most_three_in_n(estimate_of_share(&shares), ended))
    };
    let spans = |values: fn(&SpanningRecord) -> (&Histogram, u128)| {
        let values = |outcome| values(of(outcome, index));
        span(outcomes, steady, values)
    };
    let per_second = estimate_of_some(outcomes, |outcome| {
        Some(Measured::of(outcome).rate(of(outcome, index).ended()))
    });
    let inconsistent = estimate_of_some(outcomes, |outcome| {
        let seconds = of(outcome, index).window_sum as f64 / 1e9;
        Some(seconds / (outcome.measured_ns as f64 / 1e9))
    });
    let locked = plan.site.databases.iter().enumerate().map(|(database, plan)| {
        let values = |outcome| {
            let (times, sum) = &of(outcome, index).held[database];
            (times, *sum)
        };
        (plan.name.clone(), span(outcomes, steady, values))
    });
    TransactionFindings {
        how: how.to_string(),
        per_second: per_second.unwrap_or(Estimate { value: 0.0, ci95: None }),
        committed_share: share_of(|record| record.committed),
        compensated_share: share_of(|record| record.compensated),
        rolled_back_share: share_of(|record| record.rolled_back),
        half_done_share: share_of(|record| record.half_done),
        inconsistency_seconds: spans(|record| (&record.window, record.window_sum)),
        inconsistent_mean: inconsistent.filter(|_| steady),
        in_doubt_seconds: spans(|record| (&record.doubt, record.doubt_sum)),
        locked_seconds: Named(locked.filter(|(_, time)| time.mean.is_some()).collect()),
        undone_mean: estimate_of_some(outcomes, |outcome| {
            let record = of(outcome, index);
            (record.ended() > 0).then(|| record.undone as f64 / record.ended() as f64)
        }),
        undo_failures: outcomes.iter().map(|outcome| of(outcome, index).undo_failures).sum(),
        histogram: merged(outcomes.iter().map(|outcome| &of(outcome, index).window)),
    }
}

/// What is compared of each transaction over several databases: its mean window of inconsistency (s) and the share that
/// is left half done, a value for each replication that has one.
pub(super) fn transaction_values(plan: &Plan, outcomes: &[Outcome]) -> Vec<(String, Vec<f64>)> {
    let values = spread(plan).flat_map(|(index, spanning)| {
        let records = || outcomes.iter().map(move |outcome| of(outcome, index));
        let window =
            |record: &SpanningRecord| mean_seconds(record.window_sum, record.window.count());
        let half_done = |record: &SpanningRecord| {
            (record.ended() > 0).then(|| record.half_done as f64 / record.ended() as f64)
        };
        [
            (
                format!("{}.inconsistency.mean", spanning.name),
                records().filter_map(window).collect(),
            ),
            (
                format!("{}.half_done_share", spanning.name),
                records().filter_map(half_done).collect(),
            ),
        ]
    });
    values.collect()
}

/// Transactions that leave half of what they did, in words with their numbers.
pub(super) fn half_done(all: &Named<TransactionFindings>) -> Vec<Diagnosis> {
    let left = all.iter().filter_map(|(name, own)| {
        let share = own.half_done_share.filter(|share| share.value > 0.0)?;
        let message = format!(
            "of a million transactions {name} about {} fail when a part has committed already, and nothing undoes it",
            significant(share.value * 1e6, 3)
        );
        Some(Diagnosis { code: Code::HalfDone, message })
    });
    left.collect()
}

/// The record of a transaction.
fn of(outcome: &Outcome, index: usize) -> &SpanningRecord {
    &outcome.spannings[index]
}

/// A mean and percentiles of the values of each replication, which come with their sum (ns); nothing where nothing is
/// steady.
pub(super) fn span<'a>(
    outcomes: &'a [Outcome],
    steady: bool,
    of: impl Fn(&'a Outcome) -> (&'a Histogram, u128),
) -> SpanOfTime {
    let values: Vec<Histogram> = outcomes.iter().map(|outcome| of(outcome).0.clone()).collect();
    let count: u64 = values.iter().map(Histogram::count).sum();
    if count == 0 || !steady {
        return SpanOfTime::default();
    }
    let percentile = |q: f64| pooled_quantile(&values, q, None);
    let means: Vec<f64> = outcomes
        .iter()
        .filter_map(|outcome| {
            let (values, sum) = of(outcome);
            mean_seconds(sum, values.count())
        })
        .collect();
    SpanOfTime {
        mean: (!means.is_empty()).then(|| estimate(&means)),
        p50: percentile(0.5),
        p90: percentile(0.9),
        p99: percentile(0.99),
        p999: percentile(0.999).filter(|_| tells_p999(count)),
    }
}
