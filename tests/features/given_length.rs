//! Runs whose length is given: converged only where that length can hold what the intervals say.

use cutline::scenario::Code;
use cutline::study::{LayoutFindings, Verdict};

use super::over_time::run;

/// M/M/1 with services of 1 ms.
fn station(load: f64, seed: u64, how: &str) -> LayoutFindings {
    let body = format!(
        "
application: {{ modules: {{ m: {{ operations: {{ go: [ cpu: exp(1ms) ] }} }} }} }}
workload: {{ arrivals: {{ poisson: {}/s }}, endpoints: {{ go: {{ call: m.go }} }} }}
layouts: {{ one: {{ services: {{ s: {{ modules: all, cpu: 1, threads: 1 }} }} }} }}
run: {{ seed: {seed}, {how} }}
",
        load * 1000.0
    );
    run(&body).layouts.0.remove(0).1
}

fn why(found: &LayoutFindings) -> Option<&str> {
    let mut said = found.diagnostics.iter().filter(|said| said.code == Code::NotConverged);
    said.next().map(|said| said.message.as_str())
}

#[test]
fn a_given_length_far_below_the_relaxation_time_has_not_converged() {
    // Two relaxation times at 98 %.
    for seed in 1..=10 {
        let found = station(0.98, seed, "fixed: { duration: 20s, replications: 10 }");
        assert!(!found.converged, "seed {seed}");
        if found.verdict != Verdict::Unstable {
            let words = why(&found).expect("it says why");
            assert!(words.contains("too short") || found.verdict == Verdict::Undecided, "{words}");
        }
    }
}

#[test]
fn a_given_length_of_many_relaxation_times_has_converged() {
    for seed in 1..=5 {
        let found = station(0.3, seed, "fixed: { duration: 20s, replications: 10 }");
        assert_eq!((found.converged, why(&found)), (true, None), "seed {seed}");
    }
}

#[test]
fn between_the_two_means_hold_and_the_p99_is_said_not_to() {
    let found = station(0.8, 1, "fixed: { duration: 4s, replications: 10 }");
    let words = why(&found).expect("it says why");
    assert!(words.contains("the intervals of means hold, those of p99"), "{words}");
}

#[test]
fn a_run_that_a_limit_ends_or_that_sees_nothing_has_not_converged_for_that_reason() {
    let ended =
        station(0.3, 1, "fixed: { duration: 20s, replications: 2 }, limits: { events: 100 }");
    assert!(!ended.converged);
    assert!(why(&ended).is_some_and(|words| words.contains("a limit of the scenario ended")));
    // It is the last: of two, the other one does not start.
    assert_eq!(ended.replications, 1);
    let empty = station(0.000_001, 1, "fixed: { duration: 1s, replications: 2 }");
    assert!(!empty.converged);
    assert!(why(&empty).is_some_and(|words| words.contains("nothing came")));
}

#[test]
fn less_than_a_round_of_the_load_has_not_converged() {
    let body = |duration: &str| {
        format!(
            "
application: {{ modules: {{ m: {{ operations: {{ go: [ cpu: exp(1ms) ] }} }} }} }}
workload: {{ arrivals: {{ profile: {{ sine: {{ mean: 300/s, amplitude: 150/s, period: 30s }} }} }}, endpoints: {{ go: {{ call: m.go }} }} }}
layouts: {{ one: {{ services: {{ s: {{ modules: all, cpu: 1, threads: 1 }} }} }} }}
run: {{ seed: 1, fixed: {{ duration: {duration}, replications: 4 }} }}
"
        )
    };
    let short = run(&body("20s")).layouts.0.remove(0).1;
    assert!(why(&short).is_some_and(|words| words.contains("less than a round")), "{short:?}");
    let whole = run(&body("70s")).layouts.0.remove(0).1;
    assert_eq!((whole.converged, why(&whole)), (true, None));
}
