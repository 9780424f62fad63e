//! What undoes calls of a saga: something that can be undone, by something that succeeds.

use crate::model::{Action, Application, OperationId, OperationStep};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Every call that says what undoes it.
pub(in super::super) fn undos(complaints: &mut Complaints, application: &Application) {
    for operation in &application.operations {
        look(complaints, application, &operation.steps);
    }
}

fn look(complaints: &mut Complaints, application: &Application, steps: &[OperationStep]) {
    for step in steps {
        let parts = step.action.parts();
        parts.bodies.iter().for_each(|body| look(complaints, application, body));
        let (Some(call), Some(undo)) = (parts.calls, parts.undoes) else { continue };
        let name = application.operation_name(undo);
        if always_fails(application, undo, &mut Vec::new()) {
            let message = format!("{} undoes this call, and always fails", quoted(&name));
            let diagnostic = Diagnostic::new(Code::UndoFails, message, step.span);
            complaints.tell(diagnostic.hint("it would be tried for ever: let it succeed at times"));
        }
        if !application.writes(call) {
            let called = application.operation_name(call);
            let message =
                format!("{} writes nothing, so there is nothing to undo", quoted(&called));
            let diagnostic = Diagnostic::new(Code::UselessUndo, message, step.span);
            complaints.tell(diagnostic.hint("leave `undo` out"));
        }
    }
}

/// Whether an operation can only fail. `seen`: operations on the way to it.
fn always_fails(
    application: &Application,
    operation: OperationId,
    seen: &mut Vec<OperationId>,
) -> bool {
    if seen.contains(&operation) {
        return false;
    }
    seen.push(operation);
    let steps = &application.operations[operation.index()].steps;
    steps_fail(application, steps, seen)
}

fn steps_fail(
    application: &Application,
    steps: &[OperationStep],
    seen: &mut Vec<OperationId>,
) -> bool {
    steps.iter().any(|step| match &step.action {
        Action::Fail(share) => share.0 >= 1.0,
        Action::External(external) => application.externals[external.index()].failure.0 >= 1.0,
        Action::Call(call) => always_fails(application, call.to, seen),
        Action::Transaction(transaction) => steps_fail(application, &transaction.steps, seen),
        Action::Parallel(branches) => {
            branches.iter().any(|branch| steps_fail(application, branch, seen))
        }
        Action::Cpu(_)
        | Action::Wait(_)
        | Action::Choice(_)
        | Action::Repeat { .. }
        | Action::Read(_)
        | Action::Write(_)
        | Action::Join(_)
        | Action::Publish(_)
        | Action::Cache { .. } => false,
    })
}
