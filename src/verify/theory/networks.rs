//! Several stations: chains, feedback, closed loops, and threads held across calls.
//!
//! A service `driver` that holds nothing while it waits calls the stations one after the other, so
//! that nothing is held from one station to the next.

use crate::verify::case::{CASE, Case, Edited};
use crate::verify::seen::{ReadValue, Seen, exactly, in_system, minus, plus};

/// Mean time in a station per visit.
fn per_visit(seen: &Seen, station: &str) -> ReadValue {
    seen.service(station).residence_seconds.mean
}

/// Mean number in all of these stations.
fn in_all(seen: &Seen, stations: &[&str]) -> ReadValue {
    let each = stations.iter().map(|name| in_system(seen.service(name)));
    each.fold(exactly(0.0), plus)
}

const JACKSON: [&str; 4] = ["gateway", "orders", "search", "db"];
const TIERS: [&str; 3] = ["web", "app", "db"];

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "tandem3-mm1",
        scenario: "
application:
  modules:
    driver:
      operations:
        chain: [ call: one.serve, wait: 1ms, call: two.serve, wait: 1ms, call: three.serve ]
    one: { operations: { serve: [ cpu: exp(10ms) ] } }
    two: { operations: { serve: [ cpu: exp(12.5ms) ] } }
    three: { operations: { serve: [ cpu: exp(8.333333ms) ] } }
workload: { arrivals: { poisson: 60/s }, endpoints: { request: { call: driver.chain } } }
layouts:
  main: { services: { each: { cpu: 1, threads: 1 }, driver: { threads: async } } }
",
        minutes: 80,
        metrics: &[
            ("station1_mean_response", |seen| per_visit(seen, "one")),
            ("station1_utilization", |seen| seen.service("one").thread_utilisation),
            ("station2_mean_response", |seen| per_visit(seen, "two")),
            ("station2_utilization", |seen| seen.service("two").thread_utilisation),
            ("station3_mean_response", |seen| per_visit(seen, "three")),
            ("station3_utilization", |seen| seen.service("three").thread_utilisation),
            ("mean_response", |seen| seen.latency().mean),
            ("throughput", |seen| Some(seen.all().throughput_per_second)),
            ("response_p50", |seen| seen.latency().p50),
            ("response_p90", |seen| seen.latency().p90),
            ("response_p99", |seen| seen.latency().p99),
            ("response_p999", |seen| seen.latency().p999),
        ],
        ..CASE
    },
    // The number of further passes is geometric: 0.2 / (1 - 0.2) on average.
    Case {
        id: "feedback-mm1-p02",
        scenario: "
application:
  modules:
    driver:
      operations:
        passes:
          - call: svc.serve
          - repeat: { times: { geometric: { mean: 0.25 } }, do: [ call: svc.serve ] }
    svc: { operations: { serve: [ cpu: exp(10ms) ] } }
workload: { arrivals: { poisson: 60/s }, endpoints: { request: { call: driver.passes } } }
layouts:
  main: { services: { svc: { cpu: 1, threads: 1 }, driver: { threads: async } } }
",
        minutes: 40,
        metrics: &[
            ("svc_arrival_rate", |seen| Some(seen.service("svc").arrivals_per_second)),
            ("svc_utilization", |seen| seen.service("svc").thread_utilisation),
            ("svc_mean_response_per_visit", |seen| per_visit(seen, "svc")),
            ("svc_mean_in_system", |seen| in_system(seen.service("svc"))),
            ("mean_in_system_total", |seen| in_system(seen.service("svc"))),
            ("mean_response", |seen| seen.latency().mean),
            ("throughput", |seen| Some(seen.all().throughput_per_second)),
        ],
        quick: true,
        ..CASE
    },
    // From db a message goes on to orders with 0.1 and from there to db again with 0.5: full turns
    // are geometric with 0.05 / 0.95 on average. After the last one it leaves from orders with
    // 0.1 × 0.5 / 0.95, and else from db.
    Case {
        id: "jackson-4svc",
        scenario: "
application:
  modules:
    driver:
      operations:
        enter:
          - call: gateway.serve
          - choice:
              - share: 60%
                do: [ call: orders.serve, choice: [ { share: 50%, do: [ call: stored ] } ] ]
              - share: 30%
                do: [ call: search.serve, choice: [ { share: 80%, do: [ call: stored ] } ] ]
        stored:
          - call: db.serve
          - repeat:
              times: { geometric: { mean: 0.0526315789474 } }
              do: [ call: orders.serve, call: db.serve ]
          - choice: [ { share: 5.26315789474%, do: [ call: orders.serve ] } ]
    gateway: { operations: { serve: [ cpu: exp(14.285714ms) ] } }
    orders: { operations: { serve: [ cpu: exp(11.111111ms) ] } }
    search: { operations: { serve: [ cpu: exp(20ms) ] } }
    db: { operations: { serve: [ cpu: exp(10ms) ] } }
workload: { arrivals: { poisson: 100/s }, endpoints: { request: { call: driver.enter } } }
layouts:
  main:
    services:
      each: { cpu: 1, threads: 1 }
      gateway: { cpu: 2, threads: 2 }
      driver: { threads: async }
",
        minutes: 40,
        metrics: &[
            ("gateway_arrival_rate", |seen| Some(seen.service("gateway").arrivals_per_second)),
            ("gateway_utilization", |seen| seen.service("gateway").thread_utilisation),
            ("gateway_mean_response_per_visit", |seen| per_visit(seen, "gateway")),
            ("gateway_mean_in_system", |seen| in_system(seen.service("gateway"))),
            ("orders_arrival_rate", |seen| Some(seen.service("orders").arrivals_per_second)),
            ("orders_utilization", |seen| seen.service("orders").thread_utilisation),
            ("orders_mean_response_per_visit", |seen| per_visit(seen, "orders")),
            ("orders_mean_in_system", |seen| in_system(seen.service("orders"))),
            ("search_arrival_rate", |seen| Some(seen.service("search").arrivals_per_second)),
            ("search_utilization", |seen| seen.service("search").thread_utilisation),
            ("search_mean_response_per_visit", |seen| per_visit(seen, "search")),
            ("search_mean_in_system", |seen| in_system(seen.service("search"))),
            ("db_arrival_rate", |seen| Some(seen.service("db").arrivals_per_second)),
            ("db_utilization", |seen| seen.service("db").thread_utilisation),
            ("db_mean_response_per_visit", |seen| per_visit(seen, "db")),
            ("db_mean_in_system", |seen| in_system(seen.service("db"))),
            ("mean_in_system_total", |seen| in_all(seen, &JACKSON)),
            ("mean_response", |seen| seen.latency().mean),
            ("throughput", |seen| Some(seen.all().throughput_per_second)),
        ],
        ..CASE
    },
    Case {
        id: "closed-3tier-n50",
        scenario: "
application:
  modules:
    driver: { operations: { pass: [ call: web.serve, call: app.serve, call: db.serve ] } }
    web: { operations: { serve: [ cpu: exp(12ms) ] } }
    app: { operations: { serve: [ cpu: exp(20ms) ] } }
    db: { operations: { serve: [ cpu: exp(8ms) ] } }
workload:
  arrivals: { closed: { users: 50, think: exp(1s) } }
  endpoints: { request: { call: driver.pass } }
layouts:
  main: { services: { each: { cpu: 1, threads: 1 }, driver: { threads: async } } }
",
        minutes: 30,
        metrics: &[
            ("throughput", |seen| Some(seen.all().throughput_per_second)),
            ("mean_response", |seen| seen.latency().mean),
            ("mean_cycle_time", |seen| plus(seen.latency().mean, exactly(1.0))),
            ("mean_thinking_users", |seen| minus(exactly(50.0), in_all(seen, &TIERS))),
            ("web_utilization", |seen| seen.service("web").thread_utilisation),
            ("web_mean_in_system", |seen| in_system(seen.service("web"))),
            ("app_utilization", |seen| seen.service("app").thread_utilisation),
            ("app_mean_in_system", |seen| in_system(seen.service("app"))),
            ("db_utilization", |seen| seen.service("db").thread_utilisation),
            ("db_mean_in_system", |seen| in_system(seen.service("db"))),
        ],
        quick: true,
        ..CASE
    },
    Case {
        id: "closed-2class",
        scenario: "
application:
  modules:
    driver:
      operations:
        browse: [ call: app.browse, call: db.browse ]
        order: [ call: app.order, call: db.order ]
    app: { operations: { browse: [ cpu: exp(10ms) ], order: [ cpu: exp(20ms) ] } }
    db: { operations: { browse: [ cpu: exp(30ms) ], order: [ cpu: exp(5ms) ] } }
workload:
  endpoints:
    browse: { call: driver.browse, arrivals: { closed: { users: 12, think: exp(400ms) } } }
    order: { call: driver.order, arrivals: { closed: { users: 20, think: exp(600ms) } } }
layouts:
  main: { services: { each: { cpu: 1, threads: async } } }
",
        minutes: 25,
        metrics: &[
            ("browse_throughput", |seen| Some(seen.endpoint("browse").throughput_per_second)),
            ("browse_mean_response", |seen| seen.endpoint("browse").latency_seconds.mean),
            ("order_throughput", |seen| Some(seen.endpoint("order").throughput_per_second)),
            ("order_mean_response", |seen| seen.endpoint("order").latency_seconds.mean),
            ("app_utilization", |seen| seen.service("app").cpu_utilisation),
            ("db_utilization", |seen| seen.service("db").cpu_utilisation),
        ],
        quick: true,
        ..CASE
    },
    Case {
        id: "closed-2class-3st",
        scenario: "
application:
  modules:
    driver:
      operations:
        read: [ call: app.read, call: db.read, call: queue.read ]
        write: [ call: app.write, call: db.write, call: queue.write ]
    app: { operations: { read: [ cpu: exp(4ms) ], write: [ cpu: exp(10ms) ] } }
    db: { operations: { read: [ cpu: exp(12ms) ], write: [ cpu: exp(3ms) ] } }
    queue: { operations: { read: [ cpu: exp(2ms) ], write: [ cpu: exp(15ms) ] } }
workload:
  endpoints:
    read: { call: driver.read, arrivals: { closed: { users: 15, think: exp(200ms) } } }
    write: { call: driver.write, arrivals: { closed: { users: 25, think: exp(500ms) } } }
layouts:
  main: { services: { each: { cpu: 1, threads: async } } }
",
        minutes: 10,
        metrics: &[
            ("read_throughput", |seen| Some(seen.endpoint("read").throughput_per_second)),
            ("read_mean_response", |seen| seen.endpoint("read").latency_seconds.mean),
            ("write_throughput", |seen| Some(seen.endpoint("write").throughput_per_second)),
            ("write_mean_response", |seen| seen.endpoint("write").latency_seconds.mean),
            ("app_utilization", |seen| seen.service("app").cpu_utilisation),
            ("db_utilization", |seen| seen.service("db").cpu_utilisation),
            ("queue_utilization", |seen| seen.service("queue").cpu_utilisation),
        ],
        ..CASE
    },
    Case {
        id: "repair-n10-c2",
        scenario: "
application: { modules: { station: { operations: { serve: [ cpu: exp(10ms) ] } } } }
workload:
  arrivals: { closed: { users: 10, think: exp(50ms) } }
  endpoints: { request: { call: station.serve } }
layouts: { main: { services: { station: { cpu: 2, threads: 2 } } } }
",
        minutes: 5,
        metrics: super::queues::STATION,
        quick: true,
        ..CASE
    },
    Case {
        id: "layered-6threads",
        scenario: "
application:
  modules:
    a: { operations: { serve: [ wait: exp(20ms), call: b.serve ] } }
    b: { operations: { serve: [ cpu: exp(8ms) ] } }
workload: { arrivals: { poisson: 95/s }, endpoints: { request: { call: a.serve } } }
layouts:
  main: { services: { a: { threads: 6 }, b: { cpu: 1, threads: 1 } } }
",
        minutes: 140,
        metrics: &[
            ("mean_response", |seen| seen.latency().mean),
            ("mean_wait_for_thread", |seen| seen.service("a").queue_wait_seconds.mean),
            // Poisson arrivals see time averages.
            ("prob_all_threads_busy", |seen| seen.service("a").waited_share),
            ("thread_utilization", |seen| seen.service("a").thread_utilisation),
            ("b_utilization", |seen| seen.service("b").thread_utilisation),
            ("b_mean_response", |seen| per_visit(seen, "b")),
            ("mean_in_system", |seen| in_system(seen.service("a"))),
        ],
        // Six users who never think keep every thread busy.
        edited: &[Edited {
            edits: &[
                ("workload.arrivals", "{ closed: { users: 6, think: 0ms } }"),
                ("run.fixed.duration", "5min"),
            ],
            metrics: &[("max_throughput", |seen| Some(seen.all().throughput_per_second))],
        }],
        ..CASE
    },
];
