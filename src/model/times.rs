//! How often something is repeated.

/// How often a repeat runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Times {
    /// Just so often.
    Fixed(u32),
    /// Uniform over whole numbers, both ends included.
    Uniform {
        /// Least.
        from: u32,
        /// Most.
        to: u32,
    },
    /// Geometric on 0, 1, 2, …: after each turn another with probability mean/(1 + mean).
    Geometric {
        /// Mean number of turns.
        mean: f64,
    },
    /// Poisson.
    Poisson {
        /// Mean number of turns.
        mean: f64,
    },
}
