//! Names an author chose, made safe to show: no control character reaches a terminal, no invisible
//! or direction-turning character hides what a name is, no cell runs as a formula.

use std::fmt::Write;

/// A name on one line with every control, invisible or direction-turning character written as its
/// escape (`\n`, `\u{1b}`, `\u{202e}`), so that terminals, SVG readers and people see what it is.
pub(super) fn shown(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        if is_hidden(letter) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{}", letter.escape_default());
        } else {
            text.push(letter);
        }
    }
    text
}

/// Characters that act instead of being seen: controls, zero-width and bidirectional signs, and
/// code points that XML 1.0 forbids.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            u32::from(letter),
            0xAD | 0x61C
                | 0x180E
                | 0x200B..=0x200F
                | 0x2028..=0x202E
                | 0x2060..=0x206F
                | 0xFEFF
                | 0xFFF9..=0xFFFB
                | 0xFFFE
                | 0xFFFF
                | 0xE0000..=0xE007F
        )
}

/// A text cell of a CSV that no spreadsheet takes for a formula: one that would start with `=`,
/// `+`, `-`, `@`, tab or carriage return gets an apostrophe in front (OWASP, CSV injection).
pub(super) fn cell(text: &str) -> String {
    let dangerous =
        text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if dangerous { format!("'{text}") } else { text.to_owned() }
}

/// At most `width` characters; the middle of a longer text becomes `…`, because the ends of
/// generated names differ more often than their middles.
pub(super) fn shortened(text: &str, width: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= width {
        return text.to_owned();
    }
    let kept = width.saturating_sub(1);
    let tail = kept / 3;
    let head = kept - tail;
    letters[..head].iter().chain(&['…']).chain(&letters[letters.len() - tail..]).collect()
}

/// A name as one part of a file's name: as it is where it has nothing but small letters of any writing, digits, `-`
/// and `_`; else what is left of it with a `~` and a number, so that distinct names stay distinct.
pub(super) fn file_part(name: &str) -> String {
    const LONGEST: usize = 40;
    let is_plain = |letter: char| {
        (letter.is_alphanumeric() && !letter.is_uppercase()) || "-_".contains(letter)
    };
    let kept: String = name.chars().take(LONGEST).filter(|letter| is_plain(*letter)).collect();
    if kept == name && !kept.is_empty() {
        return kept;
    }
    format!("{kept}~{:016x}", crate::random::Key(0).named(name).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_escape_in_a_name_is_printed_harmless() {
        assert_eq!(shown("a\u{1b}[31mb\nc\td\0"), "a\\u{1b}[31mb\\nc\\td\\u{0}");
        assert_eq!(shown("\u{9b}2J"), "\\u{9b}2J");
    }

    #[test]
    fn invisible_and_turning_characters_are_visible() {
        assert_eq!(shown("pay\u{202e}lap\u{200b}"), "pay\\u{202e}lap\\u{200b}");
        assert_eq!(shown("größe 大小"), "größe 大小");
    }

    #[test]
    fn a_cell_that_looks_like_a_formula_is_guarded() {
        for start in ["=cmd()", "+1", "-1", "@x", "\tx"] {
            assert_eq!(cell(start), format!("'{start}"));
        }
        assert_eq!(cell("orders=2"), "orders=2");
    }

    #[test]
    fn a_long_name_keeps_both_ends() {
        assert_eq!(shortened("abcdefghij", 7), "abcd…ij");
        assert_eq!(shortened("abcdefg", 7), "abcdefg");
        assert_eq!(shortened("abc", 1), "…");
    }

    #[test]
    fn letters_of_any_writing_stay_in_the_name_of_a_file_and_distinct_names_stay_distinct() {
        assert_eq!(file_part("größe"), "größe");
        assert_eq!(file_part("注文"), "注文");
        let names = ["注文 a", "注文-a", "注文/a", "Größe", "größe", "gro\u{308}ße", ""];
        let parts: std::collections::BTreeSet<String> =
            names.iter().map(|name| file_part(name)).collect();
        assert_eq!(parts.len(), names.len(), "{parts:?}");
        assert!(parts.iter().all(|part| !part.contains(['/', ' ']) && !part.is_empty()));
    }
}
