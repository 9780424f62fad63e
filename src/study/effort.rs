//! What a precision will cost, said before it is spent: the requests that a mean and a p99 need, from the
//! load of the busiest resource.
//!
//! The waits of M/M/1 have the asymptotic variance ρ (2 + 5ρ − 4ρ² + ρ³) / (1 − ρ)⁴ in squared service times
//! (Daley, Journal of the Australian Mathematical Society 8, 1968); Whitt, Management Science 35, 1989, takes
//! run lengths from it. Held against the efforts that were measured for the oracle file.

use crate::model::Length;
use crate::plan::{Forecast, Rhythm};

/// The normal quantile of a two-sided 95 % interval.
const Z: f64 = 1.96;
/// How many times the requests of the mean a p99 needs for the same relative width: measured for M/M/1 at
/// loads of 50 and 80 %.
const P99_OVER_MEAN: f64 = 4.5;
/// How many times the requests that are needed a run takes: pilots double until they come to the precision,
/// and the run is twice as long as the last of them, so two to four times.
const TAKEN_OVER_NEEDED: f64 = 3.0;

/// A precision and what it takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Half-width that is asked of a mean, as a share of it.
    pub mean: f64,
    /// The same of a p99.
    pub p99: f64,
    /// Requests of all replications, those of the pilots aside, if arrivals and work vary as exponentials do.
    pub requests: f64,
}

/// What the precision of a run will take; `None` where its length is given or that of a load that passes,
/// where users are closed, or where the load is more than can be carried.
pub fn effort(length: Length, rhythm: Rhythm, forecast: &Forecast) -> Option<Effort> {
    let Length::Precision { mean, p99 } = length else {
        return None;
    };
    let load = forecast.bottleneck().map_or(0.0, |load| load.utilisation);
    let passes = matches!(rhythm, Rhythm::Once(_));
    if passes || forecast.closed_bound_per_second.is_some() || load >= 1.0 {
        return None;
    }
    let of_mean = |asked: f64| (Z / asked).powi(2) * relative_variance(load);
    let needed = of_mean(mean).max(P99_OVER_MEAN * of_mean(p99));
    Some(Effort { mean, p99, requests: TAKEN_OVER_NEEDED * needed })
}

/// Asymptotic variance of the mean latency of M/M/1 per request, over the square of the mean: that of its
/// service alone at no load.
fn relative_variance(load: f64) -> f64 {
    let waits = load * (2.0 + 5.0 * load - 4.0 * load.powi(2) + load.powi(3));
    1.0 + waits / (1.0 - load).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Load;

    fn requests(load: f64, mean: f64, p99: f64) -> Option<f64> {
        requests_of(Rhythm::Steady, load, mean, p99)
    }

    fn requests_of(rhythm: Rhythm, load: f64, mean: f64, p99: f64) -> Option<f64> {
        let forecast = Forecast {
            offered_per_second: 80.0,
            closed_bound_per_second: None,
            sheds: false,
            events_per_second: 0.0,
            loads: vec![Load { resource: "station threads".into(), utilisation: load }],
            peak: None,
        };
        effort(Length::Precision { mean, p99 }, rhythm, &forecast).map(|effort| effort.requests)
    }

    #[test]
    fn the_effort_is_about_that_of_the_oracle_file() {
        // (load, requests for ± 1 % of the mean, of the p99): mm1-rho50 and mm1-rho80.
        for (load, mean, p99) in [(0.5, 380_000.0, 1_800_000.0), (0.8, 3_200_000.0, 14_000_000.0)] {
            let near = |found: Option<f64>, known: f64| {
                let needed = found.map(|taken| taken / TAKEN_OVER_NEEDED);
                needed.is_some_and(|needed| (0.7..1.4).contains(&(needed / known)))
            };
            assert!(near(requests(load, 0.01, 1.0), mean), "{:?}", requests(load, 0.01, 1.0));
            assert!(near(requests(load, 1.0, 0.01), p99), "{:?}", requests(load, 1.0, 0.01));
        }
    }

    #[test]
    fn the_effort_is_about_that_of_runs_at_the_default_precision() {
        // Loads of mm1-rho80, mmc-c4-rho85 and forkjoin2-rho60, and the median run of a thousand seeds.
        for (load, taken) in [(0.8, 576_000.0), (0.85, 576_000.0), (0.6, 72_000.0)] {
            let found = requests(load, 0.05, 0.10);
            assert!(found.is_some_and(|found| (0.6..1.7).contains(&(found / taken))), "{found:?}");
        }
    }

    #[test]
    fn what_cannot_be_carried_has_no_precision() {
        assert_eq!(requests(1.0, 0.05, 0.1), None);
    }

    #[test]
    fn a_load_that_passes_is_run_to_its_end_and_not_to_a_precision() {
        assert!(requests(0.5, 0.05, 0.1).is_some());
        assert_eq!(requests_of(Rhythm::Once(1_000), 0.5, 0.05, 0.1), None);
    }
}
