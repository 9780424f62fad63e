//! Loads that change with the clock: what is called overload, how long they are run, what is said.

use cutline::study::{self, LayoutFindings, Progress, Verdict};

use super::ran::model;

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}

/// What is found of one worker that answers 100 requests a second, with these arrivals.
fn found(arrivals: &str, run: &str) -> LayoutFindings {
    found_of("cpu: exp(10ms)", arrivals, run)
}

/// The same of one worker that does these steps for each request.
fn found_of(steps: &str, arrivals: &str, run: &str) -> LayoutFindings {
    let body = format!(
        "
application: {{ modules: {{ shop: {{ operations: {{ go: [ {steps} ] }} }} }} }}
workload: {{ arrivals: {{ {arrivals} }}, endpoints: {{ go: {{ call: shop.go }} }} }}
layouts: {{ main: {{ services: {{ shop: {{ cpu: 1, threads: 1 }} }} }} }}
run: {{ {run} }}
"
    );
    let found = study::run(&model(&body), &[0], &Silence).expect("the layout can be simulated");
    found.layouts.get("main").expect("it is there").clone()
}

/// The remark of a code, or nothing.
fn said<'a>(found: &'a LayoutFindings, code: &str) -> Option<&'a str> {
    let mut remarks = found.diagnostics.iter().filter(|remark| remark.code.text() == code);
    remarks.next().map(|remark| remark.message.as_str())
}

const FIXED: &str = "fixed: { duration: 100s, warmup: 0s, replications: 10 }";

#[test]
fn a_rising_rate_is_not_told_from_an_overload_while_the_backlog_grows() {
    // From 60/s to 120/s in a quarter of the period: 100/s are passed after 46 s.
    let rising = found("profile: { sine: { mean: 60/s, amplitude: 60/s, period: 400s } }", FIXED);
    assert_eq!(rising.verdict, Verdict::Undecided);
    let remark = said(&rising, "undecided").expect("it is said why");
    assert!(remark.contains("in which the load itself changes"), "{remark}");
    let remark = said(&rising, "varying-load").expect("it is said what the figures mean");
    assert!(remark.contains("0.25 of a round"), "{remark}");
    let remark = said(&rising, "busy-time").expect("it is said that some of it is too much");
    assert!(remark.contains("at 120/s, shop cpu") && remark.contains("120 %"), "{remark}");
    let all = rising.endpoints.get("all").expect("it is there");
    assert!(all.latency_seconds.mean.is_some());
    // The same rate that lasts is one.
    assert_eq!(found("poisson: 120/s", FIXED).verdict, Verdict::Unstable);
    let too_much = "profile: { sine: { mean: 120/s, amplitude: 60/s, period: 400s } }";
    assert_eq!(found(too_much, FIXED).verdict, Verdict::Unstable);
}

#[test]
fn a_load_that_passes_is_run_to_its_end_and_judged_by_nothing() {
    let points =
        "points: [ { at: 0s, rate: 0/s }, { at: 20s, rate: 300/s }, { at: 40s, rate: 0/s } ]";
    let crowd = found(&format!("profile: {{ {points} }}"), "precision: 5%");
    assert_eq!(crowd.verdict, Verdict::Stable);
    assert_eq!((crowd.simulated_seconds, crowd.warmup_seconds), (44.0, 0.0));
    let remark = said(&crowd, "varying-load").expect("it is said what the figures mean");
    assert!(remark.contains("no steady state"), "{remark}");
    // 150/s on average over its 40 s, of which 44 are measured.
    let offered = crowd.endpoints.get("all").expect("it is there").offered_per_second.value;
    assert!((offered / (150.0 * 40.0 / 44.0) - 1.0).abs() < 0.05, "{offered}");
}

#[test]
fn a_load_in_rounds_is_measured_over_whole_rounds() {
    let wave = "profile: { sine: { mean: 50/s, amplitude: 30/s, period: 7s } }";
    let whole = found(wave, "precision: 10%, replications: 5");
    let rounds = (whole.simulated_seconds - whole.warmup_seconds) / 7.0;
    assert!(rounds >= 2.0 && (rounds - rounds.round()).abs() < 1e-6, "{rounds} rounds");
    assert_eq!(whole.verdict, Verdict::Stable);
    assert!(said(&whole, "busy-time").is_none());
    let remark = said(&whole, "varying-load").expect("it is said what the figures mean");
    assert!(remark.contains("quiet and busy times together"), "{remark}");
    // Nothing is said of a load that does not change with the clock.
    assert!(said(&found("poisson: 50/s", FIXED), "varying-load").is_none());
}

#[test]
fn who_is_under_way_at_the_end_of_every_replication_by_the_clock_alone_is_no_backlog() {
    // Half a second of every second somebody is there: not at half, 8.855 s, and always at the end, 16.1 s.
    let run = |rate: &str| {
        let run = "fixed: { duration: 16.1s, replications: 10 }";
        found_of("wait: 500ms", &format!("deterministic: {rate}"), run).verdict
    };
    assert_eq!(run("1/s"), Verdict::Stable);
    // One worker, two seconds of work a second.
    assert_eq!(run("4/s"), Verdict::Unstable);
}

#[test]
fn users_who_are_still_piling_up_are_no_overload() {
    let users = |users: u32| format!("closed: {{ users: {users}, think: exp(30s) }}");
    let run = "fixed: { duration: 20s, replications: 5 }";
    let many = found_of("cpu: 100ms", &users(5000), run);
    assert_eq!(many.verdict, Verdict::Undecided);
    assert!(said(&many, "undecided").is_some_and(|text| text.contains("users")));
    let few = found_of("cpu: 100ms", &users(20), run);
    assert_eq!(few.verdict, Verdict::Stable);
}

#[test]
fn users_who_come_seldom_beside_other_requests_are_not_counted_as_one_a_second() {
    // One user asks for two seconds of work every hundred, so 2 % of the worker.
    let body = "
application: { modules: { shop: { operations: { go: [ cpu: 1ms ], report: [ cpu: 2s ] } } } }
workload:
  endpoints:
    go: { arrivals: { poisson: 5/s }, call: shop.go }
    report: { arrivals: { closed: { users: 1, think: exp(100s) } }, call: shop.report }
layouts: { main: { services: { shop: { cpu: 1, threads: 1 } } } }
run: { fixed: { duration: 1000s, replications: 5 } }
";
    let found = study::run(&model(body), &[0], &Silence).expect("the layout can be simulated");
    assert_eq!(found.layouts.get("main").expect("it is there").verdict, Verdict::Stable);
}

#[test]
fn a_run_that_a_limit_ended_cannot_tell() {
    let run = "fixed: { duration: 100s, warmup: 0s, replications: 5 }, limits: { events: 200 }";
    let ended = found("poisson: 50/s", run);
    assert_eq!(ended.verdict, Verdict::Undecided);
    assert!(said(&ended, "limit").is_some() && said(&ended, "undecided").is_none());
}
