//! Row locks taken crosswise: a cycle is found, its victim fails or tries again, nothing hangs.

use cutline::measure::{Category, Kind};
use cutline::plan;

use super::ran::{Ran, mean_ms, model, run_one};

/// Two operations that lock two one-row tables in opposite order, both once a second at the same time.
///
/// Both lock their first row, wait for the second at 10 ms, and at 60 ms the one that has waited
/// longer finds the cycle. The other goes on, and ends at 61 ms.
fn crosswise(retries: u32) -> Ran {
    let body = format!(
        "
application:
  modules:
    shop:
      tables:
        left: {{ rows: 1, row_size: 100B }}
        right: {{ rows: 1, row_size: 100B }}
      operations:
        one: [ transaction: {{ name: one, retries: {retries},
                               do: [ write: left, wait: 10ms, write: right, wait: 1ms ] }} ]
        two: [ transaction: {{ name: two, retries: {retries},
                               do: [ write: right, wait: 10ms, write: left, wait: 1ms ] }} ]
workload:
  endpoints:
    one: {{ arrivals: {{ deterministic: 1/s }}, call: shop.one }}
    two: {{ arrivals: {{ deterministic: 1/s }}, call: shop.two }}
layouts:
  main:
    services: {{ shop: {{ threads: async }} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 2,
               deadlock_timeout: 50ms }}
"
    );
    run_one(&body, 100.5)
}

/// Requests of both endpoints that ended so.
fn both(ran: &Ran, kind: Kind) -> u64 {
    ["one", "two"].iter().map(|name| ran.endpoint(name).answers[kind as usize]).sum()
}

#[test]
fn a_deadlock_is_found_after_its_timeout_and_the_victim_counted() {
    let ran = crosswise(0);
    assert_eq!(both(&ran, Kind::Deadlock), 100);
    assert_eq!(both(&ran, Kind::Ok), 100);
    assert_eq!(ran.database().deadlocks, 100);
    assert_eq!(ran.database().commits, 100);
    assert_eq!(ran.in_flight(), 0);
    for name in ["one", "two"] {
        let record = ran.endpoint(name);
        assert_eq!(record.latency_sum, u128::from(record.answers[Kind::Ok as usize]) * 61_000_000);
    }
}

#[test]
fn a_victim_that_may_try_again_ends_well() {
    // It has its first row when the other ends at 61 ms, and needs 11 ms more.
    let ran = crosswise(1);
    assert_eq!(both(&ran, Kind::Ok), 200);
    assert_eq!(ran.database().deadlocks, 100);
    assert_eq!(ran.in_flight(), 0);
    let sum = mean_ms(ran.endpoint("one")) + mean_ms(ran.endpoint("two"));
    assert!((sum - (61.0 + 72.0)).abs() < 1e-6, "{sum}");
    // The other waited for 50 ms, the victim for 50 and then 1 ms.
    let waited: u128 = ["one", "two"]
        .iter()
        .map(|name| ran.endpoint(name).spent[Category::LockWait as usize])
        .sum();
    assert_eq!(waited, 100 * 101_000_000);
}

#[test]
fn a_write_locks_its_row_whatever_step_stands_before_it() {
    // Each transaction holds the only row for 4 ms: 250 a second, whatever came before the lock.
    for before in [
        "external: bank",
        "parallel: [ [ wait: 1ms ], [ wait: 1ms ] ]",
        "cache: { name: fresh, hit: 50%, miss: [ external: bank ] }",
        "repeat: { times: 2, do: [ external: bank ] }",
        "read: { table: orders, rows: 3 }",
        "choice: [ { share: 50%, do: [ external: bank ] } ]",
    ] {
        let body = format!(
            "
application:
  modules:
    shop:
      tables: {{ stock: {{ rows: 1, row_size: 100B }}, orders: {{ rows: 1k, row_size: 100B }} }}
      operations:
        sell:
          - wait: 0.5ms
          - {before}
          - transaction: {{ name: sell, do: [ write: stock, wait: 4ms ] }}
  externals: {{ bank: {{ latency: 1ms }} }}
workload:
  arrivals: {{ closed: {{ users: 10, think: 0ms }} }}
  endpoints: {{ sell: {{ call: shop.sell }} }}
layouts:
  main:
    services: {{ shop: {{ threads: async }} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: none, pool: 10,
               hit: {{ shop.stock: 100%, shop.orders: 0% }},
               storage: {{ kind: none, read: 1ms }} }}
"
        );
        let ran = run_one(&body, 10.0);
        let sold = ran.count(Kind::Ok);
        assert!((2_490..=2_500).contains(&sold), "{sold} with {before}");
        assert!(ran.database().locks[0] >= sold, "{before}");
    }
}

/// A transaction that calls an operation of branches, in its own process.
fn branches_in_a_transaction(branches: &str) -> String {
    format!(
        "
application:
  modules:
    shop:
      tables:
        left: {{ rows: 1, row_size: 100B }}
        right: {{ rows: 1, row_size: 100B }}
      operations:
        go: [ transaction: {{ name: go, do: [ write: left, call: both ] }} ]
        both: [ parallel: {branches} ]
        add: [ write: right ]
workload:
  arrivals: {{ closed: {{ users: 3, think: 0ms }} }}
  endpoints: {{ go: {{ call: shop.go }} }}
layouts:
  main:
    services: {{ shop: {{ threads: async }} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 10 }}
"
    )
}

#[test]
fn branches_that_would_share_the_connection_of_a_transaction_are_refused_through_a_call_too() {
    for branches in ["[ [ write: left ], [ write: right ] ]", "[ [ call: add ], [ read: left ] ]"] {
        let refused = plan::compile(&model(&branches_in_a_transaction(branches)), 0);
        let codes: Vec<&str> =
            refused.expect_err(branches).iter().map(|diagnostic| diagnostic.code.text()).collect();
        assert_eq!(codes, ["parallel-in-transaction"], "{branches}");
    }
}

#[test]
fn one_branch_may_use_the_connection_of_a_transaction_and_frees_its_row_when_another_fails() {
    // 4 ms with both rows, whether the other branch fails or not: 250 answers a second.
    let branches = "[ [ wait: 1ms, fail: 50% ], [ wait: 1ms, call: add, wait: 3ms ] ]";
    let ran = run_one(&branches_in_a_transaction(branches), 10.0);
    let answered: u64 = ran.first().answers.iter().sum();
    assert!((2_490..=2_500).contains(&answered), "{answered}");
    assert_eq!(ran.count(Kind::Ok) + ran.count(Kind::Failed), answered);
}

#[test]
fn turns_and_called_operations_work_inside_the_transaction_around_them() {
    // Four times 1 ms with the row: 250 answers a second, each one commit on one connection.
    for steps in [
        "repeat: { times: 4, do: [ write: left, wait: 1ms ] }",
        "write: left, repeat: { times: 4, do: [ call: other ] }",
        "call: nested, write: left, wait: 2ms, fail: 50%",
        "choice: [ { share: 100%, do: [ write: left, wait: 3ms ] } ], call: other",
    ] {
        let body = format!(
            "
application:
  modules:
    shop:
      tables: {{ left: {{ rows: 1, row_size: 100B }} }}
      operations:
        go: [ transaction: {{ name: go, do: [ {steps} ] }} ]
        other: [ write: left, wait: 1ms ]
        nested: [ transaction: {{ name: nested, do: [ write: left, wait: 2ms ] }} ]
workload:
  arrivals: {{ closed: {{ users: 3, think: 0ms }} }}
  endpoints: {{ go: {{ call: shop.go }} }}
layouts:
  main:
    services: {{ shop: {{ threads: async }} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 2 }}
"
        );
        let ran = run_one(&body, 10.0);
        let answered: u64 = ran.first().answers.iter().sum();
        assert!((2_498..=2_500).contains(&answered), "{answered}: {steps}");
        assert!(ran.database().commits.abs_diff(ran.count(Kind::Ok)) <= 1, "{steps}");
        assert!(ran.database().acquires.abs_diff(answered) <= 3, "{steps}");
    }
}
