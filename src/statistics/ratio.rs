//! The mean per thing where the number of things is random too: requests of a window, say.
//! Cochran, Sampling Techniques, 1977, ch. 6; Law, Simulation Modeling and Analysis, 2015, ch. 9.

/// Values whose mean is Σ `sums` / Σ `counts` and whose spread is that of this ratio (to first order), one per
/// replication: what Student's interval and paired differences are made of [unit of `sums` per count].
/// Lists of the same length. `None` without a count above zero.
///
/// A mean of the replications' own means would weigh a quiet replication like a busy one, and has no
/// place for one without any.
pub fn ratio_values(sums: &[f64], counts: &[f64]) -> Option<Vec<f64>> {
    assert_eq!(sums.len(), counts.len(), "a sum and a count for each replication");
    let count: f64 = counts.iter().sum();
    if count <= 0.0 {
        return None;
    }
    let ratio = sums.iter().sum::<f64>() / count;
    let mean = count / counts.len() as f64;
    Some(sums.iter().zip(counts).map(|(sum, own)| ratio + (sum - ratio * own) / mean).collect())
}

#[cfg(test)]
mod tests {
    use super::super::mean_interval;
    use super::*;

    #[test]
    fn the_mean_is_the_ratio_and_the_error_is_that_of_the_textbook() {
        // By hand: ratio 30 / 12 = 2.5; deviations 4 − 2.5·2 = −1, 11 − 2.5·4 = 1, 15 − 2.5·6 = 0;
        // s² = 2 / 2 = 1; standard error √(1/3) / 4; t(0.975, 2) = 4.30265273.
        let values = ratio_values(&[4.0, 11.0, 15.0], &[2.0, 4.0, 6.0]).unwrap();
        let interval = mean_interval(&values, 0.95).unwrap();
        assert!((interval.value - 2.5).abs() < 1e-12);
        assert!((interval.half_width() - 4.30265273 / 3.0f64.sqrt() / 4.0).abs() < 1e-8);
    }

    #[test]
    fn a_replication_without_a_thing_takes_part_and_none_at_all_has_no_ratio() {
        let values = ratio_values(&[0.0, 6.0], &[0.0, 3.0]).unwrap();
        assert_eq!(values, [2.0, 2.0]);
        assert_eq!(ratio_values(&[0.0, 0.0], &[0.0, 0.0]), None);
        assert_eq!(ratio_values(&[], &[]), None);
    }
}
