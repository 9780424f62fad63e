//! Brackets and quotes of a text that cannot be read: which one was opened where.

use super::places::Places;
use crate::model::Span;
use crate::scenario::{Code, Diagnostic};

/// A bracket or quote, where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct BracketSign {
    letter: char,
    line: u32,
    column: u32,
}

/// What was found up to some place.
#[derive(Debug, Default)]
struct Found {
    /// Brackets that are open there, the innermost last.
    open: Vec<BracketSign>,
    /// A quote that is open there.
    quote: Option<BracketSign>,
    /// The first bracket that closes nothing, or what another one opened.
    wrong: Option<(Option<BracketSign>, BracketSign)>,
}

/// Reads on through a text, sign by sign.
struct BracketReader {
    found: Found,
    /// The last sign of the line that is no space; `None` where there is none yet.
    last: Option<char>,
    after_space: bool,
    /// Whether a comment, an anchor or a tag goes on, and up to which kind of end.
    skips: Option<Skip>,
    escaped: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Skip {
    Line,
    Word,
}

/// What is open at a place, or wrong before it. Places count from 1; `shift` as in [`Places`].
fn scan(text: &str, shift: u32, until: (u32, u32)) -> Found {
    let mut reader = BracketReader {
        found: Found::default(),
        last: None,
        after_space: true,
        skips: None,
        escaped: false,
    };
    let (mut line, mut column) = (1, 1);
    for letter in text.chars() {
        if (line, column) >= until || reader.found.wrong.is_some() {
            break;
        }
        if line > 1 || column > shift {
            reader.take(BracketSign { letter, line, column });
        }
        (line, column) = if letter == '\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    reader.found
}

impl BracketReader {
    fn take(&mut self, sign: BracketSign) {
        let BracketSign { letter, .. } = sign;
        if let Some(open) = self.found.quote {
            self.in_quotes(open, letter);
            return;
        }
        if letter == '\n' {
            (self.last, self.after_space, self.skips) = (None, true, None);
            return;
        }
        if letter.is_whitespace() && self.skips == Some(Skip::Word) {
            self.skips = None;
        }
        if self.skips.is_some() {
            return;
        }
        let is_inside = !self.found.open.is_empty();
        let begins = self.last.is_none_or(|last| match is_inside {
            true => "[{,:".contains(last),
            false => self.after_space && ":-?".contains(last),
        });
        match letter {
            '#' if self.after_space => self.skips = Some(Skip::Line),
            '&' | '!' | '*' if begins => {
                self.skips = Some(Skip::Word);
                return;
            }
            '"' | '\'' if begins => self.found.quote = Some(sign),
            '[' | '{' if begins || is_inside => self.found.open.push(sign),
            ']' | '}' if begins || is_inside => self.close(sign),
            _ => {}
        }
        self.after_space = letter.is_whitespace();
        if !self.after_space {
            self.last = Some(letter);
        }
    }

    fn in_quotes(&mut self, open: BracketSign, letter: char) {
        if self.escaped {
            self.escaped = false;
        } else if letter == '\\' && open.letter == '"' {
            self.escaped = true;
        } else if letter == open.letter {
            // Two single quotes are one in the text: the second opens it again, as nothing stands between.
            self.found.quote = None;
            (self.last, self.after_space) = (Some(':'), true);
        }
    }

    fn close(&mut self, sign: BracketSign) {
        match self.found.open.pop() {
            Some(open) if closing(open.letter) == sign.letter => {}
            open => self.found.wrong = Some((open, sign)),
        }
    }
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

/// What is wrong with the brackets and quotes before `place`, or (`whole`) with those of all the text.
pub(super) fn explain(places: &Places<'_>, place: Span, whole: bool) -> Option<Diagnostic> {
    let text = places.sources.text(places.source);
    let until = if whole { (u32::MAX, 0) } else { (place.line, place.column) };
    let found = scan(text, places.shift, until);
    let at = |sign: BracketSign| Span { line: sign.line, column: sign.column, length: 1, ..place };
    let new = |message: String, span| Diagnostic::new(Code::Syntax, message, span);
    if let Some((open, close)) = found.wrong {
        let letter = close.letter;
        return Some(match open {
            None => new(format!("this `{letter}` closes nothing"), at(close))
                .hint("remove it, or open a bracket before it"),
            Some(open) => {
                let wanted = closing(open.letter);
                let message =
                    format!("the `{}` that is opened here is closed by `{letter}`", open.letter);
                new(message, at(open))
                    .hint(format!("it is closed by `{wanted}`, before what it stands in is closed"))
                    .also(at(close), "closed here")
            }
        });
    }
    if let Some(quote) = found.quote {
        let message = format!("the quote `{}` that is opened here is not closed", quote.letter);
        return Some(
            new(message, at(quote)).hint("write it behind the last word of the text, too"),
        );
    }
    let open = *found.open.last()?;
    let indented = |line| {
        let line = places.sources.line(place.source, line).unwrap_or_default();
        line.chars().take_while(|letter| letter.is_whitespace()).count()
    };
    let (letter, wanted) = (open.letter, closing(open.letter));
    if whole || (place.line > open.line && indented(place.line) <= indented(open.line)) {
        let message = format!("the `{letter}` that is opened here is not closed");
        let told =
            new(message, at(open)).hint(format!("write `{wanted}` behind what belongs to it"));
        return Some(if whole { told } else { told.also(place, "this no longer belongs to it") });
    }
    let message = format!("before this a comma is missing, or a `{wanted}`");
    let hint =
        "between brackets, parts are set off by commas; text with a colon is written in quotes";
    Some(new(message, place).hint(hint).also(at(open), "the bracket that it stands in"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters that are open at the end.
    fn open(text: &str) -> String {
        let found = scan(text, 0, (u32::MAX, 0));
        assert!(found.wrong.is_none(), "{text}: {found:?}");
        found.open.iter().chain(&found.quote).map(|sign| sign.letter).collect()
    }

    #[test]
    fn brackets_count_where_yaml_takes_them_for_brackets() {
        assert_eq!(open("a: { b: [ c"), "{[");
        assert_eq!(open("a: text (see [1)"), "");
        assert_eq!(open("a: &b { c: 1"), "{");
        assert_eq!(open("a: [ \"{\", '[', \"\\\"{\" ] # {"), "");
        assert_eq!(open("a: 'it''s {'\nb: {"), "{");
        assert_eq!(open("a: it's\nb: \"open"), "\"");
        assert_eq!(open("- { a: 1 }\n- ["), "[");
    }

    #[test]
    fn a_bracket_that_closes_another_is_found_with_both_places() {
        let found = scan("a: [\n  }", 0, (u32::MAX, 0)).wrong.unwrap();
        assert_eq!(found.0, Some(BracketSign { letter: '[', line: 1, column: 4 }));
        assert_eq!(found.1, BracketSign { letter: '}', line: 2, column: 3 });
        assert_eq!(scan("a: { } }", 0, (u32::MAX, 0)).wrong.map(|found| found.0), None);
        assert_eq!(scan("[ ] ]", 0, (u32::MAX, 0)).wrong.map(|found| found.0), None);
    }
}
