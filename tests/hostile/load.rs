//! Scenarios that are allowed and enormous: ended by a limit that is named, with bounded memory and time.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{Desk, SMALL, TABLES, accepted, changed, refused};

/// Codes of the remarks on the only layout.
fn codes(results: &Value) -> Vec<&str> {
    let remarks = results["layouts"]["one"]["diagnostics"].as_array();
    let remarks = remarks.expect("there are remarks").iter();
    remarks.map(|remark| remark["code"].as_str().expect("a code")).collect()
}

fn verdict(results: &Value) -> &str {
    results["layouts"]["one"]["verdict"].as_str().expect("a verdict")
}

#[test]
fn a_repeat_of_a_thousand_million_turns_is_ended_by_the_limit_of_events() {
    for repeat in [
        "repeat: { times: { geometric: { mean: 1000000000 } }, do: [ wait: 1ns ] }",
        "repeat: { times: 1000000000, do: [ call: a.idle ] }",
    ] {
        let steps = format!("go: [ {repeat} ], idle: [ cpu: 0ms ]");
        let results = accepted(changed(SMALL, "go: [ cpu: { exp: 1ms } ]", &steps));
        assert!(codes(&results).contains(&"limit"), "{repeat}: {results}");
    }
}

#[test]
fn a_thousand_million_requests_a_second_are_ended_by_the_limit_of_frames() {
    let results = accepted(changed(SMALL, "100/s", "1000000000/s"));
    assert_eq!(verdict(&results), "unstable");
    let remarks = results["layouts"]["one"]["diagnostics"].to_string();
    assert!(remarks.contains("run.limits.frames"), "{remarks}");
}

#[test]
fn a_batch_of_a_thousand_million_is_ended_by_a_limit() {
    for (size, limit) in [
        ("size: 1000000000", "run.limits.frames"),
        ("size: { geometric: { mean: 1000000000 } }", "run.limits.frames"),
    ] {
        let batch = format!("{{ batch: {{ rate: 10/s, {size} }} }}");
        let results = accepted(changed(SMALL, "{ poisson: 100/s }", &batch));
        let remarks = results["layouts"]["one"]["diagnostics"].to_string();
        assert!(remarks.contains(limit), "{remarks}");
    }
    // Requests that need nothing are gone at once: it is events that run out.
    let text = changed(SMALL, "{ poisson: 100/s }", "{ batch: { rate: 10/s, size: 1000000000 } }");
    let text = changed(&text, "cpu: { exp: 1ms }", "cpu: 0ms");
    for (limit, limits) in
        [("run.limits.events", ""), ("run.limits.simultaneous", ", simultaneous: 100000")]
    {
        let most = format!("events: 1000000{limits}");
        let results = accepted(changed(&text, "events: 1000000", &most));
        let remarks = results["layouts"]["one"]["diagnostics"].to_string();
        assert!(remarks.contains(limit), "{remarks}");
    }
}

#[test]
fn users_who_ask_again_the_instant_they_are_refused_make_time_stand_still_and_are_ended() {
    let closed = "{ closed: { users: 3, think: 0ms } }";
    let text = changed(SMALL, "{ poisson: 100/s }", closed);
    let text = changed(&text, "threads: 4", "threads: 1, queue: 0");
    let results = accepted(changed(&text, "events: 1000000", "simultaneous: 100000"));
    let remarks = results["layouts"]["one"]["diagnostics"].to_string();
    assert!(remarks.contains("run.limits.simultaneous"), "{remarks}");
    let events = results["layouts"]["one"]["events"].as_u64().expect("events are counted");
    // Two replications, each ended soon after its hundred thousand events.
    assert!(events < 300_000, "{events}");
}

#[test]
fn many_events_over_time_are_no_standstill() {
    let text = changed(SMALL, "events: 1000000", "events: 1000000, simultaneous: 100");
    let results = accepted(changed(&text, "duration: 2s", "duration: 20s"));
    assert!(results["layouts"]["one"]["events"].as_u64() > Some(1_000));
    assert!(!codes(&results).contains(&"limit"), "{results}");
}

#[test]
fn a_write_of_more_rows_than_may_be_locked_is_ended_by_that_limit() {
    let free = changed(TABLES, "pool: 10", "pool: 10, costs: none");
    let free = changed(&free, "two: { rows: 1000,", "two: { rows: 5M,");
    // The statement itself takes its time on the wire: a hundred million rows would not arrive within the run.
    let results = accepted(changed(&free, "write: two", "write: { table: two, rows: 5000000 }"));
    let remarks = results["layouts"]["one"]["diagnostics"].to_string();
    assert!(remarks.contains("run.limits.locks"), "{remarks}");
    let lowered = changed(&free, "replications: 2 }", "replications: 2 }, limits: { locks: 99 }");
    let hundred = changed(&lowered, "write: two", "write: { table: two, rows: 100 }");
    assert!(codes(&accepted(hundred)).contains(&"limit"));
    let fewer = changed(&lowered, "write: two", "write: { table: two, rows: 10 }");
    assert!(!codes(&accepted(fewer)).contains(&"limit"));
}

#[test]
fn a_read_of_a_thousand_million_pages_is_drawn_at_once_and_takes_its_time() {
    let text = changed(TABLES, "one: { rows: 1000,", "one: { rows: 4000000000,");
    let read = "read: { table: one, rows: 4000000000, scan: true }";
    let text = changed(&text, "pool: 10", "pool: 10, storage: { gp3: 500GB }");
    let results = accepted(changed(&text, "read: one", read));
    let all = &results["layouts"]["one"]["endpoints"]["all"];
    assert_eq!(all["outcomes"]["ok"], 0, "{all}");
}

#[test]
fn states_that_change_every_nanosecond_are_ended_by_the_limit_of_events() {
    let states = "{ mmpp: { states: [ { rate: 0/s, stay: 1ns }, { rate: 1/s, stay: 1ns } ] } }";
    let results = accepted(changed(SMALL, "{ poisson: 100/s }", states));
    let remarks = results["layouts"]["one"]["diagnostics"].to_string();
    assert!(remarks.contains("run.limits.events"), "{remarks}");
}

#[test]
fn ten_times_the_capacity_for_an_hour_is_unstable_and_has_no_mean() {
    let text = changed(SMALL, "100/s", "20000/s");
    let results = accepted(changed(&text, "duration: 2s", "duration: 1h"));
    assert_eq!(verdict(&results), "unstable");
    let latency = &results["layouts"]["one"]["endpoints"]["all"]["latency_seconds"];
    assert!(latency["mean"].is_null() && latency["p99"].is_null());
}

#[test]
fn an_overload_is_seen_in_two_replications_and_in_one_where_something_else_sheds_load() {
    // The pool gives up after 30 s, so arithmetic alone cannot tell; the service's queue has no end.
    let text = changed(TABLES, "go: [ read: one,", "go: [ cpu: 100ms, read: one,");
    for count in ["1", "2"] {
        let text = changed(&text, "replications: 2", &format!("replications: {count}"));
        assert_eq!(verdict(&accepted(&*text)), "unstable", "{count} replications");
        // At two thirds of the capacity.
        let calm = changed(&text, "poisson: 50/s", "poisson: 13/s");
        assert_eq!(verdict(&accepted(calm)), "stable", "{count} replications");
    }
}

#[test]
fn a_layout_that_answers_nothing_well_says_what_becomes_of_the_requests() {
    let results = accepted(changed(SMALL, "cpu: { exp: 1ms }", "cpu: { exp: 1ms }, fail: 100%"));
    let remarks = results["layouts"]["one"]["diagnostics"].to_string();
    assert!(remarks.contains("no request has a good answer"), "{remarks}");
    assert!(remarks.contains("failed by the business"), "{remarks}");
}

#[test]
fn a_bounded_queue_turns_an_overload_away_and_says_how_much() {
    let text = changed(SMALL, "100/s", "4000/s");
    let results = accepted(changed(&text, "threads: 4", "threads: 2, queue: 10"));
    let share = &results["layouts"]["one"]["endpoints"]["all"]["error_share"]["value"];
    let share = share.as_f64().expect("errors are told");
    // M/M/2/12 at an offered load of 4: 1 − (served 2 of 4), but for idle times that hardly occur.
    assert!((share - 0.5).abs() < 0.03, "{share}");
}

#[test]
fn closed_users_beyond_a_limit_are_refused_and_many_are_not() {
    let closed = |users: &str| {
        let arrivals = format!("{{ closed: {{ users: {users}, think: {{ exp: 1h }} }} }}");
        changed(SMALL, "{ poisson: 100/s }", &arrivals)
    };
    let told = refused(closed("4000000000"), "too-large");
    assert!(told.contains("run.limits.users"), "{told}");
    let lowered = changed(&closed("1000"), "events: 1000000", "events: 1000000, users: 999");
    refused(lowered, "too-large");
    let results = accepted(closed("1000000"));
    assert!(results["layouts"]["one"].is_object());
}

#[test]
fn a_run_in_which_nothing_happens_has_honest_zeros() {
    let text = changed(SMALL, "100/s", "0.000001/s");
    let results = accepted(changed(&text, "replications: 2", "replications: 1000"));
    assert!(!results.to_string().contains("NaN"));
    let all = &results["layouts"]["one"]["endpoints"]["all"];
    assert_eq!(all["throughput_per_second"]["value"], 0.0);
    assert!(all["latency_seconds"]["mean"].is_null());
    assert!(all["error_share"].is_null());
}

#[test]
fn a_single_request_has_no_interval() {
    let text = changed(SMALL, "{ poisson: 100/s }", "{ deterministic: 0.6/s }");
    let results = accepted(changed(&text, "replications: 2", "replications: 1"));
    let all = &results["layouts"]["one"]["endpoints"]["all"];
    assert_eq!(all["outcomes"]["ok"], 1);
    assert!(all["latency_seconds"]["mean"]["value"].is_f64());
    assert!(all["latency_seconds"]["mean"]["ci95"].is_null());
}

#[test]
fn runs_of_a_nanosecond_and_of_a_century_end() {
    accepted(changed(SMALL, "duration: 2s", "duration: 1ns"));
    let results = accepted(changed(SMALL, "duration: 2s", "duration: 876000h"));
    assert!(codes(&results).contains(&"limit"), "{results}");
}

#[test]
fn a_precision_that_the_limits_do_not_allow_is_not_reached_and_said() {
    let text = changed(SMALL, "fixed: { duration: 2s, replications: 2 }", "precision: 0.01%");
    let results = accepted(changed(&text, "events: 1000000", "events: 20000"));
    assert_eq!(results["layouts"]["one"]["converged"], false);
    assert!(codes(&results).contains(&"limit"), "{results}");
}

#[test]
fn a_hundred_thousand_replicas_run_and_more_are_refused() {
    let replicas = |count: &str| changed(SMALL, "cpu: 2", &format!("cpu: 2, replicas: {count}"));
    refused(replicas("4000000000"), "out-of-range");
    accepted(replicas("100000"));
}

#[test]
fn a_fork_of_ten_thousand_branches_joins() {
    let branches = vec!["[ wait: 1ms ]"; 10_000].join(", ");
    let steps = format!("parallel: [ {branches} ]");
    let text = changed(SMALL, "cpu: { exp: 1ms }", &steps);
    let text = changed(&text, "frames: 10000", "frames: 100000");
    let results = accepted(changed(&text, "100/s", "2/s"));
    let mean = &results["layouts"]["one"]["endpoints"]["all"]["latency_seconds"]["mean"]["value"];
    assert!((mean.as_f64().expect("a mean") - 1e-3).abs() < 1e-9, "{mean}");
}

/// The most memory (MiB) that a process had at any time, as the kernel keeps it; `None`: it keeps none.
fn peak_mib(arguments: &[&str], text: &str) -> Option<u64> {
    let desk = Desk::new();
    std::fs::write(desk.path().join("s.yaml"), text).expect("a file");
    let binary = assert_cmd::cargo::cargo_bin("cutline");
    let mut command = Command::new(binary);
    command.current_dir(desk.path()).args(["run", "s.yaml", "--quiet"]).args(arguments);
    let mut child = command.stdout(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().expect("it can be asked").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kib.map(|kib| kib / 1024));
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}

#[test]
fn memory_does_not_grow_with_the_threads() {
    let users = "{ closed: { users: 1500000, think: { exp: 1h } } }";
    let text = changed(SMALL, "{ poisson: 100/s }", users);
    let text = changed(&text, "limits: {", "limits: { users: 2M,");
    let given = ["--duration", "100ms", "--replications", "8", "--threads"];
    let peak = |threads: &'static str| peak_mib(&[given.as_slice(), &[threads]].concat(), &text);
    if let (Some(one), Some(eight)) = (peak("1"), peak("8")) {
        assert!(one > 40, "all users are there: {one} MiB");
        assert!(eight < 2 * one, "{eight} MiB on eight threads, {one} MiB on one");
    }
}

#[test]
fn check_tells_what_closed_users_of_several_endpoints_reach_together() {
    let of = |count: u32, users: u32| {
        let endpoint = |number: u32| {
            let users = format!("{{ closed: {{ users: {users}, think: 999ms }} }}");
            format!("    e{number}: {{ call: a.go, arrivals: {users} }}\n")
        };
        let endpoints: String = (0..count).map(endpoint).collect();
        let text = changed(
            SMALL,
            "  arrivals: { poisson: 100/s }\n  endpoints: { go: { call: a.go } }\n",
            &format!("  endpoints:\n{endpoints}"),
        );
        let output = Desk::new().give(&["check", "-"], text);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let told = of(10, 1);
    assert!(told.contains("closed users reach 10/s at the most"), "{told}");
    assert!(told.contains("a cpu saturates first, at 2,000/s"), "{told}");
    let told = of(10, 1000);
    assert!(told.contains("closed users reach 2,000/s at the most"), "{told}");
    let told = of(1, 100);
    assert!(told.contains("closed users reach 100/s at the most"), "{told}");
}

#[test]
fn a_limit_that_ends_a_replication_ends_its_sisters_before_they_start() {
    let text = changed(SMALL, "replications: 2", "replications: 40");
    let text = changed(&text, "events: 1000000", "events: 300");
    for threads in ["1", "2", "7"] {
        let desk = Desk::new();
        let arguments = ["run", "-", "--out", "out", "--threads", threads];
        let output = desk.give(&arguments, text.clone());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let results = std::fs::read(desk.path().join("out/results.json")).expect("results");
        let results: serde_json::Value = serde_json::from_slice(&results).expect("JSON");
        let layout = &results["layouts"]["one"];
        assert_eq!(layout["replications"], 1, "{threads} threads");
        assert!(layout["diagnostics"].to_string().contains("those behind it did not start"));
    }
    // Some replications may come before the first that meets a limit.
    let text = changed(&text, "events: 300", "events: 420");
    let found = accepted(text)["layouts"]["one"]["replications"].as_u64();
    assert!(found.is_some_and(|count| (1..40).contains(&count)), "{found:?}");
}

#[test]
fn statements_that_cost_nothing_are_counted() {
    let results = accepted(changed(TABLES, "pool: 10", "pool: 10, costs: none"));
    let rate = &results["layouts"]["one"]["databases"]["db"]["statements_per_second"]["value"];
    assert!(rate.as_f64().is_some_and(|rate| (120.0..180.0).contains(&rate)), "{rate}");
}

#[test]
fn warnings_of_the_scenario_stand_in_the_results() {
    let results = accepted(changed(TABLES, "share: 100", "share: 10%"));
    assert_eq!(results["warnings"][0]["code"], "partial-shares");
    assert!(results["warnings"][0]["message"].to_string().contains("add up to 10 %"));
    assert!(accepted(TABLES)["warnings"].is_null(), "nothing is said of a scenario without doubts");
}

#[test]
fn a_run_of_more_than_ten_thousand_million_events_is_told_before_it_begins() {
    let steps = "repeat: { times: 1000000000, do: [ wait: 1ns ] }";
    let text = changed(SMALL, "cpu: { exp: 1ms }", steps);
    let text = changed(&text, "duration: 2s, replications: 2", "duration: 10s, replications: 2");
    let told = "warning[long-run]: by arithmetic this run takes about 80,000 million events, a matter of hours, \
                and a replication is ended after 1 million of them (run.limits.events)";
    for (arguments, code) in [(&["check", "-"][..], 3), (&["run", "-", "--out", "out"], 0)] {
        let output = Desk::new().give(arguments, text.clone());
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{complaint}");
        assert!(complaint.contains(told), "{complaint}");
        let output = Desk::new().give(arguments, changed(&text, "1000000000", "10000"));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("long-run"));
    }
    assert!(accepted(text)["warnings"].to_string().contains("long-run"));
}
