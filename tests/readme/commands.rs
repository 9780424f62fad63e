//! The commands of the pages.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

use super::{
    Page, README, blocks, blocks_of, fences, page, pages, prose, quoted, root, source, table,
};

/// How long a replication is here: what is tried is that the command works, not its figures.
const SHORT: &str = "200ms";

/// The main command, whose output a page shows.
const MAIN: &str = "cargo run --release -- run scenarios/online-boutique.yaml";

/// The words of a line, as a shell takes them; single quotes hold words together.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.trim().chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().expect("never empty").push(letter),
        }
    }
    assert!(!quoted, "{line}");
    words
}

/// The scenario that `init` writes, and commands behind it take.
const OWN: &str = "scenario.yaml";

/// Every line of a page that is for a shell.
fn lines(page: &Page) -> Vec<String> {
    let blocks = blocks_of(&page.path, "sh");
    blocks.iter().flat_map(|block| block.lines()).map(str::to_string).collect()
}

fn program(arguments: &[&str]) -> Output {
    program_in(root(), arguments)
}

pub(super) fn program_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    command.current_dir(folder).env("COLUMNS", "100").args(arguments);
    let output = command.output().expect("the program starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    // 3: a promise of the scenario may be broken by a run this short; 1: the runs shown part.
    let parts = arguments[0] == "diff-trace";
    let fine =
        matches!(output.status.code(), Some(0 | 3)) || parts && output.status.code() == Some(1);
    assert!(fine, "{arguments:?}: {:?}: {complaint}", output.status);
    output
}

/// Runs the program on a newcomer's own scenario as the line says, but briefly; what it writes stays on the desk.
fn run_on(desk: &Path, arguments: &[String]) {
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if matches!(arguments[0], "run" | "sweep") {
        arguments.extend(["--replications", "2"]);
        // A run until a clock time has its length by itself.
        if !arguments.iter().any(|argument| argument.starts_with("run.until=")) {
            arguments.extend(["--duration", SHORT]);
        }
    }
    let output = program_in(desk, &arguments);
    assert!(!output.stdout.is_empty() || arguments[0] == "init", "{arguments:?} prints nothing");
}

/// Runs the program as the line says, but briefly and into a folder that goes again. What is reported was left there
/// by a run before.
fn run_briefly(arguments: &[String]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let out = folder.path().to_str().expect("a path of letters");
    if arguments[0] == "report" {
        let file = "scenarios/startup.yaml";
        program(&["run", file, "--duration", SHORT, "--replications", "2", "--out", out]);
        arguments[1] = out;
        if let Some(place) = arguments.iter().position(|argument| *argument == "--out") {
            arguments[place + 1] = out;
        }
    }
    if matches!(arguments[0], "run" | "sweep") {
        if let Some(place) = arguments.iter().position(|argument| *argument == "--out") {
            arguments.drain(place..place + 2);
        }
        arguments.extend(["--duration", SHORT, "--replications", "2", "--out", out]);
    }
    if arguments[0] == "calibrate" {
        arguments.extend(["--set", "run.fixed.duration=2s", "--out", out]);
    }
    let output = program(&arguments);
    assert!(!output.stdout.is_empty(), "{arguments:?} prints nothing");
}

#[test]
fn the_two_commands_for_a_newcomer_are_there_and_checks_use_the_second() {
    let lines = lines(&pages()[0]);
    assert!(lines.iter().any(|line| line == MAIN), "{lines:?}");
    let (_, behind) = page(README).split_once("<!-- tests -->").expect("the marker of .ci/run");
    let command = behind.trim_start().lines().nth(1).expect("a command");
    // Without a choice of targets cargo runs the examples of the documentation, too.
    assert_eq!(command, "cargo test");
    assert!(!source("Cargo.toml").contains("doctest = false"));
    assert!(source("src/lib.rs").contains("//! ```\n//! use cutline::"));
    assert!(source(".ci/run").contains("<!-- tests -->"));
}

#[test]
fn every_command_of_a_page_runs() {
    for page in pages() {
        every_command_runs(&lines(page));
    }
}

/// Runs the lines of a page, those about an own scenario on a desk of their own, where the page begins it with `init`.
fn every_command_runs(lines: &[String]) {
    let desk = tempfile::tempdir().expect("a folder");
    for line in lines {
        let words = words(line);
        let own = line.starts_with("cutline init") || desk.path().join(OWN).exists();
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["cargo", "run", "--release", "--", ..] => run_briefly(&words[4..]),
            // What they take minutes or half of one for, tests/verify.rs runs.
            ["cutline", "verify", "--quick" | "--case", ..] => {}
            ["cutline", ..] if own => run_on(desk.path(), &words[1..]),
            ["cutline", ..] => run_briefly(&words[1..]),
            // They build and run what this test is part of.
            ["cargo", "test" | "bench", ..] => {}
            ["cargo", "install", "--path", "."] => {}
            other => panic!("no rule for {other:?}"),
        }
    }
}

#[test]
fn the_peak_of_the_cookbook_breaks_a_promise_as_it_says() {
    let (_, peak) = page("docs/cookbook.md").split_once("\n## 10. ").expect("the last question");
    let (_, command) = fences(peak).into_iter().next().expect("a command");
    let desk = tempfile::tempdir().expect("a folder");
    program_in(desk.path(), &["init", "shop"]);
    let words = words(&command);
    let mut arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    arguments.extend(["--replications", "2"]);
    assert_eq!(program_in(desk.path(), &arguments).status.code(), Some(3));
    assert!(desk.path().join("output/shop/over-time.svg").exists());
    assert!(peak.contains("exit code is 3"));
}

#[test]
fn the_cookbook_has_ten_questions_with_a_command_each() {
    let questions: Vec<&str> = page("docs/cookbook.md").split("\n## ").skip(1).collect();
    let questions =
        questions.iter().filter(|text| text.starts_with(|letter: char| letter.is_ascii_digit()));
    let mut number = 0;
    for text in questions {
        number += 1;
        let (question, _) = text.split_once('\n').expect("a heading");
        assert!(question.starts_with(&format!("{number}. ")), "{question}");
        assert!(question.ends_with('?'), "{question}");
        let commands = fences(text).into_iter().filter(|(language, _)| *language == "sh");
        let lines: usize = commands.map(|(_, block)| block.lines().count()).sum();
        assert_eq!(lines, 1, "{question}");
    }
    assert_eq!(number, 10);
}

#[test]
fn every_command_and_flag_that_is_named_exists() {
    let help =
        |arguments: &[&str]| String::from_utf8(program(arguments).stdout).expect("help is text");
    let mut flags = String::new();
    let described = table("commands");
    for row in &described {
        let command = quoted(row[0]).next().and_then(|command| command.split(' ').nth(1));
        let command = command.unwrap_or_else(|| panic!("no command in {row:?}"));
        flags += &help(&[command, "--help"]);
    }
    let listed = help(&["--help"]);
    let (_, commands) = listed.split_once("Commands:\n").expect("help lists commands");
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let count = commands.filter(|line| line.split_whitespace().next() != Some("help")).count();
    assert_eq!(described.len(), count, "{listed}");
    for word in prose().split(['`', ' ', '\n']).filter(|word| word.starts_with("--")) {
        let flag = word.trim_end_matches([',', '.', ':']).split('=').next().unwrap_or(word);
        // The first three are cargo's, `--` ends its options, and the last ends a marker.
        let known =
            ["--release", "--path", "--bench", "--", "-->"].contains(&flag) || flags.contains(flag);
        assert!(known, "no command has {flag}");
    }
}

/// The words of an output without its figures and without the lengths of its rules.
pub(super) fn shape(text: &str) -> Vec<&str> {
    let is_figure = |word: &str| word.contains(|letter: char| letter.is_ascii_digit());
    let is_rule = |word: &str| word.starts_with(['─', '═']);
    text.split_whitespace().filter(|word| !is_figure(word) && !is_rule(word)).collect()
}

/// Figures may differ in their last digits between processors; sentences, rows and verdicts may not.
#[test]
fn what_is_shown_of_the_main_command_is_what_it_prints() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("a path of letters");
    let (_, file) = MAIN.rsplit_once(' ').expect("a file");
    let output = program(&["run", file, "--out", out]);
    let printed = String::from_utf8(output.stdout).expect("a table is text");
    let shown = blocks("text").into_iter().find(|block| block.starts_with("Layouts\n"));
    let shown = shown.expect("a page shows the comparison");
    let (head, behind) = printed.split_once("\nEndpoints\n").expect("a table of endpoints");
    let (_, tail) = behind.split_once("\nDifferences").expect("differences");
    let expected = format!("{head}\nDifferences{tail}");
    assert_eq!(shape(&shown), shape(&expected), "the page should show:\n{expected}");
    let hash = |text: &str| -> Option<String> {
        let behind = text.lines().find_map(|line| line.split_once(", scenario "));
        behind.map(|(_, hash)| hash.to_string())
    };
    assert!(hash(&shown).is_some_and(|shown| hash(&expected) == Some(shown)), "{expected}");
    assert!(shown.lines().all(|line| line.chars().count() <= 100));
}
