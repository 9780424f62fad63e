//! Pages that the buffer cache misses, and the cap of the volume they are read from.

use cutline::measure::{Category, Kind};

use super::ran::{Ran, assert_exact, assert_near, five_sigma, run_one};

/// Reads of one row by so many users who never think.
fn reads(users: u32, hit: &str, storage: &str) -> Ran {
    let body = format!(
        "
application:
  modules:
    shop:
      tables: {{ goods: {{ rows: 1M, row_size: 100B }} }}
      operations: {{ look: [ read: goods ] }}
workload:
  arrivals: {{ closed: {{ users: {users}, think: 0ms }} }}
  endpoints: {{ look: {{ call: shop.look }} }}
layouts:
  main:
    services: {{ shop: {{ threads: async }} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: {{ statement: 1ms, row_read: 0ms }},
               hit: {hit}, pool: 100, storage: {storage} }}
"
    );
    run_one(&body, 30.0)
}

#[test]
fn a_read_waits_for_the_pages_that_it_misses() {
    let ran = reads(1, "50%", "{ kind: none, read: 4ms }");
    let (ok, record) = (ran.count(Kind::Ok), ran.database());
    assert_near(ran.spent_ms(Category::Storage), 2.0, five_sigma(16.0 * 0.25, ok));
    assert_exact(ran.spent_ms(Category::DatabaseCpu), 1.0);
    // One read may be under way at the end.
    let all = i128::from(record.operations) * 4_000_000;
    let read = record.read_ns as i128 + record.read_ages;
    assert!((0..4_000_000).contains(&(all - read)), "{read} of {all}");
    let spent = ran.first().spent[Category::Storage as usize] as i128;
    assert!((0..4_000_000).contains(&(read - spent)), "{spent} of {read}");
}

#[test]
fn a_cap_of_operations_bounds_the_throughput() {
    // 100 a second for 30 s, and what the volume may run ahead: 100 ms of the cap, 10 operations.
    let storage = "{ kind: none, read: 4ms, iops: 100 }";
    let ran = reads(20, "0%", storage);
    let ok = ran.count(Kind::Ok);
    assert!((3_000 - 20..=3_011).contains(&ok), "{ok}");
    // 20 under way / 100 a second are 200 ms, all but 1 ms of it at the volume or for its core.
    assert_near(ran.mean_ms(), 200.0, 2.0);
}

#[test]
fn a_volume_reads_as_many_pages_at_a_time_as_it_has_room_for() {
    // 3 at a time / 6 ms are 500 a second.
    let ran = reads(10, "0%", "{ kind: none, read: 6ms, parallelism: 3 }");
    let ok = ran.count(Kind::Ok);
    assert!((14_990..=15_000).contains(&ok), "{ok}");
}
