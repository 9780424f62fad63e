//! Mistakes of layouts, and parts that cannot be simulated yet.

use super::*;

#[test]
fn nothing_to_simulate_is_refused() {
    let (about, ..) = only("endpoints: { go: { call: a.go } }", "endpoints: {}");
    assert_eq!(about, "no-endpoints 6 {}");
    let (about, ..) =
        only("layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }", "layouts: {}");
    assert_eq!(about, "no-layouts 7 {}");
    let text = changed(
        SMALL,
        "modules: { a: { operations: { go: [ cpu: { exp: 1ms } ] } } }",
        "modules: {}",
    );
    assert!(mistakes(text).diagnostics.iter().any(|d| d.code.text() == "no-modules"));
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
    assert_eq!(diagnostic.code.text(), "pools-too-large");
    assert_eq!(
        diagnostic.message,
        "in layout `distributed-monolith` the pools at database `main` add up to 100 connections \
         (`catalog` 2 × 10 + `cart` 2 × 10 + `orders` 2 × 10 + `inventory` 2 × 10 + `payments` 2 × 10), \
         more than the 90 it takes"
    );
    assert_eq!(diagnostic.hint.as_deref(), Some("a pool of 9 fits; or raise `max_connections`"));
}

#[test]
fn a_layout_that_extends_itself_or_a_ring_is_refused() {
    let text = SMALL.replace(
        "layouts: { one: {",
        "layouts: { x: { extends: x }, p: { extends: q }, q: { extends: r }, r: { extends: p }, one: {",
    );
    let refused = mistakes(text);
    let messages: Vec<_> = refused.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(
        messages,
        ["layout `x` extends itself", "layouts extend each other in a ring: `p` → `q` → `r` → `p`"]
    );
}

#[test]
fn parts_that_are_not_built_are_refused_by_name() {
    let cases =
        [("release: lockstep", "`release` (`lockstep`)"), ("mesh: sidecar", "`mesh` (`sidecar`)")];
    for (part, named) in cases {
        let (about, message, _) = only("one: { services", &format!("one: {{ {part}, services"));
        assert!(about.starts_with("not-built 7 "), "{about}");
        assert_eq!(message, format!("{named} is part of the language but not built yet"));
    }
    let (_, message, _) = only("threads: 4", "quota: true");
    assert!(message.starts_with("`quota` (`true`) is part"));
    let text = SMALL.to_string() + "studies: { b: { break_even: { over: x } } }\n";
    assert!(mistakes(text).diagnostics[0].message.starts_with("the study `break_even` is part"));
}

#[test]
fn a_service_on_a_machine_takes_no_cores_of_its_own() {
    let (about, message, _) =
        only("services: { a: {", "machines: { box: { cpu: 4 } }, services: { a: { machine: box,");
    assert_eq!(about, "conflict 7 2");
    assert_eq!(message, "a service on a machine takes `cpu` from the machine");
    let (about, ..) = only("threads: 4", "machine: box");
    assert_eq!(about, "unknown-machine 7 box");
}
