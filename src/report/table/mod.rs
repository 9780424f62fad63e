//! Findings for people who read text: on a terminal of any width, with or without colour, and as
//! Markdown. Both are the same sections, written differently.

mod bill;
mod calibration;
mod compared;
mod completions;
mod grid;
mod layouts;
mod messaging;
mod over_time;
mod scaled;
mod section;
mod slo;
mod spread;
mod sweep;
mod transactions;
mod verify;
mod words;

use self::section::{Body, Section, markdown, section, text};
use super::finding::{along, verdict};
use super::focus::{Focus, Whom};
use super::names::{shortened, shown};
use super::provenance;
use crate::study::{CalibrationFindings, ComparedRuns, RunFindings, SweepFindings};
use crate::verify::{VerifyFindings, Waiting};

pub(super) use self::section::wrapped;

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
pub(super) fn of_run(findings: &RunFindings, focus: &Focus) -> Tables {
    let (sections, details) = (run_sections(findings, focus), bill_sections(findings));
    Tables { title: shown(&findings.scenario), sections, details }
}

/// A sweep: a row for each point and layout.
pub(super) fn of_sweep(findings: &SweepFindings, focus: &Focus) -> Tables {
    let sections = sweep_sections(findings, focus);
    Tables { title: shown(&findings.scenario), sections, details: Vec::new() }
}

/// What `verify` found: every figure beside its exact or published value, then where the tool is wrong.
pub(super) fn of_verify(findings: &VerifyFindings) -> Tables {
    let sections = verify::sections(findings);
    Tables { title: "Verification".to_owned(), sections, details: Vec::new() }
}

/// A calibration: unknown costs, the lone clients they were fitted to, predictions, and what to write.
pub(super) fn of_calibration(findings: &CalibrationFindings) -> Tables {
    let sections = calibration::sections(findings);
    Tables { title: shown(&findings.scenario), sections, details: Vec::new() }
}

/// Two runs beside each other, layout by layout.
pub(super) fn of_compared(runs: &ComparedRuns) -> Tables {
    let sections = compared::sections(runs);
    Tables { title: "Two runs".to_owned(), sections, details: Vec::new() }
}

/// The cases that `verify` knows, and those that wait.
pub fn verify_list(waiting: &[Waiting]) -> Tables {
    Tables { title: String::new(), sections: verify::listed(waiting), details: Vec::new() }
}

fn run_sections(findings: &RunFindings, focus: &Focus) -> Vec<Section> {
    if findings.layouts.0.is_empty() {
        return vec![section("Layouts", Body::Lines(vec!["No layout was run.".to_owned()]))];
    }
    let mut sections = Vec::new();
    let mut under: Vec<String> = Vec::new();
    for whom in focus.whoms() {
        // What belongs to the layouts as a whole is said once, under the last table.
        sections.extend((!under.is_empty()).then(|| section("", Body::Lines(under))));
        let (wide, short) =
            (layouts::comparison(findings, whom, false), layouts::comparison(findings, whom, true));
        sections.push(section(&whom.titled("Layouts"), Body::Turning(wide, short)));
        under = verdict::verdict(findings, whom).into_iter().collect();
    }
    under.extend(verdict::beyond(findings));
    under.extend(verdict::incomplete(findings));
    let several = findings.layouts.0.len() > 1;
    let best = match (several, findings.slo.is_empty()) {
        (false, _) => "",
        (true, true) => "* best, or not shown to differ from the best; ",
        (true, false) => {
            "* best of those that keep every promise, or not shown to differ from it; "
        }
    };
    let alone = layouts::without_interval([findings], focus);
    under.push(format!("{best}± half of a 95 % interval{alone}"));
    under.extend(words::effort(findings));
    under.push(provenance::whole(&findings.provenance));
    sections.push(section("", Body::Lines(under)));
    sections.extend(endpoint_sections(findings, focus));
    for (layout, found) in findings.layouts.iter() {
        sections.extend(over_time::sections(layout, found, focus));
    }
    for whom in focus.whoms() {
        let of = if whom.is_all() { String::new() } else { format!(" of {}", whom.words()) };
        let title = format!("Differences{of} (same random numbers for all layouts)");
        let mut lines = words::differences(findings, whom);
        if whom.is_all() {
            lines.extend(words::of_promised(findings));
            lines.extend(completions::differences(findings));
        }
        sections.push(section(&title, Body::Lines(lines)));
    }
    for whom in focus.whoms() {
        let title = format!("Where the time goes (critical path, mean of {})", whom.words());
        sections.push(section(&title, Body::Lines(words::attribution(findings, whom))));
    }
    sections.extend(of_data(findings));
    if let Some(grid) = slo::grid(findings) {
        sections.push(section(&slo::title(findings), Body::Grid(grid)));
    }
    sections.push(section("Remarks", Body::Lines(words::remarks(findings))));
    sections
}

/// Transactions over several databases, views, event-sourced tables, and events at the broker, as far as there are any.
fn of_data(findings: &RunFindings) -> Vec<Section> {
    let mut sections = Vec::new();
    if let Some(grid) = transactions::grid(findings) {
        sections.push(section("Transactions over several databases", Body::Grid(grid)));
        let over = transactions::over(findings);
        let lines = std::iter::once(transactions::LEGEND.to_owned()).chain(over).collect();
        sections.push(section("", Body::Lines(lines)));
    }
    if let Some(grid) = spread::views(findings) {
        sections.push(section("Views", Body::Grid(grid)));
        sections.push(section("", Body::Lines(vec![spread::VIEWS_LEGEND.to_owned()])));
    }
    if let Some(grid) = spread::logs(findings) {
        sections.push(section("Event-sourced tables", Body::Grid(grid)));
        sections.push(section("", Body::Lines(vec![spread::LOGS_LEGEND.to_owned()])));
    }
    if let Some(grid) = messaging::published(findings) {
        sections.push(section("Events at the broker", Body::Grid(grid)));
        sections.extend(
            messaging::consumers(findings).map(|grid| section("Consumers", Body::Grid(grid))),
        );
        let behind = messaging::behind(findings);
        let lines = std::iter::once(messaging::LEGEND.to_owned()).chain(behind).collect();
        sections.push(section("", Body::Lines(lines)));
    }
    if let Some(grid) = scaled::grid(findings) {
        sections.push(section("Instances that come and go", Body::Grid(grid)));
        sections.push(section("", Body::Lines(vec![scaled::LEGEND.to_owned()])));
    }
    sections
}

/// p99 endpoint by endpoint, where there are several to speak of.
fn endpoint_sections(findings: &RunFindings, focus: &Focus) -> Vec<Section> {
    let mut sections = Vec::new();
    if let Some((wide, left_out)) = layouts::by_endpoint(findings, focus, false) {
        let short = layouts::by_endpoint(findings, focus, true)
            .map_or_else(|| wide.clone(), |(grid, _)| grid);
        sections.push(section("Endpoints", Body::Turning(wide, short)));
        if left_out > 0 {
            let more = format!("{left_out} more endpoints are in layouts.csv.");
            sections.push(section("", Body::Lines(vec![more])));
        }
    }
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

fn sweep_sections(findings: &SweepFindings, focus: &Focus) -> Vec<Section> {
    let failed = section("Not simulated", Body::Lines(sweep::failed(findings)));
    if findings.points.is_empty() {
        return vec![section("Sweep", Body::Lines(vec!["No point was run.".to_owned()])), failed];
    }
    let grid = |whom: &Whom| {
        let (wide, short) = (sweep::grid(findings, whom, false), sweep::grid(findings, whom, true));
        section(&whom.titled("Sweep"), Body::Shrinking(wide, short))
    };
    let mut sections: Vec<Section> = focus.whoms().iter().map(grid).collect();
    let shown = focus
        .whoms()
        .iter()
        .flat_map(|whom| along::fastest(findings, whom).or_else(|| along::course(findings, whom)));
    let mut lines: Vec<String> = shown.chain(along::cheapest(findings)).collect();
    lines.dedup();
    lines.extend(along::unstable(findings));
    lines.extend(sweep::legend(findings, focus));
    sections.push(section("", Body::Lines(lines)));
    let flat = focus.whoms().iter().map(|whom| sweep::flat_steps(findings, whom));
    sections.extend(flat.map(|lines| section("", Body::Lines(lines))));
    sections.push(failed);
    sections
}

#[cfg(test)]
mod tests;
