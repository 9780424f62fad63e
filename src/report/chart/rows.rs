//! The frame of figures that have a row for each layout: names at the left, a value axis below.

use super::axis::{Axis, TICK_SIZE};
use super::drawing::{Anchor, Drawing};
use super::font;
use super::page::{MARGIN, Surroundings, WIDTH, page};
use super::palette::{BAND, GREY, GRID, INK};

const NAME_SIZE: f64 = 13.0;
const MOST_NAME_ROOM: f64 = 240.0;

/// Paper right of the axis for labels that stand after a bar.
const AFTER: f64 = 76.0;

/// Where rows and values stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    /// Where the axis begins.
    pub(super) left: f64,
    /// Length of the axis.
    pub(super) width: f64,
    /// Upper edge of every row.
    pub(super) tops: Vec<f64>,
}

impl Rows {
    /// Left edge and length of the axis beside these names.
    pub(super) fn across(names: &[String]) -> (f64, f64) {
        let widest = names.iter().map(|name| font::width(name, NAME_SIZE)).fold(0.0, f64::max);
        let left = MARGIN + widest.min(MOST_NAME_ROOM) + 14.0;
        (left, WIDTH - MARGIN - AFTER - left)
    }

    /// A page with a row of its height for each name, the axis and its title.
    pub(super) fn page(
        words: &Surroundings,
        names: &[String],
        heights: &[f64],
        axis: &Axis,
        axis_title: &str,
    ) -> (Drawing, Self) {
        let (left, width) = Self::across(names);
        let total: f64 = heights.iter().sum();
        let (mut drawing, top) = page(words, total + 52.0);
        let mut tops = Vec::with_capacity(heights.len());
        let mut y = top;
        for (index, (name, height)) in names.iter().zip(heights).enumerate() {
            if index % 2 == 0 {
                let size = (WIDTH - 2.0 * MARGIN + 12.0, *height);
                drawing.rectangle((MARGIN - 6.0, y), size, BAND);
            }
            let name = font::fitted(name, NAME_SIZE, MOST_NAME_ROOM);
            let at = (left - 12.0, y + height / 2.0);
            drawing.label(at, Anchor::End, NAME_SIZE, INK, &name);
            tops.push(y);
            y += height;
        }
        for (value, label) in &axis.ticks {
            let x = left + axis.at(*value) * width;
            drawing.line(vec![(x, top), (x, y)], 1.0, GRID);
            drawing.label((x, y + 13.0), Anchor::Middle, TICK_SIZE, INK, label);
        }
        let scale = if axis.is_logarithmic() { ", logarithmic" } else { "" };
        let title = font::fitted(&format!("{axis_title}{scale}"), TICK_SIZE, width + AFTER);
        drawing.label((left, y + 35.0), Anchor::Start, TICK_SIZE, GREY, &title);
        (drawing, Self { left, width, tops })
    }

    /// Where a value stands.
    pub(super) fn x(&self, axis: &Axis, value: f64) -> f64 {
        self.left + axis.at(value) * self.width
    }
}
