//! Which layouts are best: in one figure, and as a whole.

use crate::report::focus::Whom;
use crate::report::numbers::interval;
use crate::study::{Estimate, LayoutFindings, RunFindings, Verdict};

/// Which of these values are lowest, so far as can be told: the lowest one, and those of which no
/// difference to it is shown. Nothing where all are, or where there are fewer than two.
/// `tied`: whether the two at these positions are known not to differ, `None` if nobody looked;
/// then intervals that overlap count as no difference.
pub(in crate::report) fn lowest(
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
pub(in crate::report) fn tied(
    findings: &RunFindings,
    metric: &str,
    a: &str,
    b: &str,
) -> Option<bool> {
    let found = findings.comparison.iter().find(|pair| {
        let names = (pair.a.as_str(), pair.b.as_str());
        pair.metric == metric && (names == (a, b) || names == (b, a))
    })?;
    Some(found.verdict == "no difference shown")
}

/// The bill of a layout per month, where anything is priced and the layout carries its load.
pub(in crate::report) fn cost(found: &LayoutFindings) -> Option<f64> {
    let bill = Some(&found.cost).filter(|_| found.verdict != Verdict::Unstable)?;
    Some(bill.per_month).filter(|sum| !bill.lines.is_empty() && sum.is_finite())
}

/// p99 of somebody's requests (s) in a layout that carries its load.
pub(in crate::report) fn p99(found: &LayoutFindings, whom: &Whom) -> Option<Estimate> {
    let own = found.endpoints.get(whom.key()).filter(|_| found.verdict != Verdict::Unstable)?;
    own.latency_seconds.p99.filter(|p99| p99.value.is_finite())
}

/// What layouts are compared in to find the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Contest<'w> {
    /// p99 of somebody's requests.
    Speed(&'w Whom),
    /// The bill of a month.
    Cost,
}

/// Who leads a contest, as far as the comparison of the study shows it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) enum Lead<'a> {
    /// Nobody takes part.
    Nobody,
    /// One layout takes part, so that nothing is compared.
    Alone(&'a str),
    /// This one is shown to be lower than every other.
    Shown(&'a str),
    /// None of these is shown to be lower than the others of them.
    Tied(Vec<&'a str>),
}

impl Contest<'_> {
    /// Its metric in the comparison.
    fn metric(self) -> String {
        match self {
            Contest::Speed(whom) => whom.metric("latency.p99"),
            Contest::Cost => "cost.per_month".to_owned(),
        }
    }

    fn value(self, found: &LayoutFindings) -> Option<f64> {
        match self {
            Contest::Speed(whom) => Some(p99(found, whom)?.value),
            Contest::Cost => cost(found),
        }
    }

    /// Whether a layout takes part: it carries its load and keeps its promises, in more than one
    /// replication; in cost its bill is whole, too.
    pub(in crate::report) fn admits(
        self,
        findings: &RunFindings,
        name: &str,
        found: &LayoutFindings,
    ) -> bool {
        let carries = matches!(found.verdict, Verdict::Stable | Verdict::Terminating);
        let is_repeated = found.replications > 1;
        let is_whole = self != Contest::Cost || found.cost.is_whole();
        carries && is_repeated && is_whole && keeps(findings, name)
    }

    /// Who leads it.
    pub(in crate::report) fn lead(self, findings: &RunFindings) -> Lead<'_> {
        let admitted =
            findings.layouts.iter().filter(|(name, found)| self.admits(findings, name, found));
        let values = admitted.filter_map(|(name, found)| Some((name, self.value(found)?)));
        let values: Vec<(&str, f64)> = values.collect();
        let Some((best, _)) = values.iter().min_by(|a, b| a.1.total_cmp(&b.1)) else {
            return Lead::Nobody;
        };
        if values.len() == 1 {
            return Lead::Alone(best);
        }
        // What nobody compared is not shown to differ.
        let metric = self.metric();
        let ties = |name: &&str| name == best || tied(findings, &metric, best, name) != Some(false);
        let first: Vec<&str> = values.iter().map(|(name, _)| *name).filter(ties).collect();
        if first.len() == 1 { Lead::Shown(best) } else { Lead::Tied(first) }
    }
}

/// Whether every layout that carries its load breaks a promise.
pub(in crate::report) fn admits_none_for_a_promise(findings: &RunFindings) -> bool {
    let mut layouts = findings.layouts.iter().filter(|(_, found)| found.replications > 1);
    layouts.all(|(name, found)| found.verdict == Verdict::Unstable || !keeps(findings, name))
}

/// Whether a layout keeps every promise of the file.
pub(in crate::report) fn keeps(findings: &RunFindings, name: &str) -> bool {
    let mut own = findings.slo.iter().filter(|promise| promise.layout == name).peekable();
    findings.slo.is_empty() || own.peek().is_some() && own.all(|promise| promise.met)
}

/// The layout to take: with promises the cheapest that keeps them, without the one that is both
/// cheapest and fastest. `None` with fewer than two layouts or no such one.
pub(in crate::report) fn overall<'f>(findings: &'f RunFindings, whom: &Whom) -> Option<&'f str> {
    if findings.layouts.0.len() < 2 {
        return None;
    }
    let (cost, speed) = (Contest::Cost.lead(findings), Contest::Speed(whom).lead(findings));
    match (cost, speed) {
        (Lead::Shown(cheapest), _) if !findings.slo.is_empty() => Some(cheapest),
        (Lead::Shown(cheapest), Lead::Shown(fastest)) if cheapest == fastest => Some(cheapest),
        (_, Lead::Alone(only)) if !findings.slo.is_empty() => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn best_of_all(findings: &RunFindings) -> Option<&str> {
        overall(findings, &Whom::all())
    }

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
        assert_eq!(best_of_all(&sample::run(vec![("a", sample::layout(0.01, 0.5, 1.0))])), None);
    }

    #[test]
    fn with_promises_the_cheapest_that_keeps_them_is_best() {
        let mut findings = sample::three_layouts();
        assert_eq!(best_of_all(&findings), Some("monolith"));
        findings.slo[0].met = false;
        findings.slo[1].met = true;
        assert_eq!(best_of_all(&findings), Some("msa"));
        findings.slo[1].met = false;
        assert_eq!(best_of_all(&findings), None);
    }

    #[test]
    fn without_promises_only_one_that_is_cheapest_and_fastest_is_best() {
        let mut findings = sample::three_layouts();
        findings.slo.clear();
        assert_eq!(best_of_all(&findings), Some("monolith"));
        findings.layouts.0[0].1.cost.per_month = 1e9;
        assert_eq!(best_of_all(&findings), None);
    }

    #[test]
    fn what_the_comparison_does_not_show_leads_nothing() {
        let mut findings = sample::three_layouts();
        findings.slo.clear();
        assert_eq!(Contest::Cost.lead(&findings), Lead::Shown("monolith"));
        for pair in findings.comparison.iter_mut().filter(|pair| pair.b == "msa") {
            pair.verdict = "no difference shown".to_owned();
        }
        let tied = Lead::Tied(vec!["monolith", "msa"]);
        assert_eq!(Contest::Cost.lead(&findings), tied);
        assert_eq!(Contest::Speed(&Whom::all()).lead(&findings), tied);
        findings.comparison.clear();
        let all = Lead::Tied(vec!["monolith", "distributed-monolith", "msa"]);
        assert_eq!(Contest::Cost.lead(&findings), all);
    }

    #[test]
    fn an_incomplete_bill_and_a_single_replication_take_no_part() {
        let mut findings = sample::three_layouts();
        findings.slo.clear();
        findings.layouts.0[0].1.cost.missing.push(sample::missing());
        assert_eq!(Contest::Cost.lead(&findings), Lead::Shown("distributed-monolith"));
        assert_eq!(Contest::Speed(&Whom::all()).lead(&findings), Lead::Shown("monolith"));
        assert_eq!(best_of_all(&findings), None);
        findings.layouts.0.iter_mut().for_each(|(_, found)| found.replications = 1);
        assert_eq!(Contest::Speed(&Whom::all()).lead(&findings), Lead::Nobody);
    }
}
