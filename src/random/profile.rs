//! Poisson arrivals whose rate varies over time, by inversion: when as many requests are expected as a
//! Poisson process of rate 1 has waited for, the next one comes. Exact, without a request drawn in vain.
//! Çinlar, Introduction to Stochastic Processes, 1975, ch. 4.7.

use std::f64::consts::{PI, TAU};

use crate::units::Nanos;

/// A rate that varies over time, from time 0 on.
#[derive(Debug, Clone, PartialEq)]
pub enum Profile {
    /// mean + amplitude · sin(2π t / period) (1/s).
    Sine {
        /// Over a whole period, above 0 (1/s).
        mean: f64,
        /// From 0 to the mean (1/s).
        amplitude: f64,
        /// Above 0.
        period: Nanos,
    },
    /// Straight lines between points.
    Points {
        /// Time and rate (1/s), in order of time, at least two. Two of one time are a jump.
        points: Vec<(Nanos, f64)>,
        /// After this time it begins anew, a straight line leading from the last point to the next
        /// round's first. `None`: the first rate until the first point, the last rate after the last.
        every: Option<Nanos>,
    },
}

impl Profile {
    /// How long a round takes; without rounds, how long the rate varies.
    pub fn span(&self) -> Nanos {
        match self {
            Profile::Sine { period, .. } => *period,
            Profile::Points { points, every } => {
                every.unwrap_or(points.last().map_or(Nanos::ZERO, |(at, _)| *at))
            }
        }
    }

    /// After what time it begins anew.
    pub fn period(&self) -> Option<Nanos> {
        match self {
            Profile::Sine { period, .. } => Some(*period),
            Profile::Points { every, .. } => *every,
        }
    }

    /// Mean rate over [`Profile::span`] (1/s).
    pub fn mean(&self) -> f64 {
        match self {
            Profile::Sine { mean, .. } => *mean,
            Profile::Points { .. } => {
                let expected: f64 = self.corners().windows(2).map(area).sum();
                expected / self.span().seconds().max(1e-9)
            }
        }
    }

    /// Greatest rate (1/s).
    pub fn peak(&self) -> f64 {
        match self {
            Profile::Sine { mean, amplitude, .. } => mean + amplitude,
            Profile::Points { points, .. } => {
                points.iter().map(|(_, rate)| *rate).fold(0.0, f64::max)
            }
        }
    }

    /// Rate after the last point (1/s); `None` where it begins anew.
    pub fn last_rate(&self) -> Option<f64> {
        match self {
            Profile::Points { points, every: None } => points.last().map(|(_, rate)| *rate),
            _ => None,
        }
    }

    /// Time (s) and rate (1/s) of the points of one round, from 0 to its end.
    fn corners(&self) -> Vec<(f64, f64)> {
        let Profile::Points { points, every } = self else {
            return Vec::new();
        };
        let mut corners: Vec<(f64, f64)> =
            points.iter().map(|(at, rate)| (at.seconds(), *rate)).collect();
        let (Some((first, first_rate)), Some((last, last_rate))) =
            (corners.first().copied(), corners.last().copied())
        else {
            return corners;
        };
        match every.map(|every| every.seconds()) {
            None if first > 0.0 => corners.insert(0, (0.0, first_rate)),
            Some(every) if first > 0.0 || last < every => {
                let way = every - last + first;
                let at_seam = last_rate + (first_rate - last_rate) * (every - last) / way;
                corners.insert(0, (0.0, at_seam));
                corners.push((every, at_seam));
            }
            _ => {}
        }
        corners
    }
}

/// Requests expected between two corners.
fn area(pair: &[(f64, f64)]) -> f64 {
    let ((from, low), (to, high)) = (pair[0], pair[1]);
    (to - from) * (low + high) / 2.0
}

/// A profile made ready to draw from.
#[derive(Debug, Clone)]
pub struct ProfileSampler {
    round: Round,
    /// Requests expected in a round.
    expected: f64,
    /// Length of a round (ns).
    length: u64,
    /// Rate after the only round [1/ns]; `None`: it begins anew.
    after: Option<f64>,
}

#[derive(Debug, Clone)]
enum Round {
    Sine { mean: f64, amplitude: f64, period: f64 },
    Ramps(Box<[Ramp]>),
}

/// A piece of a round in which the rate rises or falls evenly.
#[derive(Debug, Clone, Copy)]
struct Ramp {
    /// Where it begins (s).
    from: f64,
    /// How long it is (s).
    length: f64,
    /// Requests expected before it.
    before: f64,
    /// Rate where it begins (1/s).
    rate: f64,
    /// How fast it rises [1/s²].
    slope: f64,
}

/// A place in the sequence of rounds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ProfilePlace {
    /// Rounds that are over.
    round: u64,
    /// Requests expected so far in this one.
    expected: f64,
}

impl ProfileSampler {
    /// A sampler of `profile`. Asserts what `scenario` has checked: some requests are expected.
    pub fn new(profile: &Profile) -> Self {
        let after = profile.last_rate().map(|rate| rate / 1e9);
        let (round, expected) = match profile {
            Profile::Sine { mean, amplitude, period } => {
                let period = period.seconds();
                (Round::Sine { mean: *mean, amplitude: *amplitude, period }, mean * period)
            }
            Profile::Points { .. } => {
                let mut before = 0.0;
                let corners = profile.corners();
                let lines = corners.windows(2).map(|pair| {
                    let ((from, rate), (to, high)) = (pair[0], pair[1]);
                    let length = to - from;
                    let slope = if length > 0.0 { (high - rate) / length } else { 0.0 };
                    let line = Ramp { from, length, before, rate, slope };
                    before += area(pair);
                    line
                });
                let lines = lines.collect();
                (Round::Ramps(lines), before)
            }
        };
        assert!(expected > 0.0 || after.is_some(), "a profile by which nobody ever comes");
        ProfileSampler { round, expected, length: profile.span().0, after }
    }

    /// When as many more requests are expected as `waited` (ns), from `place`, which moves there.
    /// `None`: never.
    pub fn after(&self, place: &mut ProfilePlace, waited: f64) -> Option<u64> {
        place.expected += waited;
        if place.expected >= self.expected {
            match self.after {
                Some(rate) => {
                    let beyond = (place.expected - self.expected) / rate;
                    return beyond.is_finite().then(|| self.length.saturating_add(beyond as u64));
                }
                None => {
                    let rounds = (place.expected / self.expected).floor();
                    place.round = place.round.saturating_add(rounds as u64);
                    place.expected = (place.expected - rounds * self.expected).max(0.0);
                }
            }
        }
        let offset = (self.offset(place.expected) * 1e9).round() as u64;
        Some(place.round.saturating_mul(self.length).saturating_add(offset.min(self.length)))
    }

    /// When in a round so many requests are expected (s).
    fn offset(&self, expected: f64) -> f64 {
        match &self.round {
            Round::Sine { mean, amplitude, period } => {
                sine_offset(*mean, *amplitude, *period, expected)
            }
            Round::Ramps(lines) => {
                let next = lines.partition_point(|line| line.before <= expected);
                lines[next.saturating_sub(1)].offset(expected)
            }
        }
    }
}

impl Ramp {
    /// rate · x + slope · x² / 2 = wanted, in the form that loses no digits.
    fn offset(&self, expected: f64) -> f64 {
        let wanted = expected - self.before;
        let root = (self.rate * self.rate + 2.0 * self.slope * wanted).max(0.0).sqrt();
        let within = if wanted > 0.0 { 2.0 * wanted / (self.rate + root) } else { 0.0 };
        self.from + within.min(self.length)
    }
}

/// mean · x + amplitude · period / 2π · (1 − cos(2π x / period)) = expected, by Newton's method within
/// bounds that close in on the answer.
fn sine_offset(mean: f64, amplitude: f64, period: f64, expected: f64) -> f64 {
    let (mut low, mut high) = (0.0f64, period.min(expected / mean));
    low = low.max((expected - amplitude * period / PI) / mean);
    let mut x = f64::midpoint(low, high);
    for _ in 0..100 {
        let (sine, cosine) = (TAU * x / period).sin_cos();
        let missing = expected - mean * x - amplitude * period / TAU * (1.0 - cosine);
        if missing > 0.0 {
            low = x;
        } else {
            high = x;
        }
        let newton = x + missing / (mean + amplitude * sine);
        let next = if (low..=high).contains(&newton) { newton } else { f64::midpoint(low, high) };
        let step = (next - x).abs();
        x = next;
        if step <= 1e-13 * period {
            break;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn points(points: &[(u64, f64)], every: Option<u64>) -> Profile {
        let points = points.iter().map(|(at, rate)| (Nanos(at * SECOND), *rate)).collect();
        Profile::Points { points, every: every.map(|every| Nanos(every * SECOND)) }
    }

    /// Requests expected until `time` (s), by Simpson's rule over the definition of the rate.
    fn expected(rate: impl Fn(f64) -> f64, time: f64) -> f64 {
        let steps = 20_000;
        let width = time / f64::from(steps);
        let simpson = |step: i32| {
            let from = f64::from(step) * width;
            (rate(from) + 4.0 * rate(from + width / 2.0) + rate(from + width)) * width / 6.0
        };
        (0..steps).map(simpson).sum()
    }

    #[test]
    fn instants_of_a_sine_are_those_at_which_so_many_are_expected() {
        for (mean, amplitude, period) in [(100.0, 60.0, 60.0), (5.0, 5.0, 10.0), (3.0, 0.0, 7.0)] {
            let period_ns = Nanos::from_seconds(period);
            let profile = Profile::Sine { mean, amplitude, period: period_ns };
            assert_eq!((profile.mean(), profile.peak()), (mean, mean + amplitude));
            let sampler = ProfileSampler::new(&profile);
            let mut place = ProfilePlace::default();
            let mut sum = 0.0;
            for _ in 0..40 {
                sum += mean * period / 17.3;
                let at = sampler.after(&mut place, mean * period / 17.3).unwrap() as f64 / 1e9;
                let found = expected(|t| mean + amplitude * (TAU * t / period).sin(), at);
                assert!((found - sum).abs() < 1e-6 * sum, "{at}: {found} for {sum}");
            }
        }
    }

    #[test]
    fn instants_between_points_are_those_at_which_so_many_are_expected() {
        // A climb, a jump down to nobody, a pause, and a climb from nobody; then from the last rate.
        let once = points(&[(2, 10.0), (4, 30.0), (4, 0.0), (6, 0.0), (8, 20.0)], None);
        let rate = |t: f64| match t {
            t if t < 2.0 => 10.0,
            t if t < 4.0 => 10.0 * t - 10.0,
            t if t < 6.0 => 0.0,
            t if t < 8.0 => 10.0 * t - 60.0,
            _ => 20.0,
        };
        assert_eq!(once.peak(), 30.0);
        assert!((once.mean() * 8.0 - (20.0 + 40.0 + 20.0)).abs() < 1e-12);
        let sampler = ProfileSampler::new(&once);
        let mut place = ProfilePlace::default();
        for sum in 1..=120 {
            let at = sampler.after(&mut place, 1.0).unwrap() as f64 / 1e9;
            let found = expected(rate, at);
            assert!((found - f64::from(sum)).abs() < 1e-2, "{at}: {found} for {sum}");
        }
    }

    #[test]
    fn rounds_join_in_a_straight_line_and_follow_one_another() {
        // From 30/s at 3 s over the seam at 4 s to 10/s at 1 s: 20/s at the seam.
        let day = points(&[(1, 10.0), (3, 30.0)], Some(4));
        assert_eq!(day.corners(), [(0.0, 20.0), (1.0, 10.0), (3.0, 30.0), (4.0, 20.0)]);
        assert_eq!(day.mean(), 20.0);
        let sampler = ProfileSampler::new(&day);
        let mut place = ProfilePlace::default();
        assert_eq!(sampler.after(&mut place, 80.0), Some(4 * SECOND));
        assert_eq!(sampler.after(&mut place, 15.0), Some(5 * SECOND));
        assert_eq!(sampler.after(&mut place, 800.0 + 40.0), Some((40 + 4 + 3) * SECOND));
    }

    #[test]
    fn nobody_comes_after_a_last_rate_of_zero() {
        let burst = points(&[(0, 100.0), (1, 0.0)], None);
        let sampler = ProfileSampler::new(&burst);
        let mut place = ProfilePlace::default();
        // Half of them come while the rate falls to 100 · √½: 1 − √½ s.
        let at = sampler.after(&mut place, 25.0).unwrap() as f64 / 1e9;
        assert!((at - (1.0 - 0.5f64.sqrt())).abs() < 1e-9, "{at}");
        assert_eq!(sampler.after(&mut place, 26.0), None);
    }
}
