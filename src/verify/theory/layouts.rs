//! One application in three layouts, compared under the same random numbers.

use crate::verify::case::{CASE, Case};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    // A call's round trip of 0.5 ms is the hop onward and back; the 0.8 ms of serialisation are
    // spread over three calls. Cores are shared, so only sums matter.
    Case {
        id: "layouts-mono-msa-distmono",
        scenario: "
application:
  modules:
    one: { operations: { run: [ cpu: 4ms, call: { to: two.run, request: 0B, reply: 0B } ] } }
    two: { operations: { run: [ cpu: 3ms, call: { to: three.run, request: 0B, reply: 0B } ] } }
    three: { operations: { run: [ cpu: 2ms, call: { to: four.run, request: 0B, reply: 0B } ] } }
    four: { operations: { run: [ cpu: 1ms ] } }
workload: { arrivals: { poisson: 200/s }, endpoints: { request: { call: one.run } } }
layouts:
  msa:
    protocol: none
    services: { each: { cpu: 1, threads: async } }
  distributed:
    protocol: serialised
    machines: { box: { cpu: 4 } }
    services: { each: { machine: box, threads: async } }
  monolith:
    services: { shop: { modules: all, cpu: 4, threads: async } }
platform:
  prices: none
  context_switch: none
  protocols: { serialised: { client_cpu: 0.1333333ms, server_cpu: 0.1333333ms } }
  network:
    same_node: { rtt: 0.5ms, bandwidth: none }
    same_zone: { rtt: 0.5ms, bandwidth: none }
",
        minutes: 6,
        metrics: &[
            ("monolith_mean_response", |seen| seen.mean_of("monolith")),
            ("msa_mean_response", |seen| seen.mean_of("msa")),
            ("distributed_monolith_mean_response", |seen| seen.mean_of("distributed")),
            ("msa_minus_monolith", |seen| seen.mean_difference("msa", "monolith")),
            ("distributed_minus_monolith", |seen| seen.mean_difference("distributed", "monolith")),
            ("monolith_utilization", |seen| {
                seen.layout("monolith").services.get("shop")?.cpu_utilisation
            }),
            ("msa_bottleneck_utilization", |seen| {
                seen.layout("msa").services.get("one")?.cpu_utilisation
            }),
        ],
        quick: true,
        ..CASE
    },
];
