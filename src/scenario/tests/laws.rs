//! Distributions, as they are written and as they are read.

use super::*;
use crate::model::Action;
use crate::random::Distribution;

/// The distribution that a `cpu` step is read as.
fn law(text: &str) -> Distribution {
    let text = changed(SMALL, "{ exp: 1ms }", text);
    match &model(&text).application.operations[0].steps[0].action {
        Action::Cpu(law) => law.clone(),
        other => panic!("not cpu: {other:?}"),
    }
}

#[test]
fn a_law_as_text_means_the_same_as_a_map() {
    let pairs = [
        ("exp(2ms)", "{ exp: 2ms }"),
        ("\"exp(mean 2ms)\"", "{ exp: { mean: 2ms } }"),
        ("\"lognormal(mean 2ms, cv 0.8)\"", "{ lognormal: { mean: 2ms, cv: 0.8 } }"),
        ("\"lognormal(p50 2ms, p99 15ms)\"", "{ lognormal: { p50: 2ms, p99: 15ms } }"),
        ("\"gamma(2 ms, 0.5)\"", "{ gamma: { mean: 2ms, cv: 0.5 } }"),
        ("'weibull(2ms, shape 0.7)'", "{ weibull: { mean: 2ms, shape: 0.7 } }"),
        ("\"pareto(mean 2ms, alpha 1.5)\"", "{ pareto: { mean: 2ms, alpha: 1.5, max: 2s } }"),
        ("\"uniform(1ms, 3ms)\"", "{ uniform: { from: 1ms, to: 3ms } }"),
        ("\"hyperexp(mean 2ms, cv 3)\"", "{ hyperexp: { mean: 2ms, cv: 3 } }"),
        ("\"erlang(4, 2ms)\"", "{ erlang: { stages: 4, mean: 2ms } }"),
    ];
    for (text, map) in pairs {
        assert_eq!(law(text), law(map), "{text}");
    }
}

#[test]
fn the_mean_of_a_law_is_the_mean_that_was_written() {
    let laws = [
        "2ms",
        "{ exp: 2ms }",
        "{ lognormal: { mean: 2ms, cv: 0.8 } }",
        "{ lognormal: { mean: 2ms, cv: 0 } }",
        "{ gamma: { mean: 2ms, cv: 3 } }",
        "{ weibull: { mean: 2ms, shape: 0.7 } }",
        "{ uniform: { from: 1ms, to: 3ms } }",
        "{ uniform: { from: 2ms, to: 2ms } }",
        "{ hyperexp: { mean: 2ms, cv: 3 } }",
        "{ hyperexp: { mean: 2ms, cv: 1 } }",
        "{ hyperexp: { branches: [ { share: 75%, mean: 1ms }, { share: 25%, mean: 5ms } ] } }",
        "{ erlang: { stages: 4, mean: 2ms } }",
        "{ pareto: { mean: 2ms, alpha: 8 } }",
    ];
    for text in laws {
        let mean = law(text).mean();
        assert!((mean - 0.002).abs() < 2e-9, "{text}: {mean}");
    }
}

#[test]
fn the_variance_of_a_hyperexponential_law_is_the_one_written() {
    let Distribution::HyperExponential { branches } = law("{ hyperexp: { mean: 2ms, cv: 3 } }")
    else {
        panic!("no mixture")
    };
    let mean: f64 = branches.iter().map(|(p, m)| p * m).sum();
    let square: f64 = branches.iter().map(|(p, m)| 2.0 * p * m * m).sum();
    assert!(((square - mean * mean).sqrt() / mean - 3.0).abs() < 1e-9);
}

#[test]
fn percentiles_of_a_log_normal_law_are_the_ones_written() {
    let Distribution::LogNormal { mu, sigma } = law("{ lognormal: { p50: 2ms, p99: 15ms } }")
    else {
        panic!("not log-normal")
    };
    assert!((mu.exp() - 0.002).abs() < 1e-12);
    assert!(((mu + 2.326_347_874 * sigma).exp() - 0.015).abs() < 1e-9);
}

#[test]
fn measured_times_come_from_the_named_file() {
    let files = |name: &str| match name {
        "times.csv" => Ok("# measured\n3ms\n1 ms\r\n\n2000us\n".to_string()),
        "plain.csv" => Ok("3\n1\n2\n".to_string()),
        _ => Err("not found".to_string()),
    };
    let laws = [
        "{ empirical: times.csv }",
        "{ empirical: { file: plain.csv, unit: ms } }",
        "empirical(times.csv)",
    ];
    for law in laws {
        let text = changed(SMALL, "{ exp: 1ms }", law);
        let reading = read(text, "test.yaml", &[], &files).unwrap_or_else(|e| panic!("{e}"));
        let Action::Cpu(law) = &reading.model.application.operations[0].steps[0].action else {
            panic!("not cpu")
        };
        assert_eq!(*law, Distribution::Empirical { values: vec![0.001, 0.002, 0.003] });
    }
}
