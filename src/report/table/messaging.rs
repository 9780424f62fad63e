//! Events that a broker carries and those who take them, layout by layout.

use super::grid::{Cell, Emphasis, Grid};
use crate::report::finding::{NAME, lag};
use crate::report::names::{shortened, shown};
use crate::report::numbers::{Quantity, count};
use crate::study::{ConsumerFindings, Estimate, EventFindings, RunFindings};
use crate::units::significant;

/// A row for each event and layout with a broker; `None` where there is none.
pub(super) fn published(findings: &RunFindings) -> Option<Grid> {
    let layouts = findings.layouts.iter();
    let rows = layouts.flat_map(|(layout, found)| {
        found.published.iter().map(move |(name, own)| event(layout, name, own))
    });
    let head = [
        "layout",
        "event",
        "per second",
        "complete, mean",
        "p50",
        "p99",
        "p99.9",
        "under way",
        "in a request",
        "exposed, mean",
        "made up per million",
    ];
    grid(&head, rows.collect())
}

/// A row for each service that takes events, and layout.
pub(super) fn consumers(findings: &RunFindings) -> Option<Grid> {
    let layouts = findings.layouts.iter();
    let rows = layouts.flat_map(|(layout, found)| {
        found.consumers.iter().map(move |(name, own)| group(layout, name, own))
    });
    let head = [
        "layout",
        "service",
        "consumers",
        "busiest",
        "lag, mean",
        "wait, mean",
        "p99",
        "taken at once",
        "dead per million",
        "lost per million",
    ];
    grid(&head, rows.collect())
}

/// By how much each service falls behind at its peak, as far as that is told over time.
pub(super) fn behind(findings: &RunFindings) -> Vec<String> {
    let services = lag::services(findings);
    let told = services.into_iter().filter_map(|service| lag::behind(findings, service));
    told.take(MOST_BEHIND).map(|words| words + ".").collect()
}

/// Services of which it is told how far they fall behind; lag.csv has all.
const MOST_BEHIND: usize = 5;

/// What the columns mean.
pub(super) const LEGEND: &str = "Complete: from publishing to the end of the last service that takes it, of those that none \
     gave up. Under way: some service is not done with it. Exposed: until the broker has it, where no outbox \
     keeps it and a crash would lose it. Made up: sent within a transaction that was rolled back. Lag: messages that a service is not done with. Wait: until a \
     consumer begins with it. Dead: failed for good, and kept aside.";

fn grid(head: &[&str], rows: Vec<Vec<Cell>>) -> Option<Grid> {
    let head = head.iter().map(|text| Cell::plain(*text)).collect();
    (!rows.is_empty()).then_some(Grid { keys: 2, head, rows })
}

fn named(text: &str) -> Cell {
    Cell::plain(shortened(&shown(text), NAME))
}

fn cell(estimate: Option<Estimate>, write: impl Fn(f64) -> String) -> Cell {
    Cell::plain(estimate.map_or_else(|| "–".to_owned(), |estimate| write(estimate.value)))
}

fn time(estimate: Option<Estimate>) -> Cell {
    cell(estimate, |value| Quantity::Time.write_in_column(value))
}

fn number(estimate: Option<Estimate>) -> Cell {
    cell(estimate, |value| significant(value, 3))
}

fn event(layout: &str, name: &str, own: &EventFindings) -> Vec<Cell> {
    let complete = &own.completion_seconds;
    vec![
        named(layout),
        named(name),
        number(Some(own.per_second)),
        time(complete.mean),
        time(complete.p50),
        time(complete.p99),
        time(complete.p999),
        number(own.under_way_mean),
        number(own.batch_mean),
        time(own.exposed_seconds.mean),
        per_million(own.made_up_share),
    ]
}

fn group(layout: &str, name: &str, own: &ConsumerFindings) -> Vec<Cell> {
    vec![
        named(layout),
        named(name),
        Cell::plain(own.count.to_string()),
        cell(own.busiest_share, |value| Quantity::Share.write(value)),
        number(own.lag_mean),
        time(own.wait_seconds.mean),
        time(own.wait_seconds.p99),
        number(own.batch_mean),
        per_million(own.dead_share),
        per_million(own.lost_share),
    ]
}

fn per_million(share: Option<Estimate>) -> Cell {
    match share {
        Some(share) if share.value > 0.0 => {
            Cell::new(count((share.value * 1e6).round() as u64), Emphasis::Bad)
        }
        Some(_) => Cell::plain("0"),
        None => Cell::plain("–"),
    }
}
