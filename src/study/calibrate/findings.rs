//! What a calibration found. `CalibrationFindings` serialised is calibration.json; the comments of its fields are the
//! descriptions of its published schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::study::estimate::Estimate;
use crate::study::findings::{Diagnosis, Verdict};
use crate::study::provenance::Provenance;

/// Version of the layout of calibration.json.
pub const CALIBRATION_FORMAT: u32 = 1;

/// What a calibration found: unknown costs of a scenario fitted to lone clients, and what that predicts for every
/// other load. Times are in seconds, shares from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CalibrationFindings {
    /// What its figures are from.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// Version of the form of this document.
    #[schemars(extend("const" = CALIBRATION_FORMAT))]
    pub format: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the file of measured figures.
    pub measured: String,
    /// Standard deviation of a measurement, as a share of it.
    pub error_share: f64,
    /// Number of draws from what is left uncertain, each of which is simulated for every prediction.
    pub draws: u32,
    /// Number of steps that the fit took.
    pub steps: u32,
    /// Whether the last step moved nothing any more.
    pub converged: bool,
    /// The unknown costs, in the order of the scenario.
    pub unknowns: Vec<UnknownFindings>,
    /// What the fit comes to for the lone clients it was fitted to.
    pub lone: Vec<LoneFindings>,
    /// What the fit predicts for every other row of the file.
    pub predictions: Vec<PredictionFindings>,
    /// Sums of costs that are known better than their parts.
    pub sums: Vec<SumFindings>,
    /// What is worth knowing before the figures are used.
    pub remarks: Vec<Diagnosis>,
}

/// Where the author's value of a cost is from, and so how far it is trusted before anything is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PriorSource {
    /// Somebody wrote it into the scenario: it may well be three times as much, or a third.
    Author,
    /// A default with a source: it may well be half as much again.
    Default,
}

/// An unknown cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnknownFindings {
    /// Its path in the scenario.
    pub path: String,
    /// By how much its mean is multiplied, a plain number, with the 95 % interval that the measurements leave.
    pub factor: Estimate,
    /// Where the value before is from.
    pub prior: PriorSource,
    /// Standard deviation of the logarithm of the factor before anything was measured, a plain number.
    pub prior_deviation: f64,
    /// Share of the variance before that the measurements removed.
    pub removed_share: f64,
    /// Whether more than half of the standard deviation before is gone.
    pub determined: bool,
    /// What to write into the scenario, one entry for each place of the cost.
    pub values: Vec<FittedValue>,
}

/// A place of the scenario and what to write there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FittedValue {
    /// The path of the value.
    pub path: String,
    /// What stands there, in the language of scenarios; null for a law of a file.
    pub before: Option<String>,
    /// What to write there; null where every time of a file must be multiplied.
    pub after: Option<String>,
    /// Whether `--set path=after` does it.
    pub settable: bool,
}

/// A figure of a lone client, measured and as the fitted scenario tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LoneFindings {
    /// What the file of measured figures calls it.
    pub case: String,
    /// The layout.
    pub layout: String,
    /// The endpoint, or `all`.
    pub endpoint: String,
    /// `mean` for the mean latency, `cpu` for the CPU work of a request.
    pub metric: String,
    /// What was measured (s).
    pub measured_seconds: f64,
    /// What the fitted scenario tells (s).
    pub fitted_seconds: f64,
    /// How far that is off, as a share of what was measured.
    pub off_share: f64,
}

/// A row that was not fitted, and what the fitted scenario tells of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PredictionFindings {
    /// What the file of measured figures calls it.
    pub case: String,
    /// The layout.
    pub layout: String,
    /// The endpoint, or `all`.
    pub endpoint: String,
    /// Number of clients, each without a pause; null where requests come at a rate.
    pub clients: Option<u32>,
    /// Requests that come [1/s]; null where clients ask again when they are answered.
    pub rate_per_second: Option<f64>,
    /// Whether the fitted scenario carries this load.
    pub verdict: Verdict,
    /// Number of draws that do not carry it.
    pub unstable_draws: u32,
    /// Its figures.
    pub metrics: Vec<PredictedMetric>,
}

/// A figure of a prediction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PredictedMetric {
    /// `throughput` [1/s]; `mean`, `p50`, `p90` or `p99` of the latency (s); `cpu` of a request (s).
    pub metric: String,
    /// What was measured, in the unit of the metric; null where it was not.
    pub measured: Option<f64>,
    /// What is predicted, in the unit of the metric, with the interval that uncertain costs and the simulation leave;
    /// null where there is no steady state.
    pub predicted: Option<Estimate>,
    /// How far it is off, as a share of what was measured.
    pub off_share: Option<f64>,
    /// Whether the measured figure lies in the interval.
    pub inside: Option<bool>,
}

/// Costs of which a lone row knows the sum better than the parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SumFindings {
    /// The row.
    pub case: String,
    /// Paths of the costs.
    pub unknowns: Vec<String>,
}
