//! The first scenario of the README, step by step as a newcomer goes.

use super::commands::{program_in, shape, words};
use super::{README, blocks_of, fences, section, source};

/// What the README begins with, from `init` to a verdict.
const STEPS: &str = "Your first scenario in five minutes";

/// Every line of a block is a line of what the commands before it print, in this order; `…` stands for what is left out.
#[test]
fn what_the_first_scenario_shows_is_what_its_commands_print() {
    let desk = tempfile::tempdir().expect("a folder");
    let mut printed = String::new();
    let mut codes = Vec::new();
    let mut shown = 0;
    for (language, block) in fences(section(README, STEPS)) {
        match language {
            "sh" => {
                printed.clear();
                codes.clear();
                for line in block.lines().filter(|line| line.starts_with("cutline ")) {
                    let words = words(line);
                    let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
                    let output = program_in(desk.path(), &words);
                    printed += &String::from_utf8(output.stdout).expect("a table is text");
                    codes.push(output.status.code());
                }
            }
            "text" => {
                let mut lines = printed.lines();
                for line in block.lines().filter(|line| *line != "…") {
                    let there = lines.any(|printed| shape(printed) == shape(line));
                    assert!(there, "{line:?} is not printed there:\n{printed}");
                    shown += 1;
                }
                let broken = block.contains("NOT kept");
                assert_eq!(codes, [Some(if broken { 3 } else { 0 })], "{block}");
            }
            "yaml" => {}
            other => panic!("no rule for {other}"),
        }
    }
    assert!(shown > 20, "only {shown} lines are shown");
}

#[test]
fn what_the_readme_shows_of_a_file_is_written_so_in_the_template() {
    let template = source("data/templates/shop.yaml");
    let parts = blocks_of(README, "yaml");
    assert!(!parts.is_empty());
    for part in parts {
        assert!(template.contains(&part), "{part}");
    }
}
