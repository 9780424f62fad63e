//! Distributions of a time, as authors write them. All times in seconds, constants in nanoseconds.

use crate::statistics::ln_gamma;
use crate::units::Nanos;

/// Distribution of a time. Every variant is at least 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(Nanos),
    /// Exponential.
    Exponential {
        /// Mean (s).
        mean: f64,
    },
    /// Log-normal, by the parameters of its logarithm.
    LogNormal {
        /// Mean of the logarithm [log s].
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Gamma.
    Gamma {
        /// Mean (s).
        mean: f64,
        /// Coefficient of variation.
        cv: f64,
    },
    /// Weibull.
    Weibull {
        /// Mean (s).
        mean: f64,
        /// Shape; 1 is exponential.
        shape: f64,
    },
    /// Pareto, cut at `most`.
    Pareto {
        /// Least value (s).
        least: f64,
        /// Tail exponent.
        alpha: f64,
        /// Greatest value: larger draws are cut to it (s).
        most: f64,
    },
    /// Uniform.
    Uniform {
        /// Least (s).
        from: f64,
        /// Most (s).
        to: f64,
    },
    /// Mixture of exponentials: (probability, mean (s)); probabilities sum to 1.
    HyperExponential {
        /// The branches.
        branches: Vec<(f64, f64)>,
    },
    /// Sum of `stages` exponentials.
    Erlang {
        /// Number of stages, at least 1.
        stages: u32,
        /// Mean of the sum (s).
        mean: f64,
    },
    /// Any of the values, each as likely (s), ascending.
    Empirical {
        /// At least one.
        values: Vec<f64>,
    },
}

impl Distribution {
    /// Mean of the law, cuts included (s).
    pub fn mean(&self) -> f64 {
        match self {
            Distribution::Constant(time) => time.0 as f64 / 1e9,
            Distribution::LogNormal { mu, sigma } => (mu + sigma * sigma / 2.0).exp(),
            Distribution::Exponential { mean }
            | Distribution::Gamma { mean, .. }
            | Distribution::Weibull { mean, .. }
            | Distribution::Erlang { mean, .. } => *mean,
            Distribution::Pareto { least, alpha, most } => {
                // E min(X, m) = ∫₀^m P(X > x) dx.
                least + least / (alpha - 1.0) * (1.0 - (least / most).powf(alpha - 1.0))
            }
            Distribution::Uniform { from, to } => (from + to) / 2.0,
            Distribution::HyperExponential { branches } => {
                branches.iter().map(|(share, mean)| share * mean).sum()
            }
            Distribution::Empirical { values } => {
                values.iter().sum::<f64>() / values.len().max(1) as f64
            }
        }
    }

    /// Whether draws may be longer than a time (s), beyond what a law does less than once in 10¹³ draws.
    pub fn may_exceed(&self, time: f64) -> bool {
        /// Exponents of e and standard deviations that make about 10⁻¹³.
        const EXPONENT: f64 = 30.0;
        const DEVIATIONS: f64 = 7.35;
        let means = |mean: f64, of: f64| time < of * mean;
        match self {
            Distribution::Constant(constant) => constant.0 as f64 / 1e9 > time,
            Distribution::Exponential { mean } => means(*mean, EXPONENT),
            Distribution::LogNormal { mu, sigma } => time.ln() < mu + DEVIATIONS * sigma,
            // Their tails fall like that of an exponential law of this mean, or faster.
            Distribution::Gamma { mean, cv } => means(*mean, EXPONENT * (1.0 + cv * cv)),
            Distribution::Erlang { stages, mean } => {
                means(*mean, 1.0 + EXPONENT * 2.0 / f64::from(*stages).sqrt())
            }
            Distribution::Weibull { .. } => {
                let (scale, shape) = self.weibull_parameters();
                (time / scale).powf(shape) < EXPONENT
            }
            Distribution::Pareto { most, .. } => *most > time,
            Distribution::Uniform { to, .. } => *to > time,
            Distribution::HyperExponential { branches } => {
                branches.iter().any(|(_, mean)| means(*mean, EXPONENT))
            }
            Distribution::Empirical { values } => values.last().is_some_and(|last| *last > time),
        }
    }

    /// The law every draw of which is `factor` times as long: the mean is, too, and the coefficient of variation stays. `factor` is above 0 and finite. A constant is a whole number of nanoseconds.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        assert!(factor > 0.0 && factor.is_finite(), "a law {factor} times as long");
        match self {
            Distribution::Constant(time) => {
                Distribution::Constant(Nanos::from_seconds(time.seconds() * factor))
            }
            Distribution::Exponential { mean } => Distribution::Exponential { mean: mean * factor },
            Distribution::LogNormal { mu, sigma } => {
                Distribution::LogNormal { mu: mu + factor.ln(), sigma: *sigma }
            }
            Distribution::Gamma { mean, cv } => {
                Distribution::Gamma { mean: mean * factor, cv: *cv }
            }
            Distribution::Weibull { mean, shape } => {
                Distribution::Weibull { mean: mean * factor, shape: *shape }
            }
            Distribution::Pareto { least, alpha, most } => {
                Distribution::Pareto { least: least * factor, alpha: *alpha, most: most * factor }
            }
            Distribution::Uniform { from, to } => {
                Distribution::Uniform { from: from * factor, to: to * factor }
            }
            Distribution::HyperExponential { branches } => Distribution::HyperExponential {
                branches: branches.iter().map(|(share, mean)| (*share, mean * factor)).collect(),
            },
            Distribution::Erlang { stages, mean } => {
                Distribution::Erlang { stages: *stages, mean: mean * factor }
            }
            Distribution::Empirical { values } => Distribution::Empirical {
                values: values.iter().map(|value| value * factor).collect(),
            },
        }
    }

    /// Whether every draw is 0.
    pub fn is_zero(&self) -> bool {
        *self == Distribution::Constant(Nanos(0))
    }

    /// Scale (s) and shape of a Weibull law, whose mean is scale × Γ(1 + 1 / shape); (0, 1) for others.
    pub(super) fn weibull_parameters(&self) -> (f64, f64) {
        match self {
            Distribution::Weibull { mean, shape } => {
                (mean / ln_gamma(1.0 + 1.0 / shape).exp(), *shape)
            }
            _ => (0.0, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (mean, coefficient of variation) of 20,000 draws.
    fn drawn(law: &Distribution) -> (f64, f64) {
        let sampler = crate::random::Sampler::new(law);
        let mut draws = crate::random::Stream::new(crate::random::Key(7));
        let drawn: Vec<f64> = (0..20_000).map(|_| sampler.draw(&mut draws) as f64).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let square = drawn.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>();
        (mean, (square / drawn.len() as f64).sqrt() / mean)
    }

    #[test]
    fn a_scaled_law_has_a_scaled_mean_and_draws_as_spread_as_before() {
        let laws = [
            Distribution::Constant(Nanos(1_000_000_000)),
            Distribution::Exponential { mean: 0.5 },
            Distribution::LogNormal { mu: -1.0, sigma: 0.7 },
            Distribution::Gamma { mean: 2.0, cv: 0.5 },
            Distribution::Weibull { mean: 1.0, shape: 0.7 },
            Distribution::Pareto { least: 0.5, alpha: 2.2, most: 500.0 },
            Distribution::Uniform { from: 0.25, to: 2.0 },
            Distribution::HyperExponential { branches: vec![(0.9, 0.5), (0.1, 5.5)] },
            Distribution::Erlang { stages: 4, mean: 1.0 },
            Distribution::Empirical { values: vec![0.5, 1.5, 4.0] },
        ];
        for law in laws {
            let (mean, cv) = drawn(&law);
            for factor in [0.25, 1.0, 3.0] {
                let scaled = law.scaled(factor);
                let exact = factor * law.mean();
                assert!((scaled.mean() / exact - 1.0).abs() < 1e-12, "{law:?} by {factor}");
                let (scaled_mean, scaled_cv) = drawn(&scaled);
                assert!((scaled_mean / (factor * mean) - 1.0).abs() < 1e-6, "{law:?} by {factor}");
                assert!((scaled_cv - cv).abs() < 1e-6, "{law:?} by {factor}: {scaled_cv}, {cv}");
            }
        }
    }

    #[test]
    fn what_a_law_may_exceed_is_what_it_draws() {
        // (s) below the first each goes beyond, above the second it does not.
        let laws = [
            (Distribution::Constant(Nanos(1_000_000_000)), 0.9, 1.1),
            (Distribution::Exponential { mean: 1.0 }, 25.0, 35.0),
            (Distribution::LogNormal { mu: 0.0, sigma: 1.0 }, 1000.0, 2000.0),
            (Distribution::Gamma { mean: 1.0, cv: 2.0 }, 100.0, 200.0),
            (Distribution::Weibull { mean: 1.0, shape: 0.5 }, 400.0, 500.0),
            (Distribution::Pareto { least: 0.5, alpha: 2.0, most: 1000.0 }, 999.0, 1001.0),
            (Distribution::Uniform { from: 0.0, to: 2.0 }, 1.9, 2.1),
            (
                Distribution::HyperExponential { branches: vec![(0.9, 0.5), (0.1, 5.5)] },
                150.0,
                200.0,
            ),
            (Distribution::Erlang { stages: 4, mean: 1.0 }, 12.0, 35.0),
            (Distribution::Empirical { values: vec![0.5, 1.5] }, 1.4, 1.6),
        ];
        for (law, below, above) in laws {
            assert!(law.may_exceed(below) && !law.may_exceed(above), "{law:?}");
        }
    }
}
