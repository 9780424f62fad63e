//! Whether a layout carries its load: arithmetic beforehand and the run say the same, of every kind of load, failure
//! and resource.

use cutline::plan::{self, Forecast, Plan};
use cutline::scenario::Code;
use cutline::study::{LayoutFindings, Verdict};

use super::over_time::run;
use super::ran::model;

/// The forecast of the only layout, and what was found of it.
fn told_and_found(body: &str) -> (Plan, Forecast, LayoutFindings) {
    let plan = plan::compile(&model(body), 0).unwrap_or_else(|refused| panic!("{refused:?}"));
    let forecast = plan::forecast(&plan);
    (plan, forecast, run(body).layouts.0.remove(0).1)
}

/// Two endpoints of 1 ms each on a core, with this traffic.
fn two_endpoints(first: &str, second: &str) -> String {
    format!(
        "
application: {{ modules: {{ m: {{ operations: {{ a: [ cpu: 1ms ], b: [ cpu: 1ms ] }} }} }} }}
workload:
  endpoints:
    a: {{ call: m.a, arrivals: {first}, priority: 1 }}
    b: {{ call: m.b, arrivals: {second} }}
layouts: {{ one: {{ services: {{ s: {{ modules: all, threads: 10, queue_discipline: priority }} }} }} }}
run: {{ seed: 1, fixed: {{ duration: 20s, warmup: 2s, replications: 3 }} }}
"
    )
}

fn verdict_of(first: &str, second: &str) -> Verdict {
    told_and_found(&two_endpoints(first, second)).2.verdict
}

#[test]
fn an_overload_that_lasts_is_seen_beside_whatever_passes() {
    let rises = "{ profile: { points: [ { at: 0s, rate: 10/s }, { at: 5s, rate: 1500/s } ] } }";
    let falls = "{ profile: { points: [ { at: 0s, rate: 100/s }, { at: 4s, rate: 0/s } ] } }";
    let turns = "{ profile: { sine: { mean: 100/s, amplitude: 90/s, period: 90s } } }";
    for beside in ["{ trace: instants.csv }", falls, turns, "{ poisson: 1/s }"] {
        assert_eq!(verdict_of("{ poisson: 2000/s }", beside), Verdict::Unstable, "{beside}");
    }
    assert_eq!(verdict_of(rises, "{ poisson: 1/s }"), Verdict::Unstable);
    assert_eq!(verdict_of(rises, "{ trace: instants.csv }"), Verdict::Unstable);
}

#[test]
fn an_overload_that_passes_is_none() {
    let peak = "{ profile: { points: [ { at: 0s, rate: 1500/s }, { at: 4s, rate: 10/s } ] } }";
    assert_eq!(verdict_of(peak, "{ poisson: 10/s }"), Verdict::Stable);
    assert_eq!(verdict_of("{ trace: instants.csv }", "{ poisson: 10/s }"), Verdict::Stable);
}

#[test]
fn a_few_requests_that_are_never_served_are_an_overload_of_their_endpoint() {
    // The first is served when the second leaves something; a hundredth of all comes to it.
    let body = two_endpoints("{ poisson: 10/s }", "{ poisson: 995/s }");
    let body = body.replace("threads: 10", "threads: 1");
    let body = body.replace("poisson: 995/s", "deterministic: 998/s");
    let (_, _, found) = told_and_found(&body);
    assert_eq!(found.verdict, Verdict::Unstable, "{:?}", found.diagnostics);
}

#[test]
fn work_that_nobody_waits_for_is_an_overload_when_it_piles_up() {
    for arrivals in ["{ poisson: 100/s }", "{ closed: { users: 3, think: 20ms } }"] {
        let body = format!(
            "
application:
  modules:
    m: {{ events: [ happened ], operations: {{ go: [ publish: happened ] }} }}
    n: {{ subscribes: {{ happened: hear }}, operations: {{ hear: [ cpu: 20ms ] }} }}
workload: {{ arrivals: {arrivals}, endpoints: {{ go: {{ call: m.go }} }} }}
layouts: {{ one: {{ services: {{ s: {{ modules: all, threads: async }} }} }} }}
run: {{ seed: 1, fixed: {{ duration: 20s, warmup: 2s, replications: 3 }} }}
"
        );
        let (_, _, found) = told_and_found(&body);
        assert_eq!(found.verdict, Verdict::Unstable, "{arrivals}");
        let says = |said: &cutline::study::Diagnosis| {
            said.code == Code::Unstable && said.message.contains("nobody waits for")
        };
        assert!(found.diagnostics.iter().any(says), "{:?}", found.diagnostics);
    }
}

#[test]
fn a_load_that_is_just_what_can_be_done_does_not_grow_and_is_stable() {
    let body = two_endpoints("{ deterministic: 1000/s }", "{ trace: instants.csv }")
        .replace("cpu: 1ms", "cpu: 1000us")
        .replace("    b: { call: m.b, arrivals: { trace: instants.csv } }\n", "");
    let (_, forecast, found) = told_and_found(&body);
    assert!(forecast.overload().is_none(), "{:?}", forecast.loads);
    assert_eq!(found.verdict, Verdict::Stable, "{:?}", found.diagnostics);
}

/// The first operation calls on, and everything behind a failure is left undone: a request takes 15 ms of the only
/// thread in the mean.
fn failing(steps: &str, more: &str, services: &str) -> String {
    format!(
        "
application:
  modules:
    a: {{ operations: {{ go: [ {steps} ] }} }}
    b: {{ operations: {{ half: [ wait: 10ms, fail: 50% ]{more} }} }}
  externals: {{ third: {{ latency: 10ms, failure: 50% }} }}
workload: {{ arrivals: {{ poisson: 60/s }}, endpoints: {{ e: {{ call: a.go }} }} }}
layouts: {{ one: {{ services: {services} }} }}
run: {{ seed: 1, fixed: {{ duration: 100s, warmup: 20s, replications: 5 }} }}
"
    )
}

#[test]
fn what_lies_behind_a_failure_is_left_undone_in_arithmetic_too() {
    let whole = "{ s: { modules: all, cpu: 8, threads: 1 } }";
    let apart =
        "{ s: { modules: [ a ], cpu: 8, threads: 1 }, t: { modules: [ b ], threads: async } }";
    for (steps, more, services) in [
        ("external: third, wait: 10ms", "", whole),
        ("call: b.half, wait: 10ms", "", whole),
        ("call: b.half, wait: 10ms", "", apart),
        ("parallel: [ [ call: b.half ], [ wait: 10ms ] ], wait: 10ms", "", whole),
        ("parallel: [ [ call: b.half ], [ external: third ] ], wait: 20ms", "", apart),
        ("repeat: { times: 2, do: [ call: b.half ] }", "", whole),
        (
            "choice: [ { share: 50%, do: [ wait: 10ms, fail: 100% ] }, { share: 50%, do: [ wait: 20ms ] } ]",
            "",
            whole,
        ),
        ("call: b.outer, wait: 10ms", ", outer: [ call: half ]", apart),
    ] {
        let (_, forecast, found) = told_and_found(&failing(steps, more, services));
        let threads = forecast.loads.iter().find(|load| load.resource == "s threads");
        let told = threads.map_or(0.0, |load| load.utilisation);
        assert!((told - 0.9).abs() < 1e-9, "{steps}: {told}");
        assert_eq!(found.verdict, Verdict::Stable, "{steps}");
        let seen = found.services.get("s").and_then(|service| service.thread_utilisation);
        assert!(seen.is_some_and(|seen| (seen.value - 0.9).abs() < 0.02), "{steps}: {seen:?}");
    }
}

/// A database of which only this matters: 2 ms of a statement, 3 ms of a flush.
fn with_database(steps: &str, more: &str, arrivals: &str, rows: u32) -> String {
    format!(
        "
application:
  modules:
    m:
      tables: {{ c: {{ rows: {rows}, row_size: 100B }}, d: {{ rows: 100k, row_size: 100B }} }}
      operations: {{ go: [ {steps} ]{more} }}
workload: {{ arrivals: {arrivals}, endpoints: {{ e: {{ call: m.go }} }} }}
layouts:
  one:
    services: {{ s: {{ modules: all, cpu: 8, threads: async }} }}
    databases:
      x: {{ tables: all, cpu: 64, memory: 16GiB, storage: {{ kind: ssd, flush: 3ms }}, hit: 100%, pool: 400,
        max_connections: 400, acquire_timeout: none, locks: fifo,
        costs: {{ statement: 2ms, row_write: 0ms, row_read: 0ms, commit: 0ms, flush: 0ms, requeue: 0ms }} }}
run: {{ seed: 1, fixed: {{ duration: 40s, warmup: 4s, replications: 3 }} }}
"
    )
}

/// What is told and what is found of a resource.
fn busy(body: &str, resource: &str) -> (f64, f64) {
    let (_, forecast, found) = told_and_found(body);
    let told = forecast.loads.iter().find(|load| load.resource == resource);
    let seen = found.utilisation.iter().find(|busy| busy.resource == resource);
    (told.map_or(0.0, |load| load.utilisation), seen.map_or(f64::NAN, |busy| busy.share.value))
}

#[test]
fn a_connection_that_a_nested_call_shares_is_one() {
    let nested = ", inner: [ read: d, wait: 10ms ]";
    for (steps, milliseconds) in [
        // 2 ms and 10 ms within the transaction, then its flush: nothing was written, so none.
        ("transaction: { name: t, do: [ read: d, call: inner ] }", 14.0),
        (
            "transaction: { name: t, do: [ read: d, repeat: { times: 2, do: [ call: inner ] } ] }",
            26.0,
        ),
        ("transaction: { name: t, do: [ write: d, call: inner ] }", 17.0),
        // Its own connection each time.
        ("read: d, call: inner", 4.0),
    ] {
        let body = with_database(steps, nested, "{ poisson: 2/s }", 10);
        let (told, seen) = busy(&body, "s connections to x");
        let expected = 2.0 * milliseconds / 1e3 / 400.0;
        assert!((told / expected - 1.0).abs() < 1e-6, "{steps}: {told}, not {expected}");
        assert!((seen / expected - 1.0).abs() < 0.25, "{steps}: {seen}, not {expected}");
    }
}

#[test]
fn rows_saturate_where_arithmetic_says_they_do() {
    // Rows, steps, and what is carried per second: 2 ms come before the lock, so it is held for flushes only.
    for (rows, steps, expected) in [
        // Nobody else commits.
        (1, "write: c", 1.0 / 0.003),
        // The log is never idle: two flushes.
        (2, "write: c", 2.0 / 0.006),
        (20, "write: c", 20.0 / 0.006),
        // Held for 2 ms of the read, then for its flush.
        (1, "transaction: { name: t, do: [ write: c, read: d ] }", 1.0 / 0.005),
        // What is locked already is not locked again, be it in a call or by the next step.
        (1, "transaction: { name: t, do: [ write: c, write: c ] }", 1.0 / 0.005),
        (1, "transaction: { name: t, do: [ call: inner, write: c ] }", 1.0 / 0.005),
        // A transaction that has ended has locked nothing for the next one.
        (1, "write: c, write: c", 1.0 / 0.006),
        (1, "transaction: { name: t, do: [ write: c ] }, call: inner", 1.0 / 0.006),
        // A nested frame locks for the transaction of its caller.
        (1, "transaction: { name: t, do: [ call: inner, read: d ] }", 1.0 / 0.005),
    ] {
        let more = if steps.contains("inner") { ", inner: [ write: c ]" } else { "" };
        let users = 20 * rows;
        let arrivals = format!("{{ closed: {{ users: {users}, think: 0ms }} }}");
        let (_, forecast, found) = told_and_found(&with_database(steps, more, &arrivals, rows));
        let told = forecast.closed_bound_per_second.expect("users are closed");
        assert!(
            (told / expected - 1.0).abs() < 0.02,
            "{rows} rows, {steps}: {told}/s, not {expected}/s"
        );
        let carried = found.endpoints.get("all").map_or(0.0, |all| all.throughput_per_second.value);
        assert!(
            (carried / told - 1.0).abs() < 0.05,
            "{rows} rows, {steps}: {carried}/s of {told}/s"
        );
        let row = found.utilisation.iter().find(|busy| busy.resource == "hottest row of m.c");
        let row = row.expect("the row is a resource").share.value;
        assert!(row > 0.93 && row <= 1.0, "{rows} rows, {steps}: held for {row}");
    }
}

#[test]
fn both_lists_have_the_same_resources_and_where_nothing_queues_the_same_figures() {
    let body = "
application:
  modules:
    m:
      tables: { c: { rows: 1000, row_size: 100B }, d: { rows: 1M, row_size: 8KiB } }
      operations:
        go: [ cpu: exp(2ms), call: n.on, read: { table: d, rows: 3 }, write: c, external: third ]
    n: { operations: { on: [ cpu: exp(5ms) ] } }
  externals: { third: { latency: exp(10ms), concurrency: 100 } }
workload: { arrivals: { poisson: 20/s }, endpoints: { e: { call: m.go } } }
layouts:
  one:
    machines: { box: { cpu: 8 } }
    services:
      s: { modules: [ m ], machine: box, threads: 50 }
      t: { modules: [ n ], cpu: 8, threads: { async: { max_in_flight: 40 } } }
    databases:
      x: { tables: all, cpu: 4, memory: 1GiB, storage: { gp3: 100GiB }, hit: 50%, pool: 40, costs: { statement: 1ms } }
run: { seed: 1, fixed: { duration: 300s, warmup: 10s, replications: 4 } }
";
    let (plan, forecast, found) = told_and_found(body);
    let mut told: Vec<&str> = forecast.loads.iter().map(|load| load.resource.as_str()).collect();
    let mut seen: Vec<&str> = found.utilisation.iter().map(|busy| busy.resource.as_str()).collect();
    told.sort_unstable();
    seen.sort_unstable();
    assert_eq!(told, seen);
    assert_eq!(told.len(), plan.resources().len());
    for load in &forecast.loads {
        let seen = found.utilisation.iter().find(|busy| busy.resource == load.resource);
        let seen = seen.expect("it is in both").share.value;
        // The row is one of a thousand, which is held some twenty times.
        let tolerance = if load.resource.contains("row") { 0.5 } else { 0.06 };
        assert!((seen / load.utilisation - 1.0).abs() < tolerance, "{load:?}: {seen}");
    }
}
