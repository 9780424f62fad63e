//! A file that is read line by line, each with a time: measured times, instants of a trace.

use super::Decoder;
use crate::model::Span;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::Nanos;

/// Units of the plain numbers of such a file.
pub(super) const UNITS: &[&str] = &["ns", "us", "ms", "s", "min", "h", "d"];

/// What such a file holds.
pub(super) struct Column {
    /// What its lines are, such as `values`.
    pub(super) what: &'static str,
    /// What to write into an empty one.
    pub(super) hint: &'static str,
}

/// A line of such a file, or a part of it.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    /// What is written there, without the spaces around it.
    pub(super) text: &'t str,
    /// Where it stands.
    pub(super) span: Span,
    /// The unit of times; empty where each names its own.
    unit: &'t str,
}

impl Line<'_> {
    /// What stands before and behind the first comma.
    pub(super) fn split(self) -> Option<(Self, Self)> {
        let (before, behind) = self.text.split_once(',')?;
        Some((self.part(before, 0), self.part(behind, characters(before) + 1)))
    }
}

impl<'t> Line<'t> {
    /// Another text at this place.
    pub(super) fn with<'u>(self, text: &'u str) -> Line<'u>
    where
        't: 'u,
    {
        Line { text, ..self }
    }

    /// `text`, which starts so many characters behind the start of this.
    fn part(self, text: &'t str, offset: u32) -> Self {
        let spaces = characters(text) - characters(text.trim_start());
        let text = text.trim();
        let column = self.span.column.saturating_add(offset).saturating_add(spaces);
        Line { text, span: Span { column, length: characters(text), ..self.span }, ..self }
    }
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

impl Decoder<'_> {
    /// What `read` finds in the lines of a file, each with its place. Empty lines and those that start with
    /// `#` are skipped.
    pub(super) fn column<T>(
        &mut self,
        file: &Node,
        unit: Option<&Node>,
        column: &Column,
        mut read: impl FnMut(&mut Self, Line<'_>) -> Option<T>,
    ) -> Option<Vec<(T, Span)>> {
        let name = self.scalar(file, "the name of a file")?;
        let unit = match unit {
            Some(node) => self.scalar(node, "a unit such as `ms`")?,
            None => "",
        };
        let text = self.load(name, file.span)?;
        let source = self.sources.add(name, &text);
        let errors = self.errors();
        let mut found = Vec::new();
        for (index, text) in text.lines().enumerate() {
            let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let span = Span { source, line, column: 1, length: 0 };
            let line = Line { text, span, unit }.part(text, 0);
            if line.text.is_empty() || line.text.starts_with('#') {
                continue;
            }
            found.extend(read(self, line).map(|value| (value, line.span)));
            let most = self.sources.limit().nodes();
            if found.len() > most {
                let what = column.what;
                let message = format!("{} has more than the limit of {most} {what}", quoted(name));
                let diagnostic = Diagnostic::new(Code::TooLarge, message, file.span);
                self.tell(diagnostic.hint("--size-limit raises the limit"));
                return None;
            }
        }
        if self.errors() > errors {
            return None;
        }
        if found.is_empty() {
            let message = format!("{} has no {}", quoted(name), column.what);
            let diagnostic = Diagnostic::new(Code::EmptyFile, message, file.span);
            self.tell(diagnostic.hint(column.hint));
            return None;
        }
        Some(found)
    }

    /// The time that a line, or a part of it, is: a duration, or with a unit for all a plain number.
    pub(super) fn time(&mut self, line: Line<'_>) -> Option<Nanos> {
        // The space keeps a unit from going on with the number.
        self.quantity(&Node::scalar(format!("{} {}", line.text, line.unit), line.span))
    }

    /// The text of a file that the scenario names.
    pub(super) fn load(&mut self, name: &str, span: Span) -> Option<String> {
        match (self.loader)(name) {
            Ok(text) => Some(text),
            Err(reason) => {
                let message = format!("{} cannot be read: {reason}", quoted(name));
                self.tell(Diagnostic::new(Code::UnreadableFile, message, span));
                None
            }
        }
    }
}
