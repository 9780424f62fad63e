//! Online Boutique against what was published about it: HotOS 2023, Table 2 and section 6.1.

use cutline::study::{LayoutFindings, RunFindings};

use super::{
    Silent, assert_attribution_sums_to_the_mean, assert_within, model, no_files, run, stable, texts,
};

const FILE: &str = "online-boutique.yaml";

/// Layout, published cores, published median [s].
const PUBLISHED: [(&str, f64, f64); 3] =
    [("grpc", 78.0, 5.47e-3), ("lean", 28.0, 2.66e-3), ("one-process", 9.0, 0.38e-3)];

/// How far a figure may be off: relative.
const TOLERANCE: f64 = 0.15;

/// What the autoscaler is assumed to aim at; the file says why.
const TARGET: f64 = 0.35;

/// Within this share of its target the Kubernetes autoscaler leaves a service alone.
const AUTOSCALER_TOLERANCE: f64 = 0.1;

fn median(layout: &LayoutFindings) -> f64 {
    let all = layout.endpoints.get("all").expect("all endpoints together");
    all.latency_seconds.p50.expect("enough requests").value
}

/// Cores that the layout holds: replicas × cores of an instance.
fn cores(name: &str) -> f64 {
    let model = model(FILE);
    let mut layouts = model.layouts.iter();
    let layout = layouts.find(|layout| *layout.name == name);
    let services = &layout.expect("the layout is in the file").services;
    let each = services.iter().map(|service| f64::from(service.replicas.value) * service.cpu.value);
    each.sum()
}

/// Fails where a figure is further from the published one than allowed.
#[track_caller]
fn assert_close(what: &str, found: f64, published: f64) {
    assert_within(what, found, published, TOLERANCE);
}

fn assert_medians_are_those_published(findings: &RunFindings) {
    for (name, _, published) in PUBLISHED {
        assert_close(name, median(stable(findings, name)), published);
    }
    let (grpc, _, grpc_published) = PUBLISHED[0];
    for (other, _, published) in &PUBLISHED[1..] {
        assert_close(
            &format!("median of {grpc} over that of {other}"),
            median(stable(findings, grpc)) / median(stable(findings, other)),
            grpc_published / published,
        );
    }
}

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
    let findings = run(FILE);
    for (name, published, _) in PUBLISHED {
        assert_close(name, cores(name), published);
    }
    assert_close("cores, grpc over one process", cores("grpc") / cores("one-process"), 78.0 / 9.0);
    assert_close("cores, lean over one process", cores("lean") / cores("one-process"), 28.0 / 9.0);
    assert_autoscaler_rests(&findings);
    assert_medians_are_those_published(&findings);
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
