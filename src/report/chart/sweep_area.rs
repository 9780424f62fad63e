//! One area of a figure of a sweep: curves or bars over the varied value, what they are held against and what was
//! promised behind them, and what does not carry its load at the upper edge.

use super::axis::{Axis, Direction};
use super::drawing::{Drawing, Point};
use super::ends::CurveEnd;
use super::layouts::ShownLayout;
use super::palette::PALE;
use super::plane::{Area, Plane};
use super::promises::{self, Promise};
use super::sweep_bars::{self, Bars};
use super::sweep_points::{Curve, Curves};
use super::sweep_values::Values;
use super::whisker;
use crate::report::focus::Whom;
use crate::report::numbers::{Quantity, interval};
use crate::study::{EndpointFindings, Estimate, SweepFindings};

/// What is drawn over the varied value in one area.
pub(super) struct Measure {
    pub(super) axis_title: String,
    pub(super) quantity: Quantity,
    pub(super) height: f64,
    pub(super) of: fn(&ShownLayout, &Whom) -> Option<Estimate>,
    /// What it is held against, drawn behind it.
    pub(super) against: Option<fn(&EndpointFindings) -> Estimate>,
    /// What the promises of it are called.
    pub(super) promised: &'static str,
    /// Whether a layout that does not carry its load is beyond all values.
    pub(super) unstable_at_edge: bool,
}

/// What one area shows: for every curve the value at every place, and what stands behind.
pub(super) struct ShownArea<'m> {
    measure: &'m Measure,
    found: Vec<Vec<Option<Estimate>>>,
    pub(super) behind: Vec<Vec<Option<f64>>>,
    promises: Vec<Promise>,
    pub(super) axis: Axis,
}

impl<'m> ShownArea<'m> {
    /// `None` where there is nothing to show: no value, or of errors nothing but none.
    pub(super) fn of(
        measure: &'m Measure,
        seen: &Curves,
        findings: &SweepFindings,
        whom: &Whom,
    ) -> Option<Self> {
        let value = |point: &Option<ShownLayout>| (measure.of)(point.as_ref()?, whom);
        let values = |curve: &Curve| curve.points.iter().map(value).collect();
        let found: Vec<Vec<Option<Estimate>>> = seen.curves.iter().map(values).collect();
        let known = || found.iter().flatten().flatten();
        let is_nothing = measure.quantity == Quantity::Share && known().all(|one| one.value <= 0.0);
        if known().next().is_none() || is_nothing {
            return None;
        }
        let behind = measure.against.map_or(Vec::new(), |of| behind(seen, whom, of));
        let runs = findings.points.iter().map(|point| &point.run);
        let promises = promises::of(runs, whom, |metric| metric == measure.promised);
        let ends = known()
            .flat_map(|one| interval(one).into_iter().flatten().chain([one.value]))
            .chain(behind.iter().flatten().flatten().copied())
            .chain(promises.iter().map(|promise| promise.value));
        let heights: Vec<f64> = ends.collect();
        // Nothing at all has no place on a logarithmic axis.
        let has_none = known().any(|one| one.value <= 0.0);
        let axis = if has_none { Axis::linear } else { Axis::suited };
        let axis = axis(&heights, &measure.quantity, measure.height, Direction::Up);
        Some(ShownArea { measure, found, behind, promises, axis })
    }

    pub(super) fn area(&self) -> Area<'_> {
        let Measure { axis_title, height, .. } = self.measure;
        Area { axis: &self.axis, title: axis_title, height: *height }
    }
}

/// One area with what it shows.
pub(super) struct Picture<'p> {
    pub(super) seen: &'p Curves<'p>,
    pub(super) values: &'p Values,
    pub(super) x: &'p Axis,
    pub(super) area: &'p ShownArea<'p>,
    pub(super) plane: &'p Plane,
}

impl Picture<'_> {
    fn at(&self, place: f64, value: f64) -> Point {
        self.plane.place(self.x.at(place), self.area.axis.at(value))
    }

    /// Draws it, what stands behind first.
    pub(super) fn draw(&self, drawing: &mut Drawing) {
        for line in &self.area.behind {
            let points = self.values.places.iter().zip(line);
            if !self.values.are_numbers() {
                let known = points.filter_map(|(place, value)| Some((place, (*value)?)));
                known.for_each(|(place, value)| {
                    let ends = [-0.45, 0.45].map(|aside| self.at(place + aside, value));
                    drawing.line(ends.to_vec(), 5.0, PALE);
                });
                continue;
            }
            let points = points.map(|(place, value)| Some(self.at(*place, (*value)?)));
            stretches(points, |run| drawing.line(run, 5.0, PALE));
        }
        let [left, _, right, _] = self.plane.edges();
        for promise in &self.area.promises {
            let (_, y) = self.at(0.0, promise.value);
            promises::across(drawing, [left, right], y, &promise.words);
        }
        if sweep_bars::suit(self.seen, self.values, &self.area.axis) {
            let (curves, found) = (&self.seen.curves, &self.area.found);
            let quantity = &self.area.measure.quantity;
            let bars = Bars { curves, found, quantity, x: self.x, y: &self.area.axis };
            bars.draw(drawing, self.plane);
        } else {
            self.curves(drawing);
        }
        if self.area.measure.unstable_at_edge {
            self.edge(drawing);
        }
    }

    /// Lines first, those that cover most below; then intervals and markers.
    fn curves(&self, drawing: &mut Drawing) {
        let mut order: Vec<usize> = (0..self.seen.curves.len()).collect();
        order.sort_by_key(|index| self.seen.curves[*index].look.dash);
        for index in order.iter().filter(|_| self.values.are_numbers()) {
            let look = self.seen.curves[*index].look;
            stretches(self.points(*index), |run| drawing.dashed(&run, 2.0, look.colour, look.dash));
        }
        for (curve, found) in self.seen.curves.iter().zip(&self.area.found) {
            let known = found.iter().zip(&self.values.places).zip(&curve.points);
            for ((estimate, place), point) in known {
                let Some(estimate) = estimate else { continue };
                if let Some(ends) = interval(estimate) {
                    let ends = ends.map(|end| self.at(*place, end));
                    whisker::draw(drawing, ends, curve.look.colour);
                }
                let dot = self.at(*place, estimate.value);
                match point.as_ref().is_some_and(ShownLayout::is_unstable) {
                    true => curve.look.marker.draw_hollow(drawing, dot, 4.6, curve.look.colour),
                    false => curve.look.marker.draw(drawing, dot, 4.6, curve.look.colour),
                }
            }
        }
    }

    fn points(&self, curve: usize) -> impl Iterator<Item = Option<Point>> {
        let known = self.area.found[curve].iter().zip(&self.values.places);
        known.map(|(found, place)| Some(self.at(*place, (*found)?.value)))
    }

    /// Layouts that do not carry their load, at the upper edge, beside each other.
    fn edge(&self, drawing: &mut Drawing) {
        const APART: f64 = 12.0;
        for (index, place) in self.values.places.iter().enumerate() {
            let is_out = |(curve, found): &(&Curve, &Vec<Option<Estimate>>)| {
                let point = curve.points[index].as_ref();
                found[index].is_none() && point.is_some_and(ShownLayout::is_unstable)
            };
            let all = self.seen.curves.iter().zip(&self.area.found);
            let out: Vec<&Curve> = all.filter(is_out).map(|(curve, _)| curve).collect();
            let (middle, top) = self.plane.place(self.x.at(*place), 1.0);
            let first = middle - APART * (out.len().saturating_sub(1)) as f64 / 2.0;
            for (turn, curve) in out.iter().enumerate() {
                let dot = (first + APART * turn as f64, top);
                curve.look.marker.draw_hollow(drawing, dot, 5.0, curve.look.colour);
            }
        }
    }

    /// Where every curve ends: at its last value, or at the edge where it has none.
    pub(super) fn ends(&self) -> Vec<CurveEnd> {
        let end = |(index, curve): (usize, &Curve)| {
            let last = self.points(index).flatten().last();
            let at = last.unwrap_or_else(|| self.plane.place(1.0, 1.0));
            CurveEnd { at, name: curve.name.clone(), look: curve.look }
        };
        self.seen.curves.iter().enumerate().map(end).collect()
    }
}

/// What the curves are held against: a line for every different course of it, as layouts under the same requests
/// have the same.
fn behind(
    seen: &Curves,
    whom: &Whom,
    of: fn(&EndpointFindings) -> Estimate,
) -> Vec<Vec<Option<f64>>> {
    let mut lines: Vec<Vec<Option<f64>>> = Vec::new();
    for curve in &seen.curves {
        let value = |point: &Option<ShownLayout>| {
            Some(of(point.as_ref()?.of(whom)?).value).filter(|value| value.is_finite())
        };
        let line: Vec<Option<f64>> = curve.points.iter().map(value).collect();
        if line.iter().any(Option::is_some) && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Lines through points, broken where one is missing: over it, one would claim to know what lies there.
fn stretches(points: impl Iterator<Item = Option<Point>>, mut draw: impl FnMut(Vec<Point>)) {
    let points: Vec<Option<Point>> = points.collect();
    for run in points.split(Option::is_none) {
        draw(run.iter().flatten().copied().collect());
    }
}
