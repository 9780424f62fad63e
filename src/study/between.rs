//! Percentiles of all endpoints that lie between two of them: of such a mixture hardly any request takes the time
//! that the percentile names, and a little more or less of either endpoint moves it far.
//!
//! Judged by the merged latencies: a tenth of the requests beyond the percentile, to either side of it, are looked
//! at. In a tail that one endpoint has by itself they lie close together; where they are spread over twice
//! the time or more, there is a gap. It is one of the mixture if most of what is above it comes of endpoints whose
//! own median is above, and most of what is below it of the others.

use super::estimate::Estimate;
use super::findings::{Diagnosis, EndpointFindings, Latency};
use super::named::Named;
use crate::scenario::Code;
use crate::statistics::Histogram;
use crate::units::{si_time, significant};

/// How many of the requests beyond a percentile are looked at, to either side, as a share of them.
const NEAR: f64 = 0.1;
/// Over how many times their least latency these are spread where there is a gap.
const SPREAD: f64 = 2.0;
/// Fewer requests than this on either side of a percentile are no evidence of a gap.
const FEWEST: f64 = 10.0;

/// A stretch of time that hardly any request takes.
struct Gap<'a> {
    /// Where it begins and ends (ns).
    ends: [u64; 2],
    /// Share of the requests in it.
    share: f64,
    /// The endpoint that has most of the requests below it, and that with most above.
    endpoints: [&'a str; 2],
}

/// A remark for every percentile of all that is told and lies between two endpoints.
pub(super) fn between_endpoints(endpoints: &Named<EndpointFindings>) -> Vec<Diagnosis> {
    let Some(all) = endpoints.get("all").filter(|_| endpoints.0.len() > 2) else {
        return Vec::new();
    };
    // Those that tables tell.
    let Latency { p50, p95, p99, .. } = &all.latency_seconds;
    let told = [("p50", 0.5, p50), ("p95", 0.95, p95), ("p99", 0.99, p99)];
    let single = || endpoints.iter().filter(|(name, _)| *name != "all");
    let parts: Vec<(&str, &Histogram)> =
        single().map(|(name, found)| (name, &found.histogram)).collect();
    let remark = |(name, q, value): (&str, f64, &Option<Estimate>)| {
        let value = value.as_ref()?;
        let Gap { ends, share, endpoints: [fast, slow] } = gap(&all.histogram, &parts, q)?;
        let [low, high] = ends.map(|ns| si_time(ns as f64 / 1e9));
        let few = match share {
            0.0 => "none".to_string(),
            _ => format!("only {} %", significant(share * 100.0, 2)),
        };
        let message = format!(
            "{name} of all endpoints ({}) lies between two of them: most that is faster is `{fast}`, most that \
             is slower `{slow}`, and {few} of the requests take between {low} and {high}; --endpoint tells \
             of each by itself",
            si_time(value.value)
        );
        Some(Diagnosis { code: Code::BetweenEndpoints, message })
    };
    told.into_iter().filter_map(remark).collect()
}

/// The gap that the percentile `q` of all requests lies in, if it lies in one between endpoints.
fn gap<'a>(all: &Histogram, parts: &[(&'a str, &Histogram)], q: f64) -> Option<Gap<'a>> {
    let near = NEAR * q.min(1.0 - q);
    if near * (all.count() as f64) < FEWEST {
        return None;
    }
    let ends = [all.quantile(q - near)?, all.quantile(q + near)?];
    if ends[1] < SPREAD * ends[0].max(1.0) {
        return None;
    }
    let middle = (ends[0].max(1.0) * ends[1]).sqrt() as u64;
    let is_slow = |(_, part): &&(&str, &Histogram)| part.count_above(middle) * 2 > part.count();
    let above = |part: &Histogram| part.count_above(middle);
    let below = |part: &Histogram| part.count() - part.count_above(middle);
    let slow = || parts.iter().filter(is_slow);
    let fast = || parts.iter().filter(|part| !is_slow(part));
    let whole = [below(all), above(all)];
    let due = [
        fast().map(|(_, part)| below(part)).sum(),
        slow().map(|(_, part)| above(part)).sum::<u64>(),
    ];
    let is_mixture = due.iter().zip(whole).all(|(due, whole)| 2 * due > whole);
    let fastest = fast().max_by_key(|(_, part)| below(part))?;
    let slowest = slow().max_by_key(|(_, part)| above(part))?;
    // Whole buckets, so that what is alike at an end is not in between.
    let ends = [all.bucket_of(ends[0] as u64).1, all.bucket_of(ends[1] as u64).0];
    let inside = all.buckets().filter(|(low, high, _)| *low >= ends[0] && *high <= ends[1]);
    let share = inside.map(|(.., count)| count).sum::<u64>() as f64 / all.count() as f64;
    is_mixture.then_some(Gap { ends, share, endpoints: [fastest.0, slowest.0] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::summary::merged;

    /// Latencies spread evenly from `from` to `to` (ns), so many of them.
    fn evenly(from: u64, to: u64, count: u64) -> Histogram {
        let mut latencies = Histogram::new(7);
        (0..count).for_each(|index| latencies.record(from + (to - from) * index / count));
        latencies
    }

    fn gap_of<'a>(parts: &[(&'a str, Histogram)], q: f64) -> Option<[&'a str; 2]> {
        let all = merged(parts.iter().map(|(_, part)| part));
        let parts: Vec<(&str, &Histogram)> =
            parts.iter().map(|(name, part)| (*name, part)).collect();
        gap(&all, &parts, q).map(|gap| gap.endpoints)
    }

    const MS: u64 = 1_000_000;

    #[test]
    fn a_percentile_in_the_gap_of_two_endpoints_is_told_with_both() {
        for slow in [480, 500, 520] {
            let parts = [
                ("slow", evenly(90 * MS, 110 * MS, slow)),
                ("fast", evenly(MS, 2 * MS, 10_000 - slow)),
            ];
            assert_eq!(gap_of(&parts, 0.95), Some(["fast", "slow"]), "{slow}");
            assert_eq!(gap_of(&parts, 0.5), None, "well inside the fast one");
            assert_eq!(gap_of(&parts, 0.99), None, "well inside the slow one");
        }
    }

    #[test]
    fn a_percentile_inside_one_endpoint_is_not_told_however_far_the_other_is() {
        for slow in [300, 700] {
            let parts = [
                ("fast", evenly(MS, 2 * MS, 10_000 - slow)),
                ("slow", evenly(90 * MS, 110 * MS, slow)),
            ];
            assert_eq!(gap_of(&parts, 0.95), None, "{slow}");
        }
    }

    #[test]
    fn a_gap_that_every_endpoint_has_by_itself_is_not_one_of_the_mixture() {
        let two_kinds = |count: u64| {
            let mut latencies = evenly(MS, 2 * MS, count * 95 / 100);
            latencies.merge(&evenly(90 * MS, 110 * MS, count * 5 / 100));
            latencies
        };
        assert_eq!(gap_of(&[("a", two_kinds(6_000)), ("b", two_kinds(4_000))], 0.95), None);
        let rare = ("rare", evenly(95 * MS, 105 * MS, 4));
        assert_eq!(gap_of(&[("a", two_kinds(10_000)), rare], 0.95), None, "the gap is that of `a`");
    }

    #[test]
    fn the_names_are_those_with_most_requests_on_either_side() {
        let parts = [
            ("small", evenly(MS, 2 * MS, 500)),
            ("large", evenly(MS, 2 * MS, 9_000)),
            ("rare", evenly(80 * MS, 90 * MS, 100)),
            ("slow", evenly(90 * MS, 110 * MS, 400)),
        ];
        assert_eq!(gap_of(&parts, 0.95), Some(["large", "slow"]));
    }

    #[test]
    fn few_requests_are_no_evidence() {
        let parts = [("fast", evenly(MS, 2 * MS, 95)), ("slow", evenly(90 * MS, 110 * MS, 5))];
        assert_eq!(gap_of(&parts, 0.95), None);
    }
}
