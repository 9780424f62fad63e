//! What became of a case.

use serde::Serialize;

use super::rule::Interval;

/// What became of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The interval holds the exact value and is narrow.
    Passed,
    /// It does not, with two seeds fixed in advance.
    Missed,
    /// The simulator does not tell this figure, or not this way.
    NotRead,
    /// It needs a longer run than was asked for.
    LeftOut,
}

/// A metric of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricFindings {
    /// Its name in the oracle file.
    pub metric: String,
    /// The exact value (s, 1/s or a share).
    pub exact: f64,
    /// What was simulated, where it was read.
    pub estimate: Option<f64>,
    /// The 99.9 % interval of the estimate.
    pub interval: Option<Interval>,
    /// Passed or not.
    pub outcome: Outcome,
    /// Why it was missed, not read or left out.
    pub reason: Option<String>,
    /// Seed of the run that it is from.
    pub seed: Option<u64>,
}

/// A case and all its metrics.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseFindings {
    /// Its name in the oracle file.
    pub id: &'static str,
    /// The metrics in the oracle file's order.
    pub metrics: Vec<MetricFindings>,
}

impl CaseFindings {
    /// The metrics that were missed.
    pub fn missed(&self) -> impl Iterator<Item = &MetricFindings> {
        self.metrics.iter().filter(|metric| metric.outcome == Outcome::Missed)
    }
}
