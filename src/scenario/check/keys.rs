//! Keys of events: an event is about rows that somebody touches who publishes it.

use std::collections::BTreeSet;

use crate::model::{Application, EventId, OperationId, OperationStep, TableId};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Warns of events whose key is a table that nobody reads or writes who publishes them, calls those, or is called by them.
pub(in super::super) fn keys(complaints: &mut Complaints, application: &Application) {
    for (id, event) in (0..).map(EventId).zip(&application.events) {
        let Some(key) = &event.key else { continue };
        let all = (0..application.operations.len() as u32).map(OperationId);
        let publishers: Vec<OperationId> =
            all.filter(|operation| application.publishes(*operation, &[id])).collect();
        if publishers.is_empty() || touches(application, publishers, **key) {
            continue;
        }
        let message = format!(
            "event {} has the key {}, a table that nobody reads or writes who publishes it: which row would it be about?",
            quoted(&event.name),
            quoted(&application.table_name(**key))
        );
        let hint = "write a table as `key` that its publisher works with, or leave `key` out: it then goes to any partition";
        complaints.tell(Diagnostic::new(Code::ForeignKey, message, key.span).hint(hint));
    }
}

/// Whether these operations work with a table, or those that they call or that call them.
fn touches(application: &Application, publishers: Vec<OperationId>, table: TableId) -> bool {
    let mut related: BTreeSet<OperationId> = BTreeSet::new();
    let (mut up, mut down) = (publishers.clone(), publishers);
    while let Some(operation) = up.pop() {
        if related.insert(operation) {
            up.extend(application.callers(operation));
        }
    }
    let mut below = BTreeSet::new();
    while let Some(operation) = down.pop() {
        if below.insert(operation) {
            down.extend(application.callees(operation));
        }
    }
    related.extend(below);
    related.iter().any(|it| works_with(&application.operations[it.index()].steps, table))
}

fn works_with(steps: &[OperationStep], table: TableId) -> bool {
    steps.iter().any(|step| {
        let parts = step.action.parts();
        let own = parts.reads.contains(&table) || parts.writes == Some(table);
        own || parts.bodies.iter().any(|body| works_with(body, table))
    })
}
