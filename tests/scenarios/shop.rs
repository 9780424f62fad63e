//! The example of the language in three layouts.

use std::sync::OnceLock;

use cutline::study::RunFindings;

use super::{assert_attribution_sums_to_the_mean, model, run, stable, verdict};

const FILE: &str = "shop.yaml";
const LAYOUTS: [&str; 3] = ["monolith", "modular-monolith", "distributed-monolith"];

/// One run for all tests of this file.
fn findings() -> &'static RunFindings {
    static FINDINGS: OnceLock<RunFindings> = OnceLock::new();
    FINDINGS.get_or_init(|| run(FILE))
}

#[test]
fn the_shop_runs_in_three_layouts_and_the_distributed_monolith_is_slower() {
    let findings = findings();
    for name in LAYOUTS {
        let layout = stable(findings, name);
        assert_attribution_sums_to_the_mean(layout);
        let promises = findings.slo.iter().filter(|slo| slo.layout == name);
        let promises: Vec<_> = promises.map(|slo| (&*slo.endpoint, &*slo.metric)).collect();
        assert_eq!(promises, [("checkout", "p99"), ("checkout", "errors"), ("home", "p99")]);
    }
    let slo_met = findings.slo.iter().all(|slo| slo.met);
    assert!(slo_met, "{:?}", findings.slo);
    for monolith in ["monolith", "modular-monolith"] {
        let mean = verdict(findings, monolith, "distributed-monolith", "all.latency.mean");
        assert_eq!(mean, "a lower", "{monolith} against the distributed one");
    }
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
