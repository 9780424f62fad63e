//! Values over time: curves with bands over a clock, what stands behind them and what is promised of them.

use super::axis::{Axis, Direction};
use super::drawing::{Colour, Drawing, Point};
use super::ends::CurveEnd;
use super::palette::{FAINT, GRID, Look};
use super::plane::Plane;
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

    pub(super) fn times(&self) -> impl Iterator<Item = f64> + '_ {
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
    pub(super) title: &'static str,
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
    pub(super) fn axis(&self) -> Axis {
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
    pub(super) fn draw(&self, drawing: &mut Drawing, plane: &Plane, (clock, axis): (&Axis, &Axis)) {
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
    pub(super) fn ends(
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
