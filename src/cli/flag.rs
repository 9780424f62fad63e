//! Mistakes in flags, drawn where they stand in what was given.

use super::Failure;
use crate::model::Span;
use crate::scenario::{Code, Diagnostic, Refused, Sources};
use crate::units::UnitError;

/// A mistake in `part` of the `text` that a flag was given.
pub(super) fn mistaken(flag: &str, text: &str, part: &str, mut diagnostic: Diagnostic) -> Failure {
    let mut sources = Sources::default();
    let source = sources.add(flag, text);
    diagnostic.span = place(source, text, part);
    Refused { diagnostics: vec![diagnostic], sources }.into()
}

/// A text that is no quantity.
pub(super) fn no_quantity(flag: &str, text: &str, error: &UnitError) -> Failure {
    let is_bare = text.trim().parse::<f64>().is_ok();
    let code = if is_bare { Code::MissingUnit } else { Code::BadValue };
    let diagnostic = Diagnostic::new(code, &*error.problem, Span::NOWHERE).hint(&*error.hint);
    mistaken(flag, text, text, diagnostic)
}

/// Where the last `part` of a text stands; all of the text where it does not stand there as it is.
pub(super) fn place(source: u32, text: &str, part: &str) -> Span {
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let (before, part) = match text.rfind(part) {
        Some(at) if !part.is_empty() => (&text[..at], part),
        _ => ("", text),
    };
    Span { source, line: 1, column: count(before) + 1, length: count(part) }
}
