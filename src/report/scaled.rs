//! Services whose instances come and go, as CSV.

use super::sheet::{Row, Sheet};
use crate::study::{RunFindings, ScalingFindings};

/// `scaling.csv`: a row for each layout and service whose instances come and go.
pub(super) fn scaling_sheet(findings: &RunFindings) -> Sheet {
    let mut sheet = Sheet::new("scaling", |row| scaling_row(row, None));
    for (layout, found) in findings.layouts.iter() {
        for (service, own) in found.scaled.iter() {
            sheet.add(&findings.provenance, |row| scaling_row(row, Some((layout, service, own))));
        }
    }
    sheet
}

fn scaling_row(row: &mut Row, service: Option<(&str, &str, &ScalingFindings)>) {
    let found = service.map(|(_, _, found)| found);
    row.text("layout", service.map(|(layout, ..)| layout));
    row.text("service", service.map(|(_, name, _)| name));
    row.estimate("replicas_mean", found.map(|found| found.replicas_mean));
    row.number("replicas_most", found.map(|found| found.replicas_most));
    row.estimate("asked_mean", found.map(|found| found.asked_mean));
    row.estimate("ready_after_seconds", found.and_then(|found| found.ready_after_seconds));
    row.estimate("without_room_mean", found.map(|found| found.without_room_mean));
    row.estimate("sent_away_mean", found.map(|found| found.sent_away_mean));
}
