//! What a calibration found, for people: the unknown costs, the lone clients they were fitted to, predictions, what
//! stays open, and what to write into the scenario.

use super::grid::{Cell, Emphasis, Grid};
use super::section::{Body, Section, section};
use crate::report::names::{shortened, shown};
use crate::report::numbers::{Quantity, off};
use crate::report::provenance;
use crate::study::{
    CalibrationFindings, Estimate, FittedValue, PredictedMetric, PredictionFindings,
    UnknownFindings, Verdict,
};
use crate::units::significant;

/// Most letters of a path, and of a case, where columns are few.
const SHORT_PATH: usize = 32;
const SHORT_CASE: usize = 24;

/// Columns of predictions.
const FIGURES: [&str; 6] = ["", "measured", "predicted", "95 % interval", "off", "inside"];

pub(super) fn sections(findings: &CalibrationFindings) -> Vec<Section> {
    let both = |grid: fn(&CalibrationFindings, bool) -> Grid| {
        Body::Shrinking(grid(findings, false), grid(findings, true))
    };
    let mut sections = vec![section("Unknown costs", both(unknowns))];
    sections.push(section("", Body::Lines(fitted_from(findings))));
    sections.push(section("Lone clients, fitted", both(lone)));
    if findings.predictions.is_empty() {
        let nothing = "Every row was measured with one client: nothing is left to predict.";
        sections.push(section("Predictions", Body::Lines(vec![nothing.to_owned()])));
    } else {
        sections.push(section("Predictions, nothing fitted", both(predictions)));
        sections.push(section("", Body::Lines(how_well(findings))));
    }
    let remarks = findings.remarks.iter().map(|remark| shown(&remark.message));
    sections.push(section("What stays open", Body::Lines(remarks.collect())));
    sections.push(section("What to write into the scenario", Body::Lines(values(findings))));
    sections.push(section("", Body::Lines(vec![provenance::whole(&findings.provenance)])));
    sections
}

fn head(words: &[&str]) -> Vec<Cell> {
    words.iter().map(|word| Cell::plain(*word)).collect()
}

/// A path without the parts that all paths of its kind have.
fn brief(path: &str) -> String {
    let path = path.strip_prefix("application.modules.").unwrap_or(path);
    let path = path.strip_prefix("platform.").unwrap_or(path);
    shortened(&shown(&path.replacen(".operations.", ".", 1)), SHORT_PATH)
}

fn unknowns(findings: &CalibrationFindings, short: bool) -> Grid {
    let row = |unknown: &UnknownFindings| {
        let path = if short { brief(&unknown.path) } else { shown(&unknown.path) };
        let ends = unknown.factor.ci95.unwrap_or([unknown.factor.value; 2]);
        let [low, high] = ends.map(|end| significant(end, 3));
        let known = match unknown.determined {
            true => Cell::plain("yes"),
            false => Cell::new("no", Emphasis::Bad),
        };
        vec![
            Cell::plain(path),
            Cell::plain(significant(unknown.factor.value, 3)),
            Cell::plain(format!("{low} … {high}")),
            Cell::plain(Quantity::Share.write(unknown.removed_share)),
            known,
        ]
    };
    let words = ["mean of", "times", "95 % interval", "learned", "known"];
    Grid { keys: 1, head: head(&words), rows: findings.unknowns.iter().map(row).collect() }
}

fn fitted_from(findings: &CalibrationFindings) -> Vec<String> {
    let error = significant(100.0 * findings.error_share, 3);
    vec![format!(
        "learned: share of the variance before that the lone clients of {} removed, each measured to {error} %; \
         known: more than half of the standard deviation is gone",
        shown(&findings.measured)
    )]
}

fn lone(findings: &CalibrationFindings, short: bool) -> Grid {
    let rows = findings.lone.iter().map(|lone| {
        let (measured, fitted) = Quantity::Time.write_beside(
            lone.measured_seconds,
            &Estimate { value: lone.fitted_seconds, ci95: None },
        );
        let mut row = vec![Cell::plain(name(&lone.case, short))];
        if !short {
            row.push(Cell::plain(shown(&lone.layout)));
            row.push(Cell::plain(shown(&lone.endpoint)));
        }
        row.extend([lone.metric.clone(), measured, fitted, off(lone.off_share)].map(Cell::plain));
        row
    });
    let words: &[&str] = match short {
        true => &["", "figure", "measured", "fitted", "off"],
        false => &["", "layout", "endpoint", "figure", "measured", "fitted", "off"],
    };
    Grid { keys: 1, head: head(words), rows: rows.collect() }
}

fn name(case: &str, short: bool) -> String {
    if short { shortened(&shown(case), SHORT_CASE) } else { shown(case) }
}

/// A row that names the case, with its layout where there is room, and one for each of its figures.
fn predictions(findings: &CalibrationFindings, short: bool) -> Grid {
    let mut rows = Vec::new();
    for prediction in &findings.predictions {
        let mut case = name(&prediction.case, short);
        if !short {
            case = format!("{case} ({})", shown(&prediction.layout));
        }
        let mut named = vec![Cell::plain(case)];
        named.resize(FIGURES.len(), Cell::plain(""));
        rows.push(named);
        for metric in &prediction.metrics {
            let mut row = vec![Cell::plain(format!("  {}", metric.metric))];
            row.extend(figures(prediction, metric));
            rows.push(row);
        }
    }
    Grid { keys: 1, head: head(&FIGURES), rows }
}

/// Measured, predicted, its interval, how far off, and whether inside.
fn figures(prediction: &PredictionFindings, metric: &PredictedMetric) -> Vec<Cell> {
    let quantity = if metric.metric == "throughput" { Quantity::Rate } else { Quantity::Time };
    let measured = metric.measured.map_or("–".to_owned(), |value| quantity.write(value));
    let Some(predicted) = metric.predicted else {
        let word = match prediction.verdict {
            Verdict::Unstable => "unstable",
            _ => "–",
        };
        let predicted = Cell::new(word, Emphasis::Bad);
        let none = || Cell::plain("–");
        return vec![Cell::plain(measured), predicted, none(), none(), none()];
    };
    let interval = match predicted.ci95 {
        Some(ends) => quantity.write_interval(ends),
        None if prediction.unstable_draws > 0 => "open".to_owned(),
        None => "–".to_owned(),
    };
    let inside = match metric.inside {
        Some(true) => Cell::plain("yes"),
        Some(false) => Cell::new("no", Emphasis::Bad),
        None => Cell::plain("–"),
    };
    vec![
        Cell::plain(measured),
        Cell::plain(quantity.write(predicted.value)),
        Cell::plain(interval),
        Cell::plain(metric.off_share.map_or("–".to_owned(), off)),
        inside,
    ]
}

/// How many figures lie inside, how far the others are off, and what could not be told.
fn how_well(findings: &CalibrationFindings) -> Vec<String> {
    let metrics = || findings.predictions.iter().flat_map(|row| &row.metrics);
    let judged: Vec<bool> = metrics().filter_map(|metric| metric.inside).collect();
    let mut lines = Vec::new();
    if !judged.is_empty() {
        let inside = judged.iter().filter(|inside| **inside).count();
        let offs = || metrics().filter(|own| own.inside.is_some()).filter_map(|own| own.off_share);
        let worst =
            offs().fold(0.0, |worst: f64, own| if own.abs() > worst.abs() { own } else { worst });
        lines.push(format!(
            "{inside} of {} measured figures lie inside, and the worst is off by {}. The interval is of the model: \
             of costs that lone clients leave open, and of the simulation; a measurement has an error of its own.",
            judged.len(),
            off(worst)
        ));
    }
    for prediction in findings.predictions.iter().filter(|row| row.unstable_draws > 0) {
        lines.push(format!(
            "{}: {} of {} draws from what stays open cannot carry this load, so its latencies have no upper end.",
            shown(&prediction.case),
            prediction.unstable_draws,
            findings.draws
        ));
    }
    lines
}

fn values(findings: &CalibrationFindings) -> Vec<String> {
    let values = |unknown: &UnknownFindings| {
        let moved = unknown
            .values
            .iter()
            .filter(|value| value.before != value.after || value.after.is_none());
        moved.flat_map(|value| to_write(unknown, value)).collect::<Vec<String>>()
    };
    let lines: Vec<String> = findings.unknowns.iter().flat_map(values).collect();
    if lines.is_empty() { vec!["Nothing: every value stays as it is.".to_owned()] } else { lines }
}

/// A line for the place and one for what to write there.
fn to_write(unknown: &UnknownFindings, value: &FittedValue) -> [String; 2] {
    let before = value.before.as_deref().map(|text| format!(", before {}", shown(text)));
    let before = before.unwrap_or_default();
    let written = match (&value.after, value.settable) {
        (Some(after), true) => format!("{}{before}", shown(after)),
        (Some(after), false) => {
            format!("{}{before} (by hand: --set cannot reach it)", shown(after))
        }
        (None, _) => {
            format!("every time of its file times {}", significant(unknown.factor.value, 4))
        }
    };
    [shown(&value.path), format!("  = {written}")]
}
