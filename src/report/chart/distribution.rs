//! The distribution of latency: the share of answers that are at least so fast, one line a layout.
//! The share is drawn by its nines (as HdrHistogram plots are), because tails are the question.

use super::axis::{Axis, Direction};
use super::drawing::{Dash, Drawing, Point};
use super::layouts::{ShownLayout, entries, notes, subtitle, title};
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::palette::{Look, look};
use super::plane::{HEIGHT, Plane};
use crate::report::finding::verdict::fastest;
use crate::report::focus::Whom;
use crate::report::numbers::Quantity;
use crate::study::RunFindings;

/// Shares that are written at the axis.
const SHARES: [(f64, &str); 6] = [
    (0.0, "0"),
    (0.5, "50 %"),
    (0.9, "90 %"),
    (0.99, "99 %"),
    (0.999, "99.9 %"),
    (0.9999, "99.99 %"),
];

/// Points of a line.
const POINTS: u32 = 160;

/// One layout's line: latencies (s) and nines, rising.
struct LatencyCurve {
    look: Look,
    points: Vec<(f64, f64)>,
}

/// The figure.
pub(super) fn draw(findings: &RunFindings, whom: &Whom) -> Drawing {
    let layouts = entries(findings);
    let curves: Vec<LatencyCurve> =
        layouts.iter().enumerate().filter_map(|entry| curve(entry, whom)).collect();
    let keys = layouts.iter().enumerate().filter(|(_, entry)| has_curve(entry, whom));
    let what = format!(
        "latency distribution by layout, good answers of {}, pooled over all replications",
        whom.words()
    );
    let words = Surroundings {
        title: title(fastest(findings, whom), whom.titled("Latency distribution by layout")),
        subtitle: subtitle(findings, &what),
        legend: keys
            .map(|(index, entry)| LegendEntry::new(Sign::Line(broken(index), false), &entry.name))
            .collect(),
        notes: notes(findings),
    };
    if curves.is_empty() {
        return empty(&words, "No layout has latencies to show.");
    }
    let most =
        curves.iter().flat_map(|curve| &curve.points).map(|point| point.1).fold(0.3, f64::max);
    let shares = SHARES.iter().map(|(share, label)| (nines(*share), (*label).to_owned()));
    let mut ticks: Vec<(f64, String)> = shares.filter(|(place, _)| *place <= most + 0.01).collect();
    if ticks.last().is_some_and(|(place, _)| *place < most) {
        ticks.push((most, String::new()));
    }
    let y = Axis::labelled(ticks, false, HEIGHT * 3.0);
    let (_, room) = Plane::across(&y);
    let latencies: Vec<f64> =
        curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0)).collect();
    let x = Axis::logarithmic(&latencies, &Quantity::Time, room, Direction::Across);
    let title = "share of answers at least as fast, by nines";
    let (mut drawing, plane) = Plane::page(&words, (&x, "latency"), (&y, title));
    for curve in &curves {
        let place = |(latency, nines): &(f64, f64)| plane.place(x.at(*latency), y.at(*nines));
        let points: Vec<Point> = curve.points.iter().map(place).collect();
        drawing.dashed(&points, 2.2, curve.look.colour, curve.look.dash);
    }
    drawing
}

/// Minus the logarithm of the share that is slower: 1 at 90 %, 2 at 99 %.
fn nines(share: f64) -> f64 {
    -(1.0 - share).log10()
}

fn has_curve(entry: &ShownLayout, whom: &Whom) -> bool {
    !entry.is_unstable() && entry.of(whom).is_some_and(|own| own.histogram.count() > 0)
}

/// The look of a layout's line. Neighbours are broken differently, so that a line under another one
/// can be seen between its strokes.
fn broken(index: usize) -> Look {
    const DASHES: [Dash; 4] = [Dash::Solid, Dash::Short, Dash::Dots, Dash::Long];
    Look { dash: DASHES[index % DASHES.len()], ..look(index) }
}

/// The line of a layout from the fastest hundredth, as far out as ten answers lie beyond.
fn curve((index, entry): (usize, &ShownLayout), whom: &Whom) -> Option<LatencyCurve> {
    if !has_curve(entry, whom) {
        return None;
    }
    let histogram = &entry.of(whom)?.histogram;
    let farthest = (histogram.count() as f64 / 10.0).log10().clamp(nines(0.9), nines(0.9999));
    let point = |step: u32| {
        let first = nines(0.01);
        let nines = first + (farthest - first) * f64::from(step) / f64::from(POINTS);
        let share = 1.0 - 10f64.powf(-nines);
        Some((histogram.quantile(share)? / 1e9, nines))
    };
    let points: Vec<(f64, f64)> = (0..=POINTS).filter_map(point).collect();
    Some(LatencyCurve { look: broken(index), points })
}
