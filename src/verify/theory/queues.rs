//! One waiting line: exponential and general service, loss, clocked arrivals, several lines.

use crate::verify::case::{CASE, Case, MetricReader};
use crate::verify::seen::{in_system, times};

/// One service `station` with so many threads, each with a core of its own: M/G/c.
macro_rules! station {
    ($arrivals:literal, $work:literal, $service:literal) => {
        concat!(
            "application: { modules: { station: { operations: { serve: [ cpu: ",
            $work,
            " ] } } } }\n",
            "workload: { arrivals: { ",
            $arrivals,
            " }, endpoints: { request: { call: station.serve } } }\n",
            "layouts: { main: { services: { station: { ",
            $service,
            " } } } }\n"
        )
    };
}
pub(super) use station;

pub(super) const STATION: &[MetricReader] = &[
    ("utilization", |seen| seen.service("station").thread_utilisation),
    ("mean_wait", |seen| seen.service("station").queue_wait_seconds.mean),
    ("prob_wait", |seen| seen.service("station").waited_share),
    ("wait_p50", |seen| seen.service("station").queue_wait_seconds.p50),
    ("wait_p90", |seen| seen.service("station").queue_wait_seconds.p90),
    ("wait_p99", |seen| seen.service("station").queue_wait_seconds.p99),
    ("wait_p999", |seen| seen.service("station").queue_wait_seconds.p999),
    ("mean_in_queue", |seen| seen.service("station").queue_length_mean),
    ("mean_in_system", |seen| in_system(seen.service("station"))),
    ("throughput", |seen| Some(seen.all().throughput_per_second)),
    ("throughput_per_worker", |seen| Some(seen.all().throughput_per_second)),
    ("loss_probability", |seen| seen.all().error_share),
    ("mean_response", |seen| seen.latency().mean),
    ("response_p50", |seen| seen.latency().p50),
    ("response_p90", |seen| seen.latency().p90),
    ("response_p99", |seen| seen.latency().p99),
    ("response_p999", |seen| seen.latency().p999),
];

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "mm1-rho50",
        scenario: station!("poisson: 50/s", "exp(10ms)", "cpu: 1, threads: 1"),
        minutes: 40,
        metrics: STATION,
        quick: true,
        ..CASE
    },
    Case {
        id: "mm1-rho80",
        scenario: station!("poisson: 80/s", "exp(10ms)", "cpu: 1, threads: 1"),
        minutes: 170,
        metrics: STATION,
        ..CASE
    },
    Case {
        id: "mmc-c2-rho60",
        scenario: station!("poisson: 120/s", "exp(10ms)", "cpu: 2, threads: 2"),
        minutes: 30,
        metrics: STATION,
        quick: true,
        ..CASE
    },
    Case {
        id: "mmc-c4-rho85",
        scenario: station!("poisson: 340/s", "exp(10ms)", "cpu: 4, threads: 4"),
        minutes: 80,
        metrics: STATION,
        ..CASE
    },
    Case {
        id: "mmck-c2-k10",
        scenario: station!("poisson: 190/s", "exp(10ms)", "cpu: 2, threads: 2, queue: 8"),
        minutes: 20,
        metrics: STATION,
        quick: true,
        ..CASE
    },
    Case {
        id: "erlang-b-c8",
        scenario: station!("poisson: 600/s", "exp(10ms)", "cpu: 8, threads: 8, queue: 0"),
        minutes: 2,
        metrics: STATION,
        quick: true,
        ..CASE
    },
    Case {
        id: "erlang-b-det-c12",
        scenario: station!("poisson: 500/s", "20ms", "cpu: 12, threads: 12, queue: 0"),
        minutes: 2,
        metrics: STATION,
        quick: true,
        ..CASE
    },
    Case {
        id: "md1-rho80",
        scenario: station!("poisson: 80/s", "10ms", "cpu: 1, threads: 1"),
        minutes: 100,
        metrics: STATION,
        ..CASE
    },
    Case {
        id: "mg1-lognormal-scv4",
        scenario: station!(
            "poisson: 70/s",
            "{ lognormal: { mean: 10ms, cv: 2 } }",
            "cpu: 1, threads: 1"
        ),
        minutes: 500,
        metrics: STATION,
        long_minutes: 2000,
        too_long: &["wait_p99", "wait_p999", "response_p99", "response_p999"],
        ..CASE
    },
    Case {
        id: "mg1-gamma-shape05",
        scenario: station!(
            "poisson: 75/s",
            "{ gamma: { mean: 10ms, cv: 1.4142135623730951 } }",
            "cpu: 1, threads: 1"
        ),
        minutes: 240,
        metrics: STATION,
        ..CASE
    },
    Case {
        id: "mg1-h2-slowquery",
        scenario: station!(
            "poisson: 60/s",
            "{ hyperexp: { branches: [ { share: 95%, mean: 4ms }, { share: 5%, mean: 120ms } ] } }",
            "cpu: 1, threads: 1"
        ),
        minutes: 440,
        metrics: STATION,
        long_minutes: 1320,
        too_long: &["wait_p50"],
        ..CASE
    },
    Case {
        id: "mg1-erlang4-rho85",
        scenario: station!(
            "poisson: 85/s",
            "{ erlang: { stages: 4, mean: 10ms } }",
            "cpu: 1, threads: 1"
        ),
        minutes: 200,
        metrics: STATION,
        ..CASE
    },
    Case {
        id: "dm1-cron",
        scenario: station!("deterministic: 80/s", "exp(10ms)", "cpu: 1, threads: 1"),
        minutes: 65,
        metrics: STATION,
        quick: true,
        ..CASE
    },
    Case {
        id: "roundrobin-2",
        scenario: "
application: { modules: { station: { operations: { serve: [ cpu: exp(10ms) ] } } } }
workload: { arrivals: { poisson: 170/s }, endpoints: { request: { call: station.serve } } }
layouts:
  main: { services: { station: { cpu: 1, threads: 1, replicas: 2, balancing: round_robin } } }
  random: { services: { station: { cpu: 1, threads: 1, replicas: 2, balancing: random } } }
  shared: { services: { station: { cpu: 2, threads: 2 } } }
",
        minutes: 35,
        metrics: &[
            ("utilization", |seen| seen.service("station").thread_utilisation),
            ("mean_wait", |seen| seen.service("station").queue_wait_seconds.mean),
            ("prob_wait", |seen| seen.service("station").waited_share),
            ("wait_p90", |seen| seen.service("station").queue_wait_seconds.p90),
            ("wait_p99", |seen| seen.service("station").queue_wait_seconds.p99),
            ("mean_in_system", |seen| times(in_system(seen.service("station")), 0.5)),
            ("throughput_per_worker", |seen| times(Some(seen.all().throughput_per_second), 0.5)),
            ("mean_response", |seen| seen.latency().mean),
            ("response_p50", |seen| seen.latency().p50),
            ("response_p90", |seen| seen.latency().p90),
            ("response_p99", |seen| seen.latency().p99),
            ("response_p999", |seen| seen.latency().p999),
            ("random_split_mean_response", |seen| seen.mean_of("random")),
            ("shared_queue_mean_response", |seen| seen.mean_of("shared")),
        ],
        long_minutes: 130,
        too_long: &["wait_p99", "response_p99", "response_p999"],
        ..CASE
    },
];
