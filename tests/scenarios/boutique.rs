//! Online Boutique against what was published about it: HotOS 2023, Table 2 and section 6.1.

use cutline::study::{LayoutFindings, RunFindings};

use super::{
    Silent, as_published, assert_attribution_sums_to_the_mean, assert_within, figure, no_files,
    run, stable, texts,
};

const FILE: &str = "online-boutique.yaml";

/// How far a ratio of two published figures may be off: relative.
const TOLERANCE: f64 = 0.15;

/// What the autoscaler is assumed to aim at; the file says why.
const TARGET: f64 = 0.35;

/// Within this share of its target the Kubernetes autoscaler leaves a service alone.
const AUTOSCALER_TOLERANCE: f64 = 0.1;

/// The rule of the Kubernetes autoscaler finds nothing to do: `replicas` × utilisation / target,
/// rounded up, is what there is, or the utilisation is near enough to the target.
fn assert_autoscaler_rests(findings: &RunFindings) {
    for (name, layout) in findings.layouts.iter() {
        for (service, found) in layout.services.iter() {
            let utilisation = found.cpu_utilisation.expect("a steady state").value;
            let ratio = utilisation / TARGET;
            let wanted = (found.replicas_mean * ratio).ceil();
            assert!(
                (ratio - 1.0).abs() <= AUTOSCALER_TOLERANCE || wanted == found.replicas_mean,
                "{name}: {} × {service} at {utilisation:.3} would become {wanted}",
                found.replicas_mean
            );
        }
    }
}

#[test]
fn online_boutique_holds_the_published_cores_and_medians() {
    let found = as_published("online-boutique");
    for (one, other, ratio) in [
        ("cores_grpc", "cores_one_process", 78.0 / 9.0),
        ("cores_lean", "cores_one_process", 28.0 / 9.0),
        ("median_grpc", "median_lean", 5.47 / 2.66),
        ("median_grpc", "median_one_process", 5.47 / 0.38),
    ] {
        let here = figure(&found, one) / figure(&found, other);
        assert_within(&format!("{one} over {other}"), here, ratio, TOLERANCE);
    }
}

#[test]
fn online_boutique_is_where_its_autoscaler_rests_and_its_figures_add_up() {
    let findings = run(FILE);
    assert_autoscaler_rests(&findings);
    for (_, layout) in findings.layouts.iter() {
        assert_attribution_sums_to_the_mean(layout);
        assert!(layout.cost.per_month > 0.0);
    }
}

#[test]
fn clients_inside_the_zone_pay_for_no_internet_traffic() {
    let text = texts("scenarios")[FILE].replace("replications: 6", "replications: 1");
    let internet_lines = |text: &str| {
        let reading = cutline::scenario::read(text, FILE, &[], &no_files).expect("it reads");
        let findings = cutline::study::run(&reading.model, &[2], &Silent).expect("it runs");
        let lines = &findings.layouts.0[0].1.cost.lines;
        let internet = lines.iter().filter(|line| line.item.contains("internet"));
        internet.count()
    };
    assert_eq!(internet_lines(&text), 0);
    let outside = text.replace("client: same_zone", "client: internet");
    assert!(internet_lines(&outside) > 0, "from outside they do");
}

/// What online-boutique-events.yaml says in its comment.
#[test]
fn an_order_that_is_told_by_an_event_is_answered_sooner_and_the_brokers_are_dear() {
    let findings = run("online-boutique-events.yaml");
    let [calls, events] = ["grpc", "events"].map(|name| stable(&findings, name));
    let mean = |found: &LayoutFindings, whom: &str| {
        let endpoint = found.endpoints.get(whom).expect("it is asked");
        endpoint.latency_seconds.mean.expect("it is answered").value
    };
    let saved = |whom: &str| 1e3 * (mean(calls, whom) - mean(events, whom));
    assert!((0.9..1.3).contains(&saved("place-order")), "{} ms", saved("place-order"));
    assert!(saved("home").abs() < 0.1, "{} ms", saved("home"));
    let told = events.published.get("order-placed").expect("a broker carries it");
    let complete = 1e3 * told.completion_seconds.mean.expect("it is handled").value;
    assert!((0.5..0.75).contains(&complete), "{complete} ms");
    let dearer = events.cost.per_month - calls.cost.per_month;
    assert!((470.0..480.0).contains(&dearer), "{dearer}");
    assert_attribution_sums_to_the_mean(events);
}

/// Only what is told is written otherwise than in the file that it is a variant of.
#[test]
fn the_variant_with_events_is_the_same_shop() {
    let texts = texts("scenarios");
    let lines = |file: &str| -> Vec<String> {
        let (_, below) = texts[file].split_once("application:\n").expect("an application");
        let (application, _) = below.split_once("layouts:\n").expect("layouts");
        let told = |line: &&str| {
            let line = line.trim();
            !line.starts_with('#') && !line.is_empty() && !TOLD.contains(&line)
        };
        application.lines().filter(told).map(str::to_owned).collect()
    };
    assert_eq!(lines("online-boutique-events.yaml"), lines(FILE));
}

/// How the two files tell of an order.
const TOLD: [&str; 8] = [
    "- call: shipping.ship",
    "- call: cart.empty",
    "- call: email.confirm",
    "- publish: order-placed",
    "events: { order-placed: { size: 1KiB } }",
    "subscribes: { order-placed: empty }",
    "subscribes: { order-placed: ship }",
    "subscribes: { order-placed: confirm }",
];
