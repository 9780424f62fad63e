//! What is followed row by row: statements that a table of events does not take, and views that never change.

use std::collections::BTreeSet;

use crate::model::{
    Access, Action, Application, Layout, OperationStep, Statement, TableId, View, ViewSize,
};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Checks every statement on a table that is kept as events.
pub(in super::super) fn event_logs(complaints: &mut Complaints, application: &Application) {
    for operation in &application.operations {
        statements(complaints, application, &operation.steps);
    }
}

fn statements(complaints: &mut Complaints, application: &Application, steps: &[OperationStep]) {
    for step in steps {
        if let Action::Read(statement) | Action::Write(statement) = &step.action {
            on_log(complaints, application, statement, step);
        }
        for body in step.action.parts().bodies {
            statements(complaints, application, body);
        }
    }
}

fn on_log(
    complaints: &mut Complaints,
    application: &Application,
    statement: &Statement,
    step: &OperationStep,
) {
    let name = quoted(&application.table_name(statement.table));
    let (what, hint) = match statement.access {
        _ if application.tables[statement.table.index()].log.is_none() => return,
        Access::Index => return,
        Access::Scan => (
            format!("{name} is kept as events, and `scan` would apply all that there ever were"),
            "leave `scan` out; what needs all keys reads a view of a named join, which a layout keeps",
        ),
        Access::Insert => (
            format!(
                "{name} is kept as events: a write adds one in any case, to a key that is there"
            ),
            "leave `insert` out",
        ),
    };
    complaints.tell(Diagnostic::new(Code::Conflict, what, step.span).hint(hint));
}

/// Warns of views whose tables nobody changes.
pub(super) fn views(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    let mut written = BTreeSet::new();
    for operation in &application.operations {
        collect(&operation.steps, &mut written);
    }
    for view in &layout.views {
        let Some(join) = application.find_join(&view.join) else { continue };
        if join.tables.iter().any(|table| written.contains(table)) {
            continue;
        }
        let message = format!(
            "no operation changes a table of view {} in layout {}, so nothing feeds it: probably not meant",
            quoted(&view.name),
            quoted(&layout.name)
        );
        let diagnostic = Diagnostic::new(Code::UnfedView, message, view.join.span);
        complaints
            .tell(diagnostic.hint("let an operation write one of its tables, or leave it out"));
    }
}

fn collect(steps: &[OperationStep], written: &mut BTreeSet<TableId>) {
    for step in steps {
        let parts = step.action.parts();
        written.extend(parts.writes);
        parts.bodies.iter().for_each(|body| collect(body, written));
    }
}

/// What the views of a database take (bytes).
pub(super) fn size_of_views(application: &Application, layout: &Layout, database: &str) -> u128 {
    let there = layout.views.iter().filter(|view| *view.database == database);
    let size = |view: &View| {
        let ViewSize { rows, row_size } = application.view_size(application.find_join(&view.join)?);
        Some(u128::from(rows) * u128::from(row_size.0))
    };
    there.filter_map(size).sum()
}
