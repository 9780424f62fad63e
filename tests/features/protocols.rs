//! How engines keep row locks and commit: worked out by hand, where every time is a constant.

use cutline::measure::{Category, Kind};

use super::ran::{Ran, assert_exact, assert_near, run_one};

/// When runs of 100 s end (ns).
const END: u64 = 100_000_000_000;

/// Closed users who change the only row of a table, each of whose commits is 10 ms on its way to the disk.
fn one_row(users: u32, think: &str, database: &str, seconds: f64) -> Ran {
    let body = format!(
        "
application:
  modules:
    m: {{ tables: {{ c: {{ rows: 1, row_size: 100B }} }}, operations: {{ go: [ write: c ] }} }}
workload:
  arrivals: {{ closed: {{ users: {users}, think: {think} }} }}
  endpoints: {{ e: {{ call: m.go }} }}
layouts:
  one:
    services: {{ s: {{ modules: all, threads: async }} }}
    databases:
      x: {{ tables: all, cpu: 1, memory: 1GiB, hit: 100%, pool: 50, acquire_timeout: none,
            storage: {{ kind: ssd, flush: 10ms }}, {database} }}
"
    );
    run_one(&body, seconds)
}

/// Work of a database in ms: of a statement, of its rows, of a commit, of a flush and of asking anew.
fn costs(statement: u32, row: u32, commit: u32, flush: u32, requeue: u32) -> String {
    format!(
        "costs: {{ statement: {statement}ms, row_write: {row}ms, commit: {commit}ms, flush: {flush}ms, \
         requeue: {requeue}ms }}"
    )
}

#[test]
fn innodb_frees_a_row_before_the_flush_and_the_others_join_it() {
    // One after the other where the row is held for the flush; else half of the users are in each flush.
    for (database, per_flush) in [
        ("engine: mysql, costs: none", 4.0),
        ("engine: mysql, locks: fifo, costs: none", 1.0),
        ("engine: postgres, costs: none", 1.0),
        ("engine: postgres, locks: fifo, costs: none", 1.0),
    ] {
        let ran = one_row(8, "0ms", database, 100.0);
        let (commits, flushes) = (ran.database().commits, ran.database().flushes);
        assert_near(flushes as f64, 10_000.0, 2.0);
        assert_near(commits as f64, 10_000.0 * per_flush, 10.0);
    }
}

#[test]
fn what_comes_before_the_lock_is_done_beside_its_holder_and_what_comes_behind_is_not() {
    // The row is held for its 2 ms of work, half of the 4 ms for the flush before it and half after, the flush and
    // the 1 ms of the commit.
    let ran = one_row(1, "0ms", &format!("engine: postgres, {}", costs(3, 2, 1, 4, 7)), 100.0);
    assert_exact(ran.mean_ms(), 3.0 + 2.0 + 4.0 + 10.0 + 1.0);
    assert_exact(ran.spent_ms(Category::DatabaseCpu), 10.0);
    assert_exact(ran.spent_ms(Category::Commit), 10.0);
    let held = ran.database().hottest[0].area(END) / 1e6;
    assert_near(held / ran.count(Kind::Ok) as f64, 17.0, 0.01);
    // InnoDB holds it for its own work only.
    let ran = one_row(1, "0ms", &format!("engine: mysql, {}", costs(3, 2, 1, 4, 0)), 100.0);
    assert_exact(ran.mean_ms(), 20.0);
    let held = ran.database().hottest[0].area(END) / 1e6;
    assert_near(held / ran.count(Kind::Ok) as f64, 2.0, 0.01);
}

#[test]
fn whoever_waits_for_a_row_wakes_at_each_commit_and_asks_anew() {
    // From the second round on two users wait when the third commits and thinks: both work for 1 ms on one core, so
    // the one that came first has the row after 2 ms, and the flush takes 10.
    let ran = one_row(3, "5ms", &format!("engine: postgres, {}", costs(0, 0, 0, 0, 1)), 120.0);
    let answered = ran.count(Kind::Ok);
    assert_near(answered as f64, 120.0 / 0.012, 5.0);
    // Each request wakes twice: behind the other, and ahead of whoever came meanwhile.
    assert_near(ran.spent_ms(Category::Requeue), 2.0, 0.01);
    assert_near(ran.spent_ms(Category::DatabaseCpuWait), 2.0, 0.01);
    assert_near(ran.database_busy_ms(), 120_000.0 * 2.0 / 12.0, 20.0);
    // A row that is asked for anew is asked for once.
    assert!(ran.database().locks[0] <= answered + 3, "{}", ran.database().locks[0]);
}

#[test]
fn a_user_who_does_not_think_is_back_before_those_who_wake() {
    // Two wait, and work to ask anew; whoever has committed asks at once and has the row again, for ever.
    let ran = one_row(3, "0ms", &format!("engine: postgres, {}", costs(0, 0, 0, 0, 1)), 10.0);
    assert_near(ran.count(Kind::Ok) as f64, 1_000.0, 2.0);
    assert_exact(ran.mean_ms(), 10.0);
}

#[test]
fn all_that_come_before_the_leader_is_done_join_its_flush() {
    // Eight at once: the work before the flush lets all statements of 1 ms end on the same core, so that all eight
    // are in the one flush that the first one leads.
    let rows = "engine: mysql, locks: innodb";
    let ran = one_row(8, "100ms", &format!("{rows}, {}", costs(1, 0, 0, 40, 0)), 50.0);
    assert_near(ran.database().commits as f64 / ran.database().flushes as f64, 8.0, 0.01);
    // Where leading takes no work the first is flushed alone.
    let ran = one_row(8, "100ms", &format!("{rows}, {}", costs(1, 0, 0, 0, 0)), 50.0);
    let per_flush = ran.database().commits as f64 / ran.database().flushes as f64;
    assert!(per_flush < 2.0, "{per_flush}");
}

#[test]
fn a_session_that_finds_a_core_idle_wakes_it_and_one_that_finds_it_at_work_does_not() {
    let wake =
        |rest: &str| format!("engine: postgres, {}", costs(3, 2, 1, 4, 0).replace(" }", rest));
    // A lone user wakes the core for the statement, and again behind the 10 ms of the flush.
    let ran = one_row(1, "50ms", &wake(", wake_up: 1ms }"), 100.0);
    assert_exact(ran.mean_ms(), 20.0 + 2.0);
    assert_exact(ran.spent_ms(Category::DatabaseWakeUp), 2.0);
    assert_exact(ran.spent_ms(Category::DatabaseCpu), 10.0);
    assert_near(ran.database_busy_ms(), 12.0 * ran.count(Kind::Ok) as f64, 12.0);
    // Where others always work nobody wakes it: 40 users in line for 7 ms of CPU each, and 20 ms elsewhere.
    let busy = costs(6, 0, 1, 0, 0).replace(" }", ", wake_up: 1ms }, scheduling: fcfs");
    let ran = one_row(40, "10ms", &format!("engine: mysql, {busy}"), 100.0);
    let woken = ran.spent_ms(Category::DatabaseWakeUp);
    assert!(woken < 0.001, "{woken}");
    assert_near(ran.database_busy_ms(), 100_000.0, 20.0);
}

#[test]
fn a_session_wakes_the_second_core_while_the_first_one_works() {
    let body = "
application:
  modules:
    m: { tables: { c: { rows: 1M, row_size: 100B } }, operations: { go: [ read: c ] } }
workload:
  arrivals: { closed: { users: 2, think: 1ms } }
  endpoints: { e: { call: m.go } }
layouts:
  one:
    services: { s: { modules: all, threads: async } }
    databases:
      x: { tables: all, cpu: 2, memory: 1GiB, hit: 100%, pool: 50, acquire_timeout: none, storage: none,
           costs: { statement: 8ms, row_read: 0us, wake_up: 1ms } }
";
    // Both wake a core each for every statement, whoever works on the other.
    let ran = run_one(body, 100.0);
    assert_exact(ran.spent_ms(Category::DatabaseWakeUp), 1.0);
    assert_exact(ran.mean_ms(), 9.0);
}
