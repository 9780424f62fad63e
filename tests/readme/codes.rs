//! docs/diagnostics.md, which is made from the list of codes.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use cutline::report::{codes_markdown, codes_table};

use super::{README, page, root, section, source};

const PAGE: &str = "docs/diagnostics.md";

#[test]
fn the_page_of_diagnostics_is_made_from_the_codes() {
    let made = codes_markdown();
    if source(PAGE) != made {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagnostics.md");
        std::fs::write(&fresh, made).expect("a file can be written into the target folder");
        panic!("{PAGE} is not what the codes say: cp {} {PAGE}", fresh.display());
    }
}

#[test]
fn the_readme_and_what_is_said_of_mistakes_lead_to_the_page_of_diagnostics() {
    assert!(page(README).contains(&format!("]({PAGE})")));
    let mistakes = section("docs/commands.md", "Mistakes");
    let from_there = PAGE.trim_start_matches("docs/");
    assert!(mistakes.contains(&format!("]({from_there})")), "{mistakes}");
}

fn explain(arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("cutline").expect("the binary is built");
    command.current_dir(root()).env("COLUMNS", "90").arg("explain").args(arguments);
    command.output().expect("the program starts")
}

#[test]
fn explain_prints_the_codes_without_a_scenario_and_a_scenario_is_needed_otherwise() {
    let told = explain(&["--codes"]);
    assert_eq!(told.status.code(), Some(0));
    assert_eq!(String::from_utf8(told.stdout).expect("text"), codes_table(90));
    for wrong in [
        &[][..],
        &["--seed", "1"],
        &["--codes", "scenarios/shop.yaml"],
        &["--codes", "--seed", "1"],
    ] {
        let refused = explain(wrong);
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
        assert!(refused.stdout.is_empty());
    }
}
