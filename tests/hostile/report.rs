//! Saved results that are missing, damaged or not ours, and folders that cannot be written.

use std::path::Path;

use super::{Desk, SMALL};

/// A desk whose folder `out` has a run, and with `sweep` a sweep beside it.
fn saved(sweep: bool) -> Desk {
    let desk = Desk::new();
    assert_eq!(desk.give(&["run", "-", "--out", "out"], SMALL).status.code(), Some(0));
    if sweep {
        let arguments = ["sweep", "-", "--out", "out", "--vary", "run.seed=1,2"];
        assert_eq!(desk.give(&arguments, SMALL).status.code(), Some(0));
    }
    desk
}

/// Names and bytes of all that is in a folder.
fn contents(folder: &Path) -> Vec<(String, Option<Vec<u8>>)> {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut all: Vec<_> = entries
        .map(|entry| (entry.file_name().to_string_lossy().into(), std::fs::read(entry.path()).ok()))
        .collect();
    all.sort();
    all
}

/// What is complained about; with this code, and nothing is printed.
fn complaint(desk: &Desk, arguments: &[&str], code: &str) -> String {
    let output = desk.give(&[&["report"], arguments].concat(), "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty(), "nothing is printed");
    assert!(said.contains(&format!("error[{code}]: ")), "{said}");
    said
}

#[test]
fn a_folder_without_results_is_refused_and_nothing_is_made() {
    let desk = Desk::new();
    let said = complaint(&desk, &["out"], "no-results");
    assert!(said.contains("out: ") && said.contains("`cutline run`"), "{said}");
    std::fs::create_dir(desk.path().join("out")).expect("a folder");
    std::fs::write(desk.path().join("out/notes.json"), "{}").expect("a file");
    std::fs::create_dir(desk.path().join("out/results.json")).expect("a folder");
    let before = contents(&desk.path().join("out"));
    let said = complaint(&desk, &["out", "--out", "a/b"], "no-results");
    assert!(said.contains("no results.json") && said.contains("`cutline run`"), "{said}");
    std::fs::write(desk.path().join("out/sweep.2-of-3.journal"), "").expect("a file");
    assert!(complaint(&desk, &["out"], "no-results").contains("--resume"));
    std::fs::remove_file(desk.path().join("out/sweep.2-of-3.journal")).expect("it is there");
    assert!(complaint(&desk, &["out/notes.json"], "no-results").contains("is a file"));
    assert_eq!(contents(&desk.path().join("out")), before);
    assert_eq!(desk.written(), ["out"]);
}

#[test]
fn results_of_another_form_say_which_this_build_reads() {
    let desk = saved(false);
    let file = desk.path().join("out/results.json");
    let text = std::fs::read_to_string(&file).expect("results");
    for (format, way_on) in
        [(1, "run the scenario once more"), (3, "as new as the one that wrote it")]
    {
        let other = text.replacen("\"format\": 2", &format!("\"format\": {format}"), 1);
        std::fs::write(&file, other).expect("a file");
        let said = complaint(&desk, &["out"], "other-format");
        assert!(said.contains(&format!("it has form {format}")), "{said}");
        assert!(said.contains("reads form 2 only") && said.contains(way_on), "{said}");
    }
}

#[test]
fn damaged_results_are_refused_with_file_and_place_and_all_of_them_at_once() {
    let desk = saved(true);
    let out = desk.path().join("out");
    let [run, sweep] = ["results.json", "sweep.json"].map(|name| out.join(name));
    let text = std::fs::read_to_string(&run).expect("results");
    let lines = text.lines().count();
    for (damage, place) in [
        (text[..text.len() / 2].to_string(), ":"),
        (text[..text.len() - 2].to_string(), &*format!(":{lines}:")),
        (text.replacen("\"verdict\": \"stable\"", "\"verdict\": \"well\"", 1), ":"),
        (text.replacen("\"events\": ", "\"events\": -", 1), ":"),
        (text.replacen("\"events\": ", "\"evens\": ", 1), ":"),
        (text.replacen("\"simulated_seconds\": ", "\"simulated_seconds\": null, \"x\": ", 1), ":"),
        (text.replacen("\"simulated_seconds\": ", "\"simulated_seconds\": 1e999, \"x\": ", 1), ":"),
        (String::new(), ": there is nothing in it"),
        ("\u{0}\u{1b}[31m".to_string(), ":1:1: "),
    ] {
        std::fs::write(&run, damage).expect("a file");
        let before = contents(&out);
        let said = complaint(&desk, &["out"], "damaged-results");
        assert!(said.contains(&format!("out/results.json{place}")), "{said}");
        assert!(said.contains("cut off or edited") && !said.contains('\u{1b}'), "{said}");
        assert_eq!(contents(&out), before, "nothing is drawn, not even the sweep");
    }
    std::fs::write(&sweep, &text).expect("a file");
    let said = complaint(&desk, &["out"], "damaged-results");
    assert!(said.contains("out/results.json") && said.contains("out/sweep.json:"), "{said}");
    assert!(said.contains("missing field `paths`"), "{said}");
}

#[test]
fn json_that_is_not_of_cutline_is_refused() {
    let desk = saved(false);
    let deep = "[".repeat(100_000);
    for text in [
        "{}",
        "[1, 2]",
        "7",
        "{ \"cutline\": \"0.1.0\" }",
        "{ \"format\": 2, \"cutline\": 1 }",
        &deep,
    ] {
        std::fs::write(desk.path().join("out/results.json"), text).expect("a file");
        let said = complaint(&desk, &["out"], "no-results");
        assert!(said.contains("no result of cutline"), "{said}");
    }
}

#[test]
fn what_cannot_be_written_whole_leaves_all_as_it_was() {
    let desk = saved(true);
    let out = desk.path().join("out");
    std::fs::write(out.join("cost.svg"), "mine").expect("a file");
    std::fs::remove_file(out.join("sweep-p99.png")).expect("it is there");
    std::fs::create_dir(out.join("sweep-p99.png")).expect("a folder in the way");
    let before = contents(&out);
    let output = desk.give(&["report", "out"], "");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("sweep-p99.png"), "{said}");
    assert_eq!(contents(&out), before);
}

#[cfg(unix)]
mod unix {
    use super::super::signals::{PRODUCTION, end, endless, send, start, wait_for};
    use super::*;

    #[test]
    fn a_folder_that_a_run_writes_to_is_refused_and_its_owner_named() {
        let desk = saved(false);
        let child = start(&desk, &["run", "scenario.yaml", "--out", "out"], &endless(PRODUCTION));
        wait_for(&desk.path().join("out/.cutline.lock"));
        let owner = format!("process {} on ", child.id());
        while !complaint(&desk, &["out"], "folder-in-use").contains(&owner) {
            std::thread::yield_now();
        }
        // Elsewhere nobody is in the way.
        assert_eq!(desk.give(&["report", "out", "--out", "copy"], "").status.code(), Some(0));
        send("-KILL", &child);
        end(child);
        assert_eq!(desk.give(&["report", "out"], "").status.code(), Some(0));
        assert!(!desk.path().join("out/.cutline.lock").exists(), "the lock goes with the report");
    }

    #[test]
    fn a_folder_that_may_not_be_written_is_reported_elsewhere() {
        use std::os::unix::fs::PermissionsExt;
        let desk = saved(false);
        let out = desk.path().join("out");
        let allow = |mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&out, mode).expect("it is ours");
        };
        allow(0o555);
        let is_root = std::fs::write(out.join("x"), "").is_ok();
        let elsewhere = desk.give(&["report", "out", "--out", "copy"], "").status.code();
        let in_place = desk.give(&["report", "out"], "").status.code();
        allow(0o755);
        assert_eq!(elsewhere, Some(0));
        // Whoever may do everything cannot be refused.
        assert_eq!(in_place, Some(if is_root { 0 } else { 2 }));
    }
}
