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
    let other = changed(STORE, "seed: 7 }", "seed: 7, limits: { frames: 1001k } }");
    assert!(!seen.contains(&fingerprint(&other)));
}

#[test]
fn a_default_that_is_written_out_changes_nothing() {
    let written = [
        ("seed: 3 }", "seed: 3, limits: { frames: 1M, events: 1G } }"),
        (
            "name: small",
            "name: small\nplatform: { network: { same_zone: {} }, nodes: none, prices: none }",
        ),
        ("{ call: b.go }", "{ call: { to: b.go } }"),
        (
            "{ modules: [ b ], cpu: 2 }",
            "{ modules: [ b ], cpu: 2, speed: 1.0, queue: none, replicas: 1 }",
        ),
        ("{ modules: [ a ], cpu: 1 }", "{ modules: [ a ], memory: 0.5GiB }"),
        (
            "two: { services",
            "two: { load_balancers: 0, control_plane: false, databases: {}, services",
        ),
        ("two: { share: 1, call: b.go }", "two: { share: 1, call: b.go, priority: 0 }"),
    ];
    let mut all = PLAIN.to_string();
    for (from, to) in written {
        assert_eq!(fingerprint(PLAIN), fingerprint(&changed(PLAIN, from, to)), "{to}");
        all = changed(&all, from, to);
    }
    assert_eq!(fingerprint(PLAIN), fingerprint(&all));
    let both = model(&all);
    assert_eq!((both.layouts, both.workload), (model(PLAIN).layouts, model(PLAIN).workload));
}

#[test]
fn what_is_worked_out_from_a_default_may_be_written_out_too() {
    let table =
        "a: { tables: { t: { rows: 1000, row_size: 1KiB } }, operations: { go: [ { read: t },";
    let text = changed(PLAIN, "a: { operations: { go: [", table);
    let database = |fields: &str| {
        let layout =
            format!("two: {{ databases: {{ a: {{ class: db.m6i.large{fields} }} }}, services");
        fingerprint(&changed(&text, "two: { services", &layout))
    };
    let plain = database("");
    for fields in [
        ", storage: gp3",
        ", storage: { gp3: 100GiB }",
        ", storage: { kind: gp3, size: 100GiB }",
        ", engine: postgres, costs: {}",
        ", max_connections: 901",
        ", cache_share: 75%",
        ", hit: {}",
    ] {
        assert_eq!(plain, database(fields), "{fields}");
    }
    assert_eq!(database(", storage: ssd"), database(", storage: { kind: ssd }"));
    assert_eq!(database(", storage: { ssd: 100GiB }"), database(", storage: ssd"));
    for fields in
        [", storage: { gp3: 99GiB }", ", storage: ssd", ", costs: none", ", max_connections: 902"]
    {
        assert_ne!(plain, database(fields), "{fields}");
    }
    let length = "fixed: { duration: 2s, warmup: 1s, replications: 2 }";
    let run = |run: &str| fingerprint(&changed(PLAIN, length, run));
    assert_eq!(run("fixed: { duration: 2s }"), run("fixed: { duration: 2s, warmup: 200ms }"));
    assert_ne!(run("fixed: { duration: 2s }"), run("fixed: { duration: 2s, warmup: 201ms }"));
    assert_eq!(run("until: 2s"), run("until: 2s, at: []"));
}

#[test]
fn a_default_that_overrides_another_value_counts() {
    let old = "services: { a: { modules: [ a ], cpu: 1 }, b: { modules: [ b ], cpu: 2 } }";
    let each = |b: &str| {
        let services = format!("services: {{ each: {{ replicas: 3 }}, b: {b} }}");
        fingerprint(&changed(PLAIN, old, &services))
    };
    assert_ne!(each("{ replicas: 1 }"), each("{}"));
    assert_ne!(each("{ replicas: 1 }"), each("{ replicas: 2 }"));
    // One text that is a default in one place and none in another is written in both.
    let aliased = |cpu: &str, replicas: &str| {
        let service = format!("a: {{ modules: [ a ], cpu: {cpu}, replicas: {replicas} }}");
        fingerprint(&changed(PLAIN, "a: { modules: [ a ], cpu: 1 }", &service))
    };
    assert_ne!(aliased("&n 2", "*n"), aliased("&n 3", "*n"));
    assert_ne!(aliased("&n 1", "2"), aliased("&n 2", "*n"));
}

#[test]
fn two_of_a_list_in_another_order_are_another_scenario() {
    let turned =
        changed(STORE, "tables: [ orders, goods.goods ]", "tables: [ goods.goods, orders ]");
    assert_ne!(fingerprint(STORE), fingerprint(&turned));
}

#[test]
fn a_word_and_its_quoted_namesake_are_one() {
    let row =
        "  apart:\n    services: { each: { replicas: 2, cpu: 1, memory: 1GiB, threads: 32 } }";
    let named = changed(STORE, row, &row.replace("apart", "none"));
    assert_ne!(fingerprint(STORE), fingerprint(&named));
    let quoted = changed(STORE, row, &row.replace("apart", "'none'"));
    assert_eq!(fingerprint(&named), fingerprint(&quoted), "as a name it is the same");
    let about = |word: &str| {
        fingerprint(&changed(STORE, "name: store", &format!("name: store\nabout: {word}")))
    };
    assert_eq!(about("all"), about("'all'"), "a word of the language is the same in quotes");
}

/// The value may change only where the canonical form does, which makes old results look like those of
/// another scenario: say so in the changelog.
#[test]
fn the_hash_of_a_scenario_is_pinned() {
    assert_eq!(format!("{:016x}", fingerprint(PLAIN)), PINNED);
}

const PINNED: &str = "f555c185ef422372";
