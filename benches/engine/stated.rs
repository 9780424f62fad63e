//! Figures that have no bound: they are stated.

use std::process::Command;
use std::time::Instant;

use cutline::measure::Outcome;
use cutline::plan::Plan;

use crate::models;
use crate::pairs::{PAIRS, spread};

/// Prints each of them.
pub(crate) fn print() {
    println!("\n{:<64} {:>12}", "stated", "");
    for (name, text) in [
        ("online-boutique, grpc layout", include_str!("../../scenarios/online-boutique.yaml")),
        ("hot-row", include_str!("../../scenarios/hot-row.yaml")),
    ] {
        let plan = models::plan(text, 0);
        let start = Instant::now();
        let outcome = models::simulate_for(&plan, 1.0);
        let seconds = start.elapsed().as_secs_f64();
        let rate = outcome.events as f64 / seconds / 1e6;
        println!("{:<64} {rate:>7.2} M/s", format!("events per second, {name}"));
        let statements: u64 = outcome.databases.iter().map(|database| database.statements).sum();
        if statements > 0 {
            let each = seconds * 1e9 / statements as f64;
            println!("{:<64} {each:>7.0} ns", format!("per database statement, {name}"));
        }
    }
    per_message();
    per_two_phase_commit();
    tiny_run();
}

fn tiny_run() {
    let folder = std::env::temp_dir().join("cutline-bench");
    let tiny = folder.join("tiny.yaml");
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    std::fs::write(&tiny, models::mm1(70.0)).expect("a temporary file can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cutline"));
    command.arg("run").arg(&tiny).args(["--duration", "10s", "-q", "--out"]).arg(&folder);
    let times = (0..PAIRS).map(|_| {
        let start = Instant::now();
        let status = command.status().expect("the program starts");
        assert!(status.success(), "a tiny run succeeds");
        start.elapsed().as_secs_f64() * 1e3
    });
    let (_, median, _) = spread(times.collect());
    println!("{:<64} {median:>7.1} ms", "a tiny run, whole process with all its charts");
}

/// What an event costs that a broker takes and a consumer group gets, beyond the request that publishes it.
fn per_message() {
    let [with, without] = [true, false].map(|with| models::plan(&models::publishing(with), 0));
    let delivered = |outcome: &Outcome| outcome.groups.iter().map(|group| group.came).sum();
    per_piece("per message through a broker, to one group", &with, &without, delivered);
}

/// What two-phase commit costs, beyond the same writes of which each commits by itself.
fn per_two_phase_commit() {
    let [with, without] = ["2pc", "none"].map(|kept| models::plan(&models::spanning(kept), 0));
    let committed = |outcome: &Outcome| outcome.spannings.iter().map(|kept| kept.committed).sum();
    per_piece("per two-phase commit of two databases", &with, &without, committed);
}

fn per_piece(what: &str, with: &Plan, without: &Plan, pieces: impl Fn(&Outcome) -> u64) {
    let timed = |plan| {
        let start = Instant::now();
        let outcome = models::simulate_for(plan, 200.0);
        (start.elapsed().as_secs_f64(), outcome)
    };
    let each = (0..PAIRS).map(|_| {
        let ((longer, outcome), (shorter, _)) = (timed(with), timed(without));
        let pieces = pieces(&outcome);
        assert!(pieces > 10_000, "{pieces} are too few");
        (longer - shorter) * 1e9 / pieces as f64
    });
    let (least, median, greatest) = spread(each.collect());
    println!("{what:<64} {median:>7.0} ns   ({least:.0} … {greatest:.0})");
}
