//! What is found of events that a broker carries, and of times that anything takes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::buckets::{self, Buckets};
use super::estimate::Estimate;
use crate::statistics::Histogram;

/// A span of time (s); what never happened is null.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SpanOfTime {
    /// Mean.
    pub mean: Option<Estimate>,
    /// Median.
    pub p50: Option<Estimate>,
    /// 90th percentile.
    pub p90: Option<Estimate>,
    /// 99th percentile.
    pub p99: Option<Estimate>,
    /// 99.9th percentile; null below 1,000 observations beyond it.
    pub p999: Option<Estimate>,
}

/// How an event went that a broker carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventFindings {
    /// Events that were published [1/s].
    pub per_second: Estimate,
    /// Time from publishing to the end of the last service that took it (s), of those that none gave up.
    pub completion_seconds: SpanOfTime,
    /// Mean number of events that some service is not done with; null where that grows without bound.
    pub under_way_mean: Option<Estimate>,
    /// Share of those done with that some service gave up; null where none is.
    pub given_up_share: Option<Estimate>,
    /// Requests to the broker [1/s].
    pub requests_per_second: Estimate,
    /// Mean number of events in one; null where there was none.
    pub batch_mean: Option<Estimate>,
    /// Share of the requests that left because they were full, before their `linger` was over; null without any.
    pub full_share: Option<Estimate>,
    /// Time from publishing until the broker has the event, where no outbox keeps it (s): a crash of the publisher within
    /// it loses the event.
    pub exposed_seconds: SpanOfTime,
    /// Time from publishing within a transaction to its commit, where no outbox keeps the event (s): a crash within it
    /// makes up the event of something that never happened.
    pub ahead_seconds: SpanOfTime,
    /// Share of the events whose transaction was rolled back after they had been sent; null where none was published.
    pub made_up_share: Option<Estimate>,
    /// Times to completion (ns) of all replications together.
    #[serde(with = "buckets")]
    #[schemars(with = "Buckets")]
    pub histogram: Histogram,
}

/// What the relay of an outbox did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutboxFindings {
    /// How often it looked [1/s].
    pub looks_per_second: Estimate,
    /// Mean number of events that it found; null where it never looked.
    pub found_mean: Option<Estimate>,
    /// Share of its looks that found none.
    pub empty_share: Option<Estimate>,
}

/// What the consumers of a service did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConsumerFindings {
    /// How many consumers there are at the start.
    pub count: u32,
    /// Messages that they are done with [1/s].
    pub per_second: Estimate,
    /// Mean number of messages that they are not done with; null where that grows without bound.
    pub lag_mean: Option<Estimate>,
    /// Time from when a message could be taken until a consumer began with it (s).
    pub wait_seconds: SpanOfTime,
    /// Share of its time that the busiest consumer works.
    pub busiest_share: Option<Estimate>,
    /// Share of its time that the least busy consumer works.
    pub idlest_share: Option<Estimate>,
    /// How often consumers take something [1/s].
    pub takes_per_second: Estimate,
    /// Mean number of messages that they take at once; null where they took none.
    pub batch_mean: Option<Estimate>,
    /// Share of the messages that failed for good and were kept aside; null where none is done with.
    pub dead_share: Option<Estimate>,
    /// Share that failed for good and is lost.
    pub lost_share: Option<Estimate>,
    /// Mean number of tries that failed and were not the last, for each message.
    pub retries_mean: Option<Estimate>,
}
