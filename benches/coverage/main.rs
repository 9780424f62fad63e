//! How often the 95 % intervals of runs at the default settings hold the exact answer.
//!
//! `cargo bench --bench coverage` runs 1,000 seeds of each case, which takes half an hour on two quiet cores;
//! `cargo bench --bench coverage -- 100 mm1-rho80` runs so many, of the cases that are named. Ends with an
//! error where a share lies outside its band. `cargo bench --bench coverage -- given` does the same of runs whose
//! length is given, and says which of them are called converged.

mod given;

use std::process::ExitCode;

use cutline::scenario;
use cutline::study::{self, Estimate, Progress, Verdict, side_by_side};
use cutline::verify::{self, Case};

/// Single queues and a fork: light and heavy load, long tails, bursts.
const CASES: [&str; 5] =
    ["mm1-rho80", "mmc-c4-rho85", "mg1-h2-slowquery", "mmpp-bursty", "forkjoin2-rho60"];
/// Seeds, unless told otherwise.
const SEEDS: u64 = 1_000;
/// Share of the intervals of a mean that must hold the truth.
const BAND_MEAN: [f64; 2] = [0.925, 0.97];
/// The same of a p99.
const BAND_P99: [f64; 2] = [0.915, 0.975];

/// What the run of one seed shows of one figure.
struct Figure {
    holds: bool,
    /// Half-width of the interval as a share of the estimate.
    relative: f64,
    /// (estimate − truth) / truth
    error: f64,
}

struct Ran {
    mean: Option<Figure>,
    p99: Option<Figure>,
    converged: bool,
    /// Whether it has converged, or is said to be long enough for its means.
    means_hold: bool,
    requests: f64,
}

fn main() -> ExitCode {
    let told = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).next();
    let seeds: Vec<u64> = (1..=told.unwrap_or(SEEDS)).collect();
    println!("share of {} nominal 95 % intervals that hold the exact answer\n", seeds.len());
    if std::env::args().any(|argument| argument == "given") {
        let told = std::env::args().skip(1).filter(|argument| {
            !argument.starts_with('-') && argument != "given" && argument.parse::<u64>().is_err()
        });
        given::print(&told.collect::<Vec<String>>(), &seeds);
        return ExitCode::SUCCESS;
    }
    println!(
        "{:<18} {:<5} {:>9} {:>7}  {:<16} {:>10} {:>9} {:>9} {:>10}",
        "case", "", "exact", "share", "band", "half-width", "bias", "converged", "requests"
    );
    let named: Vec<&str> = CASES
        .into_iter()
        .filter(|case| std::env::args().any(|argument| argument == *case))
        .collect();
    let cases = if named.is_empty() { CASES.to_vec() } else { named };
    // Every case is run, whatever the one before came to.
    let inside: Vec<bool> = cases.into_iter().map(|case| covered(case, &seeds)).collect();
    if inside.iter().all(|inside| *inside) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the two rows of a case; whether both shares lie in their bands.
fn covered(id: &str, seeds: &[u64]) -> bool {
    let case = verify::case(id).unwrap_or_else(|| panic!("{id} is a case"));
    let [mean, p99] = exact_of(case);
    // As anybody would write it: a seed, and no word on how long.
    let ran = side_by_side(seeds, |seed| {
        ran_for(&case.text(*seed), &format!("{{ seed: {seed} }}"), [mean, p99])
    });
    let requests = median(ran.iter().map(|run| run.requests).collect());
    let converged = ran.iter().filter(|run| run.converged).count() as f64 / ran.len() as f64;
    let row = |name: &str, exact: f64, figures: Vec<&Figure>, band: [f64; 2]| {
        // A run without an interval holds nothing.
        let share = figures.iter().filter(|figure| figure.holds).count() as f64 / ran.len() as f64;
        let error = (share * (1.0 - share) / ran.len() as f64).sqrt();
        let inside = (band[0]..=band[1]).contains(&share);
        println!(
            "{id:<18} {name:<5} {:>6.2} ms {:>5.1} %  {:<16} {:>8.1} % {:>7.2} % {:>7.1} % {requests:>10.0}{}",
            exact * 1e3,
            share * 100.0,
            format!("{:.1} … {:.1} %", band[0] * 100.0, band[1] * 100.0),
            median(figures.iter().map(|figure| figure.relative).collect()) * 100.0,
            figures.iter().map(|figure| figure.error).sum::<f64>() / figures.len() as f64 * 100.0,
            converged * 100.0,
            if inside { String::new() } else { format!("  OUTSIDE (± {:.1})", 196.0 * error) },
        );
        inside
    };
    let means = ran.iter().filter_map(|run| run.mean.as_ref()).collect();
    let p99s = ran.iter().filter_map(|run| run.p99.as_ref()).collect();
    let means = row("mean", mean, means, BAND_MEAN);
    row("p99", p99, p99s, BAND_P99) && means
}

/// Mean and p99 of a case (s).
fn exact_of(case: &Case) -> [f64; 2] {
    ["mean_response", "response_p99"]
        .map(|metric| case.oracle().value(metric).expect("the oracle tells it"))
}

/// The scenario of a case, run as `run` says, against its exact mean and p99 (s).
fn ran_for(text: &str, run: &str, [mean, p99]: [f64; 2]) -> Ran {
    let (body, _) = text.rsplit_once("run:").expect("a case says how to run it");
    let text = format!("{body}run: {run}\n");
    let reading = scenario::read(&text, "case", &[], &|_| Err("a case is one text".into()))
        .unwrap_or_else(|refused| panic!("{text}\n{refused}"));
    let findings = study::run(&reading.model, &[0], &Silence).expect("a case can be simulated");
    let (_, layout) = &findings.layouts.0[0];
    let all = layout.endpoints.get("all").expect("every run tells of all requests");
    let figure = |estimate: Option<Estimate>, exact: f64| {
        let estimate = estimate?;
        let [low, high] = estimate.ci95?;
        Some(Figure {
            holds: low <= exact && exact <= high,
            relative: (high - low) / 2.0 / estimate.value,
            error: estimate.value / exact - 1.0,
        })
    };
    let latency = &all.latency_seconds;
    let converged = layout.converged && layout.verdict == Verdict::Stable;
    let said = |words: &str| layout.diagnostics.iter().any(|said| said.message.contains(words));
    Ran {
        mean: figure(latency.mean, mean),
        p99: figure(latency.p99, p99),
        converged,
        means_hold: converged || said("the intervals of means hold"),
        requests: all.throughput_per_second.value
            * (layout.simulated_seconds - layout.warmup_seconds)
            * f64::from(layout.replications),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}
