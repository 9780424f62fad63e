//! When requests come: each process against its own law.

use cutline::measure::Kind;
use cutline::plan;

use super::ran::{Ran, assert_exact, assert_near, five_sigma, model, replicate, run_one};

/// So many replications of requests that wait for nobody, with these arrivals.
fn coming(arrivals: &str, seconds: f64, count: u32) -> Vec<Ran> {
    let body = format!(
        "
application: {{ modules: {{ shop: {{ operations: {{ go: [ wait: 1ms ] }} }} }} }}
workload: {{ arrivals: {{ {arrivals} }}, endpoints: {{ go: {{ call: shop.go }} }} }}
layouts: {{ main: {{ services: {{ shop: {{ threads: async }} }} }} }}
"
    );
    replicate(&body, seconds, count).remove(0)
}

/// Mean and variance of the number of requests over replications, with how far each may be off: five
/// standard deviations, the fourth moment for the variance's.
fn counts(ran: &[Ran]) -> ([f64; 2], [f64; 2]) {
    let counts: Vec<f64> = ran.iter().map(|ran| ran.first().arrivals as f64).collect();
    let number = counts.len() as u64;
    let mean_of = |power: i32, about: f64| {
        counts.iter().map(|count| (count - about).powi(power)).sum::<f64>() / number as f64
    };
    let mean = mean_of(1, 0.0);
    let variance = mean_of(2, mean);
    let spread = mean_of(4, mean) - variance * variance;
    ([mean, variance], [five_sigma(variance, number), five_sigma(spread, number)])
}

#[test]
fn a_modulated_source_has_its_mean_rate_from_the_start_and_its_index_of_dispersion() {
    // Fischer & Meier-Hellstern 1993, for two states: with s = s1 + s2, the rates of leaving them,
    // I(t) = 1 + 2 s1 s2 (l1 - l2)² / (s² (l1 s2 + l2 s1)) (1 - (1 - exp(-s t)) / (s t)).
    let [l1, l2, s1, s2] = [40.0, 140.0, 0.5, 1.5];
    let s: f64 = s1 + s2;
    let rate = (l1 * s2 + l2 * s1) / s;
    let steady = 2.0 * s1 * s2 * (l1 - l2) * (l1 - l2) / (s * s * (l1 * s2 + l2 * s1));
    let states =
        "mmpp: { states: [ { rate: 40/s, stay: 2s }, { rate: 140/s, stay: 666666667ns } ] }";
    for seconds in [0.1, 1.0, 8.0] {
        let ([mean, variance], [mean_slack, slack]) = counts(&coming(states, seconds, 4_000));
        assert_near(mean, rate * seconds, mean_slack);
        let st = s * seconds;
        let dispersion = 1.0 + steady * (1.0 - (1.0 - (-st).exp()) / st);
        assert_near(variance, dispersion * rate * seconds, slack);
        // The slack would let no Poisson process through.
        assert!(slack < (dispersion - 1.0) * rate * seconds, "{seconds}: {slack}");
    }
}

#[test]
fn states_share_the_time_by_their_stays_and_in_one_of_rate_zero_nobody_comes() {
    // Over much less than a stay, the counts are those of a mixture.
    let states = "mmpp: { states: [ { rate: 0/s, stay: 1h }, { rate: 1000/s, stay: 1h },
                                    { rate: 4000/s, stay: 2h } ] }";
    let ran = coming(states, 1.0, 600);
    let of = |low: u64, high: u64| {
        let within = ran.iter().filter(|ran| (low..high).contains(&ran.first().arrivals));
        within.count() as f64 / 600.0
    };
    let found = [of(0, 1), of(800, 1_200), of(3_600, 4_400)];
    for (found, share) in found.into_iter().zip([0.25, 0.25, 0.5]) {
        assert_near(found, share, five_sigma(share * (1.0 - share), 600));
    }
    assert!(found.iter().sum::<f64>() > 0.99);
}

#[test]
fn batches_have_the_counts_of_a_compound_poisson_process() {
    // Mean λ t E[N], variance λ t E[N²], nobody with probability exp(-λ t). A geometric size with mean
    // m has E[N²] = m (2 m - 1).
    let (rate, seconds) = (14.0, 0.1);
    for (size, mean_size, second) in
        [("5", 5.0, 25.0), ("1", 1.0, 1.0), ("{ geometric: { mean: 4 } }", 4.0, 28.0)]
    {
        let ran = coming(&format!("batch: {{ rate: 14/s, size: {size} }}"), seconds, 4_000);
        let ([mean, variance], [mean_slack, slack]) = counts(&ran);
        assert_near(mean, rate * seconds * mean_size, mean_slack);
        assert_near(variance, rate * seconds * second, slack);
        let nobody = ran.iter().filter(|ran| ran.first().arrivals == 0).count() as f64 / 4_000.0;
        let share = (-rate * seconds).exp();
        assert_near(nobody, share, five_sigma(share * (1.0 - share), 4_000));
        if size == "5" {
            assert!(ran.iter().all(|ran| ran.first().arrivals % 5 == 0));
        }
    }
    let alone = coming("batch: { rate: 14/s, size: { geometric: { mean: 1 } } }", seconds, 100);
    let single = coming("batch: { rate: 14/s, size: 1 }", seconds, 100);
    for (one, other) in alone.iter().zip(&single) {
        assert_eq!(one.first().arrivals, other.first().arrivals);
    }
}

#[test]
fn the_requests_of_a_batch_queue_behind_one_another() {
    // One batch an hour, each of five requests of 1 ms on one thread: 1, 2, 3, 4 and 5 ms.
    const BODY: &str = "
application: { modules: { shop: { operations: { go: [ wait: 1ms ] } } } }
workload: { arrivals: { batch: { rate: 1/h, size: 5 } }, endpoints: { go: { call: shop.go } } }
layouts: { main: { services: { shop: { threads: 1 } } } }
";
    let ran = run_one(BODY, 1e6);
    assert!(ran.first().arrivals > 1_000, "{}", ran.first().arrivals);
    assert_exact(ran.mean_ms(), 3.0);
    assert_eq!(ran.first().latency_max.get(), 5_000_000);
}

/// How many requests come in each of so many parts of a time, over so many replications: the counts of
/// the parts up to its end, less those up to its beginning, with the same random numbers.
fn in_parts(arrivals: &str, seconds: f64, parts: u32, count: u32) -> Vec<f64> {
    let until = |part: u32| -> f64 {
        let ran = coming(arrivals, seconds * f64::from(part) / f64::from(parts), count);
        ran.iter().map(|ran| ran.first().arrivals as f64).sum()
    };
    let sums: Vec<f64> = (1..=parts).map(until).collect();
    let before = std::iter::once(0.0).chain(sums.clone());
    sums.into_iter().zip(before).map(|(sum, before)| sum - before).collect()
}

/// Holds counts to those of Poisson variables with these means.
#[track_caller]
fn assert_poisson(found: &[f64], means: &[f64]) {
    assert_eq!(found.len(), means.len());
    for (found, mean) in found.iter().zip(means) {
        assert_near(*found, *mean, five_sigma(*mean, 1));
    }
}

#[test]
fn a_sine_has_its_rate_in_every_quarter_of_its_period() {
    // Over a quarter of a period P the sine is P/2π: first up, then down.
    let wave = "profile: { sine: { mean: 100/s, amplitude: 60/s, period: 8s } }";
    let swing = 60.0 * 8.0 / std::f64::consts::TAU;
    let quarter = [200.0 + swing, 200.0 + swing, 200.0 - swing, 200.0 - swing];
    let means: Vec<f64> = quarter.iter().cycle().take(8).map(|mean| mean * 200.0).collect();
    assert_poisson(&in_parts(wave, 16.0, 8, 200), &means);
}

#[test]
fn straight_lines_have_their_rate_in_every_part_and_in_every_round() {
    // Up from 20/s to 180/s in 4 s and down again in 4 s.
    let hill =
        "profile: { points: [ { at: 0s, rate: 20/s }, { at: 4s, rate: 180/s } ], every: 8s }";
    let quarter = [120.0, 280.0, 280.0, 120.0];
    let means: Vec<f64> = quarter.iter().cycle().take(8).map(|mean| mean * 200.0).collect();
    assert_poisson(&in_parts(hill, 16.0, 8, 200), &means);
    // Once: level until 2 s, a jump to nobody until 4 s, then up to a rate that stays.
    let once = "profile: { points: [ { at: 2s, rate: 50/s }, { at: 2s, rate: 0/s },
                                     { at: 4s, rate: 0/s }, { at: 6s, rate: 100/s } ] }";
    let means = [100.0, 0.0, 100.0, 200.0, 200.0].map(|mean| mean * 200.0);
    assert_poisson(&in_parts(once, 10.0, 5, 200), &means);
}

#[test]
fn the_counts_of_a_profile_vary_as_poisson_counts_do() {
    let wave = "profile: { sine: { mean: 100/s, amplitude: 100/s, period: 1s } }";
    for seconds in [0.5, 0.75, 1.0] {
        let turn = std::f64::consts::TAU * seconds;
        let expected = 100.0 * (seconds + (1.0 - turn.cos()) / std::f64::consts::TAU);
        let ([mean, variance], [mean_slack, slack]) = counts(&coming(wave, seconds, 4_000));
        assert_near(mean, expected, mean_slack);
        assert_near(variance, expected, slack);
    }
}

/// What `instants.csv` holds.
pub(super) const INSTANTS: &str = "# at\n0s\n1ns\n250ms\n250ms\n1s\n1.75s\n";

/// The same (ns).
const AT: [u64; 6] = [0, 1, 250_000_000, 250_000_000, 1_000_000_000, 1_750_000_000];

#[test]
fn a_trace_is_replayed_to_the_nanosecond_once_or_in_rounds() {
    let every = 2_000_000_000;
    let rounds: Vec<u64> = (0..3).flat_map(|round| AT.map(|at| round * every + at)).collect();
    for (arrivals, instants, beyond) in [
        ("trace: instants.csv", AT.to_vec(), 0),
        ("trace: { file: instants.csv, every: 2s }", rounds, 2),
    ] {
        // Who comes at an instant is there a nanosecond later, and not at its beginning.
        for time in instants.iter().flat_map(|at| [*at, at + 1]).filter(|time| *time > 0) {
            let ran = coming(arrivals, time as f64 / 1e9, 2);
            let came = instants.iter().filter(|at| **at < time).count() as u64;
            assert_eq!([0, 1].map(|number| ran[number].first().arrivals), [came; 2], "{time}");
        }
        let longer = coming(arrivals, 6.0 + 1e-8, 1);
        assert_eq!(longer[0].first().arrivals, instants.len() as u64 + beyond);
    }
}

/// What `asked.csv` holds: instants (s), and what is asked for.
pub(super) const ASKED: &str = "\
0, home\n1e-9, buy\n0.25, buy\n0.25,home\n0.25, \"buy\"\n1, home\n1.75, buy\n";

/// The same: instants (ns) of each endpoint.
const HOME_AT: [u64; 3] = [0, 250_000_000, 1_000_000_000];
const BUY_AT: [u64; 4] = [1, 250_000_000, 250_000_000, 1_750_000_000];

/// Three endpoints, one of which is never asked for, on one service and on two.
fn asking(trace: &str) -> String {
    format!(
        "
application:
  modules:
    shop: {{ operations: {{ home: [ cpu: 1ms ], buy: [ cpu: 10ms, call: pay.pay ], other: [ cpu: 1s ] }} }}
    pay: {{ operations: {{ pay: [ wait: 2ms ] }} }}
workload:
  arrivals: {{ {trace} }}
  endpoints: {{ home: {{ call: shop.home }}, other: {{ call: shop.other }}, buy: {{ call: shop.buy }} }}
layouts:
  whole: {{ services: {{ all: {{ modules: all, cpu: 2, threads: async }} }} }}
  apart: {{ services: {{ each: {{ cpu: 4, threads: async }} }} }}
"
    )
}

#[test]
fn a_trace_that_names_endpoints_asks_each_at_its_instants_and_nobody_else() {
    let [once, again] = ["", ", every: 2s"]
        .map(|every| asking(&format!("trace: {{ file: asked.csv, unit: s{every} }}")));
    for (body, rounds) in [(once, 1), (again, 3)] {
        let within = |at: &[u64], time: u64| {
            let all =
                (0..rounds).flat_map(|round| at.iter().map(move |at| round * 2_000_000_000 + at));
            all.filter(|at| *at < time).count() as u64
        };
        let times = [0u64, 2_000_000_000, 4_000_000_000].into_iter().take(rounds as usize);
        let times: Vec<u64> = times
            .flat_map(|start| HOME_AT.iter().chain(&BUY_AT).map(move |at| start + at))
            .flat_map(|at| [at, at + 1])
            .filter(|time| *time > 0)
            .collect();
        for time in times {
            // Two replications in each of two layouts.
            for ran in replicate(&body, time as f64 / 1e9, 2).iter().flatten() {
                let came = ["home", "buy", "other"].map(|name| ran.endpoint(name).arrivals);
                assert_eq!(came, [within(&HOME_AT, time), within(&BUY_AT, time), 0], "{time}");
            }
        }
        // Everybody has what the endpoint says, alone or two at a time on two cores and more.
        for ran in replicate(&body, 5.9, 1).iter().flatten() {
            assert_eq!(ran.count_all(Kind::Ok), 7 * rounds);
            let busy = (HOME_AT.len() as f64 + 10.0 * BUY_AT.len() as f64) * rounds as f64;
            assert_near(ran.busy_ms(), busy, 1e-6 * busy);
        }
    }
}

#[test]
fn the_forecast_of_a_trace_takes_the_shares_that_it_has() {
    let model = model(&asking("trace: { file: asked.csv, unit: s, every: 2s }"));
    for (layout, cores) in [(0, 2.0), (1, 4.0)] {
        let plan = plan::compile(&model, layout).expect("it compiles");
        let forecast = plan::forecast(&plan);
        assert_exact(forecast.offered_per_second, 3.5);
        let mut cores_busy = forecast.loads.iter().filter(|load| load.resource.ends_with(" cpu"));
        // Three of 1 ms and four of 10 ms in two seconds; nobody asks for the one of a second.
        let most = cores_busy.next().expect("there are cores").utilisation;
        assert_near(most, 0.043 / 2.0 / cores, 1e-9);
    }
}
