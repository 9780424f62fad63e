//! What common random numbers are worth: for every pair of layouts (Var A + Var B) / Var(A − B), that is how
//! many times as many independent replications would be needed for the same interval of the difference.
//!
//! `cargo bench --bench pairing`; an argument takes another number of replications than 200, for a variance
//! needs more of them than a mean.

use cutline::scenario::{Edit, read};
use cutline::study::{Progress, run};
use cutline::verify;

/// Replications, unless told otherwise.
const REPLICATIONS: u64 = 200;

fn main() {
    let told = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let replications = told.unwrap_or(REPLICATIONS);
    println!("variance cut by common random numbers over {replications} replications\n");
    println!("{:<18} {:<44} {:>7} {:>7}", "scenario", "pair", "mean", "p99");
    let layouts = verify::cases().filter(|case| case.id.starts_with("layouts-"));
    for case in layouts {
        pairs(case.id, &case.text(1), replications, "2min");
    }
    pairs("shop", include_str!("../scenarios/shop.yaml"), replications, "10s");
    pairs("online-boutique", include_str!("../scenarios/online-boutique.yaml"), replications, "2s");
}

/// Runs the scenario over so many replications of that length and prints every pair of its layouts.
fn pairs(name: &str, text: &str, replications: u64, duration: &str) {
    let edit = |path: &str, value: String| Edit { path: path.to_string(), value };
    let length = format!("{{ duration: {duration}, replications: {replications} }}");
    let files = |file: &str| std::fs::read_to_string(file).map_err(|error| error.to_string());
    let reading = read(text, name, &[edit("run.fixed", length)], &files)
        .unwrap_or_else(|refused| panic!("{refused}"));
    let layouts: Vec<usize> = (0..reading.model.layouts.len()).collect();
    let findings = run(&reading.model, &layouts, &Silence)
        .unwrap_or_else(|unfinished| panic!("{name}: {unfinished:?}"));
    let means = findings.comparison.iter().filter(|pair| pair.metric == "all.latency.mean");
    for pair in means {
        let p99 = findings.comparison.iter().find(|other| {
            other.metric == "all.latency.p99" && (&other.a, &other.b) == (&pair.a, &pair.b)
        });
        let cut = |cut: Option<f64>| match cut {
            Some(cut) if cut >= 100.0 => format!("{cut:.0}×"),
            Some(cut) => format!("{cut:.1}×"),
            None => "–".to_string(),
        };
        println!(
            "{name:<18} {:<44} {:>7} {:>7}",
            format!("{} and {}", pair.a, pair.b),
            cut(pair.variance_cut),
            cut(p99.and_then(|pair| pair.variance_cut)),
        );
    }
}

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}
