//! Transactions over several databases: the rounds of a two-phase commit, what they do to a hot row, a saga.

use crate::study::{Estimate, TransactionFindings};
use crate::verify::case::{CASE, Case, Edited};
use crate::verify::seen::{ReadValue, Seen, exactly, minus, over, plus, times};

fn placed(seen: &Seen) -> Option<&TransactionFindings> {
    seen.main().transactions.get("orders.place")
}

/// How long rows of a database are locked.
fn locked(seen: &Seen, database: &str) -> ReadValue {
    placed(seen)?.locked_seconds.get(database)?.mean
}

/// Latency beyond so much that is constant (s).
fn beyond(seen: &Seen, constant: f64) -> ReadValue {
    minus(seen.latency().mean, exactly(constant))
}

fn share(seen: &Seen, of: fn(&TransactionFindings) -> Option<Estimate>) -> ReadValue {
    of(placed(seen)?)
}

/// The scenario of a row that everybody wants: how long the frame waits beside, and how many come.
macro_rules! hot_row {
    ($wait:literal, $rate:literal) => {
        concat!(
            "
application:
  modules:
    orders:
      tables: { orders: { rows: 1, row_size: 100B } }
      operations:
        place:
          - transaction: { name: place, do: [ write: orders, write: stock.stock, wait: ",
            $wait,
            " ] }
    stock: { tables: { stock: { rows: 1G, row_size: 1B } } }
workload: { arrivals: { poisson: ",
            $rate,
            " }, endpoints: { request: { call: orders.place } } }
layouts:
  main:
    services: { shop: { modules: all, threads: async } }
    databases:
      one:
        { tables: [ orders.orders ], cpu: 64, memory: 1GiB, pool: 10000, max_connections: 10000, hit: 100%,
          acquire_timeout: none, storage: { kind: none, flush: 1.5ms },
          costs: { statement: 0ms, row_write: 0.4ms, commit: 0ms, flush: 0ms, requeue: 0ms } }
      other:
        { tables: [ stock.stock ], cpu: 64, memory: 1GiB, pool: 10000, max_connections: 10000, hit: 100%,
          acquire_timeout: none, storage: { kind: none, flush: 3ms },
          costs: { statement: 0ms, row_write: 0.6ms, commit: 0ms, flush: 0ms, requeue: 0ms } }
    transactions: { orders.place: { 2pc: { log: none } } }
platform:
  prices: none
  context_switch: none
  network: { same_zone: { rtt: 1ms, bandwidth: none } }
"
        )
    };
}

/// What is told of that row.
const HOT_ROW: Case = Case {
    minutes: 60,
    metrics: &[
        ("lock_utilization", |seen| {
            // Arrivals per second times how long each holds the row.
            over(locked(seen, "one"), over(exactly(1.0), Some(seen.all().throughput_per_second)))
        }),
        ("mean_lock_wait", lock_wait),
        ("mean_wait_plus_hold", |seen| plus(lock_wait(seen), locked(seen, "one"))),
        ("max_throughput", |seen| over(exactly(1.0), locked(seen, "one"))),
    ],
    apart: &[("prob_lock_wait", "whether a write waits for its row is not told")],
    ..CASE
};

fn lock_wait(seen: &Seen) -> ReadValue {
    seen.main().databases.get("one")?.lock_wait_seconds.mean
}

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    // The coordinator stands on the machine of the first database, a millisecond away, and two from the other one.
    Case {
        id: "2pc-two-participants",
        scenario: "
application:
  modules:
    orders:
      tables: { orders: { rows: 1, row_size: 100B } }
      operations:
        place: [ transaction: { name: place, do: [ write: orders, write: stock.stock ] } ]
        alone: [ transaction: { name: alone, do: [ write: orders ] } ]
    stock: { tables: { stock: { rows: 1, row_size: 100B } } }
workload:
  arrivals: { closed: { users: 1, think: exp(10ms) } }
  endpoints: { request: { call: orders.place } }
layouts:
  main:
    machines: { box: { cpu: 64 } }
    services: { shop: { modules: all, machine: box, threads: async } }
    databases:
      one:
        { tables: [ orders.orders ], machine: box, memory: 1GiB, pool: 10, hit: 100%,
          storage: { kind: none, flush: 1.5ms },
          costs: { statement: 0ms, row_write: 0.4ms, commit: 0ms, flush: 0ms, requeue: 0ms } }
      other:
        { tables: [ stock.stock ], cpu: 64, memory: 1GiB, pool: 10, hit: 100%,
          storage: { kind: none, flush: 3ms },
          costs: { statement: 0ms, row_write: 0.6ms, commit: 0ms, flush: 0ms, requeue: 0ms } }
    transactions: { orders.place: { 2pc: { log: none } } }
platform:
  prices: none
  context_switch: none
  network:
    same_node: { rtt: 1ms, bandwidth: none }
    same_zone: { rtt: 2ms, bandwidth: none }
",
        minutes: 1,
        metrics: &[
            ("latency", |seen| seen.latency().mean),
            ("lock_hold_1", |seen| locked(seen, "one")),
            ("lock_hold_2", |seen| locked(seen, "other")),
            ("hot_row_max_throughput_1", |seen| over(exactly(1.0), locked(seen, "one"))),
        ],
        edited: &[Edited {
            edits: &[("workload.endpoints", "{ request: { call: orders.alone } }")],
            metrics: &[
                ("local_transaction_lock_hold_1", |seen| {
                    seen.main().databases.get("one")?.locked_seconds
                }),
                ("local_hot_row_max_throughput_1", |seen| {
                    over(exactly(1.0), seen.main().databases.get("one")?.locked_seconds)
                }),
            ],
        }],
        quick: true,
        ..CASE
    },
    // One user: nothing is waited for. The statements take a round trip each before the commit begins.
    Case {
        id: "2pc-exponential-flush",
        scenario: "
application:
  modules:
    orders:
      tables: { orders: { rows: 1, row_size: 100B } }
      operations:
        place:
          - transaction: { name: place, do: [ write: orders, write: stock.stock, write: pay.pay ] }
    stock: { tables: { stock: { rows: 1, row_size: 100B } } }
    pay: { tables: { pay: { rows: 1, row_size: 100B } } }
workload:
  arrivals: { closed: { users: 1, think: 1ms } }
  endpoints: { request: { call: orders.place } }
layouts:
  main:
    services: { shop: { modules: all, threads: async } }
    databases:
      one:
        { tables: [ orders.orders ], cpu: 64, memory: 1GiB, costs: none, pool: 10, hit: 100%,
          storage: { kind: none, flush: exp(2ms) } }
      two:
        { tables: [ stock.stock ], cpu: 64, memory: 1GiB, costs: none, pool: 10, hit: 100%,
          storage: { kind: none, flush: exp(2ms) } }
      three:
        { tables: [ pay.pay ], cpu: 64, memory: 1GiB, costs: none, pool: 10, hit: 100%,
          storage: { kind: none, flush: exp(2ms) } }
    transactions: { orders.place: { 2pc: { log: none } } }
platform:
  prices: none
  context_switch: none
  network: { same_zone: { rtt: 1ms, bandwidth: none } }
",
        minutes: 3,
        metrics: &[
            ("mean_round", |seen| times(beyond(seen, 0.003), 0.5)),
            ("mean_commit_latency", |seen| beyond(seen, 0.003)),
            ("mean_lock_hold_in_commit_1", |seen| minus(locked(seen, "one"), exactly(0.0025))),
        ],
        apart: &[("round_p99", "a round by itself is not told")],
        quick: true,
        ..CASE
    },
    // The row is held for 10.6 ms: the statement 0.4, its reply 0.5, the other statement 1.6, the wait, rounds of 4 and
    // 2 ms.
    Case { id: "2pc-hot-row-md1", scenario: hot_row!("2.1ms", "70/s"), quick: true, ..HOT_ROW },
    // The same with a longer wait: 14.5 ms.
    Case { id: "2pc-hot-row-md1-high", scenario: hot_row!("6ms", "60/s"), ..HOT_ROW },
    // Each operation is a transaction of its own database, the failing one rolls back.
    Case {
        id: "saga-3-steps",
        scenario: "
application:
  modules:
    orders:
      operations:
        place:
          - transaction:
              name: place
              do:
                - call: { to: one.run, undo: one.back }
                - call: { to: two.run, undo: two.back }
                - call: { to: three.run, undo: three.back }
    one:
      tables: { one: { rows: 1G, row_size: 1B } }
      operations:
        run: [ wait: exp(5ms), write: one, fail: 2% ]
        back: [ wait: exp(4ms), write: one ]
    two:
      tables: { two: { rows: 1G, row_size: 1B } }
      operations:
        run: [ wait: exp(20ms), write: two, fail: 5% ]
        back: [ wait: exp(6ms), write: two ]
    three:
      tables: { three: { rows: 1G, row_size: 1B } }
      operations:
        run: [ wait: exp(8ms), write: three, fail: 10% ]
        back: [ wait: exp(1ms), write: three ]
workload: { arrivals: { poisson: 50/s }, endpoints: { request: { call: orders.place } } }
layouts:
  main:
    services: { shop: { modules: all, threads: async } }
    databases:
      one:
        { tables: [ one.one ], cpu: 64, memory: 1GiB, costs: none, storage: none, pool: 10000,
          max_connections: 10000, acquire_timeout: none }
      two:
        { tables: [ two.two ], cpu: 64, memory: 1GiB, costs: none, storage: none, pool: 10000,
          max_connections: 10000, acquire_timeout: none }
      three:
        { tables: [ three.three ], cpu: 64, memory: 1GiB, costs: none, storage: none, pool: 10000,
          max_connections: 10000, acquire_timeout: none }
    transactions: { each: saga }
",
        minutes: 60,
        metrics: &[
            ("success_probability", |seen| share(seen, |placed| placed.committed_share)),
            ("compensation_probability", |seen| share(seen, |placed| placed.compensated_share)),
            ("mean_latency_success", |seen| seen.latency().mean),
            ("compensations_per_saga", |seen| share(seen, |placed| placed.undone_mean)),
            ("mean_inconsistency_window", |seen| {
                share(seen, |placed| placed.inconsistency_seconds.mean)
            }),
            ("inconsistency_window_p50", |seen| {
                share(seen, |placed| placed.inconsistency_seconds.p50)
            }),
            ("inconsistency_window_p99", |seen| {
                share(seen, |placed| placed.inconsistency_seconds.p99)
            }),
            ("mean_sagas_in_window", |seen| share(seen, |placed| placed.inconsistent_mean)),
        ],
        apart: &[
            ("mean_latency_failed", FAILED),
            ("mean_latency_all", FAILED),
            ("latency_all_p99", FAILED),
        ],
        quick: true,
        ..CASE
    },
];

const FAILED: &str = "how long requests take that fail is not told";
