//! Measured times: a file with one value a line.

use super::Decoder;
use crate::model::Span;
use crate::random::Distribution;
use crate::scenario::Diagnostic;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::units::Nanos;

/// Most values of one file; more would not change a quantile that anyone reads.
const MOST_VALUES: usize = 1_000_000;

/// Reads the file that `file` names: a duration a line (`2.5ms`), or with `unit` a plain number a
/// line. Empty lines and those that start with `#` are skipped.
pub(super) fn read(
    decoder: &mut Decoder<'_>,
    file: &Node,
    unit: Option<&Node>,
) -> Option<Distribution> {
    let name = decoder.scalar(file, "the name of a file")?;
    let unit = match unit {
        Some(node) => Some(decoder.scalar(node, "a unit such as `ms`")?),
        None => None,
    };
    let text = decoder.load(name, file.span)?;
    let source = decoder.sources.add(name, &text);
    let errors = decoder.errors();
    let mut values = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let written = line.trim();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let length = u32::try_from(written.chars().count()).unwrap_or(u32::MAX);
        let span = Span { source, line, column: 1, length };
        let value = format!("{written}{}", unit.unwrap_or_default());
        if let Some(time) = decoder.quantity::<Nanos>(&Node::scalar(value, span)) {
            values.push(time.0 as f64 / 1e9);
        }
        if values.len() > MOST_VALUES {
            let message =
                format!("{} has more than the limit of {MOST_VALUES} values", quoted(name));
            decoder.tell(Diagnostic::error("too-large", message, file.span));
            return None;
        }
    }
    if decoder.errors() > errors {
        return None;
    }
    if values.is_empty() {
        let message = format!("{} has no values", quoted(name));
        let diagnostic = Diagnostic::error("empty-file", message, file.span);
        decoder.tell(diagnostic.hint("write one duration a line, such as `2.5ms`"));
        return None;
    }
    values.sort_by(f64::total_cmp);
    Some(Distribution::Empirical { values })
}

impl Decoder<'_> {
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
