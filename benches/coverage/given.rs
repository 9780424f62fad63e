//! The same of runs whose length is given: which of them are called converged, and what their intervals hold.

use cutline::study::side_by_side;
use cutline::verify;

use super::{Figure, Ran, exact_of, median, ran_for};

/// A case at a load of its own, and the lengths that it is run for.
struct Given {
    name: &'static str,
    /// Of the oracle file.
    case: &'static str,
    /// What is changed in its text: (from, to), with mean and p99 (s) of the changed case.
    changed: Option<(&'static str, &'static str, [f64; 2])>,
    /// Lengths of a replication (s), a tenth of which is warm-up.
    seconds: &'static [u32],
}

/// Light and heavy load, a long tail, bursts: from half a relaxation time to hundreds of them.
const GIVEN: [Given; 5] = [
    Given {
        name: "mm1-rho80",
        case: "mm1-rho80",
        changed: None,
        seconds: &[2, 5, 20, 80, 160, 320],
    },
    Given {
        name: "mm1-rho30",
        case: "mm1-rho80",
        // Mean 10 ms / (1 − 0.3), p99 ln 100 times as much, as at 98 %.
        changed: Some(("poisson: 80/s", "poisson: 30/s", [0.014_285_714, 0.065_788_145])),
        seconds: &[1, 4, 16, 64],
    },
    Given {
        name: "mm1-rho98",
        case: "mm1-rho80",
        changed: Some(("poisson: 80/s", "poisson: 98/s", [0.5, std::f64::consts::LN_10])),
        seconds: &[200],
    },
    Given {
        name: "mg1-h2-slowquery",
        case: "mg1-h2-slowquery",
        changed: None,
        seconds: &[20, 200, 2_000],
    },
    Given { name: "mmpp-bursty", case: "mmpp-bursty", changed: None, seconds: &[20, 200, 2_000] },
];

/// Prints a row for each case and length, of the cases that are named or of all.
pub(super) fn print(named: &[String], seeds: &[u64]) {
    println!(
        "{:<18} {:>7} {:>10} {:>11} {:>6} {:>6} {:>9} {:>9}  {:>6} {:>6}",
        "case",
        "length",
        "converged",
        "means hold",
        "mean",
        "p99",
        "bias",
        "bias p99",
        "mean*",
        "p99*"
    );
    println!(
        "mean*, p99*: share of the intervals that hold the truth among those that are said to"
    );
    let is_wanted =
        |given: &&Given| named.is_empty() || named.iter().any(|name| name == given.name);
    for given in GIVEN.iter().filter(is_wanted) {
        let case = verify::case(given.case).unwrap_or_else(|| panic!("{} is a case", given.case));
        for seconds in given.seconds {
            let runs = side_by_side(seeds, |seed| {
                let mut text = case.text(*seed);
                if let Some((from, to, _)) = given.changed {
                    assert!(text.contains(from), "{from} is in {}", given.case);
                    text = text.replace(from, to);
                }
                let exact = given.changed.map_or_else(|| exact_of(case), |(.., exact)| exact);
                let run = format!(
                    "{{ seed: {seed}, fixed: {{ duration: {seconds}s, replications: 10 }} }}"
                );
                ran_for(&text, &run, exact)
            });
            row(given.name, *seconds, &runs);
        }
    }
}

/// Reads one figure of a run.
type Read = fn(&Ran) -> Option<&Figure>;

fn row(name: &str, seconds: u32, runs: &[Ran]) {
    let of = |figure: Read, among: fn(&Ran) -> bool| {
        let among: Vec<&Ran> = runs.iter().filter(|run| among(run)).collect();
        let holds = among.iter().filter(|run| figure(run).is_some_and(|figure| figure.holds));
        match among.len() {
            0 => "–".to_string(),
            count => format!("{:.1}", 100.0 * holds.count() as f64 / count as f64),
        }
    };
    let share = |is: fn(&Ran) -> bool| {
        let count = runs.iter().filter(|run| is(run)).count();
        format!("{:.0} %", 100.0 * count as f64 / runs.len() as f64)
    };
    let bias = |figure: Read| {
        let errors: Vec<f64> = runs.iter().filter_map(figure).map(|figure| figure.error).collect();
        format!("{:+.1} %", 100.0 * errors.iter().sum::<f64>() / errors.len().max(1) as f64)
    };
    let mean: Read = |run| run.mean.as_ref();
    let p99: Read = |run| run.p99.as_ref();
    println!(
        "{name:<18} {:>7} {:>10} {:>11} {:>6} {:>6} {:>9} {:>9}  {:>6} {:>6}  {:>10.0} requests",
        format!("{seconds} s"),
        share(|run| run.converged),
        share(|run| run.means_hold),
        of(mean, |_| true),
        of(p99, |_| true),
        bias(mean),
        bias(p99),
        of(mean, |run| run.means_hold),
        of(p99, |run| run.converged),
        median(runs.iter().map(|run| run.requests).collect()),
    );
}
