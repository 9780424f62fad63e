//! Calibration: the unknown costs of a scenario are fitted to lone clients, and every other load is predicted.
//!
//! `situation` makes a model of a measured row, `unknowns` finds the costs, `lone` simulates lone clients, `fit` does the
//! mathematics, `workbench` puts the two together, `sums` looks at what stays open, `written` puts the result into words of the scenario, `predict`
//! simulates the rest.

mod findings;
mod fit;
mod lone;
mod predict;
mod situation;
mod sums;
mod unknowns;
mod workbench;
mod written;

pub use findings::{
    CALIBRATION_FORMAT, CalibrationFindings, FittedValue, LoneFindings, PredictedMetric,
    PredictionFindings, PriorSource, SumFindings, UnknownFindings,
};

use super::estimate::Estimate;
use super::findings::Diagnosis;
use super::laboratory::Subject;
use super::progress::Progress;
use super::provenance::Provenance;
use super::run::Unfinished;
use crate::model::{Length, Model, Span};
use crate::scenario::{Code, Diagnostic, Measurements};
use crate::statistics::Moments;
use fit::Fitted;
use predict::Forecaster;
use situation::Situation;
use unknowns::{Touched, Unknown};
use workbench::Workbench;
use written::Written;

/// Draws that the intervals of the unknowns are read from.
const OF_INTERVALS: u32 = 400;

/// How a calibration is made.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationOptions {
    /// What the file of measured figures is called.
    pub measured: String,
    /// Standard deviation of a measurement, as a share of it; above 0.
    pub error: f64,
    /// Draws from what is left uncertain; at least 2.
    pub draws: u32,
    /// Paths of the unknowns, or what they begin with; empty for all.
    pub only: Vec<String>,
}

/// Fits the unknown costs of the subject to the lone rows and predicts the others.
///
/// # Errors
/// What cannot be fitted or simulated, with places in the sources of the measurements; or nobody wants it any more.
pub fn calibrate(
    subject: Subject<'_>,
    measurements: &Measurements,
    options: &CalibrationOptions,
    progress: &dyn Progress,
) -> Result<CalibrationFindings, Unfinished> {
    let model = subject.read(&[]);
    let model = model.map_err(|refused| Unfinished::Refused(refused.diagnostics))?;
    refuse_without_steady_state(&model)?;
    let (lone, loaded) = situations(subject, measurements)?;
    let mut touched = Touched::default();
    lone.iter().for_each(|situation| situation.touch(&mut touched));
    let known = unknowns::unknowns(&model, &touched);
    let asked =
        unknowns::chosen(known, &options.only).map_err(|found| Unfinished::Refused(vec![found]))?;
    let mut workbench = Workbench::new(lone, progress);
    let unknowns = workbench.reached(asked)?;
    let prior: Vec<f64> = unknowns.iter().map(Unknown::prior_deviation).collect();
    let fitted = workbench.fit(&unknowns, &prior, options.error)?;
    workbench.refuse_unfitted(&fitted, options.error)?;
    let count = options.draws.max(OF_INTERVALS);
    let drawn = workbench.drawn(&fitted, (&prior, options.error), count, model.run.seed);
    let write =
        |(unknown, x): (&Unknown, &f64)| written::written(subject, &model, unknown, x.exp());
    let written: Vec<Written> = unknowns.iter().zip(&fitted.unknowns).map(write).collect();
    let forecaster = Forecaster {
        unknowns: &unknowns,
        written: &written,
        draws: &drawn[..options.draws as usize],
        progress,
    };
    let (predictions, breaches) = forecaster.predict(&loaded)?;
    let after = deviations(&fitted, &drawn);
    let sums = workbench.sums(&fitted, &unknowns, (&after, &prior));
    let told = told_unknowns(&unknowns, written, (&fitted, &drawn), (&after, &prior));
    let mut remarks = remarks(&fitted, &told, &sums);
    remarks.extend(breaches);
    Ok(CalibrationFindings {
        provenance: Provenance::of(&model),
        format: CALIBRATION_FORMAT,
        scenario: model.name.value.clone(),
        measured: options.measured.clone(),
        error_share: options.error,
        draws: options.draws,
        steps: fitted.steps,
        converged: fitted.converged,
        unknowns: told,
        lone: workbench.told(&fitted),
        predictions,
        sums,
        remarks,
    })
}

fn refuse_without_steady_state(model: &Model) -> Result<(), Unfinished> {
    if !matches!(model.run.length, Length::Until(_)) {
        return Ok(());
    }
    let message = "the scenario runs `until` a clock time, and a calibration needs a steady state";
    let hint = "give it a length: --set 'run={ fixed: { duration: 20s, replications: 5 } }'";
    let diagnostic = Diagnostic::new(Code::Conflict, message, Span::NOWHERE).hint(hint);
    Err(Unfinished::Refused(vec![diagnostic]))
}

/// The models of the lone rows, then of the others.
fn situations<'r>(
    subject: Subject<'_>,
    measurements: &'r Measurements,
) -> Result<(Vec<Situation<'r>>, Vec<Situation<'r>>), Unfinished> {
    let mut found = Vec::new();
    let mut refused = Vec::new();
    for row in &measurements.rows {
        match Situation::new(subject, row) {
            Ok(situation) => found.push(situation),
            Err(diagnostics) => refused.extend(diagnostics),
        }
    }
    if !refused.is_empty() {
        return Err(Unfinished::Refused(refused));
    }
    Ok(found.into_iter().partition(|situation| situation.row.is_lone()))
}

fn told_unknowns(
    unknowns: &[Unknown],
    written: Vec<Written>,
    (fitted, drawn): (&Fitted, &[Vec<f64>]),
    (after, prior): (&[f64], &[f64]),
) -> Vec<UnknownFindings> {
    let told = unknowns.iter().zip(written).enumerate().map(|(index, (unknown, written))| {
        let (best, deviation) = (fitted.unknowns[index], after[index]);
        let ends = middle(drawn.iter().map(|factors| factors[index]).collect());
        UnknownFindings {
            path: unknown.path.clone(),
            factor: Estimate { value: best.exp(), ci95: Some(ends) },
            prior: unknown.prior,
            prior_deviation: prior[index],
            removed_share: (1.0 - (deviation / prior[index]).powi(2)).clamp(0.0, 1.0),
            determined: sums::is_determined(deviation, prior[index]),
            values: written.values,
        }
    });
    told.collect()
}

/// Standard deviation that is left of each unknown: that of the linearisation, or of the draws where they spread
/// further, as what is hardly seen at the fitted values may take far more.
fn deviations(fitted: &Fitted, drawn: &[Vec<f64>]) -> Vec<f64> {
    let of = |index: usize| {
        let mut moments = Moments::default();
        drawn.iter().for_each(|factors| moments.record(factors[index].ln()));
        fitted.deviation(index).max(moments.variance().unwrap_or(0.0).sqrt())
    };
    (0..fitted.unknowns.len()).map(of).collect()
}

/// The ends between which 95 % of some numbers lie.
fn middle(mut numbers: Vec<f64>) -> [f64; 2] {
    numbers.sort_by(f64::total_cmp);
    let last = numbers.len().saturating_sub(1);
    [0.025, 0.975].map(|share| numbers[(share * last as f64).round() as usize])
}

/// What is worth a word: what stays open, and whether the fit came to an end.
fn remarks(fitted: &Fitted, unknowns: &[UnknownFindings], sums: &[SumFindings]) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    if !fitted.converged {
        let message = format!(
            "the fit still moved after {} steps: read its figures with care, or begin from values that are nearer",
            fitted.steps
        );
        found.push(Diagnosis { code: Code::NotConverged, message });
    }
    let open: Vec<&UnknownFindings> = unknowns.iter().filter(|own| !own.determined).collect();
    let in_a_sum = |path: &str| sums.iter().any(|sum| sum.unknowns.iter().any(|own| own == path));
    for sum in sums {
        let message = format!(
            "only the sum of {} is known, from `{}`: what one of them takes more, another takes less",
            listed(&sum.unknowns),
            sum.case
        );
        found.push(Diagnosis { code: Code::Undetermined, message });
    }
    let alone: Vec<String> =
        open.iter().filter(|own| !in_a_sum(&own.path)).map(|own| own.path.clone()).collect();
    if !alone.is_empty() {
        let message = format!(
            "the lone clients say hardly anything about {}: most of what was uncertain before stays",
            listed(&alone)
        );
        found.push(Diagnosis { code: Code::Undetermined, message });
    }
    found
}

/// `a`, `b` and `c`.
fn listed(paths: &[String]) -> String {
    let quoted: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}
