//! What was found of event-sourced tables and of views: parts of the findings of a layout.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::buckets::{self, Buckets};
use super::carried::SpanOfTime;
use super::estimate::Estimate;
use crate::statistics::Histogram;

/// How an event-sourced table was used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogFindings {
    /// Keys that were loaded: their snapshots read, and the events behind them applied [1/s].
    pub loads_per_second: Estimate,
    /// Events applied for each.
    pub replayed: EventCounts,
    /// Events that were added and committed [1/s].
    pub appended_per_second: Estimate,
    /// Share of the writes that found another event in the place of their own; null where nothing was written.
    pub conflict_share: Option<Estimate>,
    /// Such conflicts, over all replications, those included that another try mended.
    pub conflicts: u64,
    /// Mean number of snapshots stored for each event added; null where none was.
    pub snapshots_per_event: Option<Estimate>,
    /// Time to read and apply a million events one after the other, to build a projection anew with nothing else to do
    /// (s): by arithmetic.
    pub rebuild_seconds_per_million: f64,
}

/// Numbers of events; what never happened is null.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct EventCounts {
    /// Mean.
    pub mean: Option<Estimate>,
    /// Median.
    pub p50: Option<Estimate>,
    /// 99th percentile.
    pub p99: Option<Estimate>,
}

/// How far a view was behind its tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ViewFindings {
    /// The join that it answers.
    pub join: String,
    /// The database that keeps it.
    pub database: String,
    /// Reads [1/s].
    pub reads_per_second: Estimate,
    /// Share of the reads that missed a commit which had changed their rows; null where nobody read.
    pub stale_share: Option<Estimate>,
    /// Age of the oldest commit that a read missed, 0 where it missed none (s).
    pub staleness_seconds: SpanOfTime,
    /// Commits that changed its rows [1/s].
    pub changes_per_second: Estimate,
    /// Time from a commit until the view shows it (s).
    pub delay_seconds: SpanOfTime,
    /// Mean number of commits that it does not show yet.
    pub on_their_way_mean: Option<Estimate>,
    /// Share of the commits that no event told, so that it never shows them; null where events do not feed it.
    pub missed_share: Option<Estimate>,
    /// Time to fill it anew from its tables, row after row, with nothing else to do and all in memory (s): by arithmetic.
    pub rebuild_seconds: f64,
    /// Staleness (ns) of the reads of all replications together.
    #[serde(with = "buckets")]
    #[schemars(with = "Buckets")]
    pub histogram: Histogram,
}
