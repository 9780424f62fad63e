//! p99, throughput, errors and cost over the varied value: a line for each layout, whiskers for the intervals.

use super::axis::{Axis, Direction, spread};
use super::drawing::{Dash, Drawing, Point};
use super::layouts::{ShownLayout, entries, sound, subtitle, subtitle_with_intervals};
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::palette::{GREY, Look, Marker};
use super::plane::{HEIGHT, Plane};
use super::sweep_points::{Curve, Curves, curves};
use crate::report::focus::Whom;
use crate::report::names::shown;
use crate::report::numbers::{Quantity, interval};
use crate::study::{EndpointFindings, Estimate, RunFindings, SweepFindings};
use crate::units::split_number;

/// Name and value of what others are held against.
type Against = (&'static str, fn(&EndpointFindings) -> Estimate);

/// What is drawn over the varied value.
struct Measure {
    title: String,
    what: String,
    subtitle: fn(&RunFindings, &str) -> String,
    axis_title: String,
    nothing: &'static str,
    quantity: Quantity,
    of: fn(&ShownLayout, &Whom) -> Option<Estimate>,
    /// What it is held against, drawn behind it, with its name.
    against: Option<Against>,
    /// Whether it is told of layouts that do not carry their load, too.
    of_unstable: bool,
}

/// p99 over the varied value.
pub(super) fn draw_p99(findings: &SweepFindings, whom: &Whom) -> Drawing {
    let measure = Measure {
        title: whom.titled("p99 over the varied value"),
        what: format!("99th percentile of {}", whom.words()),
        subtitle: subtitle_with_intervals,
        axis_title: format!("p99 of {}", whom.words()),
        nothing: "No point has a p99.",
        quantity: Quantity::Time,
        of: |entry, whom| entry.p99(whom),
        against: None,
        of_unstable: false,
    };
    draw(findings, whom, &measure)
}

/// Good answers per second over the varied value, against the requests that come: where a line leaves these, the
/// layout does not carry them all.
pub(super) fn draw_throughput(findings: &SweepFindings, whom: &Whom) -> Drawing {
    let measure = Measure {
        title: whom.titled("Throughput over the varied value"),
        what: format!("good answers of {}, against the requests that come", whom.words()),
        subtitle: subtitle_with_intervals,
        axis_title: "good answers per second".to_owned(),
        nothing: "No point has a throughput.",
        quantity: Quantity::Rate,
        of: |entry, whom| sound(Some(entry.of(whom)?.throughput_per_second)),
        against: Some(("requests that come", |own| own.offered_per_second)),
        of_unstable: true,
    };
    draw(findings, whom, &measure)
}

/// Whether anything was answered at any point.
pub(super) fn has_throughput(findings: &SweepFindings, whom: &Whom) -> bool {
    any(findings, |entry| entry.of(whom).is_some_and(|own| own.throughput_per_second.value > 0.0))
}

/// Share of errors over the varied value.
pub(super) fn draw_errors(findings: &SweepFindings, whom: &Whom) -> Drawing {
    let measure = Measure {
        title: whom.titled("Errors over the varied value"),
        what: format!("share of the answers of {} that are errors", whom.words()),
        subtitle: subtitle_with_intervals,
        axis_title: "share of errors".to_owned(),
        nothing: "No point has errors.",
        quantity: Quantity::Share,
        of: errors,
        against: None,
        of_unstable: false,
    };
    draw(findings, whom, &measure)
}

/// Whether there are errors at any point.
pub(super) fn has_errors(findings: &SweepFindings, whom: &Whom) -> bool {
    any(findings, |entry| errors(entry, whom).is_some_and(|share| share.value > 0.0))
}

fn errors(entry: &ShownLayout, whom: &Whom) -> Option<Estimate> {
    sound(entry.of(whom)?.error_share).filter(|_| !entry.is_unstable())
}

fn any(findings: &SweepFindings, is_so: impl Fn(&ShownLayout) -> bool) -> bool {
    findings.points.iter().any(|point| entries(&point.run).iter().any(&is_so))
}

/// Cost per month over the varied value.
pub(super) fn draw_cost(findings: &SweepFindings) -> Drawing {
    let measure = Measure {
        title: "Cost over the varied value".to_owned(),
        what: "monthly bill".to_owned(),
        subtitle,
        axis_title: "cost per month".to_owned(),
        nothing: "No point has a bill.",
        quantity: Quantity::Money(currency(findings)),
        of: |entry, _| cost(entry),
        against: None,
        of_unstable: false,
    };
    draw(findings, &Whom::all(), &measure)
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

fn draw(findings: &SweepFindings, whom: &Whom, measure: &Measure) -> Drawing {
    let mut words = Surroundings { title: measure.title.clone(), ..Surroundings::default() };
    if let Some(point) = findings.points.first() {
        words.subtitle = (measure.subtitle)(&point.run, &measure.what);
    }
    let Some(seen) = curves(findings) else {
        return empty(&words, "Nothing varies.");
    };
    words.notes.clone_from(&seen.notes);
    words.notes.extend(seen.unstable().filter(|_| !measure.of_unstable));
    if matches!(measure.quantity, Quantity::Money(_)) {
        words.notes.extend(seen.incomplete());
    }
    let key = |curve: &Curve| LegendEntry::new(Sign::Line(curve.look, true), &curve.name);
    words.legend = seen.curves.iter().map(key).collect();
    let found = |point: &Option<ShownLayout>| (measure.of)(point.as_ref()?, whom);
    let found: Vec<Vec<Option<Estimate>>> =
        seen.curves.iter().map(|curve| curve.points.iter().map(found).collect()).collect();
    let behind = measure.against.map_or(Vec::new(), |(_, of)| behind(&seen, whom, of));
    let estimates = found.iter().flatten().flatten();
    let heights: Vec<f64> = estimates
        .flat_map(|found| interval(found).into_iter().flatten().chain([found.value]))
        .collect();
    if heights.is_empty() {
        return empty(&words, measure.nothing);
    }
    let is_hollow = |point: &Option<ShownLayout>| {
        measure.of_unstable && point.as_ref().is_some_and(ShownLayout::is_unstable)
    };
    if let Some((name, _)) = measure.against.filter(|_| !behind.is_empty()) {
        words.legend.push(LegendEntry::new(Sign::Line(BEHIND, false), name));
    }
    if seen.curves.iter().any(|curve| curve.points.iter().any(is_hollow)) {
        words.legend.push(LegendEntry::new(Sign::Ring(Marker::Disc, GREY), "unstable"));
    }
    let behind_heights = behind.iter().flatten().flatten().copied();
    let heights: Vec<f64> = heights.into_iter().chain(behind_heights).collect();
    // Nothing at all has no place on a logarithmic axis.
    let has_none = found.iter().flatten().flatten().any(|found| found.value <= 0.0);
    let axis = if has_none { Axis::linear } else { Axis::suited };
    let y = axis(&heights, &measure.quantity, HEIGHT, Direction::Up);
    let (_, room) = Plane::across(&y);
    let (x, places) = value_axis(&seen, room);
    let (mut drawing, plane) = Plane::page(&words, (&x, &seen.path), (&y, &measure.axis_title));
    let at = |place: f64, value: f64| plane.place(x.at(place), y.at(value));
    for line in &behind {
        let points = places.iter().zip(line).map(|(place, value)| Some(at(*place, (*value)?)));
        stretches(&mut drawing, points, BEHIND);
    }
    for (curve, found) in seen.curves.iter().zip(&found) {
        let known = || found.iter().zip(&places);
        for (estimate, place) in known().filter_map(|(found, place)| Some(((*found)?, *place))) {
            if let Some(interval) = interval(&estimate) {
                let ends = interval.map(|end| at(place, end)).to_vec();
                drawing.line(ends, 1.4, curve.look.colour);
            }
        }
        let points = known().map(|(found, place)| Some(at(*place, (*found)?.value)));
        stretches(&mut drawing, points.clone(), curve.look);
        for (dot, point) in points.zip(&curve.points) {
            let Some(dot) = dot else { continue };
            match is_hollow(point) {
                true => curve.look.marker.draw_hollow(&mut drawing, dot, 4.6, curve.look.colour),
                false => curve.look.marker.draw(&mut drawing, dot, 4.6, curve.look.colour),
            }
        }
    }
    drawing
}

/// How a line is drawn that others are held against.
const BEHIND: Look = Look { colour: GREY, dash: Dash::Short, marker: Marker::Disc };

/// What the curves are held against: a line for every different course of it, as layouts under the same requests
/// have the same.
fn behind(
    seen: &Curves,
    whom: &Whom,
    of: fn(&EndpointFindings) -> Estimate,
) -> Vec<Vec<Option<f64>>> {
    let mut lines: Vec<Vec<Option<f64>>> = Vec::new();
    for curve in &seen.curves {
        let value = |point: &Option<ShownLayout>| {
            Some(of(point.as_ref()?.of(whom)?).value).filter(|value| value.is_finite())
        };
        let line: Vec<Option<f64>> = curve.points.iter().map(value).collect();
        if line.iter().any(Option::is_some) && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// A line through points, broken where one is missing: over it, it would claim to know what lies there.
fn stretches(drawing: &mut Drawing, points: impl Iterator<Item = Option<Point>>, look: Look) {
    let points: Vec<Option<Point>> = points.collect();
    for run in points.split(Option::is_none) {
        let run: Vec<Point> = run.iter().flatten().copied().collect();
        drawing.dashed(&run, 2.0, look.colour, look.dash);
    }
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
    use crate::report::chart::drawing::Mark;
    use crate::report::sample;

    fn says(drawing: &Drawing, words: &str) -> bool {
        let is_it = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text.contains(words));
        drawing.marks.iter().any(is_it)
    }

    #[test]
    fn throughput_is_told_of_unstable_points_too_and_against_what_comes() {
        let (sweep, all) = (sample::sweep(), Whom::all());
        let drawing = draw_throughput(&sweep, &all);
        assert!(says(&drawing, "requests that come") && says(&drawing, "unstable"));
        assert!(!says(&drawing, "Left out"));
        assert!(says(&draw_errors(&sweep, &all), "Left out as unstable: msa at 800/s."));
        assert!(says(
            &draw_throughput(&sweep, &Whom::one("checkout")),
            "the varied value: checkout"
        ));
    }

    #[test]
    fn no_errors_at_all_stand_at_the_foot_of_a_linear_axis() {
        let (mut sweep, all) = (sample::sweep(), Whom::all());
        for (share, point) in [0.0, 1e-4, 0.01, 0.3, 0.6].into_iter().zip(&mut sweep.points) {
            for (_, found) in point.run.layouts.0.iter_mut().flat_map(|of| &mut of.1.endpoints.0) {
                found.error_share = Some(Estimate { value: share, ci95: None });
            }
        }
        assert!(says(&draw_errors(&sweep, &all), "share of errors"));
        assert!(!says(&draw_errors(&sweep, &all), "share of errors, logarithmic"));
        sweep.points.remove(0);
        assert!(says(&draw_errors(&sweep, &all), "share of errors, logarithmic"));
    }

    #[test]
    fn errors_are_drawn_only_where_there_are_any() {
        let (mut sweep, all) = (sample::sweep(), Whom::all());
        assert!(has_errors(&sweep, &all) && has_throughput(&sweep, &all));
        for (_, layout) in sweep.points.iter_mut().flat_map(|point| &mut point.run.layouts.0) {
            for (_, found) in &mut layout.endpoints.0 {
                found.error_share = Some(Estimate { value: 0.0, ci95: Some([0.0, 1e-4]) });
            }
        }
        assert!(!has_errors(&sweep, &all));
        sweep.points.clear();
        assert!(!has_throughput(&sweep, &all));
    }

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
