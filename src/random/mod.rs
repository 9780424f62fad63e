//! Chance: keyed draws that no layout can shift, named streams, distributions.

mod distribution;

pub use distribution::Distribution;
