//! Transactions over several databases: how long others see half of one, as a percentile plot, a curve for each
//! layout and transaction. What stays half done has no such time, and is said.

use super::distribution::{PercentileCurve, draw_curves};
use super::drawing::Drawing;
use super::layouts::{ShownLayout, entries, left_out, named_parts, p99_of_some, subtitle, title};
use super::page::{Surroundings, empty};
use super::palette::broken;
use crate::report::numbers::count;
use crate::study::{RunFindings, TransactionFindings};

/// Curves beyond these cannot be told apart.
const MOST_CURVES: usize = 8;

/// A transaction in a layout.
struct LayoutTransaction<'f> {
    name: String,
    found: &'f TransactionFindings,
}

impl LayoutTransaction<'_> {
    /// Whether anybody could ever see half of it.
    fn is_seen(&self) -> bool {
        self.found.histogram.quantile(1.0).is_some_and(|longest| longest > 0.0)
    }
}

/// The figure.
pub(super) fn draw(findings: &RunFindings) -> Drawing {
    let layouts = entries(findings);
    let all = transactions(&layouts);
    let what = "transactions over several databases: time from the first commit of a part to the last, or to that of \
                what undid it";
    let mut words = Surroundings {
        title: title(finding(&all), "How long others see half of a transaction".to_owned()),
        subtitle: subtitle(findings, what),
        legend: Vec::new(),
        notes: notes(&all),
    };
    words.notes.extend(left_out(findings.layouts.0.len()));
    let curve = |(index, one): (usize, &LayoutTransaction)| {
        one.is_seen().then_some(())?;
        PercentileCurve::of(&one.name, broken(index), &one.found.histogram)
    };
    let mut curves: Vec<PercentileCurve> = all.iter().enumerate().filter_map(curve).collect();
    if curves.len() > MOST_CURVES {
        let more = curves.len() - MOST_CURVES;
        words.notes.push(format!("{more} more are in the table of transactions."));
        curves.truncate(MOST_CURVES);
    }
    if curves.is_empty() {
        let why = if all.is_empty() {
            "No transaction is over several databases."
        } else {
            "No transaction was ever seen half done."
        };
        return empty(&words, why);
    }
    let titles = ("share of transactions at least as fast, by nines", "inconsistent for");
    draw_curves(words, &curves, &[], titles)
}

/// Each transaction in each layout.
fn transactions<'f>(layouts: &[ShownLayout<'f>]) -> Vec<LayoutTransaction<'f>> {
    let each = named_parts(layouts.iter(), |found| &found.transactions);
    each.into_iter().map(|(name, found)| LayoutTransaction { name, found }).collect()
}

/// p99 of each where they are few, of many the least and the greatest.
fn finding(all: &[LayoutTransaction]) -> Option<String> {
    let known = all
        .iter()
        .filter(|one| one.is_seen())
        .filter_map(|one| Some((one.name.as_str(), one.found.inconsistency_seconds.p99?.value)));
    p99_of_some(
        known.collect(),
        "Others see half of a transaction for up to (p99)",
        "p99 of the time in which others see half of a transaction",
    )
}

/// What stays half done for good, and what is never seen half.
fn notes(all: &[LayoutTransaction]) -> Vec<String> {
    let mut notes = Vec::new();
    let half = all.iter().filter_map(|one| {
        let share = one.found.half_done_share.filter(|share| share.value > 0.0)?;
        let million = count((share.value * 1e6).round() as u64);
        Some(format!("{} {million} in a million", one.name))
    });
    let half: Vec<String> = half.take(MOST_CURVES).collect();
    if !half.is_empty() {
        notes.push(format!("Half done for good, so in no curve: {}.", half.join(", ")));
    }
    let never = all.iter().filter(|one| !one.is_seen());
    let never: Vec<&str> = never.take(MOST_CURVES).map(|one| one.name.as_str()).collect();
    if !never.is_empty() {
        notes.push(format!("Never seen half done and then whole: {}.", never.join(", ")));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;
    use crate::statistics::Histogram;
    use crate::study::{Estimate, Named, SpanOfTime};

    fn transaction(median: Option<f64>) -> TransactionFindings {
        let sure = |value: f64| Some(Estimate { value, ci95: None });
        TransactionFindings {
            how: "saga".to_owned(),
            per_second: Estimate { value: 20.0, ci95: None },
            committed_share: sure(0.8),
            compensated_share: sure(0.0),
            rolled_back_share: sure(0.05),
            half_done_share: sure(0.15),
            inconsistency_seconds: SpanOfTime {
                p99: median.and_then(sure),
                ..SpanOfTime::default()
            },
            inconsistent_mean: None,
            in_doubt_seconds: SpanOfTime::default(),
            locked_seconds: Named::default(),
            undone_mean: None,
            undo_failures: 0,
            histogram: median.map_or(Histogram::new(7), |median| sample::histogram(median, 0.5)),
        }
    }

    #[test]
    fn transactions_over_several_databases_have_a_curve_each() {
        let mut findings = sample::three_layouts();
        assert!(draw(&findings).is_empty);
        for (index, median) in [(1, Some(0.03)), (2, None)] {
            let own = ("orders.place".to_owned(), transaction(median));
            findings.layouts.0[index].1.transactions = Named(vec![own]);
        }
        let drawing = draw(&findings);
        let said = |words: &str| {
            let is_it =
                |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text.contains(words));
            drawing.marks.iter().any(is_it)
        };
        let title =
            "Others see half of a transaction for up to (p99) 30 ms in distributed-monolith";
        assert_eq!(drawing.title, title);
        assert!(said("150,000 in a million") && said("Never seen half done and then whole: msa."));
        assert!(said("distributed-monolith") && said("inconsistent for"));
    }
}
