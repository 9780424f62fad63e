//! Confidence intervals over replications, which are the unit of independence.
//!
//! Law, Simulation Modeling and Analysis, 2015, ch. 9 (means); Asmussen & Glynn, Stochastic Simulation, 2007,
//! ch. III (sectioning); Willink, Communications in Statistics: Theory and Methods 34, 2005 (skewness).

use super::moments::Moments;
use super::student::student_quantile;

/// A value with the interval that holds the truth with the asked level, all in one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    pub(super) fn around(value: f64, half_width: f64) -> Self {
        Self { value, low: value - half_width, high: value + half_width }
    }

    /// Half the distance between the ends.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// The half-width as a share of the value's size: 0 for an interval without width, infinite
    /// for one with a width about zero.
    pub fn relative_half_width(&self) -> f64 {
        match self.half_width() {
            0.0 => 0.0,
            half_width => half_width / self.value.abs(),
        }
    }

    /// The same with its ends cut to what can be, from `least` to `most`: the truth lies there, so that it is held
    /// as often as before. The value stays within its interval.
    pub fn within(self, least: f64, most: f64) -> Self {
        Self {
            value: self.value,
            low: self.low.max(least).min(self.value),
            high: self.high.min(most).max(self.value),
        }
    }

    /// Whether `truth` lies within, the ends included.
    pub fn holds(&self, truth: f64) -> bool {
        self.low <= truth && truth <= self.high
    }
}

/// Half-width of the interval of a mean of `count` ≥ 2 independent values of that `variance`.
pub(super) fn half_width(variance: f64, count: usize, level: f64) -> f64 {
    assert!(level > 0.0 && level < 1.0, "an interval of level {level}");
    let degrees = (count - 1) as f64;
    student_quantile(0.5 + level / 2.0, degrees) * (variance / count as f64).sqrt()
}

/// Student's interval of a mean [unit of `means`].
/// `means`: one per replication, independent. `level`: in (0, 1). `None` below two replications.
pub fn mean_interval(means: &[f64], level: f64) -> Option<Interval> {
    let moments: Moments = means.iter().copied().collect();
    let (value, variance) = (moments.mean()?, moments.variance()?);
    Some(Interval::around(value, half_width(variance, means.len(), level)))
}

/// Willink's interval of a mean, which leans to the side of the long tail. Compare its width and
/// ends with those of [`mean_interval`] to see whether the skewness of the means matters.
/// The same arguments; `None` below three replications, where skewness has no estimate.
pub fn skew_corrected_interval(means: &[f64], level: f64) -> Option<Interval> {
    let plain = mean_interval(means, level)?;
    let count = means.len() as f64;
    if means.len() < 3 {
        return None;
    }
    let cubes: f64 = means.iter().map(|x| (x - plain.value).powi(3)).sum();
    let third = cubes * count / ((count - 1.0) * (count - 2.0));
    let variance = means.iter().copied().collect::<Moments>().variance()?;
    let a = third / (6.0 * count.sqrt() * variance.powf(1.5));
    // Without spread there is no skewness, and near zero the formula divides nothing by nothing.
    if !a.is_finite() || a.abs() < 1e-6 {
        return Some(plain);
    }
    let bent = |t: f64| ((1.0 + 6.0 * a * (t - a)).cbrt() - 1.0) / (2.0 * a);
    let t = student_quantile(0.5 + level / 2.0, count - 1.0);
    let error = (variance / count).sqrt();
    Some(Interval {
        value: plain.value,
        low: plain.value - bent(t) * error,
        high: plain.value - bent(-t) * error,
    })
}

/// The interval of a quantile by sectioning [unit of `pooled`]: `pooled` is the quantile of all
/// replications' values together, `per_replication` that of each (equally long) replication, whose
/// spread about the pooled one gives the variance; R − 1 degrees of freedom. The per-replication
/// quantiles are never averaged: each is biased, their mean as much.
/// `level`: in (0, 1). `None` below two replications.
pub fn sectioned_quantile_interval(
    pooled: f64,
    per_replication: &[f64],
    level: f64,
) -> Option<Interval> {
    let variance = variance_about(pooled, per_replication)?;
    let half_width = half_width(variance, per_replication.len(), level);
    Some(Interval::around(pooled, half_width))
}

/// Σ (x − `centre`)² / (n − 1); `None` below two values.
pub(super) fn variance_about(centre: f64, values: &[f64]) -> Option<f64> {
    let squares: f64 = values.iter().map(|x| (x - centre).powi(2)).sum();
    (values.len() > 1).then(|| squares / (values.len() - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: f64 = 0.95;

    /// Shares of `repeats` intervals of ten exponential means of 1 that hold 1: (plain, corrected).
    fn coverage(repeats: u32) -> (f64, f64) {
        // A fixed linear congruential sequence (Knuth's MMIX), the high bits as uniforms.
        let mut state = 1u64;
        let mut exponential = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            -(((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64).ln()
        };
        let (mut plain, mut corrected) = (0, 0);
        for _ in 0..repeats {
            let means: Vec<f64> = (0..10).map(|_| exponential()).collect();
            plain += u32::from(mean_interval(&means, LEVEL).unwrap().holds(1.0));
            corrected += u32::from(skew_corrected_interval(&means, LEVEL).unwrap().holds(1.0));
        }
        let share = |hits: u32| f64::from(hits) / f64::from(repeats);
        (share(plain), share(corrected))
    }

    #[test]
    fn the_mean_of_one_to_ten_has_the_interval_of_the_textbook() {
        // s² = 55/6 and t(0.975, 9) = 2.262157163.
        let means: Vec<f64> = (1..=10).map(f64::from).collect();
        let interval = mean_interval(&means, LEVEL).unwrap();
        let half_width = 2.262157163 * (55.0 / 60.0f64).sqrt();
        assert_eq!(interval.value, 5.5);
        assert!((interval.half_width() - half_width).abs() < 1e-8);
        assert!((interval.relative_half_width() - half_width / 5.5).abs() < 1e-8);
        assert!(
            interval.holds(5.5 + half_width - 1e-8) && !interval.holds(5.5 + half_width + 1e-8)
        );
    }

    #[test]
    fn one_replication_has_no_interval() {
        assert_eq!(mean_interval(&[3.0], LEVEL), None);
        assert_eq!(mean_interval(&[], LEVEL), None);
        assert_eq!(sectioned_quantile_interval(3.0, &[3.0], LEVEL), None);
        assert_eq!(skew_corrected_interval(&[3.0, 4.0], LEVEL), None);
    }

    #[test]
    fn equal_replications_have_an_interval_without_width() {
        let interval = mean_interval(&[0.1; 5], LEVEL).unwrap();
        assert_eq!((interval.half_width(), interval.relative_half_width()), (0.0, 0.0));
        assert_eq!(skew_corrected_interval(&[0.0; 5], LEVEL), mean_interval(&[0.0; 5], LEVEL));
        assert_eq!(
            mean_interval(&[-1.0, 1.0], LEVEL).unwrap().relative_half_width(),
            f64::INFINITY
        );
    }

    #[test]
    fn an_interval_is_cut_to_what_can_be_and_keeps_its_value() {
        let cut = |value, half_width| {
            let cut = Interval::around(value, half_width).within(0.0, 1.0);
            (cut.low, cut.value, cut.high)
        };
        assert_eq!(cut(0.5, 0.25), (0.25, 0.5, 0.75));
        assert_eq!(cut(0.125, 0.25), (0.0, 0.125, 0.375));
        assert_eq!(cut(0.875, 2.0), (0.0, 0.875, 1.0));
        assert_eq!(cut(1.5, 0.25), (1.25, 1.5, 1.5));
    }

    #[test]
    fn sectioning_spreads_about_the_pooled_quantile_and_not_about_the_mean_of_the_parts() {
        // Deviations −1, 0, 2 from the pooled 10: variance 5/2; t(0.975, 2) = 4.30265273.
        let interval = sectioned_quantile_interval(10.0, &[9.0, 10.0, 12.0], LEVEL).unwrap();
        let half_width = 4.30265273 * (2.5 / 3.0f64).sqrt();
        assert_eq!(interval.value, 10.0);
        assert!((interval.half_width() - half_width).abs() < 1e-7);
    }

    #[test]
    fn symmetric_means_need_no_correction_for_skewness() {
        let means = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(skew_corrected_interval(&means, LEVEL), mean_interval(&means, LEVEL));
    }

    #[test]
    fn the_correction_leans_to_the_long_tail_and_covers_better() {
        let means = [1.0, 1.1, 1.2, 1.3, 4.0];
        let (plain, corrected) = (
            mean_interval(&means, LEVEL).unwrap(),
            skew_corrected_interval(&means, LEVEL).unwrap(),
        );
        assert!(corrected.low > plain.low && corrected.high > plain.high);
        // The t interval of ten exponentials covers about 90 %.
        let (plain, corrected) = coverage(20_000);
        assert!((0.885..0.91).contains(&plain), "{plain}");
        assert!((0.915..0.96).contains(&corrected), "{corrected}");
    }
}
