//! p99, throughput, errors and cost over the varied value: areas under each other, in each a curve for every
//! layout with whiskers for the intervals; bars where the values are no numbers.

use super::drawing::Drawing;
use super::ends;
use super::layouts::{ShownLayout, sound, subtitle, subtitle_with_intervals, title};
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::palette::{GREY, Marker, PALE};
use super::plane::{Area, HEIGHT, Plane};
use super::sweep_area::{Measure, Picture, ShownArea};
use super::sweep_bars;
use super::sweep_points::{Curves, curves};
use super::sweep_values::{Values, value_axis};
use crate::report::finding::along;
use crate::report::focus::Whom;
use crate::report::names::shown;
use crate::report::numbers::Quantity;
use crate::study::{Estimate, RunFindings, SweepFindings};

/// Height of an area that is not the first.
const LOW: f64 = 130.0;

/// p99 over the varied value, with the throughput against what comes, and with errors where there are any.
pub(super) fn draw_p99(findings: &SweepFindings, whom: &Whom) -> Drawing {
    let p99 = Measure {
        axis_title: format!("p99 of {}", whom.words()),
        quantity: Quantity::Time,
        height: HEIGHT * 0.7,
        of: |entry, whom| entry.p99(whom),
        against: None,
        promised: "p99",
        unstable_at_edge: true,
    };
    let throughput = Measure {
        axis_title: "good answers per second".to_owned(),
        quantity: Quantity::Rate,
        height: LOW,
        of: |entry, whom| sound(Some(entry.of(whom)?.throughput_per_second)),
        against: Some(|own| own.offered_per_second),
        promised: "",
        unstable_at_edge: false,
    };
    let errors = Measure {
        axis_title: "share of errors".to_owned(),
        quantity: Quantity::Share,
        height: LOW,
        of: |entry, whom| sound(entry.of(whom)?.error_share).filter(|_| !entry.is_unstable()),
        against: None,
        promised: "errors",
        unstable_at_edge: false,
    };
    let said = along::fastest(findings, whom).or_else(|| along::course(findings, whom));
    let said = said.into_iter().chain(along::unstable(findings)).collect::<Vec<_>>().join(" ");
    let said = Some(said).filter(|said| !said.is_empty());
    let what = format!("p99, throughput and errors of {}", whom.words());
    let words = Surroundings {
        title: title(said, whom.titled("p99 over the varied value")),
        subtitle: subtitle_of(findings, &what, subtitle_with_intervals),
        ..Surroundings::default()
    };
    draw(findings, whom, words, vec![p99, throughput, errors])
}

/// Cost per month over the varied value.
pub(super) fn draw_cost(findings: &SweepFindings) -> Drawing {
    let measure = Measure {
        axis_title: "cost per month".to_owned(),
        quantity: Quantity::Money(currency(findings)),
        height: HEIGHT,
        of: |entry, _| cost(entry),
        against: None,
        promised: "",
        unstable_at_edge: true,
    };
    let mut words = Surroundings {
        title: title(along::cheapest(findings), "Cost over the varied value".to_owned()),
        subtitle: subtitle_of(findings, "monthly bill", subtitle),
        ..Surroundings::default()
    };
    if let Some(seen) = curves(findings) {
        words.notes.extend(seen.unstable());
        words.notes.extend(seen.incomplete());
    }
    draw(findings, &Whom::all(), words, vec![measure])
}

fn subtitle_of(
    findings: &SweepFindings,
    what: &str,
    words: fn(&RunFindings, &str) -> String,
) -> String {
    findings.points.first().map_or_else(String::new, |point| words(&point.run, what))
}

/// The currency of the sweep.
pub(super) fn currency(findings: &SweepFindings) -> String {
    let layouts = || findings.points.iter().flat_map(|point| point.run.layouts.iter());
    layouts().map(|(_, found)| shown(&found.cost.currency)).next().unwrap_or_default()
}

/// The bill of a layout that has prices; capacity that is paid for costs the same whether it carries the load.
pub(super) fn cost(entry: &ShownLayout) -> Option<Estimate> {
    let bill = &entry.found.cost;
    let is_known = !bill.lines.is_empty() && bill.per_month.is_finite();
    is_known.then_some(Estimate { value: bill.per_month, ci95: None })
}

fn draw(
    findings: &SweepFindings,
    whom: &Whom,
    mut words: Surroundings,
    measures: Vec<Measure>,
) -> Drawing {
    let Some(seen) = curves(findings) else {
        return empty(&words, "Nothing varies.");
    };
    words.notes.extend(seen.notes.iter().cloned());
    let areas = measures.iter().filter_map(|one| ShownArea::of(one, &seen, findings, whom));
    let areas: Vec<ShownArea> = areas.collect();
    if areas.is_empty() {
        return empty(&words, "No point has a figure to show.");
    }
    let values = Values::of(&seen);
    let names = seen.curves.iter().map(|curve| curve.name.as_str());
    let named = ends::room(names).filter(|_| values.are_numbers());
    words.legend = if named.is_some() { Vec::new() } else { legend(&seen, &values, &areas) };
    if areas.iter().any(|area| !area.behind.is_empty()) {
        words.legend.push(LegendEntry::new(Sign::Patch(PALE), "requests that come"));
    }
    let mut points = seen.curves.iter().flat_map(|curve| curve.points.iter().flatten());
    if points.any(ShownLayout::is_unstable) {
        words.legend.push(LegendEntry::new(Sign::Ring(Marker::Disc, GREY), "unstable"));
    }
    let widest = areas.iter().map(|area| area.axis.widest()).fold(0.0, f64::max);
    let after = named.unwrap_or(0.0);
    let (_, room) = Plane::across(widest, after);
    let x = value_axis(&values, room);
    let framed: Vec<Area> = areas.iter().map(ShownArea::area).collect();
    let (mut drawing, planes) = Plane::pages(&words, (&x, &seen.path), &framed, after);
    for (index, (area, plane)) in areas.iter().zip(&planes).enumerate() {
        let picture = Picture { seen: &seen, values: &values, x: &x, area, plane };
        picture.draw(&mut drawing);
        if index == 0 && named.is_some() {
            ends::name(&mut drawing, plane.edges(), picture.ends());
        }
    }
    drawing
}

/// What the signs mean where curves have no names beside them.
fn legend(seen: &Curves, values: &Values, areas: &[ShownArea]) -> Vec<LegendEntry> {
    let in_bars = areas.iter().all(|area| sweep_bars::suit(seen, values, &area.axis));
    if in_bars {
        return sweep_bars::legend(seen);
    }
    seen.legend()
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
    fn areas_show_p99_throughput_and_errors_over_one_axis() {
        let (mut sweep, all) = (sample::sweep(), Whom::all());
        let drawing = draw_p99(&sweep, &all);
        let titles = ["p99 of all", "good answers per second", "share of errors"];
        assert!(titles.iter().all(|title| says(&drawing, title)));
        assert!(says(&drawing, "requests that come") && says(&drawing, "unstable"));
        assert!(drawing.title.ends_with("Unstable: msa at 800/s"), "{}", drawing.title);
        for (_, layout) in sweep.points.iter_mut().flat_map(|point| &mut point.run.layouts.0) {
            for (_, found) in &mut layout.endpoints.0 {
                found.error_share = Some(Estimate { value: 0.0, ci95: Some([0.0, 1e-4]) });
            }
        }
        assert!(!says(&draw_p99(&sweep, &all), "share of errors"), "there are none");
        assert!(says(&draw_p99(&sweep, &Whom::one("checkout")), "p99 of checkout"));
    }

    #[test]
    fn unstable_points_stand_at_the_upper_edge() {
        let hollow = |sweep: &SweepFindings| {
            let drawing = draw_p99(sweep, &Whom::all());
            let is_paper = |mark: &&Mark| {
                matches!(mark, Mark::Disc { colour, .. } | Mark::Shape { colour, .. }
                if *colour == super::super::palette::PAPER)
            };
            drawing.marks.iter().filter(is_paper).count()
        };
        let sweep = sample::sweep();
        let mut carried = sweep.clone();
        carried.points.truncate(4);
        assert!(hollow(&sweep) > hollow(&carried));
    }

    #[test]
    fn a_promise_of_p99_is_a_line_with_its_name() {
        let whom = Whom::one("home");
        assert!(says(&draw_p99(&sample::sweep(), &whom), "promised: p99 ≤ 80 ms"));
        assert!(!says(&draw_p99(&sample::sweep(), &Whom::all()), "promised: p99"));
    }

    #[test]
    fn no_errors_at_all_stand_at_the_foot_of_a_linear_axis() {
        let (mut sweep, all) = (sample::sweep(), Whom::all());
        for (share, point) in [0.0, 1e-4, 0.01, 0.3, 0.6].into_iter().zip(&mut sweep.points) {
            for (_, found) in point.run.layouts.0.iter_mut().flat_map(|of| &mut of.1.endpoints.0) {
                found.error_share = Some(Estimate { value: share, ci95: None });
            }
        }
        assert!(says(&draw_p99(&sweep, &all), "share of errors"));
        assert!(!says(&draw_p99(&sweep, &all), "share of errors, logarithmic"));
        sweep.points.remove(0);
        assert!(says(&draw_p99(&sweep, &all), "share of errors, logarithmic"));
    }

    #[test]
    fn values_that_are_no_numbers_have_bars() {
        let mut sweep = sample::sweep();
        for (point, value) in sweep.points.iter_mut().zip(["grpc", "rest", "soap", "bus", "xml"]) {
            point.values = vec![value.to_owned()];
        }
        let bars = |sweep: &SweepFindings| {
            let drawing = draw_cost(sweep);
            drawing.marks.iter().filter(|mark| matches!(mark, Mark::Rectangle { .. })).count()
        };
        // Three layouts at five values, and three patches of the legend.
        assert_eq!((bars(&sweep), bars(&sample::sweep())), (15 + 3, 0));
    }
}
