//! What is recorded of events that a broker carries, figure by figure. Times in nanoseconds.

use super::recorded::{Count, Recorded, Sum, record};
use super::records::FINE_BITS;
use super::{Gauge, Series};
use crate::statistics::Histogram;

record! {
    /// What became of an event at the broker.
    #[derive(Debug, Clone, PartialEq)]
    pub struct TopicRecord {
        /// Events that were published.
        pub published: Count,
        /// Published, and some group is not done with it.
        pub present: Gauge,
        /// Times from publishing to the end of the last that took it, where none gave it up.
        pub completion: Histogram,
        /// Their sum (ns).
        pub completion_sum: Sum,
        /// Events that some group gave up.
        pub given_up: Count,
        /// Events that never reached the broker.
        pub cut_off: Count,
        /// Requests to the broker.
        pub requests: Count,
        /// Events in them.
        pub sent: Count,
        /// Requests that left because they were full.
        pub full: Count,
        /// Times from publishing until the broker has an event that no outbox keeps.
        pub exposed: Histogram,
        /// Their sum (ns).
        pub exposed_sum: Sum,
        /// Times from publishing until the transaction around it commits, where no outbox keeps the event.
        pub ahead: Histogram,
        /// Their sum (ns).
        pub ahead_sum: Sum,
        /// Events that were published within a transaction that was rolled back.
        pub made_up: Count,
    }
}

impl Default for TopicRecord {
    fn default() -> Self {
        TopicRecord {
            published: 0,
            present: Gauge::default(),
            completion: Histogram::new(FINE_BITS),
            completion_sum: 0,
            given_up: 0,
            cut_off: 0,
            requests: 0,
            sent: 0,
            full: 0,
            exposed: Histogram::new(FINE_BITS),
            exposed_sum: 0,
            ahead: Histogram::new(FINE_BITS),
            ahead_sum: 0,
            made_up: 0,
        }
    }
}

impl TopicRecord {
    /// Forgets everything but what is under way.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}

record! {
    /// What the relay of an outbox did.
    #[derive(Debug, Clone, Copy, Default, PartialEq)]
    pub struct OutboxRecord {
        /// How often it looked.
        pub looks: Count,
        /// How often there was nothing.
        pub empty: Count,
        /// Events that it found.
        pub found: Count,
    }
}

impl OutboxRecord {
    /// Forgets everything.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}

record! {
    /// What the consumers of a service did.
    #[derive(Debug, Clone, PartialEq)]
    pub struct GroupRecord {
        /// Messages that were written for it.
        pub came: Count,
        /// Messages that it is not done with.
        pub lag: Gauge,
        /// Handled.
        pub delivered: Count,
        /// Failed for good, and kept aside.
        pub dead: Count,
        /// Failed for good, and lost.
        pub lost: Count,
        /// Tries that failed and were not the last.
        pub retried: Count,
        /// Times from when messages could be taken until they were.
        pub waits: Histogram,
        /// Their sum (ns).
        pub wait_sum: Sum,
        /// How often a consumer took something.
        pub takes: Count,
        /// Messages that it took.
        pub taken: Count,
        /// Whether each consumer has something in hand.
        pub busy: Vec<Gauge>,
        /// How the lag went over time, warm-up included: what is under way in a slice are these messages.
        pub course: Series,
    }
}

impl GroupRecord {
    /// Nothing yet, of so many consumers in a run of `duration` (ns).
    pub fn new(consumers: usize, duration: u64) -> Self {
        GroupRecord {
            came: 0,
            lag: Gauge::default(),
            delivered: 0,
            dead: 0,
            lost: 0,
            retried: 0,
            waits: Histogram::new(FINE_BITS),
            wait_sum: 0,
            takes: 0,
            taken: 0,
            busy: vec![Gauge::default(); consumers],
            course: Series::new(duration),
        }
    }

    /// A message has been written for it at `now` (ns).
    pub fn comes(&mut self, now: u64) {
        self.course.advance(now, self.lag.level());
        self.came += 1;
        self.lag.enter(now);
    }

    /// It is done with a message at `now` (ns).
    pub fn is_done_with_one(&mut self, now: u64) {
        self.course.advance(now, self.lag.level());
        self.lag.leave(now);
    }

    /// Messages that it is done with.
    pub fn ended(&self) -> u64 {
        self.delivered + self.dead + self.lost
    }

    /// Forgets everything but what is under way.
    pub fn restart(&mut self, now: u64) {
        Recorded::restart(self, now);
    }
}
