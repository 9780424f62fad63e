//! Names in a message.

use crate::model::At;
use crate::scenario::visible::quoted;

/// Most names that a message lists.
pub(super) const MOST_LISTED: usize = 5;

/// Names in quotes, no more than anyone reads, and whether it is one.
pub(super) fn listed(names: &[At<String>]) -> (String, bool) {
    let mut text: Vec<String> = names.iter().take(MOST_LISTED).map(|name| quoted(name)).collect();
    if names.len() > MOST_LISTED {
        text.push(format!("{} more", names.len() - MOST_LISTED));
    }
    let last = text.pop().unwrap_or_default();
    let all = if text.is_empty() { last } else { format!("{} and {last}", text.join(", ")) };
    (all, names.len() == 1)
}
