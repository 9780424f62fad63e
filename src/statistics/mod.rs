//! How cutline knows how sure it is: moments, histograms, intervals, warm-up, paired differences.
//!
//! The replication is the unit of independence: no interval here comes from the samples within a
//! run, and percentiles are never averaged over runs.

mod cholesky;
mod histogram;
mod inefficiency;
mod interval;
mod moments;
mod paired;
mod quantile;
mod ratio;
mod student;
mod warmup;

pub use cholesky::Cholesky;
pub use histogram::Histogram;
pub use inefficiency::inefficiency;
pub use interval::{Interval, mean_interval, sectioned_quantile_interval, skew_corrected_interval};
pub use moments::Moments;
pub use paired::{
    PairVerdict, PairedDifference, Sectioned, holm, holm_verdicts, paired_difference,
    sectioned_difference, unpaired_difference,
};
pub use quantile::{Grouped, quantile_interval};
pub use ratio::ratio_values;
pub use student::{ln_gamma, normal_quantile, student_quantile, student_two_sided};
pub use warmup::mser5;
