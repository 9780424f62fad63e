//! Requests that fail or are turned away: who hears of it, and what is free afterwards.

use cutline::measure::Kind;

use super::ran::{Ran, assert_exact, assert_near, five_sigma, run, run_one};

/// A quarter of the requests fail where they are worked on, one call away.
const FAILING: &str = "
application:
  modules:
    front: { operations: { go: [ call: back.work, wait: 1ms ] } }
    back: { operations: { work: [ wait: 1ms, fail: 25%, wait: 1ms ] } }
workload: { arrivals: { deterministic: 1000/s }, endpoints: { go: { call: front.go } } }
layouts:
  monolith: { services: { all: { modules: all, threads: async } } }
  services: { services: { each: { threads: async } } }
";

#[test]
fn a_failure_ends_its_callers_in_process_and_across_services() {
    let [monolith, services] = run::<2>(FAILING, 20.0);
    for ran in [&monolith, &services] {
        let slack = five_sigma(0.25 * 0.75, ran.first().arrivals);
        assert_near(ran.share(Kind::Failed), 0.25, slack);
        assert_exact(ran.share(Kind::Failed) + ran.share(Kind::Ok), 1.0);
        assert_exact(ran.mean_ms(), 3.0);
    }
    assert_eq!(services.service("back").arrivals, services.service("front").arrivals);
    let differ = monolith.count(Kind::Failed).abs_diff(services.count(Kind::Failed));
    assert!(differ <= 2, "the same requests fail in every layout, but {differ} do not");
}

#[test]
fn a_failure_of_a_turn_or_of_a_branch_fails_the_operation() {
    const BODY: &str = "
application:
  modules:
    shop:
      operations:
        turns: [ repeat: { times: 2, do: [ wait: 1ms, fail: 25% ] } ]
        branches: [ parallel: [ [ wait: 1ms, fail: 25% ], [ wait: 2ms, fail: 25% ] ] ]
workload:
  endpoints:
    turns: { arrivals: { deterministic: 1000/s }, call: shop.turns }
    branches: { arrivals: { deterministic: 1000/s }, call: shop.branches }
layouts: { main: { services: { shop: { modules: all, threads: async } } } }
";
    let ran = run_one(BODY, 20.0);
    for name in ["turns", "branches"] {
        let answers = ran.endpoint(name).answers;
        let all: u64 = answers.iter().sum();
        let ok = answers[Kind::Ok as usize] as f64 / all as f64;
        assert_near(ok, 0.75 * 0.75, five_sigma(0.5625 * 0.4375, all));
        assert_exact(super::ran::mean_ms(ran.endpoint(name)), 2.0);
    }
}

#[test]
fn a_failure_rolls_back_and_frees_the_row_and_the_only_connection() {
    // Every transaction holds the row for 1 ms, whether it fails or not: 1,000 answers a second.
    for (pool, steps) in [
        (1, "write: stock, wait: 1ms, fail: 50%"),
        (3, "write: stock, wait: 1ms, fail: 50%"),
        (3, "write: stock, call: check"),
    ] {
        let body = format!(
            "
application:
  modules:
    shop:
      tables: {{ stock: {{ rows: 1, row_size: 100B }} }}
      operations:
        sell: [ transaction: {{ name: sell, do: [ {steps} ] }} ]
        check: [ wait: 1ms, fail: 50% ]
workload:
  arrivals: {{ closed: {{ users: 3, think: 0ms }} }}
  endpoints: {{ sell: {{ call: shop.sell }} }}
layouts:
  main:
    services: {{ shop: {{ threads: async }} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: {pool} }}
"
        );
        let ran = run_one(&body, 10.0);
        let answered = ran.count(Kind::Ok) + ran.count(Kind::Failed);
        assert!((9_998..=10_000).contains(&answered), "{answered} answers of {pool}");
        assert_near(ran.share(Kind::Failed), 0.5, five_sigma(0.25, answered));
        assert!(ran.database().commits.abs_diff(ran.count(Kind::Ok)) <= 1);
    }
}

#[test]
fn one_user_is_never_stuck_behind_what_failed_before() {
    // Alone, the user has 1 ms of every transaction and 1 ms of every wait after it that is reached.
    const BODY: &str = "
application:
  modules:
    front: { operations: { buy: [ call: shop.sell, wait: 1ms ] } }
    shop:
      tables: { stock: { rows: 1, row_size: 100B } }
      operations:
        sell: [ transaction: { name: sell, do: [ write: stock, external: bank, fail: 50% ] } ]
  externals: { bank: { latency: 1ms, failure: 50%, concurrency: 1 } }
workload:
  arrivals: { closed: { users: 1, think: 0ms } }
  endpoints: { buy: { call: front.buy } }
layouts:
  main:
    services: { each: { threads: 1, queue: 0 } }
    databases:
      main: { tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 1 }
";
    let ran = run_one(BODY, 30.0);
    let (ok, failed) = (ran.count(Kind::Ok), ran.count(Kind::Failed));
    assert!((2 * ok + failed).abs_diff(30_000) <= 2, "{ok} well and {failed} failed");
    assert_near(ran.share(Kind::Failed), 0.75, five_sigma(0.25 * 0.75, ok + failed));
    assert_eq!(ran.count(Kind::Rejected), 0);
}

/// One thread and no waiting room behind a service with two threads: Erlang's loss formula with
/// an offered load of 1 turns half of the requests away, and never are both threads taken.
const REFUSING: &str = "
application:
  modules:
    front: { operations: { go: [ call: back.work ], both: [ parallel: [ [ call: back.work ] ] ] } }
    back: { operations: { work: [ wait: 1ms ] } }
workload: { arrivals: { poisson: 1000/s }, endpoints: { go: { call: front.OPERATION } } }
layouts:
  main: { services: { front: { modules: [ front ], threads: 2, queue: 0 },
                      back: { modules: [ back ], threads: 1, queue: 0 } } }
";

#[test]
fn a_refusal_of_a_called_service_is_a_rejection_and_frees_the_callers_threads() {
    for operation in ["go", "both"] {
        let ran = run_one(&REFUSING.replace("OPERATION", operation), 30.0);
        let back = ran.service("back");
        assert_eq!(ran.count(Kind::Rejected), back.rejected);
        assert_eq!(ran.service("front").rejected, 0);
        // The share of a loss system is correlated in time: twice the deviation of free draws.
        assert_near(ran.share(Kind::Rejected), 0.5, 2.0 * five_sigma(0.25, back.arrivals));
        assert_exact(ran.mean_ms(), 1.0);
        assert!(threads_in_use(&ran) <= 1);
    }
}

fn threads_in_use(ran: &Ran) -> i64 {
    ran.service("front").serving.level()
}

#[test]
fn a_wait_for_a_connection_ends_at_its_timeout_and_whoever_waits_shorter_gets_it() {
    // One holds the connection for 20 ms; the other gives up after 7 and 14 ms and has waited for
    // 6 ms when it is free: one good answer of 26 ms and two timeouts in every 20 ms.
    const BODY: &str = "
application:
  modules:
    shop:
      tables: { stock: { rows: 1, row_size: 100B } }
      operations: { sell: [ transaction: { name: sell, do: [ write: stock, wait: 20ms ] } ] }
workload:
  arrivals: { closed: { users: 2, think: 0ms } }
  endpoints: { sell: { call: shop.sell } }
layouts:
  main:
    services: { shop: { threads: async } }
    databases:
      main: { tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 1,
              acquire_timeout: 7ms }
";
    let ran = run_one(BODY, 20.0);
    assert!(ran.count(Kind::Ok).abs_diff(1000) <= 1, "{}", ran.count(Kind::Ok));
    assert!(ran.count(Kind::Timeout).abs_diff(2000) <= 2, "{}", ran.count(Kind::Timeout));
    // The very first did not wait.
    let answers = ran.count(Kind::Ok) as f64;
    let waited = ran.spent_ms(cutline::measure::Category::PoolWait);
    assert_exact(waited, 6.0 * (answers - 1.0) / answers);
    assert_exact(ran.mean_ms(), 20.0 + waited);
}

#[test]
fn failures_and_refusals_travel_back_to_clients_and_callers_far_away() {
    // The client is 10 ms away and the services 2 ms apart: what fails comes as late as what ends well.
    const PLATFORM: &str = "
platform:
  prices: none
  context_switch: none
  network: { cross_zone: { rtt: 10ms, bandwidth: none }, same_zone: { rtt: 2ms, bandwidth: none } }
  protocols: { plain: { overhead: 0B } }
";
    let far = |body: &str| {
        let body = body.replace("workload: {", "workload: { client: cross_zone,");
        let body = body.replace(": { services: {", ": { protocol: plain, services: {");
        format!("{body}{PLATFORM}")
    };
    let ran = run::<2>(&far(FAILING), 20.0);
    let [monolith, services] = &ran;
    assert_exact(monolith.mean_ms(), 3.0 + 10.0);
    assert_exact(services.mean_ms(), 3.0 + 2.0 + 10.0);
    for ran in &ran {
        let slack = five_sigma(0.25 * 0.75, ran.first().arrivals);
        assert_near(ran.share(Kind::Failed), 0.25, slack);
    }
    assert_eq!(services.count(Kind::Rejected), 0);

    let ran = run_one(
        &far(&REFUSING.replace("OPERATION", "go").replace("threads: 2", "threads: 50")),
        30.0,
    );
    let back = ran.service("back");
    assert!(ran.count(Kind::Rejected).abs_diff(back.rejected) <= 50);
    assert_near(ran.share(Kind::Rejected), 0.5, 2.0 * five_sigma(0.25, back.arrivals));
    assert_exact(ran.mean_ms(), 1.0 + 2.0 + 10.0);
    assert!(threads_in_use(&ran) <= 50);
}

#[test]
fn a_failing_subscriber_fails_a_caller_that_waits_and_no_other() {
    const BODY: &str = "
application:
  modules:
    shop: { events: [ sold ], operations: { sell: [ publish: sold, wait: 1ms ] } }
    mail: { subscribes: { sold: confirm }, operations: { confirm: [ wait: 1ms, fail: 30% ] } }
workload: { arrivals: { deterministic: 1000/s }, endpoints: { sell: { call: shop.sell } } }
layouts:
  monolith: { services: { all: { modules: all, threads: async } } }
  services: { services: { each: { threads: async } } }
";
    let [monolith, services] = run::<2>(BODY, 20.0);
    assert_eq!(monolith.count(Kind::Failed), 0);
    let slack = five_sigma(0.3 * 0.7, services.first().arrivals);
    assert_near(services.share(Kind::Failed), 0.3, slack);
}
