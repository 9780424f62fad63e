//! Files that are no files, planted in an output folder or named beside a scenario: refused, never followed, never
//! waited for.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{Desk, SMALL, changed};

/// What the program complains about; it ends with 2 and prints nothing.
fn complaint(desk: &Desk, arguments: &[&str], text: &str) -> String {
    let output = desk.give(arguments, text);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty(), "{said}");
    said
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

#[test]
fn links_and_pipes_planted_in_an_output_folder_are_refused_and_not_followed() {
    const RUN: &[&str] = &["run", "-", "--out", "out"];
    let sweep = ["sweep", "-", "--out", "out", "--vary", "workload.arrivals.poisson=100/s,200/s"];
    for (name, arguments) in [
        (".cutline.lock", RUN),
        (".cutline.part", RUN),
        (".cutline.whole", RUN),
        ("sweep.journal", &sweep),
        ("sweep.journal.part", &sweep),
    ] {
        for kind in ["a link", "a link to a folder", "a pipe"] {
            let desk = Desk::new();
            let outside = desk.path().join("outside");
            let planted = desk.path().join("out").join(name);
            std::fs::create_dir(desk.path().join("out")).expect("a folder");
            std::fs::create_dir(desk.path().join("folder")).expect("a folder");
            std::fs::write(&outside, "mine").expect("a file");
            std::fs::write(desk.path().join("folder/mine"), "mine").expect("a file");
            match kind {
                "a link" => symlink(&outside, &planted).expect("a link"),
                "a pipe" => pipe(&planted),
                _ => symlink(desk.path().join("folder"), &planted).expect("a link"),
            }
            let said = complaint(&desk, arguments, SMALL);
            assert!(said.contains(name) && said.contains("remove it"), "{kind} {name}: {said}");
            assert_eq!(std::fs::read_to_string(&outside).expect("it is there"), "mine");
            assert!(desk.path().join("folder/mine").exists(), "{kind} {name}");
            let left = std::fs::read_dir(desk.path().join("out")).expect("a folder").count();
            assert_eq!(left, 1, "{kind} {name}: nothing is written");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn files_without_a_length_beside_a_scenario_are_refused() {
    let desk = Desk::new();
    symlink("/proc/kmsg", desk.path().join("link.csv")).expect("a link");
    for file in ["/proc/kmsg", "/proc/self/pagemap", "/proc/self/maps", "link.csv"] {
        let to = format!("empirical: {{ file: {file}, unit: ms }}");
        let said = complaint(&desk, &["run", "-"], &changed(SMALL, "exp: 1ms", &to));
        assert!(said.contains("error[unreadable-file]"), "{file}: {said}");
        assert!(said.contains("made by the system"), "{file}: {said}");
    }
}
