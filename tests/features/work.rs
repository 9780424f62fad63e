//! One application needs the same work in every layout.

use cutline::measure::Kind;

use super::ran::run;

/// All that is drawn at random: work, branches, turns, hits, failures.
const BODY: &str = "
application:
  modules:
    front:
      operations:
        go:
          - cpu: exp(0.5ms)
          - parallel: [ [ call: goods.look ], [ cpu: exp(0.5ms), call: cart.show ] ]
          - choice: [ { share: 40%, do: [ call: cart.pay ] } ]
    goods:
      operations:
        look:
          - cache: { name: page, hit: 60%, miss: [ cpu: exp(1ms) ] }
          - repeat: { times: { poisson: { mean: 2 } }, do: [ cpu: exp(0.3ms), call: cart.show ] }
    cart:
      events: [ paid ]
      operations:
        show: [ cpu: exp(0.2ms) ]
        pay: [ cpu: { lognormal: { mean: 1ms, cv: 1.5 } }, fail: 10%, external: bank, publish: paid ]
    mail: { subscribes: { paid: confirm }, operations: { confirm: [ cpu: exp(1ms) ] } }
  externals: { bank: { latency: exp(2ms), failure: 10% } }
workload: { arrivals: { deterministic: 5/s }, endpoints: { go: { call: front.go } } }
layouts:
  monolith: { services: { all: { modules: all, cpu: 2, threads: 50 } } }
  halves:
    services:
      one: { modules: [ front, cart ], cpu: 1, threads: async, replicas: 2 }
      other: { modules: [ goods, mail ], cpu: 1, threads: 50, scheduling: fcfs }
  services: { services: { each: { cpu: 0.5, threads: 50 } } }
";

#[test]
fn two_layouts_of_one_application_need_exactly_the_same_work() {
    // The last request comes 190 ms before the end: nobody is under way then.
    let layouts = run::<3>(BODY, 1000.19);
    let [monolith, others @ ..] = &layouts;
    assert_eq!(monolith.in_flight(), 0);
    assert!(monolith.count(Kind::Failed) > 0);
    for other in others {
        assert_eq!(other.in_flight(), 0);
        assert_eq!(other.first().answers, monolith.first().answers);
        let (one, two) = (monolith.busy_ms(), other.busy_ms());
        // Busy time is counted in whole nanoseconds, one rounding for each of some 50,000 jobs.
        assert!((one - two).abs() < 0.1, "{one} and {two} core-ms");
    }
}
