//! What a comparison is made from: a metric of one layout, value by value.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statistics::Sectioned;

/// One metric of one layout, in the unit of the metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sample {
    /// Of all replications: the mean of theirs, or the percentile of their values together.
    pub value: f64,
    /// The value of each replication. The r-th of two layouts saw the same random numbers.
    pub replications: Vec<f64>,
}

impl Sample {
    /// As a difference by sectioning takes it.
    pub(super) fn sectioned(&self) -> Sectioned<'_> {
        Sectioned { whole: self.value, replications: &self.replications }
    }
}
