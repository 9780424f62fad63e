//! How far replications have come that run beside each other, for who waits for them.

use std::sync::atomic::{AtomicU64, Ordering};

/// Events of a replication between two notes in its meter: some milliseconds, so that threads seldom meet there.
pub(in crate::runtime) const NOTE_EVERY: u64 = 1 << 16;

/// Counts what all replications have done that share it. It tells nothing that could change a figure.
#[derive(Debug, Default)]
pub struct Meter {
    simulated_ns: AtomicU64,
    events: AtomicU64,
}

/// What a [`Meter`] shows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Metered {
    /// Simulated time, summed over replications (s).
    pub simulated_seconds: f64,
    /// Events.
    pub events: f64,
}

impl Meter {
    /// Nothing is done.
    pub const fn new() -> Self {
        Meter { simulated_ns: AtomicU64::new(0), events: AtomicU64::new(0) }
    }

    /// Adds what a replication has done since it did so last.
    pub(in crate::runtime) fn add(&self, simulated_ns: u64, events: u64) {
        self.simulated_ns.fetch_add(simulated_ns, Ordering::Relaxed);
        self.events.fetch_add(events, Ordering::Relaxed);
    }

    /// What is done by now.
    pub fn read(&self) -> Metered {
        Metered {
            simulated_seconds: self.simulated_ns.load(Ordering::Relaxed) as f64 / 1e9,
            events: self.events.load(Ordering::Relaxed) as f64,
        }
    }

    /// Begins again from nothing.
    pub fn reset(&self) {
        self.simulated_ns.store(0, Ordering::Relaxed);
        self.events.store(0, Ordering::Relaxed);
    }
}
