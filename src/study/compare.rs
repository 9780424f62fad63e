//! Paired comparison of layouts: the same random numbers, so the interval is that of the difference.

use super::findings::{Comparison, Estimate};
use super::summary::{LEVEL, error_shares, latencies, mean_latencies};
use crate::measure::Outcome;
use crate::statistics::{PairedDifference, holm_verdicts, paired_difference, sectioned_difference};

/// One layout's side of a comparison.
pub(super) struct Side<'a> {
    pub(super) name: &'a str,
    pub(super) outcomes: &'a [Outcome],
    /// Amount per month of each replication; empty without prices.
    pub(super) bills: Vec<f64>,
}

/// Every pair of layouts, metric by metric; the verdicts of one metric hold together (Holm 1979).
pub(super) fn comparisons(sides: &[Side]) -> Vec<Comparison> {
    let mut all = Vec::new();
    for metric in METRICS {
        let mut pairs = Vec::new();
        for (index, a) in sides.iter().enumerate() {
            for b in &sides[index + 1..] {
                if let Some(difference) = (metric.difference)(a, b) {
                    pairs.push((a.name, b.name, difference));
                }
            }
        }
        let differences: Vec<PairedDifference> =
            pairs.iter().map(|(_, _, difference)| *difference).collect();
        let verdicts = holm_verdicts(&differences, LEVEL);
        all.extend(pairs.into_iter().zip(verdicts).map(|((a, b, difference), verdict)| {
            Comparison {
                a: a.to_string(),
                b: b.to_string(),
                metric: metric.name.to_string(),
                difference: Estimate::from(difference.interval),
                verdict: verdict.to_string(),
            }
        }));
    }
    all
}

struct Metric {
    name: &'static str,
    difference: fn(&Side, &Side) -> Option<PairedDifference>,
}

const METRICS: &[Metric] = &[
    Metric {
        name: "all.latency.mean",
        difference: |a, b| {
            same_length(mean_latencies(a.outcomes, None), mean_latencies(b.outcomes, None))
        },
    },
    Metric { name: "all.latency.p99", difference: p99_difference },
    Metric {
        name: "all.error_share",
        difference: |a, b| {
            same_length(error_shares(a.outcomes, None), error_shares(b.outcomes, None))
        },
    },
    Metric {
        name: "cost.per_month",
        difference: |a, b| same_length(a.bills.clone(), b.bills.clone()),
    },
];

/// Pairs need a value from both sides in every replication.
fn same_length(a: Vec<f64>, b: Vec<f64>) -> Option<PairedDifference> {
    (a.len() == b.len()).then(|| paired_difference(&a, &b, LEVEL))?
}

fn p99_difference(a: &Side, b: &Side) -> Option<PairedDifference> {
    let (pooled_a, own_a) = p99s(a)?;
    let (pooled_b, own_b) = p99s(b)?;
    sectioned_difference((pooled_a, &own_a), (pooled_b, &own_b), LEVEL)
}

/// The pooled p99 and that of every replication (s).
fn p99s(side: &Side) -> Option<(f64, Vec<f64>)> {
    let each: Vec<_> = side.outcomes.iter().map(|outcome| latencies(outcome, None)).collect();
    let own = each.iter().map(|histogram| histogram.quantile(0.99).map(|ns| ns / 1e9));
    let own: Vec<f64> = own.collect::<Option<_>>()?;
    let mut each = each.into_iter();
    let first = each.next()?;
    let pooled = each.fold(first, |mut sum, histogram| {
        sum.merge(&histogram);
        sum
    });
    Some((pooled.quantile(0.99)? / 1e9, own))
}
