//! Author's text made safe to print: what a terminal would obey or hide is drawn instead.

/// `text` with every control, zero-width and direction-changing character drawn as a mark.
pub fn visible(text: &str) -> String {
    text.chars().map(drawn).collect()
}

/// `text` between backquotes, made visible and cut to a length that fits a message.
pub fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let cut: String = text.chars().take(MOST).map(drawn).collect();
    let dots = if text.chars().nth(MOST).is_some() { "…" } else { "" };
    format!("`{cut}{dots}`")
}

/// How one character is drawn.
pub(super) fn drawn(character: char) -> String {
    let code = u32::from(character);
    match code {
        // The block of control pictures has a sign for each of the 32 controls, in order.
        0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('?').to_string(),
        0x7f => "\u{2421}".to_string(),
        _ if is_hidden(code) => format!("<U+{code:04X}>"),
        _ => character.to_string(),
    }
}

/// Columns that a drawn text takes on a terminal.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|character| column_count(u32::from(character))).sum()
}

/// C1 controls and the format characters of Unicode (category Cf, with the line separators):
/// invisible themselves, they change what is seen around them.
fn is_hidden(code: u32) -> bool {
    matches!(
        code,
        0x80..=0x9f
            | 0xad
            | 0x034f
            | 0x0600..=0x0605
            | 0x061c
            | 0x06dd
            | 0x070f
            | 0x115f..=0x1160
            | 0x180e
            | 0x200b..=0x200f
            | 0x2028..=0x202e
            | 0x2060..=0x206f
            | 0x3164
            | 0xfeff
            | 0xffa0
            | 0xfff9..=0xfffb
            | 0x1d173..=0x1d17a
            | 0xe0000..=0xe0fff
    )
}

/// East Asian wide characters and emoji take two columns, combining marks none
/// (Unicode annex 11, by its large blocks).
fn column_count(code: u32) -> usize {
    match code {
        0x0300..=0x036f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_drawn() {
        assert_eq!(visible("a\u{1b}[31mb\tc\0"), "a␛[31mb␉c␀");
        assert_eq!(visible("x\u{202e}y\u{200b}z\u{9b}"), "x<U+202E>y<U+200B>z<U+009B>");
        assert_eq!(visible("größe 測 🙂"), "größe 測 🙂");
    }

    #[test]
    fn a_long_value_is_cut_in_a_message() {
        assert_eq!(quoted("short"), "`short`");
        assert_eq!(quoted(&"x".repeat(1000)), format!("`{}…`", "x".repeat(60)));
    }

    #[test]
    fn wide_characters_count_two_columns() {
        assert_eq!(columns("ab測🙂e\u{301}"), 7);
    }
}
