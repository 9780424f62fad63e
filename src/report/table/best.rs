//! Which layouts are best: in one figure, and as a whole.

use crate::study::{Estimate, LayoutFindings, RunFindings, Verdict};

use crate::report::numbers::interval;

/// Which of these values are lowest, so far as can be told: the lowest one, and those of which no
/// difference to it is shown. Nothing where all are, or where there are fewer than two.
/// `tied`: whether the two at these positions are known not to differ, `None` if nobody looked;
/// then intervals that overlap count as no difference.
pub(super) fn lowest(
    values: &[Option<Estimate>],
    tied: impl Fn(usize, usize) -> Option<bool>,
) -> Vec<bool> {
    let sound = |value: &Option<Estimate>| value.filter(|value| value.value.is_finite());
    let values: Vec<Option<Estimate>> = values.iter().map(sound).collect();
    let known = || values.iter().enumerate().filter_map(|(index, value)| Some((index, (*value)?)));
    let Some((best, least)) = known().min_by(|a, b| a.1.value.total_cmp(&b.1.value)) else {
        return vec![false; values.len()];
    };
    let is_best = |(index, value): (usize, &Option<Estimate>)| {
        let Some(value) = value else { return false };
        let same = index == best || value.value == least.value;
        same || tied(index, best).unwrap_or_else(|| overlap(value, &least))
    };
    let marks: Vec<bool> = values.iter().enumerate().map(is_best).collect();
    if marks.iter().filter(|mark| **mark).count() == known().count() {
        return vec![false; values.len()];
    }
    marks
}

fn overlap(a: &Estimate, b: &Estimate) -> bool {
    match (interval(a), interval(b)) {
        (Some(a), Some(b)) => a[0] <= b[1] && b[0] <= a[1],
        _ => a.value == b.value,
    }
}

/// Whether the study compared two layouts in a metric and showed no difference; `None` if it did
/// not compare them.
pub(super) fn tied(findings: &RunFindings, metric: &str, a: &str, b: &str) -> Option<bool> {
    let found = findings.comparison.iter().find(|pair| {
        let names = (pair.a.as_str(), pair.b.as_str());
        pair.metric == metric && (names == (a, b) || names == (b, a))
    })?;
    Some(found.verdict == "no difference shown")
}

/// The bill of a layout per month, where anything is priced.
pub(super) fn cost(found: &LayoutFindings) -> Option<f64> {
    let bill = &found.cost;
    Some(bill.per_month).filter(|sum| !bill.lines.is_empty() && sum.is_finite())
}

/// p99 of all endpoints (s) of a layout that carries its load.
pub(super) fn p99(found: &LayoutFindings) -> Option<Estimate> {
    let all = found.endpoints.get("all").filter(|_| found.verdict != Verdict::Unstable)?;
    all.latency_seconds.p99.filter(|p99| p99.value.is_finite())
}

/// Layouts that carry their load, and those of a terminating run, where that is not asked.
fn stable(findings: &RunFindings) -> impl Iterator<Item = (&str, &LayoutFindings)> {
    let carries =
        |found: &LayoutFindings| matches!(found.verdict, Verdict::Stable | Verdict::Terminating);
    findings.layouts.iter().filter(move |(_, found)| carries(found))
}

fn least<'a>(all: impl Iterator<Item = (&'a str, f64)>) -> Option<(&'a str, f64)> {
    all.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The stable layout with the lowest bill.
pub(super) fn cheapest(findings: &RunFindings) -> Option<(&str, f64)> {
    least(stable(findings).filter_map(|(name, found)| Some((name, cost(found)?))))
}

/// The stable layout with the lowest p99 of all endpoints (s).
pub(super) fn fastest(findings: &RunFindings) -> Option<(&str, f64)> {
    least(stable(findings).filter_map(|(name, found)| Some((name, p99(found)?.value))))
}

/// The layout to take, with the reason: the cheapest that keeps every promise, or without promises
/// the one that is both cheapest and fastest. `None` with fewer than two layouts or no such one.
pub(super) fn overall(findings: &RunFindings) -> Option<(&str, &'static str)> {
    if findings.layouts.0.len() < 2 {
        return None;
    }
    if findings.slo.is_empty() {
        let (cheapest, fastest) = (cheapest(findings)?.0, fastest(findings)?.0);
        return (cheapest == fastest).then_some((cheapest, "both cheapest and fastest at p99"));
    }
    let keeps = |name: &str| {
        let mut own = findings.slo.iter().filter(|promise| promise.layout == name).peekable();
        own.peek().is_some() && own.all(|promise| promise.met)
    };
    let keeping = stable(findings).filter(|(name, _)| keeps(name));
    let priced = keeping.filter_map(|(name, found)| Some((name, cost(found)?)));
    Some((least(priced)?.0, "the cheapest that keeps every promise"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn about(value: f64, half: f64) -> Option<Estimate> {
        Some(Estimate { value, ci95: Some([value - half, value + half]) })
    }

    #[test]
    fn the_lowest_and_what_is_not_shown_to_differ_are_marked() {
        let values = [about(10.0, 1.0), about(11.0, 1.0), about(20.0, 1.0), None];
        assert_eq!(lowest(&values, |_, _| None), [true, true, false, false]);
        assert_eq!(lowest(&values, |_, _| Some(false)), [true, false, false, false]);
        assert_eq!(lowest(&values, |_, _| Some(true)), [false; 4]);
    }

    #[test]
    fn one_layout_alone_is_not_the_best_of_anything() {
        assert_eq!(lowest(&[about(1.0, 0.1), None], |_, _| None), [false, false]);
        assert_eq!(overall(&sample::run(vec![("a", sample::layout(0.01, 0.5, 1.0))])), None);
    }

    #[test]
    fn with_promises_the_cheapest_that_keeps_them_is_best() {
        let mut findings = sample::three_layouts();
        assert_eq!(overall(&findings).unwrap().0, "monolith");
        findings.slo[0].met = false;
        findings.slo[1].met = true;
        assert_eq!(overall(&findings).unwrap().0, "msa");
        findings.slo[1].met = false;
        assert_eq!(overall(&findings), None);
    }

    #[test]
    fn without_promises_only_one_that_is_cheapest_and_fastest_is_best() {
        let mut findings = sample::three_layouts();
        findings.slo.clear();
        assert_eq!(overall(&findings).unwrap().0, "monolith");
        findings.layouts.0[0].1.cost.per_month = 1e9;
        assert_eq!(overall(&findings), None);
    }
}
