//! Streaming count, mean, variance and extremes of values in any unit.
//! Welford, Technometrics 4, 1962; merging after Chan, Golub & LeVeque, 1979. Twin for tests: two passes
//! over the stored values.

/// Count, mean, variance, smallest and largest of the values recorded, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// Sum of the squared deviations from the mean.
    squares: f64,
    min: f64,
    max: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self::new()
    }
}

impl Moments {
    /// Nothing recorded.
    pub const fn new() -> Self {
        Self { count: 0, mean: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }

    /// Takes one value in. It must be finite: a single NaN would make all of it NaN.
    #[inline]
    pub fn record(&mut self, value: f64) {
        debug_assert!(value.is_finite(), "{value} was recorded");
        self.count += 1;
        let delta = value - self.mean;
        self.mean += delta / self.count as f64;
        self.squares += delta * (value - self.mean);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Takes in all values of `other`. Floating sums depend on their order: merge replications by
    /// their index.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (own, others) = (self.count as f64, other.count as f64);
        let total = own + others;
        let delta = other.mean - self.mean;
        self.count += other.count;
        self.mean += delta * others / total;
        self.squares += other.squares + delta * delta * own * others / total;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many values were recorded.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The arithmetic mean; `None` without a value.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The sum of the values, as mean × count.
    pub fn sum(&self) -> f64 {
        self.mean * self.count as f64
    }

    /// The unbiased variance (divided by n − 1) (unit²); `None` below two values.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// The smallest value; `None` without one.
    pub fn min(&self) -> Option<f64> {
        (self.count > 0).then_some(self.min)
    }

    /// The largest value; `None` without one.
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then_some(self.max)
    }
}

/// The moments of the values, in their order.
impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::new();
        values.into_iter().for_each(|value| moments.record(value));
        moments
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
    }

    #[test]
    fn a_large_offset_does_not_drown_the_variance() {
        // Deviations −6, −3, 3, 6 about the mean: the variance is 90 / 3.
        let moments: Moments = [4.0, 7.0, 13.0, 16.0].map(|x| x + 1e9).into_iter().collect();
        assert_eq!(moments.mean(), Some(1e9 + 10.0));
        assert_eq!(moments.variance(), Some(30.0));
        assert_eq!((moments.min(), moments.max()), (Some(1e9 + 4.0), Some(1e9 + 16.0)));
        assert_eq!(moments.sum(), 4e9 + 40.0);
    }

    #[test]
    fn nothing_recorded_has_no_moments() {
        let mut empty = Moments::new();
        assert_eq!((empty.mean(), empty.min(), empty.max()), (None, None, None));
        assert_eq!(empty.sum(), 0.0);
        let one: Moments = [2.5].into_iter().collect();
        assert_eq!((one.mean(), one.variance()), (Some(2.5), None));
        empty.merge(&one);
        assert_eq!(empty, one);
        empty.merge(&Moments::new());
        assert_eq!(empty, one);
    }

    proptest! {
        #[test]
        fn merged_moments_are_those_of_two_passes(
            a in prop::collection::vec(-1e3..1e3f64, 1..50),
            b in prop::collection::vec(-1e3..1e3f64, 1..50),
        ) {
            let mut merged: Moments = a.iter().copied().collect();
            merged.merge(&b.iter().copied().collect());
            let all = [a, b].concat();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let squares = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
            prop_assert_eq!(merged.count(), all.len() as u64);
            prop_assert!(close(merged.mean().unwrap(), mean));
            prop_assert!(close(merged.variance().unwrap(), squares / (all.len() - 1) as f64));
            prop_assert_eq!(merged.max(), all.iter().copied().reduce(f64::max));
            prop_assert_eq!(merged.min(), all.iter().copied().reduce(f64::min));
        }
    }
}
