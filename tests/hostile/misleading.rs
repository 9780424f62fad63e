//! Runs that have little or nothing to tell: what they print must not read as more.

use super::{Desk, SMALL, changed};

/// What is printed, and results.json, of a text beside a trace of this content.
fn beside_a_trace(trace: &str, text: &str) -> (String, serde_json::Value) {
    let desk = Desk::new();
    std::fs::write(desk.path().join("t.csv"), trace).expect("a file");
    let output = desk.give(&["run", "-", "--out", "out"], text);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    let results = std::fs::read(desk.path().join("out/results.json")).expect("results");
    let results = serde_json::from_slice(&results).expect("JSON");
    // Sentences are broken at the width of a terminal.
    let words = String::from_utf8_lossy(&output.stdout);
    (words.split_whitespace().collect::<Vec<&str>>().join(" "), results)
}

/// The small scenario with the instants of a trace, for so long.
fn traced(run: &str) -> String {
    let text = changed(SMALL, "  arrivals: { poisson: 100/s }\n", "");
    let text = changed(
        &text,
        "go: { call: a.go } }",
        "go: { call: a.go, arrivals: { trace: { file: t.csv, unit: s } } } }",
    );
    changed(&text, "fixed: { duration: 2s, replications: 2 }", run)
}

#[test]
fn a_trace_in_epoch_seconds_or_inside_the_warm_up_says_that_nothing_was_measured_and_why() {
    let epoch = "1768678025.1\n1768678025.2\n";
    for run in ["until: 10s, replications: 2", "fixed: { duration: 10s, replications: 2 }"] {
        let (words, _) = beside_a_trace(epoch, &traced(run));
        assert!(words.contains("not from a date [no-requests]"), "{words}");
        assert!(words.contains("none came"), "{words}");
    }
    let fixed = "fixed: { duration: 10s, warmup: 5s, replications: 2 }";
    let (words, results) = beside_a_trace("1\n2\n", &traced(fixed));
    assert!(
        words.contains("the last instant of its trace is 2 s, and measuring begins at 5 s"),
        "{words}"
    );
    assert!(words.contains("stable, not converged"), "{words}");
    assert_eq!(results["layouts"]["one"]["converged"], false);
}

#[test]
fn an_overload_beside_a_trace_that_ends_is_told_and_the_load_does_not_end() {
    let text = traced("fixed: { duration: 20s, replications: 3 }");
    let text = changed(
        &text,
        "unit: s } } } }",
        "unit: s } } }, rest: { call: a.go, arrivals: { poisson: 4000/s } } }",
    );
    let text = changed(&text, "frames: 10000, events: 1000000", "frames: 1000000");
    let (words, results) = beside_a_trace("10\n", &text);
    assert!(words.contains("the load of go ends at 10 s, that of rest goes on"), "{words}");
    assert_eq!(results["layouts"]["one"]["verdict"], "unstable", "{words}");
    assert_eq!(results["layouts"]["one"]["converged"], false, "{words}");
}

#[test]
fn a_promise_about_what_nobody_asks_or_what_always_fails_is_not_kept() {
    let asked = changed(SMALL, "cpu: { exp: 1ms }", "cpu: { exp: 1ms }, fail: 100%");
    let promise = |text: &str, endpoints: &str| {
        let text = changed(text, "{ go: { call: a.go } }", endpoints);
        format!("{text}slo: {{ rare: {{ p99: 1s }} }}\n")
    };
    let never = "{ go: { call: a.go }, rare: { call: a.go, arrivals: { poisson: 0.0001/s } } }";
    let failing = "{ rare: { call: a.go } }";
    for (text, why) in
        [(promise(SMALL, never), "nobody asked"), (promise(&asked, failing), "no good answer")]
    {
        let output = Desk::new().give(&["run", "-", "--out", "out"], text);
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(3), "{words}");
        assert!(words.contains(why), "{words}");
    }
}

#[test]
fn no_end_of_an_interval_is_negative_and_no_percentile_is_above_the_maximum() {
    let failing =
        changed(SMALL, "cpu: { exp: 1ms }", "cpu: { lognormal: { mean: 5ms, cv: 4 } }, fail: 0.5%");
    let (words, results) = beside_a_trace("", &failing);
    assert!(!words.contains("(−"), "{words}");
    let all = &results["layouts"]["one"]["endpoints"]["all"];
    let most = all["latency_seconds"]["max"].as_f64();
    assert!(most.is_some(), "{all}");
    for percentile in ["p50", "p90", "p95", "p99"] {
        let found = &all["latency_seconds"][percentile];
        assert!(found["value"].as_f64() <= most, "{percentile}: {found}");
        if let Some(ends) = found["ci95"].as_array() {
            assert!(
                ends[0].as_f64() >= Some(0.0) && ends[1].as_f64() <= most,
                "{percentile}: {found}"
            );
        }
    }
    for figure in [&all["error_share"], &all["latency_seconds"]["mean"]] {
        assert!(figure["ci95"][0].as_f64() >= Some(0.0), "{figure}");
    }
}

#[test]
fn a_given_length_far_below_the_relaxation_time_is_not_called_converged() {
    let text = changed(SMALL, "100/s", "980/s");
    let text = changed(&text, "cpu: 2, threads: 4", "cpu: 1, threads: 1");
    let text = changed(&text, "duration: 2s, replications: 2", "duration: 20s, replications: 10");
    let (words, results) = beside_a_trace("", &text);
    assert_eq!(results["layouts"]["one"]["converged"], false);
    assert!(words.contains("too short") && words.contains("[not-converged]"), "{words}");
}
