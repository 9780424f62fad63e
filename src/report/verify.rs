//! What `verify` found, told.

use super::chart::Figure;
use super::json::json;
use super::sheet::{Row, Sheet};
use super::table::{self, Tables};
use super::told::Told;
use crate::study::Provenance;
use crate::verify::{CaseFindings, Dimension, Fit, Judgement, MetricFindings, VerifyFindings};

impl Told for VerifyFindings {
    fn json(&self) -> String {
        json(self)
    }

    fn sheets(&self) -> Vec<Sheet> {
        vec![metrics_sheet(self)]
    }

    fn tables(&self) -> Tables {
        table::of_verify(self)
    }

    fn figures(&self) -> Vec<Figure> {
        Vec::new()
    }
}

/// A row for each metric of each case that was run. Times in seconds, shares from 0 to 1.
fn metrics_sheet(findings: &VerifyFindings) -> Sheet {
    let mut sheet = Sheet::new("", |row| metric_row(row, None));
    for case in &findings.cases {
        for metric in &case.metrics {
            let from = provenance(findings, metric);
            sheet.add(from.as_ref(), |row| metric_row(row, Some((case, metric))));
        }
    }
    sheet
}

/// What a figure is from; `None` where nothing was run for it.
fn provenance(findings: &VerifyFindings, metric: &MetricFindings) -> Option<Provenance> {
    Some(Provenance {
        cutline: findings.cutline.to_owned(),
        target: findings.target.clone(),
        seed: metric.seed?,
        scenario_hash: metric.scenario_hash.clone()?,
    })
}

fn metric_row(row: &mut Row, found: Option<(&CaseFindings, &MetricFindings)>) {
    let case = found.map(|(case, _)| case);
    let metric = found.map(|(_, metric)| metric);
    row.text("family", case.map(|case| case.family));
    row.text("case", case.map(|case| case.id));
    row.text("metric", metric.map(|metric| metric.metric.as_str()));
    row.text("unit", metric.map(|metric| unit(metric.unit)));
    row.number("expected", metric.map(|metric| metric.expected));
    row.number("estimate", metric.and_then(|metric| metric.estimate));
    let interval = metric.and_then(|metric| metric.interval);
    row.number("low", interval.map(|[low, _]| low));
    row.number("high", interval.map(|[_, high]| high));
    row.number("off", metric.and_then(MetricFindings::off));
    row.number("tolerance", metric.and_then(|metric| metric.tolerance));
    row.text("outcome", metric.map(|metric| outcome(metric.outcome)));
    row.text("fit", metric.and_then(|metric| metric.fit).map(fit));
    row.text("reason", metric.and_then(|metric| metric.reason.as_deref()));
    row.text("model", case.map(|case| case.model.as_str()));
    row.text("reference", case.map(|case| case.reference.as_str()));
}

fn unit(unit: Dimension) -> &'static str {
    match unit {
        Dimension::Time => "s",
        Dimension::Share => "share",
        Dimension::Rate => "1/s",
        Dimension::Number => "1",
    }
}

fn outcome(outcome: Judgement) -> &'static str {
    match outcome {
        Judgement::Passed => "passed",
        Judgement::Approximate => "approximate",
        Judgement::Missed => "missed",
        Judgement::NotRead => "not-read",
        Judgement::LeftOut => "left-out",
    }
}

fn fit(fit: Fit) -> &'static str {
    match fit {
        Fit::Predicted => "predicted",
        Fit::Fitted(_) => "fitted",
        Fit::Implied(_) => "implied",
    }
}
