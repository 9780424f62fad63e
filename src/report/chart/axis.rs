//! Axes: where a value stands and which round values are written.

use super::font;
use crate::report::numbers::{Quantity, digits};

/// Size of the letters at ticks.
pub(super) const TICK_SIZE: f64 = 12.0;

/// Which way an axis runs, and so how close its labels may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Left to right.
    Across,
    /// Upward.
    Up,
}

/// A value axis: maps finite values to 0…1 and knows its ticks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
    /// Values with their labels, rising.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An axis from zero that holds all `values`, on `room` logical pixels.
    pub(super) fn linear(
        values: &[f64],
        quantity: &Quantity,
        room: f64,
        direction: Direction,
    ) -> Self {
        let most = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let most = if most > 0.0 { most } else { quantity_when_empty(quantity) };
        let unit = quantity.unit(most);
        let ticks_for = |step: f64| -> Vec<(f64, String)> {
            let count = (most / unit.size / step - 1e-9).ceil().max(1.0);
            let decimals = (-step.log10().floor()).max(0.0) as usize;
            let label = |number: f64| match number {
                0.0 => "0".to_owned(),
                _ => unit.with(&digits(number, decimals)),
            };
            (0..=count as u32)
                .map(|index| f64::from(index) * step)
                .map(|number| (number * unit.size, label(number)))
                .collect()
        };
        let mut ticks = Vec::new();
        for step in round_steps(most / unit.size / 10.0) {
            ticks = ticks_for(step);
            let high = ticks.last().map_or(most, |(value, _)| *value);
            if fits(&ticks, |value| value / high, room, direction) {
                break;
            }
        }
        let high = ticks.last().map_or(most, |(value, _)| *value);
        Self::sound(0.0, high, false, ticks)
    }

    /// Linear around the values where they lie close together, so that they can be told apart; else as it suits them.
    pub(super) fn around(
        values: &[f64],
        quantity: &Quantity,
        room: f64,
        direction: Direction,
    ) -> Self {
        let sound = || values.iter().copied().filter(|value| value.is_finite());
        let (least, most) =
            (sound().fold(f64::INFINITY, f64::min), sound().fold(0.0_f64, f64::max));
        // Below a thousandth of the values nobody asks which is which.
        let wide = (most - least).max(most * 1e-3);
        if !(least > 0.0 && wide < 0.5 * most) {
            return Self::suited(values, quantity, room, direction);
        }
        let unit = quantity.unit(most);
        let [low, high] = [least - 0.25 * wide, most + 0.25 * wide].map(|end| end / unit.size);
        let mut ticks = Vec::new();
        for step in round_steps((high - low) / 10.0) {
            let decimals = (-step.log10().floor()).max(0.0) as usize;
            let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
            ticks = (first..=last)
                .map(|index| index as f64 * step)
                .map(|number| (number * unit.size, unit.with(&digits(number, decimals))))
                .collect();
            let (from, to) = (first as f64 * step, last as f64 * step);
            let share = |value: f64| (value / unit.size - from) / (to - from);
            if fits(&ticks, share, room, direction) {
                break;
            }
        }
        match (ticks.first(), ticks.last()) {
            (Some(&(low, _)), Some(&(high, _))) if low < high => {
                Self::sound(low, high, false, ticks)
            }
            _ => Self::suited(values, quantity, room, direction),
        }
    }

    /// Whether zero is on it, or cannot be.
    pub(super) fn begins_at_zero(&self) -> bool {
        self.logarithmic || self.low == 0.0
    }

    /// A logarithmic axis that holds all positive `values`; others stand at its lower end.
    pub(super) fn logarithmic(
        values: &[f64],
        quantity: &Quantity,
        room: f64,
        direction: Direction,
    ) -> Self {
        let positive = || values.iter().copied().filter(|value| value.is_finite() && *value > 0.0);
        let (least, most) =
            (positive().fold(f64::INFINITY, f64::min), positive().fold(0.0, f64::max));
        if most == 0.0 {
            return Self::linear(values, quantity, room, direction);
        }
        let low = round_down(least);
        let high = round_up(most).max(low * 10.0);
        let share = |value: f64| (value / low).ln() / (high / low).ln();
        let decade = |value: f64| value.log10().round() as i32;
        let all: Vec<f64> = one_two_five(low, high);
        let mut ticks = Vec::new();
        for every in [0, 1, 2, 3, 4, 6, 12] {
            let kept = all.iter().copied().filter(|value| {
                let exact = (value.log10() - value.log10().round()).abs() < 1e-9;
                every == 0 || (exact && decade(*value).rem_euclid(every) == 0)
            });
            ticks = kept.map(|value| (value, tick(quantity, value))).collect();
            if fits(&ticks, share, room, direction) {
                break;
            }
        }
        Self::sound(low, high, true, ticks)
    }

    /// Linear from zero, or logarithmic where the values spread over more than a factor 30: there
    /// the small ones could not be read.
    pub(super) fn suited(
        values: &[f64],
        quantity: &Quantity,
        room: f64,
        direction: Direction,
    ) -> Self {
        if spread(values) > 30.0 {
            Self::logarithmic(values, quantity, room, direction)
        } else {
            Self::linear(values, quantity, room, direction)
        }
    }

    /// An axis with these labels at these rising values, those that fit; logarithmic if told.
    pub(super) fn labelled(ticks: Vec<(f64, String)>, logarithmic: bool, room: f64) -> Self {
        let low = ticks.first().map_or(0.0, |(value, _)| *value);
        let high = ticks.last().map_or(1.0, |(value, _)| *value);
        let high = if high > low { high } else { low + 1.0 };
        let mut axis = Self::sound(low, high, logarithmic, Vec::new());
        let mut free = f64::NEG_INFINITY;
        for (value, label) in ticks {
            let label = font::fitted(&label, TICK_SIZE, 140.0);
            let half = font::width(&label, TICK_SIZE) / 2.0;
            let place = axis.at(value) * room;
            if place - half > free {
                free = place + half + 10.0;
                axis.ticks.push((value, label));
            }
        }
        axis
    }

    /// An axis with a band for each of these labels, each in the middle of its band.
    pub(super) fn bands(labels: &[String], room: f64) -> Self {
        let count = labels.len().max(1) as f64;
        let mut axis = Self::sound(0.0, count, false, Vec::new());
        let ticks = labels.iter().enumerate().map(|(index, label)| {
            (index as f64 + 0.5, font::fitted(label, TICK_SIZE, room / count - 8.0))
        });
        axis.ticks = ticks.collect();
        axis
    }

    fn sound(low: f64, high: f64, logarithmic: bool, ticks: Vec<(f64, String)>) -> Self {
        let finite = low.is_finite() && high.is_finite() && low < high;
        assert!(finite && (!logarithmic || low > 0.0), "an axis cannot run from {low} to {high}");
        Self { low, high, logarithmic, ticks }
    }

    /// Place of a value from 0 to 1; beyond the ends, the end.
    pub(super) fn at(&self, value: f64) -> f64 {
        let place = if self.logarithmic {
            (value.max(self.low) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        if place.is_nan() { 0.0 } else { place.clamp(0.0, 1.0) }
    }

    /// Whether the axis is logarithmic.
    pub(super) fn is_logarithmic(&self) -> bool {
        self.logarithmic
    }

    /// Width of the widest label.
    pub(super) fn widest(&self) -> f64 {
        self.ticks.iter().map(|(_, label)| font::width(label, TICK_SIZE)).fold(0.0, f64::max)
    }
}

/// Greatest over least of the positive values; 1 where there are none.
pub(super) fn spread(values: &[f64]) -> f64 {
    let positive = || values.iter().copied().filter(|value| value.is_finite() && *value > 0.0);
    let least = positive().fold(f64::INFINITY, f64::min);
    if least.is_finite() { positive().fold(0.0, f64::max) / least } else { 1.0 }
}

fn quantity_when_empty(quantity: &Quantity) -> f64 {
    match quantity {
        Quantity::Time => 1e-3,
        _ => 1.0,
    }
}

/// Whether labels at these places keep their distance.
fn fits(
    ticks: &[(f64, String)],
    share: impl Fn(f64) -> f64,
    room: f64,
    direction: Direction,
) -> bool {
    ticks.windows(2).all(|pair| {
        let gap = (share(pair[1].0) - share(pair[0].0)) * room;
        let needed = match direction {
            Direction::Across => {
                let half = |label: &str| font::width(label, TICK_SIZE) / 2.0;
                half(&pair[0].1) + half(&pair[1].1) + 18.0
            }
            Direction::Up => 3.8 * TICK_SIZE,
        };
        gap >= needed
    })
}

/// Rising round steps from about `least`: 1, 2, 5 times powers of ten.
fn round_steps(least: f64) -> impl Iterator<Item = f64> {
    let power = least.max(1e-300).log10().floor() as i32;
    (power..power + 4).flat_map(|power| [1.0, 2.0, 5.0].map(|lead| lead * 10f64.powi(power)))
}

fn one_two_five(low: f64, high: f64) -> Vec<f64> {
    let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
    powers
        .flat_map(|power| [1.0, 2.0, 5.0].map(|lead| power_of_ten(lead, power)))
        .filter(|value| *value >= low * 0.999 && *value <= high * 1.001)
        .collect()
}

/// `lead` × 10^`power`, divided rather than multiplied below one: 1e-3, not 0.0010000000000000002.
fn power_of_ten(lead: f64, power: i32) -> f64 {
    if power < 0 { lead / 10f64.powi(-power) } else { lead * 10f64.powi(power) }
}

fn round_down(value: f64) -> f64 {
    let power = value.log10().floor() as i32;
    let leads = [5.0, 2.0, 1.0].map(|lead| power_of_ten(lead, power));
    leads.into_iter().find(|round| *round <= value * 1.001).unwrap_or(value)
}

fn round_up(value: f64) -> f64 {
    let power = value.log10().floor() as i32;
    let leads = [1.0, 2.0, 5.0, 10.0].map(|lead| power_of_ten(lead, power));
    leads.into_iter().find(|round| *round >= value * 0.999).unwrap_or(value)
}

/// The label of a round value. Seconds stay seconds: decades of minutes are no round numbers.
fn tick(quantity: &Quantity, value: f64) -> String {
    match quantity {
        Quantity::Time if value > 1.0 => format!("{} s", digits(value, 0)),
        Quantity::Money(_) | Quantity::Rate if value >= 1.0 => {
            quantity.unit(value).with(&digits(value, 0))
        }
        _ => quantity.write(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn a_linear_axis_has_round_ticks_in_one_unit() {
        let axis = Axis::linear(&[0.0043, 0.0312], &Quantity::Time, 400.0, Direction::Across);
        assert_eq!(
            labels(&axis),
            ["0", "5 ms", "10 ms", "15 ms", "20 ms", "25 ms", "30 ms", "35 ms"]
        );
        let axis = Axis::linear(&[0.43], &Quantity::Share, 300.0, Direction::Across);
        assert_eq!(labels(&axis), ["0", "10 %", "20 %", "30 %", "40 %", "50 %"]);
    }

    #[test]
    fn a_logarithmic_axis_writes_what_fits() {
        let narrow = [0.004, 0.09];
        let axis = Axis::logarithmic(&narrow, &Quantity::Time, 600.0, Direction::Across);
        assert_eq!(labels(&axis), ["2 ms", "5 ms", "10 ms", "20 ms", "50 ms", "100 ms"]);
        let wide = [1e-6, 100.0];
        let axis = Axis::logarithmic(&wide, &Quantity::Time, 700.0, Direction::Across);
        assert_eq!(
            labels(&axis),
            ["1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"],
        );
        let axis = Axis::logarithmic(&[50.0, 900.0], &Quantity::Rate, 600.0, Direction::Across);
        assert_eq!(labels(&axis), ["50/s", "100/s", "200/s", "500/s", "1,000/s"]);
        let axis = Axis::logarithmic(&wide, &Quantity::Time, 250.0, Direction::Across);
        assert_eq!(labels(&axis), ["1 µs", "100 µs", "10 ms", "1 s", "100 s"]);
    }

    #[test]
    fn places_run_from_zero_to_one() {
        let axis = Axis::logarithmic(&[1.0, 100.0], &Quantity::Rate, 500.0, Direction::Up);
        assert!((axis.at(10.0) - 0.5).abs() < 1e-12);
        assert_eq!((axis.at(0.0), axis.at(1e9), axis.at(f64::NAN)), (0.0, 1.0, 0.0));
        let axis = Axis::linear(&[3.0, 10.0], &Quantity::Rate, 500.0, Direction::Up);
        assert_eq!((axis.at(5.0), axis.at(10.0)), (0.5, 1.0));
    }

    #[test]
    fn values_without_any_size_or_number_still_give_an_axis() {
        for values in [&[][..], &[0.0], &[f64::NAN, f64::INFINITY], &[f64::MIN_POSITIVE], &[1e300]]
        {
            for quantity in [Quantity::Time, Quantity::Money("USD".to_owned()), Quantity::Share] {
                let axis = Axis::suited(values, &quantity, 300.0, Direction::Across);
                assert!((0.0..=1.0).contains(&axis.at(0.5)));
                let axis = Axis::logarithmic(values, &quantity, 300.0, Direction::Across);
                assert!((0.0..=1.0).contains(&axis.at(0.5)));
            }
        }
    }
}
