//! Balancing: what a balancer knows of its instances shortens the wait.

use super::ran::replicate;

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
