//! `extends`: a layout that says only what differs from another. Worked out on the tree, so that
//! a copied part keeps the place where it was written.

use std::collections::{BTreeMap, BTreeSet};

use super::nearest::did_you_mean;
use super::node::{Entry, Node, Value};
use super::visible::quoted;
use super::{Code, Diagnostic};
use crate::model::At;

/// Fields whose map is one of several alternatives: the new one takes the place of the old.
const REPLACED: &[&str] = &["storage", "threads", "hit", "statement", "read", "flush"];

/// Every layout with what it extends (as its field of that name says) merged in, in file order; all together have at most so many nodes. A
/// layout whose `extends` is mistaken is left out, and `problems` says why.
pub(crate) fn extended(
    layouts: &Node,
    extends: &str,
    most: usize,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(At<String>, Node)> {
    let entries = layouts.entries().unwrap_or_default();
    let (index, done) = (BTreeMap::new(), BTreeMap::new());
    let mut work = Work { entries, extends, index, done, nodes: 0, most };
    work.index = entries.iter().enumerate().map(|(at, entry)| (entry.key.as_str(), at)).collect();
    for start in 0..entries.len() {
        work.resolve(start, problems);
    }
    let mut done = work.done;
    entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| Some((entry.key.clone(), done.remove(&at)??)))
        .collect()
}

struct Work<'n> {
    entries: &'n [Entry],
    /// Name of the field that says what a layout extends.
    extends: &'n str,
    index: BTreeMap<&'n str, usize>,
    /// Layouts worked out; `None` where a mistake was found.
    done: BTreeMap<usize, Option<Node>>,
    nodes: usize,
    most: usize,
}

impl Work<'_> {
    /// Follows `extends` to a layout that is done or extends nothing, then merges back. A loop and
    /// not a recursion: the chain may be as long as there are layouts.
    fn resolve(&mut self, start: usize, problems: &mut Vec<Diagnostic>) {
        let mut chain: Vec<usize> = Vec::new();
        let mut at = start;
        let mut base = loop {
            if let Some(done) = self.done.get(&at) {
                break done.clone();
            }
            if let Some(from) = chain.iter().position(|member| *member == at) {
                problems.push(self.ring(&chain[from..]));
                break None;
            }
            chain.push(at);
            match self.base_of(at) {
                Ok(None) => break Some(Node::map(Vec::new(), self.entries[at].value.span)),
                Ok(Some(next)) => at = next,
                Err(diagnostic) => {
                    problems.push(*diagnostic);
                    break None;
                }
            }
        };
        while let Some(member) = chain.pop() {
            base = base.map(|base| merged(&base, &self.entries[member].value));
            self.nodes += base.as_ref().map_or(0, count);
            if self.nodes > self.most && base.is_some() {
                let message = format!(
                    "with what they extend, the layouts have more than the limit of {} values",
                    self.most
                );
                let place = self.entries[member].key.span;
                let diagnostic = Diagnostic::new(Code::TooLarge, message, place);
                problems.push(diagnostic.hint("--size-limit raises the limit"));
                base = None;
            }
            self.done.insert(member, base.clone());
        }
    }

    /// The layout that a layout extends.
    fn base_of(&self, at: usize) -> Result<Option<usize>, Box<Diagnostic>> {
        let entry = &self.entries[at];
        let Some(extends) = entry.value.get(self.extends) else {
            return Ok(None);
        };
        let Some(name) = extends.text().filter(|_| !extends.is_empty()) else {
            let message = format!("`extends` names a layout; found {}", extends.found());
            return Err(Diagnostic::new(Code::WrongType, message, extends.span)
                .hint("write it like `extends: monolith`")
                .into());
        };
        match self.index.get(name) {
            Some(base) => Ok(Some(*base)),
            None => {
                let known: Vec<&str> = self
                    .index
                    .keys()
                    .filter(|known| **known != entry.key.as_str())
                    .copied()
                    .collect();
                let message = format!("no layout is called {}", quoted(name));
                Err(Diagnostic::new(Code::UnknownLayout, message, extends.span)
                    .maybe_hint(did_you_mean(name, &known))
                    .into())
            }
        }
    }

    fn ring(&self, members: &[usize]) -> Diagnostic {
        const MOST_SHOWN: usize = 8;
        let name = |member: &usize| quoted(&self.entries[*member].key);
        let mut path: Vec<String> = members.iter().take(MOST_SHOWN).map(name).collect();
        if members.len() > MOST_SHOWN {
            path.push("…".to_string());
        }
        path.extend(members.first().map(name));
        let first = &self.entries[members[0]];
        let span = first.value.get(self.extends).map_or(first.key.span, |node| node.span);
        let message = match members {
            [_] => format!("layout {} extends itself", path[0]),
            _ => format!("layouts extend each other in a ring: {}", path.join(" → ")),
        };
        Diagnostic::new(Code::LayoutRing, message, span)
            .hint("one of them must be written out, without `extends`")
    }
}

/// `over` laid upon `base`: maps key by key, anything else as a whole.
pub(crate) fn merged(base: &Node, over: &Node) -> Node {
    let (Some(base_entries), Some(over_entries)) = (base.entries(), over.entries()) else {
        return over.clone();
    };
    let index: BTreeMap<&str, &Entry> =
        over_entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
    let mut entries: Vec<Entry> = base_entries
        .iter()
        .map(|old| match index.get(old.key.as_str()).copied() {
            None => old.clone(),
            Some(new) if REPLACED.contains(&new.key.as_str()) => new.clone(),
            Some(new) => Entry { key: new.key.clone(), value: merged(&old.value, &new.value) },
        })
        .collect();
    let known: BTreeSet<&str> = base_entries.iter().map(|entry| entry.key.as_str()).collect();
    entries
        .extend(over_entries.iter().filter(|entry| !known.contains(entry.key.as_str())).cloned());
    Node::map(entries, over.span)
}

fn count(node: &Node) -> usize {
    match &node.value {
        Value::Scalar { .. } => 1,
        Value::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Map(entries) => 1 + entries.iter().map(|entry| count(&entry.value)).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_as_a_whole_is_a_field() {
        let forms = crate::scenario::fields();
        let is_field = |name: &&&str| forms.iter().any(|form| form.has(name));
        assert!(REPLACED.iter().all(|name| is_field(&name)), "{REPLACED:?}");
    }
}
