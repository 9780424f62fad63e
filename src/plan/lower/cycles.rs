//! Call cycles: an operation that can reach itself through calls and subscriptions.

use crate::model::{Application, OperationId, OperationStep, Span};
use crate::scenario::{Code, Diagnostic};

/// A diagnostic for every cycle of synchronous calls, with its path.
pub(in crate::plan) fn cycles(application: &Application) -> Vec<Diagnostic> {
    let mut search = Search {
        application,
        state: vec![Looked::New; application.operations.len()],
        path: Vec::new(),
        found: Vec::new(),
    };
    for index in 0..application.operations.len() {
        search.visit(OperationId(index as u32));
    }
    search.found
}

#[derive(Clone, Copy, PartialEq)]
enum Looked {
    New,
    OnPath,
    Done,
}

struct Search<'a> {
    application: &'a Application,
    state: Vec<Looked>,
    /// Operations that lead here.
    path: Vec<PendingOperation>,
    found: Vec<Diagnostic>,
}

/// An operation on the way to the one that is looked at.
struct PendingOperation {
    operation: OperationId,
    /// Its calls that are still to be looked at, the last one first.
    pending: Vec<CallAt>,
}

/// A call and where it was written.
struct CallAt {
    to: OperationId,
    span: Span,
}

impl Search<'_> {
    /// Depth first with a path of its own, so that a long chain of calls does not eat the stack.
    fn visit(&mut self, start: OperationId) {
        if self.state[start.index()] != Looked::New {
            return;
        }
        self.enter(start);
        while let Some(caller) = self.path.last_mut() {
            match caller.pending.pop() {
                None => {
                    self.state[caller.operation.index()] = Looked::Done;
                    self.path.pop();
                }
                Some(CallAt { to, span }) => match self.state[to.index()] {
                    Looked::New => self.enter(to),
                    Looked::OnPath => self.report(to, span),
                    Looked::Done => {}
                },
            }
        }
    }

    fn enter(&mut self, operation: OperationId) {
        self.state[operation.index()] = Looked::OnPath;
        let mut pending = Vec::new();
        let steps = &self.application.operations[operation.index()].steps;
        collect(self.application, steps, &mut pending);
        pending.reverse();
        self.path.push(PendingOperation { operation, pending });
    }

    fn report(&mut self, again: OperationId, span: Span) {
        let from = self.path.iter().position(|caller| caller.operation == again).unwrap_or(0);
        let ring: Vec<OperationId> =
            self.path[from..].iter().map(|caller| caller.operation).chain([again]).collect();
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
            Diagnostic::new(Code::CallCycle, format!("the calls form a cycle: {shown}"), span)
                .label("this call closes it")
                .hint("break the cycle, or write the loop as a `repeat` of one operation"),
        );
    }
}

/// Every operation that the steps call, at any depth, with the place.
fn collect(application: &Application, steps: &[OperationStep], calls: &mut Vec<CallAt>) {
    for step in steps {
        let parts = step.action.parts();
        let subscribers = parts.publishes.iter().flat_map(|event| {
            let event = &application.events[event.index()];
            event.subscribers.iter().copied()
        });
        let to = parts.calls.into_iter().chain(parts.undoes).chain(subscribers);
        calls.extend(to.map(|to| CallAt { to, span: step.span }));
        parts.bodies.iter().for_each(|body| collect(application, body, calls));
    }
}
