//! How the run went over time, in a fixed number of slices: what warm-up and overload are seen by.

use super::recorded::{Ends, Recorded};

/// Slices of a run. Memory does not grow with its length.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    width: u64,
    end_of_slice: u64,
    open: Slice,
    closed: Vec<Slice>,
}

/// What happened in one slice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Slice {
    /// Good answers.
    pub answers: u64,
    /// Sum of their latencies (ns).
    pub latency_sum: u128,
    /// Requests under way at its end.
    pub in_flight: i64,
}

impl Slice {
    fn merge(&mut self, other: &Slice) {
        let Slice { answers, latency_sum, in_flight } = other;
        self.answers += answers;
        self.latency_sum += latency_sum;
        self.in_flight += in_flight;
    }
}

impl Series {
    /// Slices of a run.
    pub const COUNT: usize = 250;

    /// Empty slices for a run of `duration` (ns).
    pub fn new(duration: u64) -> Self {
        let width = duration.div_ceil(Self::COUNT as u64).max(1);
        let closed = Vec::with_capacity(Self::COUNT);
        Series { width, end_of_slice: width, open: Slice::default(), closed }
    }

    /// Length of a slice (ns).
    pub fn width(&self) -> u64 {
        self.width
    }

    /// A good answer at `now` after `latency` (ns).
    #[inline(always)]
    pub fn answer(&mut self, now: u64, latency: u64, in_flight: i64) {
        if now >= self.end_of_slice {
            self.advance(now, in_flight);
        }
        self.open.answers += 1;
        self.open.latency_sum += u128::from(latency);
    }

    /// Closes the slices that end at or before `now`; `in_flight` requests are under way.
    #[cold]
    pub fn advance(&mut self, now: u64, in_flight: i64) {
        while now >= self.end_of_slice && self.closed.len() < Self::COUNT {
            self.closed.push(Slice { in_flight, ..std::mem::take(&mut self.open) });
            self.end_of_slice = self.end_of_slice.saturating_add(self.width);
        }
    }

    /// The slices that are over, in order of time.
    pub fn slices(&self) -> &[Slice] {
        &self.closed
    }
}

impl Recorded for Series {
    /// Remembers the warm-up: it is there to be seen.
    fn restart(&mut self, _: u64) {}

    /// Adds the slices of another replication of the same length, as far as both came. What is open is no
    /// slice yet, and never told.
    fn merge(&mut self, other: &Series, _: Ends) {
        let Series { width, end_of_slice: _, open: _, closed } = other;
        assert_eq!(self.width, *width, "replications of one run are equally long");
        self.closed.truncate(closed.len());
        self.closed.iter_mut().zip(closed).for_each(|(sum, added)| sum.merge(added));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_fall_into_their_slices() {
        let mut series = Series::new(2_500);
        assert_eq!(series.width(), 10);
        series.answer(5, 3, 1);
        series.answer(25, 7, 4);
        series.advance(2_500, 2);
        let slices = series.slices();
        assert_eq!([slices[0].answers, slices[1].answers, slices[2].answers], [1, 0, 1]);
        assert_eq!(slices[2].latency_sum, 7);
        assert_eq!((slices[1].in_flight, slices[249].in_flight), (4, 2));
        assert_eq!(slices.len(), Series::COUNT);
    }
}
