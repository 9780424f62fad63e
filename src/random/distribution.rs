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
