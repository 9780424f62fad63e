//! The fit: logarithms of factors that bring logarithms of told figures to those of measured ones, against a normal
//! prior. Gauss-Newton steps; how much is left uncertain is that of the last linearisation. Draws from it are fits to
//! other measurements and another prior, each moved by chance: they stay where the measurements allow, however far
//! apart the logarithms are. Tarantola, Inverse Problem Theory, SIAM 2005, sections 3.2 and 3.4; Oliver, Reynolds &
//! Liu, Inverse Theory for Petroleum Reservoir Characterization, 2008, section 10.6 (randomized maximum likelihood).

use std::convert::Infallible;

use crate::statistics::Cholesky;

/// How far a factor's logarithm is moved to see what that does: far enough to stand out from the chance of a run.
const STEP: f64 = 0.3;
/// Most steps.
const MOST_STEPS: u32 = 8;
/// Longest step of one unknown: beyond it nothing is linear.
const LONGEST: f64 = 1.5;
/// A step below which nothing moves any more, in standard deviations of what is left uncertain.
const STILL: f64 = 0.1;
/// Least part of a figure that is left when parts of it are made shorter.
const LEAST_LEFT: f64 = 1e-3;

/// Tells the figures at each of some points.
pub(super) type Teller<'t, E> = dyn FnMut(&[Vec<f64>]) -> Result<Vec<Vec<f64>>, E> + 't;

/// What is to be fitted. Everything is a logarithm.
pub(super) struct Problem<'p> {
    /// Measured figures.
    pub(super) measured: &'p [f64],
    /// Standard deviation of each.
    pub(super) error: f64,
    /// Standard deviation of each unknown before.
    pub(super) prior: &'p [f64],
    /// Its mean before.
    pub(super) centre: &'p [f64],
    /// Where the search begins.
    pub(super) start: &'p [f64],
}

/// The fitted unknowns, and what they are known by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fitted {
    /// Best value of each unknown.
    pub(super) unknowns: Vec<f64>,
    /// Told figures there.
    pub(super) told: Vec<f64>,
    /// How the told figures (rows) move with the unknowns.
    pub(super) jacobian: Vec<Vec<f64>>,
    /// What is left uncertain.
    pub(super) covariance: Vec<Vec<f64>>,
    pub(super) steps: u32,
    pub(super) converged: bool,
}

/// How told figures move with the unknowns at a point: the figures there, and a row of slopes for each. A slope is that
/// of a figure that is a sum of parts, each as long as its factor, however far the factor is moved.
pub(super) fn slopes<E>(
    at: &[f64],
    tell: &mut Teller<'_, E>,
) -> Result<(Vec<f64>, Vec<Vec<f64>>), E> {
    let mut points = vec![at.to_vec()];
    for index in 0..at.len() {
        let mut moved = at.to_vec();
        moved[index] += STEP;
        points.push(moved);
    }
    let mut told = tell(&points)?.into_iter();
    let here = told.next().unwrap_or_default();
    let moved: Vec<Vec<f64>> = told.collect();
    let slope = |row: usize, there: &Vec<f64>| (there[row] - here[row]).exp_m1() / STEP.exp_m1();
    let rows = 0..here.len();
    let jacobian = rows.map(|row| moved.iter().map(|there| slope(row, there)).collect()).collect();
    Ok((here, jacobian))
}

/// Fits. `tell` gives the figures at each of some points.
///
/// # Errors
/// Those of `tell`.
pub(super) fn fit<E>(problem: &Problem<'_>, tell: &mut Teller<'_, E>) -> Result<Fitted, E> {
    let mut unknowns = problem.start.to_vec();
    let mut steps = 0;
    loop {
        let (told, jacobian) = slopes(&unknowns, tell)?;
        let precision = precision(problem, &jacobian);
        let pull = pull(problem, &unknowns, &told, &jacobian);
        let step = precision.solve(&pull);
        let longest = step.iter().fold(0.0, |most: f64, own| most.max(own.abs()));
        // The square of the step, measured by the precision: step · A step = step · pull.
        let square: f64 = step.iter().zip(&pull).map(|(step, pull)| step * pull).sum();
        let converged = square < STILL * STILL;
        if converged || steps == MOST_STEPS {
            let covariance = precision.inverse();
            return Ok(Fitted { unknowns, told, jacobian, covariance, steps, converged });
        }
        steps += 1;
        let shorter = (LONGEST / longest).min(1.0);
        unknowns.iter_mut().zip(step).for_each(|(own, step)| *own += shorter * step);
    }
}

/// Jᵀ J / error² + the precision before. It is positive definite, as the latter is.
fn precision(problem: &Problem<'_>, jacobian: &[Vec<f64>]) -> Cholesky {
    let count = problem.prior.len();
    let weight = problem.error.powi(-2);
    let entry = |row: usize, column: usize| {
        let seen: f64 = jacobian.iter().map(|slopes| slopes[row] * slopes[column]).sum();
        let before = if row == column { problem.prior[row].powi(-2) } else { 0.0 };
        weight * seen + before
    };
    let matrix: Vec<Vec<f64>> =
        (0..count).map(|row| (0..count).map(|column| entry(row, column)).collect()).collect();
    match Cholesky::of(&matrix) {
        Some(factor) => factor,
        None => panic!("a sum of squares with a prior must be positive definite: {matrix:?}"),
    }
}

/// Where measurements and the prior pull: −½ of the gradient of the sum of squares.
fn pull(problem: &Problem<'_>, at: &[f64], told: &[f64], jacobian: &[Vec<f64>]) -> Vec<f64> {
    let weight = problem.error.powi(-2);
    let of = |index: usize| {
        let rows = problem.measured.iter().zip(told).zip(jacobian);
        let seen: f64 =
            rows.map(|((measured, told), slopes)| slopes[index] * (measured - told)).sum();
        weight * seen - (at[index] - problem.centre[index]) * problem.prior[index].powi(-2)
    };
    (0..at.len()).map(of).collect()
}

impl Fitted {
    /// Standard deviation of an unknown.
    pub(super) fn deviation(&self, index: usize) -> f64 {
        self.covariance[index][index].max(0.0).sqrt()
    }

    /// Correlation of two unknowns.
    pub(super) fn correlation(&self, one: usize, other: usize) -> f64 {
        self.covariance[one][other] / (self.deviation(one) * self.deviation(other))
    }

    /// Unknowns that measurements and a prior allow that were moved by `chance`: a standard normal number for each
    /// unknown, then one for each figure. Of a lone client a figure is a sum of parts, each as long as its factor, so
    /// no simulation is needed.
    pub(super) fn drawn(&self, problem: &Problem<'_>, chance: &[f64]) -> Vec<f64> {
        let (of_prior, of_figures) = chance.split_at(problem.prior.len());
        let moved = |values: &[f64], by: &[f64]| -> Vec<f64> {
            values.iter().zip(by).map(|(value, by)| value + by).collect()
        };
        let scaled: Vec<f64> =
            problem.prior.iter().zip(of_prior).map(|(own, chance)| own * chance).collect();
        let errors: Vec<f64> = of_figures.iter().map(|chance| problem.error * chance).collect();
        let centre = moved(problem.centre, &scaled);
        let measured = moved(problem.measured, &errors);
        let problem =
            Problem { measured: &measured, centre: &centre, start: &self.unknowns, ..*problem };
        let mut tell = |points: &[Vec<f64>]| -> Result<Vec<Vec<f64>>, Infallible> {
            Ok(points.iter().map(|point| self.told_at(point)).collect())
        };
        match fit(&problem, &mut tell) {
            Ok(found) => found.unknowns,
            Err(never) => match never {},
        }
    }

    /// The figures at other unknowns, by their parts at the fitted ones.
    fn told_at(&self, point: &[f64]) -> Vec<f64> {
        let longer: Vec<f64> =
            point.iter().zip(&self.unknowns).map(|(there, here)| (there - here).exp_m1()).collect();
        let figure = |(told, slopes): (&f64, &Vec<f64>)| {
            let change: f64 =
                slopes.iter().zip(&longer).map(|(slope, longer)| slope * longer).sum();
            told + (1.0 + change).max(LEAST_LEFT).ln()
        };
        self.told.iter().zip(&self.jacobian).map(figure).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(measured: &[f64], prior: &[f64], figures: impl Fn(&[f64]) -> Vec<f64>) -> Fitted {
        let zero = vec![0.0; prior.len()];
        let problem = Problem { measured, error: 0.03, prior, centre: &zero, start: &zero };
        let mut tell = |points: &[Vec<f64>]| -> Result<Vec<Vec<f64>>, Infallible> {
            Ok(points.iter().map(|point| figures(point)).collect())
        };
        fit(&problem, &mut tell).unwrap_or_else(|never| match never {})
    }

    /// Two operations of 1 ms each and one measured sum of 3 ms, by hand. With both at x the sum is 2 eˣ ms, the slopes
    /// are ½ and ½, and (ln 1.5 − x)/σ² · ½ = x/s². The covariance is s² along the difference, and
    /// 1/(1/2σ² + 1/s²) along the sum.
    #[test]
    fn a_sum_of_two_is_fitted_as_by_hand() {
        let (error, prior) = (0.03f64, 3f64.ln());
        let sum = |x: &[f64]| vec![(x[0].exp() + x[1].exp()).ln()];
        let found = fitted(&[3f64.ln()], &[prior, prior], sum);
        assert!(found.converged && found.steps <= 6, "{found:?}");
        let both = 1.5f64.ln() / (1.0 + 2.0 * error * error / prior / prior);
        for own in &found.unknowns {
            assert!((own - both).abs() < 3e-3, "{own}, {both}");
        }
        let along_sum = 1.0 / (0.5 / error / error + 1.0 / prior / prior);
        let variance = (prior * prior + along_sum) / 2.0;
        let shared = (along_sum - prior * prior) / 2.0;
        assert!((found.covariance[0][0] / variance - 1.0).abs() < 2e-2, "{found:?}");
        assert!((found.covariance[0][1] / shared - 1.0).abs() < 2e-2, "{found:?}");
        assert!(found.correlation(0, 1) < -0.99);
    }

    #[test]
    fn more_figures_than_unknowns_agree_on_their_mean() {
        // Three measurements of one cost, each as good as the others; the prior hardly pulls.
        let measured = [1.00f64, 1.02, 1.07].map(f64::ln);
        let found = fitted(&measured, &[3f64.ln()], |x| vec![x[0]; 3]);
        let mean = measured.iter().sum::<f64>() / 3.0;
        assert!((found.unknowns[0] - mean).abs() < 1e-4 && found.converged);
        assert!((found.deviation(0) / (0.03 / 3f64.sqrt()) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn what_nothing_measures_stays_as_uncertain_as_before() {
        let found = fitted(&[0.5], &[1.0, 0.4], |x| vec![x[0]]);
        assert!((found.deviation(1) - 0.4).abs() < 1e-12 && found.unknowns[1] == 0.0);
        let zero = [0.0; 2];
        let problem = Problem {
            measured: &[0.5],
            error: 0.03,
            prior: &[1.0, 0.4],
            centre: &zero,
            start: &zero,
        };
        // A draw of it is one of the prior, and the measured one moves with its measurement.
        let drawn = found.drawn(&problem, &[0.0, 2.0, 1.0]);
        assert!((drawn[1] - 0.8).abs() < 1e-3, "{drawn:?}");
        assert!((drawn[0] - found.unknowns[0] - 0.03).abs() < 2e-3, "{drawn:?}");
    }

    #[test]
    fn draws_of_a_sum_keep_the_sum_however_far_its_parts_move() {
        let prior = [3f64.ln(); 2];
        let sum = |x: &[f64]| vec![(x[0].exp() + x[1].exp()).ln()];
        let found = fitted(&[3f64.ln()], &prior, sum);
        let zero = [0.0; 2];
        let measured = [3f64.ln()];
        let problem = Problem {
            measured: &measured,
            error: 0.03,
            prior: &prior,
            centre: &zero,
            start: &zero,
        };
        let mut apart: f64 = 0.0;
        for chance in [[1.5, -1.0, 0.0], [-2.0, 0.5, 1.0], [0.3, 1.9, -1.0], [2.5, -2.5, 0.0]] {
            let drawn = found.drawn(&problem, &chance);
            let told = sum(&drawn)[0];
            let moved = 3f64.ln() + 0.03 * chance[2];
            assert!((told - moved).abs() < 0.01, "{chance:?}: {drawn:?} comes to {told}");
            apart = apart.max((drawn[0] - drawn[1]).abs());
        }
        assert!(apart > 2.0, "{apart}");
    }

    #[test]
    fn far_costs_are_reached_in_steps() {
        let found = fitted(&[5.0], &[2.0], |x| vec![(1.0 + x[0].exp()).ln()]);
        assert!(found.converged, "{found:?}");
        assert!((found.told[0] - 5.0).abs() < 0.01, "{found:?}");
    }
}
