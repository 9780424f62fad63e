//! A terminating run over time: latency, throughput and requests under way, one panel under the other on
//! one clock, each curve with its 95 % interval as a band. Of an unstable layout in another run only
//! the requests under way: nothing else of it has a meaning.

use super::axis::{Axis, Direction, TICK_SIZE};
use super::drawing::{Anchor, Colour, Dash, Drawing, Point};
use super::font;
use super::layouts::{ShownLayout, entries, subtitle_with_intervals};
use super::page::{LegendEntry, MARGIN, Sign, Surroundings, WIDTH, empty, page};
use super::palette::{GREY, GRID, INK, Look, Marker, look};
use crate::report::focus::Whom;
use crate::report::numbers::{Quantity, interval};
use crate::study::{Estimate, RequestsInWindow, RunFindings, WindowFindings};

/// More bands than this hide each other.
const MOST_LAYOUTS: usize = 6;
/// Room above a panel for its title.
const ABOVE: f64 = 40.0;
/// Paper right of the panels, for the last label of the clock.
const AFTER: f64 = 34.0;
/// Room under the last panel for the clock.
const BELOW: f64 = 52.0;

/// Whether there is anything to draw.
pub(super) fn is_told(findings: &RunFindings, whom: &Whom) -> bool {
    entries(findings).iter().any(|entry| has_course(entry, whom))
}

/// Windows are told of each endpoint; a backlog is one of all.
fn has_course(entry: &ShownLayout, whom: &Whom) -> bool {
    let in_windows = entry.found.windows.iter().any(|window| window.of(whom.key()).is_some());
    in_windows || whom.is_all() && !entry.found.backlog.is_empty()
}

/// The windows of a layout with somebody's requests in them.
fn windows<'f>(
    entry: &'f ShownLayout,
    whom: &'f Whom,
) -> impl Iterator<Item = (&'f WindowFindings, &'f RequestsInWindow)> {
    let windows = entry.found.windows.iter();
    windows.filter_map(|window| Some((window, window.of(whom.key())?)))
}

/// The figure.
pub(super) fn draw(findings: &RunFindings, whom: &Whom) -> Drawing {
    let layouts = entries(findings).into_iter().filter(|entry| has_course(entry, whom));
    let layouts: Vec<ShownLayout> = layouts.collect();
    let mut words = Surroundings {
        title: whom.titled("Over time"),
        subtitle: subtitle_with_intervals(findings, &whom.words()),
        ..Surroundings::default()
    };
    let count = layouts.len();
    let layouts: Vec<(ShownLayout, Look)> =
        layouts.into_iter().zip((0..MOST_LAYOUTS).map(look)).collect();
    let panels = panels(&layouts, whom);
    if panels.iter().all(Panel::is_empty) {
        words.subtitle = subtitle_with_intervals(findings, "nothing was looked at over time");
        return empty(&words, "No layout has windows, and none is unstable.");
    }
    let key = |(entry, look): &(ShownLayout, Look)| {
        LegendEntry::new(Sign::Line(*look, false), &entry.name)
    };
    words.legend = layouts.iter().map(key).collect();
    words.legend.extend(panels.iter().flat_map(|panel| panel.legend.clone()));
    words.notes = notes(&layouts, whom, count);
    let ends = panels.iter().flat_map(|panel| panel.curves.iter().flat_map(Course::times));
    let end = ends.fold(0.0, f64::max);
    let room: f64 = panels.iter().map(|panel| ABOVE + panel.height).sum();
    let axes: Vec<Axis> = panels.iter().map(Panel::axis).collect();
    let left = MARGIN + axes.iter().map(Axis::widest).fold(30.0, f64::max) + 10.0;
    let width = WIDTH - MARGIN - AFTER - left;
    let clock = Axis::linear(&[end], &Quantity::Time, width, Direction::Across);
    let (mut drawing, mut top) = page(&words, room + BELOW);
    for (panel, axis) in panels.iter().zip(&axes) {
        top += ABOVE;
        panel.draw(&mut drawing, &Frame { left, top, width, clock: &clock, axis });
        top += panel.height;
    }
    for (value, label) in &clock.ticks {
        let across = left + clock.at(*value) * width;
        drawing.label((across, top + 14.0), Anchor::Middle, TICK_SIZE, INK, label);
    }
    let at = (left + width, top + 36.0);
    drawing.label(at, Anchor::End, TICK_SIZE, GREY, "time since the start");
    drawing
}

fn notes(layouts: &[(ShownLayout, Look)], whom: &Whom, count: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let ends = |(_, own): (_, &RequestsInWindow)| own.latency_seconds.p99.is_none();
    if layouts.iter().any(|(entry, _)| windows(entry, whom).any(ends)) {
        notes.push(
            "Where a curve of latency is missing, too few of the window's requests were answered before the \
             end to tell."
                .to_owned(),
        );
    }
    if layouts.iter().any(|(entry, _)| entry.is_unstable()) {
        notes.push("Unstable layouts have no means, but a course.".to_owned());
    }
    if count > layouts.len() {
        let shown = layouts.len();
        notes.push(format!("The first {shown} of {count} layouts are shown; the files have all."));
    }
    notes
}

fn panels(layouts: &[(ShownLayout, Look)], whom: &Whom) -> Vec<Panel> {
    let course =
        |look: &Look, entry: &ShownLayout, of: fn(&RequestsInWindow) -> Option<Estimate>| {
            let middle = |window: &WindowFindings| (window.from_seconds + window.to_seconds) / 2.0;
            let points = windows(entry, whom).map(|(window, own)| Some((middle(window), of(own)?)));
            Course { colour: look.colour, dash: Dash::Solid, width: 2.2, points: points.collect() }
        };
    let each = |of: fn(&RequestsInWindow) -> Option<Estimate>| -> Vec<Course> {
        layouts.iter().map(|(entry, look)| course(look, entry, of)).collect()
    };
    let p50 = each(|window| window.latency_seconds.p50).into_iter();
    let p50 = p50.map(|curve| Course { dash: Dash::Short, width: 1.6, ..curve });
    let mut latency: Vec<Course> = p50.collect();
    latency.extend(each(|window| window.latency_seconds.p99));
    let sign = |dash| Sign::Line(Look { colour: GREY, dash, marker: Marker::Disc }, false);
    // The requests are those of every layout.
    let offered = layouts.first().into_iter().flat_map(|(first, _)| windows(first, whom));
    let offered: Vec<(f64, f64, f64)> = offered
        .map(|(window, own)| (window.from_seconds, window.to_seconds, own.offered_per_second.value))
        .collect();
    let all = vec![
        Panel {
            title: "latency of the requests that came in a window",
            quantity: Quantity::Time,
            height: 230.0,
            curves: latency,
            area: Vec::new(),
            legend: vec![
                LegendEntry::new(sign(Dash::Solid), "p99"),
                LegendEntry::new(sign(Dash::Short), "p50"),
            ],
        },
        Panel {
            title: "good answers per second",
            quantity: Quantity::Rate,
            height: 130.0,
            curves: each(|window| Some(window.throughput_per_second)),
            area: offered,
            legend: vec![LegendEntry::new(Sign::Patch(GRID), "requests that come")],
        },
        Panel {
            title: "requests under way",
            quantity: Quantity::Count,
            height: 160.0,
            curves: layouts.iter().map(|(entry, look)| under_way(entry, whom, look)).collect(),
            area: Vec::new(),
            legend: Vec::new(),
        },
    ];
    all.into_iter().filter(|panel| !panel.is_empty()).collect()
}

/// From an empty system on: at the ends of windows, or of slices of another run.
fn under_way(entry: &ShownLayout, whom: &Whom, look: &Look) -> Course {
    let start = (0.0, Estimate { value: 0.0, ci95: None });
    let windows = windows(entry, whom).map(|(window, own)| (window.to_seconds, own.in_system));
    let slices = entry.found.backlog.iter().filter(|_| whom.is_all());
    let slices = slices.map(|slice| (slice.at_seconds, slice.in_system));
    let points = std::iter::once(start).chain(windows).chain(slices).map(Some).collect();
    Course { colour: look.colour, dash: Dash::Solid, width: 2.2, points }
}

/// A value over time; `None` breaks the line.
struct Course {
    colour: Colour,
    dash: Dash,
    width: f64,
    points: Vec<Option<(f64, Estimate)>>,
}

impl Course {
    fn times(&self) -> impl Iterator<Item = f64> + '_ {
        self.points.iter().flatten().map(|(time, _)| *time)
    }

    /// Stretches without a gap, of finite values.
    fn stretches(&self) -> impl Iterator<Item = Vec<(f64, Estimate)>> {
        let is_shown = |point: &Option<(f64, Estimate)>| {
            point.is_some_and(|(_, estimate)| estimate.value.is_finite())
        };
        let stretches = self.points.split(move |point| !is_shown(point));
        stretches.map(|points| points.iter().flatten().copied().collect())
    }
}

/// One value axis over the clock.
struct Panel {
    title: &'static str,
    quantity: Quantity,
    height: f64,
    curves: Vec<Course>,
    /// Steps behind the curves: from, to, value.
    area: Vec<(f64, f64, f64)>,
    legend: Vec<LegendEntry>,
}

/// Where a panel stands.
struct Frame<'a> {
    left: f64,
    top: f64,
    width: f64,
    clock: &'a Axis,
    axis: &'a Axis,
}

impl Panel {
    fn is_empty(&self) -> bool {
        self.curves.iter().all(|curve| curve.stretches().all(|points| points.len() < 2))
    }

    fn axis(&self) -> Axis {
        let points = self.curves.iter().flat_map(|curve| curve.points.iter().flatten());
        // A band that reaches down to nothing must not drag a logarithmic axis along.
        let ends = points.flat_map(|(_, estimate)| {
            let high = interval(estimate).map(|[_, high]| high);
            high.into_iter().chain([estimate.value])
        });
        let area = self.area.iter().map(|(_, _, value)| *value);
        let values: Vec<f64> = ends.chain(area).collect();
        match self.quantity {
            Quantity::Time => Axis::suited(&values, &self.quantity, self.height, Direction::Up),
            _ => Axis::linear(&values, &self.quantity, self.height, Direction::Up),
        }
    }

    fn draw(&self, drawing: &mut Drawing, frame: &Frame) {
        let place = |time: f64, value: f64| -> Point {
            let across = frame.left + frame.clock.at(time) * frame.width;
            (across, frame.top + (1.0 - frame.axis.at(value)) * self.height)
        };
        let foot = frame.top + self.height;
        for (from, to, value) in self.area.iter().filter(|(_, _, value)| value.is_finite()) {
            let (corner, (right, _)) = (place(*from, *value), place(*to, *value));
            drawing.rectangle(corner, (right - corner.0, foot - corner.1), GRID);
        }
        for (value, label) in &frame.axis.ticks {
            let (_, height) = place(0.0, *value);
            drawing.line(vec![(frame.left, height), (frame.left + frame.width, height)], 1.0, GRID);
            drawing.label((frame.left - 8.0, height), Anchor::End, TICK_SIZE, INK, label);
        }
        for (time, _) in &frame.clock.ticks {
            let (across, _) = place(*time, 0.0);
            drawing.line(vec![(across, frame.top), (across, foot)], 1.0, GRID);
        }
        let scale = if frame.axis.is_logarithmic() { ", logarithmic" } else { "" };
        let title = font::fitted(&format!("{}{scale}", self.title), TICK_SIZE, frame.width);
        let at = (MARGIN, frame.top - 18.0);
        drawing.label(at, Anchor::Start, TICK_SIZE, GREY, &title);
        for curve in &self.curves {
            for points in curve.stretches() {
                let (mut above, mut below): (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
                for (time, estimate) in points {
                    let [low, high] = interval(&estimate).unwrap_or([estimate.value; 2]);
                    above.push(place(time, high));
                    below.push(place(time, low));
                }
                above.extend(below.into_iter().rev());
                drawing.veil(above, curve.colour);
            }
        }
        for curve in &self.curves {
            for points in curve.stretches() {
                let line: Vec<Point> =
                    points.iter().map(|(time, estimate)| place(*time, estimate.value)).collect();
                drawing.dashed(&line, curve.width, curve.colour, curve.dash);
                // A window alone between two gaps.
                if let [only] = line[..] {
                    drawing.disc(only, curve.width, curve.colour);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;

    #[test]
    fn curves_have_bands_and_break_where_nothing_is_known() {
        let findings = sample::flash_crowd();
        let drawing = draw(&findings, &Whom::all());
        let veils = drawing.marks.iter().filter(|mark| matches!(mark, Mark::Veil { .. })).count();
        // p50 and p99, throughput and requests under way of two layouts.
        assert_eq!(veils, 8);
        let mut broken = findings;
        broken.layouts.0[0].1.windows[5].all.latency_seconds.p99 = None;
        let drawing = draw(&broken, &Whom::all());
        let veils = drawing.marks.iter().filter(|mark| matches!(mark, Mark::Veil { .. })).count();
        assert_eq!(veils, 9);
        let said = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text.starts_with("Where a curve"));
        assert!(drawing.marks.iter().any(said));
    }

    #[test]
    fn only_runs_with_a_course_are_drawn() {
        let (all, one) = (Whom::all(), Whom::one("checkout"));
        let unstable = sample::run(vec![("msa", sample::unstable())]);
        assert!(is_told(&sample::flash_crowd(), &all) && is_told(&sample::flash_crowd(), &one));
        // A backlog is one of all endpoints.
        assert!(is_told(&unstable, &all) && !is_told(&unstable, &one));
        assert!(!is_told(&sample::three_layouts(), &all));
    }
}
