//! Bytes that come from outside as text.

use super::{Code, Diagnostic, SizeLimit, Sources};
use crate::model::Span;
use crate::units::Bytes;

/// What a text is expected to be.
pub(super) const SCENARIO: &str = "a scenario";

/// Bytes as text without a byte-order mark, or why they are none, with a text to draw the place. `what`: what the
/// text should be, with its article.
pub(super) fn as_text<'b>(
    bytes: &'b [u8],
    limit: SizeLimit,
    what: &str,
) -> Result<&'b str, (String, Box<Diagnostic>)> {
    let refuse = |shown: &str, code, message: String, span, hint: &str| {
        Err((shown.to_string(), Box::new(Diagnostic::new(code, message, span).hint(hint))))
    };
    if bytes.len() > limit.bytes() {
        let message =
            format!("the text is larger than the limit of {}", Bytes(limit.bytes() as u64));
        let hint = format!("is this {what}? --size-limit raises the limit");
        return refuse("", Code::TooLarge, message, Span::NOWHERE, &hint);
    }
    if let Some((name, shown)) = wide(bytes) {
        let message = format!("the text is {name}, and not UTF-8");
        let hint = "save the file as UTF-8: editors have it under `Save with encoding`, and \
                    PowerShell writes it with `-Encoding utf8`";
        let span = Span { source: 0, line: 1, column: 1, length: 1 };
        return refuse(&shown, Code::NotUtf8, message, span, hint);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let shown = format!("{valid}\u{fffd}");
            let message = format!("byte {} is no UTF-8 text", error.valid_up_to() + 1);
            let hint = format!("save the file as UTF-8; is this {what}?");
            return refuse(&shown, Code::NotUtf8, message, last_character(&shown), &hint);
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let control = |character: char| character.is_control() && !"\n\r\t\u{85}".contains(character);
    match text.find(control) {
        None => Ok(text),
        Some(position) => {
            let end = position + text[position..].chars().next().map_or(1, char::len_utf8);
            let message = "the text has a control character".to_string();
            let escape = ", or write it as an escape in double quotes";
            let escape = if what == SCENARIO { escape } else { "" };
            let hint = format!("remove it{escape}; is this {what}?");
            refuse(text, Code::ControlCharacter, message, last_character(&text[..end]), &hint)
        }
    }
}

/// What the bytes are if they are text of two or four bytes a character, and the first of it as text: by their
/// mark, or by their zeros, of which other text has none.
fn wide(bytes: &[u8]) -> Option<(&'static str, String)> {
    const SHOWN: usize = 400;
    let (name, width, low) = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [_, 0, 0, 0, ..] => ("UTF-32", 4, 0),
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, _, ..] => ("UTF-32", 4, 3),
        [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0, ..] => ("UTF-16", 2, 0),
        [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] => ("UTF-16", 2, 1),
        _ => return None,
    };
    let place = if low == 0 { 0 } else { width - 2 };
    let unit = |part: &[u8]| match (part.get(place), part.get(place + 1)) {
        (Some(one), Some(other)) if low == 0 => u16::from_le_bytes([*one, *other]),
        (Some(one), Some(other)) => u16::from_be_bytes([*one, *other]),
        _ => 0xfffd,
    };
    let units: Vec<u16> = bytes.chunks(width).take(SHOWN).map(unit).collect();
    let shown = String::from_utf16_lossy(&units);
    Some((name, shown.trim_start_matches('\u{feff}').to_string()))
}

/// The place of the last character of a text.
fn last_character(text: &str) -> Span {
    let mut sources = Sources::default();
    let source = sources.add("", text);
    let line = (1..).take_while(|line| sources.line(source, *line).is_some()).last().unwrap_or(1);
    let width = sources.line(source, line).map_or(1, |line| line.chars().count());
    Span { source: 0, line, column: u32::try_from(width).unwrap_or(u32::MAX), length: 1 }
}
