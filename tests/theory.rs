//! The simulator against exact answers of queueing theory, case by case of tests/oracles.json.

mod waiting;

use serde_json::Value;

/// The oracle file: cases with their exact answers, and the rule by which a tool passes.
fn oracles() -> Value {
    serde_json::from_str(include_str!("oracles.json")).expect("tests/oracles.json is JSON")
}

/// Names of all cases of the oracle file.
fn ids() -> Vec<String> {
    let oracles = oracles();
    let cases = oracles["cases"].as_array().expect("the file holds cases");
    let id = |case: &Value| case["id"].as_str().expect("a case has an id").to_string();
    cases.iter().map(id).collect()
}

#[test]
fn every_case_that_waits_is_in_the_oracle_file_and_none_waits_twice() {
    let ids = ids();
    for (index, (id, feature)) in waiting::WAITING.iter().enumerate() {
        assert!(
            ids.iter().any(|known| known == id),
            "no case is called {id}"
        );
        assert!(!feature.is_empty(), "{id} waits for something");
        let before = &waiting::WAITING[..index];
        assert!(before.iter().all(|(other, _)| other != id), "{id} twice");
    }
}
