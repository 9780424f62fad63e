//! Sagas by choreography: the broker that they need, and who takes part in them.

use std::collections::BTreeSet;

use crate::model::{
    Action, Application, Consistency, Layout, ModuleId, OperationId, OperationStep,
};
use crate::scenario::complaints::Complaints;
use crate::scenario::{Code, Diagnostic};

/// Refuses sagas that nobody leads where nothing carries their events.
pub(super) fn check(complaints: &mut Complaints, layout: &Layout) {
    if layout.messaging.is_some() {
        return;
    }
    for how in layout.transactions.all() {
        let Consistency::Choreographed { said, .. } = how else { continue };
        let message = "the parts of a saga by choreography follow each other by events, and this layout has no broker";
        let diagnostic = Diagnostic::new(Code::WithoutBroker, message, *said).hint(
            "write `broker: kafka` into the layout, or leave `by` out: an orchestrator calls each part",
        );
        complaints.tell(diagnostic.also(layout.name.span, "in this layout"));
    }
}

/// Modules whose services take events of such sagas.
pub(super) fn modules_in_sagas(application: &Application, layout: &Layout) -> BTreeSet<ModuleId> {
    let mut found = PartakingModules { modules: BTreeSet::new(), seen: BTreeSet::new() };
    for operation in &application.operations {
        let module = operation.module;
        find(application, layout, (module, &operation.steps), &mut found);
    }
    found.modules
}

/// What has been found so far.
struct PartakingModules {
    modules: BTreeSet<ModuleId>,
    seen: BTreeSet<OperationId>,
}

/// Looks for such sagas among steps.
fn find(
    application: &Application,
    layout: &Layout,
    (module, steps): (ModuleId, &[OperationStep]),
    found: &mut PartakingModules,
) {
    for step in steps {
        if let Action::Transaction(transaction) = &step.action {
            let name =
                format!("{}.{}", *application.modules[module.index()].name, *transaction.name);
            if let Some(Consistency::Choreographed { .. }) = layout.transactions.of(&name) {
                found.modules.insert(module);
                writers(application, &transaction.steps, found);
            }
        }
        for body in step.action.parts().bodies {
            find(application, layout, (module, body), found);
        }
    }
}

/// Whose tables are written, and whose operations write.
fn writers(application: &Application, steps: &[OperationStep], found: &mut PartakingModules) {
    for step in steps {
        let parts = step.action.parts();
        let written = parts.writes.map(|table| application.tables[table.index()].module);
        found.modules.extend(written);
        if let Some(callee) = parts.calls.filter(|callee| application.writes(*callee))
            && found.seen.insert(callee)
        {
            let operation = &application.operations[callee.index()];
            found.modules.insert(operation.module);
            writers(application, &operation.steps, found);
        }
        parts.bodies.iter().for_each(|body| writers(application, body, found));
    }
}
