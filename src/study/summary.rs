//! From the outcomes of independent replications to findings: means with Student's t, percentiles by
//! sectioning (Asmussen & Glynn 2007, ch. III), never an average of percentiles.

use super::estimate::{Estimate, LEVEL, estimate, estimate_of_share};
use super::findings::{EndpointFindings, Latency, WaitFigures};
use super::measured::{Measured, mean_seconds};
use super::named::Named;
use super::outcomes::Outcomes;
use crate::measure::{Category, EndpointRecord, Kind, Outcome};
use crate::plan::Plan;
use crate::statistics::{
    Grouped, Histogram, Interval, mean_interval, quantile_interval, skew_corrected_interval,
};

/// Observations beyond a p99.9 below which it is not given.
const LEAST_BEYOND_P999: f64 = 1_000.0;

/// One value per replication.
pub(super) fn per_replication(outcomes: &[Outcome], value: impl Fn(&Outcome) -> f64) -> Vec<f64> {
    outcomes.iter().map(value).collect()
}

/// The mean over those replications that have a value of what is never negative; `None` where none has.
pub(super) fn estimate_of_some(
    outcomes: &[Outcome],
    value: impl Fn(&Outcome) -> Option<f64>,
) -> Option<Estimate> {
    let values: Vec<f64> = outcomes.iter().filter_map(value).collect();
    (!values.is_empty()).then(|| estimate(&values))
}

/// Records of a group: one endpoint, or all.
fn group(outcome: &Outcome, endpoint: Option<usize>) -> &[EndpointRecord] {
    match endpoint {
        Some(index) => &outcome.endpoints[index..=index],
        None => &outcome.endpoints,
    }
}

/// Mean latency of each replication that had a good answer (s).
pub(super) fn mean_latencies(outcomes: &[Outcome], endpoint: Option<usize>) -> Vec<f64> {
    let means = outcomes.iter().filter_map(|outcome| {
        let records = group(outcome, endpoint);
        let count: u64 = records.iter().map(|record| record.answers[Kind::Ok as usize]).sum();
        let sum: u128 = records.iter().map(|record| record.latency_sum).sum();
        mean_seconds(sum, count)
    });
    means.collect()
}

/// Mean latency with its interval; `None` without a good answer.
pub(super) fn mean_latency(outcomes: &[Outcome], endpoint: Option<usize>) -> Option<Estimate> {
    let means = mean_latencies(outcomes, endpoint);
    (!means.is_empty()).then(|| estimate(&means))
}

/// How many times as wide an interval that minds the skewness must be to be told.
const CLEARLY_WIDER: f64 = 1.2;
/// Half-width that is worth a word about its skewness, as a share of the mean.
const WORTH_SAYING: f64 = 0.01;

/// The interval of the mean latency (s) that minds the skewness of the replications (Willink 2005), where it
/// is clearly wider than Student's and wide enough to matter.
pub(super) fn skewed_mean(outcomes: &[Outcome]) -> Option<[f64; 2]> {
    let means = mean_latencies(outcomes, None);
    let plain = mean_interval(&means, LEVEL)?;
    let corrected = skew_corrected_interval(&means, LEVEL)?;
    let wider = corrected.half_width() > CLEARLY_WIDER * plain.half_width();
    let matters = corrected.half_width() > WORTH_SAYING * plain.value;
    let corrected = corrected.within(0.0, f64::INFINITY);
    (wider && matters).then_some([corrected.low, corrected.high])
}

/// Good answers per second of each replication.
pub(super) fn throughputs(outcomes: &[Outcome], endpoint: Option<usize>) -> Vec<f64> {
    per_replication(outcomes, |outcome| {
        let records = group(outcome, endpoint).iter();
        Measured::of(outcome).rate(records.map(|record| record.answers[Kind::Ok as usize]).sum())
    })
}

/// Good answers and all answers, over all replications.
pub(super) fn answers(outcomes: &[Outcome], endpoint: Option<usize>) -> [u64; 2] {
    let records = outcomes.iter().flat_map(|outcome| group(outcome, endpoint));
    records.fold([0, 0], |[good, all], record| {
        let answers: u64 = record.answers.iter().sum();
        [good + record.answers[Kind::Ok as usize], all + answers]
    })
}

/// Latencies of a group in one replication.
pub(super) fn latencies(outcome: &Outcome, endpoint: Option<usize>) -> Histogram {
    merged(group(outcome, endpoint).iter().map(|record| &record.latency))
}

pub(super) fn merged<'a>(mut histograms: impl Iterator<Item = &'a Histogram>) -> Histogram {
    let first = histograms.next().cloned().unwrap_or_else(|| Histogram::new(1));
    histograms.fold(first, |mut sum, histogram| {
        sum.merge(histogram);
        sum
    })
}

/// A percentile with its interval; `None` without a good answer.
pub(super) fn quantile(outcomes: &[Outcome], endpoint: Option<usize>, q: f64) -> Option<Estimate> {
    let each: Vec<Histogram> =
        outcomes.iter().map(|outcome| latencies(outcome, endpoint)).collect();
    pooled_quantile(&each, q, Some(greatest(outcomes, endpoint)))
}

/// Whether so many values have enough beyond their p99.9 to tell it.
pub(super) fn tells_p999(count: u64) -> bool {
    count as f64 * 0.001 >= LEAST_BEYOND_P999
}

/// The greatest latency (ns); 0 without a good answer.
fn greatest(outcomes: &[Outcome], endpoint: Option<usize>) -> u64 {
    let records = outcomes.iter().flat_map(|outcome| group(outcome, endpoint));
    records.map(|record| record.latency_max.get()).max().unwrap_or(0)
}

/// A percentile of the pooled values (s), its variance from the replications' own about it. Beyond that
/// the interval is as wide as the histogram is coarse. `most`: the greatest value (ns), where it is known better
/// than by its bucket.
pub(super) fn pooled_quantile(each: &[Histogram], q: f64, most: Option<u64>) -> Option<Estimate> {
    let all = merged(each.iter());
    let most = most.or(all.buckets().last().map(|(_, high, _)| high - 1));
    let parts: Vec<Grouped> = each.iter().map(|values| Grouped { values, greater: 0 }).collect();
    let whole = Grouped { values: &all, greater: 0 };
    quantile_interval(whole, &parts, q, most.map(|most| most as f64), LEVEL).map(told_quantile)
}

/// A percentile (ns) as it is told (s).
pub(super) fn told_quantile((value, interval): (f64, Option<Interval>)) -> Estimate {
    let seconds = |ns: f64| ns / 1e9;
    let ci95 = interval.map(|interval| [interval.low, interval.high].map(seconds));
    Estimate { value: seconds(value), ci95 }
}

/// Each endpoint, then `all`. `steady`: whether means and percentiles have a meaning.
pub(super) fn endpoints(
    plan: &Plan,
    outcomes: &[Outcome],
    steady: bool,
) -> Named<EndpointFindings> {
    let each = plan.load.endpoints.iter().enumerate().map(|(index, endpoint)| {
        (endpoint.name.clone(), endpoint_findings(outcomes, Some(index), steady))
    });
    let all = [("all".to_string(), endpoint_findings(outcomes, None, steady))];
    Named(each.chain(all).collect())
}

fn endpoint_findings(
    outcomes: &[Outcome],
    endpoint: Option<usize>,
    steady: bool,
) -> EndpointFindings {
    let counted = |count: &dyn Fn(&EndpointRecord) -> u64, outcome: &Outcome| {
        group(outcome, endpoint).iter().map(count).sum::<u64>()
    };
    let rate = |count: &dyn Fn(&EndpointRecord) -> u64| {
        let values = per_replication(outcomes, |outcome| {
            Measured::of(outcome).rate(counted(count, outcome))
        });
        estimate(&values)
    };
    let answers = |kind: Kind| move |record: &EndpointRecord| record.answers[kind as usize];
    let total =
        |kind: Kind| outcomes.iter().map(|outcome| counted(&answers(kind), outcome)).sum::<u64>();
    let in_flight = outcomes.iter().flat_map(|outcome| group(outcome, endpoint));
    let each: Vec<Histogram> =
        outcomes.iter().map(|outcome| latencies(outcome, endpoint)).collect();
    EndpointFindings {
        offered_per_second: rate(&|record| record.arrivals),
        throughput_per_second: rate(&answers(Kind::Ok)),
        error_share: error_share(outcomes, endpoint),
        outcomes: Outcomes {
            ok: total(Kind::Ok),
            rejected: total(Kind::Rejected),
            timeout: total(Kind::Timeout),
            failed: total(Kind::Failed),
            deadlock: total(Kind::Deadlock),
            abandoned: total(Kind::Abandoned),
            conflict: total(Kind::Conflict),
            in_flight: in_flight.map(|record| record.in_flight().max(0) as u64).sum(),
        },
        latency_seconds: if steady { latency(outcomes, endpoint, &each) } else { NO_LATENCY },
        queue_wait_seconds: WaitFigures {
            mean: if steady { queue_wait(outcomes, endpoint) } else { None },
            p99: None,
        },
        attribution_seconds: if steady { attribution(outcomes, endpoint) } else { Named(vec![]) },
        histogram: merged(each.iter()),
    }
}

/// Mean wait for threads and cores of good answers; `None` without one.
fn queue_wait(outcomes: &[Outcome], endpoint: Option<usize>) -> Option<Estimate> {
    estimate_of_some(outcomes, |outcome| {
        let records = group(outcome, endpoint);
        let count: u64 = records.iter().map(|record| record.answers[Kind::Ok as usize]).sum();
        let waits = [Category::ThreadQueue, Category::CpuWait];
        let sum: u128 = records
            .iter()
            .flat_map(|record| waits.map(|category| record.spent[category as usize]))
            .sum();
        mean_seconds(sum, count)
    })
}

const NO_LATENCY: Latency =
    Latency { mean: None, p50: None, p90: None, p95: None, p99: None, p999: None, max: None };

fn latency(outcomes: &[Outcome], endpoint: Option<usize>, each: &[Histogram]) -> Latency {
    let count: u64 = each.iter().map(Histogram::count).sum();
    let greatest = greatest(outcomes, endpoint);
    let percentile = |q: f64| pooled_quantile(each, q, Some(greatest));
    Latency {
        mean: mean_latency(outcomes, endpoint),
        p50: percentile(0.5),
        p90: percentile(0.9),
        p95: percentile(0.95),
        p99: percentile(0.99),
        p999: percentile(0.999).filter(|_| tells_p999(count)),
        max: (count > 0).then_some(greatest as f64 / 1e9),
    }
}

/// Share of errors of each replication that answered anything.
pub(super) fn error_shares(outcomes: &[Outcome], endpoint: Option<usize>) -> Vec<f64> {
    let shares = outcomes.iter().filter_map(|outcome| {
        let answers = group(outcome, endpoint).iter().map(|record| record.answers);
        let (mut ok, mut all) = (0, 0);
        for kinds in answers {
            ok += kinds[Kind::Ok as usize];
            all += kinds.iter().sum::<u64>();
        }
        (all > 0).then(|| (all - ok) as f64 / all as f64)
    });
    shares.collect()
}

fn error_share(outcomes: &[Outcome], endpoint: Option<usize>) -> Option<Estimate> {
    let shares = error_shares(outcomes, endpoint);
    if shares.is_empty() {
        return None;
    }
    let records = outcomes.iter().flat_map(|outcome| group(outcome, endpoint));
    let answers = records.map(|record| record.answers.iter().sum::<u64>()).sum();
    Some(at_most_three_in_n(estimate_of_share(&shares), answers))
}

/// The rule of three (Hanley & Lippman-Hand, JAMA 249, 1983): what never happened in `n` trials may have a
/// probability of up to 3/n, and what always happened fails as rarely.
pub(super) fn at_most_three_in_n(mut share: Estimate, n: u64) -> Estimate {
    let most = (3.0 / n.max(1) as f64).min(1.0);
    if share.value == 0.0 {
        share.ci95 = Some([0.0, most]);
    } else if share.value == 1.0 {
        share.ci95 = Some([1.0 - most, 1.0]);
    }
    share
}

/// Where the time went: as the mean latency, the mean over replications of their means, so that the
/// parts sum to it.
fn attribution(outcomes: &[Outcome], endpoint: Option<usize>) -> Named<f64> {
    let mut means = [0.0; Category::COUNT];
    let mut replications = 0.0;
    for outcome in outcomes {
        let records = group(outcome, endpoint);
        let count: u64 = records.iter().map(|r| r.answers[Kind::Ok as usize]).sum();
        if count == 0 {
            continue;
        }
        replications += 1.0;
        for (index, mean) in means.iter_mut().enumerate() {
            let sum: u128 = records.iter().map(|record| record.spent[index]).sum();
            *mean += sum as f64 / count as f64 / 1e9;
        }
    }
    let mean = |sum: f64| if sum == 0.0 { 0.0 } else { sum / replications };
    let named = Category::ALL.iter().zip(means);
    Named(named.map(|(category, sum)| (category.name().to_string(), mean(sum))).collect())
}
