//! What decoding carries along from part to part: complaints, defaults that entered, texts of referenced
//! files. Each part of the language adds the methods that decode it.

use crate::model::{DefaultUse, Span, default_value};
use crate::scenario::complaints::Complaints;
use crate::scenario::form::{Field, Form};
use crate::scenario::node::Node;
use crate::scenario::written::WrittenDefaults;
use crate::scenario::{Code, Diagnostic, Loader, Sources};

/// A scenario on its way from tree to model.
pub(super) struct Decoder<'a> {
    pub(super) complaints: Complaints,
    /// Services and databases of all layouts so far.
    pub(super) units: usize,
    pub(super) defaults_used: Vec<DefaultUse>,
    /// What is written and says what its default says.
    pub(super) written: WrittenDefaults,
    pub(super) sources: Sources,
    /// What every map may say, for hints.
    pub(super) forms: Vec<&'static Form>,
    pub(super) loader: &'a Loader<'a>,
}

impl<'a> Decoder<'a> {
    /// Nothing decoded yet; `problems` are mistakes found before.
    pub(super) fn new(
        sources: Sources,
        loader: &'a Loader<'a>,
        problems: Vec<Diagnostic>,
        forms: Vec<&'static Form>,
    ) -> Self {
        let complaints = Complaints::after(problems);
        let (defaults_used, written) = (Vec::new(), WrittenDefaults::default());
        Decoder { complaints, units: 0, defaults_used, written, sources, forms, loader }
    }

    /// Keeps a mistake or a doubt.
    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        self.complaints.tell(diagnostic);
    }

    /// Whether no more mistakes are shown, so that hints need not be looked for.
    pub(super) fn is_full(&self) -> bool {
        self.complaints.is_full()
    }

    /// How many errors there are so far; a part that leaves the count as it was is clean.
    pub(super) fn errors(&self) -> usize {
        self.complaints.errors()
    }

    /// The default called `key`, as an author would write it; `path` is what was left out.
    pub(super) fn default_text(&mut self, path: String, key: &'static str) -> &'static str {
        self.defaults_used.push(DefaultUse { path, key });
        &default_value(key).value
    }

    /// The value of `node`, or the default of a field that is written many times over: it is told once, for all
    /// places that left it out.
    pub(super) fn or_once<T: PartialEq>(
        &mut self,
        node: Option<&Node>,
        field: &Field,
        read: impl Fn(&mut Self, &Node) -> Option<T>,
    ) -> Option<T> {
        let default = field.default("");
        let path = || format!("every {} left out", default.key);
        if let Some(node) = node {
            return self.read_beside_default(node, field, "", path, read);
        }
        if !self.defaults_used.iter().any(|used| used.key == default.key) {
            self.default_text(path(), &default.key);
        }
        read(self, &Node::scalar(&*default.value, Span::NOWHERE))
    }

    /// The value of `node`, which is written where a default would be; remembers whether it is that.
    pub(super) fn read_beside_default<T: PartialEq>(
        &mut self,
        node: &Node,
        field: &Field,
        word: &str,
        path: impl Fn() -> String,
        read: impl Fn(&mut Self, &Node) -> Option<T>,
    ) -> Option<T> {
        let value = read(self, node);
        let default = field.default(word);
        if value.is_some() {
            let is_it = value == read(self, &Node::scalar(&*default.value, Span::NOWHERE));
            let used = is_it.then(|| DefaultUse { path: path(), key: &default.key });
            self.written.note(node.span, field.name, is_it, used);
        }
        value
    }

    /// Remembers whether `node` is what is worked out from the default of its field, as `is_it` says.
    pub(super) fn note_computed<T>(
        &mut self,
        node: &Node,
        field: &Field,
        path: String,
        is_it: impl FnOnce(T) -> bool,
    ) where
        T: std::str::FromStr,
    {
        let default = field.default("");
        let is_it = default.value.parse().is_ok_and(is_it);
        let used = is_it.then(|| DefaultUse { path, key: &default.key });
        self.written.note(node.span, field.name, is_it, used);
    }

    /// The default called `key`, read by `read`, which must take it: the table ships with us.
    pub(super) fn default_with<T>(
        &mut self,
        path: String,
        key: &'static str,
        read: impl FnOnce(&mut Self, &Node) -> Option<T>,
    ) -> T {
        let node = Node::scalar(self.default_text(path, key), Span::NOWHERE);
        match read(self, &node) {
            Some(value) => value,
            None => panic!("the default {key} is no valid value: {:?}", node.text()),
        }
    }

    /// Refuses a part of the language by its name.
    pub(super) fn refuse_not_built(&mut self, part: &str, span: Span) {
        let message = format!("{part} is part of the language but not built yet");
        let diagnostic = Diagnostic::new(Code::NotBuilt, message, span);
        self.tell(diagnostic.hint("leave it out; this version cannot simulate it"));
    }
}
