//! The layout rules of the sources, held by reading them: who may import whom, which crate lives in
//! which room, how long a file may be, what is never written.

mod catch_all;
mod circles;
mod codes;
mod exceptions;
mod floors;
mod forms;
mod functions;
mod habits;
mod imports;
mod licences;
mod names;
mod records;
mod rooms;
mod source;

use std::path::Path;

use cutline::scenario::Code;
use exceptions::{Complaint, beyond};
use source::Source;

/// Every source file of the program, in the order of its path.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of src can be listed") {
            let path = entry.expect("an entry of src can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source is UTF-8");
                let name = path.strip_prefix(&root).expect("it lies in src");
                let name = name.to_str().expect("its name is UTF-8");
                sources.push(Source::new(&name.replace('\\', "/"), &text));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    source::mark_tests(&mut sources);
    sources
}

/// Fails with everything that `check` has against any source.
fn hold(check: impl Fn(&Source) -> Vec<String>) {
    let sources = sources();
    assert!(sources.len() > 50, "src has been read: {}", sources.len());
    let complaints: Vec<String> = sources.iter().flat_map(check).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// Fails with everything that a rule has found beyond what is known, and with what is known for nothing.
fn hold_beyond(known: &[&str], found: &[Complaint]) {
    let complaints = beyond(known, found);
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn a_module_imports_only_from_floors_below_its_own() {
    hold(floors::imports_going_up);
}

#[test]
fn every_module_stands_on_a_floor() {
    hold(floors::without_floor);
}

#[test]
fn a_crate_is_used_only_in_its_room() {
    hold(rooms::outside_their_room);
}

#[test]
fn every_dependency_has_a_room() {
    let manifest = include_str!("../Cargo.toml");
    let homeless = rooms::without_room(manifest);
    assert!(homeless.is_empty(), "give a room to {homeless:?}");
}

#[test]
fn no_file_is_longer_than_four_hundred_lines_before_its_tests() {
    hold(habits::too_long);
}

#[test]
fn nothing_unsafe_unfinished_or_unwrapped_is_written_outside_tests() {
    hold(habits::never_written);
}

#[test]
fn no_code_of_a_diagnostic_is_a_bare_text() {
    hold(codes::written_as_texts);
}

#[test]
fn every_code_is_told_somewhere() {
    let sources = sources();
    let untold: Vec<&Code> =
        Code::ALL.iter().filter(|code| !codes::is_told(**code, &sources)).collect();
    assert!(untold.is_empty(), "nothing makes {untold:?}");
}

#[test]
fn a_hash_map_stands_beside_the_reason_why_its_order_cannot_be_seen() {
    hold(habits::unexplained_hash_maps);
}

#[test]
fn no_file_is_named_after_nothing() {
    hold(habits::named_after_nothing);
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    hold(habits::without_opening);
}

#[test]
fn no_function_is_longer_than_seventy_lines() {
    let found: Vec<Complaint> = sources().iter().flat_map(functions::too_long).collect();
    hold_beyond(functions::KNOWN, &found);
}

#[test]
fn no_file_imports_another_that_imports_it() {
    hold_beyond(&[], &circles::of_files(&sources()));
}

#[test]
fn what_grows_is_matched_without_a_catch_all() {
    let found: Vec<Complaint> = sources().iter().flat_map(catch_all::arms).collect();
    hold_beyond(catch_all::KNOWN, &found);
}

#[test]
fn no_type_is_called_like_another_on_its_floor_or_a_neighbouring_one() {
    hold_beyond(&[], &names::twice(&sources()));
}

#[test]
fn a_record_restarts_and_merges_every_figure() {
    hold(records::figures_left_out);
}
