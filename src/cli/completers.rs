//! What stands in the scenario on a line under way, for a shell that completes it.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap_complete::engine::CompletionCandidate;

use super::input;
use crate::scenario::{Document, SizeLimit, visible};

/// The layouts of the scenario on the line.
pub(super) fn layouts(begun: &OsStr) -> Vec<CompletionCandidate> {
    let names = |document: &Document| owned(document.names("layouts"));
    beginning(begun, scenario().as_ref().map(names).unwrap_or_default())
}

/// Its endpoints, and the words that stand for several.
pub(super) fn endpoints(begun: &OsStr) -> Vec<CompletionCandidate> {
    let names = |document: &Document| {
        let mut names = owned(document.names("workload.endpoints"));
        names.extend(["each", "all"].map(str::to_string));
        names
    };
    beginning(begun, scenario().as_ref().map(names).unwrap_or_default())
}

/// The paths of its values, up to the `=`, each with the value that stands there.
pub(super) fn paths(begun: &OsStr) -> Vec<CompletionCandidate> {
    let said = scenario().map(|document| document.says_all()).unwrap_or_default();
    let begun = begun.to_string_lossy();
    let fitting = said.into_iter().filter(|(path, _)| path.starts_with(&*begun));
    fitting
        .map(|(path, value)| {
            let help = format!("now {}", visible(&value));
            CompletionCandidate::new(format!("{path}=")).help(Some(help.into()))
        })
        .collect()
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_string).collect()
}

fn beginning(begun: &OsStr, names: Vec<String>) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    let fitting = names.into_iter().filter(|name| name.starts_with(&*begun));
    fitting.map(CompletionCandidate::new).collect()
}

/// The scenario that the line under way names: its first word that is a file and reads as one.
fn scenario() -> Option<Document> {
    let line = std::env::args_os().skip_while(|word| word != "--").skip(1);
    first_scenario(line)
}

fn first_scenario(line: impl Iterator<Item = OsString>) -> Option<Document> {
    let limit = SizeLimit::default();
    // The first word is the program itself.
    line.skip(1).filter(|word| Path::new(word).is_file()).find_map(|word| {
        let (name, text) = input::read_text(Path::new(&word), limit).ok()?;
        Document::parse_within(limit, text, &name).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scenario_of_a_line_is_its_first_file_that_reads_as_one() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let words = |words: &[&str]| -> Vec<OsString> {
            words.iter().map(|word| root.join(word).into_os_string()).collect()
        };
        let found = first_scenario(
            words(&["cutline", "run", "no/file", "scenarios/shop.yaml"]).into_iter(),
        );
        assert_eq!(found.unwrap().names("layouts")[0], "monolith");
        assert!(first_scenario(words(&["scenarios/shop.yaml", "run"]).into_iter()).is_none());
    }
}
