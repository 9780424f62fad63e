//! Loops written by hand for one model each, as fast as safe Rust lets them be: what the engine is measured
//! against. No names, no generality, no events but those of the model; the same random numbers a request, and
//! of the results the law of the latency and each station's sums.

pub(crate) mod chain;
pub(crate) mod fork;
mod heap;

use cutline::random::{Key, Stream};
use cutline::statistics::Histogram;

pub(crate) use heap::Heap;

/// No job.
const NOBODY: u32 = u32::MAX;

/// The payload of an arrival; all others are jobs.
pub(crate) const ARRIVAL: u32 = u32::MAX;

/// One queue with several servers. Jobs that wait are a list through the jobs themselves.
pub(crate) struct Station {
    free: u32,
    first: u32,
    last: u32,
    /// Jobs that have started.
    pub(crate) served: u64,
    /// What they have waited (ns).
    pub(crate) wait_sum: u64,
    /// Work of those that have started (ns).
    pub(crate) busy: u64,
}

/// A job's place in a queue.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    /// Who comes after it.
    next: u32,
    /// Since when it waits (ns).
    since: u64,
}

impl Station {
    fn row(stations: u32, servers: u32) -> Vec<Station> {
        let empty = |_| Station {
            free: servers,
            first: NOBODY,
            last: NOBODY,
            served: 0,
            wait_sum: 0,
            busy: 0,
        };
        (0..stations).map(empty).collect()
    }

    /// Takes a job; true where it starts at once.
    #[inline(always)]
    fn arrive(&mut self, job: u32, now: u64, places: &mut [Place]) -> bool {
        if self.free > 0 {
            self.free -= 1;
            self.served += 1;
            return true;
        }
        places[job as usize] = Place { next: NOBODY, since: now };
        if self.first == NOBODY {
            self.first = job;
        } else {
            places[self.last as usize].next = job;
        }
        self.last = job;
        false
    }

    /// A job has left; the next that starts, or [`NOBODY`].
    #[inline(always)]
    fn leave(&mut self, now: u64, places: &[Place]) -> u32 {
        let job = self.first;
        if job == NOBODY {
            self.free += 1;
        } else {
            let place = places[job as usize];
            self.first = place.next;
            self.served += 1;
            self.wait_sum += now - place.since;
        }
        job
    }
}

/// Random numbers and the record of latencies.
struct Tools {
    random: Stream,
    mean_service_ns: f64,
    mean_gap_ns: f64,
    latencies: Histogram,
    latency_sum: u64,
}

impl Tools {
    fn new(mean_service_ns: f64, mean_gap_ns: f64) -> Self {
        Tools {
            random: Stream::new(Key(1)),
            mean_service_ns,
            mean_gap_ns,
            latencies: Histogram::new(8),
            latency_sum: 0,
        }
    }

    /// Time to the next arrival (ns).
    #[inline(always)]
    fn gap(&mut self) -> u64 {
        (self.random.exponential() * self.mean_gap_ns) as i64 as u64
    }

    /// When a job that starts now at a station is done (ns).
    #[inline(always)]
    fn done(&mut self, now: u64, station: &mut Station) -> u64 {
        let service = (self.random.exponential() * self.mean_service_ns) as i64 as u64;
        station.busy += service;
        now + service
    }

    #[inline(always)]
    fn record(&mut self, latency: u64) {
        self.latencies.record(latency);
        self.latency_sum += latency;
    }

    fn told(self, stations: Vec<Station>) -> Told {
        let mean = self.latency_sum as f64 / self.latencies.count() as f64 / 1e9;
        let p99 = self.latencies.quantile(0.99).unwrap_or(0.0) / 1e9;
        Told { mean, p99, stations }
    }
}

/// What a loop has found.
pub(crate) struct Told {
    /// Mean latency (s).
    pub(crate) mean: f64,
    /// Its 99th percentile (s).
    pub(crate) p99: f64,
    /// Each station's sums.
    pub(crate) stations: Vec<Station>,
}
