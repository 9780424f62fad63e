//! Arrival processes: when requests come.

use super::trace::Known;
use super::{Decoder, Path};
use crate::model::{Arrivals, BatchSize, MmppState};
use crate::scenario::form::{Fielded, LeftOut, Shape, choice, form};
use crate::scenario::nearest::did_you_mean;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Nanos, PerSecond};

choice! { ArrivalsChoice "arrival process" "an arrival process" {
    "poisson": Shape::Rate, "At any time as likely as at any other, at a mean rate.";
    "deterministic": Shape::Rate, "Evenly spaced.";
    "closed": Shape::Map("closed workload"),
        "From so many users, each of whom waits for an answer and then thinks.";
    "mmpp": Shape::Map("Markov-modulated process"),
        "In calm and in busy times that follow each other at random.";
    "batch": Shape::Map("process of batches"), "Several at one instant.";
    "profile": Shape::Map("profile"), "At a rate that varies over time.";
    "trace": Shape::Either(&[Shape::Name, Shape::Map("trace")]), "At the instants of a file.";
} }

form! { ClosedFields "closed workload" "a closed workload" {
    USERS "users": Shape::Whole, LeftOut::Missed, "How many there are.";
    THINK "think": Shape::Law, LeftOut::Missed,
        "Time between an answer and the next request of the same user.";
} }

form! { MmppFields "Markov-modulated process" "a Markov-modulated process" {
    STATES "states": Shape::List(&Shape::Map("state")), LeftOut::Missed,
        "Two or more, one after the other, the first behind the last.";
} }

form! { StateFields "state" "a state" {
    RATE "rate": Shape::Rate, LeftOut::Missed, "Requests per time while it lasts.";
    STAY "stay": Shape::Duration, LeftOut::Missed, "How long it lasts on average.";
} }

form! { BatchFields "process of batches" "a process of batches" {
    RATE "rate": Shape::Rate, LeftOut::Missed, "Batches per time.";
    SIZE "size": Shape::Either(&[Shape::Whole, Shape::Map("size of a batch")]), LeftOut::Missed,
        "Requests in each.";
} }

choice! { BatchSizeChoice "size of a batch" "the law of a batch's size" {
    "geometric": Shape::Map("geometric size"),
        "After each request another one with the same chance, and at least one.";
} }

form! { GeometricSizeFields "geometric size" "a geometric law" {
    MEAN "mean": Shape::Number, LeftOut::Missed, "Requests in a batch on average, 1 or more.";
} }

impl Decoder<'_> {
    /// The arrival process that a node describes. `known`: the endpoints that it is for.
    pub(super) fn arrivals(&mut self, node: &Node, known: &Known<'_>) -> Option<Arrivals> {
        const HINT: &str = "write it like `{ poisson: 400/s }`";
        if node.entries().is_none() {
            self.wrong_type(node, "an arrival process", "it like `{ poisson: 400/s }`");
            return None;
        }
        let entry = self.one_key(node, "an arrival process")?;
        match entry.key.as_str() {
            "poisson" => self.rate(&entry.value).map(Arrivals::Poisson),
            "deterministic" => self.rate(&entry.value).map(Arrivals::Deterministic),
            "mmpp" => self.mmpp(&entry.value),
            "batch" => self.batch(&entry.value),
            "closed" => self.closed(&entry.value),
            "profile" => self.profile(&entry.value),
            "trace" => self.trace(&entry.value, known).map(Arrivals::Trace),
            other => {
                let message = format!("no arrival process is called {}", quoted(other));
                let near = did_you_mean(other, &ArrivalsChoice::FORM.names());
                let diagnostic = Diagnostic::new(Code::UnknownWord, message, entry.key.span);
                self.tell(diagnostic.hint(HINT).maybe_hint(near));
                None
            }
        }
    }

    /// A rate above zero.
    pub(super) fn rate(&mut self, node: &Node) -> Option<PerSecond> {
        let rate = self.rate_or_none(node)?;
        if rate.0 > 0.0 {
            return Some(rate);
        }
        let message = format!("a rate must be above zero; found {}", node.found());
        self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        None
    }

    /// A rate, which may be zero.
    pub(super) fn rate_or_none(&mut self, node: &Node) -> Option<PerSecond> {
        self.quantity(node)
    }

    /// A time above zero.
    pub(super) fn time_above_zero(&mut self, node: &Node, what: &str) -> Option<Nanos> {
        let time: Nanos = self.quantity(node)?;
        if time > Nanos::ZERO {
            return Some(time);
        }
        let message = format!("{what} must be above zero; found {}", node.found());
        self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        None
    }

    fn mmpp(&mut self, node: &Node) -> Option<Arrivals> {
        let fields = self.fields::<MmppFields>(node, &Path::root())?;
        let states_node = self.required(&fields, MmppFields::STATES);
        self.finish(&fields);
        let states_node = states_node?;
        let errors = self.errors();
        let mut states = Vec::new();
        for item in self.list(states_node, "a list of states")? {
            states.extend(self.mmpp_state(item));
        }
        if self.errors() > errors {
            return None;
        }
        if states.len() < 2 {
            let message = format!("`mmpp` needs two states or more; found {}", states.len());
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, states_node.span);
            self.tell(diagnostic.hint("one rate that never changes is `{ poisson: 400/s }`"));
            return None;
        }
        if states.iter().all(|state| state.rate.0 == 0.0) {
            let message = "no state has a rate above zero: no request ever comes";
            self.tell(Diagnostic::new(Code::OutOfRange, message, states_node.span));
            return None;
        }
        Some(Arrivals::Mmpp(states))
    }

    fn mmpp_state(&mut self, node: &Node) -> Option<MmppState> {
        let fields = self.fields::<StateFields>(node, &Path::root())?;
        let rate = self.required(&fields, StateFields::RATE);
        let rate = rate.and_then(|node| self.rate_or_none(node));
        let stay = self.required(&fields, StateFields::STAY);
        let stay = stay.and_then(|node| self.time_above_zero(node, "the mean stay in a state"));
        self.finish(&fields);
        Some(MmppState { rate: rate?, stay: stay?.seconds() })
    }

    fn batch(&mut self, node: &Node) -> Option<Arrivals> {
        let fields = self.fields::<BatchFields>(node, &Path::root())?;
        let rate = self.required(&fields, BatchFields::RATE);
        let rate = rate.and_then(|node| self.rate(node));
        let size = self.required(&fields, BatchFields::SIZE);
        let size = size.and_then(|node| self.batch_size(node));
        self.finish(&fields);
        Some(Arrivals::Batch { rate: rate?, size: size? })
    }

    fn batch_size(&mut self, node: &Node) -> Option<BatchSize> {
        if node.entries().is_none() {
            let size = self.whole32(node, "the size of a batch", 1..=u32::MAX);
            return size.map(BatchSize::Fixed);
        }
        let entry = self.one_key(node, "the law of a batch's size")?;
        if !BatchSizeChoice::FORM.has(&entry.key) {
            let message = format!("no law of a batch's size is called {}", quoted(&entry.key));
            let diagnostic = Diagnostic::new(Code::UnknownWord, message, entry.key.span);
            self.tell(diagnostic.hint("write `size: 5` or `size: { geometric: { mean: 4 } }`"));
            return None;
        }
        let fields = self.fields::<GeometricSizeFields>(&entry.value, &Path::root())?;
        let mean = self.required(&fields, GeometricSizeFields::MEAN);
        let mean = mean.and_then(|node| self.number(node, "the mean of a batch's size", 1.0..=1e9));
        self.finish(&fields);
        Some(BatchSize::Geometric { mean: mean? })
    }

    fn closed(&mut self, node: &Node) -> Option<Arrivals> {
        let fields = self.fields::<ClosedFields>(node, &Path::root())?;
        let users = self.required(&fields, ClosedFields::USERS);
        let users = users.and_then(|node| self.whole32(node, "a number of users", 1..=u32::MAX));
        let think = self.required(&fields, ClosedFields::THINK);
        let think = think.and_then(|node| self.distribution(node));
        self.finish(&fields);
        Some(Arrivals::Closed { users: users?, think: think? })
    }
}
