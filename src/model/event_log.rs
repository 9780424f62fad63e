//! Tables that are kept as events.

use crate::units::{Bytes, Nanos};

/// How a table is kept that is a log of events for each of its keys.
#[derive(Debug, Clone, PartialEq)]
pub struct EventLog {
    /// Size of an event.
    pub event: Bytes,
    /// A snapshot of a key is stored after so many of its events, at least 1.
    pub snapshot_every: u32,
    /// CPU of the service that loads a key, for each event behind its snapshot.
    pub replay: Nanos,
    /// How often a write by itself is tried again that found another event in the place of its own.
    pub retries: u32,
}

impl EventLog {
    /// Mean number of events behind the snapshot of a key.
    pub fn mean_replayed(&self) -> f64 {
        (f64::from(self.snapshot_every) - 1.0) / 2.0
    }
}
