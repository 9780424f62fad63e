//! A sweep: the scenario edited to every point of a grid, each run over all layouts.

use super::findings::{FORMAT, SweepFindings, SweepPoint};
use super::run::{Progress, run};
use crate::model::{Model, Variation};
use crate::scenario::Diagnostic;

/// A point of the grid that cannot be run.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Values of the varied paths.
    pub values: Vec<String>,
    /// Why.
    pub diagnostics: Vec<Diagnostic>,
}

/// Every combination of the values, the last variation varying fastest.
pub fn grid(variations: &[Variation]) -> Vec<Vec<String>> {
    variations
        .iter()
        .fold(vec![Vec::new()], |points, variation| {
            let extended = points.iter().flat_map(|point| {
                variation.values.iter().map(|value| {
                    let mut longer = point.clone();
                    longer.push(value.clone());
                    longer
                })
            });
            extended.collect()
        })
}

/// Runs the points of a grid. `model_at` edits and reads the scenario for one point; `layouts` picks
/// positions of its layouts. All points are read before the first is run.
/// Errors: the points that cannot be run.
pub fn sweep(
    scenario: &str,
    variations: &[Variation],
    model_at: &dyn Fn(&[String]) -> Result<Model, Vec<Diagnostic>>,
    layouts: &dyn Fn(&Model) -> Vec<usize>,
    progress: &dyn Progress,
) -> Result<SweepFindings, Vec<Refusal>> {
    let mut models = Vec::new();
    let mut refusals = Vec::new();
    for values in grid(variations) {
        match model_at(&values) {
            Ok(model) => models.push((values, model)),
            Err(diagnostics) => refusals.push(Refusal {
                values,
                diagnostics,
            }),
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let mut points = Vec::new();
    for (values, model) in models {
        progress.note(&values.join(", "));
        match run(&model, &layouts(&model), progress) {
            Ok(run) => points.push(SweepPoint { values, run }),
            Err(diagnostics) => refusals.push(Refusal {
                values,
                diagnostics,
            }),
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(SweepFindings {
        cutline: env!("CARGO_PKG_VERSION").to_string(),
        format: FORMAT,
        scenario: scenario.to_string(),
        paths: variations
            .iter()
            .map(|variation| variation.path.clone())
            .collect(),
        points,
    })
}
