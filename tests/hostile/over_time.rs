//! Clock times and windows that make no sense, or too much of it.

use super::{SMALL, accepted, changed, refused, refused_with};

/// The small scenario with another way to run.
fn with_run(run: &str) -> String {
    let fixed = "fixed: { duration: 2s, replications: 2 }";
    changed(SMALL, fixed, run)
}

#[test]
fn moments_beyond_the_end_or_twice_are_refused() {
    refused(with_run("until: 2s, at: [ 1s, 3s ]"), "out-of-range");
    refused(with_run("until: 2s, at: [ 1s, 500ms, 1000ms ]"), "conflict");
    refused(with_run("until: 2s, at: [ 1 ]"), "missing-unit");
    refused(with_run("until: 2s, at: { a: 1s }"), "wrong-type");
}

#[test]
fn windows_of_no_length_or_longer_than_the_run_are_refused() {
    for window in ["0s", "3s"] {
        refused(with_run(&format!("until: 2s, window: {window}")), "out-of-range");
    }
    refused(with_run("until: 2s, window: 0.1ns"), "bad-value");
    refused(with_run("until: 0s"), "out-of-range");
    refused(with_run("until: -1s"), "bad-value");
}

#[test]
fn too_many_windows_or_moments_are_refused_by_a_limit_that_is_named_and_can_be_raised() {
    let complaint = refused(with_run("until: 2s, window: 1ns"), "too-large");
    assert!(complaint.contains("run.limits.windows"), "{complaint}");
    let moments: Vec<String> = (1..=1001).map(|at| format!("{at}us")).collect();
    let many = format!("until: 2s, at: [ {} ]", moments.join(", "));
    let complaint = refused(with_run(&many), "too-large");
    assert!(complaint.contains("run.limits.windows"), "{complaint}");
    let text = with_run("until: 2s, window: 500us, replications: 2");
    refused(text.clone(), "too-large");
    let results = accepted(changed(&text, "limits: {", "limits: { windows: 4000,"));
    let windows = results["layouts"]["one"]["windows"].as_array().expect("windows");
    assert_eq!(windows.len(), 4000);
}

#[test]
fn an_end_beside_another_length_is_refused_and_so_are_windows_without_an_end() {
    refused(with_run("until: 2s, precision: 5%"), "conflict");
    refused(with_run("until: 2s, fixed: { duration: 2s }"), "conflict");
    refused(with_run("window: 1s"), "missing-field");
    refused(with_run("at: [ 1s ], fixed: { duration: 2s }"), "missing-field");
    let arguments = ["run", "-", "--precision", "5%"];
    refused_with(&arguments, with_run("until: 2s"), "fixed-length");
}

#[test]
fn a_run_in_which_nobody_comes_has_windows_without_a_latency() {
    let text = with_run("until: 2s, at: 1s, window: 1s, replications: 1000");
    let results = accepted(changed(&text, "100/s", "0.000001/s"));
    let found = &results["layouts"]["one"];
    assert_eq!(found["verdict"], "terminating");
    assert!(!results.to_string().contains("NaN"));
    let window = &found["windows"][0];
    assert!(window["latency_seconds"]["mean"].is_null() && window["error_share"].is_null());
    // Empty in all of a thousand replications: up to 3/1000 cannot be excluded.
    assert_eq!(found["moments"][0]["empty_probability"]["ci95"][0], 0.997);
}

#[test]
fn a_limit_that_ends_a_terminating_run_leaves_out_what_was_not_reached_and_says_so() {
    let text = with_run("until: 2s, at: [ 1ms, 2s ], window: 1s, replications: 2");
    let results = accepted(changed(&text, "100/s", "1000000000/s"));
    let found = &results["layouts"]["one"];
    assert_eq!(found["converged"], false);
    assert!(found["diagnostics"].to_string().contains("run.limits.frames"));
    assert!(found["windows"].is_null(), "{found}");
}

#[test]
fn a_sweep_over_a_terminating_run_works() {
    let text = with_run("until: 2s, window: 1s, replications: 3");
    let desk = super::Desk::new();
    let vary = "workload.arrivals.poisson=50/s,100/s";
    let arguments = ["sweep", "-", "--vary", vary, "--format", "json", "--out", "out"];
    let output = desk.give(&arguments, text);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let results: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let windows = &results["points"][1]["run"]["layouts"]["one"]["windows"];
    assert_eq!(windows.as_array().map(Vec::len), Some(2));
}
