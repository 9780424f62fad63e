//! Call cycles: an operation that can reach itself through calls and subscriptions.

use crate::model::{Action, Application, OperationId, Span, Step};
use crate::scenario::Diagnostic;

/// A diagnostic for every cycle of synchronous calls, with its path.
pub(in crate::plan) fn cycles(application: &Application) -> Vec<Diagnostic> {
    let mut search = Search {
        application,
        state: vec![State::New; application.operations.len()],
        path: Vec::new(),
        found: Vec::new(),
    };
    for index in 0..application.operations.len() {
        search.visit(OperationId(index as u32));
    }
    search.found
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    OnPath,
    Done,
}

struct Search<'a> {
    application: &'a Application,
    state: Vec<State>,
    /// Operations that lead here; each with the place of the call that leads on.
    path: Vec<(OperationId, Vec<(OperationId, Span)>)>,
    found: Vec<Diagnostic>,
}

impl Search<'_> {
    /// Depth first with a path of its own, so that a long chain of calls does not eat the stack.
    fn visit(&mut self, start: OperationId) {
        if self.state[start.index()] != State::New {
            return;
        }
        self.enter(start);
        while let Some((operation, calls)) = self.path.last_mut() {
            let operation = *operation;
            match calls.pop() {
                None => {
                    self.state[operation.index()] = State::Done;
                    self.path.pop();
                }
                Some((callee, span)) => match self.state[callee.index()] {
                    State::New => self.enter(callee),
                    State::OnPath => self.report(callee, span),
                    State::Done => {}
                },
            }
        }
    }

    fn enter(&mut self, operation: OperationId) {
        self.state[operation.index()] = State::OnPath;
        let mut calls = Vec::new();
        collect(
            self.application,
            &self.application.operations[operation.index()].steps,
            &mut calls,
        );
        calls.reverse();
        self.path.push((operation, calls));
    }

    fn report(&mut self, again: OperationId, span: Span) {
        let from = self.path.iter().position(|(operation, _)| *operation == again).unwrap_or(0);
        let ring: Vec<OperationId> =
            self.path[from..].iter().map(|(operation, _)| *operation).chain([again]).collect();
        let names: Vec<String> =
            ring.iter().map(|operation| self.application.operation_name(*operation)).collect();
        let most_shown = 12;
        let shown = if names.len() > most_shown {
            let (head, tail) = (&names[..most_shown / 2], &names[names.len() - most_shown / 2..]);
            format!("{} → … → {}", head.join(" → "), tail.join(" → "))
        } else {
            names.join(" → ")
        };
        self.found.push(
            Diagnostic::error("call-cycle", format!("the calls form a cycle: {shown}"), span)
                .label("this call closes it")
                .hint("break the cycle, or write the loop as a `repeat` of one operation"),
        );
    }
}

/// Every operation that the steps call, at any depth, with the place.
fn collect(application: &Application, steps: &[Step], calls: &mut Vec<(OperationId, Span)>) {
    for step in steps {
        match &step.action {
            Action::Call(call) => calls.push((call.to, step.span)),
            Action::Publish(event) => {
                let subscribers = &application.events[event.index()].subscribers;
                calls.extend(subscribers.iter().map(|operation| (*operation, step.span)));
            }
            Action::Parallel(branches) => {
                branches.iter().for_each(|branch| collect(application, branch, calls));
            }
            Action::Choice(branches) => {
                branches.iter().for_each(|branch| collect(application, &branch.steps, calls));
            }
            Action::Repeat { steps, .. } | Action::Cache { miss: steps, .. } => {
                collect(application, steps, calls);
            }
            Action::Transaction(transaction) => collect(application, &transaction.steps, calls),
            Action::Cpu(_)
            | Action::Wait(_)
            | Action::Read(_)
            | Action::Write(_)
            | Action::Join { .. }
            | Action::External(_)
            | Action::Fail(_) => {}
        }
    }
}
