//! How deep a part is and how much it holds: what an alias adds wherever it repeats one.

use crate::scenario::node::{Node, Value};

/// Deepest nesting of lists and maps.
pub(super) const MOST_DEPTH: usize = 128;

/// What an anchored node adds wherever an alias repeats it.
#[derive(Clone, Copy)]
pub(super) struct Weight {
    pub(super) nodes: usize,
    pub(super) text: usize,
    pub(super) depth: usize,
}

/// Weighs a node whose depth is within the limit, so that the recursion is too.
pub(super) fn weigh(node: &Node) -> Weight {
    let mut sum = Weight { nodes: 1, text: 0, depth: 0 };
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
