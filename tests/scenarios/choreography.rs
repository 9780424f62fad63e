//! scenarios/choreography.yaml: what it costs to keep an order together by a coordinator, an orchestrator and nobody.

use cutline::study::{LayoutFindings, RunFindings, TransactionFindings};

use super::{assert_attribution_sums_to_the_mean, run, stable};

fn placed(found: &LayoutFindings) -> &TransactionFindings {
    found.transactions.get("orders.place").expect("it is over three databases")
}

fn mean(found: &LayoutFindings) -> f64 {
    let order = found.endpoints.get("order").expect("one endpoint");
    order.latency_seconds.mean.expect("it is answered").value
}

fn value(estimate: Option<cutline::study::Estimate>) -> f64 {
    estimate.expect("it is told").value
}

#[test]
fn nobody_in_charge_answers_first_and_is_inconsistent_for_longest() {
    let findings: RunFindings = run("choreography.yaml");
    for (_, layout) in findings.layouts.iter() {
        assert_attribution_sums_to_the_mean(layout);
    }
    let [two_phase, orchestrated, nobody] =
        ["two-phase", "orchestrated", "choreographed"].map(|name| stable(&findings, name));
    // The client waits for no card.
    assert!(mean(nobody) < mean(orchestrated) / 5.0, "{} {}", mean(nobody), mean(orchestrated));
    assert!(mean(two_phase) > 0.06 && mean(orchestrated) > 0.06);
    let window = |found| value(placed(found).inconsistency_seconds.mean);
    assert!(window(two_phase) < window(orchestrated) && window(orchestrated) < window(nobody));
    // Two relays more than the orchestrator, 20 ms each, and the wait for a consumer of the card: each has one order in
    // hand, however many wait in its partition.
    let waits = nobody.consumers.get("card").expect("it takes part").wait_seconds.mean;
    let longer = window(nobody) - window(orchestrated) - value(waits);
    assert!((0.03..0.06).contains(&longer), "{longer}");
    let locked = |found| value(placed(found).locked_seconds.get("stock").expect("it writes").mean);
    assert!(locked(two_phase) > 10.0 * locked(nobody), "{}", locked(nobody));
    for saga in [orchestrated, nobody] {
        let undone = value(placed(saga).compensated_share);
        assert!((undone - 0.05).abs() < 0.01, "{undone}");
    }
    let failed = |found: &LayoutFindings| found.endpoints.get("order").unwrap().outcomes.failed;
    assert!(failed(orchestrated) > 0 && failed(nobody) == 0, "it is answered before");
}
