//! What stands on a machine or a node with others: cores by weight, databases packed like services.

use cutline::cost::{Bill, Expense};
use cutline::measure::Kind;
use cutline::study::{self, Progress};

use super::ran::{assert_exact, assert_near, mean_ms, model, run_one};

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}

/// A service `a` with one user, and with so many users a service `b` or a table, all of whom always want a core; each
/// request is 1 ms of work on the only core.
fn busy(others: u32, b: &str, layout: &str) -> [f64; 2] {
    let ran = run_one(
        &format!(
            "
application:
  modules:
    a: {{ operations: {{ go: [ cpu: 1ms ] }} }}
    b: {{ tables: {{ t: {{ rows: 1M, row_size: 100B }} }}, operations: {{ go: [ {b} ] }} }}
workload:
  endpoints:
    a: {{ call: a.go, arrivals: {{ closed: {{ users: 1, think: 0ms }} }} }}
    b: {{ call: b.go, arrivals: {{ closed: {{ users: {others}, think: 0ms }} }} }}
layouts:
  one:
    machines: {{ box: {{ cpu: 1, scheduling: fair_share }} }}
    {layout}
platform: {{ network: none, prices: none, context_switch: none }}
"
        ),
        20.0,
    );
    ["a", "b"].map(|name| ran.endpoint(name).answers[Kind::Ok as usize] as f64 / 20.0)
}

#[test]
fn services_have_cores_by_weight_however_many_frames_they_have() {
    const APART: &str = "databases: { d: { tables: all, cpu: 1, memory: 1GiB } }";
    for (weight, others, exact) in
        [(1.0, 1, 500.0), (1.0, 9, 500.0), (3.0, 9, 750.0), (0.25, 2, 200.0)]
    {
        let layout = format!(
            "services: {{ a: {{ machine: box, threads: async, weight: {weight} }}, \
             b: {{ machine: box, threads: async }} }}\n    {APART}"
        );
        let [a, b] = busy(others, "cpu: 1ms", &layout);
        assert_near(a, exact, 0.5);
        assert_near(a + b, 1_000.0, 0.5);
    }
}

#[test]
fn a_database_on_the_machine_has_a_weight_of_its_own() {
    let layout = "services: { a: { machine: box, threads: async }, b: { machine: box, threads: async } }
    databases: { d: { tables: all, machine: box, weight: 4, memory: 1GiB, hit: 100%, storage: none, pool: 50,
                      costs: { statement: 1ms, row_read: 0us } } }";
    let [a, b] = busy(5, "read: t", layout);
    assert_near(a, 200.0, 0.5);
    assert_near(b, 800.0, 0.5);
}

/// One service of a core, which reads, and a database of so many cores, packed on nodes of 4 in so many zones.
fn on_nodes(cores: u32, zones: u32) -> String {
    format!(
        "
application:
  modules:
    m: {{ tables: {{ t: {{ rows: 1k, row_size: 100B }} }}, operations: {{ go: [ read: t ] }} }}
workload: {{ endpoints: {{ go: {{ call: m.go, arrivals: {{ deterministic: 10/s }} }} }} }}
layouts:
  one:
    services: {{ s: {{ modules: all, cpu: 1 }} }}
    databases: {{ d: {{ tables: all, on_nodes: true, cpu: {cores}, memory: 4GiB, hit: 100%, costs: none,
                       storage: {{ gp3: 20GiB }} }} }}
platform:
  prices: aws-us-east-1
  nodes: {{ class: m6i.xlarge, zones: {zones} }}
  context_switch: none
  network:
    same_node: {{ rtt: 1ms, bandwidth: none }}
    same_zone: {{ rtt: 5ms, bandwidth: none }}
    cross_zone: {{ rtt: 9ms, bandwidth: none }}
run: {{ fixed: {{ duration: 5s, warmup: 1s, replications: 3 }} }}
"
    )
}

#[test]
fn a_database_is_packed_on_nodes_beside_services_and_as_far_from_them_as_it_stands() {
    for (cores, zones, far) in [(2, 1, 1.0), (3, 1, 5.0), (3, 2, 9.0)] {
        let ran = run_one(&on_nodes(cores, zones), 20.0);
        assert_exact(mean_ms(ran.endpoint("go")), far);
    }
}

#[test]
fn nodes_are_paid_for_with_the_database_on_them_and_its_volume_apart() {
    let bill = |cores: u32| -> Bill {
        let model = model(&on_nodes(cores, 1));
        match study::run(&model, &[0], &Silence) {
            Ok(findings) => findings.layouts.get("one").expect("it ran").cost.clone(),
            Err(unfinished) => panic!("{unfinished:?}"),
        }
    };
    let of = |bill: &Bill, group: Expense| -> f64 {
        bill.lines.iter().filter(|line| line.group == group).map(|line| line.per_month).sum()
    };
    let (beside, apart) = (bill(2), bill(3));
    assert_exact(of(&apart, Expense::Nodes), 2.0 * of(&beside, Expense::Nodes));
    for bill in [&beside, &apart] {
        assert_eq!(bill.missing, [], "its server is no line of its own");
        assert_eq!(of(bill, Expense::Databases), 0.0);
        assert!(of(bill, Expense::Storage) > 0.0);
    }
}
