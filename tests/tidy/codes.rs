//! Codes of diagnostics are variants of one enum: nowhere are they written as texts.

use cutline::scenario::Code;

use super::source::Source;

/// The list, the one place that has their texts.
const LIST: &str = "scenario/code/list.rs";
/// How a field, a parameter or a message would hold a code that is a text.
const TEXTS: [&str; 3] = ["code: String", "code: &str", "code: &'static str"];

/// Every line with a code, or with something that holds one, as a text.
pub(super) fn written_as_texts(source: &Source) -> Vec<String> {
    if source.path == LIST {
        return Vec::new();
    }
    let written: Vec<&str> = source.text.lines().collect();
    let mut complaints = Vec::new();
    for (line, code, test) in source.lines() {
        let text = written[line - 1];
        if test || text.trim_start().starts_with("//") {
            continue;
        }
        // A code of one word, such as `limit`, is a word that other texts have too: its type holds it.
        let quoted = Code::ALL.iter().map(|code| format!("\"{code}\""));
        let quoted = quoted.filter(|quoted| quoted.contains('-') && text.contains(quoted));
        let marks = ["error[", "warning[", "remark["].map(str::to_owned);
        let marks = marks.into_iter().filter(|mark| text.contains(mark) && !code.contains(mark));
        let held = TEXTS.iter().filter(|held| code.contains(**held)).map(|held| (*held).to_owned());
        let found = quoted.chain(marks).chain(held);
        complaints.extend(found.map(|found| format!("{}:{line}: {found}", source.path)));
    }
    complaints
}

/// Whether something outside of the list and of tests makes a diagnostic with the code.
pub(super) fn is_told(code: Code, sources: &[Source]) -> bool {
    let made = format!("Code::{code:?}");
    let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric());
    let makes =
        |text: &str| text.match_indices(&made).any(|(at, _)| ends(&text[at + made.len()..]));
    let mut others = sources.iter().filter(|source| source.path != LIST);
    others.any(|source| source.lines().iter().any(|(_, line, test)| !test && makes(line)))
}

#[test]
fn a_code_that_is_written_as_a_text_is_found() {
    let complaints = |text: &str| written_as_texts(&Source::new("plan/lower.rs", text)).len();
    assert_eq!(complaints("let a = \"unknown-field\";"), 1);
    assert_eq!(complaints("let a = format!(\"error[point]: {b}\");"), 1);
    assert_eq!(complaints("struct A {\n    code: &'static str,\n}"), 1);
    assert_eq!(complaints("fn a(code: &str) {}"), 1);
    let fine =
        "let a = Code::UnknownField;\n// \"unknown-field\"\nlet b = \"limit\";\nlet c = error[0];";
    assert_eq!(complaints(fine), 0);
    assert_eq!(complaints("#[cfg(test)]\nmod tests {\n    let a = \"unknown-field\";\n}"), 0);
}

#[test]
fn a_code_that_only_tests_name_is_not_told() {
    let told = |path: &str, text: &str| is_told(Code::Limit, &[Source::new(path, text)]);
    assert!(told("study/run.rs", "let a = Code::Limit;"));
    assert!(!told("study/run.rs", "let a = Code::Limits;"));
    assert!(!told("study/run.rs", "#[cfg(test)]\nmod tests {\n    let a = Code::Limit;\n}"));
    assert!(!told(LIST, "let a = Code::Limit;"));
}
