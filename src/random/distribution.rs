//! Distributions of a time, as authors write them. All times in seconds, constants in nanoseconds.

use crate::units::Nanos;

/// Distribution of a time. Every variant is at least 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Constant(Nanos),
    /// Exponential.
    Exponential {
        /// Mean [s].
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
        /// Mean [s].
        mean: f64,
        /// Coefficient of variation.
        cv: f64,
    },
    /// Weibull.
    Weibull {
        /// Mean [s].
        mean: f64,
        /// Shape; 1 is exponential.
        shape: f64,
    },
    /// Pareto, cut at `most`.
    Pareto {
        /// Least value [s].
        least: f64,
        /// Tail exponent.
        alpha: f64,
        /// Greatest value: larger draws are cut to it [s].
        most: f64,
    },
    /// Uniform.
    Uniform {
        /// Least [s].
        from: f64,
        /// Most [s].
        to: f64,
    },
    /// Mixture of exponentials: (probability, mean [s]); probabilities sum to 1.
    HyperExponential {
        /// The branches.
        branches: Vec<(f64, f64)>,
    },
    /// Sum of `stages` exponentials.
    Erlang {
        /// Number of stages, at least 1.
        stages: u32,
        /// Mean of the sum [s].
        mean: f64,
    },
    /// Any of the values, each as likely [s], ascending.
    Empirical {
        /// At least one.
        values: Vec<f64>,
    },
}
