//! Findings for people who read text: on a terminal of any width, with or without colour, and as
//! Markdown. Both are the same sections, written differently.

mod best;
mod bill;
mod grid;
mod layouts;
mod over_time;
mod slo;
mod sweep;
mod verdict;
mod verify;
mod words;

use self::grid::Grid;
use super::names::{shortened, shown};
use super::provenance;
use crate::study::{RunFindings, SweepFindings};
use crate::verify::{VerifyFindings, Waiting};

/// A titled part of a report.
struct Section {
    title: String,
    body: Body,
}

enum Body {
    /// A grid that is cut at its columns where it is too wide.
    Grid(Grid),
    /// A grid of figures (rows) by layouts (columns), and the same without intervals, which is laid
    /// on its side where not all layouts fit beside each other.
    Turning(Grid, Grid),
    /// A grid, and one with fewer columns for where that does not fit.
    Shrinking(Grid, Grid),
    /// Sentences.
    Lines(Vec<String>),
}

/// What a study tells people who read: sections in order, and details that stand behind them where they are asked
/// for.
pub struct Tables {
    /// Stands above all of it where that is a page; empty for none.
    title: String,
    sections: Vec<Section>,
    details: Vec<Section>,
}

impl Tables {
    /// The same with its details, such as the bills line by line.
    pub fn with_details(mut self) -> Self {
        self.sections.append(&mut self.details);
        self
    }

    /// For a terminal of `width` columns (at least 40 are assumed). Every line ends in a newline; escape codes
    /// occur only with `colour`.
    pub fn text(&self, width: usize, colour: bool) -> String {
        text(&self.sections, width, colour)
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let sections = markdown(&self.sections);
        match self.title.as_str() {
            "" => sections,
            title => format!("# {}\n\n{sections}", grid::markdown(title)),
        }
    }
}

/// A run: the table of layouts, differences in words, where the time goes, promises, remarks; the bills of all
/// layouts with their sources as details.
pub(super) fn of_run(findings: &RunFindings) -> Tables {
    let (sections, details) = (run_sections(findings), bill_sections(findings));
    Tables { title: shown(&findings.scenario), sections, details }
}

/// A sweep: a row for each point and layout.
pub(super) fn of_sweep(findings: &SweepFindings) -> Tables {
    let sections = sweep_sections(findings);
    Tables { title: shown(&findings.scenario), sections, details: Vec::new() }
}

/// What `verify` found: every figure beside its exact or published value, then where the tool is wrong.
pub(super) fn of_verify(findings: &VerifyFindings) -> Tables {
    let sections = verify::sections(findings);
    Tables { title: "Verification".to_owned(), sections, details: Vec::new() }
}

/// The cases that `verify` knows, and those that wait.
pub fn verify_list(waiting: &[Waiting]) -> Tables {
    Tables { title: String::new(), sections: verify::listed(waiting), details: Vec::new() }
}

fn run_sections(findings: &RunFindings) -> Vec<Section> {
    if findings.layouts.0.is_empty() {
        return vec![section("Layouts", Body::Lines(vec!["No layout was run.".to_owned()]))];
    }
    let (wide, short) = (layouts::comparison(findings, false), layouts::comparison(findings, true));
    let mut sections = vec![section("Layouts", Body::Turning(wide, short))];
    let mut under: Vec<String> = Vec::new();
    under.extend(verdict::verdict(findings));
    under.extend(verdict::incomplete(findings));
    let several = findings.layouts.0.len() > 1;
    let best = match (several, findings.slo.is_empty()) {
        (false, _) => "",
        (true, true) => "* best, or not shown to differ from the best; ",
        (true, false) => {
            "* best of those that keep every promise, or not shown to differ from it; "
        }
    };
    under.push(format!("{best}± half of a 95 % interval"));
    under.extend(words::effort(findings));
    under.push(provenance::whole(&findings.provenance));
    sections.push(section("", Body::Lines(under)));
    if let Some((wide, left_out)) = layouts::by_endpoint(findings, false) {
        let short =
            layouts::by_endpoint(findings, true).map_or_else(|| wide.clone(), |(grid, _)| grid);
        sections.push(section("Endpoints", Body::Turning(wide, short)));
        if left_out > 0 {
            let more = format!("{left_out} more endpoints are in layouts.csv.");
            sections.push(section("", Body::Lines(vec![more])));
        }
    }
    for (layout, found) in findings.layouts.iter() {
        sections.extend(over_time::sections(layout, found));
    }
    let title = "Differences (same random numbers for all layouts)";
    sections.push(section(title, Body::Lines(words::differences(findings))));
    let title = "Where the time goes (critical path, mean of all endpoints)";
    sections.push(section(title, Body::Lines(words::attribution(findings))));
    if let Some(grid) = slo::grid(findings) {
        sections.push(section(&slo::title(findings), Body::Grid(grid)));
    }
    sections.push(section("Remarks", Body::Lines(words::remarks(findings))));
    sections
}

fn bill_sections(findings: &RunFindings) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut sources = Vec::new();
    for (layout, bill) in bill::billed(findings) {
        let title = format!("Bill of {} per month of 730 hours", shortened(&shown(layout), 40));
        if bill.lines.is_empty() {
            sections.push(section(&title, Body::Lines(bill::sums(bill))));
            continue;
        }
        let wide = bill::grid(bill, &mut sources, false);
        let short = bill::grid(bill, &mut sources, true);
        sections.push(section(&title, Body::Shrinking(wide, short)));
        sections.push(section("", Body::Lines(bill::sums(bill))));
    }
    if sections.is_empty() {
        let nothing = "Nothing in this scenario has a price.".to_owned();
        return vec![section("Bill", Body::Lines(vec![nothing]))];
    }
    let numbered = |(index, source): (usize, &String)| format!("({}) {source}", index + 1);
    let sources = sources.iter().enumerate().map(numbered).collect();
    sections.push(section("Sources of the prices", Body::Lines(sources)));
    sections
}

fn sweep_sections(findings: &SweepFindings) -> Vec<Section> {
    let failed = section("Not simulated", Body::Lines(sweep::failed(findings)));
    if findings.points.is_empty() {
        return vec![section("Sweep", Body::Lines(vec!["No point was run.".to_owned()])), failed];
    }
    vec![
        section(
            "Sweep",
            Body::Shrinking(sweep::grid(findings, false), sweep::grid(findings, true)),
        ),
        section("", Body::Lines(sweep::legend(findings))),
        section("", Body::Lines(sweep::flat_steps(findings))),
        failed,
    ]
}

fn section(title: &str, body: Body) -> Section {
    Section { title: title.to_owned(), body }
}

/// Sections for a terminal; those without anything to say are left out.
fn text(sections: &[Section], width: usize, colour: bool) -> String {
    let width = width.max(40);
    let mut text = String::new();
    for section in sections {
        let body = match &section.body {
            Body::Grid(grid) => grid.text(width, colour),
            Body::Turning(wide, short) => turned(wide, short, width).text(width, colour),
            Body::Shrinking(wide, _) if wide.fits(width) => wide.text(width, colour),
            Body::Shrinking(_, short) => short.text(width, colour),
            Body::Lines(lines) => lines.iter().map(|line| wrapped(line, width)).collect(),
        };
        if body.is_empty() {
            continue;
        }
        if !section.title.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            let (bold, end) = if colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
            text.push_str(&format!("{bold}{}{end}\n", section.title));
        }
        text.push_str(&body);
    }
    text
}

/// The most telling form that fits: layouts side by side with intervals; else without; else a row
/// for each layout.
fn turned(wide: &Grid, short: &Grid, width: usize) -> Grid {
    if wide.fits(width) {
        wide.clone()
    } else if short.fits(width) && wide.head.len() > 4 {
        short.clone()
    } else if wide.head.len() > 4 {
        short.transposed()
    } else {
        wide.clone()
    }
}

/// A sentence broken at spaces, further lines indented. A number stays with its unit.
pub(super) fn wrapped(line: &str, width: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    for word in words_with_units(line) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            text.push_str("\n    ");
            used = 4;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        } else {
            text.push_str("  ");
            used = 2;
        }
        text.push_str(word);
        used += length;
    }
    text.push('\n');
    text
}

/// The words of a sentence; what follows a number and begins with a unit is no word of its own.
fn words_with_units(line: &str) -> Vec<&str> {
    const UNITS: [&str; 8] = ["%", "ns", "µs", "ms", "s", "min", "h", "d"];
    let is_unit = |word: &str| {
        UNITS.contains(
            &word.trim_end_matches(|letter: char| letter.is_ascii_punctuation() && letter != '%'),
        )
    };
    let mut words: Vec<&str> = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices(' ').chain([(line.len(), "")]) {
        let next = line[at..].trim_start_matches(' ').split(' ').next().unwrap_or_default();
        let number = line[from..at].ends_with(|letter: char| letter.is_ascii_digit());
        if at < line.len() && number && is_unit(next) {
            continue;
        }
        words.push(&line[from..at]);
        from = at + 1;
    }
    words
}

fn markdown(sections: &[Section]) -> String {
    let mut text = String::new();
    for section in sections {
        let body = match &section.body {
            Body::Grid(grid) | Body::Turning(grid, _) | Body::Shrinking(grid, _) => grid.markdown(),
            Body::Lines(lines) => {
                lines.iter().map(|line| format!("- {}\n", grid::markdown(line))).collect()
            }
        };
        if body.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        if !section.title.is_empty() {
            text.push_str(&format!("## {}\n\n", grid::markdown(&section.title)));
        }
        text.push_str(&body);
    }
    text
}

#[cfg(test)]
mod tests;
