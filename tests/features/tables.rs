//! Tables: joins on one database and over two, tables of other modules, owners.

use cutline::measure::{Category, Kind};

use super::ran::{assert_exact, run};

/// Two tables of 20 rows a read each: on one database, and on one for each module.
///
/// A statement costs 1 ms and 10 µs a row. The databases have two cores: no read waits for one.
const JOIN: &str = "
application:
  modules:
    orders:
      tables: { orders: { rows: 1M, row_size: 100B } }
      operations:
        history: [ join: { tables: [ orders.orders, goods.goods ], rows: 20 } ]
    goods: { tables: { goods: { rows: 1M, row_size: 100B } }, operations: { stay: [ wait: 1ms ] } }
workload: { arrivals: { deterministic: 100/s }, endpoints: { go: { call: orders.history } } }
layouts:
  one:
    services: { each: { threads: async } }
    databases:
      main: { tables: all, cpu: 2, memory: 1GiB, hit: 100%, storage: none, pool: 10,
              costs: { statement: 1ms, row_read: 10us } }
  two:
    services: { each: { threads: async } }
    databases:
      each: { cpu: 2, memory: 1GiB, hit: 100%, storage: none, pool: 10,
              costs: { statement: 1ms, row_read: 10us } }
";

#[test]
fn a_join_is_one_statement_on_one_database_and_a_composition_over_two() {
    let [one, two] = run::<2>(JOIN, 10.005);
    // 1 ms + 2 × 20 × 10 µs
    assert_exact(one.mean_ms(), 1.4);
    assert_eq!(one.service("goods").arrivals, 0);
    assert_eq!(one.database().statements, 1000);
    // Both owners at the same time, 1 ms + 20 × 10 µs; then 2 × 20 rows of 2 µs in memory.
    assert_exact(two.mean_ms(), 1.2 + 0.08);
    assert_exact(two.spent_ms(Category::Cpu), 0.08);
    assert_eq!(two.service("goods").arrivals, 1000);
    assert_eq!(two.database().statements, 1000);
    assert_exact(two.busy_ms(), 80.0);
}

/// A module that reads and writes another's table: directly, through its owner, and on a database of
/// the owner's.
const OTHERS: &str = "
application:
  modules:
    orders:
      tables: { orders: { rows: 1M, row_size: 100B } }
      operations: { place: [ read: goods.goods, write: goods.goods, wait: 1ms ] }
    goods: { tables: { goods: { rows: 1M, row_size: 100B } }, operations: { stay: [ wait: 1ms ] } }
workload: { arrivals: { deterministic: 100/s }, endpoints: { go: { call: orders.place } } }
layouts:
  direct:
    services: { each: { threads: async } }
    databases:
      main: { tables: all, cpu: 2, memory: 1GiB, hit: 100%, storage: none, pool: 10,
              costs: { statement: 1ms, row_read: 10us, row_write: 30us, commit: 0ms } }
  owner: { extends: direct, data_access: owner }
  own:
    services: { each: { threads: async } }
    databases:
      each: { cpu: 2, memory: 1GiB, hit: 100%, storage: none, pool: 10,
              costs: { statement: 1ms, row_read: 10us, row_write: 30us, commit: 0ms } }
  monolith:
    services: { all: { modules: all, threads: async } }
    databases:
      main: { tables: all, cpu: 2, memory: 1GiB, hit: 100%, storage: none, pool: 10,
              costs: { statement: 1ms, row_read: 10us, row_write: 30us, commit: 0ms } }
";

#[test]
fn a_table_of_another_module_is_reached_directly_or_by_a_call_to_its_owner() {
    let ran = run::<4>(OTHERS, 10.005);
    for (ran, calls) in ran.iter().zip([0, 2000, 2000, 0]) {
        assert_eq!(ran.count(Kind::Ok), 1000);
        // A read of 1.01 ms, a write of 1.03 ms and 1 ms.
        assert_exact(ran.mean_ms(), 3.04);
        assert_exact(ran.spent_ms(Category::DatabaseCpu), 2.04);
        if calls > 0 {
            assert_eq!(ran.service("goods").arrivals, calls);
        }
    }
    assert_eq!(ran[0].service("goods").arrivals, 0);
}
