//! Pairs timed in turn, and the table of their ratios.

use std::process::Command;
use std::time::Instant;

use cutline::measure::Outcome;
use cutline::study::{Purpose, Workers, replicate};
use cutline::units::Nanos;

use crate::{by_hand, models, stated};

/// Pairs of each row; many, for a neighbour on the machine disturbs some.
pub(crate) const PAIRS: usize = 31;
/// Asks a copy of this program for its peak memory: name of the variable that holds the seconds.
const PEAK: &str = "CUTLINE_BENCH_PEAK";

/// Prints every row of the table.
pub(crate) fn print_table() {
    println!("\n{:<64} {:>7}  (least … greatest)", "median of paired ratios", "ratio");
    against_hand();
    against_itself();
    peak_memory();
    stated::print();
}

/// Both sides of a pair must tell the same latencies, jobs and work, or the ratio says nothing.
fn assert_alike(outcome: &Outcome, told: &by_hand::Told) {
    let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.1;
    let (mean, p99) = models::summary(outcome);
    let alike = near(mean, told.mean) && near(p99, told.p99);
    assert!(alike, "{mean} and {p99} against {} and {}", told.mean, told.p99);
    // A driver without threads of its own may come after the stations of the loop.
    for (service, station) in outcome.services.iter().zip(&told.stations) {
        assert!(near(service.answered as f64, station.served as f64), "{service:?}");
    }
    let busy = outcome.cpu_busy.iter().sum::<f64>();
    let by_hand = told.stations.iter().map(|station| station.busy as f64).sum::<f64>();
    assert!(near(busy, by_hand), "busy for {busy} ns against {by_hand} ns");
    let wait = told.stations.iter().map(|station| station.wait_sum).sum::<u64>();
    assert!(wait > 0, "jobs must have waited");
}

fn against_hand() {
    let end = |seconds: f64| (seconds * 1e9) as u64;
    let gap = |rate: f64| 1e9 / rate;
    let chain = models::plan(&models::chain(10, 4, 280.0, "none"), 0);
    assert_alike(
        &models::simulate_for(&chain, 600.0),
        &by_hand::chain::run(10, 4, 10e6, gap(280.0), end(600.0)),
    );
    row(
        "chain of ten services, against a loop by hand",
        || models::simulate_for(&chain, 150.0),
        || by_hand::chain::run(10, 4, 10e6, gap(280.0), end(150.0)),
    );
    let fork = models::plan(&models::fork(4, 4, 280.0), 0);
    assert_alike(
        &models::simulate_for(&fork, 600.0),
        &by_hand::fork::run(4, 10e6, gap(280.0), end(600.0)),
    );
    row(
        "fork of four branches, against a loop by hand",
        || models::simulate_for(&fork, 300.0),
        || by_hand::fork::run(4, 10e6, gap(280.0), end(300.0)),
    );
    let single = models::plan(&models::mm1(70.0), 0);
    row(
        "one M/M/1, against a loop by hand",
        || models::simulate_for(&single, 6000.0),
        || by_hand::chain::run(1, 1, 10e6, gap(70.0), end(6000.0)),
    );
}

fn against_itself() {
    let without = models::plan(&models::chain(10, 4, 280.0, "none"), 0);
    let constant = "{ same_zone: { rtt: 0.5ms } }";
    let drawn = "{ same_zone: { rtt: { lognormal: { p50: 0.45ms, p99: 0.65ms } } } }";
    for (what, network) in [("constant", constant), ("log-normal", drawn)] {
        let with = models::plan(&models::chain(10, 4, 280.0, network), 0);
        row(
            &format!("chain with a network hop each way, {what}, against without"),
            || models::simulate_for(&with, 100.0),
            || models::simulate_for(&without, 100.0),
        );
    }
    for (stations, seconds) in [(100, 15.0), (1000, 1.5)] {
        // As many visits in all as ten services see in 150 s, after the row has filled.
        let long = models::plan(&models::chain(stations, 4, 280.0, "none"), 0);
        let fill = stations as f64 * 0.0125;
        let visits = |outcome: &Outcome| {
            outcome.services.iter().map(|service| service.answered).sum::<u64>() as f64
        };
        let per_visit = |plan, seconds| {
            let start = Instant::now();
            let outcome = models::simulate_for(plan, seconds);
            start.elapsed().as_secs_f64() / visits(&outcome)
        };
        let ratios =
            (0..PAIRS).map(|_| per_visit(&long, seconds + fill) / per_visit(&without, 150.0));
        print_ratios(
            &format!("time of a visit with {stations} services, against 10"),
            ratios.collect(),
        );
    }
    let many = |threads: usize| {
        let threads = Workers::new(threads).expect("threads start");
        let length = (Nanos::from_seconds(60.0), Nanos::ZERO);
        let start = Instant::now();
        threads.run(|| replicate(&without, 1, Purpose::Production, 10, length));
        start.elapsed().as_secs_f64()
    };
    let ratios = (0..PAIRS).map(|_| many(1) / many(2)).collect();
    print_ratios("ten replications: time on one core over time on two", ratios);
}

/// Times both in turn, after one round that does not count.
fn row<A, B>(what: &str, mut a: impl FnMut() -> A, mut b: impl FnMut() -> B) {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let mut pair = || {
        let first = time(&mut || drop(std::hint::black_box(a())));
        first / time(&mut || drop(std::hint::black_box(b())))
    };
    pair();
    print_ratios(what, (0..PAIRS).map(|_| pair()).collect());
}

fn print_ratios(what: &str, ratios: Vec<f64>) {
    let (least, median, greatest) = spread(ratios);
    println!("{what:<64} {median:>6.2}×  ({least:.2} … {greatest:.2})");
}

/// Least, median and greatest.
pub(crate) fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[0], values[values.len() / 2], values[values.len() - 1])
}

/// The seconds for which a copy of this program is to tell its peak memory.
pub(crate) fn asked_for_peak() -> Option<String> {
    std::env::var(PEAK).ok()
}

/// Simulates the chain and prints the peak of this process's memory (KiB), as Linux counts it.
pub(crate) fn report_peak(seconds: &str) {
    let plan = models::plan(&models::chain(10, 4, 280.0, "none"), 0);
    models::simulate_for(&plan, seconds.parse().expect("a number of seconds"));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.unwrap_or("0").trim().trim_end_matches(" kB"));
}

fn peak_memory() {
    let peak = |seconds: &str| {
        let program = std::env::current_exe().expect("this program has a path");
        let output = Command::new(program).env(PEAK, seconds).output().expect("a copy starts");
        String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().unwrap_or(f64::NAN)
    };
    let ratios = (0..PAIRS).map(|_| peak("400") / peak("100")).collect();
    print_ratios("peak memory at four times the simulated time", ratios);
}
