//! How cutline knows how sure it is: moments, histograms, intervals, warm-up, paired differences.
//!
//! The replication is the unit of independence: no interval here comes from the samples within a
//! run, and percentiles are never averaged over runs.

mod histogram;

pub use histogram::Histogram;
