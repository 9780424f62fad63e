//! What was found of services whose instances come and go. The fields are a part of results.json; durations in seconds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimate::Estimate;

/// How the number of instances of a service changed over a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScalingFindings {
    /// Instances that took requests, mean over time.
    pub replicas_mean: Estimate,
    /// Most at a time in any replication.
    pub replicas_most: f64,
    /// Instances that were asked for, a run.
    pub asked_mean: Estimate,
    /// From asking for one until it takes requests (s); null where none was ready.
    pub ready_after_seconds: Option<Estimate>,
    /// Instances for which no node had room when they were asked for, a run.
    pub without_room_mean: Estimate,
    /// Instances that were sent away, or not wanted any more before they were ready, a run.
    pub sent_away_mean: Estimate,
}
