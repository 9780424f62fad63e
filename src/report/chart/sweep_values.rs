//! The values along the axis of a sweep: numbers at their distance, anything else in bands.

use super::axis::{Axis, spread};
use super::sweep_points::Curves;
use crate::report::finding::along::numbers;
use crate::report::names::shown;

/// The values along the axis.
pub(super) struct Values {
    labels: Vec<String>,
    /// Where each stands.
    pub(super) places: Vec<f64>,
    are_numbers: bool,
}

impl Values {
    /// Of a sweep: rising numbers of one unit are numbers.
    pub(super) fn of(seen: &Curves) -> Self {
        let labels: Vec<String> = seen.values.iter().map(|value| shown(value)).collect();
        let rising = |numbers: &Vec<f64>| numbers.windows(2).all(|pair| pair[0] < pair[1]);
        let numbers = numbers(&seen.values).filter(rising);
        let bands = || (0..labels.len()).map(|index| index as f64 + 0.5).collect();
        let are_numbers = numbers.is_some();
        Values { places: numbers.unwrap_or_else(bands), labels, are_numbers }
    }

    /// Whether they stand at their distance, so that a line between them has a meaning.
    pub(super) fn are_numbers(&self) -> bool {
        self.are_numbers
    }
}

/// The horizontal axis with the author's own values: numbers by their ratio where they spread widely.
pub(super) fn value_axis(values: &Values, room: f64) -> Axis {
    if !values.are_numbers {
        return Axis::bands(&values.labels, room);
    }
    let logarithmic = values.places[0] > 0.0 && spread(&values.places) >= 8.0;
    let ticks = values.places.iter().copied().zip(values.labels.iter().cloned()).collect();
    Axis::labelled(ticks, logarithmic, room)
}
