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
    variations.iter().fold(vec![Vec::new()], |points, variation| {
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

/// Runs the points of a grid, each a scenario already edited and read; `layouts` are positions.
/// Errors: the first point that cannot be simulated.
pub fn sweep(
    scenario: &str,
    variations: &[Variation],
    points: Vec<(Vec<String>, Model)>,
    layouts: &[usize],
    progress: &dyn Progress,
) -> Result<SweepFindings, Refusal> {
    let mut found = Vec::new();
    for (values, model) in points {
        progress.note(&format!("at {}", values.join(", ")));
        match run(&model, layouts, progress) {
            Ok(run) => found.push(SweepPoint { values, run }),
            Err(diagnostics) => {
                return Err(Refusal { values, diagnostics });
            }
        }
    }
    Ok(SweepFindings {
        cutline: env!("CARGO_PKG_VERSION").to_string(),
        format: FORMAT,
        scenario: scenario.to_string(),
        paths: variations.iter().map(|variation| variation.path.clone()).collect(),
        points: found,
    })
}
