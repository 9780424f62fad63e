//! Imports go down: a path out of a module ends on a floor below its own.

use super::source::Source;

/// The floors from low to high. Those that the architecture draws side by side (units to events) have
/// an order too, so that there is never a ring.
const FLOORS: [&str; 15] = [
    "ids",
    "units",
    "statistics",
    "random",
    "events",
    "model",
    "scenario",
    "plan",
    "measure",
    "runtime",
    "cost",
    "study",
    "verify",
    "report",
    "cli",
];
/// Files above all floors: they only say what there is.
const ABOVE: [&str; 2] = ["lib", "main"];

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|known| *known == floor)
}

/// A file on no floor.
pub(super) fn without_floor(source: &Source) -> Vec<String> {
    let known = height(source.floor()).is_some() || ABOVE.contains(&source.floor());
    let complaint = || format!("{}: on no floor that the tidy test knows", source.path);
    if known { Vec::new() } else { vec![complaint()] }
}

/// Paths that end on a floor above the file's own, or leave a floor for nowhere.
pub(super) fn imports_going_up(source: &Source) -> Vec<String> {
    let Some(own) = height(source.floor()) else {
        return Vec::new();
    };
    let mut complaints = Vec::new();
    for (place, target) in leaving(source) {
        match height(&target) {
            Some(floor) if floor <= own => {}
            Some(_) => complaints.push(format!(
                "{}:{place}: `{}` may not know `{target}`, which stands above it",
                source.path,
                source.floor()
            )),
            None => complaints.push(format!("{}:{place}: `{target}` is on no floor", source.path)),
        }
    }
    complaints
}

/// (line, name right below the root of the crate) of every path through that root.
fn leaving(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut modules: Vec<String> = Vec::new();
    let mut start = 0;
    for (index, line) in source.code.lines().enumerate() {
        let bare = line.trim_start();
        let indent = &line[..line.len() - bare.len()];
        let rest = &source.code[start..];
        for (at, _) in line.match_indices("crate::") {
            let root = !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_$".contains(c));
            if root {
                let targets = names(&rest[at + "crate::".len()..]);
                found.extend(targets.into_iter().map(|name| (index + 1, name)));
            }
        }
        for (at, ups) in chains(line) {
            if ups >= source.depth() + modules.len() {
                let targets = names(&rest[at..]);
                found.extend(targets.into_iter().map(|name| (index + 1, name)));
            }
        }
        let declares = bare.starts_with("mod ") || bare.contains(" mod ");
        if declares && bare.ends_with('{') {
            modules.push(format!("{indent}}}"));
        } else if modules.last().is_some_and(|end| end == line) {
            modules.pop();
        }
        start += line.len() + 1;
    }
    found
}

/// (where it ends, how many) of every chain `super::super::…` of a line.
fn chains(line: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = line[at..].find("super::") {
        let begin = at + next;
        let mut end = begin;
        let mut ups = 0;
        while line[end..].starts_with("super::") {
            end += "super::".len();
            ups += 1;
        }
        found.push((end, ups));
        at = end;
    }
    found
}

/// The names a path goes on with: one, or the first of each part of a group in braces.
fn names(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        let letters = text.trim_start().chars();
        letters.take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let mut found = Vec::new();
    let mut depth = 0;
    let mut begin = 0;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.push(word(&group[begin..at]));
                begin = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn complaints(path: &str, text: &str) -> Vec<String> {
    imports_going_up(&Source::new(path, text))
}

#[test]
fn an_import_from_above_is_found_however_it_is_written() {
    let going_up = [
        "use crate::study::run;",
        "fn a() { crate::cli::main() }",
        "use crate::{\n    model::Model,\n    report::{figures, table},\n};",
        "pub(in crate::report) struct A;",
        "use super::super::runtime::simulate;",
        "mod tests {\n    use super::super::super::runtime::simulate;\n}",
    ];
    for text in going_up {
        assert_eq!(complaints("plan/lower.rs", text).len(), 1, "{text}");
    }
    assert_eq!(complaints("plan/mod.rs", "use super::runtime::x;").len(), 1);
}

#[test]
fn imports_from_below_and_within_are_fine() {
    let fine = [
        "use crate::plan::Step;\nuse crate::{model::Model, units::Nanos};",
        "use super::tables::Plan; // crate::report is not meant",
        "mod tests {\n    use super::super::tables::Plan;\n}",
        "let text = \"crate::cli\";",
    ];
    for text in fine {
        assert!(complaints("plan/lower.rs", text).is_empty(), "{text}");
    }
}

#[test]
fn a_name_on_no_floor_is_told() {
    assert_eq!(complaints("plan/lower.rs", "use crate::toolbox::x;").len(), 1);
    assert_eq!(without_floor(&Source::new("toolbox/mod.rs", "")).len(), 1);
    assert!(without_floor(&Source::new("lib.rs", "")).is_empty());
}
