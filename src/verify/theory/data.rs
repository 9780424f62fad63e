//! The database: a hot row and the log.

use crate::verify::case::{CASE, Case, Edited};
use crate::verify::seen::{exactly, minus, over};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    // A table of one row; the other transactions touch no database.
    Case {
        id: "hotrow-lock-mixture",
        scenario: "
application:
  modules:
    shop:
      tables: { stock: { rows: 1, row_size: 100B } }
      operations:
        hot: [ transaction: { name: sell, do: [ write: stock, wait: exp(8ms) ] } ]
        cold: [ wait: exp(2ms) ]
workload:
  arrivals: { poisson: 400/s }
  endpoints: { hot: { share: 20, call: shop.hot }, cold: { share: 80, call: shop.cold } }
layouts:
  main:
    services: { shop: { threads: async } }
    databases:
      main:
        { tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 100000,
          max_connections: 100000, acquire_timeout: none }
",
        minutes: 25,
        metrics: &[
            ("hot_mean_wait", |seen| seen.database().lock_wait_seconds.mean),
            ("hot_mean_response", |seen| seen.endpoint("hot").latency_seconds.mean),
            ("cold_mean_response", |seen| seen.endpoint("cold").latency_seconds.mean),
            ("mean_response_all", |seen| seen.latency().mean),
            ("response_all_p50", |seen| seen.latency().p50),
            ("response_all_p90", |seen| seen.latency().p90),
            ("response_all_p99", |seen| seen.latency().p99),
            ("response_all_p999", |seen| seen.latency().p999),
        ],
        // Many users who never think keep the lock busy.
        edited: &[Edited {
            edits: &[
                ("workload.arrivals", "{ closed: { users: 200, think: 0ms } }"),
                ("run.fixed.duration", "2min"),
            ],
            metrics: &[("max_throughput_total", |seen| Some(seen.all().throughput_per_second))],
        }],
        apart: &[("hot_lock_utilization", "how long a row is locked is not told")],
        ..CASE
    },
    Case {
        id: "groupcommit-det",
        scenario: "
application:
  modules:
    shop:
      tables: { orders: { rows: 1M, row_size: 100B } }
      operations: { place: [ write: { table: orders, insert: true } ] }
workload: { arrivals: { poisson: 400/s }, endpoints: { request: { call: shop.place } } }
layouts:
  main:
    services: { shop: { threads: async } }
    databases:
      main:
        { tables: all, cpu: 1, memory: 1GiB, costs: none, storage: { kind: none, flush: 5ms },
          hit: 100%, pool: 10000, max_connections: 10000, acquire_timeout: none }
",
        minutes: 3,
        metrics: &[
            ("prob_flush_in_progress", |seen| seen.database().log_utilisation),
            ("mean_wait", |seen| minus(seen.latency().mean, exactly(0.005))),
            ("mean_response", |seen| seen.latency().mean),
            ("mean_batch_size", |seen| {
                let main = seen.database();
                over(Some(main.commits_per_second), Some(main.flushes_per_second))
            }),
            ("flush_rate", |seen| Some(seen.database().flushes_per_second)),
            ("throughput", |seen| Some(seen.all().throughput_per_second)),
            ("response_p50", |seen| seen.latency().p50),
            ("response_p90", |seen| seen.latency().p90),
            ("response_p99", |seen| seen.latency().p99),
            ("response_p999", |seen| seen.latency().p999),
        ],
        quick: true,
        ..CASE
    },
];
