//! A layout over time: its windows and moments as grids.

use super::grid::{Cell, Grid};
use super::layouts::NAME;
use super::section::{Body, Section, section};
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{Estimate, LayoutFindings, MomentFindings, WindowFindings};
use crate::units::significant;

/// More rows than this are no table to read; the files have all of them.
const MOST_ROWS: usize = 24;

/// What is told of a layout over time; nothing outside terminating runs.
pub(super) fn sections(layout: &str, found: &LayoutFindings) -> Vec<Section> {
    let name = shortened(&shown(layout), NAME);
    let mut sections = Vec::new();
    if !found.windows.is_empty() {
        let (wide, short) = (windows(&found.windows, false), windows(&found.windows, true));
        sections.push(section(&format!("{name} over time"), Body::Shrinking(wide, short)));
        sections.extend(skipped(found.windows.len(), "window", "windows.csv"));
    }
    if !found.moments.is_empty() {
        let (wide, short) = (moments(&found.moments, false), moments(&found.moments, true));
        sections.push(section(&format!("{name} at clock times"), Body::Shrinking(wide, short)));
        sections.extend(skipped(found.moments.len(), "moment", "moments.csv"));
    }
    sections
}

/// Every how manieth of so many rows is shown.
fn stride(count: usize) -> usize {
    count.div_ceil(MOST_ROWS).max(1)
}

fn skipped(count: usize, what: &str, file: &str) -> Option<Section> {
    let stride = stride(count);
    let words = format!("One {what} in {stride} is shown; all {count} are in {file}.");
    (stride > 1).then(|| section("", Body::Lines(vec![words])))
}

fn cell(quantity: &Quantity, found: Option<Estimate>, short: bool) -> Cell {
    Cell::plain(match found {
        None => "–".to_owned(),
        Some(found) if short => quantity.write(found.value),
        Some(found) => quantity.write_estimate(&found),
    })
}

/// `short`: without intervals.
fn windows(windows: &[WindowFindings], short: bool) -> Grid {
    let head = ["window", "offered", "throughput", "errors", "p50", "p99", "under way"];
    let row = |found: &WindowFindings| {
        let latency = &found.latency_seconds;
        vec![
            Cell::plain(bounds(found)),
            cell(&Quantity::Rate, Some(found.offered_per_second), true),
            cell(&Quantity::Rate, Some(found.throughput_per_second), short),
            cell(&Quantity::Share, found.error_share, true),
            cell(&Quantity::Time, latency.p50, short),
            cell(&Quantity::Time, latency.p99, short),
            cell(&Quantity::Count, Some(found.in_system), short),
        ]
    };
    let rows = windows.iter().step_by(stride(windows.len())).map(row).collect();
    Grid { keys: 1, head: head.map(Cell::plain).into(), rows }
}

/// Start and end in one unit: `60 … 70 s`.
fn bounds(window: &WindowFindings) -> String {
    let unit = Quantity::Time.unit(window.to_seconds);
    let [from, to] =
        [window.from_seconds, window.to_seconds].map(|time| significant(time / unit.size, 6));
    unit.with(&format!("{from} … {to}"))
}

fn moments(moments: &[MomentFindings], short: bool) -> Grid {
    let head = ["at", "under way", "none under way", "answered so far"];
    let row = |found: &MomentFindings| {
        vec![
            Cell::plain(Quantity::Time.write(found.at_seconds)),
            cell(&Quantity::Count, Some(found.in_system), short),
            cell(&Quantity::Share, Some(found.empty_probability), short),
            cell(&Quantity::Count, Some(found.completions), short),
        ]
    };
    let rows = moments.iter().step_by(stride(moments.len())).map(row).collect();
    Grid { keys: 1, head: head.map(Cell::plain).into(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Told, sample};

    #[test]
    fn windows_fit_a_terminal_of_80_columns_and_have_intervals_at_120() {
        let findings = sample::flash_crowd();
        for width in [80, 120] {
            let text = findings.tables().text(width, false);
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
            let (_, over_time) = text.split_once("monolith over time").unwrap();
            let peak = over_time.lines().find(|line| line.contains("60 … 70 s")).unwrap();
            assert_eq!(peak.contains('±'), width == 120, "{peak}");
            assert_eq!(peak.matches("– ").count() + usize::from(peak.ends_with('–')), 0, "{peak}");
        }
        assert!(findings.tables().markdown().contains("| 60 … 70 s |"));
    }

    #[test]
    fn of_many_windows_some_are_shown_and_it_is_said() {
        let mut found = sample::flash_crowd().layouts.0[0].1.clone();
        let window = found.windows[0].clone();
        found.windows = vec![window; 100];
        let [section, note, _] = &sections("x", &found)[..] else { panic!("two grids, a note") };
        let Body::Shrinking(grid, _) = &section.body else { panic!("a grid") };
        assert_eq!(grid.rows.len(), 20);
        let Body::Lines(lines) = &note.body else { panic!("words") };
        assert_eq!(lines, &["One window in 5 is shown; all 100 are in windows.csv."]);
    }
}
