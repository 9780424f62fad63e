//! Row locks taken crosswise: a cycle is found, its victim fails or tries again, nothing hangs.

use cutline::measure::{Category, Kind};

use super::ran::{Ran, mean_ms, run_one};

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
