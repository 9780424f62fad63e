//! Services whose instances come and go, layout by layout.

use super::grid::{Cell, Grid};
use crate::report::finding::NAME;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{Estimate, RunFindings, ScalingFindings};
use crate::units::significant;

/// A row for each such service and layout; `None` where there is none.
pub(super) fn grid(findings: &RunFindings) -> Option<Grid> {
    let rows = findings.layouts.iter().flat_map(|(layout, found)| {
        found.scaled.iter().map(move |(name, own)| row(layout, name, own))
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let head = [
        "layout",
        "service",
        "instances, mean",
        "most",
        "asked for",
        "ready after",
        "no node had room",
        "sent away",
    ];
    let head = head.iter().map(|text| Cell::plain(*text)).collect();
    (!rows.is_empty()).then_some(Grid { keys: 2, head, rows })
}

/// What the columns mean.
pub(super) const LEGEND: &str = "Instances: those that take requests. Asked for, sent away: a run. Ready after: from asking for an instance until \
     it takes requests, mean. No node had room: a new one had to come, or the instance waited.";

fn row(layout: &str, name: &str, own: &ScalingFindings) -> Vec<Cell> {
    let named = |text: &str| Cell::plain(shortened(&shown(text), NAME));
    let number = |found: Estimate| Cell::plain(significant(found.value, 3));
    let ready = own.ready_after_seconds;
    let ready = ready.map(|found| Quantity::Time.write_in_column(found.value));
    vec![
        named(layout),
        named(name),
        number(own.replicas_mean),
        Cell::plain(significant(own.replicas_most, 6)),
        number(own.asked_mean),
        Cell::plain(ready.unwrap_or_else(|| "–".to_owned())),
        number(own.without_room_mean),
        number(own.sent_away_mean),
    ]
}
