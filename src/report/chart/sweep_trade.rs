//! Cost against p99 through a sweep: a line for each layout, its ends named by their value.

use super::axis::{Axis, Direction};
use super::drawing::{Drawing, Point};
use super::labels;
use super::layouts::subtitle;
use super::page::{LegendEntry, Sign, Surroundings, WIDTH, empty};
use super::plane::{HEIGHT, Plane};
use super::sweep_lines::{cost, currency};
use super::sweep_points::curves;
use crate::report::focus::Whom;
use crate::report::names::shown;
use crate::report::numbers::Quantity;
use crate::study::SweepFindings;

/// One line: cost, p99 (s) and the varied value of each point.
type Trade = Vec<(f64, f64, String)>;

/// The figure.
pub(super) fn draw(findings: &SweepFindings, whom: &Whom) -> Drawing {
    let mut words = Surroundings {
        title: whom.titled("Cost against p99 through the sweep"),
        ..Surroundings::default()
    };
    let Some((first, seen)) = findings.points.first().zip(curves(findings)) else {
        return empty(&words, "Nothing varies.");
    };
    let what = format!("a point for each value of {}, the ends named", seen.path);
    words.subtitle = subtitle(&first.run, &what);
    words.notes.clone_from(&seen.notes);
    words.notes.extend(seen.unstable());
    words.notes.extend(seen.incomplete());
    let key = |curve: &super::sweep_points::Curve| {
        LegendEntry::new(Sign::Line(curve.look, true), &curve.name)
    };
    words.legend = seen.curves.iter().map(key).collect();
    let trades: Vec<Trade> = seen
        .curves
        .iter()
        .map(|curve| {
            let points = curve.points.iter().zip(&seen.values);
            let known = points.filter_map(|(entry, value)| {
                let entry = entry.as_ref()?;
                Some((cost(entry)?.value, entry.p99(whom)?.value, shown(value)))
            });
            known.collect()
        })
        .collect();
    let all = || trades.iter().flatten();
    if all().next().is_none() {
        return empty(&words, "No point has both a bill and a p99.");
    }
    let p99s: Vec<f64> = all().map(|point| point.1).collect();
    let costs: Vec<f64> = all().map(|point| point.0).collect();
    let y = Axis::suited(&p99s, &Quantity::Time, HEIGHT, Direction::Up);
    let (_, room) = Plane::across(&y);
    let money = Quantity::Money(currency(findings));
    let x = Axis::suited(&costs, &money, room, Direction::Across);
    let title = format!("p99 of {}", whom.words());
    let (mut drawing, plane) = Plane::page(&words, (&x, "cost per month"), (&y, &title));
    let mut lines: Vec<[Point; 2]> = Vec::new();
    let mut ends: Vec<(Point, String)> = Vec::new();
    for (curve, trade) in seen.curves.iter().zip(&trades) {
        let points: Vec<Point> =
            trade.iter().map(|(cost, p99, _)| plane.place(x.at(*cost), y.at(*p99))).collect();
        drawing.dashed(&points, 2.0, curve.look.colour, curve.look.dash);
        for point in &points {
            curve.look.marker.draw(&mut drawing, *point, 4.6, curve.look.colour);
        }
        let named = points.iter().zip(trade).map(|(point, (_, _, value))| (*point, value.clone()));
        let named: Vec<(Point, String)> = named.collect();
        for end in named.first().into_iter().chain(named.last()) {
            let is_same = |(point, value): &(Point, String)| {
                *value == end.1 && (point.0 - end.0.0).hypot(point.1 - end.0.1) < 4.0
            };
            if !ends.iter().any(is_same) {
                ends.push(end.clone());
            }
        }
        lines.extend(points.windows(2).map(|pair| [pair[0], pair[1]]));
    }
    let [left, top, _, foot] = plane.edges();
    labels::place(&mut drawing, &ends, &lines, [left, top - 12.0, WIDTH - 8.0, foot - 2.0]);
    drawing
}
