//! The hash of the resolved scenario that stands in every result: the same for the same scenario however it
//! is written, another for every change of what is simulated or billed.

use super::{STORE, changed, model, run};

const PLAIN: &str = r#"
cutline: 1
name: small # a comment
application:
  modules:
    a: { operations: { go: [ { cpu: { exp: 2ms } }, { call: b.go } ] } }
    b: { operations: { go: [ { cpu: { exp: 3ms } } ] } }
workload:
  arrivals: { poisson: 50/s }
  endpoints: { one: { share: 2, call: a.go }, two: { share: 1, call: b.go } }
layouts:
  two: { services: { a: { modules: [ a ], cpu: 1 }, b: { modules: [ b ], cpu: 2 } } }
run: { fixed: { duration: 2s, warmup: 1s, replications: 2 }, seed: 3 }
"#;

const JSON: &str = r#"{
  "name": "small",
  "cutline": 1,
  "run": { "seed": 3, "fixed": { "warmup": "1s", "duration": "2s", "replications": 2 } },
  "layouts": { "two": { "services": {
    "b": { "cpu": 2, "modules": ["b"] }, "a": { "cpu": 1, "modules": ["a"] } } } },
  "application": { "modules": {
    "b": { "operations": { "go": [ { "cpu": { "exp": "3ms" } } ] } },
    "a": { "operations": { "go": [ { "cpu": { "exp": "2ms" } }, { "call": "b.go" } ] } } } },
  "workload": { "arrivals": { "poisson": "50/s" },
    "endpoints": { "one": { "call": "a.go", "share": 2 }, "two": { "call": "b.go", "share": 1 } } }
}"#;

fn fingerprint(text: &str) -> u64 {
    model(text).fingerprint.0
}

#[test]
fn the_way_a_scenario_is_written_does_not_count() {
    let plain = fingerprint(PLAIN);
    assert_eq!(plain, fingerprint(JSON), "JSON, keys in another order");
    assert_eq!(plain, fingerprint(&PLAIN.replace('\n', "\r\n")), "line ends");
    assert_eq!(plain, fingerprint(&format!("# more\n{PLAIN}\n# words\n")), "comments");
    assert_eq!(plain, fingerprint(&changed(PLAIN, "50/s", "'50/s'")), "quotes");
    let anchor = changed(PLAIN, "{ exp: 2ms }", "&law { exp: 3ms }");
    let written = changed(PLAIN, "{ exp: 2ms }", "{ exp: 3ms }");
    let alias = changed(
        &anchor,
        "    b: { operations: { go: [ { cpu: { exp: 3ms } } ] } }",
        "    b: { operations: { go: [ { cpu: *law } ] } }",
    );
    assert_eq!(fingerprint(&written), fingerprint(&alias), "anchors");
    assert_eq!(run(PLAIN, &[0]).provenance.scenario_hash, run(JSON, &[0]).provenance.scenario_hash);
}

#[test]
fn the_order_of_endpoints_counts_because_draws_fall_among_them() {
    let ends = "{ one: { share: 2, call: a.go }, two: { share: 1, call: b.go } }";
    let turned = "{ two: { share: 1, call: b.go }, one: { share: 2, call: a.go } }";
    let turned = changed(PLAIN, ends, turned);
    assert_ne!(fingerprint(PLAIN), fingerprint(&turned));
    let one = |text: &str| run(text, &[0]).layouts.0[0].1.events;
    assert_ne!(one(PLAIN), one(&turned), "it changes what happens");
}

#[test]
fn every_change_of_a_value_counts() {
    let edits = [
        ("name: store", "name: stores"),
        ("exp: 0.3ms", "exp: 0.4ms"),
        ("share: 30%", "share: 31%"),
        ("skew: 0.9", "skew: 1"),
        ("hit: 60%", "hit: 61%"),
        ("geometric: { mean: 2 }", "geometric: { mean: 3 }"),
        ("failure: 1%", "failure: 2%"),
        ("concurrency: 40", "concurrency: 41"),
        ("poisson: 150/s", "poisson: 151/s"),
        ("{ share: 80,", "{ share: 81,"),
        ("queue: 20", "queue: 21"),
        ("balancing: random", "balancing: round_robin"),
        ("gp3: 50GiB", "gp3: 51GiB"),
        ("protocol: grpc", "protocol: rest_json"),
        ("prices: aws-us-east-1", "prices: none"),
        ("zones: 3", "zones: 2"),
        ("duration: 12s", "duration: 13s"),
        ("replications: 4", "replications: 5"),
        ("seed: 7", "seed: 8"),
        ("rows: 50,", "rows: 51,"),
        ("subscribes: { placed: confirm }", "subscribes: {}"),
        ("counters, rows: 2", "counters, rows: 3"),
    ];
    let mut seen = vec![fingerprint(STORE)];
    for (from, to) in edits {
        let found = fingerprint(&changed(STORE, from, to));
        assert!(!seen.contains(&found), "{to} is not seen");
        seen.push(found);
    }
    // A default that is written out is a default no more, and counts as written.
    let written = changed(STORE, "seed: 7 }", "seed: 7, limits: { frames: 1M } }");
    assert!(!seen.contains(&fingerprint(&written)));
}

#[test]
fn two_of_a_list_in_another_order_are_another_scenario() {
    let turned =
        changed(STORE, "tables: [ orders, goods.goods ]", "tables: [ goods.goods, orders ]");
    assert_ne!(fingerprint(STORE), fingerprint(&turned));
}

#[test]
fn a_plain_word_and_its_quoted_namesake_are_two_things() {
    let row =
        "  apart:\n    services: { each: { replicas: 2, cpu: 1, memory: 1GiB, threads: 32 } }";
    let named = changed(STORE, row, &row.replace("apart", "none"));
    assert_ne!(fingerprint(STORE), fingerprint(&named));
    let quoted = changed(STORE, row, &row.replace("apart", "'none'"));
    assert_eq!(fingerprint(&named), fingerprint(&quoted), "as a name it is the same");
    let about = |word: &str| {
        fingerprint(&changed(STORE, "name: store", &format!("name: store\nabout: {word}")))
    };
    assert_ne!(about("all"), about("'all'"), "as a value it may be a word of the language");
}

/// The value may change only where the canonical form does, which makes old results look like those of
/// another scenario: say so in the changelog.
#[test]
fn the_hash_of_a_scenario_is_pinned() {
    assert_eq!(format!("{:016x}", fingerprint(PLAIN)), PINNED);
}

const PINNED: &str = "e953b308522c439c";
