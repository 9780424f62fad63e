//! Cost against p99 through a sweep: a line for each layout, its ends named by their value; what does not carry its
//! load stands at the upper edge.

use super::axis::{Axis, Direction};
use super::drawing::{Drawing, Point};
use super::labels;
use super::layouts::{ShownLayout, subtitle, title};
use super::page::{LegendEntry, Sign, Surroundings, WIDTH, empty};
use super::palette::{GREY, Marker};
use super::plane::{HEIGHT, Plane};
use super::sweep_lines::{cost, currency};
use super::sweep_points::{Curve, Curves, curves};
use super::whisker;
use crate::report::finding::along;
use crate::report::focus::Whom;
use crate::report::names::shown;
use crate::report::numbers::{Quantity, interval};
use crate::study::{Estimate, SweepFindings};

/// A point of a line.
struct Trade {
    /// None where it has no bill, as it does not carry its load.
    cost: Option<f64>,
    /// (s) None of a layout that does not carry its load.
    p99: Option<Estimate>,
    /// The varied value.
    value: String,
}

impl Trade {
    fn is_steady(&self) -> bool {
        self.cost.is_some() && self.p99.is_some()
    }
}

/// The figure.
pub(super) fn draw(findings: &SweepFindings, whom: &Whom) -> Drawing {
    let said = [along::fastest(findings, whom), along::cheapest(findings)];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let said = Some(said.join(" ")).filter(|said| !said.is_empty());
    let mut words = Surroundings {
        title: title(said, whom.titled("Cost against p99 through the sweep")),
        ..Surroundings::default()
    };
    let Some((first, seen)) = findings.points.first().zip(curves(findings)) else {
        return empty(&words, "Nothing varies.");
    };
    let what = format!(
        "cost against p99 of {}, a point for each value of {}, the ends named",
        whom.words(),
        seen.path
    );
    words.subtitle = subtitle(&first.run, &what);
    words.notes.clone_from(&seen.notes);
    words.notes.extend(seen.unstable());
    words.notes.extend(seen.incomplete());
    words.legend = seen.legend();
    let trades: Vec<Vec<Trade>> =
        seen.curves.iter().map(|curve| trades(&seen, curve, whom)).collect();
    let all = || trades.iter().flatten();
    let known = || all().filter(|point| point.is_steady()).filter_map(|point| point.p99.as_ref());
    let p99s: Vec<f64> =
        known().flat_map(|p99| interval(p99).into_iter().flatten().chain([p99.value])).collect();
    if p99s.is_empty() {
        return empty(&words, "No point has both a bill and a p99.");
    }
    if all().any(|point| !point.is_steady()) {
        words.legend.push(LegendEntry::new(Sign::Ring(Marker::Disc, GREY), "unstable"));
    }
    let costs: Vec<f64> = all().filter_map(|point| point.cost).collect();
    let y = Axis::suited(&p99s, &Quantity::Time, HEIGHT, Direction::Up);
    let (_, room) = Plane::across(y.widest(), 0.0);
    let money = Quantity::Money(currency(findings));
    let x = Axis::suited(&costs, &money, room, Direction::Across);
    let title = format!("p99 of {}", whom.words());
    let (mut drawing, plane) = Plane::page(&words, (&x, "cost per month"), (&y, &title), 0.0);
    let place = |point: &Trade| {
        let across = point.cost.map_or(1.0, |cost| x.at(cost));
        plane.place(across, point.p99.as_ref().map_or(1.0, |p99| y.at(p99.value)))
    };
    let mut lines: Vec<[Point; 2]> = Vec::new();
    let mut ends: Vec<(Point, String)> = Vec::new();
    for (curve, trade) in seen.curves.iter().zip(&trades) {
        let steady: Vec<Point> =
            trade.iter().filter(|point| point.is_steady()).map(place).collect();
        drawing.dashed(&steady, 2.0, curve.look.colour, curve.look.dash);
        for point in trade {
            let (look, at) = (curve.look, place(point));
            if let Some(ends) = point.p99.as_ref().and_then(interval).filter(|_| point.is_steady())
            {
                let ends = ends.map(|p99| (at.0, plane.place(0.0, y.at(p99)).1));
                whisker::draw(&mut drawing, ends, look.colour);
            }
            match point.is_steady() {
                true => look.marker.draw(&mut drawing, at, 4.6, look.colour),
                false => look.marker.draw_hollow(&mut drawing, at, 5.0, look.colour),
            }
        }
        name_ends(&mut ends, trade.first().into_iter().chain(trade.last()), place);
        lines.extend(steady.windows(2).map(|pair| [pair[0], pair[1]]));
    }
    let [left, top, _, foot] = plane.edges();
    labels::place(&mut drawing, &ends, &lines, [left, top - 12.0, WIDTH - 8.0, foot - 2.0]);
    drawing
}

/// Adds what the ends of a line are called, once where two of one value lie on each other.
fn name_ends<'t>(
    named: &mut Vec<(Point, String)>,
    ends: impl Iterator<Item = &'t Trade>,
    place: impl Fn(&Trade) -> Point,
) {
    for end in ends {
        let (at, value) = (place(end), end.value.clone());
        let is_same = |(known, of): &(Point, String)| {
            *of == value && (known.0 - at.0).hypot(known.1 - at.1) < 4.0
        };
        if !named.iter().any(is_same) {
            named.push((at, value));
        }
    }
}

/// The points of a curve that have a bill and are told at all.
fn trades(seen: &Curves, curve: &Curve, whom: &Whom) -> Vec<Trade> {
    let points = curve.points.iter().zip(&seen.values);
    let known = points.filter_map(|(entry, value)| {
        let entry = entry.as_ref()?;
        let p99 = entry.p99(whom);
        let cost = cost(entry).map(|cost| cost.value);
        let is_told = cost.is_some() && p99.is_some() || ShownLayout::is_unstable(entry);
        is_told.then_some(Trade { cost, p99, value: shown(value) })
    });
    known.collect()
}
