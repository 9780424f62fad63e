//! The simulator against exact answers of queueing theory, case by case of tests/oracles.json.
//!
//! A case passes by the rule of that file (`rule`). Each of its metrics is read from the findings,
//! or is said not to be, and why; each case of the file is here, or waits for a feature (`waiting`).

mod case;
mod data;
mod forks;
mod layouts;
mod networks;
mod overload;
mod queues;
mod rule;
mod seen;
mod sharing;
mod waiting;

use case::{Case, NOT_TOLD};
use serde_json::Value;

/// The oracle file: cases with their exact answers, and the rule by which a tool passes.
fn oracles() -> Value {
    serde_json::from_str(include_str!("oracles.json")).expect("tests/oracles.json is JSON")
}

/// Every case that is simulated.
fn simulated() -> impl Iterator<Item = &'static Case> {
    let files = [
        queues::CASES,
        sharing::CASES,
        networks::CASES,
        forks::CASES,
        data::CASES,
        overload::CASES,
        layouts::CASES,
    ];
    files.into_iter().flatten()
}

#[test]
fn every_case_of_the_oracle_file_is_simulated_or_waits_and_none_is_there_twice() {
    let oracles = oracles();
    let cases = oracles["cases"].as_array().expect("the file holds cases");
    let mut known: Vec<&str> = cases.iter().filter_map(|case| case["id"].as_str()).collect();
    let waiting = waiting::WAITING.iter().map(|(id, _)| *id);
    let mut here: Vec<&str> = simulated().map(|case| case.id).chain(waiting).collect();
    known.sort_unstable();
    here.sort_unstable();
    assert_eq!(here, known);
    let unsaid = waiting::WAITING.iter().find(|(_, feature)| feature.is_empty());
    assert_eq!(unsaid, None);
}

#[test]
fn every_metric_of_a_simulated_case_is_read_or_said_not_to_be() {
    for case in simulated() {
        let expected = case.expected();
        let has = |metric: &str| expected.iter().any(|(name, _)| name == metric);
        for (metric, _) in &expected {
            let read = case.metrics.iter().any(|(name, _)| name == metric);
            let apart = case.apart.iter().any(|(name, _)| name == metric);
            let not_told = NOT_TOLD.contains(&metric.as_str());
            let ways = [read, apart, not_told].into_iter().filter(|way| *way);
            assert_eq!(ways.count(), 1, "{} {metric}", case.id);
        }
        let named = case.apart.iter().map(|(name, _)| name);
        for metric in named.chain(case.too_long) {
            assert!(has(metric), "{} has no {metric}", case.id);
        }
        let is_read = |metric: &&str| case.metrics.iter().any(|(name, _)| name == metric);
        assert!(case.too_long.iter().all(is_read), "{}", case.id);
        assert_eq!(case.too_long.is_empty(), case.long_minutes == 0, "{}", case.id);
    }
}

#[test]
#[ignore = "takes minutes: metrics that need hundreds of millions of requests"]
fn what_needs_a_long_run_passes_too() {
    for case in simulated().filter(|case| !case.too_long.is_empty()) {
        case.check_long();
    }
}

#[test]
fn a_wrong_expectation_fails() {
    let case = simulated().find(|case| case.id == "mm1-rho50");
    let case = case.expect("it is simulated");
    let seen = case.run(1, &[]);
    let mean = seen.latency().mean;
    assert_eq!(case.judge("mean_response", 0.02, mean), None);
    for wrong in [0.0203, 0.0197, 0.04, 0.01] {
        assert!(case.judge("mean_response", wrong, mean).is_some(), "{wrong}");
    }
}
