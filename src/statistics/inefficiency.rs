//! How long a process remembers: the statistical inefficiency of its path.
//! Geyer, Statistical Science 7, 1992 (where to end the sum); Whitt, Management Science 35, 1989 (what it says of
//! run lengths).

/// How many steps of a path are worth one independent value: 1 + 2 Σ ρ(k), over the autocorrelations ρ of
/// independent paths of one process, at least 1.
///
/// `paths`: one per replication, equally long. What all do at the same step, a transient or the round of a load, is
/// no memory: the values are taken about the mean path, which two replications have and one has not; that of one is
/// taken about its own mean, and is told too short. The sum ends before the first pair of neighbouring terms that
/// is not positive. `None` where nothing varies.
pub fn inefficiency(paths: &[Vec<f64>]) -> Option<f64> {
    let length = paths.first()?.len();
    let deviations = deviations(paths, length);
    let covariance = |lag: usize| {
        let of = |path: &Vec<f64>| path.iter().zip(&path[lag..]).map(|(a, b)| a * b).sum::<f64>();
        deviations.iter().map(of).sum::<f64>() / (length - lag) as f64
    };
    let variance = (length > 0).then(|| covariance(0)).filter(|variance| *variance > 0.0)?;
    let mut sum = -1.0;
    for first in (0..(length - 1) / 2).step_by(2) {
        let pair = (covariance(first) + covariance(first + 1)) / variance;
        if pair <= 0.0 {
            break;
        }
        sum += 2.0 * pair;
    }
    Some(sum.max(1.0))
}

/// Each path less the mean path, or less its own mean where it is alone.
fn deviations(paths: &[Vec<f64>], length: usize) -> Vec<Vec<f64>> {
    if let [path] = paths {
        let mean = path.iter().sum::<f64>() / length.max(1) as f64;
        return vec![path.iter().map(|value| value - mean).collect()];
    }
    let mean = |step: usize| paths.iter().map(|path| path[step]).sum::<f64>() / paths.len() as f64;
    let means: Vec<f64> = (0..length).map(mean).collect();
    let less =
        |path: &Vec<f64>| path.iter().zip(&means).map(|(value, mean)| value - mean).collect();
    paths.iter().map(less).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers in [−0.5, 0.5) that look random, of a path of its own: a linear congruential sequence.
    fn noise(number: u64, length: usize) -> Vec<f64> {
        let mut state = number;
        let next = |_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
        };
        (0..length + 10).map(next).skip(10).collect()
    }

    /// Each value remembers the one before by the factor `memory`.
    fn remembering(memory: f64, count: u64, length: usize) -> Vec<Vec<f64>> {
        let path = |number: u64| {
            let mut value = 0.0;
            let follow = |step: f64| {
                value = memory * value + step;
                value
            };
            noise(number, length + 200).into_iter().map(follow).skip(200).collect()
        };
        (1..=count).map(path).collect()
    }

    #[test]
    fn an_autoregressive_path_remembers_as_the_textbook_says() {
        // (1 + a) / (1 − a).
        for (memory, exact) in [(0.5, 3.0), (0.8, 9.0), (0.9, 19.0)] {
            let found = inefficiency(&remembering(memory, 20, 2_000)).unwrap();
            assert!((found / exact - 1.0).abs() < 0.15, "{memory}: {found}");
        }
        let found = inefficiency(&remembering(0.0, 20, 2_000)).unwrap();
        assert!((1.0..1.2).contains(&found), "{found}");
    }

    #[test]
    fn what_all_paths_do_at_the_same_time_is_no_memory() {
        let mut paths = remembering(0.0, 10, 400);
        for path in &mut paths {
            path.iter_mut().enumerate().for_each(|(step, value)| *value += step as f64 / 10.0);
        }
        assert!(inefficiency(&paths).unwrap() < 1.3);
        assert!(inefficiency(&paths[..1]).unwrap() > 50.0, "one path alone cannot tell");
    }

    #[test]
    fn a_path_as_long_as_its_memory_is_worth_few_values() {
        let found = inefficiency(&remembering(0.99, 10, 200)).unwrap();
        assert!(200.0 / found < 5.0, "{found}");
    }

    #[test]
    fn what_never_varies_remembers_nothing() {
        assert_eq!(inefficiency(&[vec![1.0; 50], vec![1.0; 50]]), None);
        assert_eq!(inefficiency(&[vec![1.0; 50]]), None);
        assert_eq!(inefficiency(&[]), None);
        assert_eq!(inefficiency(&[vec![], vec![]]), None);
        assert_eq!(inefficiency(&[vec![1.0], vec![2.0]]), Some(1.0));
    }
}
