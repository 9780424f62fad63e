//! How fast a job advances, in integers, so that no float decides an order.
//!
//! A pace is attained work per time with 52 bits below the point, as many as a float's mantissa
//! has: a core of speed 1 is exact. Others are rounded up by less than 2⁻⁵² of a core, so that
//! three jobs of 2 ns end at 6 ns and not at 7.

/// Bits below the point of a pace and of attained work.
pub(super) const WORK_BITS: u32 = 52;

/// Bits below the point of busy cores. Rounded down, so that no rounding makes a CPU busier than its cores.
pub(super) const BUSY_BITS: u32 = 32;

/// A duration beyond which nothing ends: 146 years.
const FAR: u64 = 1 << 62;

/// What one job attains, and what the CPU is busy with, in a nanosecond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pace {
    /// [2⁻⁵² ns of a reference core per ns] work that each job attains.
    rate: u64,
    /// [2⁻³² cores] busy at this pace.
    busy: u64,
    /// [ns per 2⁻¹⁰ ns of work] first guess of a duration.
    guess: f64,
}

impl Pace {
    /// Nobody is there.
    pub(super) const IDLE: Self = Self { rate: 0, busy: 0, guess: 0.0 };

    /// `rate`: reference cores per job, at most 1,000. `busy_cores`: in use at this pace.
    pub(super) fn new(rate: f64, busy_cores: f64) -> Self {
        let rate = ((rate * (1u64 << WORK_BITS) as f64).ceil() as u64).max(1);
        Self {
            rate,
            busy: (busy_cores * (1u64 << BUSY_BITS) as f64) as u64,
            guess: (1u64 << (WORK_BITS - 10)) as f64 / rate as f64,
        }
    }

    /// Work [2⁻⁵² ns] that a job attains in `elapsed` ns; exact.
    #[inline]
    pub(super) fn work(&self, elapsed: u64) -> u128 {
        u128::from(elapsed) * u128::from(self.rate)
    }

    /// Busy time [2⁻³² core-ns] in `elapsed` ns; exact.
    #[inline]
    pub(super) fn busy(&self, elapsed: u64) -> u128 {
        u128::from(elapsed) * u128::from(self.busy)
    }

    /// The least whole number of ns in which a job attains `work` [2⁻⁵² ns].
    ///
    /// A float guesses and integers correct it, by a step or two: half the time of a division.
    #[inline]
    pub(super) fn duration(&self, work: u128) -> u64 {
        let mut duration = ((work >> (WORK_BITS - 10)) as i64 as f64 * self.guess) as i64 as u64;
        if duration >= FAR {
            return FAR;
        }
        while duration > 0 && self.work(duration - 1) >= work {
            duration -= 1;
        }
        while self.work(duration) < work {
            duration += 1;
        }
        duration
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::draws::Draws;
    use super::*;

    #[test]
    fn a_duration_is_that_of_an_exact_division() {
        let mut draws = Draws::new(5);
        for _ in 0..200_000 {
            let scale = [1000.0, 1.0, 1e-3, 1e-6][draws.below(4) as usize];
            let pace = Pace::new(draws.share() * scale, 1.0);
            let size = 1 << (1 + draws.below(61));
            let work = u128::from(draws.below(size)) << draws.below(43);
            let exact = work.div_ceil(u128::from(pace.rate));
            let expected = u64::try_from(exact).map_or(FAR, |exact| exact.min(FAR));
            assert_eq!(pace.duration(work), expected, "{pace:?}, {work}");
        }
    }

    #[test]
    fn a_reference_core_is_exact() {
        let pace = Pace::new(1.0, 1.0);
        for work in [0, 1, 999, 123_456_789, 1 << 52] {
            assert_eq!(pace.duration(work << WORK_BITS), work as u64);
        }
    }
}
