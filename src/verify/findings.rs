//! What became of the cases.

use serde::Serialize;

use super::dimension::Dimension;
use super::rule::Bounds;

/// What became of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// An exact value: the interval holds it and is narrow. A published one: near enough.
    Passed,
    /// Known to be off, and no further than known; [`MetricFindings::reason`] says why.
    Approximate,
    /// It is not right, with two seeds fixed in advance.
    Missed,
    /// The simulator does not tell this figure, or not this way.
    NotRead,
    /// It needs a longer run than was asked for.
    LeftOut,
}

/// What a published figure has to do with the numbers of its scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// No number of the scenario was chosen to bring it about.
    Predicted,
    /// A number of the scenario was chosen so that it comes out: this one.
    Fitted(&'static str),
    /// It follows from another figure, by this law: no evidence of its own.
    Implied(&'static str),
}

/// A metric of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricFindings {
    /// Its name.
    pub metric: String,
    /// What it is measured in.
    pub unit: Dimension,
    /// The exact or published value.
    pub expected: f64,
    /// What was simulated, where it was read.
    pub estimate: Option<f64>,
    /// The 99.9 % interval of the estimate.
    pub interval: Option<Bounds>,
    /// How far the estimate may be off as a share of the value; `None` where the interval judges.
    pub tolerance: Option<f64>,
    /// What became of it.
    pub outcome: Judgement,
    /// Of a published figure.
    pub fit: Option<Fit>,
    /// Why it is off, missed, not read or left out.
    pub reason: Option<String>,
    /// Seed of the run that it is from.
    pub seed: Option<u64>,
    /// Hash of the resolved scenario of that run.
    pub scenario_hash: Option<String>,
}

impl MetricFindings {
    /// How far the estimate is off, as a share of the value; `None` where nothing was read or the value
    /// is zero.
    pub fn off(&self) -> Option<f64> {
        let estimate = self.estimate.filter(|_| self.expected != 0.0)?;
        Some((estimate - self.expected) / self.expected.abs())
    }
}

/// A case and all its metrics.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseFindings {
    /// Its name.
    pub id: &'static str,
    /// The cases it stands among.
    pub family: &'static str,
    /// What is simulated, in words.
    pub model: String,
    /// Source of the values.
    pub reference: String,
    /// The metrics.
    pub metrics: Vec<MetricFindings>,
}

impl CaseFindings {
    /// The metrics that were missed.
    pub fn missed(&self) -> impl Iterator<Item = &MetricFindings> {
        self.metrics.iter().filter(|metric| metric.outcome == Judgement::Missed)
    }
}

/// A figure that the tool is known to have wrong, measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deviation {
    /// What is approximated and why, a sentence.
    pub what: &'static str,
    /// Each with how it comes out.
    pub figures: Vec<DeviatingFigure>,
}

/// How one approximated figure comes out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeviatingFigure {
    /// Which one, and against what.
    pub name: &'static str,
    /// What it is measured in.
    pub unit: Dimension,
    /// The true value.
    pub expected: f64,
    /// What the tool says.
    pub estimate: f64,
}

/// A case of the oracle file that the language cannot express yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Its name.
    pub id: &'static str,
    /// Its model.
    pub model: String,
    /// What it waits for.
    pub feature: &'static str,
}

/// All that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerifyFindings {
    /// Version of the program.
    pub cutline: &'static str,
    /// What the program was built for.
    pub target: String,
    /// Number that the seeds of all cases are worked out from.
    pub seed: u64,
    /// Whether only the cases of a short check were run.
    pub quick: bool,
    /// Every case that was run.
    pub cases: Vec<CaseFindings>,
    /// Cases that were not run.
    pub left_out: Vec<&'static str>,
    /// What is known to be wrong, beside what the cases show; empty where single cases were asked for.
    pub deviations: Vec<Deviation>,
    /// What cannot be run; empty where single cases were asked for.
    pub waiting: Vec<Waiting>,
}

impl VerifyFindings {
    /// Whether nothing was missed.
    pub fn passed(&self) -> bool {
        self.cases.iter().all(|case| case.missed().next().is_none())
    }
}
