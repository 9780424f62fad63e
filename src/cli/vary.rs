//! What varies, as `--vary` gives it: paths with their values, and mistakes placed in what was given.

use std::collections::BTreeSet;

use super::{Failure, flag, load};
use crate::model::{Span, Variation};
use crate::scenario::{Code, Diagnostic, Refused, quoted, values};

const FLAG: &str = "--vary";

/// The variations of these texts, in order.
pub(super) fn variations(texts: &[String]) -> Result<Vec<Variation>, Failure> {
    let mut paths = BTreeSet::new();
    let mut variations = Vec::new();
    for text in texts {
        let (path, range) = load::split(text, FLAG)?;
        let mistake = |part: &str, message: String, hint: String| {
            let diagnostic = Diagnostic::new(Code::BadValues, message, Span::NOWHERE).hint(hint);
            flag::mistaken(FLAG, text, part, diagnostic)
        };
        if !paths.insert(path.clone()) {
            let message = format!("{} varies twice", quoted(&path));
            return Err(mistake(&path, message, "give all its values to one --vary".to_string()));
        }
        let values = values(&range).map_err(|error| mistake(&range, error.problem, error.hint))?;
        variations.push(Variation { path, values });
    }
    Ok(variations)
}

/// Mistakes of a point of the grid, moved from the edits that it was made of to what was given.
pub(super) fn placed(mut refused: Refused, texts: &[String]) -> Refused {
    let mut sources = refused.sources.clone();
    for diagnostic in &mut refused.diagnostics {
        let span = diagnostic.span;
        let edit = refused.sources.text(span.source).to_string();
        let Some((path, value)) = edit.split_once('=') else {
            continue;
        };
        let same =
            |text: &&String| text.split_once('=').is_some_and(|(other, _)| other.trim() == path);
        let given = texts.iter().find(same);
        if let (true, Some(text)) = (refused.sources.name(span.source) == "--set", given) {
            let source = sources.add(FLAG, text);
            diagnostic.span = moved(span, source, text, path, value);
        }
    }
    refused.sources = sources;
    refused
}

/// A place in `path=value` as a place in `path=value,value`: all of the values where they are a range.
fn moved(span: Span, source: u32, text: &str, path: &str, value: &str) -> Span {
    let lead = text.chars().take_while(|letter| letter.is_whitespace()).count();
    let behind = path.chars().count() + 1;
    let column = span.column as usize;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    if column <= behind {
        return Span { source, column: span.column + count(lead), ..span };
    }
    let values = text.split_once('=').map_or("", |(_, values)| values);
    let before = text.chars().count() - values.chars().count();
    let mut at = before;
    for part in values.split_inclusive(',') {
        let inner = part.trim_end_matches(',');
        if inner.trim() == value {
            let spaces = inner.chars().take_while(|letter| letter.is_whitespace()).count();
            let column = at + spaces + column - behind;
            return Span { source, column: count(column), ..span };
        }
        at += part.chars().count();
    }
    flag::place(source, text, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is marked of a text, for a mistake of `length` letters at `column` of `path=value`.
    fn marked(text: &str, path: &str, value: &str, column: u32, length: u32) -> String {
        let span = Span { source: 0, line: 1, column, length };
        let place = moved(span, 0, text, path, value);
        text.chars().skip(place.column as usize - 1).take(place.length as usize).collect()
    }

    #[test]
    fn a_mistake_is_marked_in_the_path_the_value_or_the_range() {
        assert_eq!(marked("a.b=1, two,3", "a.b", "two", 5, 3), "two");
        assert_eq!(marked("a.b=1,two,two", "a.b", "two", 3, 1), "b");
        assert_eq!(marked("a.b=1..9 x 3", "a.b", "5", 5, 1), "1..9 x 3");
    }
}
