//! Maps with known fields: each asked for by its constant, what no form has refused with the nearest name.

use std::marker::PhantomData;

use super::{Decoder, hints};
use crate::model::{At, Span};
use crate::scenario::form::{FieldOf, Fielded};
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

/// A map and the form that says which fields it has.
pub(super) struct Fields<'n, F> {
    entries: &'n [Entry],
    /// Where the map stands.
    pub(super) span: Span,
    path: String,
    /// Fields of the form that this map has not, because of what else it says.
    without: Vec<&'static str>,
    form: PhantomData<fn() -> F>,
}

impl<'n, F: Fielded> Fields<'n, F> {
    /// The value of a field.
    pub(super) fn get(&self, field: FieldOf<F>) -> Option<&'n Node> {
        self.find(field.name()).map(|entry| &entry.value)
    }

    /// The value of a field as `read` takes it, or its default.
    pub(super) fn or<'d, T: PartialEq>(
        &self,
        decoder: &mut Decoder<'d>,
        field: FieldOf<F>,
        read: impl Fn(&mut Decoder<'d>, &Node) -> Option<T>,
    ) -> Option<T> {
        self.or_of(decoder, field, "", read)
    }

    /// The same with where it stands, which is `otherwise` where it is left out.
    pub(super) fn at_or<'d, T: PartialEq>(
        &self,
        decoder: &mut Decoder<'d>,
        field: FieldOf<F>,
        otherwise: Span,
        read: impl Fn(&mut Decoder<'d>, &Node) -> Option<T>,
    ) -> Option<At<T>> {
        let span = self.get(field).map_or(otherwise, |node| node.span);
        self.or(decoder, field, read).map(|value| At::new(value, span))
    }

    /// The value of a field whose default is one of several: the one of `word`.
    pub(super) fn or_of<'d, T: PartialEq>(
        &self,
        decoder: &mut Decoder<'d>,
        field: FieldOf<F>,
        word: &str,
        read: impl Fn(&mut Decoder<'d>, &Node) -> Option<T>,
    ) -> Option<T> {
        match self.get(field) {
            Some(node) => {
                let path = || self.path(field);
                decoder.read_beside_default(node, field.field, word, path, read)
            }
            None => Some(self.default(decoder, field, word, read)),
        }
    }

    /// The default of a field that is left out; `word` says which where there are several.
    pub(super) fn default<'d, T>(
        &self,
        decoder: &mut Decoder<'d>,
        field: FieldOf<F>,
        word: &str,
        read: impl FnOnce(&mut Decoder<'d>, &Node) -> Option<T>,
    ) -> T {
        decoder.default_with(self.path(field), &field.field.default(word).key, read)
    }

    /// Says that these fields are none of this map's, because of what else it says.
    pub(super) fn without(&mut self, fields: &[FieldOf<F>]) {
        self.without.extend(fields.iter().map(FieldOf::name));
    }

    /// Path of a field.
    pub(super) fn path(&self, field: FieldOf<F>) -> String {
        match self.path.as_str() {
            "" => field.name().to_string(),
            path => format!("{path}.{}", field.name()),
        }
    }

    fn find(&self, name: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|entry| entry.key.value == name)
    }
}

/// The least that a part of a scenario must say; all of them together are a scenario.
pub(in crate::scenario) const LEAST: [(&str, &str); 5] = [
    ("cutline", "cutline: 1"),
    ("name", "name: shop"),
    ("application", "application: { modules: { shop: { operations: { buy: [ cpu: 1ms ] } } } }"),
    (
        "workload",
        "workload: { arrivals: { poisson: 100/s }, endpoints: { buy: { call: shop.buy } } }",
    ),
    ("layouts", "layouts: { one: { services: { shop: { cpu: 2, threads: 16 } } } }"),
];

fn least(form: &str, field: &str) -> Option<&'static str> {
    let found = LEAST.iter().find(|(name, _)| form == "scenario" && *name == field);
    found.map(|(_, least)| *least)
}

/// What to write for a field that a form has not, where other programs have it; else the nearest of its own.
fn field_hint(form: &str, name: &str, known: &[&str]) -> Option<String> {
    match (form, name) {
        ("slo", "availability") => {
            Some("an availability of 99.9 % is written `errors: 0.1%`".to_string())
        }
        ("service" | "layout", "autoscale" | "autoscaling" | "hpa") => Some(
            "an autoscaled service has a range: `replicas: { from: 2, to: 20, on: { cpu: 60% } }`".to_string(),
        ),
        ("service", "start_up" | "startup" | "warm_up") => Some(
            "what it takes to start an instance is `start: { takes: 20s, warm_up: 30s, slower: 2 }`".to_string(),
        ),
        ("scaled replicas", "min" | "max" | "minReplicas" | "maxReplicas") => Some(
            "the fewest are `from`, the most `to`: `{ from: 2, to: 20, on: { cpu: 60% } }`"
                .to_string(),
        ),
        _ => did_you_mean(name, known),
    }
}

/// Whether a comma has cut the text of a law in two: `lognormal(p50 2ms` and `p99 9ms)`.
fn is_cut_law(before: &Node, entry: &Entry) -> bool {
    let is_open = before.text().is_some_and(|text| text.contains('(') && !text.contains(')'));
    is_open && entry.value.is_empty() && entry.key.ends_with(')')
}

impl Decoder<'_> {
    /// The fields of `node`, which is a map of the form of `F`.
    pub(super) fn fields<'n, F: Fielded>(
        &mut self,
        node: &'n Node,
        path: &Path<'_>,
    ) -> Option<Fields<'n, F>> {
        let entries = self.map(node, F::FORM.what)?;
        Some(Fields {
            entries,
            span: node.span,
            path: path.text(),
            without: Vec::new(),
            form: PhantomData,
        })
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
    pub(super) fn required<'n, F: Fielded>(
        &mut self,
        fields: &Fields<'n, F>,
        field: FieldOf<F>,
    ) -> Option<&'n Node> {
        let found = fields.get(field);
        if found.is_none() {
            self.missing(fields, field);
        }
        found
    }

    /// Says that a field is missing.
    pub(super) fn missing<F: Fielded>(&mut self, fields: &Fields<'_, F>, field: FieldOf<F>) {
        let message = format!("{} needs `{}`", F::FORM.what, field.name());
        let hint = match least(F::FORM.name, field.name()) {
            Some(least) => format!("write at least `{least}`"),
            None => format!("write `{}: …`: {}", field.name(), field.field.help),
        };
        self.tell(Diagnostic::new(Code::MissingField, message, fields.span).hint(hint));
    }

    /// Refuses the fields that the form has not, and those that are not built.
    pub(super) fn finish<F: Fielded>(&mut self, fields: &Fields<'_, F>) {
        let form = F::FORM;
        for part in form.not_built {
            if let Some(entry) = fields.find(part) {
                self.not_built(part, entry);
            }
        }
        for (index, entry) in fields.entries.iter().enumerate() {
            let name = entry.key.as_str();
            let before = index.checked_sub(1).map(|index| &fields.entries[index].value);
            if let Some(cut) = before.filter(|before| is_cut_law(before, entry)) {
                self.bracket_not_closed(cut);
                continue;
            }
            let known = form.has(name) && !fields.without.contains(&name);
            if known || form.not_built.contains(&name) {
                continue;
            }
            let mut known = form.names();
            known.retain(|name| !fields.without.contains(name));
            let message = format!("{} has no field {}", form.what, quoted(name));
            let hint = if self.is_full() { None } else { field_hint(form.name, name, &known) };
            let diagnostic = Diagnostic::new(Code::UnknownField, message, entry.key.span);
            self.tell(diagnostic.maybe_hint(hint));
        }
    }

    /// Refuses a part of the language that this version cannot simulate yet.
    fn not_built(&mut self, part: &str, entry: &Entry) {
        let what = match entry.value.text() {
            Some(text) if !entry.value.is_empty() => format!(" ({})", quoted(text)),
            _ => String::new(),
        };
        self.refuse_not_built(&format!("`{part}`{what}"), entry.key.span);
    }

    /// The one entry of a map that stands for an alternative: `{ exp: 2ms }`.
    pub(super) fn one_key<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Entry> {
        let entries = self.map(node, what)?;
        if let [entry] = entries {
            return Some(entry);
        }
        if let [law, rest] = entries
            && what == "a step"
            && is_cut_law(&law.value, rest)
        {
            self.bracket_not_closed(&law.value);
            return None;
        }
        let keys: Vec<String> = entries.iter().take(4).map(|entry| quoted(&entry.key)).collect();
        let found = if keys.is_empty() { "none".to_string() } else { keys.join(", ") };
        let message = format!("{what} is a map with one key; found {found}");
        let span = entries.get(1).map_or(node.span, |entry| entry.key.span);
        let hint = if self.is_full() { None } else { hints::one_key(&self.forms, what, entries) };
        self.tell(Diagnostic::new(Code::NotOneKey, message, span).maybe_hint(hint));
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
        let are = if is_plural(what) { "are" } else { "is" };
        let message = format!("{what} {are} expected here; found {}", node.found());
        let diagnostic = Diagnostic::new(Code::WrongType, message, node.span);
        self.tell(diagnostic.hint(format!("write {expected}")));
    }
}

/// Whether words for a thing are of several: `the nodes`, `wake-ups`, but not `a list of steps`.
fn is_plural(what: &str) -> bool {
    let of_one = ["a ", "an ", "this "];
    what.ends_with('s') && !of_one.iter().any(|article| what.starts_with(article))
}
