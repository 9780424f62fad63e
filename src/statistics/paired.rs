//! Differences between two layouts (or sweep points) that saw the same random numbers.
//!
//! Glasserman & Yao, Management Science 38, 1992 (common random numbers); Law 2015, ch. 10 and 11;
//! Holm, Scandinavian Journal of Statistics 6, 1979 (several pairs at once).

use std::fmt;

use super::interval::{Interval, half_width, variance_about};
use super::moments::Moments;
use super::student::{student_quantile, student_two_sided};

/// What a comparison of A with B shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairVerdict {
    /// A is lower than B.
    ALower,
    /// B is lower than A.
    BLower,
    /// The difference may well be zero.
    NoDifferenceShown,
}

/// As results.json says it: `a lower`, `b lower`, `no difference shown`.
impl fmt::Display for PairVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ALower => "a lower",
            Self::BLower => "b lower",
            Self::NoDifferenceShown => "no difference shown",
        })
    }
}

/// The difference of one metric between A and B.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedDifference {
    /// A − B (unit of the metric).
    pub interval: Interval,
    /// Two-sided p-value of "there is no difference".
    pub p_value: f64,
    /// What this pair shows by itself; for several pairs at once see [`holm_verdicts`].
    pub verdict: PairVerdict,
    /// (Var A + Var B) / Var(A − B): how many times the replications are worth what independent
    /// ones would be. `None` where the difference does not vary.
    pub variance_cut: Option<f64>,
}

/// The difference of two means, by Student's paired t over the differences of the replications.
/// `a`, `b`: one mean per replication, of the same length; the r-th of both saw the same random
/// numbers. `level`: of the interval and the verdict, in (0, 1). `None` below two replications.
pub fn paired_difference(a: &[f64], b: &[f64], level: f64) -> Option<PairedDifference> {
    let mean = |values: &[f64]| values.iter().copied().collect::<Moments>().mean();
    let differences = differences(a, b);
    difference(
        mean(&differences)?,
        [
            Sectioned { whole: mean(a)?, replications: a },
            Sectioned { whole: mean(b)?, replications: b },
        ],
        level,
    )
}

/// A value of all replications together, about which those of each vary.
#[derive(Debug, Clone, Copy)]
pub struct Sectioned<'a> {
    /// Of all together: a pooled quantile, or a mean.
    pub whole: f64,
    /// Of each.
    pub replications: &'a [f64],
}

/// The difference of two quantiles, by sectioning both: the pooled quantiles differ by the value,
/// and the differences of the replications' quantiles vary about it (the means of
/// [`sectioned_quantile_interval`](super::sectioned_quantile_interval)).
/// `a`, `b`: as many replications, whose r-th saw the same random numbers. `level`: in (0, 1). `None` below
/// two replications.
pub fn sectioned_difference(
    a: Sectioned<'_>,
    b: Sectioned<'_>,
    level: f64,
) -> Option<PairedDifference> {
    difference(a.whole - b.whole, [a, b], level)
}

/// The same of runs that nothing pairs, of as many replications as each has: the interval of Welch (Biometrika 34,
/// 1947), whose two variances may differ. `variance_cut` is `None`: nothing is saved. `None` below two replications of
/// either.
pub fn unpaired_difference(
    a: Sectioned<'_>,
    b: Sectioned<'_>,
    level: f64,
) -> Option<PairedDifference> {
    let value = a.whole - b.whole;
    let of = |side: Sectioned<'_>| {
        let count = side.replications.len() as f64;
        Some((variance_about(side.whole, side.replications)? / count, count - 1.0))
    };
    let ((own, own_degrees), (other, other_degrees)) = (of(a)?, of(b)?);
    let variance = own + other;
    if variance == 0.0 {
        let (interval, p_value) = (Interval::around(value, 0.0), f64::from(value == 0.0));
        let verdict = verdict(value, value == 0.0);
        return Some(PairedDifference { interval, p_value, verdict, variance_cut: None });
    }
    let degrees = variance.powi(2) / (own.powi(2) / own_degrees + other.powi(2) / other_degrees);
    let deviation = variance.sqrt();
    let half_width = student_quantile(0.5 + level / 2.0, degrees) * deviation;
    let interval = Interval::around(value, half_width);
    let p_value = student_two_sided(value / deviation, degrees);
    let verdict = verdict(value, interval.holds(0.0));
    Some(PairedDifference { interval, p_value, verdict, variance_cut: None })
}

/// `value`: of A less that of B.
fn difference(value: f64, sides: [Sectioned<'_>; 2], level: f64) -> Option<PairedDifference> {
    let [a, b] = sides;
    let count = a.replications.len();
    let variance = variance_about(value, &differences(a.replications, b.replications))?;
    let interval = Interval::around(value, half_width(variance, count, level));
    let apart = variance_about(a.whole, a.replications)? + variance_about(b.whole, b.replications)?;
    let p_value = p_value(value, variance, count);
    Some(PairedDifference {
        interval,
        p_value,
        verdict: verdict(value, interval.holds(0.0)),
        variance_cut: (variance > 0.0).then(|| apart / variance),
    })
}

fn differences(a: &[f64], b: &[f64]) -> Vec<f64> {
    assert_eq!(a.len(), b.len(), "replications that are compared come in pairs");
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn p_value(value: f64, variance: f64, count: usize) -> f64 {
    if value == 0.0 {
        return 1.0;
    }
    let t = value / (variance / count as f64).sqrt();
    student_two_sided(t, (count - 1) as f64)
}

fn verdict(value: f64, may_be_zero: bool) -> PairVerdict {
    match value {
        _ if may_be_zero => PairVerdict::NoDifferenceShown,
        ..0.0 => PairVerdict::ALower,
        _ => PairVerdict::BLower,
    }
}

/// Holm's adjustment: the p-values that several comparisons made at once may be judged by, in the
/// order given. Each is in [0, 1] and at least the one it came from.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    // A stable sort: ties keep the order given.
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest = 0.0f64;
    for (rank, index) in order.into_iter().enumerate() {
        let left = (p_values.len() - rank) as f64;
        largest = largest.max(p_values[index] * left).min(1.0);
        adjusted[index] = largest;
    }
    adjusted
}

/// The verdicts of several pairs shown together, in the order given: with probability `level` none of
/// them names a difference where there is none. The intervals stay those of each pair by itself.
pub fn holm_verdicts(pairs: &[PairedDifference], level: f64) -> Vec<PairVerdict> {
    let p_values: Vec<f64> = pairs.iter().map(|pair| pair.p_value).collect();
    let adjusted = holm(&p_values);
    pairs
        .iter()
        .zip(adjusted)
        .map(|(pair, p_value)| verdict(pair.interval.value, p_value > 1.0 - level))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LEVEL: f64 = 0.95;

    // Hours of sleep gained by ten patients with two drugs: Student, Biometrika 6, 1908.
    const FIRST: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const SECOND: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    #[test]
    fn the_same_data_unpaired_show_what_r_prints() {
        // As R's t.test(extra ~ group, data = sleep) prints it:
        // t = −1.8608, df = 17.776, p = 0.07939, interval −3.3654832 to 0.2054832.
        let side = |replications: &'static [f64]| {
            let whole = replications.iter().sum::<f64>() / replications.len() as f64;
            Sectioned { whole, replications }
        };
        let found = unpaired_difference(side(&FIRST), side(&SECOND), LEVEL).unwrap();
        assert!((found.interval.low + 3.3654832).abs() < 1e-6, "{found:?}");
        assert!((found.interval.high - 0.2054832).abs() < 1e-6, "{found:?}");
        assert!((found.p_value - 0.07939).abs() < 5e-6, "{found:?}");
        assert_eq!(found.verdict, PairVerdict::NoDifferenceShown);
        let same = unpaired_difference(side(&[1.0, 1.0]), side(&[1.0, 1.0, 1.0]), LEVEL).unwrap();
        assert_eq!((same.interval.value, same.p_value), (0.0, 1.0));
        let apart = unpaired_difference(side(&[1.0, 1.0]), side(&[2.0, 2.0]), LEVEL).unwrap();
        assert_eq!((apart.verdict, apart.p_value), (PairVerdict::ALower, 0.0));
        assert!(unpaired_difference(side(&[1.0]), side(&SECOND), LEVEL).is_none());
    }

    #[test]
    fn students_own_sleep_data_show_his_difference() {
        // As R's t.test(extra ~ group, data = sleep, paired = TRUE) prints it:
        // t = −4.0621, df = 9, p = 0.002833, interval −2.4598858 to −0.7001142, mean −1.58.
        let pair = paired_difference(&FIRST, &SECOND, LEVEL).unwrap();
        assert!((pair.interval.value + 1.58).abs() < 1e-12);
        assert!((pair.interval.low + 2.4598858).abs() < 1e-7);
        assert!((pair.interval.high + 0.7001142).abs() < 1e-7);
        assert!((pair.p_value - 0.002833).abs() < 5e-7);
        assert_eq!(pair.verdict, PairVerdict::ALower);
        let other = paired_difference(&SECOND, &FIRST, LEVEL).unwrap();
        assert_eq!(other.verdict, PairVerdict::BLower);
        // Variances 3.200556, 4.009 and, of the difference, 1.512889.
        assert!((pair.variance_cut.unwrap() - 7.209556 / 1.512889).abs() < 1e-5);
    }

    #[test]
    fn equal_layouts_show_no_difference() {
        let pair = paired_difference(&FIRST, &FIRST, LEVEL).unwrap();
        assert_eq!((pair.verdict, pair.p_value), (PairVerdict::NoDifferenceShown, 1.0));
        assert_eq!(pair.variance_cut, None);
        assert_eq!(paired_difference(&[1.0], &[2.0], LEVEL), None);
    }

    #[test]
    fn a_difference_that_never_varies_is_shown() {
        let pair = paired_difference(&[1.0, 2.0, 3.0], &[3.0, 4.0, 5.0], LEVEL).unwrap();
        assert_eq!((pair.verdict, pair.p_value), (PairVerdict::ALower, 0.0));
        assert_eq!(pair.verdict.to_string(), "a lower");
    }

    #[test]
    fn sectioned_pairs_vary_about_the_difference_of_the_pooled_quantiles() {
        let (a, b) = ([9.0, 10.0, 12.0], [4.0, 6.0, 5.0]);
        // Differences 5, 4, 7 about 10 − 5: squares 0 + 1 + 4 over 2; t(0.975, 2) = 4.30265273.
        let a = Sectioned { whole: 10.0, replications: &a };
        let b = Sectioned { whole: 5.0, replications: &b };
        let pair = sectioned_difference(a, b, LEVEL).unwrap();
        assert_eq!(pair.interval.value, 5.0);
        let half_width = 4.30265273 * (2.5 / 3.0f64).sqrt();
        assert!((pair.interval.half_width() - half_width).abs() < 1e-7);
        // A about 10: 5/2; B about 5: 2/2; together 3.5 over 2.5.
        assert!((pair.variance_cut.unwrap() - 1.4).abs() < 1e-12);
    }

    #[test]
    fn holm_adjusts_as_the_textbook_does() {
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close(&holm(&[0.01, 0.04, 0.03, 0.005]), &[0.03, 0.06, 0.06, 0.02]));
        // R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm").
        assert!(close(&holm(&[0.01, 0.02, 0.03, 0.04, 0.05]), &[0.05, 0.08, 0.09, 0.09, 0.09]));
        assert!(close(&holm(&[0.6, 0.7]), &[1.0, 1.0]));
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn a_pair_that_stands_alone_may_fall_among_many() {
        let weak = paired_difference(&[1.0, 2.0, 3.0, 4.0], &[1.5, 2.2, 3.8, 4.4], LEVEL).unwrap();
        assert_eq!(weak.verdict, PairVerdict::ALower);
        assert_eq!(holm_verdicts(&[weak], LEVEL), [PairVerdict::ALower]);
        let none = paired_difference(&FIRST, &FIRST, LEVEL).unwrap();
        let verdicts = holm_verdicts(&[none, weak, none], LEVEL);
        assert_eq!(verdicts, [PairVerdict::NoDifferenceShown; 3]);
    }

    proptest! {
        #[test]
        fn the_interval_and_the_p_value_tell_the_same(
            pairs in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 2..20), shift in -1.0..1.0f64,
        ) {
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().map(|(a, b)| (a + shift, b)).unzip();
            let pair = paired_difference(&a, &b, LEVEL).unwrap();
            prop_assume!((pair.p_value - 0.05).abs() > 1e-9);
            let shown = pair.verdict != PairVerdict::NoDifferenceShown;
            prop_assert_eq!(shown, pair.p_value < 0.05);
            prop_assert_eq!(holm_verdicts(&[pair], LEVEL), vec![pair.verdict]);
        }
    }
}
