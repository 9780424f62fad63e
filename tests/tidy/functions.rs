//! How long a function may be.

use super::exceptions::Complaint;
use super::source::Source;

/// Most lines from `fn` to its closing brace: what a reader keeps in mind, and a screen holds nearly.
const MOST_LINES: usize = 70;
/// Functions, as `file name`, that are still longer.
pub(super) const KNOWN: &[&str] = &[];

/// Functions outside tests that are too long.
pub(super) fn too_long(source: &Source) -> Vec<Complaint> {
    let lines = source.lines();
    let mut found = Vec::new();
    for (index, (line, code, test)) in lines.iter().enumerate() {
        let Some(name) = declared(code) else { continue };
        let indent = &code[..code.len() - code.trim_start().len()];
        let count = length(indent, lines[index..].iter().map(|(_, code, _)| *code));
        if !test && count > MOST_LINES {
            let text = format!("{}:{line}: `{name}` has {count} lines", source.path);
            found.push(Complaint { about: format!("{} {name}", source.path), text });
        }
    }
    found
}

/// The name of the function that a line of code begins.
fn declared(code: &str) -> Option<&str> {
    let mut words = code.split_whitespace().take_while(|word| {
        let modifier = ["const", "async", "fn", "pub", "in"].contains(word);
        modifier || word.starts_with("pub(") || word.ends_with(')')
    });
    words.find(|word| *word == "fn")?;
    let (_, name) = code.split_once("fn ")?;
    name.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()
}

/// Lines from the first one to the one that closes the function. Sources are formatted, so its body opens
/// at the end of a line and closes in the function's own column; one without a body ends in a semicolon.
fn length<'a>(indent: &str, lines: impl Iterator<Item = &'a str>) -> usize {
    let mut open = false;
    let mut count = 0;
    for line in lines {
        count += 1;
        open |= line.ends_with('{');
        let ends_without_block = !open && line.ends_with([';', '}']);
        let closes = open && line.strip_prefix(indent) == Some("}");
        if ends_without_block || closes {
            break;
        }
    }
    count
}

fn function(opening: &str, lines: usize) -> String {
    format!("{opening}\n{}}}\nfn next() {{}}\n", "    a();\n".repeat(lines - 2))
}

fn complaints(text: &str) -> Vec<String> {
    too_long(&Source::new("plan/lower.rs", text)).into_iter().map(|found| found.about).collect()
}

#[test]
fn a_function_of_seventy_one_lines_is_found_however_it_is_declared() {
    for opening in ["fn a() {", "pub(super) const fn a() {", "pub(in crate::plan) async fn a() {"] {
        assert_eq!(complaints(&function(opening, 71)), ["plan/lower.rs a"], "{opening}");
        assert!(complaints(&function(opening, 70)).is_empty(), "{opening}");
    }
    let broken = function("fn a(\n    b: u8,\n) -> u8 {", 71);
    assert_eq!(complaints(&broken).len(), 1);
    let method = format!("impl A {{\n{}}}\n", function("fn a() {", 71).replace('\n', "\n    "));
    assert_eq!(complaints(&method.replace("impl A {\n", "impl A {\n    ")).len(), 1);
}

#[test]
fn tests_short_functions_and_those_without_a_body_are_fine() {
    let after = "    b();\n".repeat(90);
    for text in [
        format!("#[cfg(test)]\nmod tests {{\n    {}}}\n", function("fn a() {", 90)),
        format!("trait A {{\n    fn a(\n        &self,\n    ) -> u8;\n{after}}}\n"),
        format!("impl A {{\n    fn a() {{}}\n    fn b() -> u8 {{ 1 }}\n{after}}}\n"),
        format!("// fn a() {{\n{after}"),
        format!("let call: fn(u8) -> u8 = a;\n{after}"),
    ] {
        assert!(complaints(&text).is_empty(), "{text}");
    }
}
