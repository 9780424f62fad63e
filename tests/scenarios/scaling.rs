//! scenarios/flash-crowd.yaml and scenarios/day.yaml: fleets that follow the load.

use cutline::scenario;
use cutline::study::{self, LayoutFindings, RunFindings};

use super::{Silent, edit, no_files, run, texts};

fn layout<'a>(findings: &'a RunFindings, name: &str) -> &'a LayoutFindings {
    findings.layouts.get(name).expect("the layout ran")
}

fn error_share(found: &LayoutFindings) -> f64 {
    found.endpoints.get("all").expect("all").error_share.expect("some came").value
}

/// When the first and the last window with errors begin (s); those of less than one in a hundred do not count.
fn failing(found: &LayoutFindings) -> Option<(f64, f64)> {
    let fails = found
        .windows
        .iter()
        .filter(|window| window.all.error_share.is_some_and(|share| share.value > 0.01));
    let from: Vec<f64> = fails.map(|window| window.from_seconds).collect();
    Some((*from.first()?, *from.last()?))
}

#[test]
fn fleets_that_follow_the_load_are_too_late_for_a_flash_crowd_and_cheaper() {
    let findings = run("flash-crowd.yaml");
    let of = |name: &str| layout(&findings, name);
    for name in ["monolith-fixed", "services-fixed"] {
        assert_eq!(error_share(of(name)), 0.0, "{name}");
        assert!(of(name).scaled.is_empty());
    }
    for (name, errors) in [("monolith-scaled", 0.04..0.055), ("services-scaled", 0.025..0.04)] {
        let found = error_share(of(name));
        assert!(errors.contains(&found), "{name} {found}");
        // From the crowd on, for two minutes.
        let (first, last) = failing(of(name)).expect("it fails");
        assert_eq!(first, 300.0, "{name}");
        assert!((390.0..=420.0).contains(&last), "{name} {last}");
    }
    let scaled = |layout: &str, service: &str| *of(layout).scaled.get(service).expect("it scales");
    assert!((22.0..=26.0).contains(&scaled("monolith-scaled", "shop").replicas_most));
    let after = |layout: &str, service: &str| {
        scaled(layout, service).ready_after_seconds.expect("some came").value
    };
    let (shop, search) = (after("monolith-scaled", "shop"), after("services-scaled", "search"));
    assert!((80.0..100.0).contains(&shop) && (50.0..70.0).contains(&search), "{shop} {search}");
    let saves = |fixed: &str, scaled: &str| of(fixed).cost.per_month - of(scaled).cost.per_month;
    let (program, services) =
        (saves("monolith-fixed", "monolith-scaled"), saves("services-fixed", "services-scaled"));
    assert!((300.0..400.0).contains(&program), "{program}");
    assert!((590.0..700.0).contains(&services), "{services}");
}

#[test]
fn over_a_day_fleets_that_follow_the_load_save_money_and_keep_the_promises() {
    // Three hours instead of a day: the same course, eight times as fast.
    let text = &texts("scenarios")["day.yaml"];
    let edits = [
        edit("workload.arrivals.profile.sine.period", "3h"),
        edit("run", "{ until: 3h, window: 15min, replications: 2 }"),
    ];
    let reading = scenario::read(text, "day", &edits, &no_files).expect("the scenario reads");
    let layouts: Vec<usize> = (0..reading.model.layouts.len()).collect();
    let findings = study::run(&reading.model, &layouts, &Silent).expect("every layout runs");
    assert!(findings.slo.iter().all(|promise| promise.met), "{:?}", findings.slo);
    let cost = |name: &str| layout(&findings, name).cost.per_month;
    assert!(cost("monolith-scaled") < 0.9 * cost("monolith-fixed"));
    assert!(cost("services-scaled") < 0.95 * cost("services-fixed"));
    assert!(cost("monolith-scaled") < 0.9 * cost("services-scaled"));
    let scaled = |service: &str| {
        let own = layout(&findings, "services-scaled").scaled.get(service);
        own.expect("it scales").replicas_most
    };
    // Only the search needs more.
    assert!(scaled("search") >= 4.0);
    assert_eq!(["storefront", "orders", "accounts"].map(scaled), [2.0; 3]);
}
