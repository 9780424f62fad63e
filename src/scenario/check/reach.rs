//! What no request ever comes to: it can be simulated, but was hardly written for nothing.

use std::collections::BTreeSet;

use super::listed::listed;
use crate::model::{
    Action, Application, At, EventId, ExternalId, Layout, OperationId, OperationStep, TableId,
    Workload,
};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// What requests come to, from the endpoints on.
#[derive(Default)]
struct WithinReach {
    operations: BTreeSet<OperationId>,
    tables: BTreeSet<TableId>,
    externals: BTreeSet<ExternalId>,
}

/// Warns of what nobody reaches, of events that nobody publishes and of those that nobody hears.
pub(in super::super) fn reach(
    complaints: &mut Complaints,
    application: &Application,
    (workload, layouts): (&Workload, &[&Layout]),
) {
    events(complaints, application, layouts);
    let reached = reached(application, workload);
    let operations = (0..).map(OperationId).zip(&application.operations);
    let operations = operations.filter(|(id, _)| !reached.operations.contains(id));
    let named = operations.map(|(id, it)| At::new(application.operation_name(id), it.name.span));
    unreached(complaints, ["operation", "operations"], &named.collect::<Vec<_>>());
    let tables = (0..).map(TableId).zip(&application.tables);
    let tables = tables.filter(|(id, _)| !reached.tables.contains(id));
    let named = tables.map(|(id, it)| At::new(application.table_name(id), it.name.span));
    unreached(complaints, ["table", "tables"], &named.collect::<Vec<_>>());
    let externals = (0..).map(ExternalId).zip(&application.externals);
    let externals = externals.filter(|(id, _)| !reached.externals.contains(id));
    let named = externals.map(|(_, it)| it.name.clone());
    unreached(complaints, ["third party", "third parties"], &named.collect::<Vec<_>>());
}

/// Warns of machines of a layout that nothing runs on.
pub(super) fn machines(complaints: &mut Complaints, layout: &Layout) {
    let carries = |machine: usize| {
        let services = layout.services.iter().map(|service| service.machine);
        let mut owners = services.chain(layout.databases.iter().map(|database| database.machine));
        owners.any(|own| own.is_some_and(|own| own as usize == machine))
    };
    let machines = layout.machines.iter().enumerate();
    let empty: Vec<At<String>> = machines
        .filter(|(index, _)| !carries(*index))
        .map(|(_, machine)| machine.name.clone())
        .collect();
    if let Some(first) = empty.first() {
        let message = format!(
            "nothing of layout {} runs on {}: probably not meant",
            quoted(&layout.name),
            listed(&empty).0
        );
        let diagnostic = Diagnostic::new(Code::Unreached, message, first.span);
        complaints.tell(
            diagnostic.hint("write `machine: …` at a service or a database, or leave it out"),
        );
    }
}

fn unreached(complaints: &mut Complaints, [one, many]: [&str; 2], names: &[At<String>]) {
    let Some(first) = names.first() else {
        return;
    };
    let (names, is_one) = listed(names);
    let (kind, them) = if is_one { (one, "it") } else { (many, "them") };
    let message = format!("no request ever comes to {kind} {names}: probably not meant");
    let hint = format!("let an operation that is asked use {them}, or leave {them} out");
    complaints.tell(Diagnostic::new(Code::Unreached, message, first.span).hint(hint));
}

fn events(complaints: &mut Complaints, application: &Application, layouts: &[&Layout]) {
    let views = layouts.iter().flat_map(|layout| &layout.views);
    let told = views.filter_map(|view| {
        let join = application.find_join(&view.join)?;
        Some(application.feeding_events(join, &view.feed))
    });
    let told: BTreeSet<EventId> = told.flatten().collect();
    let mut published = BTreeSet::new();
    for operation in &application.operations {
        each(&operation.steps, &mut |action| published.extend(action.parts().publishes));
    }
    let (mut unpublished, mut unheard) = (Vec::new(), Vec::new());
    for (id, event) in (0..).map(EventId).zip(&application.events) {
        if !published.contains(&id) {
            unpublished.push(event.name.clone());
        } else if event.subscribers.is_empty() && !told.contains(&id) {
            unheard.push(event.name.clone());
        }
    }
    let kind = |is_one: bool| if is_one { "event" } else { "events" };
    if let Some(first) = unpublished.first() {
        let (names, is_one) = listed(&unpublished);
        let message =
            format!("no operation publishes {} {names}: probably not meant", kind(is_one));
        let hint = "write the step `publish: …` in an operation, or leave it out";
        complaints.tell(Diagnostic::new(Code::UnpublishedEvent, message, first.span).hint(hint));
    }
    if let Some(first) = unheard.first() {
        let (names, is_one) = listed(&unheard);
        let message = format!(
            "nobody subscribes to {} {names}, so publishing does nothing: probably not meant",
            kind(is_one)
        );
        let hint = "write `subscribes: { event: operation }` in a module, or leave it out";
        complaints.tell(Diagnostic::new(Code::UnheardEvent, message, first.span).hint(hint));
    }
}

/// Follows calls and events from the endpoints on. A list of work and not a recursion: calls may go deep.
fn reached(application: &Application, workload: &Workload) -> WithinReach {
    let mut reached = WithinReach::default();
    let mut pending: Vec<OperationId> =
        workload.endpoints.iter().map(|endpoint| endpoint.call).collect();
    while let Some(operation) = pending.pop() {
        if !reached.operations.insert(operation) {
            continue;
        }
        let Some(operation) = application.operations.get(operation.index()) else {
            continue;
        };
        each(&operation.steps, &mut |action| {
            let parts = action.parts();
            reached.tables.extend(parts.reads.iter().copied().chain(parts.writes));
            pending.extend(parts.calls.into_iter().chain(parts.undoes));
            let heard = parts.publishes.map(|event| &application.events[event.index()].subscribers);
            pending.extend(heard.into_iter().flatten().copied());
            if let Action::External(external) = action {
                reached.externals.insert(*external);
            }
        });
    }
    reached
}

/// Every action, those within others included.
fn each<'a>(steps: &'a [OperationStep], see: &mut dyn FnMut(&'a Action)) {
    for step in steps {
        see(&step.action);
        step.action.parts().bodies.iter().for_each(|body| each(body, see));
    }
}
