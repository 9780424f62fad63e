//! Latency percentiles by layout: a dot for each percentile with the whiskers of its interval, and a panel for each
//! endpoint with a promise. Dots and not bars, because a bar has no meaning on a logarithmic axis (Cleveland 1985).

use super::axis::{Axis, Direction};
use super::drawing::{Anchor, Colour, Drawing};
use super::font;
use super::layouts::{
    ShownLayout, entries, notes, p99_of_one, sound, subtitle_with_intervals, title,
};
use super::page::{LegendEntry, Sign, Surroundings, WIDTH, empty};
use super::palette::{GREY, INK, Marker};
use super::promises::{self, Promise};
use super::rows::{NamedRow, Rows};
use super::whisker;
use crate::report::finding::verdict::fastest;
use crate::report::focus::Whom;
use crate::report::numbers::{Quantity, interval};
use crate::study::{Estimate, Latency, RunFindings};

const LINE: f64 = 17.0;
const UNSTABLE_ROW: f64 = 34.0;
/// Size of the value after a whisker.
const TEXT: f64 = 11.0;

/// Panels of promised endpoints; what is more stands in the table of promises.
const MOST_PANELS: usize = 6;

/// A figure of a latency and how it looks: darker is farther out.
type LatencyFigure = (&'static str, Marker, Colour, fn(&Latency) -> Option<Estimate>);

const MEAN: LatencyFigure = ("mean", Marker::Square, (0x9a, 0x9a, 0x9a), |latency| latency.mean);
const P999: LatencyFigure = ("p999", Marker::Disc, (0x00, 0x14, 0x2b), |latency| latency.p999);
const PERCENTILES: [LatencyFigure; 4] = [
    ("p50", Marker::Disc, (0x8f, 0xc1, 0xe3), |latency| latency.p50),
    ("p90", Marker::Square, (0x3f, 0x93, 0xc9), |latency| latency.p90),
    ("p95", Marker::Triangle, (0x00, 0x5f, 0x99), |latency| latency.p95),
    ("p99", Marker::Diamond, (0x00, 0x2f, 0x56), |latency| latency.p99),
];

/// Somebody's figures in all layouts.
struct EndpointPanel {
    whom: Whom,
    figures: Vec<LatencyFigure>,
    promises: Vec<Promise>,
}

/// Which layout is fastest, or how fast the only one is.
fn finding(findings: &RunFindings, whom: &Whom) -> Option<String> {
    fastest(findings, whom).or_else(|| p99_of_one(findings, whom))
}

/// The figure.
pub(super) fn draw(findings: &RunFindings, whom: &Whom) -> Drawing {
    let layouts = entries(findings);
    let (panels, left_out) = panels(findings, whom);
    let mut words = Surroundings {
        title: title(finding(findings, whom), whom.titled("Latency percentiles by layout")),
        subtitle: subtitle_with_intervals(
            findings,
            &format!("latency percentiles by layout, good answers of {}", whom.words()),
        ),
        legend: legend(&panels),
        notes: notes(findings),
    };
    if left_out > 0 {
        words.notes.push(format!("{left_out} more endpoints have promises; the tables have all."));
    }
    let found = |panel: &EndpointPanel| -> Vec<Vec<Option<Estimate>>> {
        layouts.iter().map(|entry| estimates(entry, panel)).collect()
    };
    let found: Vec<Vec<Vec<Option<Estimate>>>> = panels.iter().map(found).collect();
    let known = found.iter().flatten().flatten().flatten();
    let mut values: Vec<f64> = known.flat_map(ends).collect();
    if values.is_empty() {
        return empty(&words, "No layout has a latency to show.");
    }
    let promises = panels.iter().flat_map(|panel| &panel.promises);
    values.extend(promises.map(|promise| promise.value));
    let lines = rows(&panels, &layouts, &found);
    let (_, room) = Rows::across(&lines);
    let axis = Axis::suited(&values, &Quantity::Time, room, Direction::Across);
    let (mut drawing, rows) = Rows::page(&words, &lines, &axis, "latency");
    for (turn, (panel, found)) in panels.iter().zip(&found).enumerate() {
        let own = turn * layouts.len()..(turn + 1) * layouts.len();
        let last = own.end - 1;
        let (top, foot) = (rows.tops[own.start], rows.tops[last] + lines[last].height);
        for promise in &panel.promises {
            let x = rows.x(&axis, promise.value);
            let ends = [(x, top), (x, foot)];
            drawing.dashed(&ends, 1.6, promises::LINE.colour, promises::LINE.dash);
        }
        for ((row, entry), found) in own.zip(&layouts).zip(found) {
            let place = (rows.tops[row], lines[row].height);
            figures(&mut drawing, (&rows, &axis), place, panel, found, entry);
        }
    }
    drawing
}

/// All figures of these requests; of all together a panel for each endpoint that has a promise, too, with the figures
/// that are promised. Answers with how many of these have none.
fn panels(findings: &RunFindings, whom: &Whom) -> (Vec<EndpointPanel>, usize) {
    let is_latency = |metric: &str| metric != "errors" && !metric.starts_with("completion");
    let of = |whom: &Whom| promises::of([findings], whom, is_latency);
    let whole =
        EndpointPanel { whom: whom.clone(), figures: PERCENTILES.into(), promises: of(whom) };
    let mut panels = vec![whole];
    if !whom.is_all() {
        return (panels, 0);
    }
    let mut endpoints: Vec<Whom> = Vec::new();
    for promise in findings.slo.iter().filter(|promise| is_latency(&promise.metric)) {
        let own = Whom::one(&promise.endpoint);
        if !own.is_all() && !endpoints.contains(&own) {
            endpoints.push(own);
        }
    }
    let left_out = endpoints.len().saturating_sub(MOST_PANELS);
    panels.extend(endpoints.into_iter().take(MOST_PANELS).map(|own| {
        let promises = of(&own);
        let is_promised =
            |figure: &LatencyFigure| promises.iter().any(|promise| promise.metric == figure.0);
        let all = [MEAN].into_iter().chain(PERCENTILES).chain([P999]);
        EndpointPanel { figures: all.filter(is_promised).collect(), promises, whom: own }
    }));
    (panels, left_out)
}

/// Markers, and the line of promises.
fn legend(panels: &[EndpointPanel]) -> Vec<LegendEntry> {
    let mut known: Vec<&str> = Vec::new();
    let mut legend = Vec::new();
    for (name, marker, colour, _) in panels.iter().flat_map(|panel| &panel.figures) {
        if !known.contains(name) {
            known.push(name);
            legend.push(LegendEntry::new(Sign::Dot(*marker, *colour), name));
        }
    }
    let line = |words: &str| LegendEntry::new(Sign::Line(promises::LINE, false), words);
    match panels {
        [only] => legend.extend(only.promises.iter().map(|promise| line(&promise.words))),
        several if several.iter().any(|panel| !panel.promises.is_empty()) => {
            legend.push(line("promised"));
        }
        _ => {}
    }
    legend
}

/// A row for each layout in each panel, the first of a panel under its title.
fn rows(
    panels: &[EndpointPanel],
    layouts: &[ShownLayout],
    found: &[Vec<Vec<Option<Estimate>>>],
) -> Vec<NamedRow> {
    let mut rows = Vec::new();
    for (panel, found) in panels.iter().zip(found) {
        for (index, (entry, found)) in layouts.iter().zip(found).enumerate() {
            let mut row = NamedRow::new(&entry.name, height(found));
            if index == 0 && panels.len() > 1 {
                let promised = panel.promises.iter().map(|promise| promise.words.clone());
                let head = [panel.whom.words()].into_iter().chain(promised);
                row.head = head.collect::<Vec<String>>().join(" · ");
            }
            rows.push(row);
        }
    }
    rows
}

fn estimates(layout: &ShownLayout, panel: &EndpointPanel) -> Vec<Option<Estimate>> {
    let own = layout.of(&panel.whom).filter(|_| !layout.is_unstable());
    let of = |(.., of): &LatencyFigure| sound(own.and_then(|own| of(&own.latency_seconds)));
    panel.figures.iter().map(of).collect()
}

fn height(found: &[Option<Estimate>]) -> f64 {
    match found.iter().flatten().count() {
        0 => UNSTABLE_ROW,
        lines => LINE * lines as f64 + 16.0,
    }
}

fn ends(estimate: &Estimate) -> Vec<f64> {
    let mut ends = vec![estimate.value];
    ends.extend(interval(estimate).into_iter().flatten());
    ends
}

/// The figures of a layout, each on a line of its own, with what they break.
fn figures(
    drawing: &mut Drawing,
    (rows, axis): (&Rows, &Axis),
    (top, height): (f64, f64),
    panel: &EndpointPanel,
    found: &[Option<Estimate>],
    entry: &ShownLayout,
) {
    if found.iter().all(Option::is_none) {
        let why = if entry.is_unstable() { "unstable" } else { "too few answers" };
        let at = (rows.left + 8.0, top + height / 2.0);
        drawing.label(at, Anchor::Start, 12.0, GREY, why);
    }
    let shown = found
        .iter()
        .zip(&panel.figures)
        .filter_map(|(found, figure)| found.map(|estimate| (estimate, figure)));
    for (line, (estimate, (name, marker, colour, _))) in shown.enumerate() {
        let y = top + 8.0 + LINE * (line as f64 + 0.5);
        let dot = (rows.x(axis, estimate.value), y);
        let [mut left, mut right] = [dot.0 - 6.0, dot.0 + 6.0];
        if let Some(interval) = interval(&estimate) {
            let ends = interval.map(|end| (rows.x(axis, end), y));
            whisker::draw(drawing, ends, *colour);
            left = left.min(ends[0].0);
            right = right.max(ends[1].0);
        }
        marker.draw(drawing, dot, 4.6, *colour);
        let is_broken =
            |promise: &Promise| promise.metric == *name && estimate.value > promise.value;
        let broken = if panel.promises.iter().any(is_broken) { ", too slow" } else { "" };
        let text = format!("{}{broken}", Quantity::Time.write_in_column(estimate.value));
        let sides = [((right + 6.0, y), Anchor::Start), ((left - 6.0, y), Anchor::End)];
        let is_free = |(at, anchor): &&((f64, f64), Anchor)| {
            let [from, _, to, _] = font::text_box(*at, *anchor, TEXT, &text);
            let lines = panel.promises.iter().map(|promise| rows.x(axis, promise.value));
            from >= rows.left
                && to <= WIDTH - 4.0
                && !lines.into_iter().any(|line| from - 3.0 < line && line < to + 3.0)
        };
        let (at, anchor) = sides.iter().find(is_free).unwrap_or(&sides[0]);
        drawing.label(*at, *anchor, TEXT, INK, &text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;

    fn says(drawing: &Drawing, words: &str) -> bool {
        let is_it = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text.contains(words));
        drawing.marks.iter().any(is_it)
    }

    #[test]
    fn endpoints_with_promises_have_a_panel_of_what_is_promised() {
        let findings = sample::three_layouts();
        let drawing = draw(&findings, &Whom::all());
        assert!(says(&drawing, "home · promised: p99 ≤ 80 ms") && !says(&drawing, "checkout"));
        assert!(says(&drawing, ", too slow"));
        let one = draw(&findings, &Whom::one("checkout"));
        assert!(!says(&one, "home ·") && !says(&one, "promised"));
        let mut free = findings;
        free.slo.clear();
        assert!(!says(&draw(&free, &Whom::all()), "promised"));
    }
}
