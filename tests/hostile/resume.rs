//! Sweeps that were interrupted: what was finished is kept, known to be whole, and not mixed with others.

use std::path::PathBuf;

use super::{Desk, SMALL, changed};

const SWEEP: [&str; 4] = ["sweep", "-", "--out", "out"];
const RATES: &str = "workload.arrivals.poisson=100/s,200/s,300/s,400/s";

fn journal(desk: &Desk) -> PathBuf {
    desk.path().join("out/sweep.journal")
}

/// What the sweep prints and says.
fn sweep(desk: &Desk, more: &[&str], text: &str) -> (Option<i32>, String, String) {
    let arguments = [&SWEEP[..], &["--vary", RATES], more].concat();
    let output = desk.give(&arguments, text);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it speaks UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The files of a folder but for its journal, as (name, bytes).
fn results(desk: &Desk) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(desk.path().join("out"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(path).expect("a file"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn shards_put_together_have_the_bytes_of_the_whole_sweep() {
    let whole = Desk::new();
    let (code, printed, _) = sweep(&whole, &[], SMALL);
    assert_eq!(code, Some(0));
    let together = Desk::new();
    std::fs::create_dir(together.path().join("out")).expect("a folder");
    for shard in ["3/3", "1/3", "2/3"] {
        let desk = Desk::new();
        let (code, printed, said) = sweep(&desk, &["--shard", shard], SMALL);
        assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
        assert!(said.contains("--resume"), "{said}");
        let files = results(&desk);
        assert_eq!(files.len(), 1, "nothing but a journal: {files:?}");
        let (name, bytes) = &files[0];
        std::fs::write(together.path().join("out").join(name), bytes).expect("it is copied");
    }
    let (code, again, said) = sweep(&together, &["--resume"], SMALL);
    assert_eq!((code, again), (Some(0), printed), "{said}");
    assert!(said.contains("2 finished points are taken from out/sweep.1-of-3.journal"), "{said}");
    assert_eq!(results(&together), results(&whole), "the journals are gone, too");
}

#[test]
fn a_shard_of_another_sweep_is_refused_and_one_that_is_missing_is_run() {
    let desk = Desk::new();
    sweep(&desk, &["--shard", "1/2"], SMALL);
    let (code, _, said) = sweep(&desk, &["--resume"], &changed(SMALL, "cpu: 2,", "cpu: 3,"));
    assert_eq!(code, Some(2));
    assert!(said.contains("error[other-sweep]") && said.contains("1-of-2"), "{said}");
    let (code, printed, _) = sweep(&desk, &["--resume"], SMALL);
    assert_eq!(code, Some(0));
    let whole = Desk::new();
    assert_eq!(printed, sweep(&whole, &[], SMALL).1);
    assert_eq!(results(&desk), results(&whole));
}

#[cfg(unix)]
mod interrupted {
    use super::super::signals::{PRODUCTION, end, send, start};
    use super::*;

    /// Three quick points, then one that takes hours.
    fn long_at_the_end() -> (String, [&'static str; 2]) {
        let text = changed(SMALL, "events: 1000000", "events: 100000000000");
        (text, ["--vary", "run.fixed.duration=1s,2s,3s,800000h"])
    }

    /// A journal with the quick points, left by a sweep that the signal has ended.
    fn left_by(signal: &str) -> (Desk, i32, String) {
        let (text, vary) = long_at_the_end();
        let desk = Desk::new();
        let arguments = [&["sweep", "scenario.yaml", "--out", "out"][..], &vary].concat();
        let child = start(&desk, &arguments, &text);
        let finished = || {
            let text = std::fs::read_to_string(journal(&desk)).unwrap_or_default();
            text.matches('\n').count() == 4
        };
        let begun = std::time::Instant::now();
        while !finished() {
            assert!(begun.elapsed().as_secs() < 60, "the quick points never came");
            std::thread::yield_now();
        }
        send(signal, &child);
        let (code, said) = end(child);
        (desk, code, said)
    }

    #[test]
    fn an_interrupted_sweep_keeps_its_points_and_says_how_to_go_on() {
        assert!(PRODUCTION.contains("fixed"));
        let (desk, code, said) = left_by("-INT");
        assert_eq!(code, 130);
        // Before that it has told of a run that takes for ever.
        let last = said.trim().lines().last();
        assert_eq!(last, Some("interrupted: 3 of 4 points are finished; go on with --resume"));
        let names: Vec<String> = results(&desk).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["sweep.journal"]);
    }

    #[test]
    fn points_outlive_a_kill_and_are_not_run_again() {
        let (desk, code, _) = left_by("-KILL");
        assert_eq!(code, 137);
        let (text, vary) = long_at_the_end();
        let arguments =
            [&["sweep", "scenario.yaml", "--out", "out", "--resume"][..], &vary].concat();
        let child = start(&desk, &arguments, &text);
        // Were the points run again, the journal would grow from nothing.
        let begun = std::time::Instant::now();
        let mut said = String::new();
        while !said.contains("finished points") {
            assert!(begun.elapsed().as_secs() < 60, "{said}");
            let lines = std::fs::read_to_string(journal(&desk)).unwrap_or_default();
            // The one that was killed has left its lock; with its own the program hears signals.
            let lock = desk.path().join("out/.cutline.lock");
            let owner = std::fs::read_to_string(lock).unwrap_or_default();
            let is_own = owner.starts_with(&format!("process {} ", child.id()));
            if lines.matches('\n').count() == 4 && is_own {
                said = "3 finished points".to_string();
            }
            std::thread::yield_now();
        }
        send("-INT", &child);
        let (code, said) = end(child);
        assert!(code == 130, "{said}");
    }
}

/// The journal of a whole sweep, and its results: an empty folder takes the place of a file that the
/// results need, so the sweep ends before its journal is removed.
fn unwritten(text: &str) -> Desk {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path().join("out/sweep.json")).expect("a folder in the way");
    let (code, printed, said) = sweep(&desk, &[], text);
    assert_eq!((code, printed.as_str()), (Some(2), ""), "{said}");
    assert!(said.contains("sweep.json"), "{said}");
    std::fs::remove_dir(desk.path().join("out/sweep.json")).expect("it is empty");
    desk
}

#[test]
fn a_resumed_sweep_has_the_bytes_of_one_that_was_not_interrupted() {
    let whole = Desk::new();
    let (code, printed, _) = sweep(&whole, &["--format", "json"], SMALL);
    assert_eq!(code, Some(0));
    let desk = unwritten(SMALL);
    // A sweep that was interrupted after two points has this journal.
    let text = std::fs::read_to_string(journal(&desk)).expect("a journal");
    let kept: String = text.split_inclusive('\n').take(3).collect();
    std::fs::write(journal(&desk), kept).expect("a file");
    let (code, again, said) = sweep(&desk, &["--format", "json", "--resume"], SMALL);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 finished points are taken"), "{said}");
    assert_eq!(again, printed);
    assert_eq!(results(&desk), results(&whole));
}

#[test]
fn points_that_are_torn_or_touched_are_run_again_and_said() {
    let whole = Desk::new();
    let (_, printed, _) = sweep(&whole, &["--format", "json"], SMALL);
    let desk = unwritten(SMALL);
    let text = std::fs::read_to_string(journal(&desk)).expect("a journal");
    let torn = text[..text.len() - 100].to_string();
    let touched = text.replacen("\"throughput_per_second\"", "\"throughput_per_sekond\"", 1);
    for (damage, kept) in [(torn, 3), (touched, 3)] {
        let desk = unwritten(SMALL);
        std::fs::write(journal(&desk), damage).expect("a file");
        let (code, again, said) = sweep(&desk, &["--format", "json", "--resume"], SMALL);
        assert_eq!(code, Some(0), "{said}");
        let told = format!("{kept} finished points are taken from out/sweep.journal; 1 damaged");
        assert!(said.contains(&told), "{said}");
        assert_eq!(again, printed);
    }
    std::fs::write(journal(&desk), "").expect("a file");
    let (code, again, said) = sweep(&desk, &["--format", "json", "--resume"], SMALL);
    assert_eq!((code, again), (Some(0), printed), "{said}");
    assert!(said.contains("damaged at its start"), "{said}");
}

#[test]
fn an_edited_scenario_is_not_mixed_with_points_of_another() {
    let desk = unwritten(SMALL);
    let kept = std::fs::read(journal(&desk)).expect("a journal");
    let edited = changed(SMALL, "cpu: 2", "cpu: 3");
    let (code, printed, said) = sweep(&desk, &["--resume"], &edited);
    assert_eq!((code, printed.as_str()), (Some(2), ""), "{said}");
    assert!(said.contains("error[other-sweep]"), "{said}");
    assert!(said.contains("layouts.one.services.a.cpu was 2 and is 3"), "{said}");
    assert!(sweep(&desk, &["--resume", "--seed", "3"], SMALL).2.contains("run.seed"));
    assert_eq!(std::fs::read(journal(&desk)).expect("a journal"), kept, "it is still there");
    let (code, _, said) = sweep(&desk, &["--resume"], SMALL);
    assert_eq!(code, Some(0), "{said}");
    let (code, _, said) = sweep(&desk, &["--resume"], SMALL);
    assert_eq!(code, Some(0));
    assert!(said.contains("no out/sweep.journal to resume"), "{said}");
}

#[test]
fn a_sweep_that_begins_anew_says_what_it_drops() {
    let desk = unwritten(SMALL);
    let (code, _, said) = sweep(&desk, &[], SMALL);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("points of an interrupted sweep are dropped: 4"), "{said}");
}

#[test]
fn a_point_that_cannot_be_simulated_stops_no_other_and_is_told() {
    let desk = Desk::new();
    let nodes = changed(
        SMALL,
        "platform: { network: none, prices: none, context_switch: none }",
        "platform: { nodes: { class: m6i.xlarge, zones: 1 } }",
    );
    let vary = "layouts.one.services.a.cpu=1,64,2";
    let arguments = [&SWEEP[..], &["--format", "json", "--vary", vary]].concat();
    let output = desk.give(&arguments, nodes);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error[point]: at 64: "), "{said}");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["points"].as_array().map(Vec::len), Some(2));
    assert_eq!(found["failed"][0]["values"][0], "64");
}

#[test]
fn a_journal_of_an_older_form_is_refused_with_a_word_and_dropped_by_a_sweep_that_begins_anew() {
    let sealed = |text: &str| {
        let hash = cutline::random::Key(0).named(text).0;
        format!("{hash:016x} {text}\n")
    };
    let asked = sealed("{\"says\":[[\"name\",\"small\"]],\"scenario_hash\":\"0\"}");
    let text = asked + &sealed("[0,{\"cutline\":\"0.1.0\"}]");
    let desk = unwritten(SMALL);
    std::fs::write(journal(&desk), &text).expect("a file");
    let (code, printed, said) = sweep(&desk, &["--resume"], SMALL);
    assert_eq!((code, printed.as_str()), (Some(2), ""), "{said}");
    assert!(said.contains("error[other-format]") && said.contains("out/sweep.journal"), "{said}");
    assert!(said.contains("its form is 1") && said.contains("resumes form 2"), "{said}");
    assert_eq!(
        std::fs::read_to_string(journal(&desk)).expect("a journal"),
        text,
        "it is still there"
    );
    let (code, _, said) = sweep(&desk, &[], SMALL);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("out/sweep.journal is dropped: its form is 1"), "{said}");
}

#[test]
fn points_are_known_by_their_scenario_and_not_by_their_place() {
    let whole = Desk::new();
    let (_, printed, _) = sweep(&whole, &["--format", "json"], SMALL);
    let desk = unwritten(SMALL);
    let text = std::fs::read_to_string(journal(&desk)).expect("a journal");
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines[1..].reverse();
    std::fs::write(journal(&desk), lines.concat()).expect("a file");
    let (code, again, said) = sweep(&desk, &["--format", "json", "--resume"], SMALL);
    assert_eq!((code, again), (Some(0), printed), "{said}");
    assert!(said.contains("4 finished points are taken"), "{said}");
}

#[test]
fn lines_under_the_header_of_another_journal_are_run_again() {
    let seven = changed(SMALL, "run: { fixed", "run: { seed: 7, fixed");
    let whole = Desk::new();
    let (_, printed, _) = sweep(&whole, &["--format", "json"], SMALL);
    let (desk, other) = (unwritten(SMALL), unwritten(&seven));
    let read = |desk: &Desk| std::fs::read_to_string(journal(desk)).expect("a journal");
    let (ours, others) = (read(&desk), read(&other));
    let (header, lines) = ours.split_once('\n').expect("a header");
    let (_, foreign) = others.split_once('\n').expect("a header");
    let first = lines.split_inclusive('\n').next().expect("a line");
    std::fs::write(journal(&desk), format!("{header}\n{first}{foreign}")).expect("a file");
    let (code, again, said) = sweep(&desk, &["--format", "json", "--resume"], SMALL);
    assert_eq!((code, again), (Some(0), printed), "{said}");
    assert!(said.contains("1 finished points are taken"), "{said}");
    assert!(said.contains("4 damaged are run again"), "{said}");
}
