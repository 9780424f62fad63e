//! The steps of an operation.

use std::collections::BTreeMap;

use super::{Decoder, Names, Path};
use crate::model::{Action, At, Branch, Call, ModuleId, Span, Step, Times, Transaction};
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Share};

/// Kinds of step.
const STEPS: &[&str] = &[
    "cpu",
    "wait",
    "call",
    "parallel",
    "choice",
    "repeat",
    "read",
    "write",
    "join",
    "transaction",
    "publish",
    "cache",
    "external",
    "fail",
];

/// Most turns of a repeat; what runs longer is no operation of a request.
const MOST_TURNS: u32 = 1_000_000_000;

/// What a caller may do about a slow or failing callee, some day.
const POLICIES: &[&str] =
    &["timeout", "retries", "breaker", "bulkhead", "rate_limit", "hedge", "fallback", "deadline"];

/// What reading an operation carries along.
pub(super) struct Operation<'n, 'm> {
    pub(super) names: &'n Names,
    pub(super) module: ModuleId,
    /// Number of the next step.
    site: u32,
    /// The transaction around the steps being read.
    inside: Option<Span>,
    transactions: &'m mut BTreeMap<(ModuleId, String), Span>,
}

impl Decoder<'_> {
    /// Steps of an operation of `module`. `transactions`: names taken so far, by module.
    pub(super) fn operation(
        &mut self,
        node: &Node,
        names: &Names,
        module: ModuleId,
        transactions: &mut BTreeMap<(ModuleId, String), Span>,
    ) -> Vec<Step> {
        let mut operation = Operation { names, module, site: 0, inside: None, transactions };
        self.steps(node, &mut operation)
    }

    fn steps(&mut self, node: &Node, operation: &mut Operation<'_, '_>) -> Vec<Step> {
        let items = self.list(node, "a list of steps").unwrap_or_default();
        items.iter().filter_map(|item| self.step(item, operation)).collect()
    }

    fn step(&mut self, node: &Node, operation: &mut Operation<'_, '_>) -> Option<Step> {
        let site = operation.site;
        operation.site += 1;
        if node.entries().is_none() {
            self.wrong_type(node, "a step", "`cpu: 2ms`, `call: module.operation`, …");
            return None;
        }
        let entry = self.one_key(node, "a step")?;
        let action = self.action(entry, operation)?;
        Some(Step { site, span: node.span, action })
    }

    fn action(&mut self, entry: &Entry, operation: &mut Operation<'_, '_>) -> Option<Action> {
        let node = &entry.value;
        match entry.key.as_str() {
            "cpu" => self.distribution(node).map(Action::Cpu),
            "wait" => self.distribution(node).map(Action::Wait),
            "call" => self.call(node, operation).map(Action::Call),
            "parallel" => self.parallel(node, operation),
            "choice" => self.choice(node, operation),
            "repeat" => self.repeat(node, operation),
            "read" => self.statement(node, false, operation).map(Action::Read),
            "write" => self.statement(node, true, operation).map(Action::Write),
            "join" => self.join(node, operation),
            "transaction" => self.transaction(node, entry.key.span, operation),
            "publish" => operation.names.resolve_event(self, node).map(Action::Publish),
            "cache" => self.cache(node, operation),
            "external" => operation.names.resolve_external(self, node).map(Action::External),
            "fail" => self.quantity::<Share>(node).map(Action::Fail),
            other => {
                let message = format!("no step is called {}", quoted(other));
                self.unknown(Code::UnknownStep, message, entry.key.span, other, STEPS);
                None
            }
        }
    }

    /// `call: m.op`, or `call: { to: m.op, request: 2KiB, reply: 1KiB }`.
    fn call(&mut self, node: &Node, operation: &Operation<'_, '_>) -> Option<Call> {
        let module = Some(operation.module);
        let (mut to, mut request, mut reply) = (node, None, None);
        if node.entries().is_some() {
            let mut fields = self.fields(node, "a call", &Path::root())?;
            to = self.required(&mut fields, "to")?;
            request = fields.take("request");
            reply = fields.take("reply");
            for part in POLICIES {
                self.not_built(&mut fields, part);
            }
            self.finish(fields);
        }
        let to = operation.names.resolve_operation(self, to, module);
        let request = self.message_size(request, "call.request");
        let reply = self.message_size(reply, "call.reply");
        Some(Call { to: to?, request: request?, reply: reply? })
    }

    /// The size of a call's message. Calls are many: the default is told once for all of them.
    fn message_size(&mut self, node: Option<&Node>, key: &'static str) -> Option<Bytes> {
        match node {
            Some(node) => self.quantity(node),
            None => {
                let node = self.default_once(key);
                self.quantity(&node)
            }
        }
    }

    fn parallel(&mut self, node: &Node, operation: &mut Operation<'_, '_>) -> Option<Action> {
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

    fn choice(&mut self, node: &Node, operation: &mut Operation<'_, '_>) -> Option<Action> {
        let items = self.list(node, "a list of branches")?;
        let mut branches = Vec::with_capacity(items.len());
        for item in items {
            let Some(mut fields) = self.fields(item, "a branch", &Path::root()) else {
                continue;
            };
            let share = self.required(&mut fields, "share");
            let share = share.and_then(|node| self.quantity::<Share>(node));
            let steps = self.required(&mut fields, "do");
            self.finish(fields);
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

    fn repeat(&mut self, node: &Node, operation: &mut Operation<'_, '_>) -> Option<Action> {
        let mut fields = self.fields(node, "a repeat", &Path::root())?;
        let times = self.required(&mut fields, "times");
        let steps = self.required(&mut fields, "do");
        self.finish(fields);
        let times = times.and_then(|node| self.times(node));
        let steps = steps.map(|node| self.steps(node, operation));
        Some(Action::Repeat { times: times?, steps: steps? })
    }

    fn times(&mut self, node: &Node) -> Option<Times> {
        const WHAT: &str = "a number of turns";
        if node.entries().is_none() {
            return self.whole32(node, WHAT, 0..=MOST_TURNS).map(Times::Fixed);
        }
        let entry = self.one_key(node, WHAT)?;
        let law = entry.key.as_str();
        if !["uniform", "geometric", "poisson"].contains(&law) {
            let message = format!("no law of a number of turns is called {}", quoted(law));
            let known = ["uniform", "geometric", "poisson"];
            self.unknown(Code::UnknownDistribution, message, entry.key.span, law, &known);
            return None;
        }
        let mut fields = self.fields(&entry.value, "a number of turns", &Path::root())?;
        let times = if law == "uniform" {
            let (from, to) = (self.required(&mut fields, "from"), self.required(&mut fields, "to"));
            let from = from.and_then(|node| self.whole32(node, WHAT, 0..=MOST_TURNS));
            let to = to.and_then(|node| self.whole32(node, WHAT, from.unwrap_or(0)..=MOST_TURNS));
            Times::Uniform { from: from?, to: to? }
        } else {
            let mean = self.required(&mut fields, "mean");
            let most = f64::from(MOST_TURNS);
            let mean =
                mean.and_then(|node| self.number(node, "a mean number of turns", 0.0..=most))?;
            if law == "geometric" { Times::Geometric { mean } } else { Times::Poisson { mean } }
        };
        self.finish(fields);
        Some(times)
    }

    fn transaction(
        &mut self,
        node: &Node,
        span: Span,
        operation: &mut Operation<'_, '_>,
    ) -> Option<Action> {
        let mut fields = self.fields(node, "a transaction", &Path::root())?;
        let name = self.required(&mut fields, "name");
        let retries = fields.take("retries");
        let steps = self.required(&mut fields, "do");
        self.finish(fields);
        if let Some(outer) = operation.inside {
            let message = "a transaction stands inside another";
            let diagnostic = Diagnostic::new(Code::NestedTransaction, message, span);
            self.tell(
                diagnostic
                    .hint("leave one of them out: the outer one covers all")
                    .also(outer, "this one"),
            );
        }
        let name = name.and_then(|node| {
            let text = self.scalar(node, "the name of a transaction")?;
            Some(self.name(&At::new(text.to_string(), node.span), false))
        });
        if let Some(name) = &name {
            let key = (operation.module, name.value.clone());
            if let Some(first) = operation.transactions.insert(key, name.span) {
                let message =
                    format!("two transactions of this module are called {}", quoted(name));
                let diagnostic = Diagnostic::new(Code::DuplicateName, message, name.span);
                self.tell(diagnostic.label("again here").also(first, "first here"));
            }
        }
        let default;
        let retries = match retries {
            Some(node) => node,
            None => {
                default = self.default_once("transaction.retries");
                &default
            }
        };
        let retries = self.whole32(retries, "a number of retries", 0..=1000);
        let outer = operation.inside.replace(span);
        let steps = steps.map(|node| self.steps(node, operation));
        operation.inside = outer;
        Some(Action::Transaction(Transaction { name: name?, retries: retries?, steps: steps? }))
    }

    fn cache(&mut self, node: &Node, operation: &mut Operation<'_, '_>) -> Option<Action> {
        let mut fields = self.fields(node, "a cache", &Path::root())?;
        let name = self.required(&mut fields, "name");
        let hit = self.required(&mut fields, "hit");
        let miss = self.required(&mut fields, "miss");
        for part in ["server", "shared", "size", "ttl"] {
            self.not_built(&mut fields, part);
        }
        self.finish(fields);
        let name = name.and_then(|node| self.scalar(node, "the name of a cache"));
        let hit = hit.and_then(|node| self.quantity::<Share>(node));
        let miss = miss.map(|node| self.steps(node, operation));
        Some(Action::Cache { name: name?.to_string(), hit: hit?, miss: miss? })
    }
}
