//! Interruptions: in any phase the program ends soon, says 129, 130 or 143, and what is written is whole.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::{Desk, SMALL, changed};

/// Far beyond what an interrupted program may take, and far below what the whole run would.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run that takes hours.
pub(super) fn endless(length: &str) -> String {
    let text = changed(SMALL, "fixed: { duration: 2s, replications: 2 }", length);
    changed(&text, "events: 1000000", "events: 100000000000")
}

pub(super) const PILOT: &str = "precision: 0.0001%, p99_precision: 0.0001%";
pub(super) const PRODUCTION: &str = "fixed: { duration: 876000h, replications: 2 }";

/// The program in the desk's folder, with the text in a file beside it.
pub(super) fn start(desk: &Desk, arguments: &[&str], text: &str) -> Child {
    std::fs::write(desk.path().join("scenario.yaml"), text).expect("a file");
    Command::new(assert_cmd::cargo::cargo_bin("cutline"))
        .current_dir(desk.path())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Waits until the path is there: the program has come so far.
pub(super) fn wait_for(path: &Path) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(begun.elapsed() < PATIENCE, "{} never came", path.display());
        std::thread::yield_now();
    }
}

pub(super) fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.expect("there is a kill").success());
}

/// What the program left, with the exit code as a shell tells it.
pub(super) fn end(child: Child) -> (i32, String) {
    let Output { status, stderr, .. } = child.wait_with_output().expect("it ends");
    let code = status.code().or(status.signal().map(|signal| 128 + signal));
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    (code.expect("it ended"), said)
}

#[test]
fn a_program_that_waits_for_its_scenario_ends_at_once() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let desk = Desk::new();
        let mut child = start(&desk, &["run", "-", "--out", "out"], "");
        let input = child.stdin.take();
        // Where signals are ignored, as in a job in the background, one that comes before the program listens is
        // lost.
        let begun = Instant::now();
        while child.try_wait().expect("it can be asked").is_none() {
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            send(signal, &child);
        }
        assert_eq!(end(child).0, code);
        drop(input);
        assert_eq!(desk.written(), ["scenario.yaml"]);
    }
}

#[test]
fn a_pilot_and_a_production_run_stop_and_leave_nothing() {
    for length in [PILOT, PRODUCTION] {
        for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
            let desk = Desk::new();
            let child = start(&desk, &["run", "scenario.yaml", "--out", "a/out"], &endless(length));
            wait_for(&desk.path().join("a/out"));
            send(signal, &child);
            let (found, said) = end(child);
            let last = said.trim().lines().last();
            assert_eq!((found, last), (code, Some("interrupted: nothing was written")));
            assert_eq!(desk.written(), ["scenario.yaml"], "{length}");
        }
    }
}

#[test]
fn a_calibration_stops_and_leaves_nothing() {
    let desk = Desk::new();
    let measured = "case,layout,clients,mean_ms\nlone,one,1,1\nbusy,one,4,9\n";
    std::fs::write(desk.path().join("measured.csv"), measured).expect("a file");
    let arguments = ["calibrate", "scenario.yaml", "--measured", "measured.csv", "--out", "a/out"];
    let child = start(&desk, &arguments, &endless(PRODUCTION));
    wait_for(&desk.path().join("a/out"));
    send("-INT", &child);
    let (found, said) = end(child);
    assert_eq!(
        (found, said.trim().lines().last()),
        (130, Some("interrupted: nothing was written"))
    );
    assert_eq!(desk.written(), ["measured.csv", "scenario.yaml"]);
}

#[test]
fn a_repeat_without_events_stops_too() {
    let steps = "go: [ repeat: { times: 1000000000, do: [ call: a.idle ] } ], idle: [ cpu: 0ms ]";
    let text = changed(&endless(PRODUCTION), "go: [ cpu: { exp: 1ms } ]", steps);
    let desk = Desk::new();
    let child = start(&desk, &["run", "scenario.yaml", "--out", "out"], &text);
    wait_for(&desk.path().join("out"));
    send("-INT", &child);
    assert_eq!(end(child).0, 130);
}

#[test]
fn results_that_were_there_survive_an_interruption() {
    let desk = Desk::new();
    assert_eq!(desk.give(&["run", "-", "--out", "out"], SMALL).status.code(), Some(0));
    let before = contents(&desk.path().join("out"));
    let child = start(&desk, &["run", "scenario.yaml", "--out", "out"], &endless(PRODUCTION));
    wait_for(&desk.path().join("out/.cutline.lock"));
    send("-INT", &child);
    assert_eq!(end(child).0, 130);
    assert_eq!(contents(&desk.path().join("out")), before);
}

/// Names and bytes of the files of a folder.
pub(super) fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
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

/// Whatever the instant (reading, simulating, drawing, writing, printing): all results or none.
#[test]
fn a_signal_at_any_instant_leaves_all_results_or_none() {
    let whole = Desk::new();
    assert_eq!(whole.give(&["run", "-", "--out", "out"], SMALL).status.code(), Some(0));
    let whole = contents(&whole.path().join("out"));
    let begun = Instant::now();
    let desk = Desk::new();
    assert_eq!(end(start(&desk, &["run", "scenario.yaml", "--out", "out"], SMALL)).0, 0);
    let usual = begun.elapsed();
    for part in 0..16 {
        let desk = Desk::new();
        let child = start(&desk, &["run", "scenario.yaml", "--out", "out"], SMALL);
        let until = Instant::now() + usual * part / 15;
        while Instant::now() < until {
            std::thread::yield_now();
        }
        send("-INT", &child);
        let (code, said) = end(child);
        assert!([0, 130].contains(&code), "{code}: {said}");
        let out = desk.path().join("out");
        let found = if out.exists() { contents(&out) } else { Vec::new() };
        assert!(found.is_empty() || found == whole, "part {part}: {said}");
        assert!(code == 130 || !found.is_empty(), "part {part}: {said}");
    }
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    let is_at_once = |_| {
        let desk = Desk::new();
        let child = start(&desk, &["run", "scenario.yaml", "--out", "out"], &endless(PRODUCTION));
        wait_for(&desk.path().join("out/.cutline.lock"));
        // Both are pending when it goes on, so the second finds it before it could end in order.
        ["-STOP", "-INT", "-TERM", "-CONT"].iter().for_each(|signal| send(signal, &child));
        let (code, said) = end(child);
        assert!([130, 143].contains(&code), "{code}");
        said.is_empty()
    };
    // Two threads may take one signal each at the same time; then neither is the second.
    assert!((0..10).any(is_at_once), "it always ended in order");
}
