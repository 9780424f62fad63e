//! What was found at clock times and within windows. The fields are a part of results.json; durations in
//! seconds, shares from 0 to 1.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::named::Named;
use super::outcomes::Outcomes;

/// The state just before a clock time, over replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MomentFindings {
    /// When (s).
    pub at_seconds: f64,
    /// Mean number of requests under way.
    pub in_system: Estimate,
    /// Probability that none is.
    pub empty_probability: Estimate,
    /// Mean number of requests answered so far, well or not.
    pub completions: Estimate,
    /// Each service, by its name.
    pub services: Named<ServiceAtMoment>,
}

/// A service just before a clock time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceAtMoment {
    /// Mean number of requests that wait or are served.
    pub in_system: Estimate,
    /// Mean number of them that wait for a thread.
    pub queue_length: Estimate,
}

/// What happened within a window, over replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowFindings {
    /// When it begins (s).
    pub from_seconds: f64,
    /// When it is over (s).
    pub to_seconds: f64,
    /// All requests.
    #[serde(flatten)]
    pub all: RequestsInWindow,
    /// Those of each endpoint, by its name; not there where windows times endpoints are too many.
    #[serde(default, skip_serializing_if = "nothing")]
    pub endpoints: Named<RequestsInWindow>,
    /// What each service did, by its name.
    pub services: Named<ServiceInWindow>,
    /// What each database did, by its name.
    pub databases: Named<DatabaseInWindow>,
    /// Mean number of nodes; not there where the number of instances is fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes_mean: Option<Estimate>,
    /// How far the consumers of each service were behind that takes events from a broker, by its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub consumers: Named<ConsumersInWindow>,
}

fn nothing(endpoints: &Named<RequestsInWindow>) -> bool {
    endpoints.0.is_empty()
}

impl WindowFindings {
    /// The requests of an endpoint, or of `all`; `None` where they were not kept apart.
    pub fn of(&self, endpoint: &str) -> Option<&RequestsInWindow> {
        if endpoint == "all" { Some(&self.all) } else { self.endpoints.get(endpoint) }
    }
}

/// Requests in a window, over replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestsInWindow {
    /// Requests that came [1/s].
    pub offered_per_second: Estimate,
    /// Good answers that were given, whenever their requests came [1/s].
    pub throughput_per_second: Estimate,
    /// Mean number of requests under way at its end.
    pub in_system: Estimate,
    /// Answers to the requests that came in it by kind, and how many had none at the end of the run; over all
    /// replications.
    pub outcomes: Outcomes,
    /// Share of errors among these answers; null without one.
    pub error_share: Option<Estimate>,
    /// Latency of the good ones (s).
    pub latency_seconds: WindowLatency,
}

/// Latency of the requests that came in a window (s). Those without an answer at the end of the run count as
/// the slowest; what would hang on them, or on fewer than ten observations beyond it, is null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowLatency {
    /// Mean of the answered ones; null where more than 1 % are not answered.
    pub mean: Option<Estimate>,
    /// Median.
    pub p50: Option<Estimate>,
    /// 90th percentile.
    pub p90: Option<Estimate>,
    /// 95th percentile.
    pub p95: Option<Estimate>,
    /// 99th percentile.
    pub p99: Option<Estimate>,
}

/// What a service did in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceInWindow {
    /// Busy share of its cores; null where it has none of its own.
    pub cpu_utilisation: Option<Estimate>,
    /// Busy share of its threads; null for an asynchronous service.
    pub thread_utilisation: Option<Estimate>,
    /// Mean number that wait for a thread.
    pub queue_length_mean: Estimate,
    /// Mean number of instances that took requests; not there where their number is fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas_mean: Option<Estimate>,
}

/// What a database did in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseInWindow {
    /// Busy share of its cores.
    pub cpu_utilisation: Option<Estimate>,
}

/// How far the consumers of a service were behind in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConsumersInWindow {
    /// Mean number of messages that they were not done with.
    pub lag_mean: Estimate,
}

/// The backlog of an unstable layout: it has no mean, but a course.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BacklogFindings {
    /// When (s).
    pub at_seconds: f64,
    /// Mean number of requests under way.
    pub in_system: Estimate,
    /// Mean number of messages that the consumers of each service are not done with that takes events from a broker, by
    /// its name.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub lag: Named<Estimate>,
}

/// Difference between two layouts in one window, or at one moment, under the same random numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparisonOverTime {
    /// First layout.
    pub a: String,
    /// Second layout.
    pub b: String,
    /// `window.latency.mean`, `window.latency.p99`, `window.in_system` (at its end) or `moment.in_system`.
    pub metric: String,
    /// Start of the window (s); the moment itself.
    pub from_seconds: f64,
    /// End of the window (s); the moment itself.
    pub to_seconds: f64,
    /// What a has minus what b has: a latency (s), or a number of requests.
    pub difference: Estimate,
    /// `a lower`, `b lower` or `no difference shown`; all of a metric hold together.
    pub verdict: String,
}
