//! Values over time: curves with bands over a clock, what stands behind them and what is promised of them.

use super::axis::{Axis, Direction};
use super::drawing::{Colour, Drawing, Point};
use super::ends::{self, CurveEnd};
use super::page::{LegendEntry, Sign, Surroundings};
use super::palette::{FAINT, GRID, Look};
use super::plane::{Area, Plane};
use super::promises::{self, Promise};
use crate::report::numbers::{Quantity, interval};
use crate::study::Estimate;

/// What a shaded window looks like on paper.
pub(super) const FAINT_PATCH: Colour = (0xe4, 0xe4, 0xe4);

const WIDTH: f64 = 2.2;

/// A value over time; `None` breaks the line.
pub(super) struct TimeCurve {
    pub(super) look: Look,
    /// (s) When, and what was found.
    pub(super) points: Vec<Option<(f64, Estimate)>>,
}

impl TimeCurve {
    /// Whether there is a line to see.
    pub(super) fn is_shown(&self) -> bool {
        self.stretches().any(|points| points.len() > 1)
    }

    fn times(&self) -> impl Iterator<Item = f64> + '_ {
        self.points.iter().flatten().map(|(time, _)| *time)
    }

    /// Stretches without a gap, of finite values.
    fn stretches(&self) -> impl Iterator<Item = Vec<(f64, Estimate)>> {
        let is_shown = |point: &Option<(f64, Estimate)>| {
            point.is_some_and(|(_, estimate)| estimate.value.is_finite())
        };
        let stretches = self.points.split(move |point| !is_shown(point));
        stretches.map(|points| points.iter().flatten().copied().collect())
    }
}

/// One area over the clock.
pub(super) struct Panel {
    pub(super) title: String,
    pub(super) quantity: Quantity,
    /// Logical pixels.
    pub(super) height: f64,
    /// In the order of the layouts.
    pub(super) courses: Vec<TimeCurve>,
    /// Steps behind the curves: from, to (s), value.
    pub(super) area: Vec<(f64, f64, f64)>,
    /// Windows that tell little: from, to (s).
    pub(super) faint: Vec<(f64, f64)>,
    pub(super) promises: Vec<Promise>,
}

impl Panel {
    /// Whether there is no curve, or of errors nothing but none.
    pub(super) fn is_empty(&self) -> bool {
        let mut values = self.courses.iter().flat_map(|course| course.points.iter().flatten());
        let is_nothing =
            self.quantity == Quantity::Share && values.all(|(_, found)| found.value <= 0.0);
        is_nothing || !self.courses.iter().any(TimeCurve::is_shown)
    }

    /// Its values; times that spread widely on a logarithmic scale.
    fn axis(&self) -> Axis {
        let points = self.courses.iter().flat_map(|course| course.points.iter().flatten());
        // A band that reaches down to nothing must not drag a logarithmic axis along.
        let ends = points.flat_map(|(_, estimate)| {
            let high = interval(estimate).map(|[_, high]| high);
            high.into_iter().chain([estimate.value])
        });
        let area = self.area.iter().map(|(_, _, value)| *value);
        let promised = self.promises.iter().map(|promise| promise.value);
        let values: Vec<f64> = ends.chain(area).chain(promised).collect();
        match self.quantity {
            Quantity::Time => Axis::suited(&values, &self.quantity, self.height, Direction::Up),
            _ => Axis::linear(&values, &self.quantity, self.height, Direction::Up),
        }
    }

    /// What stands behind, then bands, then lines: those that cover most first.
    fn draw(&self, drawing: &mut Drawing, plane: &Plane, (clock, axis): (&Axis, &Axis)) {
        let place = |time: f64, value: f64| plane.place(clock.at(time), axis.at(value));
        let [left, top, right, foot] = plane.edges();
        for (from, to, value) in self.area.iter().filter(|(_, _, value)| value.is_finite()) {
            let (corner, (end, _)) = (place(*from, *value), place(*to, *value));
            drawing.rectangle(corner, (end - corner.0, foot - corner.1), GRID);
        }
        for (from, to) in &self.faint {
            let [from, to] = [*from, *to].map(|time| place(time, 0.0).0);
            drawing.veil(vec![(from, top), (to, top), (to, foot), (from, foot)], FAINT);
        }
        for course in &self.courses {
            for points in course.stretches() {
                let (mut above, mut below): (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
                for (time, estimate) in points {
                    let [low, high] = interval(&estimate).unwrap_or([estimate.value; 2]);
                    above.push(place(time, high));
                    below.push(place(time, low));
                }
                above.extend(below.into_iter().rev());
                drawing.veil(above, course.look.colour);
            }
        }
        for promise in &self.promises {
            let (_, y) = place(0.0, promise.value);
            promises::across(drawing, [left, right], y, &promise.words);
        }
        let mut order: Vec<&TimeCurve> = self.courses.iter().collect();
        order.sort_by_key(|course| course.look.dash);
        for course in order {
            for points in course.stretches() {
                let line: Vec<Point> =
                    points.iter().map(|(time, estimate)| place(*time, estimate.value)).collect();
                drawing.dashed(&line, WIDTH, course.look.colour, course.look.dash);
                // A window alone between two gaps.
                if let [only] = line[..] {
                    drawing.disc(only, WIDTH, course.look.colour);
                }
            }
        }
    }

    /// Where its curves end, with the names of their layouts.
    fn ends(
        &self,
        plane: &Plane,
        (clock, axis): (&Axis, &Axis),
        names: impl Iterator<Item = String>,
    ) -> Vec<CurveEnd> {
        let end = |(course, name): (&TimeCurve, String)| {
            let (time, estimate) = course.stretches().flatten().last()?;
            let at = plane.place(clock.at(time), axis.at(estimate.value));
            Some(CurveEnd { at, name, look: course.look })
        };
        self.courses.iter().zip(names).filter_map(end).collect()
    }
}

/// Areas under each other on one clock. The layouts are named beside the first area that has a curve of each, where there
/// is room for that; else they stand first in the legend.
pub(super) fn draw_panels(
    mut words: Surroundings,
    layouts: &[(String, Look)],
    panels: &[Panel],
) -> Drawing {
    let named = panels.iter().position(|panel| panel.courses.iter().all(TimeCurve::is_shown));
    let named = named.zip(ends::room(layouts.iter().map(|(name, _)| name.as_str())));
    if named.is_none() {
        let key = |(name, look): &(String, Look)| LegendEntry::new(Sign::Line(*look, false), name);
        words.legend.splice(0..0, layouts.iter().map(key));
    }
    let times = panels.iter().flat_map(|panel| panel.courses.iter().flat_map(TimeCurve::times));
    let end = times.fold(0.0, f64::max);
    let axes: Vec<Axis> = panels.iter().map(Panel::axis).collect();
    let widest = axes.iter().map(Axis::widest).fold(0.0, f64::max);
    let after = named.map_or(0.0, |(_, room)| room);
    let (_, width) = Plane::across(widest, after);
    let clock = Axis::linear(&[end], &Quantity::Time, width, Direction::Across);
    let areas: Vec<Area> = panels
        .iter()
        .zip(&axes)
        .map(|(panel, axis)| Area { axis, title: &panel.title, height: panel.height })
        .collect();
    let (mut drawing, planes) =
        Plane::pages(&words, (&clock, "time since the start"), &areas, after);
    for (index, ((panel, axis), plane)) in panels.iter().zip(&axes).zip(&planes).enumerate() {
        panel.draw(&mut drawing, plane, (&clock, axis));
        if named.is_some_and(|(place, _)| place == index) {
            let names = layouts.iter().map(|(name, _)| name.clone());
            ends::name(&mut drawing, plane.edges(), panel.ends(plane, (&clock, axis), names));
        }
    }
    drawing
}
