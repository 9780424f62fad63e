//! docs/reference.md and the pages that it leads to, which are made from the table of fields.

use std::collections::BTreeSet;

use cutline::report::reference_pages;

use super::{README, page, root};

/// Set to write the pages in docs/ anew.
const WRITE: &str = "CUTLINE_WRITE_REFERENCE";

#[test]
fn the_pages_of_the_reference_are_made_from_the_fields() {
    let docs = root().join("docs");
    let pages = reference_pages();
    for (path, made) in &pages {
        let page = docs.join(path);
        if std::env::var_os(WRITE).is_some() {
            std::fs::create_dir_all(docs.join("reference")).expect("docs can be written");
            std::fs::write(&page, made).expect("docs can be written");
        }
        let found = std::fs::read_to_string(&page).unwrap_or_default();
        assert!(
            found == *made,
            "docs/{path} is stale: `{WRITE}=1 cargo test reference_are` writes it"
        );
    }
    let there = std::fs::read_dir(docs.join("reference")).expect("a folder of pages");
    let there = there.map(|entry| entry.expect("an entry").file_name());
    let there: BTreeSet<String> =
        there.map(|name| format!("reference/{}", name.to_string_lossy())).collect();
    let made = pages.into_iter().map(|(path, _)| path).filter(|path| path.contains('/'));
    assert_eq!(there, made.collect(), "pages that nothing makes");
}

#[test]
fn the_readme_leads_to_the_reference() {
    assert!(page(README).contains("](docs/reference.md)"));
}
