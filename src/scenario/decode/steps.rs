//! The steps of an operation.

use std::collections::BTreeMap;

use super::{Decoder, Names, Path};
use crate::model::{
    Action, At, Branch, Call, ModuleId, OperationId, OperationStep, Span, TableId, Times,
    Transaction,
};
use crate::scenario::form::{Fielded, LeftOut, Shape, choice, form};
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::Share;

/// Most turns of a repeat; what runs longer is no operation of a request.
const MOST_TURNS: u32 = 1_000_000_000;
const TURNS: &str = "a number of turns";

/// What reading an operation carries along.
pub(super) struct InOperation<'n, 'm> {
    pub(super) names: &'n Names,
    pub(super) module: ModuleId,
    /// Number of the next step.
    site: u32,
    /// The transaction around the steps being read.
    inside: Option<Span>,
    /// Tables that it has read so far.
    pub(super) read: Vec<TableId>,
    pub(super) named: &'m mut NamedSteps,
}

/// Names of steps by their modules, each with where it stands.
#[derive(Default)]
pub(super) struct NamedSteps {
    /// Of transactions.
    pub(super) transactions: BTreeMap<(ModuleId, String), Span>,
    /// Of joins.
    pub(super) joins: BTreeMap<(ModuleId, String), Span>,
}

/// Steps that come one after the other.
const STEPS: Shape = Shape::List(&Shape::Map("step"));

choice! { StepChoice "step" "a step" {
    "cpu": Shape::Law, "Work on a core of the reference speed.";
    "wait": Shape::Law, "Time that holds nothing but the thread.";
    "call": Shape::Either(&[Shape::Name, Shape::Map("call")]),
        "Asks an operation and waits for its answer.";
    "parallel": Shape::List(&STEPS), "Branches side by side; the last one ends the step.";
    "choice": Shape::List(&Shape::Map("branch")),
        "One of several branches, each with its share of the cases.";
    "repeat": Shape::Map("repeat"), "The same steps again and again.";
    "read": Shape::Either(&[Shape::Name, Shape::Map("read")]),
        "A statement that reads rows of a table.";
    "write": Shape::Either(&[Shape::Name, Shape::Map("write")]),
        "A statement that changes or adds rows, and locks what it changes.";
    "join": Shape::Map("join"), "One question that needs several tables.";
    "transaction": Shape::Map("transaction"), "Steps that a database keeps all of, or none.";
    "publish": Shape::Name, "Tells an event to those who subscribe: in the same process unawaited, in another service by an awaited call.";
    "cache": Shape::Map("cache"),
        "Steps that are needed only where a cache does not have the answer.";
    "external": Shape::Name, "Asks a third party and waits for its answer.";
    "fail": Shape::Share, "Ends the operation with an error in this share of the cases.";
} }

form! { CallFields "call" "a call" {
    TO "to": Shape::Name, LeftOut::Missed, "Operation that is asked: `module.operation`.";
    REQUEST "request": Shape::Size, LeftOut::Default("call.request"),
        "Payload on the way to the callee.";
    REPLY "reply": Shape::Size, LeftOut::Default("call.reply"), "Payload on the way back.";
    UNDO "undo": Shape::Name, LeftOut::Means("its own writes once more"),
        "Operation that undoes the call in a saga, once it has committed.";
} not_built &["timeout", "retries", "breaker", "bulkhead", "rate_limit", "hedge", "fallback", "deadline"] }

form! { BranchFields "branch" "a branch" {
    SHARE "share": Shape::Share, LeftOut::Missed, "How often this way is taken.";
    DO "do": STEPS, LeftOut::Missed, "Steps of this way.";
} }

form! { RepeatFields "repeat" "a repeat" {
    TIMES "times": Shape::Either(&[Shape::Whole, Shape::Map("number of turns")]), LeftOut::Missed,
        "How many turns there are.";
    DO "do": STEPS, LeftOut::Missed, "Steps of each turn.";
} }

choice! { TimesChoice "number of turns" "a number of turns" {
    "uniform": Shape::Map("uniform number of turns"),
        "Every number between two bounds is as likely.";
    "geometric": Shape::Map("mean number of turns"),
        "After each turn another one with the same chance.";
    "poisson": Shape::Map("mean number of turns"),
        "As many as things that happen independently of each other.";
} }

form! { UniformTimesFields "uniform number of turns" "a number of turns" {
    FROM "from": Shape::Whole, LeftOut::Missed, "Fewest turns.";
    TO "to": Shape::Whole, LeftOut::Missed, "Most turns.";
} }

form! { MeanTimesFields "mean number of turns" "a number of turns" {
    MEAN "mean": Shape::Number, LeftOut::Missed, "Turns on average, fractions included.";
} }

form! { TransactionFields "transaction" "a transaction" {
    NAME "name": Shape::Name, LeftOut::Missed, "Tells it from the others of its module.";
    RETRIES "retries": Shape::Whole, LeftOut::Default("transaction.retries"),
        "How often it starts anew after a deadlock, or after another event took the place of its own.";
    DO "do": STEPS, LeftOut::Missed, "Steps inside, whose locks are held to the end.";
} }

form! { CacheFields "cache" "a cache" {
    NAME "name": Shape::Text, LeftOut::Missed, "What it is called in results.";
    HIT "hit": Shape::Share, LeftOut::Missed, "How often it has the answer.";
    MISS "miss": STEPS, LeftOut::Missed, "Steps where it has not.";
} not_built &["server", "shared", "size", "ttl"] }

impl InOperation<'_, '_> {
    /// Whether the transaction around a step has read the table before it.
    pub(super) fn has_read(&self, table: TableId) -> bool {
        self.inside.is_some() && self.read.contains(&table)
    }
}

impl Decoder<'_> {
    /// Steps of an operation of `module`. `named`: names taken so far.
    pub(super) fn operation(
        &mut self,
        node: &Node,
        names: &Names,
        module: ModuleId,
        named: &mut NamedSteps,
    ) -> Vec<OperationStep> {
        let (site, inside, read) = (0, None, Vec::new());
        let mut operation = InOperation { names, module, site, inside, read, named };
        self.steps(node, &mut operation)
    }

    fn steps(&mut self, node: &Node, operation: &mut InOperation<'_, '_>) -> Vec<OperationStep> {
        let items = self.list(node, "a list of steps").unwrap_or_default();
        items.iter().filter_map(|item| self.step(item, operation)).collect()
    }

    fn step(&mut self, node: &Node, operation: &mut InOperation<'_, '_>) -> Option<OperationStep> {
        let site = operation.site;
        operation.site += 1;
        if node.entries().is_none() {
            self.wrong_type(node, "a step", "`cpu: 2ms`, `call: module.operation`, …");
            return None;
        }
        let entry = self.one_key(node, "a step")?;
        let action = self.action(entry, operation)?;
        Some(OperationStep { site, span: node.span, action })
    }

    fn action(&mut self, entry: &Entry, operation: &mut InOperation<'_, '_>) -> Option<Action> {
        let node = &entry.value;
        if !StepChoice::FORM.has(&entry.key) {
            let known = StepChoice::FORM.names();
            let message = format!("no step is called {}", quoted(&entry.key));
            self.unknown(Code::UnknownStep, message, entry.key.span, &entry.key, &known);
            return None;
        }
        match entry.key.as_str() {
            "cpu" => self.work(node).map(Action::Cpu),
            "wait" => self.distribution(node).map(Action::Wait),
            "call" => self.call(node, operation).map(Action::Call),
            "parallel" => self.parallel(node, operation),
            "choice" => self.choice(node, operation),
            "repeat" => self.repeat(node, operation),
            "read" => self.statement(node, false, operation).map(Action::Read),
            "write" => self.statement(node, true, operation).map(Action::Write),
            "join" => self.join(node, operation),
            "transaction" => self.transaction(node, entry.key.span, operation),
            "publish" => {
                let publisher = Some(operation.module);
                operation.names.resolve_event(self, node, publisher).map(Action::Publish)
            }
            "cache" => self.cache(node, operation),
            "external" => operation.names.resolve_external(self, node).map(Action::External),
            "fail" => self.quantity::<Share>(node).map(Action::Fail),
            other => unreachable!("the form of a step knows `{other}`"),
        }
    }

    /// `call: m.op`, or `call: { to: m.op, request: 2KiB, reply: 1KiB }`.
    fn call(&mut self, node: &Node, operation: &InOperation<'_, '_>) -> Option<Call> {
        let module = Some(operation.module);
        let (mut to, mut request, mut reply, mut undo) = (node, None, None, None);
        if node.entries().is_some() {
            let fields = self.fields::<CallFields>(node, &Path::root())?;
            to = self.required(&fields, CallFields::TO)?;
            request = fields.get(CallFields::REQUEST);
            reply = fields.get(CallFields::REPLY);
            undo = fields.get(CallFields::UNDO);
            self.finish(&fields);
        }
        let to = operation.names.resolve_operation(self, to, module);
        let request = self.or_once(request, CallFields::REQUEST.field, Self::quantity);
        let reply = self.or_once(reply, CallFields::REPLY.field, Self::quantity);
        let undo = match undo {
            Some(node) => Some(self.undo(node, operation)?),
            None => None,
        };
        Some(Call { to: to?, request: request?, reply: reply?, undo })
    }

    /// The operation that undoes a call, which only a transaction needs.
    fn undo(&mut self, node: &Node, operation: &InOperation<'_, '_>) -> Option<OperationId> {
        if operation.inside.is_none() {
            let message = "`undo` stands outside of a transaction: nothing is ever undone here";
            let diagnostic = Diagnostic::new(Code::UselessUndo, message, node.span);
            self.tell(diagnostic.hint("put the call into a `transaction`, or leave `undo` out"));
        }
        operation.names.resolve_operation(self, node, Some(operation.module))
    }

    fn parallel(&mut self, node: &Node, operation: &mut InOperation<'_, '_>) -> Option<Action> {
        let items = self.list(node, "a list of branches")?;
        if items.is_empty() {
            let message = "a parallel step has at least one branch";
            self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        }
        let mut branches = Vec::with_capacity(items.len());
        for item in items {
            if item.items().is_none() {
                let expected =
                    "a list of steps for each: `parallel: [ [ cpu: 2ms ], [ call: m.op ] ]`";
                self.wrong_type(item, "a branch", expected);
                continue;
            }
            branches.push(self.steps(item, operation));
        }
        Some(Action::Parallel(branches))
    }

    fn choice(&mut self, node: &Node, operation: &mut InOperation<'_, '_>) -> Option<Action> {
        let items = self.list(node, "a list of branches")?;
        let mut branches = Vec::with_capacity(items.len());
        for item in items {
            let Some(fields) = self.fields::<BranchFields>(item, &Path::root()) else {
                continue;
            };
            let share = self.required(&fields, BranchFields::SHARE);
            let share = share.and_then(|node| self.quantity::<Share>(node));
            let steps = self.required(&fields, BranchFields::DO);
            self.finish(&fields);
            let steps = steps.map(|node| self.steps(node, operation));
            if let (Some(share), Some(steps)) = (share, steps) {
                branches.push(Branch { share, steps });
            }
        }
        let sum: f64 = branches.iter().map(|branch| branch.share.0).sum();
        if sum > 1.0 + 1e-9 {
            let message = format!("the shares of this choice add up to {:.6} %", 100.0 * sum);
            let message = message.replace(".000000 %", " %");
            let diagnostic = Diagnostic::new(Code::Shares, message, node.span);
            self.tell(diagnostic.hint("they add up to at most 100 %; what is left does nothing"));
        }
        Some(Action::Choice(branches))
    }

    fn repeat(&mut self, node: &Node, operation: &mut InOperation<'_, '_>) -> Option<Action> {
        let fields = self.fields::<RepeatFields>(node, &Path::root())?;
        let times = self.required(&fields, RepeatFields::TIMES);
        let steps = self.required(&fields, RepeatFields::DO);
        self.finish(&fields);
        let times = times.and_then(|node| self.times(node));
        let steps = steps.map(|node| self.steps(node, operation));
        Some(Action::Repeat { times: times?, steps: steps? })
    }

    fn times(&mut self, node: &Node) -> Option<Times> {
        if node.entries().is_none() {
            return self.whole32(node, TURNS, 0..=MOST_TURNS).map(Times::Fixed);
        }
        let entry = self.one_key(node, TURNS)?;
        let law = entry.key.as_str();
        if !TimesChoice::FORM.has(law) {
            let known = TimesChoice::FORM.names();
            let message = format!("no law of a number of turns is called {}", quoted(law));
            self.unknown(Code::UnknownDistribution, message, entry.key.span, law, &known);
            return None;
        }
        if law == "uniform" {
            return self.uniform_times(&entry.value);
        }
        let fields = self.fields::<MeanTimesFields>(&entry.value, &Path::root())?;
        let mean = self.required(&fields, MeanTimesFields::MEAN);
        let most = f64::from(MOST_TURNS);
        let mean = mean.and_then(|node| self.number(node, "a mean number of turns", 0.0..=most))?;
        self.finish(&fields);
        Some(if law == "geometric" { Times::Geometric { mean } } else { Times::Poisson { mean } })
    }

    fn uniform_times(&mut self, node: &Node) -> Option<Times> {
        let fields = self.fields::<UniformTimesFields>(node, &Path::root())?;
        let from = self.required(&fields, UniformTimesFields::FROM);
        let to = self.required(&fields, UniformTimesFields::TO);
        let from = from.and_then(|node| self.whole32(node, TURNS, 0..=MOST_TURNS));
        let to = to.and_then(|node| self.whole32(node, TURNS, from.unwrap_or(0)..=MOST_TURNS));
        let times = Times::Uniform { from: from?, to: to? };
        self.finish(&fields);
        Some(times)
    }

    fn transaction(
        &mut self,
        node: &Node,
        span: Span,
        operation: &mut InOperation<'_, '_>,
    ) -> Option<Action> {
        let fields = self.fields::<TransactionFields>(node, &Path::root())?;
        let name = self.required(&fields, TransactionFields::NAME);
        let steps = self.required(&fields, TransactionFields::DO);
        self.finish(&fields);
        if let Some(outer) = operation.inside {
            let message = "a transaction stands inside another";
            let diagnostic = Diagnostic::new(Code::NestedTransaction, message, span);
            self.tell(
                diagnostic
                    .hint("leave one of them out: the outer one covers all")
                    .also(outer, "this one"),
            );
        }
        let module = operation.module;
        let taken = &mut operation.named.transactions;
        let name = name.and_then(|node| self.step_name(node, "transaction", module, taken));
        let retries = fields.get(TransactionFields::RETRIES);
        let retries = self.or_once(retries, TransactionFields::RETRIES.field, |d, node| {
            d.whole32(node, "a number of retries", 0..=1000)
        });
        let outer = operation.inside.replace(span);
        operation.read.clear();
        let steps = steps.map(|node| self.steps(node, operation));
        operation.inside = outer;
        operation.read.clear();
        Some(Action::Transaction(Transaction { name: name?, retries: retries?, steps: steps? }))
    }

    /// The name of a step, unique among those of its kind in the module. `taken`: those so far.
    pub(super) fn step_name(
        &mut self,
        node: &Node,
        kind: &str,
        module: ModuleId,
        taken: &mut BTreeMap<(ModuleId, String), Span>,
    ) -> Option<At<String>> {
        let text = self.scalar(node, &format!("the name of a {kind}"))?;
        let name = self.name(&At::new(text.to_string(), node.span), false);
        if let Some(first) = taken.insert((module, name.value.clone()), name.span) {
            let message = format!("two {kind}s of this module are called {}", quoted(&name));
            let diagnostic = Diagnostic::new(Code::DuplicateName, message, name.span);
            self.tell(diagnostic.label("again here").also(first, "first here"));
        }
        Some(name)
    }

    fn cache(&mut self, node: &Node, operation: &mut InOperation<'_, '_>) -> Option<Action> {
        let fields = self.fields::<CacheFields>(node, &Path::root())?;
        let name = self.required(&fields, CacheFields::NAME);
        let hit = self.required(&fields, CacheFields::HIT);
        let miss = self.required(&fields, CacheFields::MISS);
        self.finish(&fields);
        let name = name.and_then(|node| self.scalar(node, "the name of a cache"));
        let hit = hit.and_then(|node| self.quantity::<Share>(node));
        let miss = miss.map(|node| self.steps(node, operation));
        Some(Action::Cache { name: name?.to_string(), hit: hit?, miss: miss? })
    }
}
