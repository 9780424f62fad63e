//! Loops written by hand for one model each: what the engine is measured against. No names, no
//! generality; the same random numbers a request, the same percentiles end to end, means per station.

pub(crate) mod chain;
pub(crate) mod fork;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use cutline::random::{Key, Sampler, Stream};
use cutline::statistics::Histogram;

/// Pending events: the standard library's heap of packed (time, sequence, payload).
#[derive(Default)]
pub(crate) struct Events {
    heap: BinaryHeap<Reverse<u128>>,
    sequence: u64,
}

impl Events {
    pub(crate) fn push(&mut self, time: u64, payload: u32) {
        self.sequence += 1;
        let low = self.sequence << 28 | u64::from(payload);
        self.heap.push(Reverse(u128::from(time) << 64 | u128::from(low)));
    }

    pub(crate) fn pop(&mut self) -> (u64, u32) {
        let Reverse(key) = self.heap.pop().expect("an arrival is always pending");
        ((key >> 64) as u64, key as u32 & ((1 << 28) - 1))
    }
}

/// One queue with several servers.
pub(crate) struct Station {
    free: u32,
    queue: VecDeque<(u32, u64)>,
    pub served: u64,
    pub wait_sum: u128,
    pub busy: u128,
}

impl Station {
    pub(crate) fn new(servers: u32) -> Self {
        Station { free: servers, queue: VecDeque::new(), served: 0, wait_sum: 0, busy: 0 }
    }

    /// Takes a job; true where it starts at once.
    pub(crate) fn arrive(&mut self, job: u32, now: u64) -> bool {
        if self.free > 0 {
            self.free -= 1;
            self.served += 1;
            true
        } else {
            self.queue.push_back((job, now));
            false
        }
    }

    /// A job has left; the next that starts.
    pub(crate) fn leave(&mut self, now: u64) -> Option<u32> {
        match self.queue.pop_front() {
            Some((job, since)) => {
                self.served += 1;
                self.wait_sum += u128::from(now - since);
                Some(job)
            }
            None => {
                self.free += 1;
                None
            }
        }
    }
}

/// Random numbers and the record of latencies.
pub(crate) struct Tools {
    pub random: Stream,
    pub service: Sampler,
    pub gap: Sampler,
    pub latencies: Histogram,
    pub latency_sum: u128,
}

impl Tools {
    pub(crate) fn new(mean_service_ns: f64, mean_gap_ns: f64) -> Self {
        Tools {
            random: Stream::new(Key(1)),
            service: Sampler::Exponential(mean_service_ns),
            gap: Sampler::Exponential(mean_gap_ns),
            latencies: Histogram::new(8),
            latency_sum: 0,
        }
    }

    pub(crate) fn record(&mut self, latency: u64) {
        self.latencies.record(latency);
        self.latency_sum += u128::from(latency);
    }

    /// Mean and p99 of what was recorded [s].
    pub(crate) fn summary(&self) -> (f64, f64) {
        let mean = self.latency_sum as f64 / self.latencies.count() as f64 / 1e9;
        (mean, self.latencies.quantile(0.99).unwrap_or(0.0) / 1e9)
    }
}
