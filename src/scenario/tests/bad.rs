//! Mistakes of names and structure: what is said, and where.

use super::*;

#[test]
fn a_call_to_an_unknown_operation_shows_the_nearest_and_its_line() {
    let refused = mistakes(changed(SHOP, "to: orders.place", "to: orders.plcae"));
    let expected = "\
error[unknown-operation]: no operation is called `orders.plcae`
   ┌─ test.yaml:16:25
16 │           - call: { to: orders.plcae, request: 2KiB, reply: 1KiB }
   │                         ^^^^^^^^^^^^ did you mean `orders.place` (line 32)?
";
    assert_eq!(refused.to_string(), expected);
}

#[test]
fn an_operation_of_another_module_is_found_by_its_short_name() {
    let refused = mistakes(changed(SHOP, "call: cart.summary", "call: summary"));
    assert_eq!(
        refused.diagnostics[0].hint.as_deref(),
        Some("did you mean `cart.summary` (line 27)?")
    );
}

#[test]
fn every_kind_of_unknown_name_has_its_code_and_place() {
    let cases = [
        ("[ read: carts ]", "[ read: cart ]", "unknown-table 27 cart"),
        ("external: card-processor", "external: card", "unknown-external 48 card"),
        ("publish: order-placed", "publish: order", "unknown-event 40 order"),
        ("{ order-placed: confirm }", "{ placed: confirm }", "unknown-event 50 placed"),
        ("order-placed: confirm", "order-placed: mail.send", "unknown-operation 50 mail.send"),
        ("extends: monolith", "extends: monolit", "unknown-layout 81 monolit"),
        ("protocol: grpc", "protocol: gprc", "unknown-word 79 gprc"),
        ("class: m6i.xlarge", "class: m6i.xlagre", "unknown-class 85 m6i.xlagre"),
        ("class: db.t4g.medium", "class: db.t4g.giant", "unknown-class 78 db.t4g.giant"),
        ("prices: aws-us-east-1", "prices: aws", "unknown-catalogue 84 aws"),
        ("{ gp3: 50GiB }", "{ gp5: 50GiB }", "unknown-storage 78 gp5"),
        ("  checkout: { p99", "  chekout: { p99", "unknown-endpoint 91 chekout"),
        (
            "engine: postgres, class: db.t4g",
            "engine: oracle, class: db.t4g",
            "unknown-word 78 oracle",
        ),
        ("{ lognormal: { mean: 1.5ms", "{ normal: { mean: 1.5ms", "unknown-distribution 10 normal"),
        ("- cpu: 0.8ms", "- cpus: 0.8ms", "unknown-step 23 cpus"),
    ];
    for (from, to, expected) in cases {
        assert_eq!(of_shop(from, to), [expected], "{to}");
    }
}

#[test]
fn an_unknown_field_shows_the_nearest() {
    let (about, message, hint) = only("threads: 4", "threds: 4");
    assert_eq!(about, "unknown-field 7 threds");
    assert_eq!(message, "a service has no field `threds`");
    assert_eq!(hint, "did you mean `threads`?");
}

#[test]
fn all_mistakes_are_told_at_once_in_order_of_the_text() {
    let text = changed(SMALL, "poisson: 1/s", "poisson: 1");
    let text = changed(&text, "cpu: 2,", "cpu: 0, cpu: 1,");
    let text = changed(&text, "{ exp: 1ms }", "2x");
    let text = changed(&text, "call: a.go", "call: a.og");
    let refused = mistakes(text + "extra: 1\n");
    let codes: Vec<_> =
        refused.diagnostics.iter().map(|diagnostic| diagnostic.code.text()).collect();
    let expected = [
        "bad-value",
        "missing-unit",
        "unknown-operation",
        "out-of-range",
        "duplicate-key",
        "unknown-field",
    ];
    assert_eq!(codes, expected, "{refused}");
}

#[test]
fn a_step_has_one_key() {
    let (about, message, _) = only("[ cpu: { exp: 1ms } ]", "[ { cpu: 1ms, wait: 1ms } ]");
    assert_eq!(about, "not-one-key 3 wait");
    assert_eq!(message, "a step is a map with one key; found `cpu`, `wait`");
    assert_eq!(only("[ cpu: { exp: 1ms } ]", "[ cpu ]").0, "wrong-type 3 cpu");
}

#[test]
fn a_law_that_a_comma_cuts_in_two_is_one_mistake() {
    let external = "externals: { bank: { latency: lognormal(p50 1ms, p99 9ms), failure: 1% } }";
    let (about, message, hint) = only("modules: {", &format!("{external}, modules: {{"));
    assert_eq!(about, "bad-value 3 lognormal(p50 1ms");
    let step = only("cpu: { exp: 1ms }", "{ cpu: lognormal(p50 1ms, p99 9ms) }");
    assert_eq!(step, (about.clone(), message.clone(), hint.clone()));
    assert_eq!(message, "the bracket of `lognormal(p50 1ms` is not closed");
    assert!(hint.contains("written in quotes"), "{hint}");
}

#[test]
fn a_service_without_modules_is_told_its_unknown_fields_as_well() {
    let refused = mistakes(changed(
        SMALL,
        "{ a: { cpu: 2, threads: 4 }",
        "{ web: { image: x, ports: [ 80 ] }",
    ));
    let codes: Vec<_> = refused.diagnostics.iter().map(|d| d.code.text()).collect();
    assert!(codes.starts_with(&["missing-field", "unknown-field", "unknown-field"]), "{refused}");
}

#[test]
fn one_mistake_is_not_told_again_where_it_is_used() {
    let text = changed(SHOP, "call: orders.history", "call: orders.histroy");
    let text = changed(&text, "  home: { p99: 80ms }", "  history: { p99: 80ms }");
    let refused = mistakes(text);
    assert_eq!(refused.diagnostics.len(), 1, "{refused}");
    let text = changed(SHOP, "card-processor: { latency: {", "card-processor: { latncy: {");
    let codes: Vec<_> = mistakes(text).diagnostics.iter().map(|d| d.code.text()).collect();
    assert_eq!(codes, ["missing-field", "unknown-field"]);
}

#[test]
fn the_format_must_be_one_that_is_read() {
    let (about, message, hint) = only("cutline: 1", "cutline: 2");
    assert_eq!(about, "unknown-format 1 2");
    assert_eq!(message, "this version reads scenarios of format 1; found `2`");
    assert_eq!(hint, "write `cutline: 1`");
    assert!(only("cutline: 1\n", "").0.starts_with("missing-field 1"));
}

#[test]
fn names_that_break_references_are_refused() {
    let text = SMALL.replace("{ a: {", "{ a.b: {").replace("a.go", "a.b.go");
    assert_eq!(mistakes(text).diagnostics[0].code.text(), "bad-name");
    assert_eq!(only("endpoints: { go:", "endpoints: { all:").0, "bad-name 6 all");
}

#[test]
fn two_transactions_of_a_module_need_two_names() {
    let steps = "transaction: { name: t, do: [] }, transaction: { name: t, do: [] }";
    let refused = mistakes(changed(SMALL, "cpu: { exp: 1ms }", steps));
    assert_eq!(summary(&refused.diagnostics[0], &refused), "duplicate-name 3 t");
    assert_eq!(refused.diagnostics[0].secondary.len(), 1);
    let nested = "transaction: { name: t, do: [ transaction: { name: u, do: [] } ] }";
    assert_eq!(only("cpu: { exp: 1ms }", nested).0, "nested-transaction 3 transaction");
}

#[test]
fn statements_say_rows_and_access_that_make_sense() {
    let about = of_shop("table: inventory.stock, rows: 2", "table: inventory.stock, rows: 0");
    assert_eq!(about, ["out-of-range 38 0"]);
    let about = of_shop(
        "table: inventory.stock, rows: 2",
        "table: inventory.stock, scan: true, insert: true",
    );
    assert_eq!(about, ["conflict 38 { table: inventory.stock, scan: true, insert: true }"]);
    let about = of_shop("tables: [ orders.orders, catalog.products ]", "tables: [ orders ]");
    assert_eq!(about, ["out-of-range 42 [ orders ]"]);
    let about = of_shop("rows: 1M", "rows: 0");
    assert_eq!(about, ["out-of-range 25 0"]);
}

#[test]
fn a_sweep_over_a_path_that_leads_nowhere_is_refused() {
    let sweep = |path: &str, values: &str| {
        let text = format!("{SMALL}studies: {{ s: {{ sweep: {{ {path}: {values} }} }} }}\n");
        mistakes(text).diagnostics[0].clone()
    };
    let diagnostic = sweep("worklod.arrivals.poisson", "1/s..2/s x 2");
    assert_eq!(diagnostic.code.text(), "unknown-path");
    assert_eq!(diagnostic.hint.as_deref(), Some("did you mean `workload`?"));
    assert_eq!(sweep("workload.arrivals.poisson", "1/s..2ms x 2").code.text(), "bad-value");
}
