//! Cost against p99, a dot for each layout. Filled dots are worth a look: no other layout is both
//! cheaper and faster. Hollow ones are beaten on both counts.

use super::axis::{Axis, Direction};
use super::drawing::{Dash, Drawing, Point};
use super::labels;
use super::layouts::{ShownLayout, entries, incomplete, notes, subtitle_with_intervals, title};
use super::page::{LegendEntry, Sign, Surroundings, WIDTH, empty};
use super::palette::{BLUE, GREY, Marker, PALE};
use super::plane::{HEIGHT, Plane};
use crate::report::finding::verdict::verdict;
use crate::report::focus::Whom;
use crate::report::names::shown;
use crate::report::numbers::{Quantity, interval};
use crate::study::{Estimate, RunFindings};

/// One dot.
struct Dot {
    name: String,
    cost: f64,
    p99: Estimate,
    beaten: bool,
}

/// The figure.
pub(super) fn draw(findings: &RunFindings, whom: &Whom) -> Drawing {
    let layouts = entries(findings);
    let dots = dots(&layouts, whom);
    let what = format!("99th percentile of {} over the monthly bill", whom.words());
    let currency = layouts.first().map(|entry| shown(&entry.found.cost.currency));
    let mut words = Surroundings {
        title: title(verdict(findings, whom), whom.titled("Cost against p99")),
        subtitle: subtitle_with_intervals(findings, &what),
        legend: vec![LegendEntry::new(
            Sign::Dot(Marker::Disc, BLUE),
            "no other is cheaper and faster",
        )],
        notes: notes(findings),
    };
    words.notes.extend(incomplete(&layouts).map(|note| format!("{note} They have no dot.")));
    if dots.iter().any(|dot| dot.beaten) {
        words.legend.push(LegendEntry::new(
            Sign::Ring(Marker::Disc, GREY),
            "another is cheaper and faster",
        ));
    }
    if dots.is_empty() {
        return empty(&words, "No layout has both a whole bill and a p99.");
    }
    let heights: Vec<f64> = dots
        .iter()
        .flat_map(|dot| interval(&dot.p99).into_iter().flatten().chain([dot.p99.value]))
        .collect();
    let costs: Vec<f64> = dots.iter().map(|dot| dot.cost).collect();
    let y = Axis::around(&heights, &Quantity::Time, HEIGHT, Direction::Up);
    let (_, room) = Plane::across(&y);
    let money = Quantity::Money(currency.unwrap_or_default());
    let x = Axis::around(&costs, &money, room, Direction::Across);
    if !(x.begins_at_zero() && y.begins_at_zero()) {
        words.notes.push("The axes do not begin at zero.".to_owned());
    }
    let of = format!("p99 of {}", whom.words());
    let (mut drawing, plane) = Plane::page(&words, (&x, "cost per month"), (&y, &of));
    let mut lines = frontier(&mut drawing, &plane, &x, &y, &dots);
    let mut places = Vec::new();
    for dot in &dots {
        let at = |p99: f64| plane.place(x.at(dot.cost), y.at(p99));
        let colour = if dot.beaten { GREY } else { BLUE };
        if let Some(interval) = interval(&dot.p99) {
            drawing.line(interval.map(at).to_vec(), 1.4, colour);
            lines.push(interval.map(at));
        }
        let centre = at(dot.p99.value);
        if dot.beaten {
            Marker::Disc.draw_hollow(&mut drawing, centre, 6.0, colour);
        } else {
            Marker::Disc.draw(&mut drawing, centre, 6.0, colour);
        }
        places.push((centre, dot.name.clone()));
    }
    let [_, top, _, foot] = plane.edges();
    labels::place(&mut drawing, &places, &lines, [8.0, top - 12.0, WIDTH - 8.0, foot - 2.0]);
    drawing
}

fn dots(layouts: &[ShownLayout], whom: &Whom) -> Vec<Dot> {
    let mut dots: Vec<Dot> = layouts
        .iter()
        .filter_map(|entry| {
            let bill = &entry.found.cost;
            // A bill that leaves something out would beat those that do not.
            let priced = bill.is_whole() && bill.per_month.is_finite();
            let p99 = entry.p99(whom)?;
            priced.then(|| Dot {
                name: entry.name.clone(),
                cost: bill.per_month,
                p99,
                beaten: false,
            })
        })
        .collect();
    let places: Vec<(f64, f64)> = dots.iter().map(|dot| (dot.cost, dot.p99.value)).collect();
    for (dot, own) in dots.iter_mut().zip(&places) {
        dot.beaten = is_beaten(*own, &places);
    }
    dots
}

/// Whether another one is at least as good in both and better in one.
fn is_beaten(own: (f64, f64), all: &[(f64, f64)]) -> bool {
    all.iter().any(|other| other.0 <= own.0 && other.1 <= own.1 && *other != own)
}

/// Steps through the dots that are not beaten; answers with the lines drawn.
fn frontier(
    drawing: &mut Drawing,
    plane: &Plane,
    x: &Axis,
    y: &Axis,
    dots: &[Dot],
) -> Vec<[Point; 2]> {
    let mut best: Vec<&Dot> = dots.iter().filter(|dot| !dot.beaten).collect();
    best.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let mut steps: Vec<Point> = Vec::new();
    for dot in best {
        let place = plane.place(x.at(dot.cost), y.at(dot.p99.value));
        if let Some(last) = steps.last().copied() {
            steps.push((place.0, last.1));
        }
        steps.push(place);
    }
    drawing.dashed(&steps, 1.3, PALE, Dash::Short);
    steps.windows(2).map(|pair| [pair[0], pair[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_worse_in_both_is_beaten() {
        let all = [(1.0, 9.0), (2.0, 5.0), (3.0, 5.0), (4.0, 1.0), (4.0, 9.0), (1.0, 9.0)];
        let beaten: Vec<bool> = all.iter().map(|own| is_beaten(*own, &all)).collect();
        assert_eq!(beaten, [false, false, true, false, true, false]);
    }
}
