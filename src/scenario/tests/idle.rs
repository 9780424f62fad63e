//! What reads, and hardly says what its author meant.

use super::*;
use crate::scenario::Code;

const SHOP_OF_TWO: &str = "\
cutline: 1
name: two
application:
  modules:
    a: { tables: { t: { rows: 1k, row_size: 1KiB } }, operations: { go: [ cpu: 1ms, read: b.u ] } }
    b: { tables: { u: { rows: 1k, row_size: 1KiB } }, operations: { get: [ read: u ] } }
workload: { arrivals: { poisson: 1/s }, endpoints: { go: { call: a.go }, get: { call: b.get } } }
layouts:
  one:
    data_access: owner
    services: SERVICES
    databases: DATABASES
platform: { prices: aws-us-east-1, nodes: { class: m6i.xlarge } }
";
const ALONE: &str = "{ all-of-it: { modules: all, cpu: 2, threads: 4 } }";
const EACH: &str = "{ each: { cpu: 2, threads: 4 } }";
const SHARED: &str = "{ main: { tables: all, class: db.m6i.large } }";

fn two(services: &str, databases: &str) -> String {
    SHOP_OF_TWO.replace("SERVICES", services).replace("DATABASES", databases)
}

/// Code, place, message and hint of each warning.
fn warned(text: &str) -> Vec<(String, String)> {
    let reading = reading(text);
    let asked = reading.warnings.iter().filter(|warning| warning.code != Code::Unreached);
    let told = asked.map(|warning| {
        let hint = warning.hint.clone().unwrap_or_default();
        (format!("{} {}", warning.code.text(), warning.span.line), warning.message.clone() + &hint)
    });
    told.collect()
}

#[test]
fn access_through_owners_that_changes_nothing_is_told_with_the_reason() {
    assert_eq!(warned(&two(EACH, SHARED)), []);
    assert_eq!(warned(&two(ALONE, SHARED).replace("data_access: owner", "protocol: none")), []);
    let own = "{ each: { class: db.m6i.large } }";
    let unasked = two(EACH, SHARED).replace("read: b.u", "call: b.get");
    for (text, why) in [
        (two(ALONE, SHARED), "all modules are in one service"),
        (two(EACH, own), "no database has tables of modules in several services"),
        (unasked, "no operation asks a table"),
    ] {
        let [(about, told)] = &warned(&text)[..] else { panic!("{:?}", warned(&text)) };
        assert_eq!(about, "unused-data-access 9");
        assert!(told.contains(why) && told.contains("a modular monolith is one service"), "{told}");
    }
}

#[test]
fn a_class_of_machines_that_is_sold_as_a_managed_server_too_is_doubted() {
    let plain = two(EACH, SHARED).replace("db.m6i", "m6i");
    let [(about, told)] = &warned(&plain)[..] else { panic!("{:?}", warned(&plain)) };
    assert_eq!(about, "plain-machine 12");
    assert!(told.contains("`m6i.large` is a plain machine"), "{told}");
    assert!(told.contains("write `class: db.m6i.large`"), "{told}");
    let elsewhere = plain.replace("aws-us-east-1", "gcp-us-central1");
    let elsewhere =
        elsewhere.replace("m6i.large", "n2-standard-4").replace("m6i.xlarge", "n2-standard-4");
    assert_eq!(warned(&elsewhere), []);
}

#[test]
fn a_control_plane_and_a_load_balancer_are_paid_by_layouts_that_stand_on_nodes() {
    let of = |text: &str| {
        let model = model(text);
        (model.layouts[0].control_plane, model.layouts[0].load_balancers)
    };
    let on_nodes = two(EACH, SHARED);
    assert_eq!(of(&on_nodes), (true, 1));
    let machine = "{ all-of-it: { modules: all, machine: box, threads: 4 } }";
    let apart = two(machine, SHARED)
        .replace("    services:", "    machines: { box: { class: m6i.large } }\n    services:");
    assert_eq!(of(&apart), (false, 0));
    let asked = apart.replace("data_access: owner", "control_plane: true\n    load_balancers: 2");
    assert_eq!(of(&asked), (true, 2));
    let packed = apart.replace("class: db.m6i.large", "cpu: 1, memory: 2GiB, on_nodes: true");
    assert_eq!(of(&packed), (true, 1));
}
