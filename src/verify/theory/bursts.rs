//! Requests that come in bursts: batches, and rates that change by themselves.

use super::queues::{STATION, station};
use crate::verify::case::{CASE, Case};
use crate::verify::seen::{exactly, in_system, minus};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "batch5-mm1",
        scenario: station!("batch: { rate: 14/s, size: 5 }", "exp(10ms)", "cpu: 1, threads: 1"),
        minutes: 85,
        metrics: STATION,
        quick: true,
        ..CASE
    },
    Case {
        id: "batchgeo-mm1",
        scenario: station!(
            "batch: { rate: 20/s, size: { geometric: { mean: 4 } } }",
            "exp(10ms)",
            "cpu: 1, threads: 1"
        ),
        minutes: 155,
        metrics: STATION,
        ..CASE
    },
    // The bursts last so long that an hour holds few of them.
    Case {
        id: "mmpp-bursty",
        scenario: station!(
            "mmpp: { states: [ { rate: 40/s, stay: 2s }, { rate: 140/s, stay: 666666667ns } ] }",
            "exp(10ms)",
            "cpu: 1, threads: 1"
        ),
        minutes: 440,
        metrics: &[
            ("arrival_rate_mean", |seen| Some(seen.all().offered_per_second)),
            ("utilization", |seen| seen.service("station").thread_utilisation),
            ("prob_system_empty_time_avg", |seen| {
                minus(exactly(1.0), seen.service("station").thread_utilisation)
            }),
            ("prob_wait", |seen| seen.service("station").waited_share),
            ("mean_in_system", |seen| in_system(seen.service("station"))),
            ("mean_response", |seen| seen.latency().mean),
            ("response_p50", |seen| seen.latency().p50),
            ("response_p90", |seen| seen.latency().p90),
            ("response_p99", |seen| seen.latency().p99),
            ("response_p999", |seen| seen.latency().p999),
        ],
        long_minutes: 1200,
        too_long: &["mean_in_system", "response_p50", "response_p99", "response_p999"],
        ..CASE
    },
];
