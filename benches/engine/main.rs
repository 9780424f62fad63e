//! The engine against loops written by hand, and against itself. Every figure that matters is a ratio of
//! one run: pairs are timed in turn and the median of their ratios is printed, because machines are noisy.
//!
//! `cargo bench --bench engine` prints criterion's times first and the table of ratios last; with `-- ratios` it
//! prints the table only, and with `-- stated` the figures that have no bound.

mod by_hand;
mod models;
mod pairs;
mod stated;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    if let Some(peak) = pairs::asked_for_peak() {
        return pairs::report_peak(&peak);
    }
    if std::env::args().any(|argument| argument == "stated") {
        return stated::print();
    }
    if !std::env::args().any(|argument| argument == "ratios") {
        let mut criterion = Criterion::default()
            .sample_size(10)
            .warm_up_time(Duration::from_millis(300))
            .measurement_time(Duration::from_secs(2));
        times(&mut criterion);
        criterion.final_summary();
    }
    pairs::print_table();
}

fn times(criterion: &mut Criterion) {
    let chain = models::plan(&models::chain(10, 4, 280.0, "none"), 0);
    let fork = models::plan(&models::fork(4, 4, 280.0), 0);
    let single = models::plan(&models::mm1(70.0), 0);
    let mut group = criterion.benchmark_group("engine");
    group.bench_function("chain, 50 s of 280/s", |b| b.iter(|| models::simulate_for(&chain, 50.0)));
    group.bench_function("fork, 100 s of 280/s", |b| b.iter(|| models::simulate_for(&fork, 100.0)));
    group.bench_function("M/M/1, 2000 s of 70/s", |b| {
        b.iter(|| models::simulate_for(&single, 2000.0))
    });
    group.finish();
    let thousand = models::chain(1000, 4, 280.0, "none");
    let mut group = criterion.benchmark_group("around it");
    group.bench_function("read and compile 1,000 services", |b| {
        b.iter(|| models::plan(&thousand, 0))
    });
    let findings = models::findings(include_str!("../../scenarios/shop.yaml"), "1s");
    group.bench_function("report: table, JSON and CSV of the shop", |b| {
        b.iter(|| models::report(&findings))
    });
    group.finish();
}
