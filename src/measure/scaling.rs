//! What is recorded of a service whose instances come and go.

use super::recorded::{Count, Most, Recorded, Sum, record};

record! {
    /// How the number of instances of a service changed.
    #[derive(Debug, Clone, Copy, Default, PartialEq)]
    pub struct ScalingRecord {
        /// Instances that were asked for.
        pub asked: Count,
        /// Instances that were ready.
        pub ready: Count,
        /// Times from asking to ready (ns).
        pub ready_after: Sum,
        /// Most that took requests at a time.
        pub most: Most,
        /// Instances that were sent away, or not wanted any more before they were ready.
        pub sent_away: Count,
        /// Instances that wait for a node with room at the end.
        pub pending: Count,
        /// Instances for which there was no node with room when they were asked for.
        pub without_room: Count,
    }
}

impl ScalingRecord {
    /// Forgets everything; `level` instances are there.
    pub fn restart(&mut self, now: u64, level: u64) {
        Recorded::restart(self, now);
        self.most.note(level);
    }
}
