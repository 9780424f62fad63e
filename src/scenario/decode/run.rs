//! `run`, `slo` and `studies`: how long to simulate, what was promised, what is asked.

use super::{Decoder, Fields, Path};
use crate::model::{Length, Run, Slo, Study, Variation, Watch, Workload};
use crate::scenario::form::{FieldOf, Fielded, LeftOut, Shape, choice, form};
use crate::scenario::node::{Entry, Node, Value};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic, edit, values};
use crate::units::{Nanos, Share};

/// Most replications of a run.
const MOST_REPLICATIONS: u32 = 1_000_000;

form! { RunFields "run" "a run" {
    SEED "seed": Shape::Whole, LeftOut::Default("run.seed"), "Where all random numbers come from.";
    REPLICATIONS "replications": Shape::Whole, LeftOut::Default("run.replications"),
        "Independent runs that intervals are made from.";
    FIXED "fixed": Shape::Map("fixed run"), LeftOut::Means("as long as the precision asks for"),
        "A length that the author gives.";
    LIMITS "limits": Shape::Map("limits"), LeftOut::Means("all of it as its own fields say"),
        "What a run may use up before it is ended, and says so.";
    UNTIL "until": Shape::Duration, LeftOut::Means("a steady state is looked for"),
        "Clock time at which a run ends that starts empty and leaves nothing out.";
    AT "at": Shape::Either(&[Shape::Duration, Shape::List(&Shape::Duration)]), LeftOut::Means("none"),
        "Clock times at which the state of such a run is looked at.";
    WINDOW "window": Shape::Duration, LeftOut::Default("run.windows"),
        "What parts such a run is cut into, to be told one by one.";
    PRECISION "precision": Shape::Share, LeftOut::Default("run.precision"),
        "Half-width of the interval of a mean to run for.";
    P99_PRECISION "p99_precision": Shape::Share, LeftOut::Default("run.p99_precision"),
        "The same of a 99th percentile.";
} }

form! { FixedFields "fixed run" "a fixed run" {
    DURATION "duration": Shape::Duration, LeftOut::Missed, "Simulated time of a replication.";
    WARMUP "warmup": Shape::Duration, LeftOut::Default("run.warmup"),
        "Its first part, which is not measured.";
    REPLICATIONS "replications": Shape::Whole, LeftOut::Means("those of the run"),
        "Independent runs that intervals are made from.";
} }

form! { SloFields "slo" "an SLO" {
    MEAN "mean": Shape::Duration, LeftOut::Means("nothing is promised"), "Latency on average.";
    P50 "p50": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Latency that half of the requests keep below.";
    P90 "p90": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Latency that 90 % of the requests keep below.";
    P95 "p95": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Latency that 95 % of the requests keep below.";
    P99 "p99": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Latency that 99 % of the requests keep below.";
    P999 "p999": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Latency that 99.9 % of the requests keep below.";
    ERRORS "errors": Shape::Share, LeftOut::Means("nothing is promised"),
        "How many of the answers may be bad.";
    COMPLETION "completion": Shape::Map("completion"), LeftOut::Means("nothing is promised"),
        "Of `all`: how long each event may take from its publishing to the end of the last that hears of it.";
} }

form! { CompletionFields "completion" "a completion" {
    MEAN "mean": Shape::Duration, LeftOut::Means("nothing is promised"), "Time to completion on average.";
    P50 "p50": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Time that half of the events keep below.";
    P90 "p90": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Time that 90 % of the events keep below.";
    P95 "p95": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Time that 95 % of the events keep below.";
    P99 "p99": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Time that 99 % of the events keep below.";
    P999 "p999": Shape::Duration, LeftOut::Means("nothing is promised"),
        "Time that 99.9 % of the events keep below.";
} }

choice! { StudyChoice "study" "a study" {
    "sweep": Shape::Named(&Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)])),
        "Runs over a grid: for each path its values, as a list or a range such as `50/s..800/s x 5 log`.";
} not_built &["break_even", "size", "capacity", "ladder", "blast", "migration"] }

/// How a promise is written; `before` leads to it.
fn promise(node: &Node, before: &str) -> String {
    let bound = node.text().filter(|text| text.parse::<Nanos>().is_ok());
    format!("{before}{{ p99: {} }}`", bound.unwrap_or("250ms"))
}

impl Decoder<'_> {
    /// How a run is made, from defaults where nothing is said.
    pub(super) fn run(&mut self, node: Option<&Node>, path: &Path<'_>) -> Run {
        let nothing = Node::map(Vec::new(), Default::default());
        let node = node.filter(|node| !node.is_empty()).unwrap_or(&nothing);
        let Some(fields) = self.fields::<RunFields>(node, path) else {
            return self.run(None, path);
        };
        let seed = fields
            .or(self, RunFields::SEED, |d, node| d.whole(node, "a seed", 0..=i64::MAX as u64));
        let fixed = fields.get(RunFields::FIXED);
        let limits = self.limits(fields.get(RunFields::LIMITS), &path.to("limits"));
        let (mut length, watch) = match self.until(&fields, limits.windows) {
            Some((until, watch)) => (Length::Until(until), watch),
            None => (self.precisions(&fields, fixed.is_some()), Watch::default()),
        };
        self.finish(&fields);
        let mut own = None;
        if let Some(node) = fixed {
            let (fixed, replications) = self.fixed(node, &path.to("fixed"));
            length = fixed.unwrap_or(length);
            own = replications;
            self.refuse_beside_fixed(&fields, node, own);
        }
        let replications = match own {
            Some(node) => self.replications(node),
            None => fields.or(self, RunFields::REPLICATIONS, Self::replications),
        };
        Run {
            seed: seed.unwrap_or_default(),
            length,
            replications: replications.unwrap_or(1),
            watch,
            limits,
        }
    }

    fn replications(&mut self, node: &Node) -> Option<u32> {
        self.whole32(node, "a number of replications", 1..=MOST_REPLICATIONS)
    }

    /// What the run is to be as precise as. Beside a fixed length nothing is, and what is left out has no
    /// default there.
    fn precisions(&mut self, fields: &Fields<'_, RunFields>, fixed: bool) -> Length {
        let [mean, p99] = [RunFields::PRECISION, RunFields::P99_PRECISION].map(|field| {
            let left_out = fixed && fields.get(field).is_none();
            if left_out { None } else { fields.or(self, field, Self::precision) }
        });
        Length::Precision { mean: mean.unwrap_or(1.0), p99: p99.unwrap_or(1.0) }
    }

    /// A length that the author gives leaves nothing to a precision, and has its replications or those of the
    /// run.
    fn refuse_beside_fixed(
        &mut self,
        fields: &Fields<'_, RunFields>,
        fixed: &Node,
        own_replications: Option<&Node>,
    ) {
        for field in [RunFields::PRECISION, RunFields::P99_PRECISION] {
            let other = fields.get(field).filter(|_| fields.get(RunFields::UNTIL).is_none());
            if let Some(other) = other {
                let name = field.name();
                let message =
                    format!("a run is as long as `fixed` says or as `{name}` asks, not both");
                let diagnostic = Diagnostic::new(Code::Conflict, message, other.span);
                let hint = format!("leave out `fixed` or `{name}`");
                self.tell(diagnostic.hint(hint).also(fixed.span, "the length"));
            }
        }
        if let (Some(all), Some(own)) = (fields.get(RunFields::REPLICATIONS), own_replications) {
            let message = "`replications` stands here and in `fixed`";
            let diagnostic = Diagnostic::new(Code::Conflict, message, all.span);
            self.tell(diagnostic.hint("leave out one of them").also(own.span, "the other one"));
        }
    }

    fn precision(&mut self, node: &Node) -> Option<f64> {
        let share = self.quantity::<Share>(node)?.0;
        if share < 1e-6 {
            let message = format!("a precision is at least 0.0001 %; found {}", node.found());
            self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        }
        Some(share)
    }

    /// What comes after so long a time is taken never to come.
    pub(super) fn refuse_beyond_time(&mut self, length: Nanos, node: &Node) {
        const LONGEST_RUN: Nanos = Nanos(1 << 62);
        if length > LONGEST_RUN {
            let message = format!("a run takes at most 146 years; found {}", node.found());
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
            self.tell(diagnostic.hint("what happens in so long a time shows in a shorter one"));
        }
    }

    /// The fixed length, and its own `replications`.
    fn fixed<'n>(&mut self, node: &'n Node, path: &Path<'_>) -> (Option<Length>, Option<&'n Node>) {
        let Some(fields) = self.fields::<FixedFields>(node, path) else {
            return (None, None);
        };
        let duration_node = self.required(&fields, FixedFields::DURATION);
        let warmup_node = fields.get(FixedFields::WARMUP);
        let replications = fields.get(FixedFields::REPLICATIONS);
        self.finish(&fields);
        let duration = duration_node.and_then(|node| self.quantity::<Nanos>(node));
        let (Some(duration), Some(duration_node)) = (duration, duration_node) else {
            return (None, replications);
        };
        self.refuse_beyond_time(duration, duration_node);
        if duration == Nanos::ZERO {
            let message = format!("a duration must be above zero; found {}", duration_node.found());
            self.tell(Diagnostic::new(Code::OutOfRange, message, duration_node.span));
        }
        let warmup = match warmup_node {
            Some(node) => {
                let warmup = self.quantity::<Nanos>(node).unwrap_or_default();
                let path = fields.path(FixedFields::WARMUP);
                self.note_computed(node, FixedFields::WARMUP.field, path, |share: Share| {
                    warmup == part_of(duration, share)
                });
                warmup
            }
            None => {
                let share = fields.default(self, FixedFields::WARMUP, "", Self::quantity);
                part_of(duration, share)
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
        if node.entries().is_none() && !node.is_empty() {
            self.wrong_type(node, "a map of endpoints", &promise(node, "`all: "));
            return Vec::new();
        }
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
        if entry.value.entries().is_none() && !entry.value.is_empty() {
            self.wrong_type(&entry.value, "an SLO", &promise(&entry.value, "`"));
            return None;
        }
        let fields = self.fields::<SloFields>(&entry.value, &path.to(name))?;
        let bounds = [
            SloFields::MEAN,
            SloFields::P50,
            SloFields::P90,
            SloFields::P95,
            SloFields::P99,
            SloFields::P999,
        ];
        let latency = self.bounds(&fields, bounds);
        let errors = fields.get(SloFields::ERRORS).and_then(|node| self.quantity(node));
        let completion = fields.get(SloFields::COMPLETION);
        self.finish(&fields);
        if let Some(node) = completion.filter(|_| name != "all") {
            let message = "events belong to no endpoint, so their completion is promised for `all`";
            let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
            self.tell(diagnostic.hint("write `all: { completion: { p99: 5s } }`"));
        }
        let completion = completion.map(|node| self.completion(node, &path.to(name)));
        Some(Slo { endpoint, latency, errors, completion: completion.unwrap_or_default() })
    }

    /// What is promised of the mean and of percentiles, in this order.
    fn bounds<F: Fielded>(
        &mut self,
        fields: &Fields<'_, F>,
        of: [FieldOf<F>; 6],
    ) -> Vec<(f64, Nanos)> {
        let percentiles = [0.0, 50.0, 90.0, 95.0, 99.0, 99.9];
        let bounds = of.into_iter().zip(percentiles).filter_map(|(field, percentile)| {
            let bound = fields.get(field).and_then(|node| self.quantity::<Nanos>(node))?;
            Some((percentile, bound))
        });
        bounds.collect()
    }

    /// Promises of how long events take at a broker.
    fn completion(&mut self, node: &Node, path: &Path<'_>) -> Vec<(f64, Nanos)> {
        let path = path.to("completion");
        let Some(fields) = self.fields::<CompletionFields>(node, &path) else {
            return Vec::new();
        };
        self.finish(&fields);
        let bounds = [
            CompletionFields::MEAN,
            CompletionFields::P50,
            CompletionFields::P90,
            CompletionFields::P95,
            CompletionFields::P99,
            CompletionFields::P999,
        ];
        self.bounds(&fields, bounds)
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
            word if StudyChoice::FORM.not_built.contains(&word) => {
                self.refuse_not_built(&format!("the study `{word}`"), kind.key.span);
                None
            }
            other => {
                let message = format!("no study is called {}", quoted(other));
                self.unknown(
                    Code::UnknownWord,
                    message,
                    kind.key.span,
                    other,
                    &StudyChoice::FORM.names(),
                );
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

fn part_of(duration: Nanos, share: Share) -> Nanos {
    Nanos((duration.0 as f64 * share.0) as u64)
}
