//! Events that a broker carries: consumers that share partitions, that take batches, publishers that collect.

use crate::study::{ConsumerFindings, EventFindings};
use crate::verify::case::{CASE, Case, Edited};
use crate::verify::seen::{ReadValue, Seen, over};

fn event(seen: &Seen) -> Option<&EventFindings> {
    seen.main().published.get("told")
}

fn consumers(seen: &Seen) -> Option<&ConsumerFindings> {
    seen.main().consumers.get("back")
}

fn completion(seen: &Seen) -> ReadValue {
    event(seen)?.completion_seconds.mean
}

/// A publisher, a broker that takes no time, and a service that takes the event.
macro_rules! broker {
    ($rate:literal, $handling:literal, $back:literal, $broker:literal, $consumers:literal) => {
        concat!(
            "
application:
  modules:
    front: { events: [ told ], operations: { tell: [ publish: told ] } }
    back: { subscribes: { told: handle }, operations: { handle: [ wait: ",
            $handling,
            " ] } }
workload: { arrivals: { poisson: ",
            $rate,
            " }, endpoints: { request: { call: front.tell } } }
layouts:
  main:
    services:
      front: { modules: [ front ], threads: async }
      back: { modules: [ back ], threads: async, ",
            $back,
            " }
    broker:
      kafka:
        { replication: 1, cpu: 64, storage: none, request_cpu: 0ms, message_cpu: 0ms, ",
            $broker,
            " }
    consumers: { back: { ",
            $consumers,
            " } }
"
        )
    };
}

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    // Two milliseconds to the broker, two from there. The publisher stands beside its database, so that it commits
    // when it publishes.
    Case {
        id: "outbox-poll",
        scenario: "
application:
  modules:
    front:
      tables: { rows: { rows: 1G, row_size: 1B } }
      events: [ told ]
      operations:
        tell: [ transaction: { name: tell, do: [ write: rows, publish: told ] } ]
    back: { subscribes: { told: handle }, operations: { handle: [ wait: 0ms ] } }
workload: { arrivals: { poisson: 30/s }, endpoints: { request: { call: front.tell } } }
layouts:
  main:
    machines: { box: { cpu: 64 } }
    services:
      front: { modules: [ front ], machine: box, threads: async }
      back: { modules: [ back ], threads: async }
    databases:
      rows:
        { tables: all, machine: box, memory: 1GiB, costs: none, storage: none, pool: 1000,
          max_connections: 10000, acquire_timeout: none, hit: 100% }
    protocol: none
    broker:
      kafka:
        { partitions: 1, replication: 1, cpu: 64, storage: none, request_cpu: 0ms, message_cpu: 0ms }
    outbox: { poll: 500ms }
platform:
  prices: none
  context_switch: none
  network:
    same_node: { rtt: 0ms, bandwidth: none }
    same_zone: { rtt: 4ms, bandwidth: none }
",
        minutes: 10,
        metrics: &[
            ("mean_publish_delay", completion),
            ("publish_delay_p50", |seen| event(seen)?.completion_seconds.p50),
            ("publish_delay_p99", |seen| event(seen)?.completion_seconds.p99),
            ("mean_events_per_poll", |seen| seen.main().outboxes.get("rows")?.found_mean),
        ],
        apart: &[("empty_poll_share", "one look in three million: a run that sees it takes days")],
        quick: true,
        ..CASE
    },
    Case {
        id: "partitions-12-consumers-4",
        scenario: broker!("300/s", "10ms", "replicas: 4", "partitions: 12", "concurrency: 1"),
        minutes: 30,
        metrics: &[
            ("mean_completion", completion),
            ("mean_wait", |seen| consumers(seen)?.wait_seconds.mean),
            ("max_consumer_utilization", |seen| consumers(seen)?.busiest_share),
            ("min_consumer_utilization", |seen| consumers(seen)?.idlest_share),
            ("max_throughput", |seen| {
                let back = consumers(seen)?;
                over(Some(back.per_second), back.busiest_share)
            }),
        ],
        quick: true,
        ..CASE
    },
    Case {
        id: "batch-consumer",
        scenario: broker!(
            "400/s",
            "1ms",
            "replicas: 1",
            "partitions: 1",
            "batch: 50, batch_time: 20ms, prefetch: 1M"
        ),
        minutes: 60,
        metrics: &[
            ("mean_completion", completion),
            ("mean_batch_size", |seen| consumers(seen)?.batch_mean),
            ("batches_per_second", |seen| Some(consumers(seen)?.takes_per_second)),
            ("consumer_utilization", |seen| consumers(seen)?.busiest_share),
        ],
        edited: &[Edited {
            edits: &[("workload.arrivals.poisson", "800/s")],
            metrics: &[("max_throughput", |seen| Some(consumers(seen)?.per_second))],
        }],
        ..CASE
    },
    Case {
        id: "producer-linger",
        scenario: broker!(
            "500/s",
            "1ms",
            "replicas: 1",
            "partitions: 1, linger: 10ms, batch: 1GiB",
            "concurrency: 1"
        ),
        minutes: 5,
        metrics: &[
            ("mean_linger_delay", |seen| seen.latency().mean),
            ("mean_batch_size", |seen| event(seen)?.batch_mean),
            ("batches_per_second", |seen| Some(event(seen)?.requests_per_second)),
            ("full_batch_share", |seen| event(seen)?.full_share),
        ],
        quick: true,
        ..CASE
    },
];
