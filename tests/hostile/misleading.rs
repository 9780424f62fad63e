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
