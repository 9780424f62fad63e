//! Where two runs part: `cutline diff-trace` against all moments of both, looked through one by one.

use assert_cmd::Command;
use cutline::plan::{Plan, compile};
use cutline::report::{Compared, parting_table};
use cutline::runtime::{Replication, TraceMoment, WatchedRun, What, simulate};
use cutline::study::{Parting, Purpose, Traced, Traces, parting};
use cutline::units::Nanos;

use super::{STORE, changed, model};

const DURATION: Nanos = Nanos(6_000_000_000);

pub(super) fn plan(text: &str, layout: usize) -> Plan {
    compile(&model(text), layout).unwrap_or_else(|found| panic!("{found:?}"))
}

/// Replication 0 of the reported runs under a seed.
pub(super) fn replication(seed: u64, duration: Nanos) -> Replication {
    Replication { key: Purpose::Production.key(seed).child(0), duration, warmup: Nanos(0) }
}

/// Every moment of replication 0.
pub(super) fn moments(plan: &Plan, seed: u64, duration: Nanos) -> Vec<TraceMoment> {
    let mut watch = WatchedRun::new(plan, replication(seed, duration));
    let mut all = Vec::new();
    loop {
        match watch.next_moments() {
            [] => return all,
            some => all.extend_from_slice(some),
        }
    }
}

fn compared(a: &Plan, b: &Plan) -> Traces {
    parting([a, b].map(|plan| Traced { plan, seed: 7 }), 0, DURATION)
}

fn parted(a: &Plan, b: &Plan) -> Parting {
    match compared(a, b) {
        Traces::Part(parting) => parting,
        Traces::Same { moments } => panic!("{moments} moments are the same"),
    }
}

#[test]
fn a_run_does_not_part_from_itself() {
    for layout in 0..3 {
        let plan = plan(STORE, layout);
        let all = moments(&plan, 7, DURATION);
        assert!(all.len() > 10_000, "{} moments", all.len());
        assert_eq!(compared(&plan, &plan), Traces::Same { moments: all.len() as u64 });
    }
}

#[test]
fn two_runs_part_where_a_look_at_all_their_moments_finds_the_first_difference() {
    // Edits that leave every id as it is, so that moments can be compared as they are.
    let edits = [
        ("failure: 1%", "failure: 2%"),
        ("{ share: 20%, do: [ cpu: { exp: 1ms } ] }", "{ share: 25%, do: [ cpu: { exp: 1ms } ] }"),
        ("{ share: 80, call: front.home }", "{ share: 81, call: front.home }"),
        ("rows: 20M, row_size: 400B", "rows: 40M, row_size: 400B"),
    ];
    for (from, to) in edits {
        for layout in 0..3 {
            let (a, b) = (plan(STORE, layout), plan(&changed(STORE, from, to), layout));
            let (all_a, all_b) = (moments(&a, 7, DURATION), moments(&b, 7, DURATION));
            let first = all_a.iter().zip(&all_b).position(|(a, b)| a != b).expect("they part");
            let found = parted(&a, &b);
            assert_eq!(found.number, first as u64 + 1, "{to} in layout {layout}");
            assert_eq!(found.before.len(), first.min(4));
            for (side, all) in found.sides.iter().zip([&all_a, &all_b]) {
                let times: Vec<u64> = side.iter().map(|line| line.time.0).collect();
                let expected: Vec<u64> =
                    all[first..first + 3].iter().map(|moment| moment.time).collect();
                assert_eq!(times, expected, "{to} in layout {layout}");
            }
        }
    }
}

#[test]
fn the_line_at_which_they_part_says_what_the_edit_changed() {
    let b = plan(&changed(STORE, "failure: 1%", "failure: 2%"), 0);
    let found = parted(&plan(STORE, 0), &b);
    let [a, b] = [&found.sides[0][0].words, &found.sides[1][0].words];
    assert!(a.contains("has the answer of bank") && !a.contains("went wrong"), "{a}");
    assert_eq!(*b, format!("{a}, which went wrong: failed"));
    assert!(found.number > 4096, "beyond the first chunk: {}", found.number);
}

#[test]
fn a_run_that_ends_early_parts_where_it_ends() {
    let b = plan(&changed(STORE, "run: {", "run: { limits: { events: 5000 },"), 0);
    let found = parted(&plan(STORE, 0), &b);
    assert_eq!((found.sides[0].len(), found.sides[1].len()), (3, 0));
    let names = Compared { names: ["a", "b"], layout: "whole", replication: 1, duration: DURATION };
    let text = parting_table(&names, &Traces::Part(found), 80);
    assert!(text.contains("nothing happens any more"), "{text}");
}

#[test]
fn other_seeds_part_at_the_first_request() {
    let plan = plan(STORE, 0);
    let sides = [7, 8].map(|seed| Traced { plan: &plan, seed });
    let Traces::Part(found) = parting(sides, 0, DURATION) else { panic!("they part") };
    assert_eq!(found.number, 1);
    assert_eq!(found.sides[0][0].words, "request 1: comes");
}

#[test]
fn a_run_that_is_watched_is_the_run_that_is_not() {
    for layout in 0..3 {
        let plan = plan(STORE, layout);
        let outcome = simulate(&plan, replication(7, DURATION));
        let all = moments(&plan, 7, DURATION);
        let came = all.iter().filter(|moment| moment.what == What::Comes).count() as u64;
        let arrivals: u64 = outcome.endpoints.iter().map(|endpoint| endpoint.arrivals).sum();
        assert_eq!(came, arrivals);
        let read = all.iter().filter(|moment| moment.what == What::PageRead).count() as u64;
        let operations: u64 = outcome.databases.iter().map(|database| database.operations).sum();
        let flushes: u64 = outcome.databases.iter().map(|database| database.flushes).sum();
        // Reads and flushes under way at the end have been started and are not over.
        let begun = operations - flushes;
        assert!(begun - read <= 20 && read > 100, "{read} of {begun} reads");
    }
}

#[test]
fn lines_stay_within_the_width_of_the_terminal() {
    let b = plan(&changed(STORE, "failure: 1%", "failure: 4%"), 1);
    let traces = compared(&plan(STORE, 1), &b);
    let long = "x".repeat(200);
    let names = ["store.yaml", &long];
    let compared = Compared { names, layout: "cut", replication: 1, duration: DURATION };
    for width in [40, 80, 120] {
        let text = parting_table(&compared, &traces, width);
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= width.max(70), "{longest} of {width} columns:\n{text}");
        assert!(text.contains("A: store.yaml"), "{text}");
    }
}

#[test]
fn the_exit_code_says_whether_two_runs_part() {
    let cutline = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("cutline").expect("the binary is built");
        let command = command.env("COLUMNS", "80").args(["diff-trace", "-", "--duration", "5s"]);
        let output = command.args(arguments).write_stdin(STORE).output().expect("it ran");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, said, _) = cutline(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("the same ").count(), 3, "{said}");

    let edit = "application.externals.bank.failure=4%";
    let (code, said, _) = cutline(&["--layout", "cut", "--set-b", edit]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cut: the runs part at event"), "{said}");
    assert!(said.contains("before it, the same in both"), "{said}");
    assert!(said.contains(edit), "{said}");

    let (code, said, _) = cutline(&["--set", edit, "--set-b", edit, "--layout", "whole"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said, _) = cutline(&["--layout", "cut", "--layout-b", "apart"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("cut and apart: the runs part"), "{said}");

    let (code, _, said) = cutline(&["--layout", "cit"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("error[unknown-layout]"), "{said}");
    let (code, _, said) = cutline(&["--set-b", "nowhere"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--set-b takes PATH=VALUE"), "{said}");
    assert_eq!(cutline(&["--replication", "0"]).0, Some(2));
}
