//! Intervals that can be, what is certain and is told, and what is missing with the reason that is true.

use cutline::report::Told;
use cutline::scenario::Code;
use cutline::study::{Estimate, LayoutFindings, Missing, RunFindings};
use serde_json::Value;

use super::over_time::run;

/// Half of the requests take 1 ms, half 60 ms: the median is anywhere between.
const TWO_KINDS: &str = "
application: { modules: { m: { operations: { fast: [ wait: 1ms ], slow: [ wait: 60ms ] } } } }
workload: { arrivals: { poisson: 20/s }, endpoints: { fast: { share: 50, call: m.fast }, slow: { share: 50, call: m.slow } } }
layouts: { one: { services: { s: { modules: all, threads: async } } } }
run: { seed: 1, fixed: { duration: 60s, warmup: 5s, replications: 5 } }
";

/// Two replications that have little to do with each other, now and then a failure, a full thread pool.
const UNEQUAL: &str = "
application: { modules: { m: { operations: { go: [ cpu: { lognormal: { mean: 40ms, cv: 3 } }, fail: 2% ] } } } }
workload: { arrivals: { poisson: 18/s }, endpoints: { go: { call: m.go } } }
layouts: { one: { services: { s: { modules: all, cpu: 1, threads: 2, queue: 5 } } } }
run: { seed: 4, fixed: { duration: 3s, replications: 2 } }
";

fn only(findings: &RunFindings) -> &LayoutFindings {
    &findings.layouts.0[0].1
}

fn ends(estimate: Option<Estimate>) -> [f64; 2] {
    estimate.and_then(|estimate| estimate.ci95).expect("it has an interval")
}

/// Every estimate below a value with its path, those of differences aside: they may be negative.
fn estimates(value: &Value, path: &str, found: &mut Vec<(String, f64, f64, f64)>) {
    match value {
        Value::Object(fields) => {
            if let (Some(value), Some(ends)) = (fields.get("value"), fields.get("ci95"))
                && let (Some(value), Some(ends)) = (value.as_f64(), ends.as_array())
            {
                let end = |index: usize| ends[index].as_f64().expect("a number");
                found.push((path.to_string(), value, end(0), end(1)));
            }
            let below = fields.iter().filter(|(key, _)| *key != "difference");
            below.for_each(|(key, value)| estimates(value, &format!("{path}.{key}"), found));
        }
        Value::Array(values) => values.iter().for_each(|value| estimates(value, path, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn no_interval_of_any_figure_goes_beyond_what_can_be() {
    let terminating = UNEQUAL.replace(
        "fixed: { duration: 3s, replications: 2 }",
        "until: 3s, replications: 2, at: [ 1s ]",
    );
    for body in [TWO_KINDS, UNEQUAL, &terminating] {
        let json: Value = serde_json::from_str(&run(body).json()).expect("JSON");
        let mut found = Vec::new();
        estimates(&json["layouts"], "", &mut found);
        assert!(found.len() > 10, "{found:?}");
        for (path, value, low, high) in found {
            assert!(
                0.0 <= low && low <= value && value <= high,
                "{path}: {low} … {value} … {high}"
            );
            if ["share", "utilisation", "probability"].iter().any(|word| path.contains(word)) {
                assert!(high <= 1.0, "{path}: {high}");
            }
        }
        for (name, endpoint) in json["layouts"]["one"]["endpoints"].as_object().expect("endpoints")
        {
            let latency = &endpoint["latency_seconds"];
            let most = latency["max"].as_f64().expect("it has a greatest");
            for percentile in ["p50", "p90", "p95", "p99"] {
                let found = &latency[percentile];
                assert!(found["value"].as_f64() <= Some(most), "{name} {percentile}: {found}");
                let high = found["ci95"][1].as_f64();
                assert!(high.is_none_or(|high| high <= most), "{name} {percentile}: {found}");
            }
        }
    }
}

/// What is said of percentiles between endpoints.
fn between(findings: &RunFindings) -> Vec<&str> {
    let said = only(findings).diagnostics.iter();
    said.filter(|said| said.code == Code::BetweenEndpoints).map(|said| &*said.message).collect()
}

#[test]
fn a_percentile_of_a_mixture_is_told_of_only_where_it_lies_in_the_gap() {
    let shares = |fast: &str, slow: &str| {
        let shares = TWO_KINDS.replace("fast: { share: 50", &format!("fast: {{ share: {fast}"));
        shares.replace("slow: { share: 50", &format!("slow: {{ share: {slow}"))
    };
    let drawn = |fast: &str, slow: &str| {
        let times = shares(fast, slow).replace("wait: 1ms", "wait: { exp: 1ms }");
        times.replace("wait: 60ms", "wait: { lognormal: { mean: 100ms, cv: 0.3 } }")
    };
    let rate = |text: String| text.replace("poisson: 20/s", "poisson: 500/s");
    let names = |text: &str| -> Vec<String> {
        let findings = run(text);
        let said = between(&findings).into_iter();
        said.map(|said| said.split(' ').next().expect("a word").to_string()).collect()
    };
    assert_eq!(names(&rate(drawn("95", "5"))), ["p95"]);
    assert_eq!(names(&rate(drawn("99", "1"))), ["p99"]);
    // Well inside the slow one, and well inside the fast one.
    assert_eq!(names(&rate(drawn("80", "20"))), [""; 0]);
    assert_eq!(names(&rate(drawn("93", "7"))), [""; 0]);
    // Both endpoints are alike, and each is fast or slow by itself.
    let alike = "{ fast: [ choice: [ { share: 95%, do: [ wait: { exp: 1ms } ] }, { share: 5%, do: [ wait: 60ms ] } ] ] }";
    let alike =
        rate(shares("50", "50")).replace("{ fast: [ wait: 1ms ], slow: [ wait: 60ms ] }", alike);
    let alike = alike.replace("call: m.slow", "call: m.fast");
    assert_eq!(names(&alike), [""; 0]);
    let single = alike.replace(", slow: { share: 50, call: m.fast }", "");
    assert_eq!(names(&single), [""; 0]);
}

#[test]
fn a_median_at_a_gap_lies_anywhere_in_the_gap() {
    let findings = run(TWO_KINDS);
    let all = only(&findings).endpoints.get("all").expect("`all` is always there");
    let [low, high] = ends(all.latency_seconds.p50);
    assert!(
        (0.99e-3..=1.01e-3).contains(&low) && (59.5e-3..=60e-3).contains(&high),
        "{low} {high}"
    );
    assert_eq!(ends(all.latency_seconds.p99)[1], 60e-3);
    let said: Vec<&str> = between(&findings);
    let [only] = said[..] else { panic!("one percentile is in the gap: {said:?}") };
    assert!(only.starts_with("p50 of all endpoints") && only.contains("--endpoint"), "{only}");
    assert!(only.contains("faster is `fast`") && only.contains("slower `slow`"), "{only}");
    assert!(only.contains("none of the requests take between 1 ms and 59."), "{only}");
    let text = findings.tables().text(80, false);
    assert!(text.contains(" (1 … 60)") || text.contains("(1.0 … 60.0)"), "{text}");
}

#[test]
fn a_percentile_of_a_window_is_not_above_its_greatest_latency() {
    let findings = run(&traced("{ deterministic: 50/s }", "", "until: 9s, window: 3s"));
    for window in &only(&findings).windows {
        let median = window.all.latency_seconds.p50.expect("150 requests have a median");
        assert_eq!((median.value, ends(Some(median))[1]), (1e-3, 1e-3));
    }
}

/// 31 requests at once, a second each, one after the other: the median of them is 16 s, whatever becomes of
/// those that are not answered at the end.
fn queue(until: &str) -> String {
    format!(
        "
application: {{ modules: {{ m: {{ operations: {{ page: [ cpu: 1s ] }} }} }} }}
workload: {{ endpoints: {{ page: {{ call: m.page, arrivals: {{ batch: {{ rate: 1/s, size: 31 }} }} }} }} }}
layouts: {{ one: {{ services: {{ all: {{ modules: all, cpu: 1, threads: 1 }} }} }} }}
run: {{ seed: 1, until: {until}, replications: 5, window: 10s }}
"
    )
}

#[test]
fn the_median_of_a_window_is_told_where_the_unanswered_cannot_move_it() {
    // A batch a second is more than can be served: a third of the first window is unanswered after 300 s.
    let findings = run(&queue("250s"));
    let window = &only(&findings).windows[0];
    assert!(
        window.all.outcomes.in_flight > window.all.outcomes.ok / 10,
        "{:?}",
        window.all.outcomes
    );
    let median = window.all.latency_seconds.p50.expect("it is certain");
    assert!((50.0..240.0).contains(&median.value), "{median:?}");
    assert_eq!(window.all.latency_seconds.p99, None);
    assert_eq!(window.all.missing(0.99), Missing::Open);
    let last = only(&findings).windows.last().expect("windows");
    assert_eq!((last.all.latency_seconds.p50, last.all.missing(0.5)), (None, Missing::Unanswered));
}

/// One endpoint whose trace is elsewhere, beside another or alone.
fn traced(arrivals: &str, beside: &str, how: &str) -> String {
    format!(
        "
application: {{ modules: {{ m: {{ operations: {{ job: [ cpu: 1ms ], page: [ cpu: 1ms ] }} }} }} }}
workload: {{ endpoints: {{ job: {{ call: m.job, arrivals: {arrivals} }}{beside} }} }}
layouts: {{ one: {{ services: {{ all: {{ modules: all, cpu: 1, threads: 1 }} }} }} }}
run: {{ seed: 1, {how}, replications: 2 }}
"
    )
}

fn told(findings: &RunFindings, code: Code) -> Vec<&str> {
    let said = only(findings).diagnostics.iter().filter(|said| said.code == code);
    said.map(|said| said.message.as_str()).collect()
}

#[test]
fn a_load_that_ends_beside_one_that_goes_on_is_told_as_both() {
    let passing = "{ profile: { points: [ { at: 0s, rate: 10/s }, { at: 5s, rate: 10/s }, { at: 5s, rate: 0/s } ] } }";
    let beside = ", page: { call: m.page, arrivals: { poisson: 20/s } }";
    let alone = run(&traced(passing, "", "until: 20s"));
    let both = run(&traced(passing, beside, "until: 20s"));
    let [alone] = told(&alone, Code::VaryingLoad)[..] else { panic!("one remark") };
    let [both] = told(&both, Code::VaryingLoad)[..] else { panic!("one remark") };
    assert!(alone.contains("it ends at 5 s"), "{alone}");
    assert!(both.contains("the load of job ends at 5 s, that of page goes on"), "{both}");
}

#[test]
fn an_endpoint_that_nobody_asked_says_why() {
    let rare = run(&traced("{ poisson: 0.0001/s }", "", "until: 10s"));
    let [words] = told(&rare, Code::NoRequests)[..] else { panic!("one remark") };
    assert!(words.contains("too rare for the 10 s that are measured"), "{words}");
    let text = rare.tables().text(80, false);
    assert!(text.contains("none came") && !text.contains(" – "), "{text}");
    let asked = run(&traced("{ poisson: 50/s }", "", "until: 10s"));
    assert!(told(&asked, Code::NoRequests).is_empty());
}

#[test]
fn a_backlog_that_does_not_grow_is_not_said_to_grow() {
    // Twice as much as can be carried, and too short a time for anybody to come.
    let short = "seed: 2, fixed: { duration: 1us, replications: 2 }";
    let body = traced("{ poisson: 2000/s }", "", "until: 10s");
    let found = run(&body.replace("seed: 1, until: 10s, replications: 2", short));
    let [words] = told(&found, Code::Undecided)[..] else { panic!("one remark") };
    assert!(words.contains("the backlog did not grow over the second half"), "{words}");
}

#[test]
fn one_replication_has_figures_that_are_marked_as_without_an_interval() {
    let once = UNEQUAL.replace("replications: 2", "replications: 1");
    let text = run(&once).tables().text(80, false);
    assert!(text.contains("≈ ") && text.contains("≈ without one: too few replications"), "{text}");
    assert!(!run(TWO_KINDS).tables().text(80, false).contains('≈'));
}
