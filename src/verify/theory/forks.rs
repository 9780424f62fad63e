//! Calls in parallel, joined when the last has answered.

use crate::verify::case::{CASE, Case, MetricReader};
use crate::verify::seen::{minus, plus, times};

const FAN_OUT: &[MetricReader] = &[
    ("mean_response", |seen| seen.latency().mean),
    ("response_p50", |seen| seen.latency().p50),
    ("response_p90", |seen| seen.latency().p90),
    ("response_p99", |seen| seen.latency().p99),
    ("response_p999", |seen| seen.latency().p999),
];

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "forkjoin2-rho60",
        scenario: "
application:
  modules:
    driver: { operations: { fork: [ parallel: [ [ call: one.serve ], [ call: two.serve ] ] ] } }
    one: { operations: { serve: [ cpu: exp(10ms) ] } }
    two: { operations: { serve: [ cpu: exp(10ms) ] } }
workload: { arrivals: { poisson: 60/s }, endpoints: { request: { call: driver.fork } } }
layouts:
  main: { services: { each: { cpu: 1, threads: 1 }, driver: { threads: async } } }
",
        minutes: 190,
        metrics: &[
            ("mean_response", |seen| seen.latency().mean),
            ("response_p50", |seen| seen.latency().p50),
            ("response_p90", |seen| seen.latency().p90),
            ("response_p99", |seen| seen.latency().p99),
            ("branch1_mean_response", |seen| seen.service("one").residence_seconds.mean),
            ("branch2_mean_response", |seen| seen.service("two").residence_seconds.mean),
            ("mean_synchronisation_delay", |seen| {
                let one = seen.service("one").residence_seconds.mean;
                let two = seen.service("two").residence_seconds.mean;
                minus(seen.latency().mean, times(plus(one, two), 0.5))
            }),
        ],
        ..CASE
    },
    Case {
        id: "fanout20-exp",
        scenario: "
application:
  modules:
    driver:
      operations:
        fork:
          - parallel: [
              [ call: task.run ], [ call: task.run ], [ call: task.run ], [ call: task.run ],
              [ call: task.run ], [ call: task.run ], [ call: task.run ], [ call: task.run ],
              [ call: task.run ], [ call: task.run ], [ call: task.run ], [ call: task.run ],
              [ call: task.run ], [ call: task.run ], [ call: task.run ], [ call: task.run ],
              [ call: task.run ], [ call: task.run ], [ call: task.run ], [ call: task.run ] ]
    task: { operations: { run: [ wait: exp(10ms) ] } }
workload: { arrivals: { poisson: 5/s }, endpoints: { request: { call: driver.fork } } }
layouts: { main: { services: { each: { threads: async } } } }
",
        minutes: 130,
        metrics: FAN_OUT,
        ..CASE
    },
    Case {
        id: "fanout8-lognormal",
        scenario: "
application:
  modules:
    driver:
      operations:
        fork:
          - parallel: [
              [ call: task.run ], [ call: task.run ], [ call: task.run ], [ call: task.run ],
              [ call: task.run ], [ call: task.run ], [ call: task.run ], [ call: task.run ] ]
    task: { operations: { run: [ wait: { lognormal: { mean: 4ms, cv: 1.224744871391589 } } ] } }
workload: { arrivals: { poisson: 20/s }, endpoints: { request: { call: driver.fork } } }
layouts: { main: { services: { each: { threads: async } } } }
",
        minutes: 35,
        metrics: FAN_OUT,
        quick: true,
        ..CASE
    },
];
