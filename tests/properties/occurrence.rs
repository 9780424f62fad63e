//! The random scenarios have in them whatever the language has, so that the laws are held to all of it.

use std::collections::BTreeMap;

use cutline::measure::{Ending, Kind};
use cutline::units::Nanos;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::scenario::{Scenario, cases, simulate};

const SCENARIOS: usize = 200;

/// Random scenarios, the same every time.
fn scenarios(count: usize) -> Vec<Scenario> {
    let mut runner = TestRunner::new(cases(1));
    let any = Scenario::any();
    let one = |_| any.new_tree(&mut runner).expect("nothing is filtered").current();
    (0..count).map(one).collect()
}

/// What stands between the braces behind each `key: {`.
fn within<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    let starts = text.match_indices(key).map(|(at, _)| &text[at + key.len()..]);
    starts
        .map(|rest| {
            let mut depth = 1;
            let end = rest.find(|letter| {
                depth += i32::from(letter == '{') - i32::from(letter == '}');
                depth == 0
            });
            &rest[..end.expect("braces are closed")]
        })
        .collect()
}

#[test]
fn every_feature_occurs_in_the_random_scenarios() {
    let plain = [
        "arrivals: { poisson: ",
        "deterministic: ",
        "closed: {",
        "mmpp: {",
        "batch: {",
        "sine: {",
        "points: [",
        "rate: 0/s",
        ".csv }",
        "{ trace: { file",
        "client: internet",
        "priority: 255",
        "priority: 0",
        "queue_discipline: priority",
        "queue_discipline: fifo",
        "patience: none",
        "patience: 1",
        "patience: { exp",
        "scheduling: ps",
        "scheduling: time_slices",
        "scheduling: fcfs",
        "scheduling: priority",
        "scheduling: preemptive_priority",
        "machine: box",
        "scheduling: fair_share",
        "threads: async",
        "max_in_flight: ",
        "queue: 0",
        "until: 1500ms, window: ",
        "until: 1500ms, at: [ ",
        "times: { geometric: { mean: 0",
        "times: { geometric: { mean: 1",
        "times: { poisson",
        "parallel: [",
        "cache: {",
        "publish: happened",
        "external: bank",
        "join: {",
        "fail: ",
        "insert: true",
        "databases: { each: {",
        "storage: { gp3",
        "nodes: {",
    ];
    let held = [
        ("transaction: {", "call: "),
        ("transaction: {", "repeat: {"),
        ("transaction: {", "publish: "),
        ("transaction: {", "external: "),
        ("batch: {", "size: { geometric"),
        ("batch: {", "size: 1"),
        ("profile: {", "], every: "),
        ("also: {", "arrivals: "),
        ("also: {", "share: "),
    ];
    let texts: Vec<String> = scenarios(SCENARIOS).iter().map(Scenario::text).collect();
    let count = |holds: &dyn Fn(&str) -> bool| texts.iter().filter(|text| holds(text)).count();
    for feature in plain {
        let found = count(&|text| text.contains(feature));
        assert!(found >= 2, "{feature} is in {found} scenarios");
    }
    for (outer, inner) in held {
        let found = count(&|text| within(text, outer).iter().any(|held| held.contains(inner)));
        assert!(found >= 2, "{inner} within {outer} is in {found} scenarios");
    }
    let found = count(&calls_a_transaction_in_a_transaction);
    assert!(found >= 2, "a transaction calls an operation with another one in {found} scenarios");
}

/// Whether an operation with a transaction is called in a transaction.
fn calls_a_transaction_in_a_transaction(text: &str) -> bool {
    let mut operations = Vec::new();
    let mut module = "";
    for line in text.lines().map(str::trim) {
        match line.split_once(':') {
            Some((name, "")) if name.starts_with('m') => module = name,
            Some((name, body)) if name.starts_with('o') => {
                operations.push((format!("call: {module}.{name}"), body));
            }
            _ => {}
        }
    }
    let nested = operations.iter().filter(|(_, body)| body.contains("transaction: {"));
    let held: Vec<&str> =
        operations.iter().flat_map(|(_, body)| within(body, "transaction: {")).collect();
    nested.into_iter().any(|(call, _)| held.iter().any(|held| held.contains(call.as_str())))
}

#[test]
fn everything_that_may_happen_to_requests_happens_in_the_random_scenarios() {
    let mut found = BTreeMap::new();
    for scenario in scenarios(100) {
        for (_, outcome) in simulate(&scenario.text(), (Nanos::from_seconds(1.5), Nanos::ZERO)) {
            let ended = |kind: Kind| {
                outcome.endpoints.iter().any(|record| record.answers[kind as usize] > 0)
            };
            let (services, databases) = (&outcome.services, &outcome.databases);
            let happened = [
                ("a good answer", ended(Kind::Ok)),
                ("a rejection", ended(Kind::Rejected)),
                ("a timeout", ended(Kind::Timeout)),
                ("a failure", ended(Kind::Failed)),
                ("a deadlock that ends a request", ended(Kind::Deadlock)),
                ("a deadlock", databases.iter().any(|one| one.deadlocks > 0)),
                ("an abandonment", ended(Kind::Abandoned)),
                ("a commit", databases.iter().any(|one| one.commits > 0)),
                (
                    "a wait for a row",
                    databases.iter().any(|one| one.lock_wait_sum.iter().any(|sum| *sum > 0)),
                ),
                ("a wait for a connection", databases.iter().any(|one| one.pool_wait_sum > 0)),
                ("a wait for a thread", services.iter().any(|one| one.wait_sum > 0)),
                ("an end in time", outcome.ending == Ending::Finished),
                ("an end with nobody left", outcome.left.frames == 0),
                ("an end with somebody left", outcome.left.frames > 0),
            ];
            for (what, happened) in happened {
                *found.entry(what).or_insert(0) += u32::from(happened);
            }
        }
    }
    for (what, count) in found {
        assert!(count >= 2, "{what} happens in {count} runs");
    }
}
