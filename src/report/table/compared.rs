//! Two runs beside each other: a row for each metric, what the second has more, and whether it is shown.

use super::grid::{Cell, Grid};
use super::section::{Body, Section, section};
use crate::report::names::shown;
use crate::report::numbers::{Quantity, digits};
use crate::report::provenance;
use crate::study::{ComparedLayouts, ComparedMetric, ComparedRuns};

/// A table for each pair of layouts, then what the runs are.
pub(super) fn sections(runs: &ComparedRuns) -> Vec<Section> {
    let mut sections = Vec::new();
    for layouts in &runs.layouts {
        let title = match layouts.a == layouts.b {
            true => shown(&layouts.a),
            false => format!("{} and {}", shown(&layouts.a), shown(&layouts.b)),
        };
        sections.push(section(&title, Body::Shrinking(grid(layouts, true), grid(layouts, false))));
        sections.push(section("", Body::Lines(notes(layouts))));
    }
    let mut lines = Vec::new();
    for (name, side) in [("A", &runs.a), ("B", &runs.b)] {
        let from = provenance::whole(&side.provenance);
        lines.push(format!("{name}: {}, {from}", shown(&side.place)));
    }
    if !runs.not_compared.is_empty() {
        let names: Vec<String> = runs.not_compared.iter().map(|name| shown(name)).collect();
        lines.push(format!("in one of them only, not compared: {}", names.join(", ")));
    }
    sections.push(section("Runs", Body::Lines(lines)));
    sections
}

fn grid(layouts: &ComparedLayouts, whole: bool) -> Grid {
    let head: &[&str] = match whole {
        true => &["", "A", "B", "B − A", "95 % interval", "", "shown"],
        false => &["", "A", "B", "B − A, 95 % interval", "shown"],
    };
    Grid {
        keys: 1,
        head: head.iter().map(|word| Cell::plain(*word)).collect(),
        rows: layouts.metrics.iter().map(|metric| row(layouts, metric, whole)).collect(),
    }
}

fn row(layouts: &ComparedLayouts, metric: &ComparedMetric, whole: bool) -> Vec<Cell> {
    let quantity = quantity(&metric.metric, &layouts.currency);
    let difference = metric.difference.value;
    let signed = match difference {
        0.0 => "0".to_string(),
        less if less < 0.0 => format!("−{}", quantity.write(-less)),
        more => format!("+{}", quantity.write(more)),
    };
    let shown_word = match metric.verdict.as_str() {
        "a lower" => Cell::plain("B is higher"),
        "b lower" => Cell::plain("B is lower"),
        _ => Cell::plain("no"),
    };
    let interval = metric.difference.ci95;
    let interval = interval.map_or(String::new(), |ends| quantity.write_interval(ends));
    let mut cells = vec![shown(&metric.metric), quantity.write(metric.a), quantity.write(metric.b)];
    match whole {
        true => cells.extend([signed, interval, share(metric)]),
        false => cells.push(if interval.is_empty() { signed } else { interval }),
    }
    let mut cells: Vec<Cell> = cells.into_iter().map(Cell::plain).collect();
    cells.push(shown_word);
    cells
}

/// The difference as a part of what the first has.
fn share(metric: &ComparedMetric) -> String {
    let share = 100.0 * metric.difference.value / metric.a;
    let sign = if share < 0.0 { "−" } else { "+" };
    match share.is_finite() && share != 0.0 {
        true => format!("{sign}{} %", digits(share.abs(), if share.abs() < 10.0 { 1 } else { 0 })),
        false => String::new(),
    }
}

fn quantity(metric: &str, currency: &str) -> Quantity {
    match metric {
        "cost.per_month" => Quantity::Money(shown(currency)),
        metric if metric.ends_with("_share") => Quantity::Share,
        metric if metric.ends_with(".lag.mean") => Quantity::Count,
        _ => Quantity::Time,
    }
}

fn notes(layouts: &ComparedLayouts) -> Vec<String> {
    let mut notes = vec![match &layouts.unpaired_because {
        None => "paired: the same requests came in both, replication by replication".to_string(),
        Some(why) => format!("unpaired, as two independent runs: {}", shown(why)),
    }];
    if !layouts.without_figures.is_empty() {
        let names: Vec<String> = layouts.without_figures.iter().map(|name| shown(name)).collect();
        notes.push(format!("without a figure in both: {}", names.join(", ")));
    }
    if layouts.metrics.is_empty() {
        notes
            .push("nothing to compare: no steady state, or less than two replications".to_string());
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_written_in_its_unit() {
        let written = |metric: &str| quantity(metric, "USD").write(0.25);
        assert_eq!(written("order-placed.completion.p99"), "250 ms");
        assert_eq!(written("orders.place.half_done_share"), "25 %");
        assert_eq!(written("all.error_share"), "25 %");
        assert_eq!(written("mail.lag.mean"), Quantity::Count.write(0.25));
        assert_eq!(written("cost.per_month"), "$0.25");
    }
}
