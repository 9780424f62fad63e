//! A scenario text as a tree that keeps places and the words as written.

use super::visible::quoted;
use crate::model::{At, Span};

/// A part of the text: its value and where it stands. A list or map that runs over several
/// lines is marked on its first.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// What a node is. Scalars stay text: whoever needs a number or a duration reads it from there,
/// so `no`, `1_000` and `2ms` are what the author wrote.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Scalar {
        text: String,
        /// Written without quotes.
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key and what it stands for. Keys of a map are unique, in file order.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: At<String>,
    pub(crate) value: Node,
}

impl Node {
    pub(crate) fn scalar(text: impl Into<String>, span: Span) -> Self {
        Node { span, value: Value::Scalar { text: text.into(), plain: true } }
    }

    pub(crate) fn map(entries: Vec<Entry>, span: Span) -> Self {
        Node { span, value: Value::Map(entries) }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The value under a key, where this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key.value == key).map(|entry| &entry.value)
    }

    /// Adds every single value below here: its path, which begins with `path`, and its text.
    pub(crate) fn leaves(&self, path: &str, found: &mut Vec<(String, String)>) {
        let below = |name: &str| match path {
            "" => name.to_string(),
            path => format!("{path}.{name}"),
        };
        match &self.value {
            Value::Scalar { text, .. } => found.push((path.to_string(), text.clone())),
            Value::List(items) => {
                let numbered = items.iter().enumerate();
                numbered.for_each(|(number, item)| item.leaves(&below(&number.to_string()), found));
            }
            Value::Map(entries) => {
                entries.iter().for_each(|entry| entry.value.leaves(&below(&entry.key), found));
            }
        }
    }

    /// Nothing was written here (`key:` alone, `~`, `null`).
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// Just this word, in quotes or not.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.text() == Some(word)
    }

    /// What was found, for messages.
    pub(crate) fn found(&self) -> String {
        match &self.value {
            _ if self.is_empty() => "nothing".to_string(),
            Value::Scalar { text, .. } => quoted(text),
            Value::List(items) => match items.len() {
                0 => "an empty list".to_string(),
                _ => "a list".to_string(),
            },
            Value::Map(entries) => match entries.first() {
                None => "an empty map".to_string(),
                Some(entry) => format!("a map with {}", quoted(&entry.key)),
            },
        }
    }
}
