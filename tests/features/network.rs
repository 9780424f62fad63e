//! Messages: round trips, transmission, bytes and their price, the protocol's work.

use cutline::measure::{Category, Kind};
use cutline::study::{self, Progress, RunFindings};

use super::ran::{assert_exact, assert_near, model, run_one};

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}

fn findings(body: &str) -> RunFindings {
    match study::run(&model(body), &[0], &Silence) {
        Ok(findings) => findings,
        Err(refused) => panic!("{body}\n{refused:?}"),
    }
}

#[test]
fn a_client_in_another_zone_adds_one_round_trip() {
    for (client, rtt) in [("cross_zone", 3.0), ("internet", 40.0), ("same_zone", 0.5)] {
        let body = format!(
            "
application: {{ modules: {{ shop: {{ operations: {{ go: [ wait: 1ms ] }} }} }} }}
workload:
  arrivals: {{ deterministic: 100/s }}
  client: {client}
  endpoints: {{ go: {{ call: shop.go }} }}
layouts: {{ main: {{ services: {{ shop: {{ threads: 1 }} }} }} }}
platform:
  prices: none
  network: {{ cross_zone: {{ rtt: 3ms, bandwidth: none }}, internet: {{ rtt: 40ms, bandwidth: none }},
             same_zone: {{ rtt: 0.5ms, bandwidth: none }} }}
"
        );
        let ran = run_one(&body, 10.0);
        assert_exact(ran.mean_ms(), 1.0 + rtt);
        assert_exact(ran.spent_ms(Category::Network), rtt);
    }
}

/// Two services on nodes that hold one of them each, in two zones.
const TWO_ZONES: &str = "
application:
  modules:
    front: { operations: { go: [ call: { to: back.work, request: 1KiB, reply: 3KiB } ] } }
    back: { operations: { work: [ wait: 1ms ] } }
workload: { arrivals: { deterministic: 100/s }, endpoints: { go: { call: front.go } } }
layouts: { main: { services: { each: { threads: async, cpu: 1, memory: 1GiB } }, protocol: plain } }
platform:
  prices: aws-us-east-1
  context_switch: none
  nodes: { class: m6i.large, cpu: 1.5, memory: 8GiB, zones: 2, reserved: { cpu: 0, memory: 0B } }
  network: { cross_zone: { rtt: 2ms, bandwidth: 1MB/s } }
  protocols: { plain: { overhead: 0B } }
run: { fixed: { duration: 100s, warmup: 0s, replications: 2 } }
";

#[test]
fn a_call_to_another_zone_takes_a_round_trip_and_the_time_of_its_bytes() {
    let ran = run_one(TWO_ZONES, 10.0);
    // 1 ms of work, 2 ms there and back, 4,096 bytes at 1,000,000 a second.
    assert_exact(ran.mean_ms(), 1.0 + 2.0 + 4.096);
    assert_exact(ran.spent_ms(Category::Network), 6.096);
}

#[test]
fn bytes_between_zones_are_billed_at_both_ends() {
    let findings = findings(TWO_ZONES);
    let main = findings.layouts.get("main").expect("the scenario has this layout");
    let line = main.cost.lines.iter().find(|line| line.item.contains("between zones"));
    let line = line.expect("the traffic between zones has its line");
    // 4 KiB, 100 times a second, 730 hours of 3,600 s, in GiB, paid by sender and receiver.
    let gib = 4.0 * 1024.0 * 100.0 * 730.0 * 3600.0 / f64::from(1 << 30);
    assert_near(line.quantity, 2.0 * gib, 2e-3 * gib);
    assert_near(line.per_month, 0.02 * gib, 2e-5 * gib);
}

#[test]
fn a_protocol_takes_its_work_at_both_ends_of_every_call() {
    const BODY: &str = "
application:
  modules:
    front:
      operations:
        go:
          - call: { to: back.work, request: 1KiB, reply: 3KiB }
          - parallel: [ [ call: { to: back.work, request: 1KiB, reply: 3KiB } ], [ wait: 0.1ms ] ]
    back: { operations: { work: [ cpu: 1ms ] } }
workload: { arrivals: { deterministic: 100/s }, endpoints: { go: { call: front.go } } }
layouts: { main: { services: { each: { threads: async, cpu: 2 } }, protocol: own } }
platform:
  prices: none
  context_switch: none
  network: { same_zone: { rtt: 0ms, bandwidth: none } }
  protocols: { own: { client_cpu: 0.3ms, server_cpu: 0.5ms, cpu_per_kib: 0.1ms } }
";
    let ran = run_one(BODY, 10.009);
    // Each call: 0.3 ms and 0.5 ms, and 4 KiB of 0.1 ms at both ends.
    let serialisation = 2.0 * (0.3 + 0.5 + 2.0 * 0.4);
    assert_exact(ran.spent_ms(Category::Serialisation), serialisation);
    assert_exact(ran.spent_ms(Category::Cpu), 2.0);
    assert_exact(ran.mean_ms(), 2.0 + serialisation);
    assert_eq!(ran.count(Kind::Ok), 1000);
    assert_exact(ran.busy_ms(), 1000.0 * (2.0 + serialisation));
}
