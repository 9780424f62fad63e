//! When the parts of a transaction begin and commit: a group of rows for each layout, a row for each database, all on one
//! clock that begins with the transaction. Every mark is a mean that was measured, so that what lies between two of them
//! is a difference of means.

use super::axis::{Axis, Direction};
use super::drawing::{Anchor, Colour, Drawing};
use super::layouts::{ShownLayout, entries, notes, subtitle, title};
use super::page::{LegendEntry, Sign, Surroundings, empty};
use super::palette::{BLUE, GREEN, GREY, INK, VERMILLION};
use super::rows::{NamedRow, Rows};
use crate::report::finding::time_line::{over, transactions};
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{PartFindings, RunFindings, TimeLineFindings};

const ROW: f64 = 25.0;
const BAR: f64 = 14.0;
/// The bar of the transaction as a whole.
const WHOLE: f64 = 4.0;
/// Size of the time after a bar.
const TEXT: f64 = 11.0;

/// Rows beyond these make no readable figure.
const MOST_ROWS: usize = 44;

/// A time from which on something else holds (s), what that is called and how it is filled.
type Phase = (f64, &'static str, Colour);

const CONNECTED: (&str, Colour) = ("has a connection", (0xbc, 0xd9, 0xee));
const LOCKED: (&str, Colour) = ("rows locked", BLUE);
const IN_DOUBT: (&str, Colour) = ("in doubt, until it learns the decision", VERMILLION);
const COMMITS: (&str, Colour) = ("commits what is decided", GREEN);

/// The figure.
pub(super) fn draw(findings: &RunFindings) -> Drawing {
    let layouts = entries(findings);
    let names = transactions(findings);
    let transaction = names.first().copied().unwrap_or_default();
    let lines =
        layouts.iter().filter_map(|entry| Some((entry, entry.found.time_lines.get(transaction)?)));
    let lines: Vec<(&ShownLayout, &TimeLineFindings)> = lines.collect();
    let what = format!(
        "{}, mean times since it began, of those that committed",
        shortened(&shown(transaction), 40)
    );
    let mut words = Surroundings {
        title: title(over(findings, transaction), "When parts of a transaction commit".to_owned()),
        subtitle: subtitle(findings, &what),
        legend: Vec::new(),
        notes: notes(findings),
    };
    if lines.is_empty() {
        return empty(&words, "No transaction is over several databases in any layout.");
    }
    let is_shown = shown_lines(&lines);
    words.notes.extend(left_out(lines.len() - is_shown, names.len() - 1));
    let lines = &lines[..is_shown];
    words.legend = legend(lines);
    let ends = lines.iter().flat_map(|(_, line)| {
        let parts = line.parts.iter().map(|(_, part)| part.committed_seconds.value);
        parts.chain([line.over_seconds.value])
    });
    let rows = rows(lines);
    let (_, room) = Rows::across(&rows);
    let ends: Vec<f64> = ends.collect();
    let axis = Axis::linear(&ends, &Quantity::Time, room, Direction::Across);
    let (mut drawing, places) =
        Rows::page(&words, &rows, &axis, "time since the transaction began");
    let mut tops = places.tops.iter();
    for (_, line) in lines {
        let mut next = || tops.next().map_or(0.0, |top| top + ROW / 2.0);
        let over = line.over_seconds.value;
        bar(&mut drawing, (&places, &axis), (next(), WHOLE), &[(0.0, "", GREY)], over);
        for (_, part) in line.parts.iter() {
            let end = part.committed_seconds.value;
            bar(&mut drawing, (&places, &axis), (next(), BAR), &phases(part), end);
        }
    }
    drawing
}

/// How many layouts fit, one at least.
fn shown_lines(lines: &[(&ShownLayout, &TimeLineFindings)]) -> usize {
    let mut rows = 0;
    let fits = lines.iter().take_while(|(_, line)| {
        rows += 1 + line.parts.0.len();
        rows <= MOST_ROWS
    });
    fits.count().max(1)
}

fn left_out(layouts: usize, transactions: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if layouts > 0 {
        notes.push(format!("{layouts} more layouts are in results.json."));
    }
    match transactions {
        0 => {}
        1 => notes.push("Another transaction is in results.json.".to_owned()),
        more => notes.push(format!("{more} more transactions are in results.json.")),
    }
    notes
}

/// The whole, then its parts; the first of a layout under its name.
fn rows(lines: &[(&ShownLayout, &TimeLineFindings)]) -> Vec<NamedRow> {
    let mut rows = Vec::new();
    for (entry, line) in lines {
        let how = match line.how.as_str() {
            "local" => "by its database",
            "none" => "by nobody",
            "2pc" => "by two-phase commit",
            "saga" => "as a saga",
            "choreography" => "as a saga that nobody leads",
            other => other,
        };
        let head = format!("{} · kept together {how}", shortened(&entry.name, 50));
        rows.push(NamedRow { head, ..NamedRow::new("as a whole", ROW) });
        let parts = line.parts.iter();
        rows.extend(parts.map(|(database, _)| NamedRow::new(&shown(database), ROW)));
    }
    rows
}

/// What holds from when on, in order.
fn phases(part: &PartFindings) -> Vec<Phase> {
    let from = |at: f64, (name, colour): (&'static str, Colour)| (at, name, colour);
    let mut phases =
        vec![from(part.begins_seconds.value, CONNECTED), from(part.locks_seconds.value, LOCKED)];
    phases.extend(part.prepared_seconds.map(|prepared| from(prepared.value, IN_DOUBT)));
    phases.extend(part.decided_seconds.map(|decided| from(decided.value, COMMITS)));
    phases
}

/// Keys of what there is.
fn legend(lines: &[(&ShownLayout, &TimeLineFindings)]) -> Vec<LegendEntry> {
    let parts = || lines.iter().flat_map(|(_, line)| line.parts.iter());
    let there: Vec<&str> =
        parts().flat_map(|(_, part)| phases(part)).map(|(_, name, _)| name).collect();
    let all = [CONNECTED, LOCKED, IN_DOUBT, COMMITS].into_iter();
    let own = all.filter(|(name, _)| there.contains(name));
    own.map(|(name, colour)| LegendEntry::new(Sign::Patch(colour), name)).collect()
}

/// A bar of these phases up to its end, with that time behind it.
fn bar(
    drawing: &mut Drawing,
    (rows, axis): (&Rows, &Axis),
    (middle, height): (f64, f64),
    phases: &[Phase],
    end: f64,
) {
    let ends = phases.iter().skip(1).map(|(from, ..)| *from).chain([end]);
    for ((from, _, colour), to) in phases.iter().zip(ends) {
        let [from, to] = [*from, to].map(|time| rows.x(axis, time));
        if to > from {
            drawing.rectangle((from, middle - height / 2.0), (to - from, height), *colour);
        }
    }
    let at = (rows.x(axis, end) + 7.0, middle);
    drawing.label(at, Anchor::Start, TEXT, INK, &Quantity::Time.write_in_column(end));
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;

    fn said(drawing: &Drawing, words: &str) -> usize {
        let is_it = |mark: &&Mark| matches!(mark, Mark::Text { text, .. } if text == words);
        drawing.marks.iter().filter(is_it).count()
    }

    #[test]
    fn each_layout_has_a_row_for_the_whole_and_one_for_each_database() {
        let drawing = draw(&sample::spread_out());
        let title = "orders.place is over after 14 ms on average in monolith, 35 ms in two-phase, 50 ms in saga";
        assert_eq!(drawing.title, title);
        assert_eq!((said(&drawing, "as a whole"), said(&drawing, "card")), (3, 2));
        assert_eq!(said(&drawing, "two-phase · kept together by two-phase commit"), 1);
        assert_eq!(said(&drawing, "monolith · kept together by its database"), 1);
    }

    #[test]
    fn the_doubt_is_a_key_only_where_databases_vote() {
        let mut findings = sample::spread_out();
        assert_eq!(said(&draw(&findings), IN_DOUBT.0), 1);
        findings.layouts.0.remove(1);
        assert_eq!(said(&draw(&findings), IN_DOUBT.0), 0);
        assert_eq!(said(&draw(&findings), LOCKED.0), 1);
    }

    #[test]
    fn layouts_that_do_not_fit_are_counted() {
        let mut findings = sample::spread_out();
        for number in 0..20 {
            let copy = findings.layouts.0[1].1.clone();
            findings.layouts.0.push((format!("copy-{number}"), copy));
        }
        // 2, 4 and 4 rows, and eight more layouts of 4: the ninth would need 46.
        let drawing = draw(&findings);
        assert_eq!(said(&drawing, "as a whole"), 11);
        assert_eq!(said(&drawing, "12 more layouts are in results.json."), 1);
        assert!(draw(&sample::three_layouts()).is_empty);
    }
}
