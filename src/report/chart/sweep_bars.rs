//! Values that are no numbers, such as protocols: bars beside each other, a group for each value.

use super::axis::Axis;
use super::drawing::{Anchor, Drawing};
use super::font;
use super::page::{LegendEntry, Sign};
use super::palette::INK;
use super::plane::Plane;
use super::sweep_points::{Curve, Curves};
use super::sweep_values::Values;
use super::whisker;
use crate::report::numbers::{Quantity, interval};
use crate::study::Estimate;

/// Part of the room of a value that its bars take.
const GROUP: f64 = 0.76;
const WIDEST: f64 = 64.0;
const SIZE: f64 = 11.0;

/// Whether bars are what shows this: the values are no numbers, and a bar that begins at zero has a meaning. Marks of a
/// second path need dots.
pub(super) fn suit(seen: &Curves, values: &Values, y: &Axis) -> bool {
    !values.are_numbers() && seen.marks.is_empty() && !y.is_logarithmic()
}

/// What the colours of the bars mean.
pub(super) fn legend(seen: &Curves) -> Vec<LegendEntry> {
    let key = |curve: &Curve| LegendEntry::new(Sign::Patch(curve.look.colour), &curve.name);
    seen.curves.iter().map(key).collect()
}

/// The bars of one area.
pub(super) struct Bars<'b> {
    /// Layouts, in the order of the bars of a group.
    pub(super) curves: &'b [Curve<'b>],
    /// For each of them what was found at each value.
    pub(super) found: &'b [Vec<Option<Estimate>>],
    /// What is written above them.
    pub(super) quantity: &'b Quantity,
    /// The values.
    pub(super) x: &'b Axis,
    /// What the bars measure.
    pub(super) y: &'b Axis,
}

impl Bars<'_> {
    /// Draws them, each with its interval and, where it is wide enough, its value.
    pub(super) fn draw(&self, drawing: &mut Drawing, plane: &Plane) {
        let (first, second) = (plane.place(self.x.at(0.0), 0.0), plane.place(self.x.at(1.0), 0.0));
        let count = self.curves.len().max(1) as f64;
        let width = (GROUP * (second.0 - first.0) / count).min(WIDEST);
        let groups = self.found.first().map_or(0, Vec::len);
        for group in 0..groups {
            let (middle, foot) = plane.place(self.x.at(group as f64 + 0.5), 0.0);
            for (index, (curve, found)) in self.curves.iter().zip(self.found).enumerate() {
                let Some(estimate) = found[group] else { continue };
                let left = middle + width * (index as f64 - count / 2.0);
                let height = |value: f64| plane.place(0.0, self.y.at(value)).1;
                let top = height(estimate.value);
                let size = ((width - 2.0).max(1.0), foot - top);
                drawing.rectangle((left, top), size, curve.look.colour);
                let across = left + size.0 / 2.0;
                let mut above = top;
                if let Some(ends) = interval(&estimate) {
                    let ends = ends.map(|end| (across, height(end)));
                    whisker::draw(drawing, ends, INK);
                    above = above.min(ends[1].1);
                }
                let value = self.quantity.write_in_column(estimate.value);
                if font::width(&value, SIZE) < width - 4.0 {
                    drawing.label((across, above - 9.0), Anchor::Middle, SIZE, INK, &value);
                }
            }
        }
    }
}
