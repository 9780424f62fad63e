//! Reading what is spread: a view behind its tables, event-sourced keys that are loaded and added to.

use crate::study::{LogFindings, ViewFindings};
use crate::verify::case::{CASE, Case};
use crate::verify::seen::{Seen, exactly, minus};

fn view(seen: &Seen) -> Option<&ViewFindings> {
    seen.main().views.get("seen")
}

fn log(seen: &Seen) -> Option<&LogFindings> {
    seen.main().logs.get("one.one")
}

/// What loading takes besides the statement that adds an event.
const APPEND: f64 = 0.002;

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    // Nothing takes time but the way of a change to the view. The second table of the join never changes.
    Case {
        id: "cqrs-stale-share",
        scenario: "
application:
  modules:
    one:
      tables: { one: { rows: 100, row_size: 100B }, still: { rows: 100, row_size: 100B } }
      operations:
        write: [ write: one ]
        read: [ join: { name: both, tables: [ one, still ] } ]
workload:
  arrivals: { poisson: 100/s }
  endpoints: { write: { share: 1, call: one.write }, read: { share: 1, call: one.read } }
layouts:
  main:
    services: { one: { modules: all, threads: async } }
    databases:
      one:
        { tables: all, cpu: 64, memory: 1GiB, costs: none, storage: none, pool: 1000,
          max_connections: 1000, acquire_timeout: none }
      reads:
        { tables: [], cpu: 64, memory: 1GiB, costs: none, storage: none, pool: 1000,
          max_connections: 1000, acquire_timeout: none }
    views: { seen: { joins: one.both, in: reads, feed: { cdc: { lag: exp(800ms) } } } }
",
        minutes: 20,
        metrics: &[
            ("stale_read_share", |seen| view(seen)?.stale_share),
            ("mean_changes_in_flight", |seen| view(seen)?.on_their_way_mean),
            ("mean_staleness_of_a_change", |seen| view(seen)?.delay_seconds.mean),
        ],
        quick: true,
        ..CASE
    },
    // One command after the other: 2 ms to read the snapshot, as long to add the event, which is taken off.
    Case {
        id: "es-replay-snapshots",
        scenario: "
application:
  modules:
    one:
      tables: { one: { rows: 1, row_size: 100B, log: { event: 300B, snapshot_every: 50, replay: 0.1ms } } }
      operations: { command: [ write: one ] }
workload:
  arrivals: { closed: { users: 1, think: 1ms } }
  endpoints: { command: { call: one.command } }
layouts:
  main:
    services: { one: { modules: all, threads: async } }
    databases:
      one:
        { tables: all, cpu: 64, memory: 1GiB, hit: 100%, storage: none,
          costs: { statement: 2ms, row_read: 0ms, row_write: 0ms, commit: 0ms } }
",
        minutes: 3,
        metrics: &[
            ("mean_events_replayed", |seen| log(seen)?.replayed.mean),
            ("mean_load_time", |seen| minus(seen.latency().mean, exactly(APPEND))),
            ("load_time_p99", |seen| minus(seen.latency().p99, exactly(APPEND))),
            ("max_load_time", |seen| minus(seen.latency().max.and_then(exactly), exactly(APPEND))),
            ("snapshots_per_event", |seen| log(seen)?.snapshots_per_event),
        ],
        quick: true,
        ..CASE
    },
    // The transaction reads the key, works, and adds its event if nobody has meanwhile.
    Case {
        id: "es-optimistic-constant",
        scenario: "
application:
  modules:
    one:
      tables: { one: { rows: 1, row_size: 100B, log: { event: 300B, snapshot_every: 1, replay: 0ms } } }
      operations:
        command: [ transaction: { name: command, retries: 0, do: [ read: one, wait: 30ms, write: one ] } ]
workload: { arrivals: { poisson: 8/s }, endpoints: { command: { call: one.command } } }
layouts:
  main:
    services: { one: { modules: all, threads: async } }
    databases:
      one:
        { tables: all, cpu: 64, memory: 1GiB, costs: none, storage: none, pool: 1000,
          max_connections: 1000, acquire_timeout: none }
",
        minutes: 60,
        metrics: &[
            ("success_rate", |seen| Some(seen.all().throughput_per_second)),
            ("conflict_probability", |seen| log(seen)?.conflict_share),
        ],
        quick: true,
        ..CASE
    },
];
