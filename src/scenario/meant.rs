//! The tree of a scenario without what it would mean all the same: fields that say what their defaults say, parts
//! that say nothing, maps that stand for their one value.

use std::collections::BTreeMap;

use super::fields;
use super::form::{Form, LeftOut, Shape};
use super::node::{Entry, Node, Value};
use super::written::WrittenDefaults;
use crate::model::At;

/// What a part means that is left out and has fields of its own: what its empty map means.
const AS_ITS_FIELDS: &str = "all of it as its own fields say";

/// Forms whose map means, with this field alone, what the value of the field means in its place.
const SHORT: &[(&str, &str)] = &[
    ("call", "to"),
    ("read", "table"),
    ("write", "table"),
    ("storage", "kind"),
    ("exponential law", "mean"),
    ("empirical law", "file"),
    ("trace", "file"),
];

/// What of the tree is meant.
pub(super) fn meant(root: &Node, written: &WrittenDefaults) -> Node {
    let forms = fields().into_iter().map(|form| (form.name, form)).collect();
    Pruning { forms, written }.node(root, Some(&Shape::Map("scenario")))
}

struct Pruning<'w> {
    forms: BTreeMap<&'static str, &'static Form>,
    written: &'w WrittenDefaults,
}

/// What the keys of a map are.
enum Keys {
    /// Fields.
    Of(&'static Form),
    /// Names of the author's, each for a value of that shape.
    Names(&'static Shape),
}

impl Pruning<'_> {
    fn node(&self, node: &Node, shape: Option<&Shape>) -> Node {
        match &node.value {
            Value::Scalar { .. } => node.clone(),
            Value::List(items) => {
                let shape = shape.and_then(of_items);
                let items = items.iter().map(|item| self.node(item, shape)).collect();
                Node { span: node.span, value: Value::List(items) }
            }
            Value::Map(entries) => match shape.and_then(|shape| self.keys(shape)) {
                Some(Keys::Of(form)) => self.fields_of(node, form),
                Some(Keys::Names(shape)) => self.named(node, entries, Some(shape)),
                None => self.named(node, entries, None),
            },
        }
    }

    fn named(&self, node: &Node, entries: &[Entry], shape: Option<&Shape>) -> Node {
        let entry =
            |entry: &Entry| Entry { key: entry.key.clone(), value: self.node(&entry.value, shape) };
        Node::map(entries.iter().map(entry).collect(), node.span)
    }

    fn fields_of(&self, node: &Node, form: &Form) -> Node {
        let long = (form.name == "storage").then(|| in_full(node)).flatten();
        let entries = long.as_ref().unwrap_or(node).entries().unwrap_or_default();
        let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
        for Entry { key, value } in entries {
            if self.written.says_nothing_new(value.span, key) {
                continue;
            }
            let field = form.fields.iter().find(|field| field.name == key.as_str());
            let value = self.node(value, field.map(|field| &field.shape));
            let is_said = form.one_of || field.is_none_or(|field| says(field.left_out, &value));
            kept.extend(is_said.then(|| Entry { key: key.clone(), value }));
        }
        match kept.as_slice() {
            [only] if SHORT.contains(&(form.name, only.key.as_str())) => only.value.clone(),
            _ => Node::map(kept, node.span),
        }
    }

    /// What the keys of a map of this shape are; `None` where no map has it.
    fn keys(&self, shape: &Shape) -> Option<Keys> {
        match shape {
            Shape::Map(name) => self.forms.get(name).map(|form| Keys::Of(form)),
            Shape::Law => self.keys(&Shape::Map("distribution")),
            Shape::Named(shape) => Some(Keys::Names(shape)),
            Shape::Either(shapes) => shapes.iter().find_map(|shape| self.keys(shape)),
            _ => None,
        }
    }
}

/// The shape of the items of a list of this shape.
fn of_items(shape: &Shape) -> Option<&'static Shape> {
    match shape {
        Shape::List(shape) => Some(shape),
        Shape::Either(shapes) => shapes.iter().find_map(of_items),
        _ => None,
    }
}

/// Whether a field that is left out would mean something else.
fn says(left_out: LeftOut, value: &Node) -> bool {
    let LeftOut::Means(meaning) = left_out else {
        let is_missed = matches!(left_out, LeftOut::Missed | LeftOut::MissedWithout(_));
        return is_missed || !value.entries().is_some_and(<[Entry]>::is_empty);
    };
    match &value.value {
        Value::Scalar { text, .. } => match text.as_str() {
            "none" => meaning == AS_ITS_FIELDS,
            "false" => !meaning.starts_with("false"),
            _ => true,
        },
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
    }
}

/// `{ gp3: 100GiB }` as `{ kind: gp3, size: 100GiB }`.
fn in_full(node: &Node) -> Option<Node> {
    let [Entry { key, value }] = node.entries()? else {
        return None;
    };
    if key.as_str() == "kind" {
        return None;
    }
    let named = |name: &str| At::new(name.to_string(), key.span);
    let kind = Node::scalar(key.as_str(), key.span);
    let full = vec![
        Entry { key: named("kind"), value: kind },
        Entry { key: named("size"), value: value.clone() },
    ];
    Some(Node::map(full, node.span))
}
