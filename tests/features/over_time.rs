//! Terminating runs: windows and moments against a trace by hand, and against laws of transients.

use cutline::measure::Kind;
use cutline::model::Model;
use cutline::report::Told;
use cutline::scenario::Code;
use cutline::study::{self, Progress, RequestsInWindow, RunFindings, Verdict, Workers};

use super::ran::{Ran, assert_near, model};

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}

/// The findings of a scenario, without a breach of its own checks.
pub(super) fn run(body: &str) -> RunFindings {
    run_model(&model(body))
}

/// The same of a model.
pub(super) fn run_model(model: &Model) -> RunFindings {
    let layouts: Vec<usize> = (0..model.layouts.len()).collect();
    match study::run(model, &layouts, &Silence) {
        Ok(findings) => {
            let said = findings.layouts.iter().flat_map(|(_, found)| &found.diagnostics);
            let wrong: Vec<_> = said.filter(|said| said.code == Code::SelfCheck).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
            findings
        }
        Err(refused) => panic!("{refused:?}"),
    }
}

/// A request a second from 1 s on, each 1.5 s of work, one after the other: done at 2.5 s, 4 s, 5.5 s,
/// 7 s and, after the end, 8.5 s, 10 s and 11.5 s.
const TRACE: &str = "
application: { modules: { station: { operations: { serve: [ cpu: 1.5s ] } } } }
workload: { arrivals: { deterministic: 1/s }, endpoints: { request: { call: station.serve } } }
layouts: { main: { services: { station: { cpu: 1, threads: 1 } } } }
run: { until: 8s, at: [ 7s, 2s, 8s, 0s ], window: 3s, replications: 2 }
";

#[test]
fn a_trace_by_hand_falls_into_its_windows() {
    let findings = run(TRACE);
    let found = &findings.layouts.0[0].1;
    assert_eq!((found.verdict, found.converged), (Verdict::Terminating, true));
    assert_eq!((found.simulated_seconds, found.warmup_seconds), (8.0, 0.0));
    let bounds: Vec<(f64, f64)> =
        found.windows.iter().map(|window| (window.from_seconds, window.to_seconds)).collect();
    assert_eq!(bounds, [(0.0, 3.0), (3.0, 6.0), (6.0, 8.0)]);
    // Both replications are alike, so counts are twice those by hand. What happens at 3 s belongs to the
    // second window, what happens at 6 s to the third.
    let by_hand = [
        // Came, answered of those that came, given in the window, under way at its end, busy.
        (2.0, 2, 1.0, 1.0, 2.0 / 3.0),
        (3.0, 2, 2.0, 2.0, 1.0),
        (2.0, 0, 1.0, 3.0, 1.0),
    ];
    for (window, (came, answered, given, under_way, busy)) in found.windows.iter().zip(by_hand) {
        let width = window.to_seconds - window.from_seconds;
        assert_near(window.all.offered_per_second.value, came / width, 1e-12);
        assert_near(window.all.throughput_per_second.value, given / width, 1e-12);
        assert_eq!(window.all.outcomes.ok, 2 * answered);
        assert_eq!(window.all.outcomes.in_flight, 2 * (came as u64 - answered));
        assert_eq!(window.all.in_system.value, under_way);
        let station = window.services.get("station").expect("it is there");
        assert_near(station.cpu_utilisation.expect("it has cores").value, busy, 1e-9);
        assert_near(station.thread_utilisation.expect("it has a thread").value, busy, 1e-9);
    }
    // One resource each of the core and the thread; both are busy all through the second window, the first of equals.
    let peaks: Vec<_> =
        found.utilisation.iter().map(|of| of.peak.expect("there are windows")).collect();
    assert_eq!(peaks.len(), 2);
    for peak in peaks {
        assert_eq!((peak.from_seconds, peak.to_seconds), (3.0, 6.0));
        assert_near(peak.share.value, 1.0, 1e-9);
    }
    // Latencies 1.5 s and 2 s; too few for a percentile, and of the second window one is not known.
    let first = &found.windows[0];
    assert_near(first.all.latency_seconds.mean.expect("all are answered").value, 1.75, 1e-9);
    assert_eq!(first.all.latency_seconds.p99, None);
    assert_eq!(found.windows[1].all.latency_seconds.mean, None);
    // Three of seven requests are open at the end.
    assert!(found.diagnostics.iter().any(|said| said.code == Code::Unanswered));
    // No error in four answers: up to 3/4 cannot be excluded.
    let errors = first.all.error_share.expect("there are answers");
    assert_eq!((errors.value, errors.ci95), (0.0, Some([0.0, 0.75])));
    assert_eq!(found.windows[2].all.error_share, None);
}

#[test]
fn a_trace_by_hand_is_seen_just_before_its_moments_in_order_of_time() {
    let findings = run(TRACE);
    let moments = &findings.layouts.0[0].1.moments;
    // At 2 s the second request comes: just before, one is there. At 7 s one comes and one goes.
    let by_hand =
        [(0.0, 0.0, 0.0, 0.0), (2.0, 1.0, 0.0, 0.0), (7.0, 3.0, 3.0, 2.0), (8.0, 3.0, 4.0, 2.0)];
    assert_eq!(moments.len(), by_hand.len());
    for (moment, (at, under_way, completions, queued)) in moments.iter().zip(by_hand) {
        assert_eq!(moment.at_seconds, at);
        assert_eq!(moment.in_system.value, under_way, "at {at} s");
        assert_eq!(moment.completions.value, completions, "at {at} s");
        let station = moment.services.get("station").expect("it is there");
        assert_eq!(station.in_system.value, under_way, "at {at} s");
        assert_eq!(station.queue_length.value, queued, "at {at} s");
    }
    // Empty in both of two replications, or in none: the rule of three leaves everything open.
    let empty = |index: usize| moments[index].empty_probability;
    assert_eq!((empty(0).value, empty(0).ci95), (1.0, Some([0.0, 1.0])));
    assert_eq!((empty(1).value, empty(1).ci95), (0.0, Some([0.0, 1.0])));
}

/// All ways to end, and several endpoints, on two layouts.
const MIXED: &str = "
application:
  modules:
    a: { operations: { go: [ cpu: exp(3ms), fail: 10% ], other: [ call: b.go, wait: exp(20ms) ] } }
    b: { operations: { go: [ cpu: exp(4ms) ] } }
workload:
  arrivals: { poisson: 300/s }
  endpoints: { go: { share: 70, call: a.go }, other: { share: 30, call: a.other } }
layouts:
  one: { services: { all: { modules: all, cpu: 1, threads: 8, queue: 20 } } }
  two: { services: { each: { cpu: 1, threads: 8, queue: 20 } } }
run: { until: 7s, window: 900ms, at: [ 3.6s ], replications: 6, seed: 3 }
";

#[test]
fn the_counts_of_windows_add_up_to_those_of_the_run() {
    for (name, found) in run(MIXED).layouts.iter() {
        let all = found.endpoints.get("all").expect("`all` is always there");
        let sum = |count: &dyn Fn(&cutline::study::Outcomes) -> u64| {
            found.windows.iter().map(|window| count(&window.all.outcomes)).sum::<u64>()
        };
        let of_run = all.outcomes;
        assert!(of_run.ok > 0 && of_run.failed > 0 && of_run.in_flight > 0, "{name}: {of_run:?}");
        assert_eq!(of_run.rejected > 0, name == "one", "{name}: {of_run:?}");
        assert_eq!(sum(&|own| own.ok), of_run.ok, "{name}");
        assert_eq!(sum(&|own| own.failed), of_run.failed, "{name}");
        assert_eq!(sum(&|own| own.rejected), of_run.rejected, "{name}");
        assert_eq!(sum(&|own| own.in_flight), of_run.in_flight, "{name}");
        let rates = |rate: &dyn Fn(&cutline::study::WindowFindings) -> f64| {
            let each = found.windows.iter().map(|w| rate(w) * (w.to_seconds - w.from_seconds));
            each.sum::<f64>() / found.simulated_seconds
        };
        let good = rates(&|window| window.all.throughput_per_second.value);
        assert_near(good, all.throughput_per_second.value, 1e-9);
        let came = rates(&|window| window.all.offered_per_second.value);
        assert_near(came, all.offered_per_second.value, 1e-9);
        for (service, of_service) in found.services.iter() {
            let busy = rates(&|window| {
                let own = window.services.get(service).and_then(|own| own.cpu_utilisation);
                own.expect("it has cores").value
            });
            let whole = of_service.cpu_utilisation.expect("it has cores").value;
            assert_near(busy, whole, 1e-9);
        }
        // The moment at the end of the fourth window sees what that window leaves.
        assert_eq!(found.moments[0].in_system, found.windows[3].all.in_system);
    }
}

#[test]
fn the_windows_of_endpoints_add_up_to_those_of_all_and_one_alone_is_all() {
    for (name, found) in run(MIXED).layouts.iter() {
        for window in &found.windows {
            let [go, other] = ["go", "other"].map(|name| window.of(name).expect("it is there"));
            let all = window.of("all").expect("it is there");
            let sum = |of: fn(&RequestsInWindow) -> f64| of(go) + of(other);
            for of in [
                (|own| own.offered_per_second.value) as fn(&RequestsInWindow) -> f64,
                |own| own.throughput_per_second.value,
                |own| own.in_system.value,
                |own| own.outcomes.ok as f64,
                |own| own.outcomes.failed as f64,
                |own| own.outcomes.in_flight as f64,
            ] {
                assert_near(sum(of), of(all), 1e-9);
            }
        }
        // The other one waits for 20 ms more, and never fails.
        let whole = found.windows.iter().map(|window| (window.of("go"), window.of("other")));
        let mut told = 0;
        for (go, other) in whole {
            let (go, other) = (go.expect("it is there"), other.expect("it is there"));
            assert_eq!(other.outcomes.failed, 0, "{name}");
            if let (Some(go), Some(other)) = (go.latency_seconds.mean, other.latency_seconds.mean) {
                assert!(go.value < other.value, "{name}: {} {}", go.value, other.value);
                told += 1;
            }
        }
        assert!(told >= 5, "{name}: {told}");
    }
    let alone = &run(TRACE).layouts.0[0].1.windows;
    assert!(alone.iter().all(|window| window.of("request") == Some(&window.all)));
    assert_eq!(alone[0].of("nobody"), None);
}

#[test]
fn layouts_are_compared_in_every_window_under_the_same_requests() {
    let findings = run(MIXED);
    let of = |metric: &str| {
        findings.comparison_over_time.iter().filter(|told| told.metric == metric).count()
    };
    assert_eq!((of("window.in_system"), of("moment.in_system")), (8, 1));
    let (one, two) = (&findings.layouts.0[0].1, &findings.layouts.0[1].1);
    let told = findings.comparison_over_time.iter();
    for told in told.filter(|told| told.metric == "window.in_system") {
        let window = |found: &cutline::study::LayoutFindings| {
            let own = found.windows.iter().find(|own| own.from_seconds == told.from_seconds);
            own.expect("both have this window").all.in_system.value
        };
        assert_near(told.difference.value, window(one) - window(two), 1e-9);
    }
    let came = |found: &cutline::study::LayoutFindings| {
        found.windows.iter().map(|window| window.all.offered_per_second.value).collect::<Vec<f64>>()
    };
    assert_eq!(came(one), came(two));
    assert!(findings.comparison.iter().any(|told| told.metric == "all.latency.p99"));
}

#[test]
fn a_terminating_run_is_the_same_bytes_on_any_number_of_threads() {
    let bytes = |threads: usize| {
        let pool = Workers::new(threads).expect("threads can be had");
        pool.run(|| run(MIXED)).json()
    };
    let one = bytes(1);
    assert_eq!(one, bytes(2));
    assert_eq!(one, bytes(8));
}

#[test]
fn many_replications_put_together_count_what_each_of_them_counts() {
    let body = MIXED.replace("replications: 6", "replications: 1234").replace("7s", "2s");
    let body = body.replace("3.6s", "1.8s");
    let findings = run(&body);
    let each = super::ran::replicate_seeded(&body, 3, 2.0, 1234);
    for ((_, found), each) in findings.layouts.iter().zip(&each) {
        let all = found.endpoints.get("all").expect("`all` is always there");
        let sum = |count: &dyn Fn(&Ran) -> u64| each.iter().map(count).sum::<u64>();
        assert_eq!(found.replications, 1234);
        assert_eq!(all.outcomes.ok, sum(&|ran| ran.count_all(Kind::Ok)));
        assert_eq!(all.outcomes.in_flight, sum(&|ran| ran.in_flight() as u64));
        let rate = sum(&|ran| ran.count_all(Kind::Ok)) as f64 / 1234.0 / 2.0;
        // One group in four is smaller by a replication, and weighs as much.
        assert_near(all.throughput_per_second.value, rate, 1e-2 * rate);
        let busy = each.iter().map(Ran::busy_ms).sum::<f64>() / 1234.0 / 2000.0;
        let services = found.services.iter().map(|(_, service)| service.cpu_utilisation);
        let busy_found: f64 = services.flatten().map(|share| share.value).sum();
        assert_near(busy_found, busy, 1e-2 * busy);
    }
}

/// Unlimited parallelism: λ = 50/s, mean stay 2 s; the number present is Poisson with mean
/// λm (1 − exp(−t/m)) whatever was before (Eick, Massey & Whitt 1993).
const M_M_INF: &str = "
application: { modules: { station: { operations: { stay: [ wait: exp(2s) ] } } } }
workload: { arrivals: { poisson: 50/s }, endpoints: { request: { call: station.stay } } }
layouts: { main: { services: { station: { threads: async } } } }
run: { until: 6s, at: [ 10ms, 500ms, 2s, 6s ], window: 6s, replications: 4000 }
";

#[test]
fn an_infinite_server_fills_as_its_law_says() {
    let findings = run(M_M_INF);
    let found = &findings.layouts.0[0].1;
    assert_eq!(found.replications, 4000);
    for moment in &found.moments {
        let at = moment.at_seconds;
        let mean = 50.0 * 2.0 * (1.0 - (-at / 2.0).exp());
        // Five standard errors of a Poisson mean over 4,000 replications.
        assert_near(moment.in_system.value, mean, 5.0 * (mean / 4000.0).sqrt());
        let empty = (-mean).exp();
        let slack = 5.0 * (empty * (1.0 - empty) / 4000.0).sqrt() + 3.0 / 4000.0;
        assert_near(moment.empty_probability.value, empty, slack);
        let came = 50.0 * at;
        assert_near(moment.completions.value, came - mean, 5.0 * (came / 4000.0).sqrt());
        let [low, high] = moment.in_system.ci95.expect("an interval");
        // The reported half-width is that of a Poisson mean: 1.96 standard errors, give or take.
        let expected = 1.96 * (mean / 4000.0).sqrt();
        assert_near((high - low) / 2.0, expected, 0.15 * expected);
    }
}
