//! The frame of figures with value axes: one area, or several under each other over one horizontal axis. Titles
//! stand level: nobody should tilt the head.

use super::axis::{Axis, TICK_SIZE};
use super::drawing::{Anchor, Drawing, Point};
use super::font;
use super::page::{MARGIN, Surroundings, WIDTH, page};
use super::palette::{GREY, GRID, INK};

/// Height of the area of a figure that has only one.
pub(super) const HEIGHT: f64 = 400.0;

/// Paper right of the area, for the last label of the horizontal axis.
pub(super) const AFTER: f64 = 34.0;

/// Room above an area, for its title.
const ABOVE: f64 = 30.0;

/// Room between two areas, besides that for the title.
const BETWEEN: f64 = 14.0;

/// Room under the last area, for the horizontal axis.
const BELOW: f64 = 52.0;

/// One area: its vertical axis, what that counts, and its height.
pub(super) struct Area<'a> {
    /// Its values.
    pub(super) axis: &'a Axis,
    /// What they are.
    pub(super) title: &'a str,
    /// Logical pixels.
    pub(super) height: f64,
}

/// Where values stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plane {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Plane {
    /// Left edge and width of areas beside vertical axes with labels so wide, and with so much paper at their right.
    pub(super) fn across(widest: f64, after: f64) -> (f64, f64) {
        let left = MARGIN + widest.max(30.0) + 14.0;
        (left, WIDTH - MARGIN - after.max(AFTER) - left)
    }

    /// A page with one area, both axes and their titles.
    pub(super) fn page(
        words: &Surroundings,
        x: (&Axis, &str),
        y: (&Axis, &str),
        after: f64,
    ) -> (Drawing, Self) {
        let (axis, title) = y;
        let (drawing, planes) =
            Self::pages(words, x, &[Area { axis, title, height: HEIGHT }], after);
        (drawing, planes[0])
    }

    /// A page with areas under each other.
    pub(super) fn pages(
        words: &Surroundings,
        x: (&Axis, &str),
        areas: &[Area],
        after: f64,
    ) -> (Drawing, Vec<Self>) {
        let widest = areas.iter().map(|area| area.axis.widest()).fold(0.0, f64::max);
        let (left, width) = Self::across(widest, after);
        let heights: f64 = areas.iter().map(|area| ABOVE + area.height).sum();
        let gaps = BETWEEN * areas.len().saturating_sub(1) as f64;
        let (mut drawing, mut top) = page(words, heights + gaps + BELOW);
        let mut planes = Vec::with_capacity(areas.len());
        for area in areas {
            let plane = Self { left, top: top + ABOVE, width, height: area.height };
            plane.frame(&mut drawing, x.0, area);
            top += ABOVE + area.height + BETWEEN;
            planes.push(plane);
        }
        let foot = planes.last().map_or(top, |plane| plane.top + plane.height);
        for (value, label) in &x.0.ticks {
            let across = left + x.0.at(*value) * width;
            drawing.label((across, foot + 16.0), Anchor::Middle, TICK_SIZE, INK, label);
        }
        let at = (left + width, foot + 37.0);
        drawing.label(at, Anchor::End, TICK_SIZE, GREY, &titled(x, width));
        (drawing, planes)
    }

    /// Grid, labels and title of an area.
    fn frame(&self, drawing: &mut Drawing, x: &Axis, area: &Area) {
        for (value, label) in &area.axis.ticks {
            let (_, height) = self.place(0.0, area.axis.at(*value));
            let ends = vec![(self.left, height), (self.left + self.width, height)];
            drawing.line(ends, 1.0, GRID);
            drawing.label((self.left - 12.0, height), Anchor::End, TICK_SIZE, INK, label);
        }
        let foot = self.top + self.height;
        for (value, _) in &x.ticks {
            let (across, _) = self.place(x.at(*value), 0.0);
            drawing.line(vec![(across, self.top), (across, foot)], 1.0, GRID);
        }
        let title = titled((area.axis, area.title), WIDTH - 2.0 * MARGIN);
        let at = (MARGIN, self.top - ABOVE + 4.0);
        drawing.label(at, Anchor::Start, TICK_SIZE, GREY, &title);
    }

    /// The point at these shares of the area, counted from its lower left corner.
    pub(super) fn place(&self, across: f64, up: f64) -> Point {
        (self.left + across * self.width, self.top + (1.0 - up) * self.height)
    }

    /// The edges of the area: left, top, right, bottom.
    pub(super) fn edges(&self) -> [f64; 4] {
        [self.left, self.top, self.left + self.width, self.top + self.height]
    }
}

/// What an axis counts, and that it is logarithmic where it is.
fn titled((axis, title): (&Axis, &str), room: f64) -> String {
    let scale = if axis.is_logarithmic() { ", logarithmic" } else { "" };
    font::fitted(&format!("{title}{scale}"), TICK_SIZE, room)
}
