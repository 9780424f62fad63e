//! A layout over time: its windows and moments as grids.

use super::grid::{Cell, Grid};
use super::section::{Body, Section, section};
use crate::report::finding::NAME;
use crate::report::focus::{Focus, Whom};
use crate::report::names::{shortened, shown};
use crate::report::numbers::{Quantity, distinct_times};
use crate::study::{
    Estimate, LayoutFindings, Missing, MomentFindings, RequestsInWindow, WindowFindings,
};
use crate::units::significant;

/// More rows than this are no table to read; the files have all of them.
const MOST_ROWS: usize = 24;

/// What is told of a layout over time; nothing outside terminating runs.
pub(super) fn sections(layout: &str, found: &LayoutFindings, focus: &Focus) -> Vec<Section> {
    let name = shortened(&shown(layout), NAME);
    let mut sections = Vec::new();
    for whom in focus.whoms() {
        let own: Vec<Requests> =
            found.windows.iter().filter_map(|window| row_of(window, whom)).collect();
        if !own.is_empty() {
            let (wide, short) = (windows(&own, false), windows(&own, true));
            let title = whom.titled(&format!("{name} over time"));
            sections.push(section(&title, Body::Shrinking(wide, short)));
            sections.extend(reasons(&own));
            sections.extend(skipped(own.len(), "window", "windows.csv"));
        }
    }
    if !found.moments.is_empty() {
        let (wide, short) = (moments(&found.moments, false), moments(&found.moments, true));
        sections.push(section(&format!("{name} at clock times"), Body::Shrinking(wide, short)));
        sections.extend(skipped(found.moments.len(), "moment", "moments.csv"));
    }
    sections
}

/// A window, and somebody's requests in it.
type Requests<'f> = (&'f WindowFindings, &'f RequestsInWindow);

fn row_of<'f>(window: &'f WindowFindings, whom: &Whom) -> Option<Requests<'f>> {
    Some((window, window.of(whom.key())?))
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

fn cell(quantity: &Quantity, found: Estimate, short: bool) -> Cell {
    Cell::plain(match short {
        true => quantity.write(found.value),
        false => quantity.write_uncertain(&found),
    })
}

/// The same of what may be missing, with the word for why.
fn some(quantity: &Quantity, found: Option<Estimate>, why: Missing, short: bool) -> Cell {
    match found {
        Some(found) => cell(quantity, found, short),
        None => Cell::plain(why.short()),
    }
}

/// What the words for missing figures mean, of those that are shown.
fn reasons(windows: &[Requests]) -> Option<Section> {
    let missing = |(_, found): &Requests| {
        let latency = &found.latency_seconds;
        let figures = [(latency.p50, 0.5), (latency.p99, 0.99), (found.error_share, 0.0)];
        figures.map(|(figure, q)| figure.is_none().then(|| found.missing(q)))
    };
    let mut shown: Vec<Missing> = Vec::new();
    for why in windows.iter().step_by(stride(windows.len())).flat_map(missing).flatten() {
        if !shown.contains(&why) {
            shown.push(why);
        }
    }
    let words = shown.iter().map(|why| format!("{}: {}", why.short(), why.sentence()));
    let line = words.collect::<Vec<String>>().join("; ");
    (!shown.is_empty()).then(|| section("", Body::Lines(vec![format!("{line}.")])))
}

/// `short`: without intervals.
fn windows(windows: &[Requests], short: bool) -> Grid {
    let head = ["window", "offered", "throughput", "errors", "p50", "p99", "under way"];
    let shown = || windows.iter().step_by(stride(windows.len()));
    let bounds = bounds(&shown().map(|(window, _)| *window).collect::<Vec<_>>());
    let row = |((_, found), bounds): (&Requests, String)| {
        let latency = &found.latency_seconds;
        vec![
            Cell::plain(bounds),
            cell(&Quantity::Rate, found.offered_per_second, true),
            cell(&Quantity::Rate, found.throughput_per_second, short),
            some(&Quantity::Share, found.error_share, found.missing(0.0), true),
            some(&Quantity::Time, latency.p50, found.missing(0.5), short),
            some(&Quantity::Time, latency.p99, found.missing(0.99), short),
            cell(&Quantity::Count, found.in_system, short),
        ]
    };
    let rows = shown().zip(bounds).map(row).collect();
    Grid { keys: 1, head: head.map(Cell::plain).into(), rows }
}

/// Start and end of each in one unit, `60 … 70 s`, with so many digits that no two neighbours look alike.
fn bounds(windows: &[&WindowFindings]) -> Vec<String> {
    const FEWEST: usize = 6;
    const MOST: usize = 15;
    let write = |digits: usize| -> Vec<String> {
        let written = windows.iter().map(|window| {
            let unit = Quantity::Time.unit(window.to_seconds);
            let [from, to] = [window.from_seconds, window.to_seconds]
                .map(|time| significant(time / unit.size, digits));
            (from != to).then(|| unit.with(&format!("{from} … {to}")))
        });
        written.map(Option::unwrap_or_default).collect()
    };
    let differ = |written: &Vec<String>| {
        let alike = written.windows(2).any(|two| two[0] == two[1]);
        !alike && written.iter().all(|bounds| !bounds.is_empty())
    };
    (FEWEST..MOST).map(write).find(differ).unwrap_or_else(|| write(MOST))
}

fn moments(moments: &[MomentFindings], short: bool) -> Grid {
    let head = ["at", "under way", "none under way", "answered so far"];
    let shown: Vec<&MomentFindings> = moments.iter().step_by(stride(moments.len())).collect();
    let times: Vec<f64> = shown.iter().map(|found| found.at_seconds).collect();
    let row = |(found, at): (&&MomentFindings, String)| {
        vec![
            Cell::plain(at),
            cell(&Quantity::Count, found.in_system, short),
            cell(&Quantity::Share, found.empty_probability, short),
            cell(&Quantity::Count, found.completions, short),
        ]
    };
    let rows = shown.iter().zip(distinct_times(&times)).map(row).collect();
    Grid { keys: 1, head: head.map(Cell::plain).into(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Told, sample};
    use crate::study::Outcomes;

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
    fn neighbouring_windows_never_look_alike() {
        let window = |index: u32| {
            let mut found = sample::flash_crowd().layouts.0[0].1.windows[0].clone();
            found.from_seconds = 1e9 + f64::from(index);
            found.to_seconds = found.from_seconds + 1.0;
            found
        };
        let windows = [window(0), window(1), window(2)];
        let written = bounds(&windows.iter().collect::<Vec<_>>());
        assert!(written[0] != written[1] && written[1] != written[2], "{written:?}");
        assert!(written.iter().all(|bounds| bounds.contains(" … ")), "{written:?}");
    }

    #[test]
    fn words_for_what_is_missing_stand_in_the_table_and_are_explained_below_it() {
        let mut found = sample::flash_crowd().layouts.0[0].1.clone();
        found.windows.truncate(2);
        for window in &mut found.windows {
            window.all.latency_seconds.p99 = None;
        }
        found.windows[0].all.outcomes = Outcomes { ok: 40, ..Outcomes::default() };
        found.windows[1].all.outcomes =
            Outcomes { ok: 4_000, in_flight: 900, ..Outcomes::default() };
        let sections = sections("x", &found, &Focus::default());
        let Body::Shrinking(grid, _) = &sections[0].body else { panic!("a grid") };
        assert_eq!((&*grid.rows[0][5].text, &*grid.rows[1][5].text), ("few", "open"));
        let Body::Lines(lines) = &sections[1].body else { panic!("words") };
        assert!(lines[0].contains("few: fewer than ten") && lines[0].contains("open: it hangs"));
    }

    #[test]
    fn of_many_windows_some_are_shown_and_it_is_said() {
        let mut found = sample::flash_crowd().layouts.0[0].1.clone();
        let window = found.windows[0].clone();
        found.windows = vec![window; 100];
        let [section, note, _] = &sections("x", &found, &Focus::default())[..] else {
            panic!("two grids, a note")
        };
        let Body::Shrinking(grid, _) = &section.body else { panic!("a grid") };
        assert_eq!(grid.rows.len(), 20);
        let Body::Lines(lines) = &note.body else { panic!("words") };
        assert_eq!(lines, &["One window in 5 is shown; all 100 are in windows.csv."]);
    }
}
