//! What `verify` found, for people: a grid for each family of cases, what is wrong or approximate, and
//! what waits.

use std::collections::BTreeMap;

use super::grid::{Cell, Emphasis, Grid};
use super::section::{Body, Section, section};
use crate::report::names::shortened;
use crate::report::numbers::{Quantity, count, off};
use crate::study::Estimate;
use crate::units::significant;
use crate::verify::{
    CaseFindings, DeviatingFigure, Dimension, Fit, Judgement, KnownCase, MetricFindings,
    VerifyFindings, Waiting,
};

/// Most letters of a metric's name where columns are few.
const SHORT_NAME: usize = 29;

/// The same of a model.
const SHORT_MODEL: usize = 38;

pub(super) fn sections(findings: &VerifyFindings) -> Vec<Section> {
    let mut sections = Vec::new();
    for (family, cases) in families(findings) {
        sections.push(section(family, Body::Shrinking(grid(&cases, false), grid(&cases, true))));
        sections
            .push(section("", Body::Lines(cases.iter().flat_map(|case| about(case)).collect())));
    }
    sections.push(section(
        "Summary",
        Body::Shrinking(summary(findings, false), summary(findings, true)),
    ));
    sections.push(section("", Body::Lines(verdict(findings))));
    sections.push(section("Missed", Body::Lines(missed(findings))));
    let title = "Where the tool is wrong or approximate";
    sections.push(section(title, Body::Lines(wrong(findings))));
    sections.push(section("Not read", Body::Lines(not_read(findings))));
    sections.push(section("Left to the whole set", Body::Lines(left_out(findings))));
    sections.push(waiting(&findings.waiting));
    sections
}

/// The cases that can be run, and those that wait.
pub(super) fn listed(waits: &[Waiting]) -> Vec<Section> {
    let mut sections = Vec::new();
    let all: Vec<(&str, KnownCase)> = KnownCase::all().collect();
    for cases in all.chunk_by(|(one, _), (other, _)| one == other) {
        let rows = cases.iter().map(|(_, known)| {
            let quick = if known.is_quick() { "quick" } else { "" };
            [known.id(), quick, known.model()].map(Cell::plain).to_vec()
        });
        let wide = Grid { keys: 3, head: head(&["case", "", "model"]), rows: rows.collect() };
        let mut short = wide.clone();
        for row in &mut short.rows {
            row[2].text = shortened(&row[2].text, SHORT_MODEL);
        }
        sections.push(section(cases[0].0, Body::Shrinking(wide, short)));
    }
    sections.push(waiting(waits));
    sections
}

fn head(words: &[&str]) -> Vec<Cell> {
    words.iter().map(|word| Cell::plain(*word)).collect()
}

/// Cases that were run, family by family.
fn families(findings: &VerifyFindings) -> Vec<(&'static str, Vec<&CaseFindings>)> {
    let groups = findings.cases.chunk_by(|one, other| one.family == other.family);
    groups.map(|cases| (cases[0].family, cases.iter().collect())).collect()
}

/// A row for each figure that was read, under a row that names its case.
fn grid(cases: &[&CaseFindings], short: bool) -> Grid {
    let published = cases.iter().any(|case| case.metrics.iter().any(|metric| metric.fit.is_some()));
    let words: &[&str] = match (published, short) {
        (true, true) => &["", "published", "simulated", "verdict"],
        (true, false) => &["", "published", "simulated", "off", "allowed", "verdict"],
        (false, true) => &["", "exact", "simulated", "verdict"],
        (false, false) => &["", "exact", "simulated", "off", "verdict"],
    };
    let mut rows = Vec::new();
    for case in cases {
        let mut name = vec![Cell::plain(case.id)];
        name.resize(words.len(), Cell::plain(""));
        rows.push(name);
        let read = case.metrics.iter().filter(|metric| metric.estimate.is_some());
        rows.extend(read.map(|metric| row(metric, published, short)));
    }
    Grid { keys: 1, head: head(words), rows }
}

fn row(metric: &MetricFindings, published: bool, short: bool) -> Vec<Cell> {
    let name = if short { shortened(&metric.metric, SHORT_NAME) } else { metric.metric.clone() };
    let mut row = vec![Cell::plain(format!("  {name}"))];
    let (expected, estimate) = beside(metric);
    row.extend([expected, estimate].map(Cell::plain));
    if !short {
        row.push(Cell::plain(metric.off().map_or_else(String::new, off)));
        if published {
            let allowed =
                metric.tolerance.map(|share| format!("±{} %", significant(100.0 * share, 2)));
            row.push(Cell::plain(allowed.unwrap_or_default()));
        }
    }
    row.push(Cell::new(word(metric), emphasis(metric.outcome)));
    row
}

/// The true value and the simulated one.
fn beside(metric: &MetricFindings) -> (String, String) {
    let value = metric.estimate.unwrap_or(f64::NAN);
    let estimate = Estimate { value, ci95: metric.interval };
    quantity(metric.unit).write_beside(metric.expected, &estimate)
}

fn quantity(unit: Dimension) -> Quantity {
    match unit {
        Dimension::Time => Quantity::Time,
        Dimension::Share => Quantity::Share,
        Dimension::Rate => Quantity::Rate,
        Dimension::Number => Quantity::Count,
    }
}

fn emphasis(outcome: Judgement) -> Emphasis {
    if outcome == Judgement::Missed { Emphasis::Bad } else { Emphasis::Plain }
}

fn word(metric: &MetricFindings) -> &'static str {
    match (metric.outcome, metric.fit) {
        (Judgement::Passed, None) => "pass",
        (Judgement::Passed, Some(Fit::Predicted)) => "predicted",
        (Judgement::Passed, Some(Fit::Fitted(_))) => "fitted",
        (Judgement::Passed, Some(Fit::Implied(_))) => "implied",
        (Judgement::Approximate, _) => "approximate",
        (Judgement::Missed, _) => "MISSED",
        (Judgement::NotRead, _) => "not read",
        (Judgement::LeftOut, _) => "left out",
    }
}

/// What a case is, where its values are from, and what was fitted.
fn about(case: &CaseFindings) -> Vec<String> {
    let mut lines = vec![format!("{}: {}. {}.", case.id, case.model, case.reference)];
    let mut why: Vec<(String, Vec<&str>)> = Vec::new();
    for metric in &case.metrics {
        let words = match metric.fit {
            Some(Fit::Fitted(what)) => format!("fitted, by {what}"),
            Some(Fit::Implied(law)) => format!("implied {law}"),
            _ => continue,
        };
        match why.iter_mut().find(|(known, _)| *known == words) {
            Some((_, metrics)) => metrics.push(&metric.metric),
            None => why.push((words, vec![&metric.metric])),
        }
    }
    lines.extend(why.iter().map(|(words, metrics)| format!("{}: {words}.", metrics.join(", "))));
    lines
}

/// A row for each family: how many figures, what became of them, the one that is furthest off.
fn summary(findings: &VerifyFindings, short: bool) -> Grid {
    let words =
        ["", "cases", "figures", "pass", "approximate", "missed", "furthest off", "which is"];
    let shown = if short { 7 } else { 8 };
    let line = |name: &str, cases: &[&CaseFindings]| {
        let read = read(cases);
        let number = |outcome| {
            let is = |(_, metric): &&(&str, &MetricFindings)| metric.outcome == outcome;
            count(read.iter().filter(is).count() as u64)
        };
        let distance = |metric: &MetricFindings| metric.off().map_or(0.0, f64::abs);
        let furthest = read.iter().max_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        let mut cells = head(&[
            name,
            &count(cases.len() as u64),
            &count(read.len() as u64),
            &number(Judgement::Passed),
            &number(Judgement::Approximate),
        ]);
        let missed = number(Judgement::Missed);
        let bad = if missed == "0" { Emphasis::Plain } else { Emphasis::Bad };
        cells.push(Cell::new(missed, bad));
        let share = furthest.and_then(|(_, metric)| metric.off()).map_or_else(String::new, off);
        let which = furthest.map(|(id, metric)| format!("{} of {id}", metric.metric));
        cells.extend([share, which.unwrap_or_default()].map(Cell::plain));
        cells.truncate(shown);
        cells
    };
    let groups = families(findings);
    let mut rows: Vec<Vec<Cell>> = groups.iter().map(|(name, cases)| line(name, cases)).collect();
    if groups.len() > 1 {
        let all: Vec<&CaseFindings> = findings.cases.iter().collect();
        rows.push(line("All", &all));
    }
    Grid { keys: 1, head: head(&words[..shown]), rows }
}

/// Every figure that was judged, with its case.
fn read<'f>(cases: &[&'f CaseFindings]) -> Vec<(&'f str, &'f MetricFindings)> {
    let judged = [Judgement::Passed, Judgement::Approximate, Judgement::Missed];
    let all = cases.iter().flat_map(|case| case.metrics.iter().map(|metric| (case.id, metric)));
    all.filter(|(_, metric)| judged.contains(&metric.outcome)).collect()
}

/// How it was judged, and what the words mean.
fn verdict(findings: &VerifyFindings) -> Vec<String> {
    let cases: Vec<&CaseFindings> = findings.cases.iter().collect();
    let read = read(&cases);
    let VerifyFindings { cutline, target, seed, .. } = findings;
    let mut lines = vec![format!("cutline {cutline} for {target}, seed {seed}")];
    if read.iter().any(|(_, metric)| metric.fit.is_none()) {
        let rule = "pass: the simulator's own 99.9 % interval (±) holds the exact value, and half of it is \
                    no more than 2 % of the value (5 % for p99.9 and for probabilities below 1 %). What \
                    misses is run once more, with a second seed that is fixed in advance";
        let again = read.iter().filter(|(id, metric)| repeated(id, metric, findings.seed)).count();
        lines.push(format!(
            "{rule}: {} of {} figures.",
            count(again as u64),
            count(read.len() as u64)
        ));
    }
    if read.iter().any(|(_, metric)| metric.fit.is_some()) {
        let words = "predicted: nothing in the scenario was chosen to bring the figure about. fitted: a \
                     number was. implied: it follows from another figure.";
        lines.push(words.to_string());
    }
    lines
}

/// Whether a figure is from the second seed.
fn repeated(id: &str, metric: &MetricFindings, base: u64) -> bool {
    let Some(KnownCase::Theory(case)) = KnownCase::find(id) else {
        return false;
    };
    metric.seed == Some(case.seeds(base)[1])
}

fn missed(findings: &VerifyFindings) -> Vec<String> {
    let mut lines = Vec::new();
    for case in &findings.cases {
        for metric in case.missed() {
            let (expected, estimate) = match metric.estimate {
                Some(_) => beside(metric),
                None => (quantity(metric.unit).write(metric.expected), "nothing".to_string()),
            };
            let reason = metric.reason.as_deref().unwrap_or_default();
            let (id, name) = (case.id, &metric.metric);
            lines.push(format!("{id} {name}: {estimate} instead of {expected}: {reason}."));
        }
    }
    if let Some(case) = findings.cases.iter().find(|case| case.missed().next().is_some()) {
        let id = case.id;
        lines.push(
            "To look closer, try other random numbers, or run the scenario itself:".to_owned(),
        );
        lines.push(format!("cutline verify --case {id} --seed 2"));
        lines.push(format!("cutline verify --show {id} | cutline run -"));
    }
    lines
}

/// What is known to be off, with its size in this very run.
fn wrong(findings: &VerifyFindings) -> Vec<String> {
    let mut lines = Vec::new();
    for deviation in &findings.deviations {
        let figures: Vec<String> = deviation.figures.iter().map(deviating).collect();
        lines.push(format!("{}. {}.", deviation.what, figures.join("; ")));
    }
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for case in &findings.cases {
        let known = case.metrics.iter().filter(|metric| metric.outcome == Judgement::Approximate);
        for metric in known {
            let (expected, estimate) = beside(metric);
            let share = metric.off().map_or_else(String::new, off);
            let figure = format!(
                "{} {}: {estimate} instead of {expected} ({share})",
                case.id, metric.metric
            );
            let reason = metric.reason.as_deref().unwrap_or_default();
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, figures)) => figures.push(figure),
                None => reasons.push((reason, vec![figure])),
            }
        }
    }
    lines.extend(
        reasons.iter().map(|(why, figures)| format!("{}. {}.", sentence(why), figures.join("; "))),
    );
    lines
}

fn deviating(figure: &DeviatingFigure) -> String {
    let estimate = Estimate { value: figure.estimate, ci95: None };
    let (expected, estimate) = quantity(figure.unit).write_beside(figure.expected, &estimate);
    let share = off(figure.estimate / figure.expected - 1.0);
    format!("{}: {estimate} instead of {expected} ({share})", figure.name)
}

/// The same words with a capital in front.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// Metrics that the oracle file has and the tool does not tell, by reason.
fn not_read(findings: &VerifyFindings) -> Vec<String> {
    let mut reasons: Vec<(&str, BTreeMap<&str, Vec<&str>>)> = Vec::new();
    for case in &findings.cases {
        let unread = case.metrics.iter().filter(|metric| metric.outcome == Judgement::NotRead);
        for metric in unread {
            let reason = metric.reason.as_deref().unwrap_or_default();
            let place = reasons.iter().position(|(known, _)| *known == reason);
            let place = place.unwrap_or_else(|| {
                reasons.push((reason, BTreeMap::new()));
                reasons.len() - 1
            });
            reasons[place].1.entry(&metric.metric).or_default().push(case.id);
        }
    }
    let line = |(reason, metrics): &(&str, BTreeMap<&str, Vec<&str>>)| {
        let metrics = metrics.iter().map(|(metric, cases)| match cases.as_slice() {
            [one] => format!("{metric} of {one}"),
            several => format!("{metric} of {} cases", several.len()),
        });
        format!("{}: {}.", sentence(reason), metrics.collect::<Vec<_>>().join(", "))
    };
    reasons.iter().map(line).collect()
}

fn left_out(findings: &VerifyFindings) -> Vec<String> {
    let mut lines = Vec::new();
    for case in &findings.cases {
        let left = case.metrics.iter().filter(|metric| metric.outcome == Judgement::LeftOut);
        let left: Vec<&str> = left.map(|metric| metric.metric.as_str()).collect();
        if !left.is_empty() {
            lines.push(format!(
                "{}: {}, for which this run is too short.",
                case.id,
                left.join(", ")
            ));
        }
    }
    if !findings.left_out.is_empty() {
        let (number, names) = (findings.left_out.len(), findings.left_out.join(", "));
        lines.push(format!("{number} cases that need longer runs: {names}."));
    }
    lines
}

fn waiting(waits: &[Waiting]) -> Section {
    let line = |waiting: &Waiting| {
        let Waiting { id, model, feature } = waiting;
        format!("{id} ({model}): {feature}.")
    };
    section("Cases that wait for a feature", Body::Lines(waits.iter().map(line).collect()))
}
