//! What is recorded of event-sourced tables and of views. Times in nanoseconds.

use super::Gauge;
use super::recorded::{Count, Recorded, Sum, record};
use super::records::FINE_BITS;
use crate::statistics::Histogram;

record! {
    /// What was done with the keys of an event-sourced table.
    #[derive(Debug, Clone, PartialEq)]
    pub struct LogRecord {
        /// Events that were read and applied for each key that was loaded.
        pub replayed: Histogram,
        /// Their sum.
        pub replayed_sum: Sum,
        /// Events added and committed.
        pub appended: Count,
        /// Writes that found another event in the place of their own.
        pub conflicts: Count,
        /// Snapshots stored.
        pub snapshots: Count,
    }
}

impl Default for LogRecord {
    fn default() -> Self {
        LogRecord {
            replayed: Histogram::new(FINE_BITS),
            replayed_sum: 0,
            appended: 0,
            conflicts: 0,
            snapshots: 0,
        }
    }
}

impl LogRecord {
    /// A key is loaded, with so many events behind its snapshot.
    pub fn load(&mut self, events: u64) {
        self.replayed.record(events);
        self.replayed_sum += u128::from(events);
    }

    /// Forgets everything.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}

record! {
    /// How far a view was behind its tables.
    #[derive(Debug, Clone, PartialEq)]
    pub struct ViewRecord {
        /// For each read the age of the oldest commit that it missed; 0: it missed none.
        pub staleness: Histogram,
        /// Their sum (ns).
        pub staleness_sum: Sum,
        /// Reads that missed a commit.
        pub stale: Count,
        /// Changes that were committed.
        pub changes: Count,
        /// Times from the commit of a change until the view showed it.
        pub delay: Histogram,
        /// Their sum (ns).
        pub delay_sum: Sum,
        /// Changes on their way.
        pub on_their_way: Gauge,
        /// Changes that no event told.
        pub missed: Count,
    }
}

impl Default for ViewRecord {
    fn default() -> Self {
        ViewRecord {
            staleness: Histogram::new(FINE_BITS),
            staleness_sum: 0,
            stale: 0,
            changes: 0,
            delay: Histogram::new(FINE_BITS),
            delay_sum: 0,
            on_their_way: Gauge::default(),
            missed: 0,
        }
    }
}

impl ViewRecord {
    /// Rows are read; `missed`: age of the oldest commit that they do not show (ns).
    pub fn read(&mut self, missed: Option<u64>) {
        let age = missed.unwrap_or(0);
        self.stale += u64::from(missed.is_some());
        self.staleness.record(age);
        self.staleness_sum += u128::from(age);
    }

    /// A change is shown `delay` (ns) after its commit.
    pub fn shown(&mut self, delay: u64) {
        self.delay.record(delay);
        self.delay_sum += u128::from(delay);
    }

    /// Forgets everything but what is on its way.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}
