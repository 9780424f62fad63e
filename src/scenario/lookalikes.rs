//! Characters that look like those of YAML and mean nothing to it: of full width, in print, spaces that do not break.

use super::{Code, Diagnostic, Severity, Sources};
use crate::model::Span;

/// A character, what it is called, and what is meant.
const LOOKALIKES: [(char, &str, &str); 24] = [
    ('\u{ff1a}', "a full-width colon", ":"),
    ('\u{ff0c}', "a full-width comma", ","),
    ('\u{3001}', "an ideographic comma", ","),
    ('\u{ff5b}', "a full-width brace", "{"),
    ('\u{ff5d}', "a full-width brace", "}"),
    ('\u{ff3b}', "a full-width bracket", "["),
    ('\u{ff3d}', "a full-width bracket", "]"),
    ('\u{ff08}', "a full-width bracket", "("),
    ('\u{ff09}', "a full-width bracket", ")"),
    ('\u{ff0f}', "a full-width slash", "/"),
    ('\u{ff05}', "a full-width percent sign", "%"),
    ('\u{ff0e}', "a full-width point", "."),
    ('\u{201c}', "a quote of print", "\""),
    ('\u{201d}', "a quote of print", "\""),
    ('\u{201e}', "a quote of print", "\""),
    ('\u{2018}', "a quote of print", "'"),
    ('\u{2019}', "a quote of print", "'"),
    ('\u{2013}', "a dash of print", "-"),
    ('\u{2014}', "a dash of print", "-"),
    ('\u{a0}', "a no-break space", " "),
    ('\u{202f}', "a narrow no-break space", " "),
    ('\u{2007}', "a figure space", " "),
    ('\u{2009}', "a thin space", " "),
    ('\u{3000}', "an ideographic space", " "),
];

/// What mistakes of meaning are that such a character may be behind: it made a name of what is none.
const BEHIND: [Code; 7] = [
    Code::UnknownField,
    Code::UnknownStep,
    Code::UnknownDistribution,
    Code::UnknownWord,
    Code::BadValue,
    Code::WrongType,
    Code::NotOneKey,
];

/// The first such character of a line that stands in no quotes and in no comment, as its number from 0.
/// `from` and `length` say in which part of the line.
fn first(line: &str, from: usize, length: usize) -> Option<(usize, &'static str, &'static str)> {
    let mut quote = None;
    let mut before = ' ';
    for (index, letter) in line.chars().enumerate().take(from.saturating_add(length)) {
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '#' && before.is_whitespace() => return None,
            None if "\"'".contains(letter) && !before.is_alphanumeric() => quote = Some(letter),
            _ => {}
        }
        let known = LOOKALIKES.iter().find(|(known, ..)| *known == letter);
        if let (Some((_, name, meant)), None, true) = (known, quote, index >= from) {
            return Some((index, name, meant));
        }
        before = letter;
    }
    None
}

/// The mistake behind a text that is no YAML at `place`: a character in that line, or in the indentation of one
/// above.
pub(super) fn behind_syntax(sources: &Sources, place: Span) -> Option<Diagnostic> {
    let line = |number| sources.line(place.source, number).unwrap_or_default();
    let here = first(line(place.line), 0, usize::MAX).map(|found| (place.line, found));
    let (number, found) = here.or_else(|| {
        let above = (1..place.line).rev().find(|number| !line(*number).trim().is_empty())?;
        let indented = line(above).chars().take_while(|letter| letter.is_whitespace()).count();
        first(line(above), 0, indented).map(|found| (above, found))
    })?;
    let told = told(Span { line: number, ..place }, found);
    Some(match number == place.line && place.column as usize == found.0 + 1 {
        true => told,
        false => told.also(place, "from here on the text makes no sense"),
    })
}

/// Says of mistakes of meaning what is behind them: such a character, or a comma for the point of a fraction.
pub(super) fn explain(diagnostics: &mut [Diagnostic], sources: &Sources) {
    for diagnostic in diagnostics.iter_mut() {
        if diagnostic.severity() != Severity::Error || !BEHIND.contains(&diagnostic.code) {
            continue;
        }
        let span = diagnostic.span;
        let Some(line) = sources.line(span.source, span.line) else {
            continue;
        };
        let from = (span.column as usize).saturating_sub(1);
        if let Some(found) = first(line, from, span.length as usize) {
            *diagnostic = told(span, found);
        } else if let Some(comma) = comma_of_a_fraction(line, span) {
            *diagnostic = comma;
        }
    }
}

fn told(line: Span, (index, name, meant): (usize, &str, &str)) -> Diagnostic {
    let column = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let (message, hint) = match meant {
        " " => (format!("{name} stands where YAML has a plain one"), "write a plain space".into()),
        ":" => (format!("{name} stands where YAML has `:`"), "write `:` and a space".to_string()),
        _ => (format!("{name} stands where YAML has `{meant}`"), format!("write `{meant}`")),
    };
    let span = Span { column, length: 1, ..line };
    Diagnostic::new(Code::Syntax, message, span)
        .hint(format!("{hint}; a name that has it is written in quotes"))
}

/// `1,5ms` between braces ends a value at its comma, and `5ms` is taken for what comes next.
fn comma_of_a_fraction(line: &str, span: Span) -> Option<Diagnostic> {
    let letters: Vec<char> = line.chars().collect();
    let at = (span.column as usize).checked_sub(1)?;
    let comma = at.checked_sub(1).filter(|index| letters.get(*index) == Some(&','))?;
    let is_digit = |index: usize| letters.get(index).is_some_and(char::is_ascii_digit);
    if !is_digit(at) || comma == 0 || !is_digit(comma - 1) {
        return None;
    }
    let start = (0..comma).rev().take_while(|index| is_digit(*index)).last()?;
    let rest =
        letters[at..].iter().take_while(|letter| letter.is_alphanumeric() || **letter == '/');
    let rest: String = rest.collect();
    let whole: String = letters[start..comma].iter().collect();
    let length = u32::try_from(at - start + rest.chars().count()).unwrap_or(u32::MAX);
    let column = u32::try_from(start + 1).unwrap_or(u32::MAX);
    let message = format!("`{whole},{rest}` has a comma in its number");
    let hint = format!("write fractions with a point, `{whole}.{rest}`: a comma ends a value here");
    Some(Diagnostic::new(Code::BadValue, message, Span { column, length, ..span }).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_quotes_or_in_a_comment_is_none() {
        assert_eq!(first("a\u{ff1a}b", 0, 9).map(|found| found.0), Some(1));
        assert_eq!(first("a\u{ff1a}b", 2, 9), None);
        assert_eq!(first("a: \"b\u{ff1a}c\" # \u{ff1a}", 0, 99), None);
        assert_eq!(first("it's\u{a0}b", 0, 99).map(|found| found.0), Some(4));
    }

    #[test]
    fn a_comma_between_digits_is_one_of_a_fraction_and_no_other_is() {
        let at = |line: &str, column| {
            let span = Span { source: 0, line: 1, column, length: 1 };
            comma_of_a_fraction(line, span).map(|found| (found.span.column, found.span.length))
        };
        assert_eq!(at("{ exp: 12,5ms }", 11), Some((8, 6)));
        assert_eq!(at("{ exp: 12, 5ms }", 12), None);
        assert_eq!(at("{ exp: a,5ms }", 10), None);
        assert_eq!(at(",5", 2), None);
        assert_eq!(at("", 9), None);
    }
}
