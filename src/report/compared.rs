//! Two runs beside each other, told.

use super::chart::Figure;
use super::json::json;
use super::sheet::{Row, Sheet};
use super::table::{self, Tables};
use super::told::Told;
use crate::study::{ComparedLayouts, ComparedMetric, ComparedRuns};

impl Told for ComparedRuns {
    fn json(&self) -> String {
        json(self)
    }

    fn sheets(&self) -> Vec<Sheet> {
        let mut sheet = Sheet::new("", |row| metric_row(row, None));
        for layouts in &self.layouts {
            for metric in &layouts.metrics {
                // What is told is of the second run, against the first.
                sheet.add(&self.b.provenance, |row| metric_row(row, Some((layouts, metric))));
            }
        }
        vec![sheet]
    }

    fn tables(&self) -> Tables {
        table::of_compared(self)
    }

    fn figures(&self) -> Vec<Figure> {
        Vec::new()
    }
}

fn metric_row(row: &mut Row, found: Option<(&ComparedLayouts, &ComparedMetric)>) {
    let layouts = found.map(|(layouts, _)| layouts);
    let metric = found.map(|(_, metric)| metric);
    row.text("layout_a", layouts.map(|layouts| layouts.a.as_str()));
    row.text("layout_b", layouts.map(|layouts| layouts.b.as_str()));
    row.text("metric", metric.map(|metric| metric.metric.as_str()));
    row.number("a", metric.map(|metric| metric.a));
    row.number("b", metric.map(|metric| metric.b));
    let ends = metric.and_then(|metric| metric.difference.ci95);
    row.number("difference", metric.map(|metric| metric.difference.value));
    row.number("difference_low", ends.map(|[low, _]| low));
    row.number("difference_high", ends.map(|[_, high]| high));
    row.text("verdict", metric.map(|metric| metric.verdict.as_str()));
    let paired = layouts.map(|layouts| if layouts.paired { "yes" } else { "no" });
    row.text("paired", paired);
}
