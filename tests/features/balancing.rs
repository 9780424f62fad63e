//! Balancing: what a balancer knows of its instances shortens the wait.

use super::ran::{assert_near, five_sigma, replicate, run_one};

/// Four single threads at 80 % load; layouts from the worst balancer to the best.
const BODY: &str = "
application: { modules: { shop: { operations: { go: [ cpu: exp(10ms) ] } } } }
workload: { arrivals: { poisson: 320/s }, endpoints: { go: { call: shop.go } } }
layouts:
  random: { services: { shop: { replicas: 4, threads: 1, cpu: 1, balancing: random } } }
  round_robin: { services: { shop: { replicas: 4, threads: 1, cpu: 1, balancing: round_robin } } }
  power_of_two: { services: { shop: { replicas: 4, threads: 1, cpu: 1, balancing: power_of_two } } }
  least: { services: { shop: { replicas: 4, threads: 1, cpu: 1, balancing: least_outstanding } } }
";

#[test]
fn a_balancer_that_knows_more_waits_less() {
    const REPLICATIONS: u32 = 10;
    let layouts = replicate(BODY, 100.0, REPLICATIONS);
    let waits = |row: &[super::ran::Ran]| -> Vec<f64> {
        row.iter()
            .map(|ran| {
                let record = ran.service("shop");
                record.wait_sum as f64 / record.waits.count() as f64 / 1e6
            })
            .collect()
    };
    let waits: Vec<Vec<f64>> = layouts.iter().map(|row| waits(row)).collect();
    // The same requests need the same work in all layouts: differences are taken request by request.
    for (worse, better) in [(0, 1), (1, 2), (2, 3)] {
        let differences: Vec<f64> =
            waits[worse].iter().zip(&waits[better]).map(|(worse, better)| worse - better).collect();
        let count = f64::from(REPLICATIONS);
        let mean = differences.iter().sum::<f64>() / count;
        let squares: f64 = differences.iter().map(|one| (one - mean).powi(2)).sum();
        let error = (squares / (count - 1.0) / count).sqrt();
        assert!(mean > 3.0 * error, "layout {worse} − {better}: {mean} ± {error} ms");
    }
    // Random choice is an M/M/1 of its own for each: 10 ms × 0.8 / 0.2.
    let random = waits[0].iter().sum::<f64>() / f64::from(REPLICATIONS);
    assert!((random - 40.0).abs() < 5.0, "{random}");
}

/// Two tiers of so many replicas each over as many zones; every call goes from one tier to the other. Share of the
/// bytes that cross a zone. Few requests meet another: a balancer that knows who is busy
/// sends the next pair across as well where the one before crosses, which takes longer.
fn crossing(zones: u32, balancing: &str) -> f64 {
    let ran = run_one(
        &format!(
            "application:
  modules:
    a: {{ operations: {{ go: [ cpu: 0.2ms, call: {{ to: b.take, request: 2KB, reply: 2KB }} ] }} }}
    b: {{ operations: {{ take: [ cpu: 0.2ms ] }} }}
workload: {{ arrivals: {{ poisson: 10/s }}, endpoints: {{ go: {{ call: a.go }} }} }}
layouts: {{ one: {{ services: {{ each: {{ replicas: {zones}, cpu: 1, memory: 1GiB, balancing: {balancing} }} }} }} }}
platform: {{ prices: aws-us-east-1, context_switch: none, nodes: {{ class: m6i.xlarge, zones: {zones} }} }}
"
        ),
        3_000.0,
    );
    let (crossing, all) = ran.bytes();
    crossing as f64 / all as f64
}

#[test]
fn equal_tiers_cross_zones_as_often_as_chance_says() {
    for zones in [2, 3, 4] {
        let exact = 1.0 - 1.0 / f64::from(zones);
        // Some 30,000 calls, each across a zone or not.
        let slack = five_sigma(exact * (1.0 - exact), 30_000);
        for balancing in ["round_robin", "random", "least_outstanding", "power_of_two"] {
            assert_near(crossing(zones, balancing), exact, slack);
        }
    }
}

#[test]
fn ties_of_the_least_outstanding_are_broken_by_chance() {
    // One request at a time: all instances are always equally idle.
    let body = "
application: { modules: { shop: { operations: { go: [ cpu: 1ms ] } } } }
workload: { arrivals: { closed: { users: 1, think: 0ms } }, endpoints: { go: { call: shop.go } } }
layouts: { one: { services: { shop: { replicas: 4, threads: 1, cpu: 1, balancing: least_outstanding } } } }
";
    let ran = run_one(body, 20.0);
    let busy = ran.busy_by_cpu_ms();
    let each = five_sigma(0.25 * 0.75, 20_000) * 20_000.0;
    assert_eq!(busy.len(), 4);
    busy.iter().for_each(|busy| assert_near(*busy, 5_000.0, each));
}
