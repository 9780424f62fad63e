//! Maps with known fields: each taken by name, what is left over refused with the nearest name.

use super::Decoder;
use crate::model::{At, Span};
use crate::scenario::nearest::did_you_mean;
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Where decoding is in the scenario; a text only when asked.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: &'a str,
}

impl<'a> Path<'a> {
    pub(super) fn root() -> Path<'static> {
        Path { parent: None, name: "" }
    }

    /// The path of a part.
    pub(super) fn to(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), name }
    }

    /// Names joined by dots.
    pub(super) fn text(&self) -> String {
        let mut names = Vec::new();
        let mut at = Some(self);
        while let Some(path) = at {
            if !path.name.is_empty() {
                names.push(path.name);
            }
            at = path.parent;
        }
        names.reverse();
        names.join(".")
    }
}

/// The fields of a map.
pub(super) struct Fields<'n> {
    entries: &'n [Entry],
    /// Where the map stands.
    pub(super) span: Span,
    /// What the map describes, with its article.
    what: &'static str,
    path: String,
    /// Names asked for that an author may use.
    known: Vec<&'static str>,
    /// Names asked for that are refused with words of their own.
    hidden: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The value of a field.
    pub(super) fn take(&mut self, name: &'static str) -> Option<&'n Node> {
        self.known.push(name);
        self.find(name).map(|entry| &entry.value)
    }

    /// The value of a field that hints do not show.
    pub(super) fn take_hidden(&mut self, name: &'static str) -> Option<&'n Node> {
        self.hidden.push(name);
        self.find(name).map(|entry| &entry.value)
    }

    /// Where a field's name stands.
    pub(super) fn key_span(&self, name: &str) -> Option<Span> {
        self.find(name).map(|entry| entry.key.span)
    }

    /// Path of a field.
    pub(super) fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_string() } else { format!("{}.{name}", self.path) }
    }

    fn find(&self, name: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|entry| entry.key.value == name)
    }
}

impl Decoder<'_> {
    /// The fields of `node`; `what` it describes has its article: "a table".
    pub(super) fn fields<'n>(
        &mut self,
        node: &'n Node,
        what: &'static str,
        path: &Path<'_>,
    ) -> Option<Fields<'n>> {
        let entries = self.map(node, what)?;
        let (known, hidden) = (Vec::new(), Vec::new());
        Some(Fields { entries, span: node.span, what, path: path.text(), known, hidden })
    }

    /// The entries of a map.
    pub(super) fn map<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Entry]> {
        let entries = node.entries();
        if entries.is_none() {
            self.wrong_type(node, what, "a map: `name: value` a line, or `{ name: value }`");
        }
        entries
    }

    /// The items of a list.
    pub(super) fn list<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Node]> {
        let items = node.items();
        if items.is_none() {
            self.wrong_type(node, what, "a list: `- item` a line, or `[ item, item ]`");
        }
        items
    }

    /// A field that must be there.
    pub(super) fn required<'n>(
        &mut self,
        fields: &mut Fields<'n>,
        name: &'static str,
    ) -> Option<&'n Node> {
        let found = fields.take(name);
        if found.is_none() {
            self.missing(fields, name);
        }
        found
    }

    /// Says that a field is missing.
    pub(super) fn missing(&mut self, fields: &Fields<'_>, name: &str) {
        let message = format!("{} needs `{name}`", fields.what);
        self.tell(Diagnostic::new(Code::MissingField, message, fields.span));
    }

    /// Refuses the fields that nobody took.
    pub(super) fn finish(&mut self, fields: Fields<'_>) {
        for entry in fields.entries {
            let name = entry.key.as_str();
            if fields.known.contains(&name) || fields.hidden.contains(&name) {
                continue;
            }
            let message = format!("{} has no field {}", fields.what, quoted(name));
            let hint = if self.is_full() { None } else { did_you_mean(name, &fields.known) };
            let diagnostic = Diagnostic::new(Code::UnknownField, message, entry.key.span);
            self.tell(diagnostic.maybe_hint(hint));
        }
    }

    /// The one entry of a map that stands for an alternative: `{ exp: 2ms }`.
    pub(super) fn one_key<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Entry> {
        let entries = self.map(node, what)?;
        if let [entry] = entries {
            return Some(entry);
        }
        let keys: Vec<String> = entries.iter().take(4).map(|entry| quoted(&entry.key)).collect();
        let found = if keys.is_empty() { "none".to_string() } else { keys.join(", ") };
        let message = format!("{what} is a map with one key; found {found}");
        let span = entries.get(1).map_or(node.span, |entry| entry.key.span);
        self.tell(Diagnostic::new(Code::NotOneKey, message, span));
        None
    }

    /// Refuses an empty name, and a dot in those that references join with dots.
    pub(super) fn name(&mut self, key: &At<String>, dots: bool) -> At<String> {
        let problem = match key.trim() {
            "" => Some("is empty"),
            name if !dots && name.contains('.') => Some("has a dot, which joins names"),
            _ => None,
        };
        if let Some(problem) = problem {
            let message = format!("the name {} {problem}", quoted(key));
            let diagnostic = Diagnostic::new(Code::BadName, message, key.span);
            self.tell(diagnostic.hint("use letters, digits and `-`"));
        }
        key.clone()
    }

    /// Says that something else was expected here.
    pub(super) fn wrong_type(&mut self, node: &Node, what: &str, expected: &str) {
        let message = format!("{what} is expected here; found {}", node.found());
        let diagnostic = Diagnostic::new(Code::WrongType, message, node.span);
        self.tell(diagnostic.hint(format!("write {expected}")));
    }
}
