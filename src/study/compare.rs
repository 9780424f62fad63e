//! Paired comparison of layouts, or of the points of a sweep: the same random numbers, so the interval is
//! that of the difference.

use super::estimate::{Estimate, LEVEL};
use super::findings::Comparison;
use super::messaging::{completion_times, mean_lags};
use super::named::Named;
use super::sample::Sample;
use super::summary::{error_shares, latencies, mean_latencies, merged};
use super::transactions::transaction_values;
use super::usage::{bills, is_billed_whole};
use crate::measure::Outcome;
use crate::model::Prices;
use crate::plan::Plan;
use crate::statistics::{
    Histogram, PairedDifference, holm_verdicts, sectioned_difference, unpaired_difference,
};

/// What is compared of a layout: latency, errors and cost, of all requests and of every endpoint, or of those with a
/// promise only, in which case that is all; else transactions over several databases, the completion of events that a
/// broker carries and the lag of those who take them, too. A metric without a value
/// in some replication is left out: there it has no partner. So is the cost where the bill leaves something out.
pub(super) fn samples(
    plan: &Plan,
    outcomes: &[Outcome],
    prices: Option<&Prices>,
    only_promised: bool,
) -> Named<Sample> {
    let mut samples = Vec::new();
    let mut add = |name: String, sample: Option<Sample>| {
        samples.extend(sample.map(|sample| (name, sample)));
    };
    let whole = |values: Vec<f64>| (values.len() == outcomes.len()).then(|| mean(values))?;
    let endpoints = plan.load.endpoints.iter().enumerate();
    let endpoints = endpoints.filter(|(_, endpoint)| endpoint.promised || !only_promised);
    let endpoints = endpoints.map(|(index, endpoint)| (endpoint.name.as_str(), Some(index)));
    for (name, group) in std::iter::once(("all", None)).chain(endpoints) {
        add(format!("{name}.latency.mean"), whole(mean_latencies(outcomes, group)));
        let latencies = outcomes.iter().map(|outcome| latencies(outcome, group));
        add(format!("{name}.latency.p99"), p99(latencies.collect()));
        add(format!("{name}.error_share"), whole(error_shares(outcomes, group)));
    }
    if !only_promised {
        for (name, values) in transaction_values(plan, outcomes) {
            add(name, whole(values));
        }
        for (event, found) in completion_times(plan, outcomes) {
            add(format!("{event}.completion.mean"), whole(found.means));
            add(format!("{event}.completion.p99"), p99(found.times));
        }
        for (service, lags) in mean_lags(plan, outcomes) {
            add(format!("{service}.lag.mean"), whole(lags));
        }
    }
    if is_billed_whole(plan, outcomes, prices) {
        add("cost.per_month".into(), whole(bills(plan, outcomes, prices)));
    }
    Named(samples)
}

fn mean(replications: Vec<f64>) -> Option<Sample> {
    let count = replications.len() as f64;
    let value = replications.iter().sum::<f64>() / count;
    (count > 0.0).then_some(Sample { value, replications })
}

/// p99 (s) of times (ns) of all replications together, and of each; `None` where one of them has none.
fn p99(each: Vec<Histogram>) -> Option<Sample> {
    let own = each.iter().map(|histogram| histogram.quantile(0.99).map(|ns| ns / 1e9));
    let replications: Vec<f64> = own.collect::<Option<_>>()?;
    let pooled = merged(each.iter()).quantile(0.99)?;
    Some(Sample { value: pooled / 1e9, replications })
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
pub(super) fn comparisons(
    layouts: &Named<Named<Sample>>,
    pairs: &[(usize, usize)],
) -> Vec<Comparison> {
    let pairs: Vec<_> = pairs.iter().map(|(a, b)| (&layouts.0[*a], &layouts.0[*b])).collect();
    let both: Vec<_> = pairs.iter().map(|((_, a), (_, b))| (a, b)).collect();
    let named = judged(&both).into_iter().map(|found| {
        let ((a, _), (b, _)) = pairs[found.pair];
        Comparison {
            a: a.clone(),
            b: b.clone(),
            metric: found.metric,
            difference: found.difference,
            verdict: found.verdict,
            variance_cut: found.variance_cut,
        }
    });
    named.collect()
}

/// A difference of one metric between the two of a pair, as [`Comparison`] tells it.
pub(super) struct Judged {
    /// Position of the pair.
    pub(super) pair: usize,
    pub(super) metric: String,
    pub(super) difference: Estimate,
    pub(super) verdict: String,
    pub(super) variance_cut: Option<f64>,
}

/// The differences of the pairs, metric by metric; the verdicts of one metric hold together.
pub(super) fn judged(pairs: &[Pair<'_>]) -> Vec<Judged> {
    judged_as(pairs, |a, b| {
        let paired = a.replications.len() == b.replications.len();
        paired.then(|| sectioned_difference(a.sectioned(), b.sectioned(), LEVEL))?
    })
}

/// The same of samples that nothing pairs.
pub(super) fn judged_apart(pairs: &[Pair<'_>]) -> Vec<Judged> {
    judged_as(pairs, |a, b| unpaired_difference(a.sectioned(), b.sectioned(), LEVEL))
}

/// Samples that are compared, by metric.
type Pair<'s> = (&'s Named<Sample>, &'s Named<Sample>);

fn judged_as(pairs: &[Pair<'_>], difference: Difference) -> Vec<Judged> {
    let mut metrics: Vec<&str> = Vec::new();
    for (metric, _) in pairs.iter().flat_map(|(a, _)| a.iter()) {
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    metrics.into_iter().flat_map(|metric| judged_by(metric, pairs, difference)).collect()
}

/// How two samples of one metric come to a difference; `None` where they do not.
type Difference = fn(&Sample, &Sample) -> Option<PairedDifference>;

fn judged_by(metric: &str, pairs: &[Pair<'_>], difference: Difference) -> Vec<Judged> {
    let of_both =
        |(a, b): &Pair<'_>| a.get(metric).zip(b.get(metric)).and_then(|(a, b)| difference(a, b));
    let found = pairs.iter().map(of_both).enumerate();
    let (places, differences): (Vec<usize>, Vec<PairedDifference>) =
        found.filter_map(|(place, difference)| Some((place, difference?))).unzip();
    let verdicts = holm_verdicts(&differences, LEVEL);
    let each = places.into_iter().zip(differences).zip(verdicts);
    each.map(|((pair, difference), verdict)| Judged {
        pair,
        metric: metric.to_string(),
        difference: Estimate::from(difference.interval),
        verdict: verdict.to_string(),
        variance_cut: difference.variance_cut,
    })
    .collect()
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
