//! Stacked bars, a row for each layout: parts in one order and one colour each, the total after
//! them. Where totals differ so much that small ones could not be read, bars show shares instead.

use super::axis::{Axis, Direction, spread};
use super::drawing::Colour;
use super::drawing::{Anchor, Drawing};
use super::font;
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::palette::{GREY, INK, PALE, ink_on};
use super::rows::{NamedRow, Rows};
use crate::report::numbers::Quantity;

const ROW: f64 = 46.0;
const BAR: f64 = 26.0;
const SHARE_SIZE: f64 = 11.0;

/// A part smaller than this share of every bar is counted among the others.
const TINY: f64 = 0.005;

/// One kind of part.
pub(super) struct Part {
    /// Name in the legend.
    pub(super) name: String,
    /// Filling.
    pub(super) colour: Colour,
}

/// One bar.
pub(super) struct Bar {
    /// Name of the layout.
    pub(super) name: String,
    /// Amount of each part, in the order of the parts; `None` where there is nothing to show.
    pub(super) amounts: Option<Vec<f64>>,
    /// What stands in the place of a bar.
    pub(super) instead: &'static str,
}

/// What the figure says besides its bars.
pub(super) struct Stack {
    /// Title, subtitle, notes; the legend comes from the parts.
    pub(super) words: Surroundings,
    /// What amounts are.
    pub(super) quantity: Quantity,
    /// What the axis counts.
    pub(super) axis_title: &'static str,
    /// What is said where no bar can be drawn.
    pub(super) nothing: &'static str,
}

/// The figure.
pub(super) fn draw(stack: Stack, parts: Vec<Part>, bars: &[Bar]) -> Drawing {
    let (parts, amounts) = merged(parts, bars);
    let total = |amounts: &Vec<f64>| amounts.iter().sum::<f64>();
    let totals: Vec<f64> =
        amounts.iter().flatten().map(total).filter(|total| *total > 0.0).collect();
    let mut words = stack.words;
    if totals.is_empty() {
        return empty(&words, stack.nothing);
    }
    let key = |part: &Part| LegendEntry::new(Sign::Patch(part.colour), &part.name);
    words.legend = parts.iter().map(key).collect();
    let in_shares = spread(&totals) > 20.0;
    let lines: Vec<NamedRow> = bars.iter().map(|bar| NamedRow::new(&bar.name, ROW)).collect();
    let (_, room) = Rows::across(&lines);
    let (axis, title) = if in_shares {
        let title = format!("share of {}; the amount stands after the bar", stack.axis_title);
        (Axis::linear(&[1.0], &Quantity::Share, room, Direction::Across), title)
    } else {
        let axis = Axis::linear(&totals, &stack.quantity, room, Direction::Across);
        (axis, stack.axis_title.to_owned())
    };
    let (mut drawing, rows) = Rows::page(&words, &lines, &axis, &title);
    for ((bar, amounts), top) in bars.iter().zip(&amounts).zip(&rows.tops) {
        let middle = top + ROW / 2.0;
        let Some(amounts) = amounts else {
            let at = (rows.left + 8.0, middle);
            drawing.label(at, Anchor::Start, 12.0, GREY, bar.instead);
            continue;
        };
        let whole = total(amounts);
        let unit = if in_shares && whole > 0.0 { whole } else { 1.0 };
        let mut sum = 0.0;
        for (part, amount) in parts.iter().zip(amounts) {
            let from = rows.x(&axis, sum / unit);
            sum += amount;
            let to = rows.x(&axis, sum / unit);
            // A thread of paper between the parts helps where two colours look alike.
            let width = if to - from > 3.0 { to - from - 1.0 } else { to - from };
            drawing.rectangle((from, middle - BAR / 2.0), (width, BAR), part.colour);
            let share = Quantity::Share.write(amount / whole);
            if width > font::width(&share, SHARE_SIZE) + 10.0 {
                let (at, ink) = ((from + width / 2.0, middle), ink_on(part.colour));
                drawing.label(at, Anchor::Middle, SHARE_SIZE, ink, &share);
            }
        }
        let at = (rows.x(&axis, sum / unit) + 8.0, middle);
        drawing.label(at, Anchor::Start, 12.5, INK, &stack.quantity.write_in_column(whole));
    }
    drawing
}

/// The parts with the tiny ones merged into one, and the amounts of every bar to match. What is
/// not a positive number counts as nothing.
fn merged(parts: Vec<Part>, bars: &[Bar]) -> (Vec<Part>, Vec<Option<Vec<f64>>>) {
    let positive = |amount: f64| {
        if amount.is_finite() && amount > 0.0 { amount } else { 0.0 }
    };
    let sound: Vec<Option<Vec<f64>>> = bars
        .iter()
        .map(|bar| bar.amounts.as_ref().map(|all| all.iter().copied().map(positive).collect()))
        .collect();
    let share_of = |index: usize, amounts: &Vec<f64>| {
        let whole: f64 = amounts.iter().sum();
        if whole > 0.0 { amounts[index] / whole } else { 0.0 }
    };
    let largest = |index: usize| {
        sound.iter().flatten().map(|amounts| share_of(index, amounts)).fold(0.0, f64::max)
    };
    let (mut kept, mut others): (Vec<usize>, Vec<usize>) = (0..parts.len())
        .filter(|index| largest(*index) > 0.0)
        .partition(|index| largest(*index) >= TINY);
    // One tiny part needs no name but its own.
    if others.len() == 1 {
        kept.append(&mut others);
        kept.sort_unstable();
    }
    let amounts = sound
        .iter()
        .map(|bar| {
            bar.as_ref().map(|amounts| {
                let mut all: Vec<f64> = kept.iter().map(|index| amounts[*index]).collect();
                if !others.is_empty() {
                    all.push(others.iter().map(|index| amounts[*index]).sum());
                }
                all
            })
        })
        .collect();
    let mut names: Vec<Part> = parts
        .into_iter()
        .enumerate()
        .filter_map(|(index, part)| kept.contains(&index).then_some(part))
        .collect();
    if !others.is_empty() {
        let name = format!("{} others, below 0.5 % each", others.len());
        names.push(Part { name, colour: PALE });
    }
    (names, amounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str) -> Part {
        Part { name: name.to_owned(), colour: PALE }
    }

    fn bar(amounts: &[f64]) -> Bar {
        Bar { name: "a".to_owned(), amounts: Some(amounts.to_vec()), instead: "" }
    }

    #[test]
    fn tiny_parts_are_merged_and_nothing_is_lost() {
        let parts = ["a", "b", "c", "d"].map(part).into();
        let (parts, amounts) =
            merged(parts, &[bar(&[98.0, 0.2, 1.4, 0.4]), bar(&[9.9, 0.0, 0.1, 0.0])]);
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["a", "c", "2 others, below 0.5 % each"]);
        assert!((amounts[0].as_ref().unwrap().iter().sum::<f64>() - 100.0).abs() < 1e-12);
    }

    #[test]
    fn a_part_that_is_tiny_in_one_bar_and_large_in_another_keeps_its_name() {
        let parts = ["a", "b"].map(part).into();
        let (parts, _) = merged(parts, &[bar(&[99.9, 0.1]), bar(&[50.0, 50.0])]);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[1].name, "b");
    }

    #[test]
    fn parts_that_are_nowhere_do_not_clutter_the_legend() {
        let parts = ["a", "b", "c"].map(part).into();
        let (parts, amounts) = merged(parts, &[bar(&[1.0, 0.0, f64::NAN])]);
        assert_eq!((parts.len(), amounts[0].as_deref()), (1, Some(&[1.0][..])));
    }
}
