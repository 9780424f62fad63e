//! How much of the beginning of a run to leave out: MSER-5.
//! White, Simulation 69, 1997; with the safeguards of Hoad, Robinson & Davies, JORS 61, 2010.
//! Twin for tests: the definition, computed anew for every cut.

/// Values averaged into one batch.
const BATCH: usize = 5;

/// Cuts that leave fewer batches than this are not looked at: a few equal batches at the very end
/// would win by accident.
const KEPT_BATCHES: usize = 5;

/// The index in `path` where its steady part begins.
///
/// `path`: values at equal steps of time (or one per request), best the mean over replications;
/// finite. The path is averaged in batches of five (a rest that fills no batch is left out); of all
/// cuts the one is taken that minimises the squared standard error of the mean of what stays,
/// Σ (Y − Ȳ)² / n², and of equal ones the earliest.
///
/// `None`: the path is too short to tell. Either it has fewer than ten batches, or the best cut
/// lies in its second half, so that what looks steady may be a part of the transient: run longer
/// and look again.
pub fn mser5(path: &[f64]) -> Option<usize> {
    let batches: Vec<f64> =
        path.chunks_exact(BATCH).map(|batch| batch.iter().sum::<f64>() / BATCH as f64).collect();
    if batches.len() < 2 * KEPT_BATCHES {
        return None;
    }
    let (mut least, mut best_cut) = (f64::INFINITY, 0);
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    // From the end, so that every cut adds one batch to what stays (Welford).
    for (cut, value) in batches.iter().enumerate().rev() {
        assert!(value.is_finite(), "the path of a warm-up holds {value}");
        count += 1.0;
        let delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
        let statistic = squares / (count * count);
        if cut + KEPT_BATCHES <= batches.len() && statistic <= least {
            (least, best_cut) = (statistic, cut);
        }
    }
    (2 * best_cut <= batches.len()).then_some(best_cut * BATCH)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition: every cut's statistic in two passes.
    fn slow(path: &[f64]) -> Option<usize> {
        let batches: Vec<f64> = path.chunks_exact(5).map(|b| b.iter().sum::<f64>() / 5.0).collect();
        let statistic = |cut: usize| {
            let kept = &batches[cut..];
            let n = kept.len() as f64;
            let mean = kept.iter().sum::<f64>() / n;
            kept.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (n * n)
        };
        if batches.len() < 10 {
            return None;
        }
        let best =
            (0..=batches.len() - 5).min_by(|a, b| statistic(*a).total_cmp(&statistic(*b))).unwrap();
        (best * 2 <= batches.len()).then_some(best * 5)
    }

    /// Numbers in [−0.5, 0.5) that look random: a fixed linear congruential sequence.
    fn noise(length: usize) -> Vec<f64> {
        let mut state = 7u64;
        let next = |_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
        };
        (0..length).map(next).collect()
    }

    #[test]
    fn a_step_is_cut_where_it_ends() {
        let mut path = vec![10.0; 100];
        path.extend([0.0; 900]);
        assert_eq!(mser5(&path), Some(100));
        assert_eq!(mser5(&[0.1; 1_000]), Some(0), "a constant path is steady from the start");
    }

    #[test]
    fn a_decaying_start_is_cut_where_it_drowns_in_the_noise() {
        let decay = |i: usize| 20.0 * (-(i as f64) / 50.0).exp();
        let path: Vec<f64> = noise(5_000).iter().enumerate().map(|(i, x)| x + decay(i)).collect();
        let cut = mser5(&path).unwrap();
        // At 150 the bias is one unit, the width of the noise; at 400 it is a hundredth.
        assert!((150..=400).contains(&cut), "{cut}");
    }

    #[test]
    fn a_path_that_still_climbs_is_too_short() {
        let path: Vec<f64> = (0..1_000).map(f64::from).collect();
        assert_eq!(mser5(&path), None);
        assert_eq!(mser5(&[1.0; 49]), None, "nine batches");
        assert_eq!(mser5(&[]), None);
    }

    proptest! {
        #[test]
        fn the_cut_is_that_of_the_definition(
            values in prop::collection::vec(0.0..1.0f64, 50..200), rise in 0.0..5.0f64, until in 1usize..150,
        ) {
            let path: Vec<f64> = values
                .iter()
                .enumerate()
                .map(|(i, x)| x + rise * (1.0 - i as f64 / until as f64).max(0.0))
                .collect();
            prop_assert_eq!(mser5(&path), slow(&path));
        }
    }
}
