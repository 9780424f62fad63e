//! Paired comparison of layouts at every moment and in every window of a terminating run.

use super::estimate::{Estimate, LEVEL};
use super::in_window::WindowRequests;
use super::over_time::ComparisonOverTime;
use crate::measure::Outcome;
use crate::statistics::{
    PairedDifference, Sectioned, holm_verdicts, paired_difference, sectioned_difference,
};

/// With more layouts than this, each is compared with the first one only.
const MOST_FOR_ALL_PAIRS: usize = 4;

/// One layout's side of a comparison.
pub(super) struct LayoutRuns<'a> {
    pub(super) name: &'a str,
    pub(super) outcomes: &'a [Outcome],
}

/// Every pair of layouts, metric by metric; all verdicts of one metric hold together (Holm 1979).
pub(super) fn comparisons_over_time(sides: &[LayoutRuns]) -> Vec<ComparisonOverTime> {
    let mut all = Vec::new();
    for metric in METRICS {
        let mut found: Vec<(ComparisonOverTime, PairedDifference)> = Vec::new();
        for (a, b) in pairs(sides) {
            let count =
                |side: &LayoutRuns| side.outcomes.iter().map(metric.count).min().unwrap_or(0);
            for index in 0..count(a).min(count(b)) {
                if let Some(difference) = (metric.difference)(a.outcomes, b.outcomes, index) {
                    let (from, to) = (metric.place)(&a.outcomes[0], index);
                    let told = ComparisonOverTime {
                        a: a.name.to_string(),
                        b: b.name.to_string(),
                        metric: metric.name.to_string(),
                        from_seconds: from as f64 / 1e9,
                        to_seconds: to as f64 / 1e9,
                        difference: Estimate::from(difference.interval),
                        verdict: String::new(),
                    };
                    found.push((told, difference));
                }
            }
        }
        let differences: Vec<PairedDifference> =
            found.iter().map(|(_, difference)| *difference).collect();
        let verdicts = holm_verdicts(&differences, LEVEL);
        all.extend(found.into_iter().zip(verdicts).map(|((told, _), verdict)| {
            ComparisonOverTime { verdict: verdict.to_string(), ..told }
        }));
    }
    all
}

/// Pairs in file order, a quadratic number only while that is small.
fn pairs<'a>(
    sides: &'a [LayoutRuns<'a>],
) -> impl Iterator<Item = (&'a LayoutRuns<'a>, &'a LayoutRuns<'a>)> {
    let firsts = if sides.len() > MOST_FOR_ALL_PAIRS { 1 } else { sides.len() };
    let later = move |index: usize| sides[index + 1..].iter().map(move |b| (&sides[index], b));
    (0..firsts).flat_map(later)
}

/// What is compared, where it is found and when it was.
struct MetricOverTime {
    name: &'static str,
    count: fn(&Outcome) -> usize,
    place: fn(&Outcome, usize) -> (u64, u64),
    difference: fn(&[Outcome], &[Outcome], usize) -> Option<PairedDifference>,
}

fn windows(outcome: &Outcome) -> usize {
    outcome.timeline.windows.len()
}

fn window(outcome: &Outcome, index: usize) -> (u64, u64) {
    let window = &outcome.timeline.windows[index];
    (window.from, window.to)
}

fn requests(outcomes: &[Outcome], index: usize) -> WindowRequests<'_> {
    WindowRequests { outcomes, index, endpoint: None }
}

const METRICS: &[MetricOverTime] = &[
    MetricOverTime {
        name: "window.latency.mean",
        count: windows,
        place: window,
        difference: |a, b, index| {
            let [a, b] = [a, b].map(|side| requests(side, index).mean_values());
            paired_difference(&a?, &b?, LEVEL)
        },
    },
    MetricOverTime {
        name: "window.latency.p99",
        count: windows,
        place: window,
        difference: |a, b, index| {
            let (whole_a, own_a) = requests(a, index).quantiles(0.99)?;
            let (whole_b, own_b) = requests(b, index).quantiles(0.99)?;
            // A replication without an answer in this window has no partner.
            let paired = own_a.len() == a.len() && own_b.len() == b.len();
            let a = Sectioned { whole: whole_a, replications: &own_a };
            let b = Sectioned { whole: whole_b, replications: &own_b };
            paired.then(|| sectioned_difference(a, b, LEVEL))?
        },
    },
    MetricOverTime {
        name: "window.in_system",
        count: windows,
        place: window,
        difference: |a, b, index| {
            let here = |outcome: &Outcome| outcome.timeline.windows[index].all.in_system;
            difference_of_counts(a, b, here)
        },
    },
    MetricOverTime {
        name: "moment.in_system",
        count: |outcome| outcome.timeline.moments.len(),
        place: |outcome, index| {
            let at = outcome.timeline.moments[index].at;
            (at, at)
        },
        difference: |a, b, index| {
            let here = |outcome: &Outcome| outcome.timeline.moments[index].in_system;
            difference_of_counts(a, b, here)
        },
    },
];

fn difference_of_counts(
    a: &[Outcome],
    b: &[Outcome],
    count: impl Fn(&Outcome) -> u64,
) -> Option<PairedDifference> {
    let each = |outcomes: &[Outcome]| -> Vec<f64> {
        let mean = |outcome: &Outcome| count(outcome) as f64 / f64::from(outcome.replications);
        outcomes.iter().map(mean).collect()
    };
    paired_difference(&each(a), &each(b), LEVEL)
}
