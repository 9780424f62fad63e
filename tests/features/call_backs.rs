//! Calls that come back to what their request holds: threads and connections that wait for each other.

use cutline::ids::Id;
use cutline::measure::{Deadlock, Held, Kind};
use cutline::plan;

use super::ran::{model, replicate, run_one};

/// `at_once` requests at the start of every second, each of which holds a thread of a while b works for
/// 10 ms and calls a back.
fn calls_back(at_once: u32, threads: &str) -> String {
    let endpoints = endpoints(at_once);
    format!(
        "
application:
  modules:
    a: {{ operations: {{ go: [ call: b.go ], back: [ wait: 1ms ] }} }}
    b: {{ operations: {{ go: [ wait: 10ms, call: a.back ] }} }}
workload:
  endpoints: {{ {endpoints} }}
layouts:
  main: {{ services: {{ a: {{ cpu: 1, threads: {threads} }}, b: {{ cpu: 1, threads: async }} }} }}
"
    )
}

/// So many endpoints that are asked once a second each, all at the same time.
fn endpoints(count: u32) -> String {
    let endpoint =
        |number| format!("e{number}: {{ arrivals: {{ deterministic: 1/s }}, call: a.go }}");
    (0..count).map(endpoint).collect::<Vec<_>>().join(", ")
}

fn deadlock_of(body: &str) -> Option<Deadlock> {
    let [row] = <[_; 1]>::try_from(replicate(body, 10.5, 1)).ok().expect("one layout");
    row[0].deadlock().cloned()
}

#[test]
fn as_many_requests_as_threads_wait_for_each_other_and_one_fewer_do_not() {
    for threads in ["1", "2", "3"] {
        let count: u32 = threads.parse().expect("a number");
        let found = deadlock_of(&calls_back(count, threads)).expect("a deadlock");
        // a is the first service; the path is the outside request, the call of b, the call back.
        assert_eq!(found.held, [Held::Threads(Id::new(0))]);
        assert_eq!(found.path.len(), 3);
        if count > 1 {
            assert_eq!(deadlock_of(&calls_back(count - 1, threads)), None);
        }
    }
    assert_eq!(deadlock_of(&calls_back(5, "async")), None);
}

#[test]
fn the_path_is_that_of_a_call_back_although_other_requests_wait_before_it() {
    let found = deadlock_of(&calls_back(5, "2")).expect("a deadlock");
    assert_eq!(found.path.len(), 3);
}

#[test]
fn nothing_ends_after_a_deadlock_and_everything_without_one() {
    assert_eq!(run_one(&calls_back(2, "2"), 10.5).count_all(Kind::Ok), 0);
    assert_eq!(run_one(&calls_back(2, "3"), 10.5).count_all(Kind::Ok), 20);
}

#[test]
fn an_overload_without_a_call_back_is_no_deadlock() {
    let body = calls_back(1, "1").replace(", call: a.back", "").replace("1/s", "1000/s");
    assert_eq!(deadlock_of(&body), None);
}

#[test]
fn those_who_lose_patience_break_a_deadlock() {
    let patient = calls_back(2, "2");
    let impatient = patient.replace("threads: 2", "threads: 2, patience: 100ms");
    assert!(deadlock_of(&patient).is_some());
    assert_eq!(deadlock_of(&impatient), None);
}

/// Two requests a second at once, each of which holds a connection of a's only two while b asks a to write.
fn connections(timeout: &str) -> String {
    let endpoints = endpoints(2);
    format!(
        "
application:
  modules:
    a:
      tables: {{ one: {{ rows: 1000, row_size: 100B }} }}
      operations:
        go: [ transaction: {{ name: t, do: [ read: one, call: b.go ] }} ]
        back: [ read: one ]
    b: {{ operations: {{ go: [ wait: 10ms, call: a.back ] }} }}
workload:
  endpoints: {{ {endpoints} }}
layouts:
  main:
    services: {{ a: {{ cpu: 1, threads: async }}, b: {{ cpu: 1, threads: async }} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 2,
               acquire_timeout: {timeout} }}
"
    )
}

#[test]
fn connections_that_wait_for_each_other_are_found_and_a_timeout_breaks_them() {
    let found = deadlock_of(&connections("none")).expect("a deadlock");
    assert_eq!(found.held, [Held::Connections(Id::new(0))]);
    assert_eq!(deadlock_of(&connections("100ms")), None);
}

/// A transaction writes the only row and asks b, which asks a to write it too, in a session of its own.
fn rows(again: &str) -> String {
    format!(
        "
application:
  modules:
    a:
      tables: {{ one: {{ rows: 1, row_size: 100B }} }}
      operations:
        go: [ transaction: {{ name: t, do: [ write: one, call: b.go ] }} ]
        back: [ {again}: one ]
    b: {{ operations: {{ go: [ wait: 10ms, call: a.back ] }} }}
workload:
  endpoints: {{ go: {{ arrivals: {{ deterministic: 1/s }}, call: a.go }} }}
layouts:
  main:
    services: {{ a: {{ cpu: 1, threads: async }}, b: {{ cpu: 1, threads: async }} }}
    databases:
      main: {{ tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 20 }}
"
    )
}

#[test]
fn a_row_that_a_caller_holds_and_its_callee_wants_is_a_deadlock_that_no_database_finds() {
    let found = deadlock_of(&rows("write")).expect("a deadlock");
    assert_eq!(found.held, [Held::Rows(Id::new(0))]);
    assert_eq!(found.path.len(), 3);
    assert_eq!(deadlock_of(&rows("read")), None, "reads take no locks");
}

#[test]
fn what_may_wait_for_itself_is_remarked_beforehand_with_its_path() {
    let remarks = |body: &str| {
        let plan = plan::compile(&model(body), 0).expect("it compiles");
        plan.remarks.into_iter().map(|said| format!("{}: {}", said.code, said.message)).collect()
    };
    let said: Vec<String> = remarks(&calls_back(1, "4"));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("call-back: a is called back"), "{said:?}");
    assert!(said[0].contains("(a.go → b.go → a.back)"), "{said:?}");
    assert_eq!(remarks(&calls_back(1, "async")), [""; 0]);
    // Nobody waits for ever who loses patience, or who finds no room to wait.
    for ends in ["patience: 1s", "queue: 0"] {
        assert_eq!(remarks(&calls_back(1, &format!("4, {ends}"))), [""; 0]);
    }
    // No ring of services, and a ring of services that no request goes round.
    let one_way = calls_back(1, "4").replace(", call: a.back", "");
    assert_eq!(remarks(&one_way), [""; 0]);
    let two_ways = one_way.replace("b.go ], back", "b.go ], again: [ wait: 1ms ], back");
    let two_ways = two_ways.replace(
        "b: { operations: { go: [ wait: 10ms ] } }",
        "b: { operations: { go: [ wait: 10ms ], other: [ call: a.again ] } }",
    );
    let other = "endpoints: { other: { arrivals: { deterministic: 1/s }, call: b.other }, ";
    let two_ways = two_ways.replace("endpoints: { ", other);
    assert!(two_ways.contains("call: b.other") && two_ways.contains("call: a.again"));
    assert_eq!(remarks(&two_ways), [""; 0]);
}
