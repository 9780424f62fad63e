//! A file with one time a line: measured times, instants of a trace.

use super::Decoder;
use crate::model::Span;
use crate::scenario::Diagnostic;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::units::Nanos;

/// What such a file holds.
pub(super) struct Column {
    /// What its lines are, such as `values`.
    pub(super) what: &'static str,
    /// What to write into an empty one.
    pub(super) hint: &'static str,
}

impl Decoder<'_> {
    /// The times that a file holds, each with its place: a duration a line (`2.5ms`), or with `unit` a plain
    /// number a line. Empty lines and those that start with `#` are skipped.
    pub(super) fn column(
        &mut self,
        file: &Node,
        unit: Option<&Node>,
        column: &Column,
    ) -> Option<Vec<(Nanos, Span)>> {
        let name = self.scalar(file, "the name of a file")?;
        let unit = match unit {
            Some(node) => self.scalar(node, "a unit such as `ms`")?,
            None => "",
        };
        let text = self.load(name, file.span)?;
        let source = self.sources.add(name, &text);
        let errors = self.errors();
        let mut times = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let written = line.trim();
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let length = u32::try_from(written.chars().count()).unwrap_or(u32::MAX);
            let span = Span { source, line, column: 1, length };
            // The space keeps a unit from going on with the number.
            let time = self.quantity::<Nanos>(&Node::scalar(format!("{written} {unit}"), span));
            times.extend(time.map(|time| (time, span)));
            let most = self.sources.limit().nodes();
            if times.len() > most {
                let what = column.what;
                let message = format!("{} has more than the limit of {most} {what}", quoted(name));
                let diagnostic = Diagnostic::error("too-large", message, file.span);
                self.tell(diagnostic.hint("--size-limit raises the limit"));
                return None;
            }
        }
        if self.errors() > errors {
            return None;
        }
        if times.is_empty() {
            let message = format!("{} has no {}", quoted(name), column.what);
            let diagnostic = Diagnostic::error("empty-file", message, file.span);
            self.tell(diagnostic.hint(column.hint));
            return None;
        }
        Some(times)
    }

    /// The text of a file that the scenario names.
    pub(super) fn load(&mut self, name: &str, span: Span) -> Option<String> {
        match (self.loader)(name) {
            Ok(text) => Some(text),
            Err(reason) => {
                let message = format!("{} cannot be read: {reason}", quoted(name));
                self.tell(Diagnostic::error("unreadable-file", message, span));
                None
            }
        }
    }
}
