//! Scenarios that ship with the program, against what was published for them.
//!
//! To add one: the scenario into `scenarios/`, its table beside the others here, and a test in
//! tests/scenarios.

mod boutique;
mod hot_row;
mod loaded;
mod measured;
mod prepare;
mod publication;
mod second;
mod two_tier;

pub use publication::{Publication, Published, PublishedRun};

/// Every published case.
pub const PUBLICATIONS: &[Publication] = &[
    boutique::CASE,
    hot_row::CASE,
    two_tier::CASE,
    prepare::CASE,
    measured::POSTGRES,
    measured::SHOP,
    second::POSTGRES,
    second::MARIADB_UPDATES,
];

/// The published case of that name.
pub fn publication(id: &str) -> Option<&'static Publication> {
    PUBLICATIONS.iter().find(|publication| publication.id == id)
}
