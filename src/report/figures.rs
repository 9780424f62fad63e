//! Findings → figures: everything of this floor that is a picture.

use super::chart;
pub use super::chart::Figure;
use crate::study::{RunFindings, SweepFindings};

/// The figures of a run in the order in which a reader wants them: latency percentiles, latency
/// distribution, attribution, cost, utilisation, cost against p99. Always all of them; one whose
/// data is missing says so. After them what a terminating run, or an unstable layout, did over time.
pub fn figures(findings: &RunFindings) -> Vec<Figure> {
    chart::of_run(findings)
}

/// The figures of a sweep: p99 and cost over the varied value, and cost against p99.
pub fn sweep_figures(findings: &SweepFindings) -> Vec<Figure> {
    chart::of_sweep(findings)
}
