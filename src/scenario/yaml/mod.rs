//! YAML text → tree. One document, unique keys, aliases and merge keys worked out, all within
//! limits that keep hostile text from using up memory or the stack.

mod brackets;
mod indentation;
mod maps;
mod mistakes;
mod places;
mod weight;

use std::collections::BTreeMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag, options};

use maps::MapKey;
use mistakes::{Fatal, alias_ring, empty, scan_error, several_documents, too_deep, too_large};
use places::Places;
use weight::{MOST_DEPTH, Weight, weigh};

use super::foreign::foreign;
use super::node::{Entry, Node, Value};
use super::visible::quoted;
use super::{Code, Diagnostic, Sources};
use crate::model::Span;

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
    let place = Places { source, shift, sources };
    match Builder::new(place, problems).build(text) {
        Ok(root) => Some(root),
        Err(fatal) => {
            problems.push(*fatal);
            None
        }
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
    Map { entries: Vec<Entry>, key: Option<MapKey>, merges: Vec<Node> },
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
            let (event, span) = next.map_err(|error| scan_error(&error, &self.place))?;
            if matches!(event, Event::DocumentStart(..)) {
                documents += 1;
                if documents > 1 {
                    // Files of other programs often have several, and that is not what is wrong with them.
                    if let Some(other) = self.root.as_ref().and_then(foreign) {
                        return Err(Box::new(other));
                    }
                    let place = self.place.at(span.start, 3);
                    return Err(several_documents(place));
                }
            }
            self.take(event, span)?;
        }
        match self.root {
            Some(root) if !root.is_empty() => Ok(root),
            _ => Err(empty(Span { source: self.place.source, line: 1, column: 1, length: 0 })),
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
                let value = Value::Scalar { text: text.into_owned(), plain };
                self.complete(Node { span: place, value }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.enter(span.start, anchor, Parts::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                let parts = Parts::Map { entries: Vec::new(), key: None, merges: Vec::new() };
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
        self.open.push(Open { start, anchor, parts });
        Ok(())
    }

    fn leave(&mut self, end: Marker) -> Result<(), Fatal> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = match open.parts {
            Parts::List(items) => Value::List(items),
            Parts::Map { entries, merges, .. } => {
                Value::Map(maps::close(entries, merges, self.problems))
            }
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
            Some(Parts::Map { entries, key, merges }) => match key.take() {
                None => {
                    let found = maps::read_key(node, self.problems);
                    *key = Some(found);
                }
                Some(MapKey::Name(name)) => entries.push(Entry { key: name, value: node }),
                Some(MapKey::Merge) => merges.push(node),
                Some(MapKey::Refused) => {}
            },
        }
        Ok(())
    }

    /// What an alias stands for, placed where the alias is (its inside keeps its own places).
    fn repeat(&mut self, anchor: usize, place: Span) -> Result<Node, Fatal> {
        let Some(weight) = self.anchors.get(&anchor).map(|(_, weight)| *weight) else {
            return Err(alias_ring(place));
        };
        // Counted before it is copied: a bomb is never built.
        self.count(weight.nodes, weight.text, place)?;
        if self.open.len() + weight.depth > MOST_DEPTH {
            return Err(too_deep(place));
        }
        let mut node = self.anchors[&anchor].0.clone();
        node.span = place;
        Ok(node)
    }

    fn count(&mut self, nodes: usize, text: usize, place: Span) -> Result<(), Fatal> {
        self.nodes += nodes;
        self.text += text;
        let limit = self.place.sources.limit();
        if self.nodes <= limit.nodes() && self.text <= limit.text() {
            Ok(())
        } else {
            Err(too_large(limit, place))
        }
    }

    fn check_tag(&mut self, tag: &Tag, span: granit_parser::Span) {
        if !tag.is_yaml_core_schema() && tag.original() != "!" {
            let place = span.tag_start().map_or(span.start, |start| start);
            let tag = tag.original();
            let message = format!("the tag {} means nothing here", quoted(&tag));
            let span = self.place.at(place, tag.chars().count());
            self.problems.push(
                Diagnostic::new(Code::UnknownTag, message, span)
                    .hint("leave it out; text that starts with `!` is written in quotes"),
            );
        }
    }
}
