//! From the outcomes of replications to findings about event-sourced tables and about views.

use super::estimate::{Estimate, estimate_of_share};
use super::findings::{EventCounts, LogFindings, ViewFindings};
use super::measured::Measured;
use super::named::Named;
use super::summary::{at_most_three_in_n, estimate_of_some, merged, pooled_quantile};
use super::transactions::span;
use crate::measure::{LogRecord, Outcome, ViewRecord};
use crate::plan::Plan;
use crate::statistics::Histogram;

/// Each event-sourced table by its name.
pub(super) fn logs(plan: &Plan, outcomes: &[Outcome]) -> Named<LogFindings> {
    let each = plan.followed.logs.iter().enumerate();
    let told = each.map(|(index, log)| {
        let of = |outcome: &Outcome| -> LogRecord { outcome.logs[index].clone() };
        let appended = rate(outcomes, |outcome| of(outcome).appended);
        let tried = |record: &LogRecord| record.appended + record.conflicts;
        let conflicts = |outcome: &Outcome| (of(outcome).conflicts, tried(&of(outcome)));
        let snapshots = |outcome: &Outcome| (of(outcome).snapshots, of(outcome).appended);
        let found = LogFindings {
            loads_per_second: rate(outcomes, |outcome| of(outcome).replayed.count()),
            replayed: replayed(outcomes, index),
            appended_per_second: appended,
            conflict_share: share(outcomes, conflicts),
            conflicts: outcomes.iter().map(|outcome| of(outcome).conflicts).sum(),
            snapshots_per_event: estimate_of_some(outcomes, |outcome| {
                let (stored, added) = snapshots(outcome);
                (added > 0).then(|| stored as f64 / added as f64)
            }),
            rebuild_seconds_per_million: (log.read + log.replay) as f64 * 1e6 / 1e9,
        };
        (log.name.clone(), found)
    });
    Named(told.collect())
}

/// How many events were applied for each key that was loaded.
fn replayed(outcomes: &[Outcome], index: usize) -> EventCounts {
    let values: Vec<Histogram> =
        outcomes.iter().map(|outcome| outcome.logs[index].replayed.clone()).collect();
    if values.iter().all(|values| values.count() == 0) {
        return EventCounts::default();
    }
    // Percentiles are told in seconds of what is counted in nanoseconds.
    let counted = |estimate: Estimate| Estimate {
        value: estimate.value * 1e9,
        ci95: estimate.ci95.map(|ends| ends.map(|end| end * 1e9)),
    };
    let percentile = |q| pooled_quantile(&values, q, None).map(counted);
    EventCounts {
        mean: estimate_of_some(outcomes, |outcome| {
            let record = &outcome.logs[index];
            let loads = record.replayed.count();
            (loads > 0).then(|| record.replayed_sum as f64 / loads as f64)
        }),
        p50: percentile(0.5),
        p99: percentile(0.99),
    }
}

/// Each view by its name. Times are left out where nothing is steady.
pub(super) fn views(plan: &Plan, outcomes: &[Outcome], steady: bool) -> Named<ViewFindings> {
    let each = plan.followed.views.iter().enumerate();
    let told = each.map(|(index, view)| {
        let of = |outcome: &Outcome| -> ViewRecord { outcome.views[index].clone() };
        let found = ViewFindings {
            join: view.join.clone(),
            database: plan.site.databases[view.database].name.clone(),
            reads_per_second: rate(outcomes, |outcome| of(outcome).staleness.count()),
            stale_share: share(outcomes, |outcome| {
                (of(outcome).stale, of(outcome).staleness.count())
            }),
            staleness_seconds: span(outcomes, steady, |outcome| {
                let record = &outcome.views[index];
                (&record.staleness, record.staleness_sum)
            }),
            changes_per_second: rate(outcomes, |outcome| of(outcome).changes),
            delay_seconds: span(outcomes, steady, |outcome| {
                let record = &outcome.views[index];
                (&record.delay, record.delay_sum)
            }),
            on_their_way_mean: estimate_of_some(outcomes, |outcome| {
                let area = outcome.views[index].on_their_way.area(outcome.ended_at);
                Some(area / outcome.measured_ns as f64)
            })
            .filter(|_| steady),
            missed_share: share(outcomes, |outcome| {
                let record = of(outcome);
                (record.missed, record.missed + record.delay.count())
            })
            .filter(|_| view.is_told),
            rebuild_seconds: view.rebuild,
            histogram: merged(outcomes.iter().map(|outcome| &outcome.views[index].staleness)),
        };
        (view.name.clone(), found)
    });
    Named(told.collect())
}

fn rate(outcomes: &[Outcome], count: impl Fn(&Outcome) -> u64) -> Estimate {
    let rate =
        estimate_of_some(outcomes, |outcome| Some(Measured::of(outcome).rate(count(outcome))));
    rate.unwrap_or(Estimate { value: 0.0, ci95: None })
}

/// A share of what there was; `None` where there was none in any replication.
fn share(outcomes: &[Outcome], of: impl Fn(&Outcome) -> (u64, u64)) -> Option<Estimate> {
    let counts: Vec<(u64, u64)> = outcomes.iter().map(of).filter(|(_, all)| *all > 0).collect();
    let shares: Vec<f64> = counts.iter().map(|(some, all)| *some as f64 / *all as f64).collect();
    let all = counts.iter().map(|(_, all)| all).sum();
    (!shares.is_empty()).then(|| at_most_three_in_n(estimate_of_share(&shares), all))
}
