//! Waiting lines that are more than first come, first served: priorities, and an end to patience.

use super::queues::station;
use crate::verify::case::{CASE, Case, MetricReader};
use crate::verify::seen::in_system;

/// What the requests see that wait at the station: those that get a thread, and all.
const IMPATIENT: &[MetricReader] = &[
    ("abandon_probability", |seen| seen.service("station").abandoned_share),
    ("prob_wait", |seen| seen.service("station").waited_share),
    ("mean_in_queue", |seen| seen.service("station").queue_length_mean),
    ("mean_in_system", |seen| in_system(seen.service("station"))),
    ("mean_wait_all", |seen| seen.service("station").queue_wait_seconds.mean),
    ("mean_wait_served", |seen| seen.service("station").served_wait_seconds?.mean),
    ("served_wait_p50", |seen| seen.service("station").served_wait_seconds?.p50),
    ("served_wait_p90", |seen| seen.service("station").served_wait_seconds?.p90),
    ("served_wait_p99", |seen| seen.service("station").served_wait_seconds?.p99),
    ("utilization", |seen| seen.service("station").thread_utilisation),
    ("throughput", |seen| Some(seen.all().throughput_per_second)),
];

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "prio-np-2class",
        scenario: "
application: { modules: { station: { operations: { serve: [ cpu: exp(10ms) ] } } } }
workload:
  endpoints:
    interactive: { call: station.serve, priority: 1, arrivals: { poisson: 30/s } }
    batch: { call: station.serve, priority: 0, arrivals: { poisson: 50/s } }
layouts:
  main: { services: { station: { cpu: 1, threads: 1, queue_discipline: priority } } }
",
        minutes: 90,
        metrics: &[
            ("interactive_mean_wait", |seen| seen.endpoint("interactive").queue_wait_seconds.mean),
            ("interactive_mean_response", |seen| seen.endpoint("interactive").latency_seconds.mean),
            ("batch_mean_wait", |seen| seen.endpoint("batch").queue_wait_seconds.mean),
            ("batch_mean_response", |seen| seen.endpoint("batch").latency_seconds.mean),
            ("utilization", |seen| seen.service("station").thread_utilisation),
            ("mean_response_all", |seen| seen.latency().mean),
        ],
        ..CASE
    },
    Case {
        id: "prio-pr-3class",
        scenario: "
application: { modules: { station: { operations: { serve: [ cpu: exp(10ms) ] } } } }
workload:
  endpoints:
    gold: { call: station.serve, priority: 2, arrivals: { poisson: 20/s } }
    silver: { call: station.serve, priority: 1, arrivals: { poisson: 25/s } }
    bronze: { call: station.serve, priority: 0, arrivals: { poisson: 30/s } }
layouts:
  main: { services: { station: { cpu: 1, threads: async, scheduling: preemptive_priority } } }
",
        minutes: 100,
        metrics: &[
            ("gold_mean_wait", |seen| seen.endpoint("gold").queue_wait_seconds.mean),
            ("gold_mean_response", |seen| seen.endpoint("gold").latency_seconds.mean),
            ("silver_mean_wait", |seen| seen.endpoint("silver").queue_wait_seconds.mean),
            ("silver_mean_response", |seen| seen.endpoint("silver").latency_seconds.mean),
            ("bronze_mean_wait", |seen| seen.endpoint("bronze").queue_wait_seconds.mean),
            ("bronze_mean_response", |seen| seen.endpoint("bronze").latency_seconds.mean),
            ("utilization", |seen| seen.service("station").cpu_utilisation),
            ("mean_response_all", |seen| seen.latency().mean),
        ],
        ..CASE
    },
    Case {
        id: "erlanga-overload",
        scenario: station!(
            "poisson: 600/s",
            "exp(10ms)",
            "cpu: 5, threads: 5, patience: exp(250ms)"
        ),
        minutes: 6,
        metrics: IMPATIENT,
        quick: true,
        ..CASE
    },
    Case {
        id: "mmcd-timeout50ms",
        scenario: station!("poisson: 220/s", "exp(10ms)", "cpu: 2, threads: 2, patience: 50ms"),
        minutes: 11,
        metrics: IMPATIENT,
        ..CASE
    },
];
