//! The short text form of a distribution, taken apart into the map that means the same.

use super::Decoder;
use crate::model::{At, Span};
use crate::scenario::nearest::did_you_mean;
use crate::scenario::node::{Entry, Node, Value};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Every law, and the parameters that its text form may give without their names, in order.
pub(super) const LAWS: &[(&str, &[&str])] = &[
    ("exp", &["mean"]),
    ("lognormal", &["mean", "cv"]),
    ("gamma", &["mean", "cv"]),
    ("weibull", &["mean", "shape"]),
    ("pareto", &["mean", "alpha", "max"]),
    ("uniform", &["from", "to"]),
    ("hyperexp", &["mean", "cv"]),
    ("erlang", &["stages", "mean"]),
    ("empirical", &["file"]),
];

impl Decoder<'_> {
    /// `law(value, name value)` as the entry `law: { name: value }`.
    pub(super) fn short_form(&mut self, text: &str, node: &Node) -> Option<Entry> {
        let (name, rest) = text.split_once('(')?;
        let Some(inside) = rest.trim_end().strip_suffix(')') else {
            self.bracket_not_closed(node);
            return None;
        };
        let name = name.trim();
        let order = LAWS.iter().find(|(law, _)| *law == name).map_or(&[][..], |(_, order)| *order);
        let mut entries: Vec<Entry> = Vec::new();
        let mut at = text.len() - rest.len();
        for (index, part) in inside.split(',').enumerate() {
            let start = at + (part.len() - part.trim_start().len());
            at += part.len() + 1;
            let part = part.trim();
            let (key, value) = match part.split_once(char::is_whitespace) {
                // `2 ms` is one quantity, but a name starts with a letter.
                Some((key, value)) if key.starts_with(char::is_alphabetic) => (key, value.trim()),
                _ => (order.get(index).copied().unwrap_or_default(), part),
            };
            let place = within(node, text, start, part);
            if key.is_empty() && !order.is_empty() {
                let diagnostic = Diagnostic::new(Code::BadValue, "a parameter too many", place);
                self.tell(diagnostic.maybe_hint(did_you_mean("", order)));
                return None;
            }
            if entries.iter().any(|entry| entry.key.value == key) && !key.is_empty() {
                let message = format!("{} is given twice", quoted(key));
                self.tell(Diagnostic::new(Code::DuplicateKey, message, place));
                return None;
            }
            let offset = start + (part.len() - value.len());
            let value = Node::scalar(value, within(node, text, offset, value));
            entries.push(Entry { key: At::new(key.to_string(), place), value });
        }
        let key = At::new(name.to_string(), within(node, text, 0, name));
        let whole = match (name, entries.as_slice()) {
            // `exp(2ms)` and `empirical(file.csv)` are `exp: 2ms` and `empirical: file.csv`.
            ("empirical", [only]) if only.key.value == "file" => only.value.clone(),
            _ => Node::map(entries, node.span),
        };
        Some(Entry { key, value: whole })
    }

    /// Says that a text ends before its bracket does.
    pub(super) fn bracket_not_closed(&mut self, node: &Node) {
        let text = node.text().unwrap_or_default();
        let message = format!("the bracket of {} is not closed", quoted(text));
        let diagnostic = Diagnostic::new(Code::BadValue, message, node.span);
        self.tell(diagnostic.hint(
            "between { } a text with a comma is written in quotes: \
             \"lognormal(mean 2ms, cv 0.8)\"",
        ));
    }
}

/// The place of a part of a scalar's text; of the whole scalar where escapes may have shifted it.
fn within(node: &Node, text: &str, offset: usize, part: &str) -> Span {
    let quotes = match &node.value {
        Value::Scalar { plain: true, .. } => 0,
        _ => 1,
    };
    let length = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if node.span.line == 0 || node.span.length != length(text).saturating_add(2 * quotes) {
        return node.span;
    }
    let column = node.span.column + quotes + length(&text[..offset]);
    Span { column, length: length(part), ..node.span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Shape, fields};

    /// The form of a map that is one way to write a value.
    fn form_of(shape: &Shape) -> Option<&'static str> {
        match shape {
            Shape::Map(form) => Some(form),
            Shape::Either(several) => several.iter().find_map(form_of),
            _ => None,
        }
    }

    #[test]
    fn the_text_form_has_every_law_and_names_parameters_that_it_has() {
        let forms = fields();
        let form = |name: &str| forms.iter().find(|form| form.name == name).unwrap();
        let laws = form("distribution");
        assert_eq!(LAWS.iter().map(|(law, _)| *law).collect::<Vec<_>>(), laws.names());
        for (field, (law, parameters)) in laws.fields.iter().zip(LAWS) {
            let map = form(form_of(&field.shape).unwrap());
            assert!(parameters.iter().all(|parameter| map.has(parameter)), "{law}");
        }
    }
}
