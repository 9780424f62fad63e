//! What studies found. `RunFindings` serialised is results.json; the fields are its contract, and their
//! comments are the descriptions of its published schema. Findings come back from their JSON as they were:
//! nothing that a table or a chart needs is left out.
//! Durations in seconds, bytes in bytes, shares from 0 to 1, money in the catalogue's currency.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::buckets::{self, Buckets};
use super::carried::{ConsumerFindings, EventFindings, OutboxFindings, SpanOfTime};
use super::estimate::Estimate;
pub use super::followed_findings::{EventCounts, LogFindings, ViewFindings};
use super::named::Named;
use super::outcomes::Outcomes;
use super::over_time::{BacklogFindings, ComparisonOverTime, MomentFindings, WindowFindings};
use super::provenance::Provenance;
use super::sample::Sample;
use super::scaling_findings::ScalingFindings;
use super::time_line_findings::TimeLineFindings;
use crate::cost::Bill;
use crate::scenario::Code;
use crate::statistics::Histogram;

/// Version of the layout of results.json and of a sweep's JSON.
pub const FORMAT: u32 = 2;

/// What a run found: every layout of one scenario over the same requests. Durations are in seconds, sizes in
/// bytes, shares from 0 to 1, money in the catalogue's currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunFindings {
    /// What its figures are from.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// Version of the form of this document.
    #[schemars(extend("const" = FORMAT))]
    pub format: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// What is doubtful about the scenario itself: it was simulated as it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Diagnosis>,
    /// What is worth knowing of the layouts together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Diagnosis>,
    /// What was found for each layout by its name, in file order.
    pub layouts: Named<LayoutFindings>,
    /// Differences of each pair of layouts that carry their load, in the unit of the metric.
    pub comparison: Vec<Comparison>,
    /// The same at every moment and in every window of a terminating run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comparison_over_time: Vec<ComparisonOverTime>,
    /// Promises of the file, kept or not.
    pub slo: Vec<SloFinding>,
    /// What is compared, by layout that carries its load and by metric, as `comparison` calls it.
    pub samples: Named<Named<Sample>>,
}

impl RunFindings {
    /// What the program found wrong with itself: such figures are no result.
    pub fn breaches(&self) -> impl Iterator<Item = &str> {
        let said = self.layouts.iter().flat_map(|(_, layout)| &layout.diagnostics);
        said.filter(|said| said.code == Code::SelfCheck).map(|said| said.message.as_str())
    }
}

/// Whether a layout carries its load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It does.
    Stable,
    /// It does not: something grows without bound.
    Unstable,
    /// The run cannot tell.
    Undecided,
    /// Not asked: the run goes from an empty system to a clock time.
    Terminating,
}

/// What was found for one layout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LayoutFindings {
    /// Whether it carries its load. No steady-state figure is given for an unstable layout.
    pub verdict: Verdict,
    /// Whether the asked precision was reached; for a length given by hand, whether it is long enough for the
    /// intervals to hold; for a terminating run, whether it came to its end.
    pub converged: bool,
    /// Independent replications.
    pub replications: u32,
    /// Simulated time of a replication (s).
    pub simulated_seconds: f64,
    /// Of it not measured (s).
    pub warmup_seconds: f64,
    /// Events of all replications.
    pub events: u64,
    /// What clients see of each endpoint by its name, then of all together as `all`.
    pub endpoints: Named<EndpointFindings>,
    /// What each service did, by its name.
    pub services: Named<ServiceFindings>,
    /// What each database did, by its name.
    pub databases: Named<DatabaseFindings>,
    /// How each transaction over several databases went, by its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub transactions: Named<TransactionFindings>,
    /// When the parts of each transaction begin and commit that some layout spreads over several databases, by its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub time_lines: Named<TimeLineFindings>,
    /// How each event-sourced table was used, by its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub logs: Named<LogFindings>,
    /// How far each view was behind its tables, by its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub views: Named<ViewFindings>,
    /// How each event went that a broker carries, by its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub published: Named<EventFindings>,
    /// What the relay of each outbox did, by the name of its database.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub outboxes: Named<OutboxFindings>,
    /// What the consumers of each service did that takes events from a broker, by its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub consumers: Named<ConsumerFindings>,
    /// How the number of instances of each service changed whose instances come and go, by its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub scaled: Named<ScalingFindings>,
    /// The bill per month.
    pub cost: Bill,
    /// Remarks in words with their numbers.
    pub diagnostics: Vec<Diagnosis>,
    /// A terminating run at the clock times that it was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<MomentFindings>,
    /// A terminating run in its windows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<WindowFindings>,
    /// Requests under way over time where the layout is unstable and the run not a terminating one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backlog: Vec<BacklogFindings>,
    /// How busy every resource with a capacity is.
    pub utilisation: Vec<Utilisation>,
}

/// Utilisation of one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Utilisation {
    /// Such as `orders cpu`, `orders threads`, `shop connections to main`, `database main storage`.
    pub resource: String,
    /// Busy share of its capacity.
    pub share: Estimate,
    /// The window of a terminating run in which it was busiest, the first of equals; not there in any other run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<PeakWindow>,
}

/// The window in which a resource was busiest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PeakWindow {
    /// When it begins (s).
    pub from_seconds: f64,
    /// When it is over (s).
    pub to_seconds: f64,
    /// Busy share of the capacity in it; the interval is that of a window that was named beforehand.
    pub share: Estimate,
}

/// A remark in words with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnosis {
    /// What kind of remark it is: a word that stays the same from version to version.
    #[schemars(with = "String")]
    pub code: Code,
    /// The remark, with its numbers.
    pub message: String,
}

/// What clients of one endpoint see. Means and percentiles are null for an unstable layout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndpointFindings {
    /// Requests that came [1/s].
    pub offered_per_second: Estimate,
    /// Requests answered well [1/s].
    pub throughput_per_second: Estimate,
    /// Share of the answers that are errors; null without an answer.
    pub error_share: Option<Estimate>,
    /// Answers by kind, over all replications.
    pub outcomes: Outcomes,
    /// Latency of good answers (s).
    pub latency_seconds: Latency,
    /// Of it the wait for threads and for cores, on the critical path (s).
    pub queue_wait_seconds: WaitFigures,
    /// Mean time of good answers by category of the critical path (s); sums to the mean latency.
    pub attribution_seconds: Named<f64>,
    /// Latencies of good answers (ns) of all replications together.
    #[serde(with = "buckets")]
    #[schemars(with = "Buckets")]
    pub histogram: Histogram,
}

/// Latency of good answers (s); what has too few observations is null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// Mean.
    pub mean: Option<Estimate>,
    /// Median.
    pub p50: Option<Estimate>,
    /// 90th percentile.
    pub p90: Option<Estimate>,
    /// 95th percentile.
    pub p95: Option<Estimate>,
    /// 99th percentile.
    pub p99: Option<Estimate>,
    /// 99.9th percentile; needs 1,000 observations beyond it.
    pub p999: Option<Estimate>,
    /// Greatest.
    pub max: Option<f64>,
}

/// What a service did, over all its instances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(Default))]
pub struct ServiceFindings {
    /// Mean number of instances.
    pub replicas_mean: f64,
    /// Busy share of its cores.
    pub cpu_utilisation: Option<Estimate>,
    /// Busy share of its threads; null for an asynchronous service.
    pub thread_utilisation: Option<Estimate>,
    /// Mean number that wait for a thread.
    pub queue_length_mean: Option<Estimate>,
    /// Wait for a thread of every accepted request, of those that lost patience too (s).
    pub queue_wait_seconds: QueueWait,
    /// Share of the accepted requests that had to wait for a thread; null for an asynchronous service.
    pub waited_share: Option<Estimate>,
    /// Wait for a thread of those that got one (s); null where nobody loses patience, as it is the same.
    pub served_wait_seconds: Option<QueueWait>,
    /// Mean number being served.
    pub in_service_mean: Option<Estimate>,
    /// Time from arrival to reply of every accepted request (s).
    pub residence_seconds: WaitFigures,
    /// Requests that came [1/s].
    pub arrivals_per_second: Estimate,
    /// Share of them turned away; null where nobody came.
    pub rejected_share: Option<Estimate>,
    /// Share of them that lost patience and left; null where nobody does.
    pub abandoned_share: Option<Estimate>,
}

/// A wait for a thread, 0 for who need not (s).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(Default))]
pub struct QueueWait {
    /// Mean.
    pub mean: Option<Estimate>,
    /// Median. Percentiles are null for an asynchronous service.
    pub p50: Option<Estimate>,
    /// 90th percentile.
    pub p90: Option<Estimate>,
    /// 99th percentile.
    pub p99: Option<Estimate>,
    /// 99.9th percentile; null below 1,000 observations beyond it.
    pub p999: Option<Estimate>,
}

/// A wait (s).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(Default))]
pub struct WaitFigures {
    /// Mean.
    pub mean: Option<Estimate>,
    /// 99th percentile, where a histogram is kept.
    pub p99: Option<Estimate>,
}

/// What a database did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(Default))]
pub struct DatabaseFindings {
    /// Busy share of its cores.
    pub cpu_utilisation: Option<Estimate>,
    /// Connections in use as a share of all that the services may open; null where none opens any.
    pub pool_utilisation: Option<Estimate>,
    /// Wait for a connection (s); null where nobody asks for one.
    pub pool_wait_seconds: WaitFigures,
    /// Wait for a row lock, per locking write (s); null where nothing locks.
    pub lock_wait_seconds: WaitFigures,
    /// Mean wait for a row lock by table (s).
    pub lock_wait_by_table: Named<f64>,
    /// Share of the page accesses that the buffer cache answers, by table.
    pub hit_share: Named<f64>,
    /// Busy share of the page reads that the volume serves at the same time.
    pub storage_utilisation: Option<Estimate>,
    /// Used share of the operations per second that the volume allows, page reads and flushes together; null where
    /// nothing caps them.
    pub storage_iops_utilisation: Option<Estimate>,
    /// Share of the time in which a log flush runs.
    pub log_utilisation: Option<Estimate>,
    /// Mean time from the first write of a transaction until its rows are free (s); null where none wrote.
    pub locked_seconds: Option<Estimate>,
    /// Commits [1/s].
    pub commits_per_second: Estimate,
    /// Log flushes [1/s].
    pub flushes_per_second: Estimate,
    /// Statements [1/s].
    pub statements_per_second: Estimate,
    /// Transactions aborted to break a deadlock, over all replications.
    pub deadlocks: u64,
}

/// How a transaction over several databases went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TransactionFindings {
    /// How it is kept together: `none`, `2pc`, `saga`, `choreography`.
    pub how: String,
    /// Those that ended [1/s].
    pub per_second: Estimate,
    /// Share of those that ended of which all parts have committed; null where none ended.
    pub committed_share: Option<Estimate>,
    /// Share that failed and whose parts were undone.
    pub compensated_share: Option<Estimate>,
    /// Share that failed before anything had committed.
    pub rolled_back_share: Option<Estimate>,
    /// Share that failed and of which something stays.
    pub half_done_share: Option<Estimate>,
    /// Time from the first commit of a part to the last one, or to that of what undid it: others see half of the
    /// transaction (s). Without those that stay half done, whose window never closes.
    pub inconsistency_seconds: SpanOfTime,
    /// Mean number of transactions within that time.
    pub inconsistent_mean: Option<Estimate>,
    /// Time from the vote of a database to what it learns, in a two-phase commit (s).
    pub in_doubt_seconds: SpanOfTime,
    /// For each database, time from the first write of a part until its rows are free (s).
    pub locked_seconds: Named<SpanOfTime>,
    /// Mean number of parts that were undone, for each transaction; null where none ended.
    pub undone_mean: Option<Estimate>,
    /// Tries to undo a part that failed, over all replications.
    pub undo_failures: u64,
    /// Inconsistency windows (ns) of all replications together.
    #[serde(with = "buckets")]
    #[schemars(with = "Buckets")]
    pub histogram: Histogram,
}

/// Difference of one metric between two layouts under the same random numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// First layout.
    pub a: String,
    /// Second layout.
    pub b: String,
    /// Such as `all.latency.p99`, `all.latency.mean`, `all.error_share`, `cost.per_month` (of whole bills only),
    /// and the first three of every endpoint; with a promise only, where pairs times endpoints are more than
    /// `run.limits.comparisons`, and then none of the others: `<transaction>.inconsistency.mean` and
    /// `.half_done_share` of those over several databases, `<event>.completion.mean` and `.completion.p99` of those
    /// that a broker carries in both, `<service>.lag.mean` of those that take events from it in both.
    pub metric: String,
    /// What a has minus what b has, in the unit of the metric: seconds, a share, messages, or money per month.
    pub difference: Estimate,
    /// `a lower`, `b lower` or `no difference shown`.
    pub verdict: String,
    /// (Var a + Var b) / Var(a − b): how many times the replications are worth what independent ones would
    /// be. Null where the difference does not vary.
    pub variance_cut: Option<f64>,
}

/// A promise of the file in one layout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SloFinding {
    /// The layout.
    pub layout: String,
    /// The endpoint, or `all`.
    pub endpoint: String,
    /// What was promised: `mean`, a percentile such as `p99`, or `errors`.
    pub metric: String,
    /// At most so much: a latency (s), or of `errors` a share.
    pub promised: f64,
    /// What was found, in the same unit; null where there is no steady state.
    pub found: Option<f64>,
    /// Whether it was kept.
    pub met: bool,
}
