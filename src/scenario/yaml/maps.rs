//! Keys of a map: names, each once, and what `<<` merges in.

use std::collections::BTreeMap;

use crate::model::{At, Span};
use crate::scenario::node::{Entry, Node, Value};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// What stands before a colon.
pub(super) enum MapKey {
    Name(At<String>),
    Merge,
    /// Not a name; its value is read and left out.
    Refused,
}

/// The entries of a whole map: refuses a key that is there already, and adds what `<<` merges in.
/// What the map says itself comes before it, an earlier merge before a later one.
pub(super) fn close(
    entries: Vec<Entry>,
    merges: Vec<Node>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Entry> {
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    let mut unique: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Some(first) = places.get(&entry.key.value) {
            let message = format!("{} is written twice in one map", quoted(&entry.key));
            let diagnostic = Diagnostic::new(Code::DuplicateKey, message, entry.key.span)
                .label("again here")
                .hint("remove one of them, or give it another name");
            problems.push(diagnostic.also(*first, "first here"));
            continue;
        }
        places.insert(entry.key.value.clone(), entry.key.span);
        unique.push(entry);
    }
    for entry in merges.into_iter().flat_map(|merge| merged_entries(merge, problems)) {
        if !places.contains_key(&entry.key.value) {
            places.insert(entry.key.value.clone(), entry.key.span);
            unique.push(entry);
        }
    }
    unique
}

/// The entries of a merged map, or of a list of them.
fn merged_entries(merge: Node, problems: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let found = merge.found();
    match merge.value {
        Value::Map(entries) => entries,
        Value::List(items) => {
            items.into_iter().flat_map(|item| merged_entries(item, problems)).collect()
        }
        Value::Scalar { .. } => {
            let message = format!("`<<` merges a map, or a list of maps; found {found}");
            let diagnostic = Diagnostic::new(Code::BadMerge, message, merge.span);
            problems.push(diagnostic.hint("write `<<: *anchor`, where `&anchor` marks a map"));
            Vec::new()
        }
    }
}

/// The key that a node is.
pub(super) fn read_key(node: Node, problems: &mut Vec<Diagnostic>) -> MapKey {
    const MOST_BYTES: usize = 1000;
    let empty = node.is_empty();
    let found = node.found();
    match node.value {
        Value::Scalar { text, plain: true } if text == "<<" => MapKey::Merge,
        Value::Scalar { text, .. } if !empty && text.len() <= MOST_BYTES => {
            MapKey::Name(At::new(text, node.span))
        }
        Value::Scalar { text, .. } if !empty => {
            let message =
                format!("a name has at most {MOST_BYTES} bytes; this one has {}", text.len());
            problems.push(Diagnostic::new(Code::BadKey, message, node.span).hint("shorten it"));
            MapKey::Refused
        }
        _ => {
            let message = format!("a key is a name; found {found}");
            problems.push(
                Diagnostic::new(Code::BadKey, message, node.span)
                    .hint("write a name before the colon"),
            );
            MapKey::Refused
        }
    }
}
