//! Terminating runs: `run: { until: 3min, at: [ 50ms, 1s ], window: 10s }`.

use super::run::RunFields;
use super::{Decoder, Fields};
use crate::model::Watch;
use crate::scenario::node::{Node, Value};
use crate::scenario::{Code, Diagnostic};
use crate::units::Nanos;

impl Decoder<'_> {
    /// The end of a terminating run and what is looked at on the way, at most `most` moments and as many
    /// windows; `None` where the run is of another kind.
    pub(super) fn until(
        &mut self,
        fields: &Fields<'_, RunFields>,
        most: u32,
    ) -> Option<(Nanos, Watch)> {
        let (at, window) = (fields.get(RunFields::AT), fields.get(RunFields::WINDOW));
        let Some(node) = fields.get(RunFields::UNTIL) else {
            self.refuse_without_end([(at, "at"), (window, "window")]);
            return None;
        };
        for other in [RunFields::FIXED, RunFields::PRECISION, RunFields::P99_PRECISION] {
            if let Some(other_node) = fields.get(other) {
                let other = other.name();
                let message = format!("a run ends at `until` or as `{other}` says, not both");
                let diagnostic = Diagnostic::new(Code::Conflict, message, other_node.span);
                let hint = format!("leave out `until` or `{other}`");
                self.tell(diagnostic.hint(hint).also(node.span, "the end"));
            }
        }
        let end = self.quantity::<Nanos>(node).and_then(|end| self.above_zero(end, "an end", node));
        end.iter().for_each(|end| self.refuse_beyond_time(*end, node));
        let moments = at.map(|at| self.moments(at, end, most)).unwrap_or_default();
        let window = match (window, end) {
            (None, Some(end)) => Some(self.default_window(fields, end, most)),
            (None, None) => None,
            (Some(node), end) => {
                let window = self.window(node, end, most);
                if let (Some(window), Some(end)) = (window, end) {
                    let path = fields.path(RunFields::WINDOW);
                    self.note_computed(node, RunFields::WINDOW.field, path, |count: u64| {
                        window == window_of(end, count, most)
                    });
                }
                window
            }
        };
        Some((end.unwrap_or(Nanos(1)), Watch { moments, window }))
    }

    fn refuse_without_end(&mut self, given: [(Option<&Node>, &str); 2]) {
        for (node, name) in given {
            if let Some(node) = node {
                let message = format!("`{name}` belongs to a run that ends at a clock time");
                let diagnostic = Diagnostic::new(Code::MissingField, message, node.span);
                self.tell(diagnostic.hint("say when it ends, such as `until: 3min`"));
            }
        }
    }

    fn above_zero(&mut self, time: Nanos, what: &str, node: &Node) -> Option<Nanos> {
        if time > Nanos::ZERO {
            return Some(time);
        }
        let message = format!("{what} must be above zero; found {}", node.found());
        self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        None
    }

    /// Moments in any order, or a single one; answers with them in order of time.
    fn moments(&mut self, node: &Node, end: Option<Nanos>, most: u32) -> Vec<Nanos> {
        let single = std::slice::from_ref(node);
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => single,
        };
        if items.len() > most as usize {
            self.too_many(node, &format!("{} moments", items.len()), most);
            return Vec::new();
        }
        let mut found: Vec<(Nanos, &Node)> = Vec::new();
        for item in items {
            let Some(time) = self.quantity::<Nanos>(item) else {
                continue;
            };
            if end.is_some_and(|end| time > end) {
                let message = format!("a moment lies within the run; found {}", item.found());
                let diagnostic = Diagnostic::new(Code::OutOfRange, message, item.span);
                self.tell(diagnostic.hint("let it come at `until` or before"));
            }
            found.push((time, item));
        }
        // A stable sort: of two equal moments the second one written is the one too many.
        found.sort_by_key(|(time, _)| *time);
        for pair in found.windows(2) {
            if pair[0].0 == pair[1].0 {
                let message = format!("the moment {} is listed twice", pair[1].1.found());
                let diagnostic = Diagnostic::new(Code::Conflict, message, pair[1].1.span);
                self.tell(diagnostic.also(pair[0].1.span, "the first time"));
            }
        }
        found.into_iter().map(|(time, _)| time).collect()
    }

    fn window(&mut self, node: &Node, end: Option<Nanos>, most: u32) -> Option<Nanos> {
        let window = self.quantity::<Nanos>(node)?;
        let window = self.above_zero(window, "a window", node)?;
        let end = end?;
        if window > end {
            let message = format!("a window fits into the run; found {}", node.found());
            self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
            return None;
        }
        let count = end.0.div_ceil(window.0);
        if count > u64::from(most) {
            self.too_many(node, &format!("{count} windows"), most);
            return None;
        }
        Some(window)
    }

    /// A share of the run, no more windows than allowed.
    fn default_window(&mut self, fields: &Fields<'_, RunFields>, end: Nanos, most: u32) -> Nanos {
        let count = |decoder: &mut Self, node: &Node| {
            decoder.whole(node, "a number of windows", 1..=1_000_000)
        };
        let count = fields.default(self, RunFields::WINDOW, "", count);
        window_of(end, count, most)
    }

    fn too_many(&mut self, node: &Node, what: &str, most: u32) {
        let message = format!("{what} are more than the limit of {most} (run.limits.windows)");
        let diagnostic = Diagnostic::new(Code::TooLarge, message, node.span);
        self.tell(diagnostic.hint("take fewer, or raise `run.limits.windows`: each takes memory"));
    }
}

/// A part of a run of so many, and no more than allowed.
fn window_of(end: Nanos, count: u64, most: u32) -> Nanos {
    Nanos(end.0.div_ceil(count.min(u64::from(most))))
}
