//! docs/diagnostics.md, which is made from the list of codes.

use std::path::Path;

use cutline::report::codes_markdown;

use super::{README, source};

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
fn the_readme_leads_from_mistakes_to_the_page_of_diagnostics() {
    let (_, behind) = README.split_once("**Mistakes**").expect("a paragraph about mistakes");
    let paragraph = behind.split("\n**").next().unwrap_or_default();
    assert!(paragraph.contains(&format!("]({PAGE})")), "{paragraph}");
}
