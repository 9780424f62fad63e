//! What grows is matched arm by arm: a new step, answer or event must make the compiler ask at every place
//! that knows them what it means there.

use super::exceptions::Complaint;
use super::source::Source;

/// Enums whose matches have no catch-all arm. `matches!`, `if let` and `let … else` may ask for one case.
const EXHAUSTIVE: [&str; 9] =
    ["Step", "Action", "Kind", "Answer", "Happening", "Wait", "Upon", "What", "Target"];
/// Files that still have some.
pub(super) const KNOWN: &[&str] = &[];

/// Catch-all arms, outside tests, in matches on enums that grow.
pub(super) fn arms(source: &Source) -> Vec<Complaint> {
    let code = source.code_outside_tests();
    let mut found = Vec::new();
    for (at, body) in matches(&code) {
        let patterns = patterns(body);
        let Some(name) = EXHAUSTIVE.iter().find(|name| patterns.iter().any(|p| names(p, name)))
        else {
            continue;
        };
        for pattern in patterns.iter().filter(|pattern| catches_all(pattern)) {
            let line = code[..at].lines().count();
            let text = format!(
                "{}:{line}: a match on `{name}` has an arm `{}` for all the rest",
                source.path,
                pattern.trim()
            );
            found.push(Complaint { about: source.path.clone(), text });
        }
    }
    found
}

fn part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether a pattern names a case of an enum.
fn names(pattern: &str, name: &str) -> bool {
    let path = format!("{name}::");
    pattern.match_indices(&path).any(|(at, _)| !pattern[..at].ends_with(part))
}

/// (where it begins, what stands between its braces) of every `match`.
fn matches(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("match") {
        let rest = &code[at + word.len()..];
        if code[..at].ends_with(part) || !rest.starts_with([' ', '\n', '(']) {
            continue;
        }
        if let Some(begin) = outside_brackets(rest, |rest| rest.starts_with('{')) {
            let body = &rest[begin + 1..];
            let end = outside_brackets(body, |rest| rest.starts_with('}'));
            found.push((at, &body[..end.unwrap_or(body.len())]));
        }
    }
    found
}

/// Where the rest of a text, outside all its brackets, first is what is looked for.
fn outside_brackets(text: &str, sought: impl Fn(&str) -> bool) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        if depth == 0 && sought(&text[at..]) {
            return Some(at);
        }
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The patterns of the arms of a match, with their guards.
fn patterns(body: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(arrow) = outside_brackets(rest, |rest| rest.starts_with("=>")) {
        found.push(&rest[..arrow]);
        let value = rest[arrow + 2..].trim_start();
        let end = if let Some(block) = value.strip_prefix('{') {
            let close = outside_brackets(block, |rest| rest.starts_with('}'));
            close.map_or(value.len(), |close| close + 2)
        } else {
            outside_brackets(value, |rest| rest.starts_with(',')).unwrap_or(value.len())
        };
        rest = value[end..].trim_start_matches(',');
    }
    found
}

/// Whether a pattern takes every value, a guard apart: `_`, a name, or these within `Some` or a tuple.
fn catches_all(pattern: &str) -> bool {
    let pattern = pattern.split_once(" if ").map_or(pattern, |(pattern, _)| pattern).trim();
    let pattern = ["&", "ref ", "mut "].iter().fold(pattern, |p, word| p.trim_start_matches(word));
    if let Some(inner) = pattern.strip_suffix(')') {
        let inner = ["Some(", "Ok(", "("].iter().find_map(|opening| inner.strip_prefix(opening));
        return inner.is_some_and(|inner| inner.split(',').all(catches_all));
    }
    let mut cases = pattern.split('|');
    let any = |case: &str| {
        let case = case.trim();
        case.starts_with(|first: char| first.is_lowercase() || first == '_')
            && case.chars().all(part)
            && !["true", "false"].contains(&case)
    };
    cases.any(any)
}

fn complaints(text: &str) -> usize {
    arms(&Source::new("plan/visits.rs", text)).len()
}

#[test]
fn an_arm_for_all_the_rest_is_found_however_it_is_written() {
    for arm in ["_", "_ if a > 1", "other", "&other", "Step::B | _", "Some(_)", "(_, other)"] {
        let text =
            format!("match step {{\n    Step::A {{ b, .. }} => {{ c() }}\n    {arm} => d,\n}}");
        assert_eq!(complaints(&text), 1, "{arm}");
    }
    let within = "match a {\n    X::A => match f(|x| { x }) {\n        plan::Action::B(c) => {}\n        _ => {}\n    },\n    X::B => {}\n}";
    assert_eq!(complaints(within), 1);
    let pair =
        "match (a, b) {\n    (Answer::Ok, Some(x)) if x > 1 => f(x, 2),\n    (_, _) => 3,\n}";
    assert_eq!(complaints(pair), 1);
}

#[test]
fn matches_on_anything_else_and_single_questions_are_fine() {
    for text in [
        "match a {\n    Other::A => 1,\n    _ => 2,\n}",
        "match a {\n    FirstStep::A => 1,\n    _ => 2,\n}",
        "match step {\n    Step::A => match n {\n        1 => Step::B,\n        _ => Step::C,\n    },\n    Step::B | Step::C => x,\n}",
        "match step {\n    Step::A(_) => 1,\n    Step::B { c: _, .. } => 2,\n    None => 3,\n}",
        "matches!(step, Step::A | Step::B)",
        "if let Step::A = step {}\nlet Step::A(b) = step else { return };",
        "let rematch = Step::A;",
        "#[cfg(test)]\nmod tests {\n    fn a() {\n        match b {\n            Step::A => 1,\n            _ => 2,\n        }\n    }\n}",
    ] {
        assert_eq!(complaints(text), 0, "{text}");
    }
}
