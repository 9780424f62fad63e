//! `run`, `slo` and `studies`: how long to simulate, what was promised, what is asked.

use super::{Decoder, Fields, Path};
use crate::model::{Length, Run, Slo, Study, Variation, Watch, Workload};
use crate::scenario::node::{Entry, Node, Value};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic, edit, values};
use crate::units::{Nanos, Share};

/// Most replications of a run.
const MOST_REPLICATIONS: u32 = 1_000_000;

impl Decoder<'_> {
    /// How a run is made, from defaults where nothing is said.
    pub(super) fn run(&mut self, node: Option<&Node>, path: &Path<'_>) -> Run {
        let nothing = Node::map(Vec::new(), Default::default());
        let node = node.filter(|node| !node.is_empty()).unwrap_or(&nothing);
        let mut fields = match self.fields(node, "a run", path) {
            Some(fields) => fields,
            None => return self.run(None, path),
        };
        let seed =
            |decoder: &mut Self, node: &Node| decoder.whole(node, "a seed", 0..=i64::MAX as u64);
        let seed = match fields.take("seed") {
            Some(node) => seed(self, node).unwrap_or_default(),
            None => self.default_with(fields.path("seed"), "run.seed", seed),
        };
        let replications = fields.take("replications");
        let fixed = fields.take("fixed");
        let limits = fields.take("limits");
        let limits = self.limits(limits, &path.to("limits"));
        let (mut length, watch) = match self.until(&mut fields, limits.windows) {
            Some((until, watch)) => (Length::Until(until), watch),
            None => (self.precisions(&mut fields, fixed.is_some()), Watch::default()),
        };
        self.finish(fields);
        let mut replications = replications;
        if let Some(node) = fixed {
            let (fixed, own) = self.fixed(node, &path.to("fixed"));
            length = fixed.unwrap_or(length);
            replications = own.or(replications);
        }
        let count = |decoder: &mut Self, node: &Node| {
            decoder.whole32(node, "a number of replications", 1..=MOST_REPLICATIONS)
        };
        let replications = match replications {
            Some(node) => count(self, node).unwrap_or(1),
            None => {
                let path = path.to("replications").text();
                self.default_with(path, "run.replications", count)
            }
        };
        Run { seed, length, replications, watch, limits }
    }

    /// What the run is to be as precise as. Beside a fixed length that says nothing: what is written is
    /// looked at all the same, but what is left out has no default there.
    fn precisions(&mut self, fields: &mut Fields<'_>, fixed: bool) -> Length {
        let [mean, p99] = [("precision", "run.precision"), ("p99_precision", "run.p99_precision")]
            .map(|(name, key)| match fields.take(name) {
                Some(node) => self.precision(node),
                None if fixed => 1.0,
                None => self.default::<Share>(fields.path(name), key).0,
            });
        Length::Precision { mean, p99 }
    }

    fn precision(&mut self, node: &Node) -> f64 {
        let share = self.quantity::<Share>(node).map_or(1.0, |share| share.0);
        if share < 1e-6 {
            let message = format!("a precision is at least 0.0001 %; found {}", node.found());
            self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        }
        share
    }

    /// The fixed length, and its own `replications`.
    fn fixed<'n>(&mut self, node: &'n Node, path: &Path<'_>) -> (Option<Length>, Option<&'n Node>) {
        let Some(mut fields) = self.fields(node, "a fixed run", path) else {
            return (None, None);
        };
        let duration_node = self.required(&mut fields, "duration");
        let warmup_node = fields.take("warmup");
        let replications = fields.take("replications");
        let warmup_path = fields.path("warmup");
        self.finish(fields);
        let duration = duration_node.and_then(|node| self.quantity::<Nanos>(node));
        let (Some(duration), Some(duration_node)) = (duration, duration_node) else {
            return (None, replications);
        };
        if duration == Nanos::ZERO {
            let message = format!("a duration must be above zero; found {}", duration_node.found());
            self.tell(Diagnostic::new(Code::OutOfRange, message, duration_node.span));
        }
        let warmup = match warmup_node {
            Some(node) => self.quantity::<Nanos>(node).unwrap_or_default(),
            None => {
                let share: Share = self.default(warmup_path, "run.warmup");
                Nanos((duration.0 as f64 * share.0) as u64)
            }
        };
        if let Some(node) = warmup_node.filter(|_| warmup >= duration) {
            let message =
                format!("the warm-up must be shorter than the run; found {}", node.found());
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
            self.tell(diagnostic.also(duration_node.span, "the run"));
        }
        (Some(Length::Fixed { duration, warmup }), replications)
    }

    /// Promises by endpoint. Without a workload names cannot be looked up, and only fields are read.
    pub(super) fn slos(
        &mut self,
        node: &Node,
        workload: Option<&Workload>,
        path: &Path<'_>,
    ) -> Vec<Slo> {
        let entries = self.map(node, "a map of endpoints").unwrap_or_default();
        entries.iter().filter_map(|entry| self.slo(entry, workload, path)).collect()
    }

    fn slo(&mut self, entry: &Entry, workload: Option<&Workload>, path: &Path<'_>) -> Option<Slo> {
        let name = entry.key.as_str();
        let endpoints = workload.map_or(&[][..], |workload| &workload.endpoints);
        let position = endpoints.iter().position(|endpoint| endpoint.name.as_str() == name);
        let endpoint = position.and_then(|position| u32::try_from(position).ok());
        if endpoint.is_none() && name != "all" && !endpoints.is_empty() {
            let mut known: Vec<&str> =
                endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
            known.push("all");
            let message = format!("no endpoint is called {}", quoted(name));
            self.unknown(Code::UnknownEndpoint, message, entry.key.span, name, &known);
        }
        let mut fields = self.fields(&entry.value, "an SLO", &path.to(name))?;
        let mut slo = Slo { endpoint, latency: Vec::new(), errors: None };
        let bounds = [
            ("mean", 0.0),
            ("p50", 50.0),
            ("p90", 90.0),
            ("p95", 95.0),
            ("p99", 99.0),
            ("p999", 99.9),
        ];
        for (name, percentile) in bounds {
            if let Some(bound) = fields.take(name).and_then(|node| self.quantity::<Nanos>(node)) {
                slo.latency.push((percentile, bound));
            }
        }
        slo.errors = fields.take("errors").and_then(|node| self.quantity(node));
        self.finish(fields);
        Some(slo)
    }

    /// Studies declared in the file; `root` is the tree that their paths lead through.
    pub(super) fn studies(&mut self, node: &Node, root: &Node) -> Vec<Study> {
        let entries = self.map(node, "a map of studies").unwrap_or_default();
        let mut tree = root.clone();
        entries.iter().filter_map(|entry| self.study(entry, &mut tree)).collect()
    }

    fn study(&mut self, entry: &Entry, tree: &mut Node) -> Option<Study> {
        let name = self.name(&entry.key, true);
        let kind = self.one_key(&entry.value, "a study")?;
        match kind.key.as_str() {
            "sweep" => {
                let axes = self.map(&kind.value, "a map of paths and values")?;
                let sweep = axes.iter().filter_map(|axis| self.variation(axis, tree)).collect();
                Some(Study { name, sweep })
            }
            word @ ("break_even" | "size" | "capacity" | "ladder" | "blast" | "migration") => {
                self.refuse_not_built(&format!("the study `{word}`"), kind.key.span);
                None
            }
            other => {
                let message = format!("no study is called {}", quoted(other));
                self.unknown(Code::UnknownWord, message, kind.key.span, other, &["sweep"]);
                None
            }
        }
    }

    fn variation(&mut self, axis: &Entry, tree: &mut Node) -> Option<Variation> {
        if let Err(diagnostic) = edit::check(tree, &axis.key, axis.key.span) {
            self.tell(*diagnostic);
        }
        let path = axis.key.value.clone();
        if let Value::List(items) = &axis.value.value {
            let texts = items.iter().map(|item| self.scalar(item, "a value").map(str::to_string));
            return Some(Variation { path, values: texts.collect::<Option<Vec<_>>>()? });
        }
        let text = self.scalar(&axis.value, "the values of an axis")?;
        match values(text) {
            Ok(values) => Some(Variation { path, values }),
            Err(error) => {
                let diagnostic = Diagnostic::new(Code::BadValue, error.problem, axis.value.span);
                self.tell(diagnostic.hint(error.hint));
                None
            }
        }
    }
}
