//! What a calibration found, told.

use super::chart::Figure;
use super::json::json;
use super::sheet::{Row, Sheet};
use super::table::{self, Tables};
use super::told::Told;
use crate::study::{CalibrationFindings, Estimate, UnknownFindings};

impl Told for CalibrationFindings {
    fn json(&self) -> String {
        json(self)
    }

    fn sheets(&self) -> Vec<Sheet> {
        vec![sheet(self)]
    }

    fn tables(&self) -> Tables {
        table::of_calibration(self)
    }

    fn figures(&self) -> Vec<Figure> {
        Vec::new()
    }
}

/// A line of the sheet. Times in seconds, rates per second, factors and shares as plain numbers.
#[derive(Default)]
struct SheetLine<'f> {
    kind: &'static str,
    name: &'f str,
    layout: Option<&'f str>,
    endpoint: Option<&'f str>,
    metric: Option<&'f str>,
    measured: Option<f64>,
    found: Option<Estimate>,
    off: Option<f64>,
    inside: Option<bool>,
    unknown: Option<&'f UnknownFindings>,
    value: Option<[&'f str; 2]>,
}

/// A row for each unknown, for each figure of a lone client and of a prediction, and for each value to write.
fn sheet(findings: &CalibrationFindings) -> Sheet {
    let mut sheet = Sheet::new("", |row| cells(row, &SheetLine::default()));
    for line in lines(findings) {
        sheet.add(&findings.provenance, |row| cells(row, &line));
    }
    sheet
}

fn cells(row: &mut Row, line: &SheetLine<'_>) {
    row.text("kind", Some(line.kind));
    row.text("name", Some(line.name));
    row.text("layout", line.layout);
    row.text("endpoint", line.endpoint);
    row.text("metric", line.metric);
    row.number("measured", line.measured);
    row.estimate("found", line.found);
    row.number("off", line.off);
    row.text("inside", line.inside.map(yes_or_no));
    row.number("removed", line.unknown.map(|unknown| unknown.removed_share));
    row.text("determined", line.unknown.map(|unknown| yes_or_no(unknown.determined)));
    row.text("before", line.value.map(|[before, _]| before));
    row.text("after", line.value.map(|[_, after]| after));
}

fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

fn lines(findings: &CalibrationFindings) -> Vec<SheetLine<'_>> {
    let mut lines = Vec::new();
    for unknown in &findings.unknowns {
        lines.push(SheetLine {
            kind: "unknown",
            name: &unknown.path,
            metric: Some("factor"),
            found: Some(unknown.factor),
            unknown: Some(unknown),
            ..SheetLine::default()
        });
    }
    for lone in &findings.lone {
        lines.push(SheetLine {
            kind: "lone",
            name: &lone.case,
            layout: Some(&lone.layout),
            endpoint: Some(&lone.endpoint),
            metric: Some(&lone.metric),
            measured: Some(lone.measured_seconds),
            found: Some(Estimate { value: lone.fitted_seconds, ci95: None }),
            off: Some(lone.off_share),
            ..SheetLine::default()
        });
    }
    for prediction in &findings.predictions {
        lines.extend(prediction.metrics.iter().map(|metric| SheetLine {
            kind: "prediction",
            name: &prediction.case,
            layout: Some(&prediction.layout),
            endpoint: Some(&prediction.endpoint),
            metric: Some(&metric.metric),
            measured: metric.measured,
            found: metric.predicted,
            off: metric.off_share,
            inside: metric.inside,
            ..SheetLine::default()
        }));
    }
    for value in findings.unknowns.iter().flat_map(|unknown| &unknown.values) {
        lines.push(SheetLine {
            kind: "value",
            name: &value.path,
            value: Some([
                value.before.as_deref().unwrap_or_default(),
                value.after.as_deref().unwrap_or_default(),
            ]),
            ..SheetLine::default()
        });
    }
    lines
}
