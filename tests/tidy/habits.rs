//! What is never written, how long a file may be, how it opens and what it may be called.

use super::source::Source;

/// Most lines of a file before its tests.
const MOST_LINES: usize = 400;
/// Never outside tests; `unsafe` never at all.
const NEVER: [&str; 8] = [
    ".unwrap()",
    ".expect(",
    "todo!",
    "unimplemented!",
    "dbg!",
    "process::exit",
    "println!(",
    "print!(",
];
/// Names that say nothing about what is in a file.
const NOTHING: [&str; 8] =
    ["utils", "util", "common", "helpers", "helper", "manager", "misc", "shared"];

/// A file beyond the lines a reader keeps in mind.
pub(super) fn too_long(source: &Source) -> Vec<String> {
    let lines = source.lines_before_tests();
    let complaint = || format!("{}: {lines} lines before its tests", source.path);
    if lines > MOST_LINES { vec![complaint()] } else { Vec::new() }
}

/// Every line with something that is never written.
pub(super) fn never_written(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    for (line, code, test) in source.lines() {
        let found = NEVER.iter().filter(|never| !test && code.contains(**never));
        let found = found.chain(has_word(code, "unsafe").then_some(&"unsafe"));
        complaints.extend(found.map(|never| format!("{}:{line}: {never}", source.path)));
    }
    complaints
}

/// Every map or set with a hidden order that no allowance with its reason stands over.
pub(super) fn unexplained_hash_maps(source: &Source) -> Vec<String> {
    let written: Vec<&str> = source.text.lines().collect();
    let hashed = |code: &str| has_word(code, "HashMap") || has_word(code, "HashSet");
    let lines = source.lines().into_iter();
    let lines = lines.filter(|(_, code, _)| hashed(code));
    let unexplained = lines.filter(|(line, _, _)| {
        let above = &written[line.saturating_sub(6)..line - 1];
        let allowed = above.iter().any(|line| line.contains("allow(clippy::disallowed_types)"));
        let reason = above.iter().any(|line| line.trim().starts_with("//"));
        !(allowed && reason)
    });
    unexplained
        .map(|(line, _, _)| format!("{}:{line}: a hidden order without its reason", source.path))
        .collect()
}

/// A file or folder whose name says nothing.
pub(super) fn named_after_nothing(source: &Source) -> Vec<String> {
    let parts = source.path.trim_end_matches(".rs").split('/');
    parts
        .filter(|part| NOTHING.contains(part))
        .map(|part| format!("{}: `{part}` names nothing", source.path))
        .collect()
}

/// A file that does not say first what it is for.
pub(super) fn without_opening(source: &Source) -> Vec<String> {
    if source.text.starts_with("//! ") {
        Vec::new()
    } else {
        vec![format!("{}: does not open with `//! …`", source.path)]
    }
}

fn has_word(code: &str, word: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(part) && !code[at + word.len()..].starts_with(part))
}

fn source(text: &str) -> Source {
    Source::new("plan/lower.rs", text)
}

#[test]
fn lines_are_counted_up_to_the_tests() {
    let long = "let a = 1;\n".repeat(401);
    assert_eq!(too_long(&source(&long)).len(), 1);
    let tested = format!("#[cfg(test)]\nmod tests {{\n{long}}}\n");
    assert!(too_long(&source(&tested)).is_empty());
}

#[test]
fn what_is_never_written_is_found_outside_tests_only() {
    for text in [
        "let a = b.unwrap();",
        "let a = b.expect(\"c\");",
        "todo!()",
        "unsafe { a() }",
        "println!(\"a\");",
    ] {
        assert_eq!(never_written(&source(text)).len(), 1, "{text}");
    }
    let test = "#[cfg(test)]\nmod tests {\n    let a = b.unwrap();\n}\n";
    assert!(never_written(&source(test)).is_empty());
    let unsafe_test = test.replace("let a = b.unwrap()", "unsafe { a() }");
    assert_eq!(never_written(&source(&unsafe_test)).len(), 1);
    let fine = "let a = b.unwrap_or(0); // never .unwrap()\nlet b = \"todo!\";";
    assert!(never_written(&source(fine)).is_empty());
}

#[test]
fn a_hash_map_needs_an_allowance_and_a_reason() {
    let plain = "struct A;\ntype B = HashMap<u8, u8>;";
    assert_eq!(unexplained_hash_maps(&source(plain)).len(), 1);
    let allowed = "#[allow(clippy::disallowed_types)]\ntype B = HashMap<u8, u8>;";
    assert_eq!(unexplained_hash_maps(&source(allowed)).len(), 1);
    let told = format!("// Never walked through.\n{allowed}");
    assert!(unexplained_hash_maps(&source(&told)).is_empty());
}

#[test]
fn names_that_say_nothing_and_missing_openings_are_found() {
    assert_eq!(named_after_nothing(&Source::new("plan/utils.rs", "")).len(), 1);
    assert_eq!(named_after_nothing(&Source::new("common/x.rs", "")).len(), 1);
    assert!(named_after_nothing(&Source::new("plan/lower.rs", "")).is_empty());
    assert_eq!(without_opening(&source("use a;\n")).len(), 1);
    assert!(without_opening(&source("//! Lowers.\n")).is_empty());
}
