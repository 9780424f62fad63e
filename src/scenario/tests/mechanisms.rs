//! Mistakes about how machines and databases work, each with a way out.

use super::*;

/// Every mistake of the small scenario with a table and another layout or platform: code, message and hint.
fn told(layout: &str, platform: &str) -> Vec<[String; 3]> {
    let table = "{ a: { tables: { t: { rows: 9, row_size: 9B } }, operations:";
    let text = changed(SMALL, "{ a: { operations:", table);
    let text = changed(&text, "go: [ cpu: { exp: 1ms } ]", "go: [ write: t ]");
    let text = changed(&text, "{ services: { a: { cpu: 2, threads: 4 } } }", layout);
    let text = changed(&text, "{ network: none }", platform);
    let refused = mistakes(text).diagnostics.into_iter();
    let parts = refused.map(|mistake| {
        let hint = mistake.hint.unwrap_or_default();
        [mistake.code.text().to_string(), mistake.message, hint]
    });
    parts.collect()
}

fn database(fields: &str) -> Vec<[String; 3]> {
    let layout = format!(
        "{{ machines: {{ box: {{ cpu: 2 }} }}, services: {{ a: {{ threads: 4 }} }}, \
         databases: {{ d: {{ tables: all, {fields} }} }} }}"
    );
    told(&layout, "{ network: none }")
}

#[test]
fn workers_are_shared_only_where_requests_hold_no_thread() {
    let databases = "databases: { d: { tables: all, cpu: 1, memory: 1GiB } }";
    let layout = |service: &str| format!("{{ services: {{ a: {{ {service} }} }}, {databases} }}");
    assert_eq!(
        told(&layout("threads: 4, workers: 2"), "{ network: none }"),
        [[
            "conflict",
            "with a thread for each request there are no `workers` that share them",
            "write `threads: async` beside it, or leave out `workers`",
        ]]
    );
    let [none] = &told(&layout("threads: async, workers: 0"), "{ network: none }")[..] else {
        panic!("one mistake")
    };
    assert_eq!(none[0], "out-of-range");
}

#[test]
fn an_engine_keeps_locks_in_its_own_way_or_as_theory_has_it() {
    assert_eq!(
        database("cpu: 1, memory: 1GiB, engine: mysql, locks: postgres"),
        [[
            "conflict",
            "mysql does not keep row locks the way of `postgres`",
            "leave `locks` out, which is `innodb` there, or write `fifo`, as queueing theory has it",
        ]]
    );
    assert_eq!(database("cpu: 1, memory: 1GiB, locks: innodb")[0][0], "conflict");
    assert_eq!(database("cpu: 1, memory: 1GiB, locks: lifo")[0][0], "unknown-word");
}

#[test]
fn a_database_on_a_machine_has_its_cores_and_its_price() {
    assert_eq!(
        database("machine: box, memory: 1GiB, class: db.m6i.large, cpu: 2"),
        [
            [
                "conflict",
                "the machine is paid for, so a database on it has no class of its own",
                "leave out `class` or `machine`",
            ],
            [
                "conflict",
                "a database on a machine has the cores of the machine",
                "leave out `cpu` or `machine`",
            ],
        ]
    );
    assert_eq!(
        database("machine: box"),
        [[
            "missing-field",
            "a database on a machine needs `memory`, which holds its pages",
            "write it like `memory: 8GiB`",
        ]]
    );
    assert_eq!(database("machine: bax, memory: 1GiB")[0][0], "unknown-machine");
}

#[test]
fn a_weight_is_of_what_shares_a_machine_by_weight() {
    let layout = |machine: &str, service: &str, database: &str| {
        format!(
            "{{ machines: {{ box: {{ cpu: 2{machine} }} }}, services: {{ a: {{ threads: 4, {service} }} }}, \
             databases: {{ d: {{ tables: all, memory: 1GiB, {database} }} }} }}"
        )
    };
    let told = |layout: &str| told(layout, "{ network: none }");
    let fair = ", scheduling: fair_share";
    let on_box = "machine: box, weight: 3";
    assert_eq!(
        told(&layout("", on_box, "machine: box")),
        [[
            "conflict",
            "only a machine with `scheduling: fair_share` deals its cores out by weight",
            "write `scheduling: fair_share` at the machine, or leave out `weight`",
        ]]
    );
    let apart = told(&layout("", "machine: box", "cpu: 1, weight: 3"));
    assert_eq!(
        apart[0][2],
        "put it on a `machine` with `scheduling: fair_share`, or leave out `weight`"
    );
    for weight in ["0", "10001", "-1", "much"] {
        let told = told(&layout(fair, &format!("machine: box, weight: {weight}"), "machine: box"));
        assert_eq!(told.len(), 1, "{weight}: {told:?}");
    }
    // Only what stands on a machine has neighbours.
    let own = told(&layout(fair, "scheduling: fair_share", "machine: box"));
    assert_eq!(own[0][0], "unknown-word");
}

#[test]
fn a_database_on_nodes_needs_some_and_has_no_server_of_its_own() {
    let layout = |database: &str| {
        format!(
            "{{ machines: {{ box: {{ cpu: 2 }} }}, services: {{ a: {{ machine: box, threads: 4 }} }}, \
             databases: {{ d: {{ tables: all, on_nodes: true, {database} }} }} }}"
        )
    };
    let nodes = "{ prices: aws-us-east-1, nodes: { class: m6i.xlarge } }";
    assert_eq!(
        told(&layout("cpu: 2, memory: 4GiB"), "{ network: none }"),
        [[
            "conflict",
            "a database cannot be packed on nodes where the platform has none",
            "write `nodes: { class: m6i.xlarge }` in `platform`, or leave out `on_nodes`",
        ]]
    );
    assert_eq!(
        told(&layout("memory: 4GiB, machine: box"), nodes),
        [[
            "conflict",
            "a database stands on a machine or on a node, not on both",
            "leave out `machine` or `on_nodes`",
        ]]
    );
    assert_eq!(
        told(&layout("class: db.m6i.large"), nodes),
        [[
            "conflict",
            "the nodes are paid for, so a database on them has no class of its own",
            "write its `cpu` and `memory` and no `class`",
        ]]
    );
    assert_eq!(told(&layout("memory: 4GiB"), nodes)[0][0], "missing-field");
}

#[test]
fn a_session_does_not_take_a_second_to_wake() {
    assert_eq!(
        database("cpu: 1, memory: 1GiB, costs: { wake_up: 2s }"),
        [[
            "out-of-range",
            "a session does not work for more than a second to wake",
            "write what was measured, such as `20us`",
        ]]
    );
}

#[test]
fn waking_up_takes_no_second_and_not_as_on_an_unknown_machine() {
    let layout = "{ services: { a: { threads: 4 } }, databases: { d: { tables: all, cpu: 1, memory: 1GiB } } }";
    assert_eq!(
        told(layout, "{ network: none, wake_up: { cost: 2s } }"),
        [[
            "out-of-range",
            "waking up takes at most 1 s; found `2s`",
            "it takes some microseconds, with cold caches some 0.2 ms",
        ]]
    );
    assert_eq!(told(layout, "{ network: none, wake_up: phone }")[0][0], "unknown-word");
}

#[test]
fn a_flush_is_delayed_where_postgres_can_and_something_is_flushed() {
    let told = |fields: &str| -> Vec<[String; 2]> {
        let told = database(&format!("cpu: 1, memory: 1GiB, {fields}"));
        told.into_iter().map(|[code, message, _]| [code, message]).collect()
    };
    for (fields, code, message) in [
        ("engine: mysql, commit_delay: 1ms", "conflict", "mysql has no `commit_delay`"),
        (
            "storage: none, commit_delay: 1ms",
            "conflict",
            "where a flush takes no time nothing is flushed, so none is delayed",
        ),
        (
            "commit_siblings: 3",
            "conflict",
            "`commit_siblings` says nothing without a `commit_delay`",
        ),
        (
            "commit_delay: 101ms",
            "out-of-range",
            "a `commit_delay` of 101 ms is longer than PostgreSQL takes",
        ),
    ] {
        assert_eq!(told(fields), [[code, message].map(str::to_string)], "{fields}");
    }
    assert_eq!(told("commit_delay: 1ms, commit_siblings: 1001")[0][0], "out-of-range");
}
