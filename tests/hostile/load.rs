//! Scenarios that are allowed and enormous: ended by a limit that is named, with bounded memory and time.

use serde_json::Value;

use super::{SMALL, accepted, changed, refused};

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
    let results = accepted(changed(&text, "cpu: { exp: 1ms }", "cpu: 0ms"));
    let remarks = results["layouts"]["one"]["diagnostics"].to_string();
    assert!(remarks.contains("run.limits.events"), "{remarks}");
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
    refused(closed("4000000000"), "too-large");
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
