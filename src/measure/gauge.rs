//! A count of things present and its time average.

use super::recorded::{Ends, Recorded};

/// Number present, integrated over time. An arrival subtracts its time and a departure adds its own, so
/// each costs one addition and the last change need not be remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gauge {
    level: i64,
    /// Level at the restart. It takes the room that the alignment of the area leaves.
    before: i64,
    area: i128,
}

// Several lie in every record that an event touches.
const _: () = assert!(size_of::<Gauge>() == 32, "a gauge is no larger than a level and an area");

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

    /// Number present at the restart.
    pub fn before(&self) -> i64 {
        self.before
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

impl Recorded for Gauge {
    fn restart(&mut self, now: u64) {
        self.before = self.level;
        self.area = -i128::from(self.level) * i128::from(now);
    }

    fn merge(&mut self, other: &Gauge, ends: Ends) {
        let Gauge { level, before, area } = other;
        let (own_end, other_end) = (i128::from(ends.own), i128::from(ends.other));
        // The area of the other is asked for at this one's end from now on.
        self.area += area + i128::from(*level) * (other_end - own_end);
        self.level += level;
        self.before += before;
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

    #[test]
    fn areas_add_up_over_replications_of_different_ends() {
        let (mut one, mut other) = (Gauge::default(), Gauge::default());
        one.enter(10);
        other.enter(20);
        other.enter(30);
        let apart = one.area(50) + other.area(70);
        one.merge(&other, Ends { own: 50, other: 70 });
        assert_eq!((one.area(50), one.level()), (apart, 3));
    }
}
