//! Mistakes of meaning: what is said, and where.

use super::*;

/// The only mistake of the small scenario with one part replaced: what it is about, its message
/// and its hint.
fn only(from: &str, to: &str) -> (String, String, String) {
    let refused = mistakes(changed(SMALL, from, to));
    assert_eq!(refused.diagnostics.len(), 1, "{refused}");
    let diagnostic = &refused.diagnostics[0];
    let hint = diagnostic.hint.clone().unwrap_or_default();
    (
        summary(diagnostic, &refused),
        diagnostic.message.clone(),
        hint,
    )
}

/// Every mistake of the shop with one part replaced: what each is about.
fn of_shop(from: &str, to: &str) -> Vec<String> {
    let refused = mistakes(changed(SHOP, from, to));
    refused
        .diagnostics
        .iter()
        .map(|diagnostic| summary(diagnostic, &refused))
        .collect()
}

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
        (
            "external: card-processor",
            "external: card",
            "unknown-external 48 card",
        ),
        (
            "publish: order-placed",
            "publish: order",
            "unknown-event 40 order",
        ),
        (
            "{ order-placed: confirm }",
            "{ placed: confirm }",
            "unknown-event 50 placed",
        ),
        (
            "order-placed: confirm",
            "order-placed: mail.send",
            "unknown-operation 50 mail.send",
        ),
        (
            "extends: monolith",
            "extends: monolit",
            "unknown-layout 81 monolit",
        ),
        ("protocol: grpc", "protocol: gprc", "unknown-word 79 gprc"),
        (
            "class: m6i.xlarge",
            "class: m6i.xlagre",
            "unknown-class 85 m6i.xlagre",
        ),
        (
            "class: db.t4g.medium",
            "class: db.t4g.giant",
            "unknown-class 78 db.t4g.giant",
        ),
        (
            "prices: aws-us-east-1",
            "prices: aws",
            "unknown-catalogue 84 aws",
        ),
        ("{ gp3: 50GiB }", "{ gp5: 50GiB }", "unknown-storage 78 gp5"),
        (
            "  checkout: { p99",
            "  chekout: { p99",
            "unknown-endpoint 91 chekout",
        ),
        (
            "engine: postgres, class: db.t4g",
            "engine: oracle, class: db.t4g",
            "unknown-word 78 oracle",
        ),
        (
            "{ lognormal: { mean: 1.5ms",
            "{ normal: { mean: 1.5ms",
            "unknown-distribution 10 normal",
        ),
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
fn a_wrong_type_at_depth_shows_what_was_found() {
    let (about, message, _) = only("cpu: 2", "cpu: [ 2 ]");
    assert_eq!(about, "wrong-type 7 [ 2 ]");
    assert_eq!(message, "a number of cores is expected here; found a list");
    let (_, message, _) = only("{ exp: 1ms }", "{ exp: { mean: { ms: 1 } } }");
    assert_eq!(
        message,
        "a quantity with its unit is expected here; found a map with `ms`"
    );
    let (_, message, _) = only("[ cpu: { exp: 1ms } ]", "{ cpu: 1ms }");
    assert_eq!(
        message,
        "a list of steps is expected here; found a map with `cpu`"
    );
}

#[test]
fn a_bare_number_shows_how_to_write_it_with_a_unit() {
    let cases = [
        ("{ exp: 1ms }", "{ exp: 5 }", "missing-unit 3 5", "`5ms`"),
        (
            "poisson: 1/s",
            "poisson: 400",
            "missing-unit 5 400",
            "`400/s`",
        ),
        (
            "threads: 4",
            "memory: 512",
            "missing-unit 7 512",
            "`512MiB`",
        ),
    ];
    for (from, to, expected, example) in cases {
        let (about, _, hint) = only(from, to);
        assert_eq!(about, expected);
        assert!(hint.contains(example), "{hint}");
    }
}

#[test]
fn quantities_that_are_none_are_refused_where_they_stand() {
    let cases = [
        ("{ exp: 1ms }", "1 fortnight", "bad-value 3 1 fortnight"),
        ("{ exp: 1ms }", "-1ms", "bad-value 3 -1ms"),
        ("{ exp: 1ms }", ".nan", "bad-value 3 .nan"),
        ("{ exp: 1ms }", "400y", "bad-value 3 400y"),
        ("{ exp: 1ms }", "200000000h", "bad-value 3 200000000h"),
        ("{ exp: 1ms }", "1e308ms", "bad-value 3 1e308ms"),
        ("{ exp: 1ms }", "0.0000001ns", "bad-value 3 0.0000001ns"),
        ("{ exp: 1ms }", "{ exp: 0ms }", "out-of-range 3 0ms"),
        ("poisson: 1/s", "poisson: 0/s", "out-of-range 5 0/s"),
        ("poisson: 1/s", "poisson: -1/s", "bad-value 5 -1/s"),
        ("poisson: 1/s", "poisson: .inf", "bad-value 5 .inf"),
        ("cpu: 2", "cpu: 0", "out-of-range 7 0"),
        ("cpu: 2", "cpu: 1e308", "out-of-range 7 1e308"),
        ("cpu: 2", "cpu: NaN", "bad-value 7 NaN"),
        ("cpu: 2", "cpu: 1e-308", "out-of-range 7 1e-308"),
        ("threads: 4", "threads: 0", "out-of-range 7 0"),
        ("threads: 4", "replicas: 0", "out-of-range 7 0"),
        ("threads: 4", "replicas: -3", "bad-value 7 -3"),
        ("threads: 4", "replicas: 1.5", "bad-value 7 1.5"),
        ("threads: 4", "memory: 0MiB", "out-of-range 7 0MiB"),
    ];
    for (from, to, expected) in cases {
        assert_eq!(only(from, to).0, expected);
    }
}

#[test]
fn laws_that_do_not_exist_are_refused() {
    let cases = [
        (
            "{ lognormal: { p50: 5ms, p99: 5ms } }",
            "out-of-range",
            "p50 must be below p99",
        ),
        (
            "{ lognormal: { mean: 5ms, cv: -1 } }",
            "out-of-range",
            "from 0 to 100; found `-1`",
        ),
        (
            "{ lognormal: { p50: 5ms } }",
            "missing-field",
            "needs `p99`",
        ),
        (
            "{ pareto: { mean: 5ms, alpha: 1 } }",
            "out-of-range",
            "alpha above 1",
        ),
        (
            "{ pareto: { mean: 5ms, alpha: 2, max: 1ms } }",
            "out-of-range",
            "above the mean",
        ),
        (
            "{ hyperexp: { mean: 5ms, cv: 0.5 } }",
            "out-of-range",
            "from 1 to 100",
        ),
        (
            "{ hyperexp: { branches: [ { share: 50%, mean: 1ms } ] } }",
            "shares",
            "add up to 50",
        ),
        (
            "{ uniform: { from: 5ms, to: 1ms } }",
            "out-of-range",
            "must not be above",
        ),
        (
            "{ erlang: { stages: 0, mean: 1ms } }",
            "out-of-range",
            "stages is from 1",
        ),
        (
            "{ weibull: { mean: 1ms, shape: 0 } }",
            "out-of-range",
            "shape is from 0.1",
        ),
        (
            "{ exp: 1ms, gamma: 2ms }",
            "not-one-key",
            "found `exp`, `gamma`",
        ),
        (
            "{ gamma: { mean: 1ms, cv: 1, p99: 1ms } }",
            "unknown-field",
            "no field `p99`",
        ),
        ("\"gamma(1ms, 2, 3)\"", "bad-value", "too many"),
        ("\"gamma(1ms, mean 2ms)\"", "duplicate-key", "given twice"),
        ("\"exp(1ms\"", "bad-value", "not closed"),
        ("\"exp(1)\"", "missing-unit", "no unit"),
        (
            "\"normal(1ms, 2ms)\"",
            "unknown-distribution",
            "no distribution is called `normal`",
        ),
    ];
    for (law, code, part) in cases {
        let (about, message, _) = only("{ exp: 1ms }", law);
        assert!(about.starts_with(code), "{law}: {about}");
        assert!(message.contains(part), "{law}: {message}");
    }
}

#[test]
fn a_mistake_inside_a_text_form_is_marked_there() {
    let (about, _, _) = only("{ exp: 1ms }", "\"lognormal(mean 2ms, cv x)\"");
    assert_eq!(about, "bad-value 3 x");
}

#[test]
fn a_comma_in_an_unquoted_law_is_explained() {
    let refused = mistakes(changed(
        SMALL,
        "{ exp: 1ms }",
        "lognormal(mean 2ms, cv 0.8)",
    ));
    let hint = refused.diagnostics[0].hint.clone().unwrap_or_default();
    assert!(hint.contains("in quotes"), "{refused}");
}

#[test]
fn all_mistakes_are_told_at_once_in_order_of_the_text() {
    let text = changed(SMALL, "poisson: 1/s", "poisson: 1");
    let text = changed(&text, "cpu: 2,", "cpu: 0, cpu: 1,");
    let text = changed(&text, "{ exp: 1ms }", "2x");
    let text = changed(&text, "call: a.go", "call: a.og");
    let refused = mistakes(text + "extra: 1\n");
    let codes: Vec<_> = refused
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
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
    assert_eq!(
        only("[ cpu: { exp: 1ms } ]", "[ cpu ]").0,
        "wrong-type 3 cpu"
    );
}

#[test]
fn shares_must_fit() {
    let choice = "choice: [ { share: 60%, do: [] }, { share: 60%, do: [] } ]";
    let (about, message, _) = only("cpu: { exp: 1ms }", choice);
    assert!(about.starts_with("shares 3"), "{about}");
    assert!(message.contains("120 %"), "{message}");
    let (about, message, _) = only("call: a.go }", "call: a.go, share: 0 }");
    assert_eq!(about, "shares 6 0");
    assert_eq!(message, "the shares of the endpoints add up to 0");
    let (about, ..) = only(
        "{ go: { call: a.go } }",
        "{ go: { call: a.go }, b: { call: a.go, share: 1 } }",
    );
    assert_eq!(about, "missing-field 6 go");
}

#[test]
fn an_endpoint_with_share_0_is_doubted_and_asked_for_nothing() {
    let text = changed(
        SMALL,
        "{ go: { call: a.go } }",
        "{ go: { call: a.go, share: 1 }, idle: { call: a.go, share: 0 } }",
    );
    let reading = reading(&text);
    assert_eq!(reading.warnings.len(), 1);
    assert_eq!(reading.warnings[0].code, "zero-share");
    assert_eq!(reading.model.workload.endpoints.len(), 2);
    assert_eq!(reading.model.workload.sources[0].endpoints, [(0, 1.0)]);
}

#[test]
fn nothing_to_simulate_is_refused() {
    let (about, ..) = only("endpoints: { go: { call: a.go } }", "endpoints: {}");
    assert_eq!(about, "no-endpoints 6 {}");
    let (about, ..) = only(
        "layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }",
        "layouts: {}",
    );
    assert_eq!(about, "no-layouts 7 {}");
    let text = changed(
        SMALL,
        "modules: { a: { operations: { go: [ cpu: { exp: 1ms } ] } } }",
        "modules: {}",
    );
    assert!(
        mistakes(text)
            .diagnostics
            .iter()
            .any(|d| d.code == "no-modules")
    );
    let (about, message, _) = only("workload:\n  arrivals: { poisson: 1/s }\n", "workload:\n");
    assert_eq!(about, "missing-field 5 endpoints: { go: { call: a.go } }");
    assert_eq!(message, "a workload needs `arrivals`; `go` has none");
}

#[test]
fn a_module_is_in_exactly_one_service() {
    let (about, message, hint) = only("services: { a: {", "services: { b: { modules: [],");
    assert_eq!(about, "out-of-range 7 []");
    assert!(message.contains("at least one module"));
    assert_eq!(hint, "");
    let refused = mistakes(changed(
        SHOP,
        "each: { replicas: 2, cpu: 1, memory: 1GiB, threads: 64 } }",
        "a: { modules: [ orders ] } }",
    ));
    assert_eq!(
        refused.diagnostics[0].message,
        "modules `storefront`, `catalog`, `cart`, `inventory`, `payments` and 1 more are in no \
         service of layout `distributed-monolith`"
    );
    let (about, message, _) = only("services: { a: {", "services: { b: { modules: all }, a: {");
    assert_eq!(about, "module-in-two-services 7 a");
    assert_eq!(message, "module `a` is in two services: `b` and `a`");
}

#[test]
fn a_table_is_in_exactly_one_database() {
    let about = of_shop(
        "main: { tables: all, engine: postgres, class: db.m6i.2xlarge, storage: { gp3: 200GiB }, pool: 10 }",
        "main: { tables: [ cart, orders.orders, payments, inventory ], class: db.m6i.2xlarge }",
    );
    assert_eq!(about, ["table-in-no-database 69 distributed-monolith"]);
    let about = of_shop(
        "{ engine: postgres, class: db.t4g.medium, storage: { gp3: 50GiB }, pool: 10 }",
        "{ class: db.t4g.medium }\n      orders: { tables: [ orders, cart ] }\n      x: { tables: [ cart ] }",
    );
    assert_eq!(about, ["table-in-two-databases 80 x"]);
    let about = of_shop(
        "{ engine: postgres, class: db.t4g.medium, storage: { gp3: 50GiB }, pool: 10 }",
        "{ class: db.t4g.medium }\n      x: { tables: [ mail ] }",
    );
    assert_eq!(about, ["no-tables 79 mail"]);
}

#[test]
fn pools_above_the_limit_show_their_sum() {
    let refused = mistakes(changed(
        SHOP,
        "storage: { gp3: 200GiB }, pool: 10",
        "max_connections: 90, pool: 10",
    ));
    assert_eq!(refused.diagnostics.len(), 1, "{refused}");
    let diagnostic = &refused.diagnostics[0];
    assert_eq!(diagnostic.code, "pools-too-large");
    assert_eq!(
        diagnostic.message,
        "in layout `distributed-monolith` the pools at database `main` add up to 100 connections \
         (`catalog` 2 × 10 + `cart` 2 × 10 + `orders` 2 × 10 + `inventory` 2 × 10 + `payments` 2 × 10), \
         more than the 90 it takes"
    );
    assert_eq!(
        diagnostic.hint.as_deref(),
        Some("a pool of 9 fits; or raise `max_connections`")
    );
}

#[test]
fn a_layout_that_extends_itself_or_a_ring_is_refused() {
    let text = SMALL.replace(
        "layouts: { one: {",
        "layouts: { x: { extends: x }, p: { extends: q }, q: { extends: r }, r: { extends: p }, one: {",
    );
    let refused = mistakes(text);
    let messages: Vec<_> = refused
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "layout `x` extends itself",
            "layouts extend each other in a ring: `p` → `q` → `r` → `p`"
        ]
    );
}

#[test]
fn one_mistake_is_not_told_again_where_it_is_used() {
    let text = changed(SHOP, "call: orders.history", "call: orders.histroy");
    let text = changed(&text, "  home: { p99: 80ms }", "  history: { p99: 80ms }");
    let refused = mistakes(text);
    assert_eq!(refused.diagnostics.len(), 1, "{refused}");
    let text = changed(
        SHOP,
        "card-processor: { latency: {",
        "card-processor: { latncy: {",
    );
    let codes: Vec<_> = mistakes(text).diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["missing-field", "unknown-field"]);
}

#[test]
fn shares_without_their_sign_and_words_near_a_word_are_explained() {
    let cases = [
        ("hit: 90%", "hit: 90", "missing-unit", "`90%`"),
        ("failure: 0.2%", "failure: 120%", "bad-value", "%"),
        (
            "threads: 200",
            "threads: asynch",
            "unknown-word",
            "did you mean `async`?",
        ),
        (
            "class: m6i.xlarge",
            "class: m6i.enormous",
            "unknown-class",
            "there are `m6i.large`, `m6i.xlarge`",
        ),
        (
            "class: m6i.xlarge",
            "class: own-box",
            "unknown-class",
            "`cpu` and `memory`",
        ),
    ];
    for (from, to, code, part) in cases {
        let refused = mistakes(changed(SHOP, from, to));
        let diagnostic = &refused.diagnostics[0];
        assert_eq!(
            (refused.diagnostics.len(), diagnostic.code),
            (1, code),
            "{refused}"
        );
        assert!(
            diagnostic
                .hint
                .as_deref()
                .unwrap_or_default()
                .contains(part),
            "{refused}"
        );
    }
}

#[test]
fn parts_that_are_not_built_are_refused_by_name() {
    let cases = [
        ("release: lockstep", "`release` (`lockstep`)"),
        ("broker: { kafka: { partitions: 12 } }", "`broker`"),
        (
            "transactions: { orders.place: saga }",
            "`saga` for transaction `orders.place`",
        ),
        (
            "transactions: { orders.place: 2pc }",
            "`2pc` for transaction `orders.place`",
        ),
        ("mesh: sidecar", "`mesh` (`sidecar`)"),
    ];
    for (part, named) in cases {
        let (about, message, _) = only("one: { services", &format!("one: {{ {part}, services"));
        assert!(about.starts_with("not-built 7 "), "{about}");
        assert_eq!(
            message,
            format!("{named} is part of the language but not built yet")
        );
    }
    let (_, message, _) = only("poisson: 1/s", "trace: file.csv");
    assert!(message.starts_with("`trace` as arrivals is part"));
    let (_, message, _) = only("threads: 4", "autoscale: { cpu: 70% }");
    assert!(message.starts_with("`autoscale` is part"));
    let text = SMALL.to_string() + "studies: { b: { break_even: { over: x } } }\n";
    assert!(
        mistakes(text).diagnostics[0]
            .message
            .starts_with("the study `break_even` is part")
    );
}

#[test]
fn the_format_must_be_one_that_is_read() {
    let (about, message, hint) = only("cutline: 1", "cutline: 2");
    assert_eq!(about, "unknown-format 1 2");
    assert_eq!(
        message,
        "this version reads scenarios of format 1; found `2`"
    );
    assert_eq!(hint, "write `cutline: 1`");
    assert!(only("cutline: 1\n", "").0.starts_with("missing-field 1"));
}

#[test]
fn a_service_on_a_machine_takes_no_cores_of_its_own() {
    let (about, message, _) = only(
        "services: { a: {",
        "machines: { box: { cpu: 4 } }, services: { a: { machine: box,",
    );
    assert_eq!(about, "conflict 7 2");
    assert_eq!(
        message,
        "a service on a machine takes `cpu` from the machine"
    );
    let (about, ..) = only("threads: 4", "machine: box");
    assert_eq!(about, "unknown-machine 7 box");
}

#[test]
fn names_that_break_references_are_refused() {
    let text = SMALL
        .replace("{ a: {", "{ a.b: {")
        .replace("a.go", "a.b.go");
    assert_eq!(mistakes(text).diagnostics[0].code, "bad-name");
    assert_eq!(
        only("endpoints: { go:", "endpoints: { all:").0,
        "bad-name 6 all"
    );
}

#[test]
fn two_transactions_of_a_module_need_two_names() {
    let steps = "transaction: { name: t, do: [] }, transaction: { name: t, do: [] }";
    let refused = mistakes(changed(SMALL, "cpu: { exp: 1ms }", steps));
    assert_eq!(
        summary(&refused.diagnostics[0], &refused),
        "duplicate-name 3 t"
    );
    assert_eq!(refused.diagnostics[0].secondary.len(), 1);
    let nested = "transaction: { name: t, do: [ transaction: { name: u, do: [] } ] }";
    assert_eq!(
        only("cpu: { exp: 1ms }", nested).0,
        "nested-transaction 3 transaction"
    );
}

#[test]
fn statements_say_rows_and_access_that_make_sense() {
    let about = of_shop(
        "table: inventory.stock, rows: 2",
        "table: inventory.stock, rows: 0",
    );
    assert_eq!(about, ["out-of-range 38 0"]);
    let about = of_shop(
        "table: inventory.stock, rows: 2",
        "table: inventory.stock, scan: true, insert: true",
    );
    assert_eq!(
        about,
        ["conflict 38 { table: inventory.stock, scan: true, insert: true }"]
    );
    let about = of_shop(
        "tables: [ orders.orders, catalog.products ]",
        "tables: [ orders ]",
    );
    assert_eq!(about, ["out-of-range 42 [ orders ]"]);
    let about = of_shop("rows: 1M", "rows: 0");
    assert_eq!(about, ["out-of-range 25 0"]);
}

#[test]
fn run_lengths_that_leave_nothing_to_measure_are_refused() {
    let run = |text: &str| {
        mistakes(SMALL.to_string() + text).diagnostics[0]
            .message
            .clone()
    };
    assert_eq!(
        run("run: { fixed: { duration: 1s, warmup: 1s } }\n"),
        "the warm-up must be shorter than the run; found `1s`"
    );
    assert!(run("run: { fixed: { duration: 0s } }\n").contains("above zero"));
    assert!(run("run: { precision: 0% }\n").contains("at least"));
    assert!(run("run: { replications: 0 }\n").contains("from 1"));
    assert!(run("run: { seed: -1 }\n").contains("negative"));
}

#[test]
fn a_measured_law_without_good_values_is_refused() {
    let files = |name: &str| match name {
        "empty.csv" => Ok("\n# nothing\n".to_string()),
        "text.csv" => Ok("1ms\nfast\n3ms\n".to_string()),
        _ => Err("no such file".to_string()),
    };
    let of = |law: &str| {
        let text = changed(SMALL, "{ exp: 1ms }", law);
        read(text, "test.yaml", &[], &files).expect_err("this must be refused")
    };
    let refused = of("{ empirical: gone.csv }");
    assert_eq!(
        refused.diagnostics[0].message,
        "`gone.csv` cannot be read: no such file"
    );
    assert_eq!(
        of("{ empirical: empty.csv }").diagnostics[0].code,
        "empty-file"
    );
    let refused = of("{ empirical: text.csv }");
    assert_eq!(
        summary(&refused.diagnostics[0], &refused),
        "bad-value 2 fast"
    );
    assert!(refused.to_string().contains("┌─ text.csv:2:1"), "{refused}");
}

#[test]
fn a_price_file_with_a_missing_negative_or_text_price_is_refused_by_line() {
    let prices =
        "kind,sku,unit,usd\nvm,a,hour,\nvm,b,hour,-1\nvm,c,hour,cheap\nvm,d,hour,1\nvm,d,hour,2\n";
    let files = |_: &str| Ok(prices.to_string());
    let text = changed(SMALL, "network: none", "network: none, prices: mine.csv");
    let refused = read(text.clone(), "test.yaml", &[], &files).expect_err("refused");
    let messages: Vec<_> = refused
        .diagnostics
        .iter()
        .map(|d| (d.span.line, d.message.as_str()))
        .collect();
    let expected = [
        (2, "`a` has no price"),
        (3, "`b` has the price `-1`"),
        (4, "`c` has the price `cheap`"),
        (6, "`d` of `vm` has two prices"),
    ];
    assert_eq!(messages, expected);
    let files = |_: &str| Ok("kind,sku,unit\nvm,a,hour\n".to_string());
    let refused = read(text, "test.yaml", &[], &files).expect_err("refused");
    assert_eq!(
        refused.diagnostics[0].message,
        "the price catalogue has no column `usd`"
    );
}

#[test]
fn a_sweep_over_a_path_that_leads_nowhere_is_refused() {
    let sweep = |path: &str, values: &str| {
        let text = format!("{SMALL}studies: {{ s: {{ sweep: {{ {path}: {values} }} }} }}\n");
        mistakes(text).diagnostics[0].clone()
    };
    let diagnostic = sweep("worklod.arrivals.poisson", "1/s..2/s x 2");
    assert_eq!(diagnostic.code, "unknown-path");
    assert_eq!(diagnostic.hint.as_deref(), Some("did you mean `workload`?"));
    assert_eq!(
        sweep("workload.arrivals.poisson", "1/s..2ms x 2").code,
        "bad-value"
    );
}
