//! The distribution of latency: how slow the slowest answers are, one curve a layout. Shares are drawn by their nines
//! (as HdrHistogram plots are), because tails are the question.

use super::axis::{Axis, Direction};
use super::drawing::{Drawing, Point};
use super::ends::{self, CurveEnd};
use super::layouts::{ShownLayout, entries, notes, p99_of_one, subtitle, title};
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::palette::{Look, broken};
use super::plane::{HEIGHT, Plane};
use super::promises::{self, Promise};
use crate::report::finding::verdict::fastest;
use crate::report::focus::Whom;
use crate::report::numbers::Quantity;
use crate::statistics::Histogram;
use crate::study::RunFindings;

/// Shares that are written at the axis.
const SHARES: [(f64, &str); 6] = [
    (0.0, "0"),
    (0.5, "50 %"),
    (0.9, "90 %"),
    (0.99, "99 %"),
    (0.999, "99.9 %"),
    (0.9999, "99.99 %"),
];

/// Points of a line.
const POINTS: u32 = 160;

/// A curve of times by the share that is at least as fast.
pub(super) struct PercentileCurve {
    /// What it is called.
    pub(super) name: String,
    /// How it is drawn.
    pub(super) look: Look,
    /// Nines and times (s), rising.
    points: Vec<(f64, f64)>,
}

impl PercentileCurve {
    /// From the fastest hundredth as far out as ten of these times (ns) lie beyond; `None` of none.
    pub(super) fn of(name: &str, look: Look, times: &Histogram) -> Option<Self> {
        let farthest = (times.count() as f64 / 10.0).log10().clamp(nines(0.9), nines(0.9999));
        let first = nines(0.01);
        let places = (0..=POINTS)
            .map(|step| first + (farthest - first) * f64::from(step) / f64::from(POINTS));
        let shares = places.clone().map(|nines| 1.0 - 10f64.powf(-nines));
        let seconds = times.quantiles(shares).into_iter().map(|time| time / 1e9);
        let points: Vec<(f64, f64)> = places.zip(seconds).collect();
        (!points.is_empty()).then(|| Self { name: name.to_owned(), look, points })
    }

    /// The same without the times that are nothing: from the first share that has one; `None` where none has.
    pub(super) fn without_nothing(mut self) -> Option<Self> {
        // What is counted as nothing lies within a nanosecond.
        self.points.retain(|(_, time)| *time > 1e-9);
        (!self.points.is_empty()).then_some(self)
    }
}

/// Which layout is fastest, or how fast the only one is.
fn finding(findings: &RunFindings, whom: &Whom) -> Option<String> {
    fastest(findings, whom).or_else(|| p99_of_one(findings, whom))
}

/// The figure.
pub(super) fn draw(findings: &RunFindings, whom: &Whom) -> Drawing {
    let layouts = entries(findings);
    let curve = |(index, entry): (usize, &ShownLayout)| {
        let own = entry.of(whom).filter(|_| !entry.is_unstable())?;
        PercentileCurve::of(&entry.name, broken(index), &own.histogram)
    };
    let curves: Vec<PercentileCurve> = layouts.iter().enumerate().filter_map(curve).collect();
    let what = format!(
        "latency distribution by layout, good answers of {}, pooled over all replications",
        whom.words()
    );
    let words = Surroundings {
        title: title(finding(findings, whom), whom.titled("Latency distribution by layout")),
        subtitle: subtitle(findings, &what),
        legend: Vec::new(),
        notes: notes(findings),
    };
    if curves.is_empty() {
        return empty(&words, "No layout has latencies to show.");
    }
    let promises = promises::of([findings], whom, |metric| promised_share(metric).is_some());
    draw_curves(
        words,
        &curves,
        &promises,
        ("share of answers at least as fast, by nines", "latency"),
    )
}

/// Curves with their names at their ends, promises as lines up to their share. `titles`: of the shares and of the
/// times.
pub(super) fn draw_curves(
    mut words: Surroundings,
    curves: &[PercentileCurve],
    promises: &[Promise],
    titles: (&str, &str),
) -> Drawing {
    let named = ends::room(curves.iter().map(|curve| curve.name.as_str()));
    if named.is_none() {
        let key =
            |curve: &PercentileCurve| LegendEntry::new(Sign::Line(curve.look, false), &curve.name);
        words.legend = curves.iter().map(key).collect();
    }
    let after = named.unwrap_or(0.0);
    let times = curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.1));
    let times: Vec<f64> = times.chain(promises.iter().map(|promise| promise.value)).collect();
    let y = Axis::logarithmic(&times, &Quantity::Time, HEIGHT, Direction::Up);
    let (_, room) = Plane::across(y.widest(), after);
    let x = shares_axis(curves, room);
    let (mut drawing, plane) = Plane::page(&words, (&x, titles.0), (&y, titles.1), after);
    let place = |(nines, time): &(f64, f64)| plane.place(x.at(*nines), y.at(*time));
    for promise in promises {
        let Some(share) = promised_share(&promise.metric) else { continue };
        let [(left, height), (right, _)] =
            [0.0, nines(share)].map(|nines| place(&(nines, promise.value)));
        promises::across(&mut drawing, [left, right.max(left + 1.0)], height, &promise.words);
    }
    let mut order: Vec<&PercentileCurve> = curves.iter().collect();
    order.sort_by_key(|curve| curve.look.dash);
    for curve in order {
        let points: Vec<Point> = curve.points.iter().map(place).collect();
        drawing.dashed(&points, 2.2, curve.look.colour, curve.look.dash);
    }
    if named.is_some() {
        let end = |curve: &PercentileCurve| {
            let at = place(curve.points.last()?);
            Some(CurveEnd { at, name: curve.name.clone(), look: curve.look })
        };
        ends::name(&mut drawing, plane.edges(), curves.iter().filter_map(end).collect());
    }
    drawing
}

/// The axis of shares, as far out as the longest curve goes.
fn shares_axis(curves: &[PercentileCurve], room: f64) -> Axis {
    let most =
        curves.iter().flat_map(|curve| &curve.points).map(|point| point.0).fold(0.3, f64::max);
    let shares = SHARES.iter().map(|(share, label)| (nines(*share), (*label).to_owned()));
    let mut ticks: Vec<(f64, String)> = shares.filter(|(place, _)| *place <= most + 0.01).collect();
    if ticks.last().is_some_and(|(place, _)| *place < most) {
        ticks.push((most, String::new()));
    }
    Axis::labelled(ticks, false, room)
}

/// Minus the logarithm of the share that is slower: 1 at 90 %, 2 at 99 %.
fn nines(share: f64) -> f64 {
    -(1.0 - share).log10()
}

/// The share that a promise of a percentile is of.
fn promised_share(metric: &str) -> Option<f64> {
    match metric {
        "p50" => Some(0.5),
        "p90" => Some(0.9),
        "p95" => Some(0.95),
        "p99" => Some(0.99),
        "p999" => Some(0.999),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;

    #[test]
    fn curves_are_named_at_their_ends_and_promises_have_a_line() {
        let drawing = draw(&sample::three_layouts(), &Whom::one("home"));
        let says = |words: &str| {
            drawing
                .marks
                .iter()
                .any(|mark| matches!(mark, Mark::Text { text, .. } if text == words))
        };
        assert!(says("monolith") && says("msa") && says("promised: p99 ≤ 80 ms"));
    }

    #[test]
    fn a_curve_goes_as_far_out_as_ten_times_lie_beyond() {
        let curve = PercentileCurve::of("a", broken(0), &sample::histogram(0.01, 0.5)).unwrap();
        let last = curve.points.last().unwrap();
        // 4,000 times: ten are a four-hundredth.
        assert!((last.0 - 400f64.log10()).abs() < 1e-9, "{last:?}");
        assert!(PercentileCurve::of("a", broken(0), &Histogram::new(7)).is_none());
    }
}
