//! A measurement: what was measured, and what came out.

use crate::model::Span;
use crate::scenario::Edit;

/// A row: one measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredRow {
    /// What the author calls it.
    pub case: String,
    /// Layout of the scenario that was measured.
    pub layout: String,
    /// The only endpoint that was asked; `None`: all of them, by their shares.
    pub endpoint: Option<String>,
    /// Who asked.
    pub load: MeasuredLoad,
    /// What came out.
    pub figures: MeasuredFigures,
    /// What was different from the scenario.
    pub edits: Vec<Edit>,
    /// Where the figures are from.
    pub source: String,
    /// The row.
    pub span: Span,
}

impl MeasuredRow {
    /// Whether one client asked, with nobody beside it.
    pub fn is_lone(&self) -> bool {
        self.load == MeasuredLoad::Clients(1)
    }

    /// Whether the same was measured by both.
    pub(super) fn is_of_the_same(&self, other: &MeasuredRow) -> bool {
        let MeasuredRow { layout, endpoint, load, edits, .. } = self;
        (layout, endpoint, load, edits)
            == (&other.layout, &other.endpoint, &other.load, &other.edits)
    }
}

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MeasuredLoad {
    /// So many clients, each without a pause between an answer and its next request.
    Clients(u32),
    /// Requests at random, so many per second.
    Rate(f64),
}

/// Measured figures; `None` is unknown. All are above 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MeasuredFigures {
    /// Answers [1/s].
    pub throughput: Option<f64>,
    /// Mean latency (s).
    pub mean: Option<f64>,
    /// Median of the latency (s).
    pub p50: Option<f64>,
    /// 90th percentile of the latency (s).
    pub p90: Option<f64>,
    /// 99th percentile of the latency (s).
    pub p99: Option<f64>,
    /// CPU work of all machines and databases for each request (s).
    pub cpu: Option<f64>,
}
