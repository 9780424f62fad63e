//! What a sweep found: its points, what each step between them changes, and what could not be run.

use serde::{Deserialize, Serialize};

use super::findings::{Estimate, RunFindings};
use super::provenance::Provenance;

/// A grid of runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepFindings {
    /// What it was made of: the scenario as it was before its paths were varied. Every point has its own.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// [`FORMAT`](super::FORMAT).
    pub format: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Paths that vary, in the order of [`SweepPoint::values`].
    pub paths: Vec<String>,
    /// Every point that could be simulated, the last path varying fastest.
    pub points: Vec<SweepPoint>,
    /// What each step from a point to the next changes.
    pub steps: Vec<SweepStep>,
    /// The others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedPoint>,
}

/// A point of a sweep that could not be simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedPoint {
    /// Values of the paths, as text.
    pub values: Vec<String>,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// Difference of one metric of a layout between neighbouring points under the same random numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepStep {
    /// The layout.
    pub layout: String,
    /// The path along which they are neighbours.
    pub path: String,
    /// Values of the first point.
    pub a: Vec<String>,
    /// Values of the next one.
    pub b: Vec<String>,
    /// As in [`Comparison::metric`](super::Comparison::metric).
    pub metric: String,
    /// a − b.
    pub difference: Estimate,
    /// `a lower`, `b lower` or `no difference shown`.
    pub verdict: String,
    /// As in [`Comparison::variance_cut`](super::Comparison::variance_cut).
    pub variance_cut: Option<f64>,
}

/// One run of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// Values of the paths, as text.
    pub values: Vec<String>,
    /// What was found.
    pub run: RunFindings,
}
