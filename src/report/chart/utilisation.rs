//! How busy every resource is: horizontal bars grouped by layout, the busiest first, and the line
//! that none can pass. Where a run was cut into windows the busiest one stands behind the mean: it is what limits.

use super::axis::{Axis, Direction};
use super::drawing::{Anchor, Colour, Drawing};
use super::font;
use super::layouts::{ShownLayout, entries, left_out, subtitle_with_intervals, title};
use super::page::{LegendEntry, MARGIN, Sign, Surroundings, WIDTH, empty, page};
use super::palette::{self, BAND, GREY, GRID, INK, VERMILLION};
use crate::report::names::shown;
use crate::report::numbers::{Quantity, interval};
use crate::study::{PeakWindow, RunFindings, Utilisation};

const LINE: f64 = 19.0;
const HEAD: f64 = 25.0;
const BAR: f64 = 11.0;
const TEXT: f64 = 12.0;

/// Bars of all layouts together, so that a page stays a page.
const MOST_BARS: usize = 84;

/// Bars of one layout.
const MOST_OF_ONE: usize = 12;

/// A resource that is less busy has no bar of its own, unless it is one of the first so many.
const SLIVER: f64 = 0.01;
const LEAST_BARS: usize = 3;

/// Paper right of the axis for the value after a full bar, at least.
const AFTER: f64 = 62.0;

/// Size of that value.
const VALUE: f64 = 11.0;

/// Colour of the peak in the legend, where it is of no kind.
const PEAK: Colour = (0xdc, 0xdc, 0xdc);

/// The figure.
pub(super) fn draw(findings: &RunFindings) -> Drawing {
    let layouts = entries(findings);
    let most = (MOST_BARS / layouts.len().max(1)).clamp(3, MOST_OF_ONE);
    let groups: Vec<(&ShownLayout, Vec<&Utilisation>)> =
        layouts.iter().map(|entry| (entry, busiest(&entry.found.utilisation, most))).collect();
    let rests: Vec<Option<String>> =
        groups.iter().map(|(entry, bars)| rest(&entry.found.utilisation, bars.len())).collect();
    let words = Surroundings {
        title: title(busiest_of_all(&groups), "Utilisation by resource".to_owned()),
        subtitle: subtitle_with_intervals(
            findings,
            "utilisation by resource, busy share of each capacity, busiest first",
        ),
        legend: legend(&groups),
        notes: left_out(findings.layouts.0.len()).into_iter().collect(),
    };
    let bars = || groups.iter().flat_map(|(_, bars)| bars.iter());
    let values: Vec<f64> = bars().flat_map(|bar| [bar.share.value, most_busy(bar)]).collect();
    let widths = bars().map(|bar| font::width(&value_words(bar), VALUE) + 10.0);
    let after = widths.fold(AFTER, f64::max);
    if values.is_empty() {
        return empty(&words, "No resource here has a capacity.");
    }
    let names = groups.iter().flat_map(|(_, bars)| bars.iter().map(|bar| shown(&bar.resource)));
    let widest = names.map(|name| font::width(&name, TEXT)).fold(60.0, f64::max).min(230.0);
    let left = MARGIN + 14.0 + widest + 10.0;
    let room = WIDTH - MARGIN - after - left;
    let with_limit: Vec<f64> = values.iter().copied().chain([1.0]).collect();
    let axis = Axis::linear(&with_limit, &Quantity::Share, room, Direction::Across);

    let lines = groups.iter().zip(&rests);
    let heights: Vec<f64> =
        lines.map(|((_, bars), rest)| height(bars.len() + usize::from(rest.is_some()))).collect();
    let body: f64 = heights.iter().sum();
    let (mut drawing, top) = page(&words, body + 52.0);
    frame(&mut drawing, &axis, (left, room), (top, top + body), &heights);
    // Under the values, which it must not cross out.
    let limit = left + axis.at(1.0) * room;
    drawing.line(vec![(limit, top), (limit, top + body)], 1.6, VERMILLION);
    let mut y = top;
    for (((entry, bars), rest), height) in groups.iter().zip(&rests).zip(&heights) {
        let verdict = if entry.is_unstable() { " (unstable)" } else { "" };
        let name = font::fitted(&entry.name, 13.0, WIDTH / 2.0);
        let at = (MARGIN + 2.0, y + HEAD / 2.0 + 2.0);
        drawing.label(at, Anchor::Start, 13.0, INK, &format!("{name}{verdict}"));
        for (index, bar) in bars.iter().enumerate() {
            let middle = y + HEAD + LINE * (index as f64 + 0.5);
            draw_bar(&mut drawing, &axis, (left, room), (middle, widest), bar);
        }
        if let Some(rest) = rest {
            let at = (left, y + HEAD + LINE * (bars.len() as f64 + 0.5));
            drawing.label(at, Anchor::Start, 11.0, GREY, rest);
        }
        y += height;
    }
    drawing
}

fn height(bars: usize) -> f64 {
    HEAD + LINE * bars.max(1) as f64 + 9.0
}

/// The busiest resources with a number, falling; equal ones by name.
fn busiest(all: &[Utilisation], most: usize) -> Vec<&Utilisation> {
    let mut bars: Vec<&Utilisation> =
        all.iter().filter(|bar| bar.share.value.is_finite()).collect();
    bars.sort_by(|a, b| {
        most_busy(b).total_cmp(&most_busy(a)).then_with(|| a.resource.cmp(&b.resource))
    });
    let slivers = bars.iter().skip(LEAST_BARS).position(|bar| most_busy(bar) < SLIVER);
    bars.truncate(slivers.map_or(most, |position| most.min(LEAST_BARS + position)));
    bars
}

/// The busiest window with a number.
fn peak(bar: &Utilisation) -> Option<PeakWindow> {
    bar.peak.filter(|peak| peak.share.value.is_finite())
}

/// The share of the busiest window, or the mean where there are no windows.
fn most_busy(bar: &Utilisation) -> f64 {
    peak(bar).map_or(bar.share.value, |peak| peak.share.value)
}

/// `100 % from 75 s to 90 s`.
fn peak_words(peak: &PeakWindow) -> String {
    let [from, to] = [peak.from_seconds, peak.to_seconds].map(|at| Quantity::Time.write(at));
    format!("{} from {from} to {to}", Quantity::Share.write(peak.share.value))
}

/// What stands after a bar.
fn value_words(bar: &Utilisation) -> String {
    let share = Quantity::Share.write(bar.share.value);
    match peak(bar) {
        Some(peak) => format!("{}, {share} on average", peak_words(&peak)),
        None => share,
    }
}

/// What is said of the resources that have no bar.
fn rest(all: &[Utilisation], shown: usize) -> Option<String> {
    let known = all.iter().filter(|bar| bar.share.value.is_finite());
    let mut shares: Vec<f64> = known.map(most_busy).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    let most = shares.get(shown)?;
    let count = shares.len() - shown;
    let others = if count == 1 { "1 more" } else { &format!("{count} more") };
    Some(format!("{others}, at most {}", Quantity::Share.write(*most)))
}

/// The busiest resource of all layouts.
fn busiest_of_all(groups: &[(&ShownLayout, Vec<&Utilisation>)]) -> Option<String> {
    let first = groups.iter().filter_map(|(entry, bars)| Some((entry, *bars.first()?)));
    let (entry, bar) = first.max_by(|a, b| most_busy(a.1).total_cmp(&most_busy(b.1)))?;
    let busy = value_words(bar);
    Some(format!("Busiest is {} of {}: {busy}", shown(&bar.resource), entry.name))
}

/// What the colours mean: the kinds of resource that occur, in the order of the bars.
fn legend(groups: &[(&ShownLayout, Vec<&Utilisation>)]) -> Vec<LegendEntry> {
    let mut keys: Vec<LegendEntry> = Vec::new();
    for bar in groups.iter().flat_map(|(_, bars)| bars) {
        let (kind, colour) = palette::resource(&bar.resource);
        if keys.iter().all(|key| key.sign != Sign::Patch(colour)) {
            keys.push(LegendEntry::new(Sign::Patch(colour), kind));
        }
    }
    if groups.iter().any(|(_, bars)| bars.iter().any(|bar| peak(bar).is_some())) {
        keys.push(LegendEntry::new(Sign::Patch(PEAK), "pale: in its busiest window"));
    }
    keys
}

/// Bands, grid and axis.
fn frame(
    drawing: &mut Drawing,
    axis: &Axis,
    (left, room): (f64, f64),
    (top, foot): (f64, f64),
    heights: &[f64],
) {
    let mut y = top;
    for (index, high) in heights.iter().copied().enumerate() {
        if index % 2 == 0 {
            drawing.rectangle((MARGIN - 6.0, y), (WIDTH - 2.0 * MARGIN + 12.0, high), BAND);
        }
        y += high;
    }
    for (value, label) in &axis.ticks {
        let x = left + axis.at(*value) * room;
        drawing.line(vec![(x, top), (x, foot)], 1.0, GRID);
        drawing.label((x, foot + 13.0), Anchor::Middle, TEXT, INK, label);
    }
    drawing.label((left, foot + 35.0), Anchor::Start, TEXT, GREY, "share of the capacity in use");
}

fn draw_bar(
    drawing: &mut Drawing,
    axis: &Axis,
    (left, room): (f64, f64),
    (y, name_room): (f64, f64),
    bar: &Utilisation,
) {
    let name = font::fitted(&shown(&bar.resource), TEXT, name_room);
    drawing.label((left - 8.0, y), Anchor::End, TEXT, INK, &name);
    let end = left + axis.at(bar.share.value) * room;
    let (_, colour) = palette::resource(&bar.resource);
    let mut right = end;
    if let Some(peak) = peak(bar) {
        let highest = left + axis.at(peak.share.value) * room;
        let size = (highest - left, BAR);
        drawing.rectangle((left, y - BAR / 2.0), size, palette::tint(colour));
        right = right.max(highest);
    }
    drawing.rectangle((left, y - BAR / 2.0), (end - left, BAR), colour);
    if let Some(interval) = interval(&bar.share) {
        let [low, high] = interval.map(|end| left + axis.at(end) * room);
        drawing.line(vec![(low, y), (high, y)], 1.4, INK);
        right = right.max(high);
    }
    drawing.label((right + 6.0, y), Anchor::Start, VALUE, INK, &value_words(bar));
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;

    fn crowd() -> RunFindings {
        let mut findings = sample::flash_crowd();
        for (_, layout) in &mut findings.layouts.0 {
            for (index, bar) in layout.utilisation.iter_mut().enumerate() {
                let share = sample::about(if index == 3 { 0.99 } else { 0.5 }, 0.01);
                bar.peak = Some(PeakWindow { from_seconds: 70.0, to_seconds: 80.0, share });
            }
        }
        findings
    }

    #[test]
    fn what_is_busiest_in_its_peak_window_stands_first_and_in_the_title() {
        let findings = crowd();
        let bars = busiest(&findings.layouts.0[0].1.utilisation, 9);
        assert_eq!(bars[0].resource, "main storage");
        let drawing = draw(&findings);
        let title = "Busiest is main storage of msa: 99 % from 70 s to 80 s, 16 % on average";
        assert_eq!(drawing.title, title);
        let pale = palette::tint(palette::GREEN);
        let is_pale =
            |mark: &&Mark| matches!(mark, Mark::Rectangle { colour, .. } if *colour == pale);
        assert_eq!(drawing.marks.iter().filter(is_pale).count(), 2);
    }

    #[test]
    fn without_windows_there_is_no_peak() {
        let drawing = draw(&sample::three_layouts());
        let said = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text.contains("window"));
        assert!(!drawing.marks.iter().any(said));
    }
}
