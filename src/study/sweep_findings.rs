//! What a sweep found: its points, what each step between them changes, and what could not be run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::findings::{FORMAT, RunFindings};
use super::provenance::Provenance;

/// What a sweep found: a run at every point of a grid of values. Durations are in seconds, sizes in bytes,
/// shares from 0 to 1, money in the catalogue's currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepFindings {
    /// What it was made of: the scenario as it was before its paths were varied. Every point has its own.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// Version of the form of this document.
    #[schemars(extend("const" = FORMAT))]
    pub format: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Paths of the scenario that vary, in the order of the values of a point.
    pub paths: Vec<String>,
    /// Every point that could be simulated, the last path varying fastest.
    pub points: Vec<SweepPoint>,
    /// What each step from a point to its neighbour along a path changes, in the unit of the metric.
    pub steps: Vec<SweepStep>,
    /// Points that could not be simulated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedPoint>,
}

/// A point of a sweep that could not be simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedPoint {
    /// Values of the paths, as they were written.
    pub values: Vec<String>,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// Difference of one metric of a layout between neighbouring points under the same random numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepStep {
    /// The layout.
    pub layout: String,
    /// The path along which they are neighbours.
    pub path: String,
    /// Values of the first point.
    pub a: Vec<String>,
    /// Values of the next one.
    pub b: Vec<String>,
    /// As in `comparison` of a run, such as `all.latency.p99`.
    pub metric: String,
    /// What a has minus what b has, in the unit of the metric: seconds, a share, or money per month.
    pub difference: Estimate,
    /// `a lower`, `b lower` or `no difference shown`.
    pub verdict: String,
    /// As in `comparison` of a run.
    pub variance_cut: Option<f64>,
}

/// One run of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepPoint {
    /// Values of the paths, as they were written.
    pub values: Vec<String>,
    /// What was found there, as in results.json.
    pub run: RunFindings,
}
