//! What is followed row by row, layout by layout: how far views are behind, and how event-sourced tables are used.

use super::grid::{Cell, Emphasis, Grid};
use crate::report::finding::NAME;
use crate::report::names::{shortened, shown};
use crate::report::numbers::{Quantity, count};
use crate::study::{Estimate, LogFindings, RunFindings, ViewFindings};

/// A row for each layout and view; `None` where there is none.
pub(super) fn views(findings: &RunFindings) -> Option<Grid> {
    let layouts = findings.layouts.iter();
    let rows: Vec<Vec<Cell>> = layouts
        .flat_map(|(layout, found)| {
            found.views.iter().map(move |(name, own)| view_row(layout, name, own))
        })
        .collect();
    let head = [
        "layout",
        "view",
        "stale reads",
        "staleness, mean",
        "p99",
        "p99.9",
        "shown after, mean",
        "p99",
        "rebuilt in",
    ];
    let head = head.map(Cell::plain).into();
    (!rows.is_empty()).then_some(Grid { keys: 2, head, rows })
}

/// What its columns mean.
pub(super) const VIEWS_LEGEND: &str = "Stale: a commit had changed its rows that the view did not show. Staleness: the age \
     of the oldest such commit, over all reads, 0 for those that miss none. Shown after: from a commit until the view \
     shows it. Rebuilt: row after row, nothing else to do.";

fn view_row(layout: &str, name: &str, own: &ViewFindings) -> Vec<Cell> {
    vec![
        named(layout),
        named(name),
        share(own.stale_share),
        time(own.staleness_seconds.mean),
        time(own.staleness_seconds.p99),
        time(own.staleness_seconds.p999),
        time(own.delay_seconds.mean),
        time(own.delay_seconds.p99),
        Cell::plain(Quantity::Time.write_in_column(own.rebuild_seconds)),
    ]
}

/// A row for each layout and event-sourced table; `None` where there is none.
pub(super) fn logs(findings: &RunFindings) -> Option<Grid> {
    let layouts = findings.layouts.iter();
    let rows: Vec<Vec<Cell>> = layouts
        .flat_map(|(layout, found)| {
            found.logs.iter().map(move |(name, own)| log_row(layout, name, own))
        })
        .collect();
    let head = [
        "layout",
        "event-sourced table",
        "loads/s",
        "events replayed, mean",
        "p99",
        "events added/s",
        "conflicts",
        "a million events rebuilt in",
    ];
    let head = head.map(Cell::plain).into();
    (!rows.is_empty()).then_some(Grid { keys: 2, head, rows })
}

/// What its columns mean.
pub(super) const LOGS_LEGEND: &str = "Replayed: events behind the snapshot of a key that is loaded. Conflicts: writes that \
     found another event in the place of their own, tried again or not. Rebuilt: read and applied one after the other.";

fn log_row(layout: &str, name: &str, own: &LogFindings) -> Vec<Cell> {
    let number = |estimate: Option<Estimate>| {
        let number = estimate.map(|estimate| crate::units::significant(estimate.value, 3));
        Cell::plain(number.unwrap_or_else(|| "–".to_owned()))
    };
    let conflicts = match own.conflict_share {
        Some(share) if share.value > 0.0 => {
            Cell::new(Quantity::Share.write(share.value), Emphasis::Bad)
        }
        Some(_) => Cell::plain(count(0)),
        None => Cell::plain("–"),
    };
    vec![
        named(layout),
        named(name),
        number(Some(own.loads_per_second)),
        number(own.replayed.mean),
        number(own.replayed.p99),
        number(Some(own.appended_per_second)),
        conflicts,
        Cell::plain(Quantity::Time.write_in_column(own.rebuild_seconds_per_million)),
    ]
}

fn named(text: &str) -> Cell {
    Cell::plain(shortened(&shown(text), NAME))
}

fn share(estimate: Option<Estimate>) -> Cell {
    let share = estimate.map(|estimate| Quantity::Share.write(estimate.value));
    Cell::plain(share.unwrap_or_else(|| "–".to_owned()))
}

fn time(estimate: Option<Estimate>) -> Cell {
    let time = estimate.map(|estimate| Quantity::Time.write_in_column(estimate.value));
    Cell::plain(time.unwrap_or_else(|| "–".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::{EventCounts, Named, SpanOfTime};

    fn sure(value: f64) -> Option<Estimate> {
        Some(Estimate { value, ci95: Some([value, value]) })
    }

    fn texts(grid: &Grid) -> Vec<&str> {
        grid.rows[0][1..].iter().map(|cell| cell.text.as_str()).collect()
    }

    #[test]
    fn a_view_tells_how_far_it_is_behind_and_a_log_what_it_replays() {
        let mut findings = sample::three_layouts();
        assert_eq!((views(&findings), logs(&findings)), (None, None));
        let rate = Estimate { value: 20.0, ci95: None };
        let view = ViewFindings {
            join: "orders.history".to_owned(),
            database: "reads".to_owned(),
            reads_per_second: rate,
            stale_share: sure(0.33),
            staleness_seconds: SpanOfTime {
                mean: sure(0.5),
                p99: sure(3.2),
                ..SpanOfTime::default()
            },
            changes_per_second: rate,
            delay_seconds: SpanOfTime { mean: sure(0.8), ..SpanOfTime::default() },
            on_their_way_mean: sure(40.0),
            missed_share: None,
            rebuild_seconds: 12.0,
            histogram: crate::statistics::Histogram::new(8),
        };
        let log = LogFindings {
            loads_per_second: rate,
            replayed: EventCounts { mean: sure(24.5), ..EventCounts::default() },
            appended_per_second: rate,
            conflict_share: sure(0.2),
            conflicts: 7,
            snapshots_per_event: sure(0.02),
            rebuild_seconds_per_million: 3.0,
        };
        let layout = &mut findings.layouts.0[1].1;
        layout.views = Named(vec![("history".to_owned(), view)]);
        layout.logs = Named(vec![("pay.ledger".to_owned(), log)]);
        let told = views(&findings).unwrap();
        assert_eq!(
            texts(&told),
            ["history", "33 %", "500 ms", "3.20 s", "–", "800 ms", "–", "12.0 s"]
        );
        let told = logs(&findings).unwrap();
        assert_eq!(texts(&told), ["pay.ledger", "20", "24.5", "–", "20", "20 %", "3.00 s"]);
        assert_eq!(told.rows[0][6].emphasis, Emphasis::Bad);
    }
}
