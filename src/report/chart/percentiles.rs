//! Latency percentiles by layout: a dot for each percentile with the whiskers of its interval.
//! Dots and not bars, because a bar has no meaning on a logarithmic axis (Cleveland 1985).

use super::axis::{Axis, Direction};
use super::drawing::{Anchor, Colour, Dash, Drawing};
use super::layouts::{ShownLayout, entries, notes, sound, subtitle_with_intervals, title};
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::palette::{GREY, INK, Look, Marker, VERMILLION};
use super::rows::Rows;
use crate::report::finding::verdict::fastest;
use crate::report::focus::Whom;
use crate::report::names::shown;
use crate::report::numbers::{Quantity, interval};
use crate::study::{Estimate, RunFindings, SloFinding};

const LINE: f64 = 15.0;
const UNSTABLE_ROW: f64 = 34.0;

/// Name, marker and colour of each percentile: darker is farther out.
const PERCENTILES: [(&str, Marker, Colour); 4] = [
    ("p50", Marker::Disc, (0x8f, 0xc1, 0xe3)),
    ("p90", Marker::Square, (0x3f, 0x93, 0xc9)),
    ("p95", Marker::Triangle, (0x00, 0x5f, 0x99)),
    ("p99", Marker::Diamond, (0x00, 0x2f, 0x56)),
];

/// The line of a promise.
const PROMISE: Look = Look { colour: VERMILLION, dash: Dash::Short, marker: Marker::Disc };

/// The figure.
pub(super) fn draw(findings: &RunFindings, whom: &Whom) -> Drawing {
    let layouts = entries(findings);
    let key = |(name, marker, colour): &(&str, Marker, Colour)| {
        LegendEntry::new(Sign::Dot(*marker, *colour), name)
    };
    let promises = promises(findings, whom);
    let line = |(words, _): &(String, f64)| LegendEntry::new(Sign::Line(PROMISE, false), words);
    let words = Surroundings {
        title: title(fastest(findings, whom), whom.titled("Latency percentiles by layout")),
        subtitle: subtitle_with_intervals(
            findings,
            &format!("latency percentiles by layout, good answers of {}", whom.words()),
        ),
        legend: PERCENTILES.iter().map(key).chain(promises.iter().map(line)).collect(),
        notes: notes(findings),
    };
    let found: Vec<[Option<Estimate>; 4]> =
        layouts.iter().map(|entry| percentiles(entry, whom)).collect();
    let mut values: Vec<f64> = found.iter().flatten().flatten().flat_map(ends).collect();
    if values.is_empty() {
        return empty(&words, "No layout has a latency to show.");
    }
    values.extend(promises.iter().map(|(_, promised)| promised));
    let names: Vec<String> = layouts.iter().map(|entry| entry.name.clone()).collect();
    let heights: Vec<f64> = found.iter().map(height).collect();
    let (_, room) = Rows::across(&names);
    let axis = Axis::suited(&values, &Quantity::Time, room, Direction::Across);
    let (mut drawing, rows) = Rows::page(&words, &names, &heights, &axis, "latency");
    let (top, foot) = (rows.tops[0], rows.tops[0] + heights.iter().sum::<f64>());
    for (_, promised) in &promises {
        let x = rows.x(&axis, *promised);
        drawing.dashed(&[(x, top), (x, foot)], 1.6, PROMISE.colour, PROMISE.dash);
    }
    for (index, percentiles) in found.iter().enumerate() {
        let top = rows.tops[index];
        if percentiles.iter().all(Option::is_none) {
            let why = if layouts[index].is_unstable() { "unstable" } else { "too few answers" };
            let at = (rows.left + 8.0, top + heights[index] / 2.0);
            drawing.label(at, Anchor::Start, 12.0, GREY, why);
        }
        let shown = percentiles
            .iter()
            .zip(&PERCENTILES)
            .filter_map(|(found, look)| found.map(|estimate| (estimate, look)));
        for (line, (estimate, (_, marker, colour))) in shown.enumerate() {
            let y = top + 10.0 + LINE * (line as f64 + 0.5);
            whisker(&mut drawing, &rows, &axis, y, &estimate, *colour);
            marker.draw(&mut drawing, (rows.x(&axis, estimate.value), y), 4.6, *colour);
        }
    }
    drawing
}

/// What is promised of latencies of these requests, in words and seconds, each once.
fn promises(findings: &RunFindings, whom: &Whom) -> Vec<(String, f64)> {
    let mut found: Vec<(String, f64)> = Vec::new();
    let own = findings.slo.iter().filter(|promise| promise.endpoint == whom.key());
    let is_latency = |promise: &&SloFinding| {
        promise.metric != "errors" && !promise.metric.starts_with("completion")
    };
    for promise in own.filter(is_latency) {
        let promised = Quantity::Time.write(promise.promised);
        let words = format!("promised: {} ≤ {promised}", shown(&promise.metric));
        if found.iter().all(|(known, _)| *known != words) {
            found.push((words, promise.promised));
        }
    }
    found
}

fn percentiles(layout: &ShownLayout, whom: &Whom) -> [Option<Estimate>; 4] {
    match layout.of(whom) {
        Some(own) if !layout.is_unstable() => {
            let latency = &own.latency_seconds;
            [latency.p50, latency.p90, latency.p95, latency.p99].map(sound)
        }
        _ => [None; 4],
    }
}

fn height(percentiles: &[Option<Estimate>; 4]) -> f64 {
    match percentiles.iter().flatten().count() {
        0 => UNSTABLE_ROW,
        lines => LINE * lines as f64 + 20.0,
    }
}

fn ends(estimate: &Estimate) -> Vec<f64> {
    let mut ends = vec![estimate.value];
    ends.extend(interval(estimate).into_iter().flatten());
    ends
}

/// The interval as a capped line, and the value after it.
fn whisker(
    drawing: &mut Drawing,
    rows: &Rows,
    axis: &Axis,
    y: f64,
    estimate: &Estimate,
    colour: Colour,
) {
    let mut right = rows.x(axis, estimate.value) + 6.0;
    if let Some(interval) = interval(estimate) {
        let [low, high] = interval.map(|end| rows.x(axis, end));
        drawing.line(vec![(low, y), (high, y)], 1.6, colour);
        for x in [low, high] {
            drawing.line(vec![(x, y - 3.5), (x, y + 3.5)], 1.6, colour);
        }
        right = right.max(high);
    }
    let text = Quantity::Time.write_in_column(estimate.value);
    drawing.label((right + 6.0, y), Anchor::Start, 11.0, INK, &text);
}
