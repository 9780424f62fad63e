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

/// The place of the last character of a text.
fn last_character(text: &str) -> Span {
    let mut sources = Sources::default();
    let source = sources.add("", text);
    let line = (1..).take_while(|line| sources.line(source, *line).is_some()).last().unwrap_or(1);
    let width = sources.line(source, line).map_or(1, |line| line.chars().count());
    Span { source: 0, line, column: u32::try_from(width).unwrap_or(u32::MAX), length: 1 }
}
