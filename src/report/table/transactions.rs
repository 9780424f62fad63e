//! Transactions over several databases, layout by layout.

use super::grid::{Cell, Emphasis, Grid};
use crate::report::finding::{NAME, time_line};
use crate::report::names::{shortened, shown};
use crate::report::numbers::{Quantity, count};
use crate::study::{Estimate, RunFindings, TransactionFindings};

/// A row for each transaction and layout where it is over several databases; `None` where there is none.
pub(super) fn grid(findings: &RunFindings) -> Option<Grid> {
    let layouts = findings.layouts.iter();
    let rows: Vec<Vec<Cell>> = layouts
        .flat_map(|(layout, found)| {
            found.transactions.iter().map(move |(name, own)| row(layout, name, own))
        })
        .collect();
    let head = [
        "layout",
        "transaction",
        "kept together",
        "committed",
        "undone",
        "half done per million",
        "inconsistent, mean",
        "p99",
        "in doubt, mean",
        "rows locked, mean",
    ];
    let head = head.map(Cell::plain).into();
    (!rows.is_empty()).then_some(Grid { keys: 2, head, rows })
}

/// How long each takes, in the layouts where one database keeps it together, too.
pub(super) fn over(findings: &RunFindings) -> Vec<String> {
    let transactions = time_line::transactions(findings).into_iter();
    let told = transactions.filter_map(|transaction| time_line::over(findings, transaction));
    told.take(MOST_OVER).map(|words| words + ".").collect()
}

/// Transactions of which it is told how long they take; results.json has all.
const MOST_OVER: usize = 5;

/// What the columns mean, and what there is no column for.
pub(super) const LEGEND: &str = "Undone: compensated, or rolled back before anything had committed. Inconsistent: from \
     the first commit of a part to the last, or to the end of what undoes it. In doubt: between the vote of a database \
     and the decision. Rows locked: where they are locked longest.";

fn row(layout: &str, name: &str, own: &TransactionFindings) -> Vec<Cell> {
    let named = |text: &str| Cell::plain(shortened(&shown(text), NAME));
    let value = |estimate: Option<Estimate>| estimate.map(|estimate| estimate.value);
    let share = |value: Option<f64>| {
        Cell::plain(value.map_or_else(|| "–".to_owned(), |value| Quantity::Share.write(value)))
    };
    let time = |estimate: Option<Estimate>| {
        let time = estimate.map(|estimate| Quantity::Time.write_in_column(estimate.value));
        Cell::plain(time.unwrap_or_else(|| "–".to_owned()))
    };
    let undone = value(own.compensated_share).zip(value(own.rolled_back_share));
    let longest = own.locked_seconds.iter().filter_map(|(_, locked)| locked.mean);
    let longest = longest.max_by(|a, b| a.value.total_cmp(&b.value));
    vec![
        named(layout),
        named(name),
        Cell::plain(if own.how == "none" { "by nobody" } else { own.how.as_str() }),
        share(value(own.committed_share)),
        share(undone.map(|(compensated, rolled_back)| compensated + rolled_back)),
        half_done(own),
        time(own.inconsistency_seconds.mean),
        time(own.inconsistency_seconds.p99),
        time(own.in_doubt_seconds.mean),
        time(longest),
    ]
}

fn half_done(own: &TransactionFindings) -> Cell {
    match own.half_done_share {
        None => Cell::plain("–"),
        Some(share) if share.value > 0.0 => {
            Cell::new(count((share.value * 1e6).round() as u64), Emphasis::Bad)
        }
        Some(_) => Cell::plain("0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::{Named, SpanOfTime};

    fn sure(value: f64) -> Option<Estimate> {
        Some(Estimate { value, ci95: Some([value, value]) })
    }

    #[test]
    fn a_transaction_tells_what_it_leaves_behind() {
        let mut findings = sample::three_layouts();
        assert_eq!(grid(&findings), None);
        let locked = SpanOfTime { mean: sure(0.0145), ..SpanOfTime::default() };
        let shorter = SpanOfTime { mean: sure(0.001), ..SpanOfTime::default() };
        let own = TransactionFindings {
            how: "none".to_owned(),
            per_second: Estimate { value: 20.0, ci95: None },
            committed_share: sure(0.8),
            compensated_share: sure(0.0),
            rolled_back_share: sure(0.05),
            half_done_share: sure(0.15),
            inconsistency_seconds: SpanOfTime { mean: sure(0.03), ..SpanOfTime::default() },
            inconsistent_mean: sure(0.6),
            in_doubt_seconds: SpanOfTime::default(),
            locked_seconds: Named(vec![("a".to_owned(), shorter), ("b".to_owned(), locked)]),
            undone_mean: sure(0.0),
            undo_failures: 0,
            histogram: crate::statistics::Histogram::new(8),
        };
        findings.layouts.0[1].1.transactions = Named(vec![("orders.place".to_owned(), own)]);
        let grid = grid(&findings).unwrap();
        let texts: Vec<&str> = grid.rows[0][1..].iter().map(|cell| cell.text.as_str()).collect();
        let expected = [
            "orders.place",
            "by nobody",
            "80 %",
            "5.0 %",
            "150,000",
            "30.0 ms",
            "–",
            "–",
            "14.5 ms",
        ];
        assert_eq!(texts, expected);
        assert_eq!(grid.rows[0][5].emphasis, Emphasis::Bad);
    }
}
