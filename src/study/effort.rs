//! What a precision will cost, said before it is spent: from pilots as short as the run's own first ones, whose
//! intervals narrow with the root of the requests.

use super::length::{FirstLooks, first_looks};
use super::progress::{Progress, Stopped};
use super::work_log::FEWER;
use crate::model::{Length, Model};
use crate::plan::{Forecast, Plan};

/// How many times more requests may be needed than the width says that is seen in a short pilot: too little is seen of
/// rare long waits, and all figures of all layouts must be precise in the same pilot.
const MORE: f64 = 8.0;

/// A precision and what it takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Half-width that is asked of a mean, as a share of it.
    pub mean: f64,
    /// The same of a p99.
    pub p99: f64,
    /// Least and most requests of all replications of each layout, those of the pilots aside.
    pub requests: [f64; 2],
    /// Requests of the longest pilot that this is judged from.
    pub seen: f64,
}

/// What the precision of a run will take; `None` where its length is given or that of a load that passes, or where
/// no layout carries its load.
///
/// # Errors
/// It was stopped from outside.
pub fn effort(
    model: &Model,
    plans: &[(Plan, Forecast)],
    progress: &dyn Progress,
) -> Result<Option<Effort>, Stopped> {
    let Length::Precision { mean, p99 } = model.run.length else {
        return Ok(None);
    };
    let looks = first_looks(model, plans, progress)?;
    Ok(looks.map(|looks| {
        let requests = range(&looks);
        Effort { mean, p99, requests, seen: looks.requests }
    }))
}

/// The requests of a run after pilots of which the last was like this. Pilots double until they are precise, and the
/// run is twice as long as the last one.
fn range(looks: &FirstLooks) -> [f64; 2] {
    let FirstLooks { requests, most_requests, times_too_short: times } = *looks;
    if times <= 1.0 {
        return [2.0 * requests; 2];
    }
    let doubled = |times: f64| requests * 2.0 * times.log2().ceil().exp2();
    // It was too short, so one more doubling is sure.
    let least = doubled((times / FEWER).max(2.0)).min(most_requests);
    [least, doubled(times * MORE).min(most_requests).max(least)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(times_too_short: f64) -> [f64; 2] {
        range(&FirstLooks { requests: 20_000.0, most_requests: 10e6, times_too_short })
    }

    #[test]
    fn a_run_is_twice_as_long_as_the_first_pilot_that_is_precise() {
        assert_eq!(told(0.4), [40_000.0, 40_000.0]);
        assert_eq!(told(1.0), [40_000.0, 40_000.0]);
    }

    #[test]
    fn more_doublings_are_told_as_a_range_and_end_at_the_budget() {
        assert_eq!(told(3.0), [80_000.0, 1_280_000.0]);
        assert_eq!(told(32.0), [1_280_000.0, 10e6]);
        assert_eq!(told(f64::INFINITY), [10e6, 10e6]);
    }
}
