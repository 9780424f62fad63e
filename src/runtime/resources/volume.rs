//! A storage volume: operations run side by side up to its parallelism, the others queue first in
//! first out, and a cap on operations per second may hold each of them back.
//!
//! The cap is the generic cell rate algorithm (ITU-T I.371, annex A): a token bucket kept as one
//! instant, the theoretical arrival of the next operation. An operation that the cap holds back
//! keeps its place in the device, so the order of submission is the order of beginning.
//! Twin for tests: `tests::Bucket`; theory: the wait behind the cap is that of M/D/1.

use std::collections::VecDeque;

/// Bits of a nanosecond below the point in the instants of the cap: an interval is off by less
/// than 2⁻²⁰ ns, so 16,000 operations a second stay that for years.
const FRACTION_BITS: u32 = 20;

/// The answer to an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Submitted {
    /// It has its place; by the cap it may begin at `at`, not before now.
    Start {
        /// When it begins, in ns.
        at: u64,
    },
    /// It waits for a place; a `complete` will name it.
    Queued,
}

/// One volume.
#[derive(Debug, Clone)]
pub(crate) struct Volume<J> {
    free_places: u32,
    queue: VecDeque<J>,
    cap: Option<Cap>,
}

impl<J: Copy + PartialEq> Volume<J> {
    /// `parallelism`: operations at the same time, at least 1. `operations_per_second`: the cap;
    /// `None`: without. `burst_ns`: how far ahead of the cap's even spacing operations may run
    /// after a quiet time (rate × burst is the bucket's size; 0: strictly even).
    ///
    /// # Panics
    /// When the parallelism is zero or the cap is not a positive number.
    pub(crate) fn new(parallelism: u32, operations_per_second: Option<f64>, burst_ns: u64) -> Self {
        assert!(parallelism > 0, "a volume serves at least one operation at a time");
        Self {
            free_places: parallelism,
            queue: VecDeque::new(),
            cap: operations_per_second.map(|rate| Cap::new(rate, burst_ns)),
        }
    }

    /// `frame` submits an operation at `now`. The caller ends it with `complete` once it began and
    /// its time is over.
    pub(crate) fn submit(&mut self, now: u64, frame: J) -> Submitted {
        if self.free_places == 0 {
            self.queue.push_back(frame);
            return Submitted::Queued;
        }
        self.free_places -= 1;
        Submitted::Start { at: self.take_token(now) }
    }

    /// An operation ends at `now`. `Some((frame, at))`: the operation of this frame takes its place
    /// and begins at `at`, in ns and not before now.
    pub(crate) fn complete(&mut self, now: u64) -> Option<(J, u64)> {
        match self.queue.pop_front() {
            Some(frame) => Some((frame, self.take_token(now))),
            None => {
                self.free_places += 1;
                None
            }
        }
    }

    /// Counts an operation that needs no place, such as a flush of the log; says when, in ns and
    /// not before `now`, it may begin by the cap.
    pub(crate) fn take_token(&mut self, now: u64) -> u64 {
        self.cap.as_mut().map_or(now, |cap| cap.take(now))
    }

    /// Time (ns) up to `now` in which the cap was used: every operation uses it for its interval, one after the
    /// other, so it is never used for more than the time there is.
    pub(crate) fn capped_ns(&self, now: u64) -> u64 {
        self.cap.as_ref().map_or(0, |cap| cap.used_ns(now))
    }

    /// Takes the operation of `frame` out of the queue; false when it does not wait.
    pub(crate) fn cancel(&mut self, frame: J) -> bool {
        let place = self.queue.iter().position(|&waiting| waiting == frame);
        place.is_some_and(|place| self.queue.remove(place).is_some())
    }
}

/// The token bucket.
#[derive(Debug, Clone)]
struct Cap {
    /// [2⁻²⁰ ns] between two operations at the cap.
    interval: u64,
    /// [2⁻²⁰ ns] lead over the even spacing that is tolerated.
    burst: u128,
    /// [2⁻²⁰ ns] when the next operation is due by even spacing.
    theoretical: u128,
    /// [2⁻²⁰ ns] intervals of all operations so far.
    taken: u128,
}

impl Cap {
    fn new(operations_per_second: f64, burst_ns: u64) -> Self {
        let interval = 1e9 * f64::from(1u32 << FRACTION_BITS) / operations_per_second;
        assert!(interval.is_finite() && interval > 0.0, "a cap is a positive number");
        Self {
            interval: interval.round() as u64,
            burst: u128::from(burst_ns) << FRACTION_BITS,
            theoretical: 0,
            taken: 0,
        }
    }

    /// What of the intervals taken lies before `now` (ns), in ns.
    fn used_ns(&self, now: u64) -> u64 {
        let ahead = self.theoretical.saturating_sub(u128::from(now) << FRACTION_BITS);
        ((self.taken - ahead) >> FRACTION_BITS) as u64
    }

    fn take(&mut self, now: u64) -> u64 {
        let instant = u128::from(now) << FRACTION_BITS;
        let begin = self.theoretical.saturating_sub(self.burst).max(instant);
        self.theoretical = self.theoretical.max(instant) + u128::from(self.interval);
        self.taken += u128::from(self.interval);
        // Rounded up: the cap is never exceeded by rounding.
        begin.div_ceil(1 << FRACTION_BITS) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// Slow and obvious: a bucket that holds some tokens and fills with time, in floats.
    struct Bucket {
        rate_per_ns: f64,
        size: f64,
        tokens: f64,
        filled_at: f64,
    }

    impl Bucket {
        fn take(&mut self, now: f64) -> f64 {
            let from = now.max(self.filled_at);
            let filled = self.tokens + (from - self.filled_at) * self.rate_per_ns;
            self.tokens = filled.min(self.size);
            self.filled_at = from;
            if self.tokens < 1.0 {
                self.filled_at += (1.0 - self.tokens) / self.rate_per_ns;
                self.tokens = 1.0;
            }
            self.tokens -= 1.0;
            self.filled_at
        }
    }

    #[test]
    fn the_cap_is_a_token_bucket() {
        for seed in 0..100 {
            let mut draws = Draws::new(seed);
            let rate = 100.0 + draws.share() * 20_000.0;
            let burst_ns = draws.below(3) * 1_000_000;
            let size = 1.0 + burst_ns as f64 * rate / 1e9;
            let mut volume = Volume::<u32>::new(1, Some(rate), burst_ns);
            let mut bucket = Bucket { rate_per_ns: rate / 1e9, size, tokens: size, filled_at: 0.0 };
            let mut now = 0;
            for _ in 0..1000 {
                let pressure = 0.5 + draws.share();
                now += draws.exponential(1e9 / rate * pressure);
                let at = volume.take_token(now);
                let expected = bucket.take(now as f64);
                assert!((at as f64 - expected).abs() < 2.0, "seed {seed}: {at}, {expected}");
                assert!(at >= now);
            }
        }
    }

    #[test]
    fn operations_begin_in_order_and_never_more_than_the_parallelism() {
        for seed in 0..100 {
            let mut draws = Draws::new(seed);
            let parallelism = 1 + draws.below(4) as u32;
            let mut volume = Volume::new(parallelism, None, 0);
            // Twin: every operation begins when it came or when a place is free, whichever is later.
            let mut places = vec![0u64; parallelism as usize];
            let (mut now, mut expected, mut begun) = (0, Vec::new(), Vec::new());
            let mut running: Vec<(u64, u32)> = Vec::new();
            let service: Vec<u64> = (0..300).map(|_| 1 + draws.exponential(3e6)).collect();
            let mut start = |running: &mut Vec<(u64, u32)>, frame: u32, at: u64| {
                begun.push((frame, at));
                running.push((at + service[frame as usize], frame));
                running.sort_unstable();
            };
            for frame in 0..300u32 {
                now += draws.exponential(1.2e6);
                while running.first().is_some_and(|&(end, _)| end <= now) {
                    let (end, _) = running.remove(0);
                    if let Some((next, at)) = volume.complete(end) {
                        assert_eq!(at, end);
                        start(&mut running, next, at);
                    }
                }
                match volume.submit(now, frame) {
                    Submitted::Start { at } => start(&mut running, frame, at),
                    Submitted::Queued => assert_eq!(running.len(), parallelism as usize),
                }
                let place = places.iter_mut().min().unwrap();
                let begin = now.max(*place);
                *place = begin + service[frame as usize];
                expected.push((frame, begin));
            }
            expected.truncate(begun.len());
            assert_eq!(begun, expected, "seed {seed}");
            assert_eq!(volume.queue.len(), 300 - begun.len());
        }
    }

    #[test]
    fn the_wait_behind_an_even_cap_is_that_of_one_server_with_a_constant_time() {
        // Poisson 8,000/s against 10,000/s: Pollaczek and Khinchine, 0.8 × 0.1 ms / (2 × 0.2).
        let mut draws = Draws::new(3);
        let mut volume = Volume::<u32>::new(1, Some(10_000.0), 0);
        let (mut now, mut wait) = (0, 0);
        for _ in 0..2_000_000 {
            now += draws.exponential(125_000.0);
            wait += volume.take_token(now) - now;
        }
        let mean = wait as f64 / 2e6;
        assert!((mean / 200_000.0 - 1.0).abs() < 0.01, "{mean}");
    }

    #[test]
    fn a_cap_that_is_always_asked_gives_its_rate_to_the_last_operation() {
        let mut volume = Volume::<u32>::new(1, Some(3_000.0), 0);
        let last = (0..3_000_001).map(|_| volume.take_token(0)).last().unwrap();
        assert!(last.abs_diff(1_000_000_000_000) <= 3, "{last}");
    }

    #[test]
    fn a_cancelled_operation_is_passed_over() {
        let mut volume = Volume::new(1, None, 0);
        assert_eq!(volume.submit(5, 1), Submitted::Start { at: 5 });
        assert_eq!(volume.submit(6, 2), Submitted::Queued);
        assert_eq!(volume.submit(7, 3), Submitted::Queued);
        assert!(volume.cancel(2) && !volume.cancel(2));
        assert_eq!(volume.complete(9), Some((3, 9)));
        assert_eq!(volume.complete(12), None);
    }
}
