//! A flush that is delayed so that others join, by hand.

use super::over_time::run;

/// Updates a second, and flushes a commit, of clients that never think; a flush takes 1 ms and all else nothing.
fn found(users: u32, fields: &str) -> [f64; 2] {
    let body = format!(
        "
application:
  modules:
    m: {{ tables: {{ t: {{ rows: 1M, row_size: 100B }} }}, operations: {{ go: [ write: t ] }} }}
workload: {{ arrivals: {{ closed: {{ users: {users}, think: 0ms }} }}, endpoints: {{ go: {{ call: m.go }} }} }}
layouts:
  one:
    services: {{ m: {{ threads: async }} }}
    databases:
      m: {{ cpu: 1, memory: 4GiB, hit: 100%, pool: 64, costs: none, storage: {{ kind: ssd, flush: 1ms }}, {fields} }}
platform: {{ network: none, prices: none }}
run: {{ seed: 1, fixed: {{ duration: 5s, warmup: 1s, replications: 2 }} }}
"
    );
    let found = run(&body).layouts.0.remove(0).1;
    let database = &found.databases.get("m").expect("the only one");
    let rate = found.endpoints.get("all").expect("all").throughput_per_second.value;
    [rate, database.flushes_per_second.value / rate]
}

fn assert_is([rate, flushes]: [f64; 2], [expected, per_commit]: [f64; 2]) {
    assert!((rate / expected - 1.0).abs() < 0.003, "{rate} and not {expected}");
    assert!((flushes / per_commit - 1.0).abs() < 0.003, "{flushes} and not {per_commit}");
}

#[test]
fn a_leader_waits_for_others_where_enough_of_them_have_written() {
    // Each of six commits at once: the first one leads alone, the other five share the next flush.
    assert_is(found(6, "engine: postgres"), [3000.0, 1.0 / 3.0]);
    // The first one is there before the others have written, and leads alone. The next leader has five of them
    // beside it, waits 2 ms, and takes the first one with it: seven commits in two flushes and 4 ms.
    assert_is(found(6, "commit_delay: 2ms"), [7.0 / 0.004, 2.0 / 7.0]);
    // Five others are too few for six, and four are for the five that PostgreSQL asks for.
    assert_is(found(6, "commit_delay: 2ms, commit_siblings: 6"), [3000.0, 1.0 / 3.0]);
    assert_is(found(5, "commit_delay: 2ms"), [2500.0, 2.0 / 5.0]);
    assert_is(found(5, "commit_delay: 2ms, commit_siblings: 4"), [6.0 / 0.004, 2.0 / 6.0]);
    // A lone client waits for nobody, unless nobody has to be there.
    assert_is(found(1, "commit_delay: 2ms"), [1000.0, 1.0]);
    assert_is(found(1, "commit_delay: 2ms, commit_siblings: 0"), [1000.0 / 3.0, 1.0]);
}
