//! p99 and cost over the varied value: a line for each layout, whiskers for the intervals.

use super::axis::{Axis, Direction, spread};
use super::drawing::{Drawing, Point};
use super::layouts::{ShownLayout, subtitle, subtitle_with_intervals};
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::plane::{HEIGHT, Plane};
use super::sweep_points::{Curves, curves};
use crate::report::names::shown;
use crate::report::numbers::{Quantity, interval};
use crate::study::{Estimate, RunFindings, SweepFindings};
use crate::units::split_number;

/// What is drawn over the varied value.
struct Measure {
    title: &'static str,
    what: &'static str,
    subtitle: fn(&RunFindings, &str) -> String,
    axis_title: &'static str,
    nothing: &'static str,
    quantity: Quantity,
    of: fn(&ShownLayout) -> Option<Estimate>,
}

/// p99 of all endpoints over the varied value.
pub(super) fn draw_p99(findings: &SweepFindings) -> Drawing {
    let measure = Measure {
        title: "p99 over the varied value",
        what: "99th percentile of all endpoints",
        subtitle: subtitle_with_intervals,
        axis_title: "p99 of all endpoints",
        nothing: "No point has a p99.",
        quantity: Quantity::Time,
        of: |entry| entry.p99(),
    };
    draw(findings, &measure)
}

/// Cost per month over the varied value.
pub(super) fn draw_cost(findings: &SweepFindings) -> Drawing {
    let measure = Measure {
        title: "Cost over the varied value",
        what: "monthly bill",
        subtitle,
        axis_title: "cost per month",
        nothing: "No point has a bill.",
        quantity: Quantity::Money(currency(findings)),
        of: cost,
    };
    draw(findings, &measure)
}

/// The currency of the sweep.
pub(super) fn currency(findings: &SweepFindings) -> String {
    let layouts = || findings.points.iter().flat_map(|point| point.run.layouts.iter());
    layouts().map(|(_, found)| shown(&found.cost.currency)).next().unwrap_or_default()
}

/// The bill of a layout that carries its load and has prices.
pub(super) fn cost(entry: &ShownLayout) -> Option<Estimate> {
    let bill = &entry.found.cost;
    let is_known = !entry.is_unstable() && !bill.lines.is_empty() && bill.per_month.is_finite();
    is_known.then_some(Estimate { value: bill.per_month, ci95: None })
}

fn draw(findings: &SweepFindings, measure: &Measure) -> Drawing {
    let mut words = Surroundings { title: measure.title.to_owned(), ..Surroundings::default() };
    if let Some(point) = findings.points.first() {
        words.subtitle = (measure.subtitle)(&point.run, measure.what);
    }
    let Some(seen) = curves(findings) else {
        return empty(&words, "Nothing varies.");
    };
    words.notes.clone_from(&seen.notes);
    if matches!(measure.quantity, Quantity::Money(_)) {
        words.notes.extend(seen.incomplete());
    }
    let key = |curve: &super::sweep_points::Curve| {
        LegendEntry::new(Sign::Line(curve.look, true), &curve.name)
    };
    words.legend = seen.curves.iter().map(key).collect();
    let found = |point: &Option<ShownLayout>| point.as_ref().and_then(measure.of);
    let estimates = || seen.curves.iter().flat_map(|curve| curve.points.iter().filter_map(found));
    let heights: Vec<f64> = estimates()
        .flat_map(|found| interval(&found).into_iter().flatten().chain([found.value]))
        .collect();
    if heights.is_empty() {
        return empty(&words, measure.nothing);
    }
    let y = Axis::suited(&heights, &measure.quantity, HEIGHT, Direction::Up);
    let (_, room) = Plane::across(&y);
    let (x, places) = value_axis(&seen, room);
    let (mut drawing, plane) = Plane::page(&words, (&x, &seen.path), (&y, measure.axis_title));
    for curve in &seen.curves {
        let mut run: Vec<Point> = Vec::new();
        let mut dots: Vec<Point> = Vec::new();
        for (point, place) in curve.points.iter().zip(&places) {
            let Some(found) = found(point) else {
                // A line over a missing point would claim to know what lies there.
                drawing.dashed(&run, 2.0, curve.look.colour, curve.look.dash);
                run.clear();
                continue;
            };
            let at = |value: f64| plane.place(x.at(*place), y.at(value));
            if let Some(interval) = interval(&found) {
                drawing.line(interval.map(at).to_vec(), 1.4, curve.look.colour);
            }
            run.push(at(found.value));
            dots.push(at(found.value));
        }
        drawing.dashed(&run, 2.0, curve.look.colour, curve.look.dash);
        for dot in dots {
            curve.look.marker.draw(&mut drawing, dot, 4.6, curve.look.colour);
        }
    }
    drawing
}

/// The horizontal axis with the author's own values at its ticks, and where each value stands.
/// Numbers of one unit stand at their distance (their ratio where they spread widely); anything
/// else stands evenly.
fn value_axis(seen: &Curves, room: f64) -> (Axis, Vec<f64>) {
    let numbers: Option<Vec<f64>> = numbers(&seen.values);
    let rising = |numbers: &Vec<f64>| numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let (places, logarithmic) = match numbers.filter(rising) {
        Some(numbers) => {
            let logarithmic = numbers[0] > 0.0 && spread(&numbers) >= 8.0;
            (numbers, logarithmic)
        }
        None => ((0..seen.values.len()).map(|index| index as f64).collect(), false),
    };
    let ticks = places.iter().copied().zip(seen.values.iter().map(|value| shown(value))).collect();
    (Axis::labelled(ticks, logarithmic, room), places)
}

/// The numbers of values that share what follows the number.
fn numbers(values: &[String]) -> Option<Vec<f64>> {
    let split = |value: &String| {
        let (number, unit) = split_number(value.trim());
        let number: f64 = number.replace('_', "").parse().ok()?;
        Some((number, unit.trim().to_owned()))
    };
    let split: Vec<(f64, String)> = values.iter().map(split).collect::<Option<_>>()?;
    let same = split.windows(2).all(|pair| pair[0].1 == pair[1].1);
    same.then(|| split.into_iter().map(|(number, _)| number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_one_unit_are_numbers_and_others_are_not() {
        let texts =
            |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        assert_eq!(numbers(&texts(&["50/s", "200/s"])), Some(vec![50.0, 200.0]));
        assert_eq!(numbers(&texts(&["1.5ms", "2 ms"])), Some(vec![1.5, 2.0]));
        assert_eq!(numbers(&texts(&["9.4e-05/s", "1e-3/s"])), Some(vec![9.4e-5, 1e-3]));
        assert_eq!(numbers(&texts(&["500us", "2ms"])), None);
        assert_eq!(numbers(&texts(&["grpc", "rest_json"])), None);
    }
}
