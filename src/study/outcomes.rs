//! What became of requests, of a whole run or of those of a window.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Answers by kind, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Outcomes {
    /// Good ones.
    pub ok: u64,
    /// Turned away by a full queue.
    pub rejected: u64,
    /// Gave up waiting.
    pub timeout: u64,
    /// Failed by the business or a third party.
    pub failed: u64,
    /// Aborted to break a deadlock.
    pub deadlock: u64,
    /// Lost patience in the queue of a service.
    pub abandoned: u64,
    /// Found another event in the place of their own.
    #[serde(default, skip_serializing_if = "is_none")]
    pub conflict: u64,
    /// Still under way at the end.
    pub in_flight: u64,
}

/// Whether there is none: a kind that only some layouts know.
fn is_none(count: &u64) -> bool {
    *count == 0
}
