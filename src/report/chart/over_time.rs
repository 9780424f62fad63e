//! A terminating run over time: latency, throughput, errors and requests under way, one area under the other on
//! one clock, each curve with its 95 % interval as a band. Of an unstable layout in another run only
//! the requests under way: nothing else of it has a meaning.

use super::drawing::Drawing;
use super::layouts::{ShownLayout, entries, subtitle_with_intervals, title};
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::palette::{GRID, Look, broken};
use super::promises;
use super::time_curves::{Panel, TimeCurve, draw_panels};
use crate::report::focus::Whom;
use crate::report::numbers::Quantity;
use crate::study::{Estimate, RequestsInWindow, RunFindings, WindowFindings};

/// More bands than this hide each other.
const MOST_LAYOUTS: usize = 6;

/// Layouts that a title tells apart.
const MOST_NAMED: usize = 3;

/// With fewer good answers over all replications a window has fewer than ten beyond its p99.
const FEW: u64 = 1_000;

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
        title: title(finding(&layouts, whom), whom.titled("Over time")),
        subtitle: subtitle_with_intervals(findings, &format!("over time, {}", whom.words())),
        ..Surroundings::default()
    };
    let count = layouts.len();
    let layouts: Vec<(ShownLayout, Look)> =
        layouts.into_iter().zip((0..MOST_LAYOUTS).map(broken)).collect();
    let panels = panels(findings, &layouts, whom);
    if panels.is_empty() {
        words.subtitle = subtitle_with_intervals(findings, "nothing was looked at over time");
        return empty(&words, "No layout has windows, and none is unstable.");
    }
    words.legend = legend(&panels);
    words.notes = notes(&layouts, whom, count);
    let names: Vec<(String, Look)> =
        layouts.iter().map(|(entry, look)| (entry.name.clone(), *look)).collect();
    draw_panels(words, &names, &panels)
}

/// Which layouts drown; else when the p99 of each was at its worst, or the median where no window tells a p99.
fn finding(layouts: &[ShownLayout], whom: &Whom) -> Option<String> {
    let drown = layouts.iter().filter(|entry| entry.is_unstable());
    let drown: Vec<&str> = drown.map(|entry| entry.name.as_str()).take(MOST_NAMED).collect();
    if !drown.is_empty() {
        return Some(format!("More come than are answered in {}", drown.join(", ")));
    }
    worst(layouts, whom, "p99", |own| own.latency_seconds.p99)
        .or_else(|| worst(layouts, whom, "p50", |own| own.latency_seconds.p50))
}

/// When a percentile of each layout was at its worst, as far as windows tell it.
fn worst(
    layouts: &[ShownLayout],
    whom: &Whom,
    name: &str,
    percentile: fn(&RequestsInWindow) -> Option<Estimate>,
) -> Option<String> {
    let of = |entry: &ShownLayout| {
        let told =
            windows(entry, whom).filter_map(|(window, own)| Some((window, percentile(own)?.value)));
        let (window, p99) = told.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let time = |at: f64| Quantity::Time.write(at);
        let (from, to) = (time(window.from_seconds), time(window.to_seconds));
        Some(format!("{} in {} ({from} to {to})", Quantity::Time.write(p99), entry.name))
    };
    let said: Vec<String> = layouts.iter().filter_map(of).collect();
    let of = if whom.is_all() { String::new() } else { format!(" of {}", whom.words()) };
    let is_told = (1..=MOST_NAMED).contains(&said.len()) && said.len() == layouts.len();
    is_told.then(|| format!("{name}{of} in a window reaches {}", said.join(", ")))
}

fn legend(panels: &[Panel]) -> Vec<LegendEntry> {
    let mut legend = Vec::new();
    if panels.iter().any(|panel| !panel.area.is_empty()) {
        legend.push(LegendEntry::new(Sign::Patch(GRID), "requests that come"));
    }
    if panels.iter().any(|panel| !panel.faint.is_empty()) {
        let words = format!("fewer than {} good answers", Quantity::Count.write(FEW as f64));
        legend.push(LegendEntry::new(Sign::Patch(super::time_curves::FAINT_PATCH), &words));
    }
    legend
}

fn notes(layouts: &[(ShownLayout, Look)], whom: &Whom, count: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let ends =
        |(_, own): (_, &RequestsInWindow)| own.latency_seconds.p99.is_none() && !is_faint(own);
    if layouts.iter().any(|(entry, _)| windows(entry, whom).any(ends)) {
        notes.push(
            "Where a curve of latency is missing, too few of the window's requests were answered before the \
             end to tell."
                .to_owned(),
        );
    }
    let mut first = layouts.iter().take(1).flat_map(|(entry, _)| windows(entry, whom)).peekable();
    if first.peek().is_some() && first.all(|(_, own)| is_faint(own)) {
        let few = Quantity::Count.write(FEW as f64);
        notes.push(format!("Each window has fewer than {few} good answers: too few for a p99."));
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

/// Whether so few requests of a window were answered well that it tells little of its latency.
fn is_faint(own: &RequestsInWindow) -> bool {
    own.outcomes.ok < FEW
}

/// What is drawn under each other; what has no curve is left out.
fn panels(findings: &RunFindings, layouts: &[(ShownLayout, Look)], whom: &Whom) -> Vec<Panel> {
    let middle = |window: &WindowFindings| (window.from_seconds + window.to_seconds) / 2.0;
    let each = |of: fn(&RequestsInWindow) -> Option<Estimate>| -> Vec<TimeCurve> {
        let course = |(entry, look): &(ShownLayout, Look)| {
            let points = windows(entry, whom).map(|(window, own)| Some((middle(window), of(own)?)));
            TimeCurve { look: *look, points: points.collect() }
        };
        layouts.iter().map(course).collect()
    };
    let promised = |metric: &str| promises::of([findings], whom, |other| other == metric);
    // The requests are those of every layout.
    let first = || layouts.first().into_iter().flat_map(|(first, _)| windows(first, whom));
    let offered = first().map(|(window, own)| {
        (window.from_seconds, window.to_seconds, own.offered_per_second.value)
    });
    let faint = first().filter(|(_, own)| is_faint(own));
    let mut faint: Vec<(f64, f64)> =
        faint.map(|(window, _)| (window.from_seconds, window.to_seconds)).collect();
    // Where all are, shades tell nothing.
    if faint.len() == first().count() {
        faint.clear();
    }
    let panel = |title: &str, quantity, height, courses| Panel {
        title: title.to_owned(),
        quantity,
        height,
        courses,
        area: Vec::new(),
        faint: Vec::new(),
        promises: Vec::new(),
    };
    let latency = |title, height, of, metric: &str| Panel {
        faint: faint.clone(),
        promises: promised(metric),
        ..panel(title, Quantity::Time, height, each(of))
    };
    let p99 = "p99 of the requests that came in a window";
    let p50 = "p50 of the requests that came in a window";
    let under_way = layouts.iter().map(|(entry, look)| under_way(entry, whom, look)).collect();
    let all = vec![
        latency(p99, 200.0, |own| own.latency_seconds.p99, "p99"),
        latency(p50, 120.0, |own| own.latency_seconds.p50, "p50"),
        Panel {
            area: offered.collect(),
            ..panel(
                "good answers per second",
                Quantity::Rate,
                120.0,
                each(|own| Some(own.throughput_per_second)),
            )
        },
        Panel {
            promises: promised("errors"),
            ..panel(
                "errors among their answers",
                Quantity::Share,
                100.0,
                each(|own| own.error_share),
            )
        },
        panel("requests under way", Quantity::Count, 140.0, under_way),
    ];
    all.into_iter().filter(|panel| !panel.is_empty()).collect()
}

/// From an empty system on: at the ends of windows, or of slices of another run.
fn under_way(entry: &ShownLayout, whom: &Whom, look: &Look) -> TimeCurve {
    let start = (0.0, Estimate { value: 0.0, ci95: None });
    let windows = windows(entry, whom).map(|(window, own)| (window.to_seconds, own.in_system));
    let slices = entry.found.backlog.iter().filter(|_| whom.is_all());
    let slices = slices.map(|slice| (slice.at_seconds, slice.in_system));
    let points = std::iter::once(start).chain(windows).chain(slices).map(Some).collect();
    TimeCurve { look: *look, points }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;

    fn veils(drawing: &Drawing) -> usize {
        drawing.marks.iter().filter(|mark| matches!(mark, Mark::Veil { .. })).count()
    }

    fn says(drawing: &Drawing, words: &str) -> bool {
        let is_it = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text.contains(words));
        drawing.marks.iter().any(is_it)
    }

    #[test]
    fn curves_have_bands_and_break_where_nothing_is_known() {
        let findings = sample::flash_crowd();
        let drawing = draw(&findings, &Whom::all());
        // p99, p50, throughput and requests under way of two layouts; there are no errors.
        assert_eq!(veils(&drawing), 8);
        assert!(!says(&drawing, "errors among"));
        let mut broken = findings;
        broken.layouts.0[0].1.windows[5].all.latency_seconds.p99 = None;
        let drawing = draw(&broken, &Whom::all());
        assert_eq!(veils(&drawing), 9);
        assert!(says(&drawing, "Where a curve"));
    }

    #[test]
    fn the_worst_window_is_the_title_and_a_promise_a_line() {
        let mut findings = sample::flash_crowd();
        findings.layouts.0.truncate(1);
        findings.slo = sample::three_layouts().slo;
        findings.slo[0].endpoint = "all".to_owned();
        let drawing = draw(&findings, &Whom::all());
        let title = "p99 in a window reaches 1.64 s in monolith (70 s to 80 s)";
        assert_eq!(drawing.title, title);
        assert!(says(&drawing, "promised: p99 ≤ 80 ms"));
    }

    #[test]
    fn windows_of_few_requests_are_shaded() {
        let mut findings = sample::flash_crowd();
        assert!(!says(&draw(&findings, &Whom::all()), "fewer than"));
        findings.layouts.0[0].1.windows[3].all.outcomes.ok = 500;
        let drawing = draw(&findings, &Whom::all());
        assert!(says(&drawing, "fewer than 1,000 good answers"));
        // In both areas of latency.
        assert_eq!(veils(&drawing), 8 + 2);
    }

    #[test]
    fn layouts_are_told_apart_by_their_dashes_too() {
        let drawing = draw(&sample::flash_crowd(), &Whom::all());
        assert!(says(&drawing, "monolith") && says(&drawing, "msa"));
        let lines = drawing.marks.iter().filter(|mark| matches!(mark, Mark::Line { .. })).count();
        assert!(lines > 100, "the second layout is broken into strokes: {lines}");
    }

    #[test]
    fn only_runs_with_a_course_are_drawn() {
        let (all, one) = (Whom::all(), Whom::one("checkout"));
        let is_told = |findings: &RunFindings, whom: &Whom| !draw(findings, whom).is_empty;
        let unstable = sample::run(vec![("msa", sample::unstable())]);
        assert!(is_told(&sample::flash_crowd(), &all) && is_told(&sample::flash_crowd(), &one));
        // A backlog is one of all endpoints.
        assert!(is_told(&unstable, &all) && !is_told(&unstable, &one));
        assert!(!is_told(&sample::three_layouts(), &all));
    }
}
