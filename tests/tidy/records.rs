//! A figure that a record has is restarted and merged: the compiler holds it, as long as nobody writes `..`.

use super::source::Source;

/// What a restart or a merge leaves out by `..`, and a record that is not made by `record!`, which writes both.
pub(super) fn figures_left_out(source: &Source) -> Vec<String> {
    if source.floor() != "measure" {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    let mut until: Option<String> = None;
    let mut in_record = false;
    for (line, code, test) in source.lines() {
        let bare = code.trim_start();
        let indent = &code[..code.len() - bare.len()];
        if test {
            continue;
        }
        if until.is_none() && is_restart_or_merge(bare) && code.ends_with('{') {
            until = Some(format!("{indent}}}"));
        }
        // A pattern ends in `..`; before an expression it is a struct that takes the rest from another.
        let is_rest = bare == ".." || code.contains(", .. }") || code.contains("{ .. }");
        if is_rest || (until.is_some() && code.contains("..")) {
            complaints.push(format!("{}:{line}: `..` leaves figures out", source.path));
        }
        if until.as_deref() == Some(code) {
            until = None;
        }
        in_record = (in_record || code == "record! {") && code != "}";
        if is_record(bare) && !in_record {
            complaints
                .push(format!("{}:{line}: a record that `record!` does not make", source.path));
        }
    }
    complaints
}

fn is_restart_or_merge(bare: &str) -> bool {
    let bare = bare.strip_prefix("pub ").unwrap_or(bare);
    ["fn restart(", "fn merge("].iter().any(|start| bare.starts_with(start))
}

fn is_record(bare: &str) -> bool {
    let name = bare.strip_prefix("pub struct ").and_then(|rest| rest.split([' ', '<', '(']).next());
    // The macro itself writes `$Record`.
    name.is_some_and(|name| name.ends_with("Record") && !name.starts_with('$'))
}

fn complaints(text: &str) -> usize {
    figures_left_out(&Source::new("measure/outcome.rs", text)).len()
}

#[test]
fn a_figure_left_out_of_a_merge_or_a_restart_is_found() {
    let merge = |body: &str| {
        format!("impl A {{\n    fn merge(&mut self, other: &A) {{\n        {body}\n    }}\n}}\n")
    };
    assert_eq!(complaints(&merge("let A { one, .. } = other;")), 1);
    assert_eq!(
        complaints(&merge("let A {\n            one,\n            ..\n        } = other;")),
        1
    );
    assert_eq!(complaints(&merge("*self = A { one: self.one, ..A::default() };")), 1);
    assert_eq!(complaints(&merge("let A { one, two } = other;")), 0);
    let restart = merge("*self = A { one, ..fresh };").replace("fn merge", "pub fn restart");
    assert_eq!(complaints(&restart), 1);
    // Elsewhere the rest may come from another, but no pattern may leave it out.
    assert_eq!(complaints(&merge("A { one, ..A::default() }").replace("fn merge", "fn new")), 0);
    assert_eq!(complaints("fn sum(a: &A) {\n    let A { one, .. } = a;\n}\n"), 1);
    assert!(
        figures_left_out(&Source::new("study/run.rs", &merge("let A { .. } = other;"))).is_empty()
    );
}

#[test]
fn a_record_written_by_hand_is_found() {
    assert_eq!(complaints("pub struct CacheRecord {\n    pub hits: Count,\n}\n"), 1);
    let made = "record! {\n    pub struct CacheRecord {\n        pub hits: Count,\n    }\n}\n";
    assert_eq!(complaints(made), 0);
    assert_eq!(complaints(&format!("{made}\npub struct DiskRecord(u64);\n")), 1);
    assert_eq!(complaints("macro_rules! record {\n    () => {\n        pub struct $Record {\n"), 0);
}
