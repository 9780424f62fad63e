//! Online Boutique against what was published about it: HotOS 2023, Table 2 and section 6.1.

use cutline::study::RunFindings;

use super::{
    Silent, as_published, assert_attribution_sums_to_the_mean, assert_within, figure, no_files,
    run, texts,
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
