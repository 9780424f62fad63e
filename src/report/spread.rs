//! Views and event-sourced tables as CSV.

use super::sheet::{Row, Sheet};
use crate::study::{LogFindings, RunFindings, SpanOfTime, ViewFindings};

/// `views.csv`: a row for each layout and view; durations in seconds.
pub(super) fn views_sheet(findings: &RunFindings) -> Sheet {
    let mut sheet = Sheet::new("views", |row| view_row(row, None));
    for (layout, found) in findings.layouts.iter() {
        for (view, found) in found.views.iter() {
            sheet.add(&findings.provenance, |row| view_row(row, Some((layout, view, found))));
        }
    }
    sheet
}

/// `logs.csv`: a row for each layout and event-sourced table.
pub(super) fn logs_sheet(findings: &RunFindings) -> Sheet {
    let mut sheet = Sheet::new("logs", |row| log_row(row, None));
    for (layout, found) in findings.layouts.iter() {
        for (log, found) in found.logs.iter() {
            sheet.add(&findings.provenance, |row| log_row(row, Some((layout, log, found))));
        }
    }
    sheet
}

fn view_row(row: &mut Row, view: Option<(&str, &str, &ViewFindings)>) {
    let found = view.map(|(_, _, found)| found);
    row.text("layout", view.map(|(layout, _, _)| layout));
    row.text("view", view.map(|(_, name, _)| name));
    row.text("join", found.map(|found| &*found.join));
    row.text("database", found.map(|found| &*found.database));
    row.estimate("reads_per_second", found.map(|found| found.reads_per_second));
    row.estimate("stale_share", found.and_then(|found| found.stale_share));
    span(row, "staleness", found.map(|found| &found.staleness_seconds));
    row.estimate("changes_per_second", found.map(|found| found.changes_per_second));
    span(row, "delay", found.map(|found| &found.delay_seconds));
    row.estimate("on_their_way_mean", found.and_then(|found| found.on_their_way_mean));
    row.estimate("missed_share", found.and_then(|found| found.missed_share));
    row.number("rebuild_seconds", found.map(|found| found.rebuild_seconds));
}

fn log_row(row: &mut Row, log: Option<(&str, &str, &LogFindings)>) {
    let found = log.map(|(_, _, found)| found);
    row.text("layout", log.map(|(layout, _, _)| layout));
    row.text("log", log.map(|(_, name, _)| name));
    row.estimate("loads_per_second", found.map(|found| found.loads_per_second));
    row.estimate("replayed_mean", found.and_then(|found| found.replayed.mean));
    row.estimate("replayed_p50", found.and_then(|found| found.replayed.p50));
    row.estimate("replayed_p99", found.and_then(|found| found.replayed.p99));
    row.estimate("appended_per_second", found.map(|found| found.appended_per_second));
    row.estimate("conflict_share", found.and_then(|found| found.conflict_share));
    row.count("conflicts", found.map(|found| found.conflicts));
    row.estimate("snapshots_per_event", found.and_then(|found| found.snapshots_per_event));
    row.number("rebuild_seconds_per_million", found.map(|found| found.rebuild_seconds_per_million));
}

fn span(row: &mut Row, name: &str, span: Option<&SpanOfTime>) {
    let mut column = |part: &str, of: fn(&SpanOfTime) -> Option<crate::study::Estimate>| {
        row.estimate(&format!("{name}_{part}_seconds"), span.and_then(of));
    };
    column("mean", |span| span.mean);
    column("p50", |span| span.p50);
    column("p90", |span| span.p90);
    column("p99", |span| span.p99);
    column("p999", |span| span.p999);
}
