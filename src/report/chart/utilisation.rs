//! How busy every resource is: horizontal bars grouped by layout, the busiest first, and the line
//! that none can pass.

use super::axis::{Axis, Direction};
use super::drawing::{Anchor, Drawing};
use super::font;
use super::layouts::{ShownLayout, entries, left_out, subtitle_with_intervals, title};
use super::page::{LegendEntry, MARGIN, Sign, Surroundings, WIDTH, empty, page};
use super::palette::{self, BAND, GREY, GRID, INK, VERMILLION};
use crate::report::names::shown;
use crate::report::numbers::{Quantity, interval};
use crate::study::{RunFindings, Utilisation};

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

/// Paper right of the axis for the value after a full bar.
const AFTER: f64 = 62.0;

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
    let values: Vec<f64> =
        groups.iter().flat_map(|(_, bars)| bars.iter().map(|bar| bar.share.value)).collect();
    if values.is_empty() {
        return empty(&words, "No resource here has a capacity.");
    }
    let names = groups.iter().flat_map(|(_, bars)| bars.iter().map(|bar| shown(&bar.resource)));
    let widest = names.map(|name| font::width(&name, TEXT)).fold(60.0, f64::max).min(230.0);
    let left = MARGIN + 14.0 + widest + 10.0;
    let room = WIDTH - MARGIN - AFTER - left;
    let with_limit: Vec<f64> = values.iter().copied().chain([1.0]).collect();
    let axis = Axis::linear(&with_limit, &Quantity::Share, room, Direction::Across);

    let lines = groups.iter().zip(&rests);
    let heights: Vec<f64> =
        lines.map(|((_, bars), rest)| height(bars.len() + usize::from(rest.is_some()))).collect();
    let body: f64 = heights.iter().sum();
    let (mut drawing, top) = page(&words, body + 52.0);
    frame(&mut drawing, &axis, (left, room), (top, top + body), &heights);
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
    let limit = left + axis.at(1.0) * room;
    drawing.line(vec![(limit, top), (limit, top + body)], 1.6, VERMILLION);
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
        b.share.value.total_cmp(&a.share.value).then_with(|| a.resource.cmp(&b.resource))
    });
    let slivers = bars.iter().skip(LEAST_BARS).position(|bar| bar.share.value < SLIVER);
    bars.truncate(slivers.map_or(most, |position| most.min(LEAST_BARS + position)));
    bars
}

/// What is said of the resources that have no bar.
fn rest(all: &[Utilisation], shown: usize) -> Option<String> {
    let mut shares: Vec<f64> =
        all.iter().map(|bar| bar.share.value).filter(|share| share.is_finite()).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    let most = shares.get(shown)?;
    let count = shares.len() - shown;
    let others = if count == 1 { "1 more" } else { &format!("{count} more") };
    Some(format!("{others}, at most {}", Quantity::Share.write(*most)))
}

/// The busiest resource of all layouts, where there are several.
fn busiest_of_all(groups: &[(&ShownLayout, Vec<&Utilisation>)]) -> Option<String> {
    let [_, _, ..] = groups else { return None };
    let first = groups.iter().filter_map(|(entry, bars)| Some((entry, *bars.first()?)));
    let (entry, bar) = first.max_by(|a, b| a.1.share.value.total_cmp(&b.1.share.value))?;
    let share = Quantity::Share.write(bar.share.value);
    Some(format!("Busiest is {} of {}: {share}", shown(&bar.resource), entry.name))
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
    drawing.rectangle((left, y - BAR / 2.0), (end - left, BAR), colour);
    let mut right = end;
    if let Some(interval) = interval(&bar.share) {
        let [low, high] = interval.map(|end| left + axis.at(end) * room);
        drawing.line(vec![(low, y), (high, y)], 1.4, INK);
        right = right.max(high);
    }
    let text = Quantity::Share.write(bar.share.value);
    drawing.label((right + 6.0, y), Anchor::Start, 11.0, INK, &text);
}
