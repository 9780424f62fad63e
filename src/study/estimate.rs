//! A figure with its interval, and how a mean over replications comes to one: by Student's t.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statistics::{Interval, mean_interval};

/// Level of every interval that is reported.
pub(super) const LEVEL: f64 = 0.95;

/// A value with its 95 % interval, both in the unit of the field that holds them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(Default))]
pub struct Estimate {
    /// Best single figure.
    pub value: f64,
    /// Lower and upper end of the 95 % confidence interval over independent replications; null where there
    /// is none.
    pub ci95: Option<[f64; 2]>,
}

impl From<Interval> for Estimate {
    fn from(interval: Interval) -> Self {
        let finite = interval.low.is_finite() && interval.high.is_finite();
        Estimate { value: interval.value, ci95: finite.then_some([interval.low, interval.high]) }
    }
}

/// The mean over replications of what is never negative, with its interval where there are at least two.
pub(super) fn estimate(values: &[f64]) -> Estimate {
    estimate_within(values, f64::INFINITY)
}

/// The same of shares (0 to 1).
pub(super) fn estimate_of_share(values: &[f64]) -> Estimate {
    estimate_within(values, 1.0)
}

fn estimate_within(values: &[f64], most: f64) -> Estimate {
    match mean_interval(values, LEVEL) {
        Some(interval) => interval.within(0.0, most).into(),
        None => Estimate { value: values.first().copied().unwrap_or(0.0), ci95: None },
    }
}
