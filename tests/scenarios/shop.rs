//! The example of the language in seven layouts.

use std::sync::OnceLock;

use cutline::study::{Estimate, RunFindings, TransactionFindings};

use super::{assert_attribution_sums_to_the_mean, model, run, stable, verdict};

const FILE: &str = "shop.yaml";
const MONOLITHS: [&str; 2] = ["monolith", "modular-monolith"];
const SERVICES: [&str; 5] = [
    "distributed-monolith",
    "split-databases",
    "microservices-2pc",
    "microservices-saga",
    "event-driven",
];

/// One run for all tests of this file.
fn findings() -> &'static RunFindings {
    static FINDINGS: OnceLock<RunFindings> = OnceLock::new();
    FINDINGS.get_or_init(|| run(FILE))
}

fn orders(layout: &str) -> &'static TransactionFindings {
    let found = stable(findings(), layout).transactions.get("orders.place");
    found.expect("its parts lie apart")
}

fn told(estimate: Option<Estimate>) -> f64 {
    estimate.expect("it is told").value
}

/// How long orders keep rows locked where they do so longest (s).
fn locked(layout: &str) -> f64 {
    let spans = orders(layout).locked_seconds.iter().map(|(_, span)| told(span.mean));
    spans.fold(0.0, f64::max)
}

#[test]
fn the_shop_keeps_its_promises_in_seven_layouts_and_services_are_slower_than_monoliths() {
    let findings = findings();
    for name in MONOLITHS.into_iter().chain(SERVICES) {
        let layout = stable(findings, name);
        assert_attribution_sums_to_the_mean(layout);
        let promises = findings.slo.iter().filter(|slo| slo.layout == name);
        let promises: Vec<_> = promises.map(|slo| (&*slo.endpoint, &*slo.metric)).collect();
        assert_eq!(promises[..3], [("checkout", "p99"), ("checkout", "errors"), ("home", "p99")]);
        assert_eq!(promises.len(), if name == "event-driven" { 4 } else { 3 }, "{name}");
    }
    let slo_met = findings.slo.iter().all(|slo| slo.met);
    assert!(slo_met, "{:?}", findings.slo);
    for (monolith, services) in
        MONOLITHS.iter().flat_map(|one| SERVICES.map(|services| (one, services)))
    {
        let mean = verdict(findings, monolith, services, "all.latency.mean");
        assert_eq!(mean, "a lower", "{monolith} against {services}");
    }
}

#[test]
fn what_keeps_the_parts_of_an_order_together_decides_what_stays_half_done_and_what_is_locked() {
    // As many as the card processor refuses.
    let refused = told(orders("split-databases").half_done_share);
    assert!((0.0015..0.0025).contains(&refused), "{refused}");
    for kept in ["microservices-2pc", "microservices-saga", "event-driven"] {
        assert_eq!(told(orders(kept).half_done_share), 0.0, "{kept}");
    }
    let (held, freed) = (locked("microservices-2pc"), locked("microservices-saga"));
    assert!(held > 0.15 && freed < 0.01, "{held} and {freed} s");
    let window = |layout: &str| told(orders(layout).inconsistency_seconds.mean);
    assert!(window("microservices-2pc") < 0.005 && window("microservices-saga") > 0.15);
}

#[test]
fn events_and_the_view_of_the_last_layout_keep_up() {
    let found = stable(findings(), "event-driven");
    let placed = found.published.get("order-placed").expect("Kafka carries it");
    let completion = told(placed.completion_seconds.p99);
    assert!((0.1..0.2).contains(&completion), "{completion}");
    let view = found.views.get("history").expect("it is read");
    let shown = told(view.delay_seconds.mean);
    assert!((0.05..0.2).contains(&shown), "{shown}");
}

#[test]
fn the_distributed_monolith_is_told_that_its_payment_commits_on_its_own() {
    let findings = findings();
    let codes = |name: &str| {
        let said = &stable(findings, name).diagnostics;
        let codes = said.iter().map(|diagnosis| diagnosis.code.text());
        codes.collect::<Vec<_>>()
    };
    let expected = ["call-in-transaction", "event-waited-for", "default-decides"];
    assert_eq!(codes("distributed-monolith"), expected);
    assert_eq!(codes("monolith"), ["default-decides"]);
}

#[test]
fn half_of_the_bill_rests_on_a_size_of_replies_that_nobody_gave() {
    let findings = findings();
    let said = &stable(findings, "monolith").diagnostics[0].message;
    assert!(said.starts_with("50 % of the bill ("), "{said}");
    assert!(
        said.ends_with("(endpoint.reply): set workload.endpoints.home.reply and 2 more"),
        "{said}"
    );
}

#[test]
fn the_sweep_of_the_shop_spans_seven_loads() {
    let model = model(FILE);
    assert_eq!(model.studies.len(), 1);
    let sweep = &model.studies[0].sweep[0];
    assert_eq!(sweep.path, "workload.arrivals.poisson");
    let rates: Vec<f64> = sweep
        .values
        .iter()
        .map(|text| text.parse::<cutline::units::PerSecond>().expect("a rate").0)
        .collect();
    assert_eq!(rates, [50.0, 100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0]);
}
