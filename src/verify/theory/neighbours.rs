//! Two services that share the cores of a machine: frame by frame, and by service.

use crate::study::Utilisation;
use crate::verify::case::{CASE, Case};
use crate::verify::seen::{ReadValue, Seen, over};

fn mean(seen: &Seen, layout: &str, endpoint: &str) -> ReadValue {
    seen.layout(layout).endpoints.get(endpoint)?.latency_seconds.mean
}

/// How busy the machine of a layout is.
fn busy(seen: &Seen, layout: &str) -> ReadValue {
    let machine = |busy: &&Utilisation| busy.resource == "box cpu";
    seen.layout(layout).utilisation.iter().find(machine).map(|busy| busy.share)
}

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    // Each gets half a core while both have work, else the busy one all of it. Within a service frames share what it
    // has, which for exponential work is as one at a time.
    Case {
        id: "fair-share-two-services",
        scenario: "
application:
  modules:
    a: { operations: { run: [ cpu: exp(10ms) ] } }
    b: { operations: { run: [ cpu: exp(33.333333ms) ] } }
workload:
  endpoints:
    a: { call: a.run, arrivals: { poisson: 30/s } }
    b: { call: b.run, arrivals: { poisson: 15/s } }
layouts:
  shared:
    machines: { box: { cpu: 1, scheduling: fair_share } }
    services: { each: { machine: box, threads: async } }
  apart:
    services: { each: { cpu: 1, threads: async } }
platform: { network: none, prices: none, context_switch: none }
",
        minutes: 60,
        metrics: &[
            ("a_mean_response", |seen| mean(seen, "shared", "a")),
            ("b_mean_response", |seen| mean(seen, "shared", "b")),
            ("cpu_utilization", |seen| busy(seen, "shared")),
            ("a_alone_mean_response", |seen| mean(seen, "apart", "a")),
        ],
        ..CASE
    },
    // Without shares by service a busy neighbour slows everybody by the same factor.
    Case {
        id: "noisy-neighbour-4-cores",
        scenario: "
application:
  modules:
    shop: { operations: { run: [ cpu: { lognormal: { mean: 5ms, cv: 1.5 } } ] } }
    batch: { operations: { run: [ cpu: exp(80ms) ] } }
workload:
  endpoints:
    shop: { call: shop.run, arrivals: { poisson: 200/s } }
    batch: { call: batch.run, arrivals: { poisson: 30/s } }
layouts:
  shared:
    machines: { box: { cpu: 4 } }
    services: { each: { machine: box, threads: async } }
  apart:
    services: { each: { cpu: 4, threads: async } }
platform: { network: none, prices: none, context_switch: none }
",
        minutes: 60,
        metrics: &[
            ("shop_mean_response", |seen| mean(seen, "shared", "shop")),
            ("batch_mean_response", |seen| mean(seen, "shared", "batch")),
            ("shop_alone_mean_response", |seen| mean(seen, "apart", "shop")),
            ("node_cpu_utilization", |seen| busy(seen, "shared")),
            ("slowdown", |seen| over(mean(seen, "shared", "shop"), mean(seen, "apart", "shop"))),
        ],
        quick: true,
        ..CASE
    },
];
