//! More load than capacity: said, never averaged.

use super::queues::station;
use crate::verify::case::{CASE, Case};
use crate::verify::seen::{ReadValue, Seen, minus};

/// Requests that come and do not leave.
fn growth(seen: &Seen) -> ReadValue {
    let all = seen.all();
    minus(Some(all.offered_per_second), Some(all.throughput_per_second))
}

const FIXED_TIMES: &str = "means at clock times need many short runs beside the long one, as transient-mm1-empty has them";

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "overload-mm1",
        scenario: station!("poisson: 120/s", "exp(10ms)", "cpu: 1, threads: 1"),
        minutes: 30,
        metrics: &[
            ("stable", Seen::stable),
            ("queue_growth_rate", growth),
            ("long_run_throughput", |seen| Some(seen.all().throughput_per_second)),
            ("utilization", |seen| seen.service("station").thread_utilisation),
        ],
        apart: &[
            ("mean_in_system_at_1.0s", FIXED_TIMES),
            ("prob_empty_at_1.0s", FIXED_TIMES),
            ("mean_completions_by_1.0s", FIXED_TIMES),
            ("mean_in_system_at_5.0s", FIXED_TIMES),
            ("prob_empty_at_5.0s", FIXED_TIMES),
            ("mean_completions_by_5.0s", FIXED_TIMES),
            ("mean_in_system_at_20.0s", FIXED_TIMES),
            ("mean_completions_by_20.0s", FIXED_TIMES),
        ],
        quick: true,
        ..CASE
    },
    Case {
        id: "overload-second-stage",
        scenario: "
application:
  modules:
    driver: { operations: { chain: [ call: first.serve, call: second.serve ] } }
    first: { operations: { serve: [ cpu: exp(10ms) ] } }
    second: { operations: { serve: [ cpu: exp(12.5ms) ] } }
workload: { arrivals: { poisson: 90/s }, endpoints: { request: { call: driver.chain } } }
layouts:
  main: { services: { each: { cpu: 1, threads: 1 }, driver: { threads: async } } }
",
        minutes: 75,
        metrics: &[
            ("stable", Seen::stable),
            ("stage1_utilization", |seen| seen.service("first").thread_utilisation),
            ("stage2_utilization", |seen| seen.service("second").thread_utilisation),
            ("queue_growth_rate", growth),
            ("long_run_throughput", |seen| Some(seen.all().throughput_per_second)),
        ],
        apart: &[("stage1_mean_response", "no mean is told of a layout that is not stable")],
        ..CASE
    },
];
