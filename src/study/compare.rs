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

/// Which layouts are compared, as positions: every pair, or each with the first where that makes more than
/// `most` pairs.
pub(super) fn pairs(count: usize, most: u32) -> Vec<(usize, usize)> {
    let first = if is_limited(count, most) { 1 } else { count };
    let with = |a: usize| (a + 1..count).map(move |b| (a, b));
    (0..first.min(count)).flat_map(with).collect()
}

/// Whether so many layouts make more than `most` pairs.
pub(super) fn is_limited(count: usize, most: u32) -> bool {
    count * count.saturating_sub(1) / 2 > most as usize
}

/// The pairs of layouts, metric by metric; the verdicts of one metric hold together (Holm 1979).
pub(super) fn comparisons(sides: &[Side], pairs: &[(usize, usize)]) -> Vec<Comparison> {
    // Once for each layout rather than for each pair: there may be far more pairs.
    let measured: Vec<Measured> = sides.iter().map(Measured::of).collect();
    let mut all = Vec::new();
    for (metric, difference) in METRICS {
        let mut found = Vec::new();
        for (a, b) in pairs {
            if let Some(difference) = difference(&measured[*a], &measured[*b]) {
                found.push((sides[*a].name, sides[*b].name, difference));
            }
        }
        let differences: Vec<PairedDifference> =
            found.iter().map(|(_, _, difference)| *difference).collect();
        let verdicts = holm_verdicts(&differences, LEVEL);
        all.extend(found.into_iter().zip(verdicts).map(|((a, b, difference), verdict)| {
            Comparison {
                a: a.to_string(),
                b: b.to_string(),
                metric: metric.to_string(),
                difference: Estimate::from(difference.interval),
                verdict: verdict.to_string(),
            }
        }));
    }
    all
}

/// A layout's values of every replication.
struct Measured<'a> {
    means: Vec<f64>,
    p99s: Option<(f64, Vec<f64>)>,
    errors: Vec<f64>,
    bills: &'a [f64],
}

impl<'a> Measured<'a> {
    fn of(side: &'a Side) -> Self {
        Measured {
            means: mean_latencies(side.outcomes, None),
            p99s: p99s(side),
            errors: error_shares(side.outcomes, None),
            bills: &side.bills,
        }
    }
}

type Difference = fn(&Measured, &Measured) -> Option<PairedDifference>;

const METRICS: &[(&str, Difference)] = &[
    ("all.latency.mean", |a, b| same_length(&a.means, &b.means)),
    ("all.latency.p99", |a, b| {
        let ((pooled_a, own_a), (pooled_b, own_b)) = (a.p99s.as_ref()?, b.p99s.as_ref()?);
        sectioned_difference((*pooled_a, own_a), (*pooled_b, own_b), LEVEL)
    }),
    ("all.error_share", |a, b| same_length(&a.errors, &b.errors)),
    ("cost.per_month", |a, b| same_length(a.bills, b.bills)),
];

/// Pairs need a value from both sides in every replication.
fn same_length(a: &[f64], b: &[f64]) -> Option<PairedDifference> {
    (a.len() == b.len()).then(|| paired_difference(a, b, LEVEL))?
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_compared_in_every_pair_up_to_the_limit_and_then_with_the_first() {
        assert_eq!(pairs(4, 6), [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]);
        assert_eq!(pairs(4, 5), [(0, 1), (0, 2), (0, 3)]);
        assert_eq!((pairs(0, 5).len(), pairs(1, 5).len()), (0, 0));
    }
}
