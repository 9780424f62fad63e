//! Cores shared by who is there, and delays that nobody waits in line for.

use super::queues::station;
use crate::verify::case::{CASE, Case, MetricReader};
use crate::verify::seen::{in_system, over, times};

const SHARED: &[MetricReader] = &[
    ("utilization", |seen| seen.service("station").cpu_utilisation),
    ("cpu_utilization", |seen| seen.service("station").cpu_utilisation),
    ("worker_utilization", |seen| seen.service("station").thread_utilisation),
    ("prob_wait_for_worker", |seen| seen.service("station").waited_share),
    ("mean_wait_for_worker", |seen| seen.service("station").queue_wait_seconds.mean),
    // Little's law over those who hold a worker.
    ("mean_time_in_worker", |seen| {
        let station = seen.service("station");
        over(station.in_service_mean, Some(station.arrivals_per_second))
    }),
    ("mean_in_system", |seen| in_system(seen.service("station"))),
    ("throughput", |seen| Some(seen.all().throughput_per_second)),
    // Every demand here has a mean of 10 ms.
    ("mean_slowdown", |seen| times(seen.latency().mean, 100.0)),
    ("mean_response", |seen| seen.latency().mean),
    ("response_p50", |seen| seen.latency().p50),
    ("response_p90", |seen| seen.latency().p90),
    ("response_p99", |seen| seen.latency().p99),
    ("response_p999", |seen| seen.latency().p999),
];

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "mm1-ps-rho75",
        scenario: station!("poisson: 75/s", "exp(10ms)", "cpu: 1, threads: async"),
        minutes: 65,
        metrics: SHARED,
        quick: true,
        ..CASE
    },
    Case {
        id: "md1-ps-insens",
        scenario: station!("poisson: 80/s", "10ms", "cpu: 1, threads: async"),
        minutes: 25,
        metrics: SHARED,
        quick: true,
        ..CASE
    },
    Case {
        id: "mln2-ps-insens",
        scenario: station!(
            "poisson: 150/s",
            "{ lognormal: { mean: 10ms, cv: 2 } }",
            "cpu: 2, threads: async"
        ),
        minutes: 30,
        metrics: SHARED,
        quick: true,
        ..CASE
    },
    Case {
        id: "lps-8workers-2cores",
        scenario: station!("poisson: 170/s", "exp(10ms)", "cpu: 2, threads: 8"),
        minutes: 30,
        metrics: SHARED,
        long_minutes: 260,
        too_long: &["mean_wait_for_worker"],
        ..CASE
    },
    Case {
        id: "mginf-network-delay",
        scenario: "
application:
  modules: { station: { operations: { hop: [ wait: { lognormal: { mean: 50ms, cv: 1 } } ] } } }
workload: { arrivals: { poisson: 200/s }, endpoints: { request: { call: station.hop } } }
layouts: { main: { services: { station: { threads: async } } } }
",
        minutes: 3,
        metrics: SHARED,
        quick: true,
        ..CASE
    },
    Case {
        id: "hops-hypoexp",
        scenario: "
application:
  modules: { station: { operations: { hops: [ wait: 3ms, wait: exp(2ms), wait: exp(5ms) ] } } }
workload: { arrivals: { poisson: 10/s }, endpoints: { request: { call: station.hops } } }
layouts: { main: { services: { station: { threads: async } } } }
",
        minutes: 65,
        metrics: SHARED,
        quick: true,
        ..CASE
    },
];
