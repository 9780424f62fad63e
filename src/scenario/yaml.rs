//! YAML text → tree. One document, unique keys, aliases and merge keys worked out, all within
//! limits that keep hostile text from using up memory or the stack.

use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Tag, options};

use super::node::{Entry, Node, Value};
use super::visible::quoted;
use super::{Diagnostic, Sources};
use crate::model::{At, Span};

/// Largest text that is read [bytes].
pub(crate) const MOST_BYTES: usize = 16 << 20;
/// Most nodes of a tree, aliases written out.
const MOST_NODES: usize = 1_000_000;
/// Most text in a tree, aliases written out [bytes].
const MOST_TEXT: usize = 64 << 20;
/// Deepest nesting of lists and maps.
const MOST_DEPTH: usize = 128;

/// Reads text number `source` of `sources`, whose first line starts `shift` characters into it.
/// The tree has what could be read; without one the text is no YAML at all. Mistakes are pushed
/// onto `problems`.
pub(crate) fn parse(
    text: &str,
    source: u32,
    shift: u32,
    sources: &Sources,
    problems: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let place = Places {
        source,
        shift,
        sources,
    };
    match Builder::new(place, problems).build(text) {
        Ok(root) => Some(root),
        Err(fatal) => {
            problems.push(*fatal);
            None
        }
    }
}

type Fatal = Box<Diagnostic>;

/// Turns the parser's marks into spans.
struct Places<'a> {
    source: u32,
    shift: u32,
    sources: &'a Sources,
}

impl Places<'_> {
    fn at(&self, start: Marker, length: usize) -> Span {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let line = count(start.line());
        let shift = if line == 1 { self.shift } else { 0 };
        Span {
            source: self.source,
            line,
            column: count(start.col()).saturating_add(1).saturating_add(shift),
            length: count(length),
        }
    }

    /// From one mark to another, or to the end of the first line.
    fn between(&self, start: Marker, end: Marker) -> Span {
        if start.line() == end.line() {
            return self.at(start, end.col().saturating_sub(start.col()));
        }
        let mut span = self.at(start, 0);
        let line = self
            .sources
            .line(span.source, span.line)
            .unwrap_or_default()
            .trim_end();
        span.length = (line.chars().count() as u32).saturating_sub(span.column - 1);
        span
    }
}

/// A list or map that is not closed yet.
struct Open {
    start: Marker,
    anchor: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        key: Option<Key>,
        merges: Vec<Node>,
    },
}

enum Key {
    Name(At<String>),
    Merge,
    /// Not a name; its value is read and left out.
    Refused,
}

/// What an anchored node adds wherever an alias repeats it.
#[derive(Clone, Copy)]
struct Weight {
    nodes: usize,
    text: usize,
    depth: usize,
}

struct Builder<'a> {
    place: Places<'a>,
    problems: &'a mut Vec<Diagnostic>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Node, Weight)>,
    nodes: usize,
    text: usize,
    root: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(place: Places<'a>, problems: &'a mut Vec<Diagnostic>) -> Self {
        Builder {
            place,
            problems,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            nodes: 0,
            text: 0,
            root: None,
        }
    }

    fn build(mut self, text: &str) -> Result<Node, Fatal> {
        let options = options! {
            disallow_directives: true,
            // One more than is taken, so that the limit is told in our own words.
            flow_nesting_limit: MOST_DEPTH + 1,
            block_nesting_limit: MOST_DEPTH + 1,
        };
        let mut documents = 0;
        for next in Parser::new_from_str_with_options(text, options) {
            let (event, span) = next.map_err(|error| self.scan_error(&error))?;
            if matches!(event, Event::DocumentStart(..)) {
                documents += 1;
                if documents > 1 {
                    let place = self.place.at(span.start, 3);
                    return Err(several_documents(place));
                }
            }
            self.take(event, span)?;
        }
        match self.root {
            Some(root) if !root.is_empty() => Ok(root),
            _ => Err(empty(Span {
                source: self.place.source,
                line: 1,
                column: 1,
                length: 0,
            })),
        }
    }

    fn take(&mut self, event: Event<'_>, span: granit_parser::Span) -> Result<(), Fatal> {
        if let Some(tag) = event.tag() {
            self.check_tag(tag, span);
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let place = self.place.between(span.start, span.end);
                self.count(1, text.len(), place)?;
                let value = Value::Scalar {
                    text: text.into_owned(),
                    plain,
                };
                self.complete(Node { span: place, value }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.enter(span.start, anchor, Parts::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                let parts = Parts::Map {
                    entries: Vec::new(),
                    key: None,
                    merges: Vec::new(),
                };
                self.enter(span.start, anchor, parts)
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(span.end),
            Event::Alias(anchor) => {
                let place = self.place.between(span.start, span.end);
                let node = self.repeat(anchor, place)?;
                self.complete(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn enter(&mut self, start: Marker, anchor: usize, parts: Parts) -> Result<(), Fatal> {
        let place = self.place.at(start, 1);
        if self.open.len() >= MOST_DEPTH {
            return Err(too_deep(place));
        }
        self.count(1, 0, place)?;
        self.open.push(Open {
            start,
            anchor,
            parts,
        });
        Ok(())
    }

    fn leave(&mut self, end: Marker) -> Result<(), Fatal> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = match open.parts {
            Parts::List(items) => Value::List(items),
            Parts::Map {
                entries, merges, ..
            } => Value::Map(self.close_map(entries, merges)),
        };
        let span = self.place.between(open.start, end);
        self.complete(Node { span, value }, open.anchor)
    }

    /// A whole node: an item, a key, a value, or the root.
    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), Fatal> {
        if anchor != 0 {
            let weight = weigh(&node);
            self.count(weight.nodes, weight.text, node.span)?;
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.root = Some(node),
            Some(Parts::List(items)) => items.push(node),
            Some(Parts::Map {
                entries,
                key,
                merges,
            }) => match key.take() {
                None => {
                    let found = read_key(node, self.problems);
                    *key = Some(found);
                }
                Some(Key::Name(name)) => entries.push(Entry {
                    key: name,
                    value: node,
                }),
                Some(Key::Merge) => merges.push(node),
                Some(Key::Refused) => {}
            },
        }
        Ok(())
    }

    /// What an alias stands for, placed where the alias is (its inside keeps its own places).
    fn repeat(&mut self, anchor: usize, place: Span) -> Result<Node, Fatal> {
        let Some((node, weight)) = self.anchors.get(&anchor) else {
            let message = "this alias stands inside the part that it repeats";
            return Err(Box::new(
                Diagnostic::error("alias-ring", message, place).hint("write the part out"),
            ));
        };
        let (mut node, weight) = (node.clone_within(*weight, MOST_NODES - self.nodes), *weight);
        self.count(weight.nodes, weight.text, place)?;
        if self.open.len() + weight.depth > MOST_DEPTH {
            return Err(too_deep(place));
        }
        node.span = place;
        Ok(node)
    }

    /// Refuses a key that is there already, and adds what `<<` merges in: what the map says
    /// itself comes before it, an earlier merge before a later one.
    fn close_map(&mut self, entries: Vec<Entry>, merges: Vec<Node>) -> Vec<Entry> {
        let mut places: BTreeMap<String, Span> = BTreeMap::new();
        let mut unique: Vec<Entry> = Vec::with_capacity(entries.len());
        for entry in entries {
            if let Some(first) = places.get(&entry.key.value) {
                let message = format!("{} is written twice in one map", quoted(&entry.key));
                self.problems.push(
                    Diagnostic::error("duplicate-key", message, entry.key.span)
                        .label("again here")
                        .hint("remove one of them, or give it another name")
                        .also(*first, "first here"),
                );
                continue;
            }
            places.insert(entry.key.value.clone(), entry.key.span);
            unique.push(entry);
        }
        for merge in merges {
            for map in self.merged_maps(merge) {
                for entry in map {
                    if !places.contains_key(&entry.key.value) {
                        places.insert(entry.key.value.clone(), entry.key.span);
                        unique.push(entry);
                    }
                }
            }
        }
        unique
    }

    fn merged_maps(&mut self, merge: Node) -> Vec<Vec<Entry>> {
        let found = merge.found();
        match merge.value {
            Value::Map(entries) => vec![entries],
            Value::List(items) => items
                .into_iter()
                .flat_map(|item| self.merged_maps(item))
                .collect(),
            Value::Scalar { .. } => {
                let message = format!("`<<` merges a map, or a list of maps; found {found}");
                self.problems.push(
                    Diagnostic::error("bad-merge", message, merge.span)
                        .hint("write `<<: *anchor`, where `&anchor` marks a map"),
                );
                Vec::new()
            }
        }
    }

    fn count(&mut self, nodes: usize, text: usize, place: Span) -> Result<(), Fatal> {
        self.nodes += nodes;
        self.text += text;
        if self.nodes <= MOST_NODES && self.text <= MOST_TEXT {
            return Ok(());
        }
        let message = format!(
            "the scenario is larger than the limit of {MOST_NODES} values and {} MiB of text, \
             aliases written out",
            MOST_TEXT >> 20
        );
        let hint = "an alias repeats the whole of what it stands for: use fewer of them";
        Err(Box::new(
            Diagnostic::error("too-large", message, place).hint(hint),
        ))
    }

    fn check_tag(&mut self, tag: &Tag, span: granit_parser::Span) {
        if !tag.is_yaml_core_schema() && tag.original() != "!" {
            let place = span.tag_start().map_or(span.start, |start| start);
            let tag = tag.original();
            let message = format!("the tag {} means nothing here", quoted(&tag));
            let span = self.place.at(place, tag.chars().count());
            self.problems.push(
                Diagnostic::error("unknown-tag", message, span)
                    .hint("leave it out; text that starts with `!` is written in quotes"),
            );
        }
    }

    fn scan_error(&self, error: &ScanError) -> Fatal {
        let place = self.place.at(*error.marker(), 1);
        let diagnostic = match error.kind() {
            ErrorKind::RecursionLimitExceeded => return too_deep(place),
            ErrorKind::UnknownAnchor => Diagnostic::error(
                "unknown-alias",
                "no `&anchor` before this has its name",
                place,
            )
            .hint("text that starts with `*` is written in quotes"),
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInIndentation => tab(place),
            _ if self.line_starts_with_tab(place.line) => tab(place),
            kind => Diagnostic::error("syntax", format!("this is no valid YAML: {kind}"), place)
                .maybe_hint(self.law_hint(place.line)),
        };
        Box::new(diagnostic)
    }

    fn line_starts_with_tab(&self, line: u32) -> bool {
        let text = self
            .place
            .sources
            .line(self.place.source, line)
            .unwrap_or_default();
        text.trim_start_matches(' ').starts_with('\t')
    }

    /// A comma ends a plain text between braces, so a law with two parameters must be quoted.
    fn law_hint(&self, line: u32) -> Option<String> {
        let text = self.place.sources.line(self.place.source, line)?;
        let comma_in_law = text.split('(').skip(1).any(|part| {
            part.find(',')
                .is_some_and(|comma| part.find(')').is_none_or(|end| comma < end))
        });
        comma_in_law.then(|| {
            "between { } or [ ] a text with a comma is written in quotes: \
             \"lognormal(mean 2ms, cv 0.8)\""
                .to_string()
        })
    }
}

impl Node {
    /// A copy, unless it would be larger than what is left: then only the outermost node.
    fn clone_within(&self, weight: Weight, left: usize) -> Node {
        if weight.nodes > left {
            Node::scalar("", self.span)
        } else {
            self.clone()
        }
    }
}

fn read_key(node: Node, problems: &mut Vec<Diagnostic>) -> Key {
    const MOST_CHARACTERS: usize = 1000;
    let empty = node.is_empty();
    let found = node.found();
    match node.value {
        Value::Scalar { text, plain: true } if text == "<<" => Key::Merge,
        Value::Scalar { text, .. } if !empty && text.len() <= MOST_CHARACTERS => {
            Key::Name(At::new(text, node.span))
        }
        Value::Scalar { text, .. } if !empty => {
            let message = format!(
                "a name has at most {MOST_CHARACTERS} bytes; this one has {}",
                text.len()
            );
            problems.push(Diagnostic::error("bad-key", message, node.span).hint("shorten it"));
            Key::Refused
        }
        _ => {
            let message = format!("a key is a name; found {found}");
            problems.push(
                Diagnostic::error("bad-key", message, node.span)
                    .hint("write a name before the colon"),
            );
            Key::Refused
        }
    }
}

/// Depth is bounded by [`MOST_DEPTH`] when this is called, so the recursion is too.
fn weigh(node: &Node) -> Weight {
    let mut sum = Weight {
        nodes: 1,
        text: 0,
        depth: 0,
    };
    let mut add = |part: &Node| {
        let weight = weigh(part);
        sum.nodes += weight.nodes;
        sum.text += weight.text;
        sum.depth = sum.depth.max(weight.depth);
    };
    match &node.value {
        Value::Scalar { text, .. } => sum.text = text.len(),
        Value::List(items) => {
            items.iter().for_each(&mut add);
            sum.depth += 1;
        }
        Value::Map(entries) => {
            entries.iter().for_each(|entry| add(&entry.value));
            let keys: usize = entries.iter().map(|entry| entry.key.len()).sum();
            sum.nodes += entries.len();
            sum.text += keys;
            sum.depth += 1;
        }
    }
    sum
}

fn too_deep(place: Span) -> Fatal {
    let message = format!("lists and maps are nested deeper than the limit of {MOST_DEPTH}");
    let hint = "give the inner steps an operation of their own and call it";
    Box::new(Diagnostic::error("too-deep", message, place).hint(hint))
}

fn tab(place: Span) -> Diagnostic {
    Diagnostic::error("tab-indentation", "the line is indented with a tab", place)
        .hint("YAML is indented with spaces")
}

fn several_documents(place: Span) -> Fatal {
    let message = "a second document starts here; a scenario is one document";
    let hint = "put it into a file of its own, or remove the `---`";
    Box::new(Diagnostic::error("several-documents", message, place).hint(hint))
}

fn empty(place: Span) -> Fatal {
    let hint = "start with `cutline: 1`; `cutline init` writes an example";
    Box::new(Diagnostic::error("empty-scenario", "there is nothing in this text", place).hint(hint))
}
