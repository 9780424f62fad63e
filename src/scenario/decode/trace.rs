//! Instants at which requests come, from a file with one a line.

use super::{Decoder, Path};
use crate::model::{Span, Trace};
use crate::scenario::Diagnostic;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::units::Nanos;

/// Most instants of one file.
const MOST_INSTANTS: usize = 1_000_000;

impl Decoder<'_> {
    /// `file.csv`, or `{ file: file.csv, unit: s, every: 24h }`.
    pub(super) fn trace(&mut self, node: &Node) -> Option<Trace> {
        if node.entries().is_none() {
            let instants = self.instants(node, None)?;
            return Some(Trace { instants: instants.into(), every: None });
        }
        let mut fields = self.fields(node, "a trace", &Path::root())?;
        let file = self.required(&mut fields, "file");
        let unit = fields.take("unit");
        let every_node = fields.take("every");
        self.finish(fields);
        let every = every_node.map(|node| (node, self.time_above_zero(node, "`every`")));
        let instants = self.instants(file?, unit)?;
        let every = match (every, instants.last()) {
            (None, _) => None,
            (Some((node, every)), Some(last)) if every? < *last => {
                let message = format!(
                    "a round ends at {}, before the last request of the trace at {last}",
                    node.found()
                );
                self.tell(Diagnostic::error("out-of-range", message, node.span));
                return None;
            }
            (Some((_, every)), _) => Some(every?),
        };
        Some(Trace { instants: instants.into(), every })
    }

    /// A time since the start of the run on each line, or with `unit` a plain number. Empty lines and
    /// those that start with `#` are skipped.
    fn instants(&mut self, file: &Node, unit: Option<&Node>) -> Option<Vec<Nanos>> {
        let name = self.scalar(file, "the name of a file")?;
        let unit = match unit {
            Some(node) => self.scalar(node, "a unit such as `ms`")?,
            None => "",
        };
        let text = self.load(name, file.span)?;
        let source = self.sources.add(name, &text);
        let errors = self.errors();
        let mut instants: Vec<Nanos> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let written = line.trim();
            if written.is_empty() || written.starts_with('#') {
                continue;
            }
            let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let length = u32::try_from(written.chars().count()).unwrap_or(u32::MAX);
            let span = Span { source, line, column: 1, length };
            let read = self.quantity::<Nanos>(&Node::scalar(format!("{written}{unit}"), span));
            match (read, instants.last()) {
                (Some(instant), Some(last)) if instant < *last => {
                    let message = format!("{instant} comes after {last}");
                    let diagnostic = Diagnostic::error("unsorted-trace", message, span);
                    self.tell(diagnostic.hint("sort the file by time"));
                    return None;
                }
                (read, _) => instants.extend(read),
            }
            if instants.len() > MOST_INSTANTS {
                let message =
                    format!("{} has more than the limit of {MOST_INSTANTS} instants", quoted(name));
                self.tell(Diagnostic::error("too-large", message, file.span));
                return None;
            }
        }
        if self.errors() > errors {
            return None;
        }
        if instants.is_empty() {
            let message = format!("{} has no instants", quoted(name));
            let diagnostic = Diagnostic::error("empty-file", message, file.span);
            self.tell(diagnostic.hint("write one time a line, such as `12.5s`"));
            return None;
        }
        Some(instants)
    }
}
