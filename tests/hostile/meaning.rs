//! Scenarios that read as YAML and mean nothing that can be simulated.

use super::{Desk, SMALL, TABLES, accepted, changed, refused, refused_with};

#[test]
fn a_call_to_nowhere_shows_the_nearest() {
    let complaint = refused(changed(SMALL, "call: a.go", "call: a.g"), "unknown-operation");
    assert!(complaint.contains("`a.go`"), "{complaint}");
}

#[test]
fn rings_of_calls_are_refused_with_their_path() {
    let ring = "go: [ call: a.b ], b: [ call: a.go ] ";
    let complaint = refused(changed(SMALL, "go: [ cpu: { exp: 1ms } ]", ring), "call-cycle");
    assert!(complaint.contains("a.go → a.b → a.go"), "{complaint}");
    let itself = changed(SMALL, "go: [ cpu: { exp: 1ms } ]", "go: [ call: a.go ]");
    refused(itself, "call-cycle");
}

#[test]
fn modules_and_tables_are_deployed_exactly_once() {
    let services = "{ all: { modules: all, cpu: 2, threads: 16 } }";
    let databases = "{ db: { tables: all, class: db.m6i.large, pool: 10 } }";
    for (from, to, code) in [
        (services, "{ x: { modules: [ a ] } }", "module-in-no-service"),
        (services, "{ x: { modules: all }, y: { modules: [ a ] } }", "module-in-two-services"),
        (databases, "{ db: { tables: [ a.one ], cpu: 2, memory: 8GiB } }", "table-in-no-database"),
        (
            databases,
            "{ db: { tables: all, cpu: 2, memory: 8GiB }, d2: { tables: [ a.one ], cpu: 2, memory: 8GiB } }",
            "table-in-two-databases",
        ),
    ] {
        refused(changed(TABLES, from, to), code);
    }
}

#[test]
fn shares_that_do_not_fit_are_refused() {
    let choice = "go: [ choice: [ { share: 70%, do: [] }, { share: 40%, do: [] } ] ]";
    refused(changed(SMALL, "go: [ cpu: { exp: 1ms } ]", choice), "shares");
    refused(changed(TABLES, "share: 100", "share: 0"), "shares");
}

#[test]
fn an_endpoint_that_nobody_asks_for_has_honest_zeros() {
    let text = changed(
        TABLES,
        "    go: { share: 100, call: a.go }",
        "    go: { share: 100, call: a.go }\n    never: { share: 0, call: b.go }",
    );
    let results = accepted(text);
    let never = &results["layouts"]["one"]["endpoints"]["never"];
    assert_eq!(never["offered_per_second"]["value"], 0.0);
    assert!(never["latency_seconds"]["mean"].is_null());
}

#[test]
fn nothing_to_simulate_is_refused() {
    refused(changed(SMALL, "endpoints: { go: { call: a.go } }", "endpoints: {}"), "no-endpoints");
    let layouts = "layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }";
    refused(changed(SMALL, layouts, "layouts: {}"), "no-layouts");
}

#[test]
fn layouts_that_extend_themselves_a_ring_or_nothing_are_refused() {
    let one = "{ one: {";
    refused(changed(SMALL, one, "{ one: { extends: one,"), "layout-ring");
    let ring = "{ x: { extends: one }, one: { extends: x,";
    refused(changed(SMALL, one, ring), "layout-ring");
    refused(changed(SMALL, one, "{ one: { extends: onn,"), "unknown-layout");
}

#[test]
fn a_transaction_over_two_databases_names_both() {
    let text = changed(
        TABLES,
        "{ db: { tables: all, class: db.m6i.large, pool: 10 } }",
        "{ each: { class: db.m6i.large, pool: 10 } }",
    );
    let complaint = refused(text, "transaction-spans-databases");
    assert!(complaint.contains("`a` and `b`"), "{complaint}");
}

#[test]
fn pools_above_the_limit_show_their_sum() {
    let complaint = refused(changed(TABLES, "pool: 10", "pool: 1000"), "pools-too-large");
    assert!(complaint.contains("1000"), "{complaint}");
}

#[test]
fn an_instance_larger_than_its_node_fits_nowhere() {
    refused(changed(TABLES, "cpu: 2", "cpu: 64"), "fits-nowhere");
}

#[test]
fn a_class_that_is_not_priced_and_a_catalogue_that_is_not_there_are_refused() {
    refused(changed(TABLES, "class: m6i.xlarge", "class: m6i.xlrage"), "unknown-class");
    let file = changed(TABLES, "platform: {", "platform: { prices: none.csv,");
    refused(file, "unreadable-file");
    let builtin = changed(TABLES, "platform: {", "platform: { prices: aws-us-eats-1,");
    refused(builtin, "unknown-catalogue");
}

#[test]
fn tables_without_rows_are_refused_and_any_skew_from_none_to_five_is_accepted() {
    let table = "two: { rows: 1000, row_size: 100B }";
    let with = |text: &str| changed(TABLES, table, text);
    refused(with("two: { rows: 0, row_size: 100B }"), "out-of-range");
    refused(with("two: { rows: 10, row_size: 0B }"), "out-of-range");
    accepted(with("two: { rows: 10, row_size: 100B, skew: 0 }"));
    accepted(with("two: { rows: 1G, row_size: 100B, skew: 5 }"));
}

#[test]
fn laws_that_do_not_exist_are_refused() {
    for law in [
        "{ lognormal: { p50: 5ms, p99: 5ms } }",
        "{ lognormal: { p50: 5ms, p99: 1ms } }",
        "{ lognormal: { mean: 1ms, cv: -1 } }",
        "{ pareto: { mean: 1ms, alpha: 1 } }",
        "{ uniform: { from: 3ms, to: 1ms } }",
        "{ hyperexp: { mean: 1ms, cv: 0.5 } }",
    ] {
        refused(changed(SMALL, "{ exp: 1ms }", law), "out-of-range");
    }
}

#[test]
fn a_measured_law_without_its_file_is_refused() {
    let law = "{ empirical: { file: none.csv, unit: ms } }";
    refused(changed(SMALL, "{ exp: 1ms }", law), "unreadable-file");
}

#[test]
fn a_promise_about_an_unknown_endpoint_is_refused() {
    refused(format!("{SMALL}slo: {{ og: {{ p99: 1s }} }}\n"), "unknown-endpoint");
}

#[test]
fn flags_that_lead_nowhere_are_refused() {
    for (edit, code) in [
        ("workload.arivals.poisson=1/s", "unknown-path"),
        ("workload.arrivals.poisson=many", "bad-value"),
        ("workload=3", "edit-of-a-map"),
        ("run.seed=", "missing-value"),
        ("no-equals-sign", "bad-flag"),
        ("=3", "bad-flag"),
        ("name=[ 1", "syntax"),
    ] {
        refused_with(&["run", "-", "--set", edit], SMALL, code);
    }
    refused_with(&["run", "-", "--layout", "two"], SMALL, "unknown-layout");
    refused_with(&["run", "-", "--duration", "long"], SMALL, "bad-value");
    refused_with(&["run", "-", "--replications", "0"], SMALL, "out-of-range");
    refused_with(&["run", "-", "--precision", "2%"], SMALL, "fixed-length");
}

#[test]
fn sweeps_over_nothing_or_too_much_are_refused() {
    for (vary, code) in [
        ("workload.arrivals.poisson=", "bad-values"),
        ("workload.arrivals.poisson=1/s..9/s", "bad-values"),
        ("workload.arrivals.poisson=1/s..9/s x 99999999999", "bad-values"),
        ("workload.arivals.poisson=1/s,2/s", "unknown-path"),
        ("poisson", "bad-flag"),
    ] {
        refused_with(&["sweep", "-", "--vary", vary], SMALL, code);
    }
    refused_with(&["sweep", "-"], SMALL, "no-sweep");
}

#[test]
fn all_mistakes_are_told_in_one_go() {
    let text = changed(SMALL, "cpu: 2", "cpu: 0");
    let text = changed(&text, "call: a.go", "call: a.og");
    let complaint = refused(changed(&text, "poisson: 100/s", "poisson: 100"), "out-of-range");
    assert_eq!(complaint.matches("error[").count(), 3, "{complaint}");
}

#[test]
fn what_cannot_be_is_refused() {
    let database = "class: db.m6i.large, pool: 10";
    let two = "two: { rows: 1000, row_size: 100B }";
    for (from, to, code) in [
        (two, "two: { rows: 1G, row_size: 1KiB }", "tables-too-large"),
        (database, "cpu: 2, memory: 1B", "memory-below-a-page"),
        (database, "cpu: 2, memory: 9KiB", "memory-below-a-page"),
        ("read: one", "read: { table: one, rows: 1001 }", "too-many-rows"),
        ("write: two", "write: { table: two, rows: 4G }", "too-many-rows"),
        (
            "    go: { share: 100,",
            "    x: { share: 60%, call: a.go }\n    go: { share: 60%,",
            "shares",
        ),
    ] {
        let complaint = refused(changed(TABLES, from, to), code);
        assert!(complaint.contains("cannot"), "{complaint}");
    }
}

#[test]
fn what_is_hardly_meant_is_told_and_simulated() {
    let database = "class: db.m6i.large, pool: 10";
    let operations = "operations: { go: [ read: one,";
    for (from, to, code) in [
        (database, "cpu: 2, memory: 1GiB, storage: none, hit: 90%", "free-misses"),
        ("read: one", "join: { tables: [ one, b.two ], rows: 2000 }", "repeated-rows"),
        (operations, "events: [ done ]\n      operations: { go: [ read: one,", "unpublished-event"),
        (
            operations,
            "events: [ done ]\n      operations: { go: [ publish: done, read: one,",
            "unheard-event",
        ),
        ("call: b.go ]", "wait: 1ms ]", "unreached"),
        ("share: 100", "share: 10%", "partial-shares"),
    ] {
        let output = Desk::new().give(&["run", "-", "--out", "out"], changed(TABLES, from, to));
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{complaint}");
        assert!(complaint.contains(&format!("warning[{code}]")), "{code} not in: {complaint}");
        assert!(complaint.contains("probably not meant"), "{complaint}");
    }
}

#[test]
fn a_field_that_another_one_overrules_is_refused() {
    let services = "one: { services: { a: { cpu: 2, threads: 4 } }";
    let on_a_machine =
        "one: { machines: { m: { cpu: 2 } }, services: { a: { machine: m, speed: 2 } }";
    for (from, to) in [
        (services, on_a_machine),
        ("threads: 4", "threads: async, queue: 3"),
        ("threads: 4", "threads: 4, queue: 0, patience: 1s"),
        ("run: { fixed", "run: { precision: 5%, fixed"),
        ("run: { fixed", "run: { replications: 9, fixed"),
    ] {
        refused(changed(SMALL, from, to), "conflict");
    }
    let database = "class: db.m6i.large, pool: 10";
    let both = "class: db.m6i.large, pool: 10, hit: 99%, cache_share: 80%";
    refused(changed(TABLES, database, both), "conflict");
}
