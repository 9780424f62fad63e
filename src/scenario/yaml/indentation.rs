//! A line whose indentation fits no line above it.

use crate::model::Span;
use crate::scenario::{Code, Diagnostic, Sources};

/// A line above to which a further one may belong.
struct IndentedLine {
    /// How many spaces stand before it.
    spaces: usize,
    line: u32,
    /// How long its first word is.
    length: usize,
}

/// What is wrong with the indentation of the line of `place`; `None` where it fits one above.
pub(super) fn explain(sources: &Sources, place: Span) -> Option<Diagnostic> {
    let line = |number| sources.line(place.source, number).unwrap_or_default();
    let mut steps: Vec<IndentedLine> = Vec::new();
    let mut opens = false;
    let above = (1..place.line).filter(|number| is_said(line(*number)));
    for number in above {
        let text = line(number);
        let spaces = spaces(text);
        steps.retain(|step| step.spaces < spaces);
        let mut push = |spaces, word: &str| {
            steps.push(IndentedLine { spaces, line: number, length: first_word(word) });
        };
        push(spaces, text.trim_start());
        if let Some(item) = text.trim_start().strip_prefix("- ") {
            let inner = item.trim_start();
            push(spaces + 2 + (item.len() - inner.len()), inner);
        }
        opens = text.trim_end().ends_with([':', '-', '|', '>']);
    }
    let text = line(place.line);
    let here = spaces(text);
    let fits = steps.iter().any(|step| step.spaces == here);
    let deepest = steps.last()?.spaces;
    if fits || (opens && here > deepest) {
        return None;
    }
    // Of two that are as near, the deeper one: a space too few is the commoner slip.
    let nearest = steps.iter().rev().min_by_key(|step| step.spaces.abs_diff(here))?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let message = format!("this line has {} before it, and fits no line above", told(here));
    let mark = |line, spaces: usize, length| Span {
        line,
        column: count(spaces + 1),
        length: count(length),
        ..place
    };
    let hint = format!("write {} before it, like line {}", told(nearest.spaces), nearest.line);
    let told = Diagnostic::new(
        Code::Syntax,
        message,
        mark(place.line, here, first_word(text.trim_start())),
    );
    let beside = "what it would stand below";
    Some(told.hint(hint).also(mark(nearest.line, nearest.spaces, nearest.length), beside))
}

/// Whether a line says anything to YAML.
fn is_said(line: &str) -> bool {
    let text = line.trim();
    !text.is_empty() && !text.starts_with('#') && text != "---"
}

fn spaces(line: &str) -> usize {
    line.chars().take_while(|letter| *letter == ' ').count()
}

fn first_word(text: &str) -> usize {
    text.chars().take_while(|letter| !letter.is_whitespace()).count().max(1)
}

fn told(spaces: usize) -> String {
    match spaces {
        0 => "no spaces".to_string(),
        1 => "1 space".to_string(),
        more => format!("{more} spaces"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that the last line and its hint are about; none where it fits.
    fn wrong(text: &str) -> Option<(u32, u32)> {
        let mut sources = Sources::default();
        let source = sources.add("a", text);
        let line = text.lines().count() as u32;
        let found = explain(&sources, Span { source, line, column: 1, length: 1 })?;
        assert_eq!(found.span.line, line);
        Some((found.span.column, found.secondary[0].0.line))
    }

    #[test]
    fn a_line_fits_below_those_that_are_open() {
        assert_eq!(wrong("a:\n  b: 1\n  c: 2"), None);
        assert_eq!(wrong("a:\n  b: 1\nc: 2"), None);
        assert_eq!(wrong("a:\n     b: 1"), None);
        assert_eq!(wrong("a:\n  - b: 1\n    c: 1"), None);
    }

    #[test]
    fn a_line_that_fits_none_is_told_with_the_nearest() {
        assert_eq!(wrong("a:\n  b: 1\n c: 2"), Some((2, 2)));
        assert_eq!(wrong("a:\n  b: 1\n   c: 2"), Some((4, 2)));
        assert_eq!(wrong("a:\n    b:\n      d: 1\n c: 2"), Some((2, 1)));
        assert_eq!(wrong("a:\n  - b: 1\n   c: 1"), Some((4, 2)));
    }
}
