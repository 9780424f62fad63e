//! Cost against p99, a dot for each layout. Filled dots are worth a look: no other layout that keeps its promises is
//! both cheaper and faster. Hollow ones are beaten on both counts; squares break a promise and beat nobody.

use super::axis::{Axis, Direction};
use super::drawing::{Colour, Dash, Drawing, Point};
use super::labels;
use super::layouts::{
    ShownLayout, entries, incomplete, notes, p99_of_one, subtitle_with_intervals, title,
};
use super::page::{LegendEntry, Sign, Surroundings, WIDTH, empty};
use super::palette::{BLUE, GREY, Marker, PALE, VERMILLION};
use super::plane::{HEIGHT, Plane};
use super::promises::{self, Promise};
use super::whisker;
use crate::report::finding::best;
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
    stand: Stand,
}

/// How a layout stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// No other that keeps its promises is as good in both and better in one.
    Best,
    /// Another one is.
    Beaten,
    /// It breaks a promise.
    Breaks,
}

impl Stand {
    const ALL: [Stand; 3] = [Stand::Best, Stand::Beaten, Stand::Breaks];

    fn words(self) -> &'static str {
        match self {
            Stand::Best => "no other is as good in both",
            Stand::Beaten => "another is no dearer and no slower",
            Stand::Breaks => "breaks a promise",
        }
    }

    fn sign(self) -> Sign {
        match self {
            Stand::Best => Sign::Dot(Marker::Disc, BLUE),
            Stand::Beaten => Sign::Ring(Marker::Disc, GREY),
            Stand::Breaks => Sign::Ring(Marker::Square, VERMILLION),
        }
    }

    fn draw(self, drawing: &mut Drawing, centre: Point) {
        match self.sign() {
            Sign::Ring(marker, colour) => marker.draw_hollow(drawing, centre, 6.0, colour),
            _ => Marker::Disc.draw(drawing, centre, 6.0, BLUE),
        }
    }

    fn colour(self) -> Colour {
        match self {
            Stand::Best => BLUE,
            Stand::Beaten => GREY,
            Stand::Breaks => VERMILLION,
        }
    }
}

/// The figure.
pub(super) fn draw(findings: &RunFindings, whom: &Whom) -> Drawing {
    let layouts = entries(findings);
    let dots = dots(findings, &layouts, whom);
    let what = format!("99th percentile of {} over the monthly bill", whom.words());
    let currency = layouts.first().map(|entry| shown(&entry.found.cost.currency));
    let mut words = Surroundings {
        title: title(
            verdict(findings, whom).or_else(|| p99_of_one(findings, whom)),
            whom.titled("Cost against p99"),
        ),
        subtitle: subtitle_with_intervals(findings, &what),
        legend: Vec::new(),
        notes: notes(findings),
    };
    words.notes.extend(incomplete(&layouts).map(|note| format!("{note} They have no dot.")));
    let there = Stand::ALL.into_iter().filter(|stand| dots.iter().any(|dot| dot.stand == *stand));
    words.legend.extend(there.map(|stand| LegendEntry::new(stand.sign(), stand.words())));
    if dots.is_empty() {
        return empty(&words, "No layout has both a whole bill and a p99.");
    }
    let heights: Vec<f64> = dots
        .iter()
        .flat_map(|dot| interval(&dot.p99).into_iter().flatten().chain([dot.p99.value]))
        .collect();
    let promised = near(promises::of([findings], whom, |metric| metric == "p99"), &heights);
    let heights: Vec<f64> =
        heights.into_iter().chain(promised.iter().map(|promise| promise.value)).collect();
    let costs: Vec<f64> = dots.iter().map(|dot| dot.cost).collect();
    let y = Axis::around(&heights, &Quantity::Time, HEIGHT, Direction::Up);
    let (_, room) = Plane::across(y.widest(), 0.0);
    let money = Quantity::Money(currency.unwrap_or_default());
    let x = Axis::around(&costs, &money, room, Direction::Across);
    if !(x.begins_at_zero() && y.begins_at_zero()) {
        words.notes.push("The axes do not begin at zero.".to_owned());
    }
    let of = format!("p99 of {}", whom.words());
    let (mut drawing, plane) = Plane::page(&words, (&x, "cost per month"), (&y, &of), 0.0);
    let [left, top, right, foot] = plane.edges();
    let mut lines = frontier(&mut drawing, &plane, &x, &y, &dots);
    for promise in &promised {
        let (_, height) = plane.place(0.0, y.at(promise.value));
        promises::across(&mut drawing, [left, right], height, &promise.words);
        lines.push([(left, height), (right, height)]);
    }
    let mut places = Vec::new();
    for dot in &dots {
        let at = |p99: f64| plane.place(x.at(dot.cost), y.at(p99));
        if let Some(interval) = interval(&dot.p99) {
            whisker::draw(&mut drawing, interval.map(at), dot.stand.colour());
            lines.push(interval.map(at));
        }
        let centre = at(dot.p99.value);
        dot.stand.draw(&mut drawing, centre);
        places.push((centre, dot.name.clone()));
    }
    labels::place(&mut drawing, &places, &lines, [left, top - 12.0, WIDTH - 8.0, foot - 2.0]);
    drawing
}

/// Promises that may share an axis with these times (s): one that is far off would press all dots together.
fn near(mut promised: Vec<Promise>, times: &[f64]) -> Vec<Promise> {
    const FAR: f64 = 3.0;
    let most = times.iter().copied().fold(0.0, f64::max);
    let least = times.iter().copied().fold(f64::INFINITY, f64::min);
    promised.retain(|promise| (least / FAR..=most * FAR).contains(&promise.value));
    promised
}

fn dots(findings: &RunFindings, layouts: &[ShownLayout], whom: &Whom) -> Vec<Dot> {
    let mut dots: Vec<Dot> = layouts
        .iter()
        .filter_map(|entry| {
            let bill = &entry.found.cost;
            // A bill that leaves something out would beat those that do not.
            let priced = bill.is_whole() && bill.per_month.is_finite();
            let p99 = entry.p99(whom)?;
            let stand = if best::keeps(findings, entry.key) { Stand::Best } else { Stand::Breaks };
            priced.then(|| Dot { name: entry.name.clone(), cost: bill.per_month, p99, stand })
        })
        .collect();
    let place = |dot: &Dot| (dot.cost, dot.p99.value);
    let keep: Vec<(f64, f64)> =
        dots.iter().filter(|dot| dot.stand == Stand::Best).map(place).collect();
    for dot in dots.iter_mut().filter(|dot| dot.stand == Stand::Best) {
        if is_beaten((dot.cost, dot.p99.value), &keep) {
            dot.stand = Stand::Beaten;
        }
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
    let mut best: Vec<&Dot> = dots.iter().filter(|dot| dot.stand == Stand::Best).collect();
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
    use crate::report::sample;

    #[test]
    fn only_what_is_worse_in_both_is_beaten() {
        let all = [(1.0, 9.0), (2.0, 5.0), (3.0, 5.0), (4.0, 1.0), (4.0, 9.0), (1.0, 9.0)];
        let beaten: Vec<bool> = all.iter().map(|own| is_beaten(*own, &all)).collect();
        assert_eq!(beaten, [false, false, true, false, true, false]);
    }

    #[test]
    fn what_breaks_a_promise_is_drawn_as_that_and_beats_nobody() {
        let stands = |findings: &RunFindings| -> Vec<Stand> {
            let dots = dots(findings, &entries(findings), &Whom::all());
            dots.iter().map(|dot| dot.stand).collect()
        };
        let mut findings = sample::three_layouts();
        findings.slo.clear();
        assert_eq!(stands(&findings), [Stand::Best, Stand::Beaten, Stand::Beaten]);
        let mut findings = sample::three_layouts();
        for promise in &mut findings.slo {
            promise.met = promise.layout != "monolith";
        }
        assert_eq!(stands(&findings)[0], Stand::Breaks);
        assert_eq!(stands(&findings)[2], Stand::Best);
    }
}
