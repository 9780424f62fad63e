//! A count of things present and its time average.

/// Number present, integrated over time. An arrival subtracts its time and a departure adds its own, so
/// each costs one addition and the last change need not be remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gauge {
    level: i64,
    area: i128,
}

impl Gauge {
    /// One more at `now` (ns).
    #[inline(always)]
    pub fn enter(&mut self, now: u64) {
        self.level += 1;
        self.area -= i128::from(now);
    }

    /// One less at `now` (ns).
    #[inline(always)]
    pub fn leave(&mut self, now: u64) {
        self.level -= 1;
        self.area += i128::from(now);
    }

    /// Number present.
    #[inline]
    pub fn level(&self) -> i64 {
        self.level
    }

    /// Forgets what was before `now` (ns); who is present stays.
    pub fn restart(&mut self, now: u64) {
        self.area = -i128::from(self.level) * i128::from(now);
    }

    /// Integral of the number present since the restart, up to `now` [things × ns].
    pub fn area(&self, now: u64) -> f64 {
        self.exact_area(now) as f64
    }

    /// The same to the last nanosecond.
    pub fn exact_area(&self, now: u64) -> i128 {
        self.area + i128::from(self.level) * i128::from(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_the_sum_of_the_stays_within_the_window() {
        let mut gauge = Gauge::default();
        gauge.enter(10);
        gauge.enter(20);
        gauge.restart(100);
        gauge.leave(150);
        gauge.enter(160);
        assert_eq!(gauge.level(), 2);
        // 10…: all of 100…200; 20…150: 50 of it; 160…: 40 of it.
        assert_eq!(gauge.area(200), 100.0 + 50.0 + 40.0);
    }
}
