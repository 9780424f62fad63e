//! Connections of the pools of services, counted by hand.

use cutline::study::{DatabaseFindings, RunFindings};

use super::over_time::run;
use super::ran::assert_near;

/// A read a second from 1 s to 7 s, each with a connection for its 250 ms.
fn reads(services: &str) -> DatabaseFindings {
    read_by(services, "").layouts.0[0].1.databases.get("main").expect("it is there").clone()
}

fn read_by(services: &str, watch: &str) -> RunFindings {
    let body = format!(
        "
application:
  modules:
    shop:
      tables: {{ goods: {{ rows: 1M, row_size: 100B }} }}
      operations: {{ look: [ cpu: 100ms, read: goods ] }}
    till: {{ operations: {{ count: [ cpu: 1ms ] }} }}
workload:
  arrivals: {{ deterministic: 1/s }}
  endpoints: {{ look: {{ call: shop.look }} }}
layouts:
  main:
    services: {{ {services} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: {{ statement: 250ms, row_read: 0ms }},
               hit: 100%, pool: 2 }}
run: {{ until: 8s, replications: 2{watch} }}
"
    );
    run(&body)
}

#[test]
fn the_busiest_window_of_a_pool_stands_beside_its_mean() {
    // Two reads begin and end in each of the first two windows, three in the third, none in what is left.
    let found = read_by("shop: { threads: async }, till: { threads: async }", ", window: 2.5s");
    let all = &found.layouts.0[0].1.utilisation;
    let own = all.iter().find(|of| of.resource == "shop connections to main").expect("a pool");
    assert_near(own.share.value, 7.0 / 64.0, 1e-9);
    let peak = own.peak.expect("there are windows");
    assert_near(peak.share.value, 3.0 * 0.25 / 2.5 / 2.0, 1e-9);
    assert_eq!((peak.from_seconds, peak.to_seconds), (5.0, 7.5));
}

#[test]
fn connections_in_use_are_told_as_a_share_of_those_of_all_instances() {
    for (shop, connections) in [("threads: async", 2.0), ("threads: async, replicas: 3", 6.0)] {
        let found = reads(&format!("shop: {{ modules: [ shop, till ], {shop} }}"));
        let utilisation = found.pool_utilisation.expect("the shop has pools");
        assert_near(utilisation.value, 7.0 * 0.25 / 8.0 / connections, 1e-9);
    }
    // A service that reads nothing opens no connection.
    let found = reads("shop: { threads: async }, till: { threads: async }");
    assert_near(found.pool_utilisation.expect("the shop has a pool").value, 7.0 / 64.0, 1e-9);
}
