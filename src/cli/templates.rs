//! The scenarios to begin with, which ship with the program.

use clap_complete::engine::CompletionCandidate;

/// A scenario that ships.
pub(super) struct Template {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// Those that `init` writes.
pub(super) const TEMPLATES: [Template; 5] = [
    Template { name: "minimal", text: include_str!("../../data/templates/minimal.yaml") },
    Template { name: "monolith", text: include_str!("../../data/templates/monolith.yaml") },
    Template { name: "shop", text: include_str!("../../data/templates/shop.yaml") },
    Template { name: "four", text: include_str!("../../data/templates/four.yaml") },
    Template { name: "station", text: include_str!("../../data/templates/station.yaml") },
];

/// The one that is meant where none is named.
pub(super) const FIRST: &str = TEMPLATES[0].name;

/// Their names, for a shell.
pub(super) fn candidates() -> Vec<CompletionCandidate> {
    TEMPLATES.iter().map(|template| CompletionCandidate::new(template.name)).collect()
}
