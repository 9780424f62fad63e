//! What a waiting line does besides first come first served: priorities, and an end to patience.

use cutline::measure::{Category, Kind};

use super::ran::{Ran, assert_exact, mean_ms, run, run_one};

/// Endpoints of one request each: name, priority, when it comes after 1 s (ms), CPU work (ms).
type Request = (&'static str, u8, u32, u32);
type Requests = [Request];

/// One service `shop` that works on them; its layouts are written as its fields.
fn shop(requests: &Requests, layouts: &[&str]) -> String {
    let each =
        |line: &dyn Fn(&Request) -> String| -> String { requests.iter().map(line).collect() };
    let operations = each(&|(name, _, _, work)| format!("        {name}: [ cpu: {work}ms ]\n"));
    let endpoints = each(&|(name, priority, come, _)| {
        format!(
            "    {name}: {{ call: shop.{name}, priority: {priority}, arrivals: {{ closed: \
             {{ users: 1, think: {}ms }} }} }}\n",
            1000 + come
        )
    });
    let layouts: String = layouts
        .iter()
        .enumerate()
        .map(|(number, fields)| {
            format!("  layout-{number}: {{ services: {{ shop: {{ cpu: 1, {fields} }} }} }}\n")
        })
        .collect();
    format!(
        "application:\n  modules:\n    shop:\n      operations:\n{operations}\
         workload:\n  endpoints:\n{endpoints}layouts:\n{layouts}"
    )
}

/// Latency of each request (ms), in the order they were given; `None` where it had no good answer.
fn latencies(ran: &Ran, requests: &Requests) -> Vec<Option<f64>> {
    let one = |name: &str| {
        let record = ran.endpoint(name);
        assert_eq!(record.arrivals, 1);
        (record.answers[Kind::Ok as usize] == 1).then(|| mean_ms(record))
    };
    requests.iter().map(|(name, ..)| one(name)).collect()
}

const THREE_BEHIND_ONE: &Requests =
    &[("holder", 0, 0, 10), ("low", 0, 1, 1), ("middle", 4, 2, 1), ("high", 200, 3, 1)];

#[test]
fn the_highest_priority_is_served_next_and_nobody_is_interrupted() {
    let [by_priority, limited, on_cores, fifo] = run(
        &shop(
            THREE_BEHIND_ONE,
            &[
                "threads: 1, queue_discipline: priority",
                "threads: { async: { max_in_flight: 1 } }, queue_discipline: priority",
                "threads: async, scheduling: priority",
                "threads: 1",
            ],
        ),
        1.9,
    );
    for ran in [by_priority, limited, on_cores] {
        let expected = [10.0, 12.0, 10.0, 8.0].map(Some);
        assert_eq!(latencies(&ran, THREE_BEHIND_ONE), expected);
    }
    assert_eq!(latencies(&fifo, THREE_BEHIND_ONE), [10.0, 10.0, 10.0, 10.0].map(Some));
}

#[test]
fn of_one_priority_whoever_came_first_is_next() {
    let requests: &Requests =
        &[("holder", 9, 0, 10), ("a", 1, 4, 2), ("b", 3, 5, 2), ("c", 1, 6, 2), ("d", 3, 7, 2)];
    let [threads, cores] = run(
        &shop(
            requests,
            &["threads: 1, queue_discipline: priority", "threads: async, scheduling: priority"],
        ),
        1.9,
    );
    for ran in [threads, cores] {
        assert_eq!(latencies(&ran, requests), [10.0, 12.0, 7.0, 12.0, 7.0].map(Some));
    }
}

#[test]
fn a_higher_priority_takes_the_core_at_once_and_the_interrupted_resumes_with_what_was_left() {
    let requests: &Requests =
        &[("low", 0, 0, 10), ("high", 2, 3, 2), ("middle", 1, 4, 1), ("late", 0, 5, 1)];
    let [ran] = run(&shop(requests, &["threads: async, scheduling: preemptive_priority"]), 1.9);
    // `high` from 3 to 5, `middle` to 6, then the 7 ms that `low` had left, then `late`.
    assert_eq!(latencies(&ran, requests), [13.0, 2.0, 2.0, 9.0].map(Some));
    let low = ran.endpoint("low");
    assert_eq!(low.spent[Category::Cpu as usize], 10_000_000);
    assert_eq!(low.spent[Category::CpuWait as usize], 3_000_000);
    assert_exact(ran.busy_ms(), 14.0);
}

#[test]
fn a_machine_serves_all_its_services_by_the_priority_of_their_requests() {
    const BODY: &str = "
application:
  modules:
    one: { operations: { work: [ cpu: 10ms ] } }
    other: { operations: { work: [ cpu: 2ms ] } }
workload:
  endpoints:
    low: { call: one.work, arrivals: { closed: { users: 1, think: 1000ms } } }
    high: { call: other.work, priority: 1, arrivals: { closed: { users: 1, think: 1003ms } } }
layouts:
  main:
    machines: { box: { cpu: 1, scheduling: preemptive_priority } }
    services: { each: { threads: async, machine: box } }
";
    let ran = run_one(BODY, 1.9);
    assert_exact(mean_ms(ran.endpoint("low")), 12.0);
    assert_exact(mean_ms(ran.endpoint("high")), 2.0);
}

/// Each endpoint asks `back`, of one thread, through a call or a branch; `front` holds a thread meanwhile.
const NESTED: &str = "
application:
  modules:
    front:
      operations:
        call: [ call: back.work ]
        branch: [ parallel: [ [ cpu: 0ms, call: back.work ], [ call: back.work ] ] ]
    back: { events: [ done ], operations: { work: [ wait: 4ms, publish: done ] } }
    mail: { subscribes: { done: note }, operations: { note: [ cpu: 0ms ] } }
workload:
  endpoints:
    holder: { call: front.call, arrivals: { closed: { users: 1, think: 1000ms } } }
    low: { call: front.branch, arrivals: { closed: { users: 1, think: 1001ms } } }
    high: { call: front.branch, priority: 1, arrivals: { closed: { users: 1, think: 1002ms } } }
layouts:
  main:
    services:
      front: { modules: [ front ], threads: 9 }
      back: { modules: [ back, mail ], threads: 1, queue_discipline: priority }
";

#[test]
fn calls_and_branches_inherit_the_priority_of_their_request() {
    let ran = run_one(NESTED, 1.9);
    // `back` is free at 4 ms: two branches of `high` to 8 and 12, then those of `low` to 16 and 20.
    assert_exact(mean_ms(ran.endpoint("high")), 10.0);
    assert_exact(mean_ms(ran.endpoint("low")), 19.0);
    assert_eq!(ran.service("back").answered, 5);
    assert_eq!(ran.service("front").serving.level(), 0);
}

#[test]
fn a_full_queue_refuses_whoever_comes_whatever_the_priority() {
    let [ran] =
        run(&shop(THREE_BEHIND_ONE, &["threads: 1, queue: 2, queue_discipline: priority"]), 1.9);
    let expected = [Some(10.0), Some(11.0), Some(9.0), None];
    assert_eq!(latencies(&ran, THREE_BEHIND_ONE), expected);
    assert_eq!(ran.endpoint("high").answers[Kind::Rejected as usize], 1);
}

/// Two kinds of work of constant length, so that the waits of one stand for the work that waits.
const TWO_KINDS: &str = "
application: { modules: { shop: { operations: { short: [ cpu: 2ms ], long: [ cpu: 9ms ] } } } }
workload:
  endpoints:
    short: { call: shop.short, priority: 5, arrivals: { poisson: 120/s } }
    long: { call: shop.long, arrivals: { poisson: RATE } }
layouts:
  fifo: { services: { shop: { cpu: 1, threads: 1 } } }
  priority: { services: { shop: { cpu: 1, threads: 1, queue_discipline: priority } } }
  preemptive: { services: { shop: { cpu: 1, threads: async, scheduling: preemptive_priority } } }
";

#[test]
fn who_is_next_changes_who_waits_but_not_how_much_work_does() {
    // Kleinrock's conservation law holds for every path, but for those under way at the end.
    let [fifo, priority, _] = run::<3>(&TWO_KINDS.replace("RATE", "65/s"), 2_000.0);
    let wait =
        |ran: &Ran, name: &str| ran.endpoint(name).spent[Category::ThreadQueue as usize] as f64;
    let work = |ran: &Ran| 2.0 * wait(ran, "short") + 9.0 * wait(ran, "long");
    let ratio = work(&fifo) / work(&priority);
    assert!((ratio - 1.0).abs() < 1e-3, "{ratio}");
    let gain = wait(&fifo, "short") / wait(&priority, "short");
    assert!(gain > 2.5, "the short ones wait {gain} times as long without priority");
}

#[test]
fn the_highest_priority_never_notices_the_others_where_it_preempts() {
    let [_, waits, busy] = run::<3>(&TWO_KINDS.replace("RATE", "65/s"), 100.0);
    let [_, _, alone] = run::<3>(&TWO_KINDS.replace("RATE", "0.001/s"), 100.0);
    let sums = [&waits, &busy, &alone].map(|ran| ran.endpoint("short").latency_sum);
    assert_eq!(sums[1], sums[2]);
    assert!(sums[0] > sums[2]);
}

const IMPATIENT: &Requests = &[("holder", 0, 0, 10), ("second", 0, 1, 1), ("third", 9, 2, 1)];

#[test]
fn whoever_waits_longer_than_its_patience_leaves_without_a_thread() {
    for discipline in ["fifo", "priority"] {
        let line = |patience: &str| {
            format!("threads: 1, queue_discipline: {discipline}, patience: {patience}")
        };
        let [short, enough, long] =
            run(&shop(IMPATIENT, &[&line("5ms"), &line("8500us"), &line("1h")]), 1.9);
        assert_eq!(latencies(&short, IMPATIENT), [Some(10.0), None, None]);
        let record = short.service("shop");
        assert_eq!((record.arrivals, record.answered, record.abandoned()), (3, 1, 2));
        assert_eq!((record.abandoned_wait_sum, record.wait_sum), (10_000_000, 0));
        assert_eq!((record.queue.level(), record.serving.level()), (0, 0));
        for name in ["second", "third"] {
            assert_eq!(short.endpoint(name).answers[Kind::Abandoned as usize], 1);
        }
        assert_exact(short.busy_ms(), 10.0);
        // The third waits for 8 ms, the second would for 9.
        assert_eq!(latencies(&enough, IMPATIENT), [Some(10.0), None, Some(9.0)]);
        let served = if discipline == "fifo" { [10.0, 10.0, 10.0] } else { [10.0, 11.0, 9.0] };
        assert_eq!(latencies(&long, IMPATIENT), served.map(Some));
        assert_eq!(long.service("shop").abandoned(), 0);
    }
}

#[test]
fn a_caller_hears_that_its_call_has_left_and_gives_back_what_it_held() {
    // Each user holds the only connection and asks `back`, whose thread another keeps for a minute.
    const BODY: &str = "
application:
  modules:
    front:
      tables: { stock: { rows: 1, row_size: 100B } }
      operations:
        sell: [ transaction: { name: sell, do: [ write: stock, call: back.CALL ] }, wait: 1ms ]
    back: { operations: { work: [ wait: 1min ], both: [ wait: 1min ] } }
workload:
  endpoints:
    hold: { call: back.work, arrivals: { closed: { users: 1, think: 1ms } } }
    sell: { call: front.sell, arrivals: { closed: { users: 3, think: 2ms } } }
layouts:
  main:
    services:
      front: { modules: [ front ], threads: 2 }
      back: { modules: [ back ], threads: 1, patience: 5ms }
    databases:
      main: { tables: all, cpu: 1, memory: 1GiB, costs: none, storage: none, pool: 1 }
";
    let ran = run_one(&BODY.replace("CALL", "work"), 10.002);
    // One after the other fails after 5 ms with the connection: 2,000 in 10 s, none of them well.
    let failed = ran.endpoint("sell").answers[Kind::Abandoned as usize];
    assert!((1_999..=2_000).contains(&failed), "{failed}");
    assert_eq!(ran.endpoint("sell").answers.iter().sum::<u64>(), failed);
    assert_eq!(ran.service("back").abandoned(), failed);
    assert_eq!(ran.service("front").answered, failed);
    assert_eq!(ran.database().commits, 0);
    assert!(ran.service("front").serving.level() <= 2);
    assert!(ran.database().connections.level() <= 1);
}

#[test]
fn a_branch_that_leaves_fails_the_fork_when_the_others_are_there() {
    const BODY: &str = "
application:
  modules:
    front: { operations: { go: [ parallel: [ [ call: back.work ], [ wait: 9ms ] ], wait: 1ms ] } }
    back: { operations: { work: [ wait: 1min ] } }
workload:
  endpoints:
    hold: { call: back.work, arrivals: { closed: { users: 1, think: 1ms } } }
    go: { call: front.go, arrivals: { closed: { users: 1, think: 1ms } } }
layouts: { main: { services: { front: { modules: [ front ], threads: 1 },
                               back: { modules: [ back ], threads: 1, patience: 5ms } } } }
";
    // A failed turn takes 1 + 9 ms: the 100th ends at 1,000 ms.
    let ran = run_one(BODY, 1.0005);
    assert_eq!(ran.endpoint("go").answers[Kind::Abandoned as usize], 100);
    assert_eq!(ran.endpoint("go").answers[Kind::Ok as usize], 0);
}

#[test]
fn an_end_to_patience_undoes_a_ring_of_threads_that_wait_for_each_other() {
    // `go` holds the only thread of `front` and asks `back`, which asks `front` again. At the instant at
    // which the first ring breaks, the second request has the thread, though its patience ends too.
    const BODY: &str = "
application:
  modules:
    front: { operations: { go: [ call: back.work ], look: [ cpu: 1ms ] } }
    back: { operations: { work: [ call: front.look ] } }
workload:
  endpoints: { go: { call: front.go, arrivals: { closed: { users: 2, think: 1s } } } }
layouts: { main: { services: { front: { modules: [ front ], cpu: 1, threads: 1, patience: 5ms },
                               back: { modules: [ back ], threads: 9 } } } }
";
    let ran = run_one(BODY, 1.9);
    assert_eq!(ran.count(Kind::Abandoned), 2);
    let front = ran.service("front");
    assert_eq!((front.abandoned(), front.answered, front.wait_sum), (2, 2, 5_000_000));
    assert_eq!((front.serving.level(), front.queue.level()), (0, 0));
    assert_eq!(ran.service("back").answered, 2);
}

#[test]
fn a_request_has_the_same_patience_in_every_layout() {
    const BODY: &str = "
application: { modules: { shop: { operations: { hold: [ wait: 1h ], go: [ cpu: 1ms ] } } } }
workload:
  endpoints:
    hold: { call: shop.hold, arrivals: { closed: { users: 2, think: 1ms } } }
    go: { call: shop.go, priority: 7, arrivals: { closed: { users: 50, think: { uniform: { from: 10ms, to: 30ms } } } } }
layouts:
  fifo: { services: { shop: { threads: 2, patience: exp(50ms) } } }
  priority: { services: { shop: { threads: 2, patience: exp(50ms), queue_discipline: priority } } }
  async: { services: { shop: { threads: { async: { max_in_flight: 2 } }, patience: exp(50ms) } } }
";
    let layouts = run::<3>(BODY, 20.0);
    let [first, others @ ..] = &layouts;
    let record = first.service("shop");
    assert!(record.abandoned() > 10_000);
    let mean_ms = record.abandoned_wait_sum as f64 / record.abandoned() as f64 / 1e6;
    assert!((mean_ms / 50.0 - 1.0).abs() < 0.05, "{mean_ms}");
    for other in others {
        assert_eq!(other.service("shop").abandoned_wait_sum, record.abandoned_wait_sum);
        assert_eq!(other.service("shop").abandoned(), record.abandoned());
    }
}
