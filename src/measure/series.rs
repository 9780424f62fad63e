//! How the run went over time, in a fixed number of slices: what warm-up and overload are seen by.

/// Slices of a run. Memory does not grow with its length.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    width: u64,
    end_of_slice: u64,
    /// Good answers of each slice.
    pub answers: Vec<u64>,
    /// Sum of their latencies (ns).
    pub latency_sum: Vec<u128>,
    /// Requests under way at the end of each slice.
    pub in_flight: Vec<i64>,
}

impl Series {
    /// Slices of a run.
    pub const COUNT: usize = 250;

    /// Empty slices for a run of `duration` (ns).
    pub fn new(duration: u64) -> Self {
        let width = duration.div_ceil(Self::COUNT as u64).max(1);
        let mut series = Series {
            width,
            end_of_slice: width,
            answers: Vec::with_capacity(Self::COUNT + 1),
            latency_sum: Vec::with_capacity(Self::COUNT + 1),
            in_flight: Vec::with_capacity(Self::COUNT + 1),
        };
        series.open();
        series
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
        let last = self.answers.len() - 1;
        self.answers[last] += 1;
        self.latency_sum[last] += u128::from(latency);
    }

    /// Closes the slices that end at or before `now`; `in_flight` requests are under way.
    pub fn advance(&mut self, now: u64, in_flight: i64) {
        while now >= self.end_of_slice && self.answers.len() < Self::COUNT {
            let last = self.in_flight.len() - 1;
            self.in_flight[last] = in_flight;
            self.end_of_slice = self.end_of_slice.saturating_add(self.width);
            self.open();
        }
        let last = self.in_flight.len() - 1;
        self.in_flight[last] = in_flight;
    }

    fn open(&mut self) {
        self.answers.push(0);
        self.latency_sum.push(0);
        self.in_flight.push(0);
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
        assert_eq!((series.answers[0], series.answers[1], series.answers[2]), (1, 0, 1));
        assert_eq!(series.latency_sum[2], 7);
        assert_eq!((series.in_flight[1], series.in_flight[249]), (4, 2));
        assert_eq!(series.answers.len(), Series::COUNT);
    }
}
