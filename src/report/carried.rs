//! Events that a broker carries, and those who take them, as CSV.

use super::sheet::{Row, Sheet};
use crate::study::{ConsumerFindings, EventFindings, RunFindings, SpanOfTime};

/// `events.csv`: a row for each layout and event at its broker.
pub(super) fn events_sheet(findings: &RunFindings) -> Sheet {
    let mut sheet = Sheet::new("events", |row| event_row(row, None));
    for (layout, found) in findings.layouts.iter() {
        for (event, found) in found.published.iter() {
            sheet.add(&findings.provenance, |row| event_row(row, Some((layout, event, found))));
        }
    }
    sheet
}

/// `consumers.csv`: a row for each layout and service that takes events from its broker.
pub(super) fn consumers_sheet(findings: &RunFindings) -> Sheet {
    let mut sheet = Sheet::new("consumers", |row| consumer_row(row, None));
    for (layout, found) in findings.layouts.iter() {
        for (service, found) in found.consumers.iter() {
            sheet
                .add(&findings.provenance, |row| consumer_row(row, Some((layout, service, found))));
        }
    }
    sheet
}

fn event_row(row: &mut Row, event: Option<(&str, &str, &EventFindings)>) {
    let found = event.map(|(_, _, found)| found);
    row.text("layout", event.map(|(layout, _, _)| layout));
    row.text("event", event.map(|(_, name, _)| name));
    row.estimate("per_second", found.map(|found| found.per_second));
    span(row, "completion", found.map(|found| found.completion_seconds));
    row.estimate("under_way_mean", found.and_then(|found| found.under_way_mean));
    row.estimate("given_up_share", found.and_then(|found| found.given_up_share));
    row.estimate("requests_per_second", found.map(|found| found.requests_per_second));
    row.estimate("batch_mean", found.and_then(|found| found.batch_mean));
    row.estimate("full_share", found.and_then(|found| found.full_share));
    span(row, "exposed", found.map(|found| found.exposed_seconds));
    span(row, "ahead", found.map(|found| found.ahead_seconds));
    row.estimate("made_up_share", found.and_then(|found| found.made_up_share));
}

fn consumer_row(row: &mut Row, consumers: Option<(&str, &str, &ConsumerFindings)>) {
    let found = consumers.map(|(_, _, found)| found);
    row.text("layout", consumers.map(|(layout, _, _)| layout));
    row.text("service", consumers.map(|(_, name, _)| name));
    row.count("consumers", found.map(|found| found.count.into()));
    row.estimate("per_second", found.map(|found| found.per_second));
    row.estimate("lag_mean", found.and_then(|found| found.lag_mean));
    span(row, "wait", found.map(|found| found.wait_seconds));
    row.estimate("busiest_share", found.and_then(|found| found.busiest_share));
    row.estimate("idlest_share", found.and_then(|found| found.idlest_share));
    row.estimate("takes_per_second", found.map(|found| found.takes_per_second));
    row.estimate("batch_mean", found.and_then(|found| found.batch_mean));
    row.estimate("dead_share", found.and_then(|found| found.dead_share));
    row.estimate("lost_share", found.and_then(|found| found.lost_share));
    row.estimate("retries_mean", found.and_then(|found| found.retries_mean));
}

fn span(row: &mut Row, name: &str, span: Option<SpanOfTime>) {
    row.estimate(&format!("{name}_mean_seconds"), span.and_then(|span| span.mean));
    row.estimate(&format!("{name}_p50_seconds"), span.and_then(|span| span.p50));
    row.estimate(&format!("{name}_p90_seconds"), span.and_then(|span| span.p90));
    row.estimate(&format!("{name}_p99_seconds"), span.and_then(|span| span.p99));
    row.estimate(&format!("{name}_p999_seconds"), span.and_then(|span| span.p999));
}
