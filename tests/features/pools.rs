//! Connections of the pools of services, counted by hand.

use cutline::study::DatabaseFindings;

use super::over_time::run;
use super::ran::assert_near;

/// A read a second from 1 s to 7 s, each with a connection for its 250 ms.
fn reads(services: &str) -> DatabaseFindings {
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
run: {{ until: 8s, replications: 2 }}
"
    );
    let findings = run(&body);
    findings.layouts.0[0].1.databases.get("main").expect("it is there").clone()
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
