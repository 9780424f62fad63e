//! Texts that are no scenario, or mean harm: refused with a place, in bounded time and memory.

use super::*;
use crate::model::Span;
use crate::scenario::{Document, SizeLimit};

/// Code and place of the first mistake.
fn first(text: impl AsRef<[u8]>) -> (&'static str, u32, u32) {
    let refused = mistakes(text);
    let diagnostic = &refused.diagnostics[0];
    // Drawing it must not fail either.
    assert!(refused.to_string().starts_with("error["));
    (diagnostic.code.text(), diagnostic.span.line, diagnostic.span.column)
}

#[test]
fn a_text_with_nothing_in_it_says_so() {
    for text in ["", "\n\n", "# only a comment\n", "---\n", "~", "---\n...\n"] {
        assert_eq!(first(text), ("empty-scenario", 1, 1), "{text:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    assert_eq!(first(b"name: shop\nabout: \xff\xfe\n"), ("not-utf8", 2, 8));
    assert_eq!(first(b"\x7fELF\x02\x01\x01\x00\x00"), ("control-character", 1, 1));
    assert_eq!(first("a: b\0c\n"), ("control-character", 1, 5));
    assert_eq!(first("name: \u{1b}[31mred\n"), ("control-character", 1, 7));
    assert_eq!(first([0xff, 0xfe, b'a', 0]), ("not-utf8", 1, 1));
}

#[test]
fn a_tab_as_indentation_says_tab() {
    assert_eq!(first("cutline: 1\napplication:\n\tmodules: {}\n").0, "tab-indentation");
    assert_eq!(first("cutline: 1\napplication:\n  a:\n  \tmodules: {}\n").0, "tab-indentation");
}

#[test]
fn two_documents_are_refused_where_the_second_starts() {
    assert_eq!(first("cutline: 1\n---\ncutline: 1\n"), ("several-documents", 2, 1));
}

#[test]
fn a_key_twice_shows_both_places() {
    let refused = mistakes(SMALL.to_string() + "name: again\n");
    assert_eq!(summary(&refused.diagnostics[0], &refused), "duplicate-key 9 name");
    let second = Span { source: 0, line: 2, column: 1, length: 4 };
    assert_eq!(refused.diagnostics[0].secondary, [(second, "first here".to_string())]);
}

#[test]
fn keys_that_are_no_names_are_refused() {
    let key = |key: &str| first(changed(SMALL, "threads: 4", &format!("{key}: 4"))).0;
    assert_eq!(key("null"), "bad-key");
    assert_eq!(key("~"), "bad-key");
    assert_eq!(key("[ a, b ]"), "bad-key");
    assert_eq!(key("? { a: b }\n  "), "bad-key");
    assert_eq!(key("17"), "unknown-field");
    assert_eq!(key("\"\""), "unknown-field");
}

#[test]
fn a_bomb_of_aliases_is_refused_before_it_is_built() {
    let mut text = "a0: &a0 [ x, x, x, x, x, x, x, x, x ]\n".to_string();
    for level in 1..=9 {
        let alias = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [ {} ]\n", [alias.as_str(); 9].join(", "));
    }
    assert_eq!(first(&text).0, "too-large");
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(1000));
    assert_eq!(first(&long).0, "too-large");
}

#[test]
fn an_alias_of_what_it_stands_in_or_of_nothing_is_refused() {
    assert_eq!(first("a: &a [ *a ]\n"), ("alias-ring", 1, 9));
    assert_eq!(first("a: *nobody\n"), ("unknown-alias", 1, 4));
}

#[test]
fn nesting_beyond_the_limit_is_refused() {
    assert_eq!(first("[".repeat(10_000)).0, "too-deep");
    assert_eq!(first("{a: ".repeat(10_000)).0, "too-deep");
    assert_eq!(first("- ".repeat(10_000)).0, "too-deep");
    let block: String = (0..10_000).map(|depth| " ".repeat(depth % 1000) + "a:\n").collect();
    assert_eq!(first(&block).0, "too-deep");
    let mut steps = "[ cpu: 1ms ]".to_string();
    for _ in 0..60 {
        steps = format!("[ repeat: {{ times: 1, do: {steps} }} ]");
    }
    assert_eq!(first(changed(SMALL, "[ cpu: { exp: 1ms } ]", &steps)).0, "too-deep");
}

#[test]
fn nesting_within_the_limit_reads_and_is_dropped_without_harm() {
    let mut steps = "[ cpu: 1ms ]".to_string();
    for _ in 0..25 {
        steps = format!("[ repeat: {{ times: 1, do: {steps} }} ]");
    }
    assert_eq!(
        model(&changed(SMALL, "[ cpu: { exp: 1ms } ]", &steps)).application.operations.len(),
        1
    );
}

#[test]
fn a_text_beyond_the_limit_is_refused_with_the_limit() {
    let refused = mistakes(vec![b'a'; (16 << 20) + 1]);
    assert_eq!(refused.diagnostics[0].code.text(), "too-large");
    assert!(refused.diagnostics[0].message.contains("16 MiB"));
}

#[test]
fn the_limit_of_size_can_be_moved_and_its_message_names_the_flag() {
    let read = |bytes: u64| Document::parse_within(SizeLimit::of_text(bytes), SMALL, "test");
    assert!(read(SMALL.len() as u64 * 16).is_ok());
    let refused = read(SMALL.len() as u64 - 1).expect_err("it is larger");
    assert_eq!(refused.diagnostics[0].code.text(), "too-large");
    assert!(refused.to_string().contains("--size-limit"), "{refused}");
    // The text is within the limit, and its tree is not.
    let refused = read(SMALL.len() as u64).expect_err("it has too many nodes");
    assert!(refused.to_string().contains("--size-limit"), "{refused}");
}

#[test]
fn a_name_of_ten_megabytes_is_refused_and_not_repeated() {
    let name = "x".repeat(10 << 20);
    let refused = mistakes(changed(SMALL, "threads: 4", &format!("\"{name}\": 4")));
    assert!(refused.to_string().len() < 2000);
    let refused = mistakes(changed(SMALL, "call: a.go", &format!("call: {name}")));
    assert_eq!(refused.diagnostics[0].code.text(), "unknown-operation");
    assert!(refused.to_string().len() < 2000);
}

#[test]
fn a_thousand_mistakes_are_told_up_to_a_limit() {
    let fields: String = (0..10_000).map(|number| format!("x{number}: 1\n")).collect();
    let refused = mistakes(SMALL.to_string() + &fields);
    assert_eq!(refused.diagnostics.len(), 501);
    assert_eq!(refused.diagnostics[500].message, "9500 more mistakes are not shown");
}

#[test]
fn a_custom_tag_is_refused() {
    assert_eq!(first(changed(SMALL, "name: small", "name: !env NAME")), ("unknown-tag", 2, 7));
}

#[test]
fn names_that_attack_a_terminal_are_drawn_harmless() {
    let text = changed(SMALL, "threads: 4", "\"\\e[2J\u{202e}evil\u{200b}\": 4");
    let drawing = mistakes(text).to_string();
    assert!(!drawing.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{drawing}");
    assert!(drawing.contains("␛[2J<U+202E>evil<U+200B>"), "{drawing}");
}

#[test]
fn layouts_may_have_any_name() {
    for name in ["../../etc/x", "..", "con", "a\\nb", "<script>", "=cmd()", "🙂"] {
        let text = changed(SMALL, "{ one: {", &format!("{{ \"{name}\": {{"));
        assert_eq!(model(&text).layouts[0].name.value, name.replace("\\n", "\n"));
    }
    assert_eq!(first(changed(SMALL, "{ one: {", "{ \"\": {")).0, "bad-name");
}

#[test]
fn many_layouts_that_extend_each_other_in_a_chain_read() {
    let chain: String = (1..1000)
        .map(|number| format!("  l{number}: {{ extends: l{} }}\n", number - 1))
        .rev()
        .collect();
    let layouts = format!("layouts:\n{chain}  l0: {{ services: {{ a: {{ cpu: 2 }} }} }}\n");
    let text =
        changed(SMALL, "layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }\n", &layouts);
    assert_eq!(model(&text).layouts.len(), 1000);
}

#[test]
fn no_cut_of_a_good_text_breaks_the_reader() {
    for end in (0..SHOP.len()).step_by(7) {
        let refused = read_text(&SHOP[..end]);
        if let Err(refused) = refused {
            assert!(!refused.to_string().is_empty());
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(300))]
    /// Any change of one stretch of a good text reads or is refused; nothing panics.
    #[test]
    fn any_change_of_a_good_text_reads_or_is_refused(
        at in 0..SHOP.len(), length in 0..40usize, new in "[ -~\\n\\t{}\\[\\]:&*é\\x1b]{0,12}"
    ) {
        let end = (at + length).min(SHOP.len());
        let bytes = [&SHOP.as_bytes()[..at], new.as_bytes(), &SHOP.as_bytes()[end..]].concat();
        if let Err(refused) = read(bytes, "test.yaml", &[], &no_files) {
            proptest::prop_assert!(refused.to_string().starts_with("error[") || refused.to_string().starts_with("warning["));
        }
    }

    /// The same for any bytes.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        if let Err(refused) = read(bytes, "bytes", &[], &no_files) {
            proptest::prop_assert!(!refused.diagnostics.is_empty());
        }
    }
}
