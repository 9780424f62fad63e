//! Workers that frames share, and what it costs to wake: worked out by hand or known from theory.

use cutline::measure::{Category, Kind};

use super::ran::{Ran, assert_exact, assert_near, run_one};

/// One service of a core, with what it has to do and how.
fn service(operations: &str, arrivals: &str, service: &str, platform: &str, seconds: f64) -> Ran {
    let body = format!(
        "
application: {{ modules: {{ m: {{ operations: {{ {operations} }} }} }} }}
workload: {{ arrivals: {arrivals}, endpoints: {{ e: {{ call: m.go }} }} }}
layouts: {{ one: {{ services: {{ s: {{ modules: all, threads: async, {service} }} }} }} }}
platform: {{ network: none, prices: none, context_switch: none{platform} }}
"
    );
    run_one(&body, seconds)
}

#[test]
fn an_event_loop_serves_visits_first_come_first_served() {
    // M/G/1: a wait of load × E[S²] / (2 E[S] (1 − load)), by Pollaczek and Khinchine, at load 0.8.
    for (law, square) in
        [("10ms", 1.0), ("{ exp: 10ms }", 2.0), ("{ erlang: { stages: 2, mean: 10ms } }", 1.5)]
    {
        let one = format!("go: [ cpu: {law} ]");
        let ran = service(&one, "{ poisson: 80/s }", "cpu: 1, workers: 1", "", 20_000.0);
        let expected = 10.0 + 0.8 * square * 10.0 / (2.0 * 0.2);
        assert_near(ran.mean_ms(), expected, 0.02 * expected);
        assert_near(ran.spent_ms(Category::CpuWait), expected - 10.0, 0.03 * expected);
    }
}

#[test]
fn workers_are_servers_of_one_queue() {
    // M/M/2 at load 0.75: 1 / (1 − load²) mean demands, on a machine of two cores.
    let ran = service(
        "go: [ cpu: { exp: 10ms } ]",
        "{ poisson: 150/s }",
        "cpu: 2, workers: 2",
        "",
        10_000.0,
    );
    assert_near(ran.mean_ms(), 10.0 / (1.0 - 0.5625), 0.4);
}

#[test]
fn what_has_one_visit_waits_once_and_what_has_ten_waits_ten_times() {
    // Three long jobs of 8 ms and one of ten pieces of 1 ms: shared, the pieces take four times as long. In a loop
    // each piece waits for those of the others that are ready, and the longer ones run to their end.
    let pieces = ["cpu: 1ms, wait: 1us"; 10].join(", ");
    let body = |workers: &str| {
        format!(
            "
application:
  modules:
    m: {{ operations: {{ long: [ cpu: 8ms, wait: 1us ], short: [ {pieces} ] }} }}
workload:
  endpoints:
    long: {{ call: m.long, arrivals: {{ closed: {{ users: 3, think: 0ms }} }} }}
    short: {{ call: m.short, arrivals: {{ closed: {{ users: 1, think: 0ms }} }} }}
layouts: {{ one: {{ services: {{ s: {{ modules: all, cpu: 1, threads: async{workers} }} }} }} }}
platform: {{ network: none, prices: none, context_switch: none }}
"
        )
    };
    let mean = |ran: &Ran, name: &str| {
        let record = ran.endpoint(name);
        record.latency_sum as f64 / record.answers[Kind::Ok as usize] as f64 / 1e6
    };
    let looped = run_one(&body(", workers: 1"), 100.0);
    // A round is the three long ones and one piece.
    assert_near(mean(&looped, "short"), 250.0, 1.0);
    assert_near(mean(&looped, "long"), 25.0, 0.1);
    let shared = run_one(&body(""), 100.0);
    assert_near(mean(&shared, "short"), 40.0, 1.0);
    assert_near(mean(&shared, "long"), 32.0, 1.0);
}

#[test]
fn a_frame_that_goes_on_with_more_work_keeps_its_worker() {
    // Two pieces without a wait between them are one visit, be they of one operation or of two.
    for operations in ["go: [ cpu: 3ms, cpu: 5ms ]", "go: [ cpu: 3ms, call: on ], on: [ cpu: 5ms ]"]
    {
        let users = "{ closed: { users: 2, think: 0ms } }";
        let ran = service(operations, users, "cpu: 1, workers: 1", "", 100.0);
        assert_near(ran.mean_ms(), 16.0, 0.001);
        // Sixteen at once end one after the other, not in two rounds.
        let batch = "{ closed: { users: 16, think: 10s } }";
        let ran = service(operations, batch, "cpu: 1, workers: 1", "", 10.5);
        assert_near(ran.mean_ms(), 8.0 * 17.0 / 2.0, 0.01);
    }
}

#[test]
fn a_worker_pays_for_waking_only_where_it_slept() {
    let go = "go: [ cpu: 1ms, wait: 1ms, cpu: 1ms ]";
    let wakes = ", wake_up: { cost: 100us, cold: 0us }";
    // Alone it sleeps before both pieces.
    let ran = service(go, "{ deterministic: 10/s }", "cpu: 1, workers: 1", wakes, 10.05);
    assert_exact(ran.mean_ms(), 3.2);
    assert_exact(ran.spent_ms(Category::WakeUp), 0.2);
    // Where every request is a thread, too.
    let ran = service(go, "{ deterministic: 10/s }", "cpu: 1", wakes, 10.05);
    assert_exact(ran.mean_ms(), 3.2);
    // A loop that always has somebody ready never sleeps; threads pay each time.
    let users = "{ closed: { users: 8, think: 0ms } }";
    let ran = service(go, users, "cpu: 1, workers: 1", wakes, 100.0);
    assert_near(ran.count(Kind::Ok) as f64, 50_000.0, 10.0);
    assert!(ran.spent_ms(Category::WakeUp) < 0.001, "{}", ran.spent_ms(Category::WakeUp));
    let ran = service(go, users, "cpu: 1", wakes, 100.0);
    assert!((44_500..45_500).contains(&ran.count(Kind::Ok)), "{}", ran.count(Kind::Ok));
}

#[test]
fn a_process_that_was_idle_is_cold() {
    // 1 − exp(−gap / 3 ms) of 200 µs, and the time that a request takes is no gap.
    let wakes = ", wake_up: { cost: 0us, cold: 200us, cold_within: 3ms }";
    for (rate, gap) in [("100/s", 10.0_f64), ("500/s", 2.0)] {
        let arrivals = format!("{{ deterministic: {rate} }}");
        let ran = service("go: [ cpu: 0.5ms ]", &arrivals, "cpu: 1, workers: 1", wakes, 10.0);
        let spent = ran.spent_ms(Category::WakeUp);
        let expected = 0.2 * (1.0 - (-(gap - 0.5 - spent) / 3.0).exp());
        assert_near(spent, expected, 0.001);
    }
}
