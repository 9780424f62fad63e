//! Where something stands in a text, from where the parser saw it.

use granit_parser::Marker;

use crate::model::Span;
use crate::scenario::Sources;

/// Turns the parser's marks into spans.
pub(super) struct Places<'a> {
    /// Number of the text.
    pub(super) source: u32,
    /// How many characters into the text its first line starts.
    pub(super) shift: u32,
    pub(super) sources: &'a Sources,
}

impl Places<'_> {
    /// So many characters from a mark on.
    pub(super) fn at(&self, start: Marker, length: usize) -> Span {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let line = count(start.line());
        let shift = if line == 1 { self.shift } else { 0 };
        Span {
            source: self.source,
            line,
            column: count(start.col()).saturating_add(1).saturating_add(shift),
            length: count(length),
        }
    }

    /// From one mark to another, or to the end of the first line.
    pub(super) fn between(&self, start: Marker, end: Marker) -> Span {
        if start.line() == end.line() {
            return self.at(start, end.col().saturating_sub(start.col()));
        }
        let mut span = self.at(start, 0);
        let line = self.sources.line(span.source, span.line).unwrap_or_default().trim_end();
        span.length = (line.chars().count() as u32).saturating_sub(span.column - 1);
        span
    }
}
