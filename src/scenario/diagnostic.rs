//! What is wrong with a scenario, where, and what to write instead; and how that is drawn.

use super::visible::{columns, drawn, visible};
use super::{Code, Severity, Sources};
use crate::model::Span;

/// One mistake, or one doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it is about, and how grave that is.
    pub code: Code,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Written after the carets; the hint is, where this is empty.
    pub label: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// Other places that matter, each with its text.
    pub secondary: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A mistake or a doubt, as its code says.
    pub fn new(code: Code, message: impl Into<String>, span: Span) -> Self {
        Diagnostic {
            code,
            message: message.into(),
            span,
            label: String::new(),
            hint: None,
            secondary: Vec::new(),
        }
    }

    /// Whether a scenario can be read all the same.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// With a text after the carets.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With what to write instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what to write instead, if that is known.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// With another place that matters.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push((span, text.into()));
        self
    }
}

/// A scenario that cannot be read: all its mistakes, and the texts to draw them from.
#[derive(Debug, Clone)]
pub struct Refused {
    /// At least one error, in order of the text; warnings too.
    pub diagnostics: Vec<Diagnostic>,
    /// Texts that their spans point into.
    pub sources: Sources,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            write!(formatter, "{gap}{}", render(diagnostic, &self.sources))?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// A diagnostic as plain text, several lines, each with its line end:
///
/// ```text
/// error[unknown-operation]: no operation is called `orders.plcae`
///    ┌─ scenarios/shop.yaml:41:15
/// 41 │       - call: orders.plcae
///    │               ^^^^^^^^^^^^ did you mean `orders.place` (line 63)?
/// ```
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut out = diagnostic.code.says(visible(&diagnostic.message))
        + "
";
    let hint = diagnostic.hint.as_deref().unwrap_or_default();
    let (label, below) = match diagnostic.label.as_str() {
        "" => (hint, ""),
        label => (label, hint),
    };
    let mut places = vec![(diagnostic.span, label, '^')];
    places.extend(diagnostic.secondary.iter().map(|(span, text)| (*span, text.as_str(), '-')));
    let drawable = |span: &Span| sources.line(span.source, span.line).is_some();
    let last_line = places.iter().filter(|(span, ..)| drawable(span)).map(|(span, ..)| span.line);
    let gutter = last_line.max().map_or(0, |line| line.to_string().len());
    let mut shown_source = None;
    let mut undrawn = vec![below];
    for (span, text, mark) in places {
        let Some(line) = sources.line(span.source, span.line) else {
            undrawn.push(text);
            continue;
        };
        if shown_source != Some(span.source) {
            let name = visible(sources.name(span.source));
            let blank = " ".repeat(gutter);
            out += &format!("{blank} ┌─ {name}:{}:{}\n", span.line, span.column);
            shown_source = Some(span.source);
        }
        out += &draw_line(line, span, gutter, text, mark);
    }
    for text in undrawn.into_iter().filter(|text| !text.is_empty()) {
        out += &format!("{} = {}\n", " ".repeat(gutter), visible(text));
    }
    out
}

/// A source line and the marks under it. Of a long line only the surroundings of the span.
fn draw_line(line: &str, span: Span, gutter: usize, text: &str, mark: char) -> String {
    const BEFORE: usize = 60;
    const SHOWN: usize = 110;
    let start = (span.column as usize).saturating_sub(1);
    let from = if line.chars().nth(SHOWN).is_some() { start.saturating_sub(BEFORE) } else { 0 };
    let mut before = if from > 0 { "…".to_string() } else { String::new() };
    let mut marked = String::new();
    let mut after = String::new();
    let end = start + span.length as usize;
    let mut rest = line.chars().enumerate().skip(from);
    for (index, character) in rest.by_ref().take(SHOWN) {
        let part = match index {
            _ if index < start => &mut before,
            _ if index < end => &mut marked,
            _ => &mut after,
        };
        part.push_str(&drawn(character));
    }
    let dots = if rest.next().is_some() { "…" } else { "" };
    let marks = mark.to_string().repeat(columns(&marked).max(1));
    let drawn_line = format!("{before}{marked}{after}{dots}");
    let blank = " ".repeat(gutter);
    let indent = " ".repeat(columns(&before));
    let mut out = format!("{:>gutter$} │ {}\n", span.line, drawn_line.trim_end());
    out += format!("{blank} │ {indent}{marks} {}", visible(text)).trim_end();
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(line: u32, column: u32, length: u32) -> Span {
        Span { source: 0, line, column, length }
    }

    fn sources(text: &str) -> Sources {
        let mut sources = Sources::default();
        sources.add("shop.yaml", text);
        sources
    }

    #[test]
    fn the_line_is_drawn_with_carets_and_the_hint_after_them() {
        let text = "a: 1\n".repeat(40) + "      - call: orders.plcae\n";
        let message = "no operation is called `orders.plcae`";
        let diagnostic = Diagnostic::new(Code::UnknownOperation, message, span(41, 15, 12))
            .hint("did you mean `orders.place` (line 63)?");
        let expected = "\
error[unknown-operation]: no operation is called `orders.plcae`
   ┌─ shop.yaml:41:15
41 │       - call: orders.plcae
   │               ^^^^^^^^^^^^ did you mean `orders.place` (line 63)?
";
        assert_eq!(render(&diagnostic, &sources(&text)), expected);
    }

    #[test]
    fn a_second_place_is_drawn_below_and_the_hint_last() {
        let diagnostic = Diagnostic::new(Code::DuplicateKey, "`a` is written twice", span(2, 1, 1))
            .label("again here")
            .hint("remove one of them")
            .also(span(1, 1, 1), "first here");
        let expected = "\
error[duplicate-key]: `a` is written twice
  ┌─ shop.yaml:2:1
2 │ a: 2
  │ ^ again here
1 │ a: 1
  │ - first here
  = remove one of them
";
        assert_eq!(render(&diagnostic, &sources("a: 1\na: 2\n")), expected);
    }

    #[test]
    fn marks_line_up_under_characters_that_are_drawn_wider() {
        let diagnostic = Diagnostic::new(Code::Syntax, "m", span(1, 5, 2));
        let drawing = render(&diagnostic, &sources("\u{202e}測\u{1b}:ab\n"));
        assert!(drawing.contains("1 │ <U+202E>測␛:ab\n"), "{drawing}");
        assert!(drawing.contains(&format!("  │ {}^^\n", " ".repeat(12))), "{drawing}");
    }

    #[test]
    fn of_a_long_line_only_the_surroundings_are_drawn() {
        let text = format!("{}HERE{}\n", "a".repeat(100_000), "b".repeat(100_000));
        let drawing =
            render(&Diagnostic::new(Code::Syntax, "m", span(1, 100_001, 4)), &sources(&text));
        assert!(drawing.len() < 600);
        let lines: Vec<_> = drawing.lines().collect();
        let place = lines[2].chars().position(|c| c == 'H');
        assert_eq!(place, lines[3].chars().position(|c| c == '^'));
        assert!(lines[2].contains("…a") && lines[2].ends_with("b…"));
    }

    #[test]
    fn what_has_no_place_is_told_without_a_drawing() {
        let diagnostic = Diagnostic::new(Code::Syntax, "m", Span::NOWHERE).hint("do this");
        assert_eq!(render(&diagnostic, &sources("")), "error[syntax]: m\n = do this\n");
    }
}
