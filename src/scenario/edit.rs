//! A what-if: `path = value` put into the tree of a scenario before it is decoded.
//!
//! A path is names joined by dots, a list's item by its number: `layouts.msa.services.each.replicas`.
//! A name that has dots itself is found too: at each map the longest key that fits is taken.

use super::nearest::did_you_mean;
use super::node::{Entry, Node, Value};
use super::visible::quoted;
use super::{Code, Diagnostic};
use crate::model::{At, Span};
use crate::units::UnitError;

/// One edit: a path of the scenario and what to put there, as an author would write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Path, such as `workload.arrivals.poisson`.
    pub path: String,
    /// Value as YAML, such as `800/s`.
    pub value: String,
}

impl std::str::FromStr for Edit {
    type Err = UnitError;

    /// Reads `path=value`.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let hint = "write it like `workload.arrivals.poisson=800/s`".to_string();
        match text.split_once('=') {
            Some((path, value)) if !path.trim().is_empty() => {
                Ok(Edit { path: path.trim().to_string(), value: value.trim().to_string() })
            }
            _ => Err(UnitError { problem: format!("{} is no `path=value`", quoted(text)), hint }),
        }
    }
}

/// Maps that may be made where the file left them out; `*` stands for any name.
const MAY_BE_MADE: &[&str] = &[
    "run",
    "run.fixed",
    "run.limits",
    "slo",
    "slo.*",
    "platform",
    "platform.network",
    "platform.network.*",
    "platform.nodes",
    "platform.nodes.reserved",
    "platform.protocols",
    "platform.protocols.*",
    "layouts.*.services.*",
    "layouts.*.databases.*",
    "layouts.*.databases.*.costs",
];

/// Puts `value` at `path`. `source` is the text `path=value`, which the spans of both point into.
///
/// # Errors
/// A path that leads nowhere, or a single value in the place of a whole map.
pub(crate) fn set(
    root: &mut Node,
    path: &str,
    value: Node,
    source: u32,
) -> Result<(), Box<Diagnostic>> {
    let mut walk = Walk { path, source, names: Vec::new(), inherits: false };
    walk.down(root, 0, Some(value))
}

/// Whether [`set`] would find a place for a value; changes nothing that matters (what is left
/// empty becomes an empty map). `span` is where the path is written.
pub(crate) fn check(root: &mut Node, path: &str, span: Span) -> Result<(), Box<Diagnostic>> {
    let mut walk = Walk { path, source: span.source, names: Vec::new(), inherits: false };
    walk.down(root, 0, None).map_err(|mut diagnostic| {
        diagnostic.span = span;
        diagnostic
    })
}

/// What an edit of a path takes the place of: fields that say the same in another way. Who edits the one does
/// not want the other, which may stand in the file.
const TAKES_THE_PLACE_OF: &[(&str, &str)] = &[
    ("run.fixed", "run.precision"),
    ("run.fixed", "run.p99_precision"),
    ("run.until", "run.precision"),
    ("run.until", "run.p99_precision"),
    ("run.replications", "run.fixed.replications"),
    ("run.fixed.replications", "run.replications"),
];

/// Takes out what the edit of `path` takes the place of.
pub(crate) fn give_way(root: &mut Node, path: &str) {
    for (edited, other) in TAKES_THE_PLACE_OF {
        let below = path.strip_prefix(edited);
        let is_below = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        // A whole that is set may have the part; what else is in that whole was set with it and stays.
        let holds = |part: &str| part.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        if is_below || holds(edited) && !holds(other) && has(root, edited) {
            take_out(root, other);
        }
    }
}

fn has(root: &Node, path: &str) -> bool {
    path.split('.').try_fold(root, |node, key| node.get(key)).is_some()
}

fn take_out(node: &mut Node, path: &str) {
    let Value::Map(entries) = &mut node.value else {
        return;
    };
    match path.split_once('.') {
        None => entries.retain(|entry| entry.key.value != path),
        Some((key, rest)) => {
            let entry = entries.iter_mut().find(|entry| entry.key.value == key);
            entry.into_iter().for_each(|entry| take_out(&mut entry.value, rest));
        }
    }
}

struct Walk<'p> {
    path: &'p str,
    source: u32,
    /// Keys taken so far.
    names: Vec<String>,
    /// Below a layout that extends another, whose maps need not be written again.
    inherits: bool,
}

impl<'p> Walk<'p> {
    /// Goes on at byte `from` of the path.
    fn down(
        &mut self,
        node: &mut Node,
        from: usize,
        value: Option<Node>,
    ) -> Result<(), Box<Diagnostic>> {
        if node.is_empty() {
            node.value = Value::Map(Vec::new());
        }
        let (path, span) = (self.path, node.span);
        let segment = path[from..].split('.').next().unwrap_or_default();
        match &mut node.value {
            Value::Map(entries) => self.step_into(entries, span, from, value),
            Value::List(items) => {
                let count = items.len();
                let item = segment.parse::<usize>().ok().and_then(|index| items.get_mut(index));
                let Some(item) = item else {
                    let so_far = self.so_far();
                    let message =
                        format!("{so_far} is a list of {count}; it has no {}", quoted(segment));
                    let hint = "its items are numbered from 0";
                    return Err(self.unknown(from, segment, message).hint(hint).into());
                };
                self.names.push(segment.to_string());
                match from + segment.len() {
                    end if end == path.len() => replace(item, value).map_err(|d| self.whole(d)),
                    end => self.down(item, end + 1, value),
                }
            }
            Value::Scalar { text, .. } => {
                let so_far = self.so_far();
                let message =
                    format!("{so_far} is {} here; it has no {}", quoted(text), quoted(segment));
                let hint = format!("set the whole of {so_far}");
                Err(self.unknown(from, segment, message).hint(hint).into())
            }
        }
    }

    fn step_into(
        &mut self,
        entries: &mut Vec<Entry>,
        span: Span,
        from: usize,
        value: Option<Node>,
    ) -> Result<(), Box<Diagnostic>> {
        let rest = &self.path[from..];
        self.inherits |= self.names.len() == 2
            && self.names[0] == "layouts"
            && entries.iter().any(|entry| entry.key.value == "extends");
        let fits = |key: &str| {
            rest.strip_prefix(key).is_some_and(|after| after.is_empty() || after.starts_with('.'))
        };
        let position = (0..entries.len())
            .filter(|index| fits(&entries[*index].key))
            .max_by_key(|index| entries[*index].key.len());
        if let Some(position) = position {
            let entry = &mut entries[position];
            self.names.push(entry.key.value.clone());
            return match from + entry.key.len() {
                end if end == self.path.len() => {
                    replace(&mut entry.value, value).map_err(|d| self.whole(d))
                }
                end => self.down(&mut entry.value, end + 1, value),
            };
        }
        let segment = rest.split('.').next().unwrap_or_default();
        let key = At::new(segment.to_string(), self.place(from, segment));
        if segment.is_empty() {
            let message = format!("the path {} has an empty name", quoted(self.path));
            let hint = "write it like `workload.arrivals.poisson`";
            return Err(self.unknown(from, segment, message).hint(hint).into());
        }
        if segment.len() == rest.len() {
            entries.extend(value.map(|value| Entry { key, value }));
            return Ok(());
        }
        self.names.push(segment.to_string());
        if !self.inherits && !self.may_be_made() {
            self.names.pop();
            let known: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
            let message = format!("{} has no {}", self.so_far(), quoted(segment));
            let hint = did_you_mean(segment, &known);
            return Err(self.unknown(from, segment, message).maybe_hint(hint).into());
        }
        let mut made = Node::map(Vec::new(), span);
        let sets = value.is_some();
        self.down(&mut made, from + segment.len() + 1, value)?;
        if sets {
            entries.push(Entry { key, value: made });
        }
        Ok(())
    }

    fn may_be_made(&self) -> bool {
        MAY_BE_MADE.iter().any(|pattern| {
            let mut names = self.names.iter();
            let mut parts = pattern.split('.');
            loop {
                match (parts.next(), names.next()) {
                    (None, None) => return true,
                    (Some(part), Some(name)) if part == "*" || part == name => {}
                    _ => return false,
                }
            }
        })
    }

    fn so_far(&self) -> String {
        match self.names.as_slice() {
            [] => "the scenario".to_string(),
            names => quoted(&names.join(".")),
        }
    }

    fn place(&self, from: usize, segment: &str) -> Span {
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let column = count(&self.path[..from]) + 1;
        Span { source: self.source, line: 1, column, length: count(segment) }
    }

    fn unknown(&self, from: usize, segment: &str, message: String) -> Diagnostic {
        Diagnostic::new(Code::UnknownPath, message, self.place(from, segment))
    }

    fn whole(&self, found: String) -> Box<Diagnostic> {
        let message = format!(
            "{} is {found} here; a single value cannot take the place of the whole",
            self.so_far()
        );
        let hint = "give the path down to one value, or a whole map: `{ … }`";
        Box::new(Diagnostic::new(Code::EditOfAMap, message, self.place(0, self.path)).hint(hint))
    }
}

/// Puts a value where another was. A map with several keys describes a thing, and no single
/// value can stand for it; a map with one key may be an alternative, as `{ exp: 2ms }` is to `2ms`.
fn replace(old: &mut Node, value: Option<Node>) -> Result<(), String> {
    let Some(value) = value else { return Ok(()) };
    let is_thing = old.entries().is_some_and(|entries| entries.len() > 1);
    if is_thing && value.text().is_some() {
        return Err(old.found());
    }
    *old = value;
    Ok(())
}
