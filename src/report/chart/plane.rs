//! The frame of figures with two value axes. Titles stand level: nobody should tilt the head.

use super::axis::{Axis, TICK_SIZE};
use super::drawing::{Anchor, Drawing, Point};
use super::font;
use super::page::{MARGIN, Surroundings, WIDTH, page};
use super::palette::{GREY, GRID, INK};

/// Height of the area between the axes.
pub(super) const HEIGHT: f64 = 400.0;

/// Paper right of the area, for the last label of the horizontal axis.
const AFTER: f64 = 34.0;

/// Where values stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plane {
    left: f64,
    top: f64,
    width: f64,
}

impl Plane {
    /// Left edge and width of the area beside this vertical axis.
    pub(super) fn across(y: &Axis) -> (f64, f64) {
        let left = MARGIN + y.widest().max(30.0) + 10.0;
        (left, WIDTH - MARGIN - AFTER - left)
    }

    /// A page with both axes and their titles.
    pub(super) fn page(
        words: &Surroundings,
        x: (&Axis, &str),
        y: (&Axis, &str),
    ) -> (Drawing, Self) {
        const ABOVE: f64 = 30.0;
        let (left, width) = Self::across(y.0);
        let (mut drawing, top) = page(words, HEIGHT + ABOVE + 52.0);
        let plane = Self { left, top: top + ABOVE, width };
        let titled = |(axis, title): (&Axis, &str), room: f64| {
            let scale = if axis.is_logarithmic() { ", logarithmic" } else { "" };
            font::fitted(&format!("{title}{scale}"), TICK_SIZE, room)
        };
        for (value, label) in &y.0.ticks {
            let (_, height) = plane.place(0.0, y.0.at(*value));
            drawing.line(vec![(left, height), (left + width, height)], 1.0, GRID);
            drawing.label((left - 8.0, height), Anchor::End, TICK_SIZE, INK, label);
        }
        let foot = plane.top + HEIGHT;
        for (value, label) in &x.0.ticks {
            let (across, _) = plane.place(x.0.at(*value), 0.0);
            drawing.line(vec![(across, plane.top), (across, foot)], 1.0, GRID);
            drawing.label((across, foot + 14.0), Anchor::Middle, TICK_SIZE, INK, label);
        }
        let room = WIDTH - 2.0 * MARGIN;
        let at = (MARGIN, top + 4.0);
        drawing.label(at, Anchor::Start, TICK_SIZE, GREY, &titled(y, room));
        let at = (left + width, foot + 36.0);
        drawing.label(at, Anchor::End, TICK_SIZE, GREY, &titled(x, width));
        (drawing, plane)
    }

    /// The point at these shares of the area, counted from its lower left corner.
    pub(super) fn place(&self, across: f64, up: f64) -> Point {
        (self.left + across * self.width, self.top + (1.0 - up) * HEIGHT)
    }

    /// The edges of the area: left, top, right, bottom.
    pub(super) fn edges(&self) -> [f64; 4] {
        [self.left, self.top, self.left + self.width, self.top + HEIGHT]
    }
}
