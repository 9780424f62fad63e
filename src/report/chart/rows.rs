//! The frame of figures that have a row for each layout: names at the left, a value axis below.

use super::axis::{Axis, TICK_SIZE};
use super::drawing::{Anchor, Drawing};
use super::font;
use super::page::{MARGIN, Surroundings, WIDTH, page};
use super::palette::{BAND, GREY, GRID, INK, PAPER};

const NAME_SIZE: f64 = 13.0;
const MOST_NAME_ROOM: f64 = 240.0;

/// Paper right of the axis for labels that stand after a bar.
const AFTER: f64 = 76.0;

/// Room above a row for the title of those that begin with it.
const HEAD: f64 = 30.0;

/// A row before it has a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NamedRow {
    /// What stands at its left.
    pub(super) name: String,
    /// Logical pixels.
    pub(super) height: f64,
    /// What stands above it, where a group of rows begins with it; empty for nothing.
    pub(super) head: String,
}

impl NamedRow {
    /// One without a title above it.
    pub(super) fn new(name: &str, height: f64) -> Self {
        NamedRow { name: name.to_owned(), height, head: String::new() }
    }

    fn head_height(&self) -> f64 {
        if self.head.is_empty() { 0.0 } else { HEAD }
    }
}

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
    pub(super) fn across(rows: &[NamedRow]) -> (f64, f64) {
        let widest = rows.iter().map(|row| font::width(&row.name, NAME_SIZE)).fold(0.0, f64::max);
        let left = MARGIN + widest.min(MOST_NAME_ROOM) + 14.0;
        (left, WIDTH - MARGIN - AFTER - left)
    }

    /// A page with these rows, the axis and its title.
    pub(super) fn page(
        words: &Surroundings,
        rows: &[NamedRow],
        axis: &Axis,
        axis_title: &str,
    ) -> (Drawing, Self) {
        let (left, width) = Self::across(rows);
        let total: f64 = rows.iter().map(|row| row.head_height() + row.height).sum();
        let (mut drawing, top) = page(words, total + 52.0);
        let mut tops = Vec::with_capacity(rows.len());
        let mut heads = Vec::new();
        let mut y = top;
        for (index, row) in rows.iter().enumerate() {
            if !row.head.is_empty() {
                heads.push(((MARGIN - 6.0, y + HEAD / 2.0 + 2.0), row.head.as_str()));
                y += HEAD;
            }
            if index % 2 == 0 {
                let size = (WIDTH - 2.0 * MARGIN + 12.0, row.height);
                drawing.rectangle((MARGIN - 6.0, y), size, BAND);
            }
            let name = font::fitted(&row.name, NAME_SIZE, MOST_NAME_ROOM);
            let at = (left - 12.0, y + row.height / 2.0);
            drawing.label(at, Anchor::End, NAME_SIZE, INK, &name);
            tops.push(y);
            y += row.height;
        }
        for (value, label) in &axis.ticks {
            let x = left + axis.at(*value) * width;
            drawing.line(vec![(x, top), (x, y)], 1.0, GRID);
            drawing.label((x, y + 13.0), Anchor::Middle, TICK_SIZE, INK, label);
        }
        // Over the grid, on paper of their own.
        for (at, head) in heads {
            let size = (WIDTH - 2.0 * MARGIN + 12.0, HEAD);
            drawing.rectangle((at.0, at.1 - HEAD / 2.0 - 2.0), size, PAPER);
            let head = font::fitted(head, NAME_SIZE, WIDTH - 2.0 * MARGIN);
            drawing.label((at.0 + 6.0, at.1 + 2.0), Anchor::Start, NAME_SIZE, GREY, &head);
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
