//! Ways to another module's tables that a layout chooses and that nobody takes.

use std::collections::BTreeSet;

use super::pools::collect;
use crate::model::{Application, DataAccess, Database, Layout, ModuleId, TableId};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Warns of `data_access: owner` where nobody asks an owner because of it: all modules are in one service, no
/// database is shared by services, or no operation asks a table of a module elsewhere.
pub(super) fn check(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    if layout.data_access != DataAccess::Owner || is_used(application, layout) {
        return;
    }
    let why = match layout.services.as_slice() {
        [_] => "all modules are in one service, and reach each other's tables there",
        _ if !layout.databases.iter().any(|database| is_shared(application, layout, database)) => {
            "no database has tables of modules in several services"
        }
        _ => "no operation asks a table of a module in another service on a shared database",
    };
    let message =
        format!("`data_access: owner` changes nothing in layout {}: {why}", quoted(&layout.name));
    let hint = "leave it out; a modular monolith is one service with a database for each module";
    complaints.tell(Diagnostic::new(Code::UnusedDataAccess, message, layout.name.span).hint(hint));
}

/// Position of the service that a module is in.
fn service_of(layout: &Layout, module: ModuleId) -> Option<usize> {
    layout.services.iter().position(|service| service.modules.contains(&module))
}

fn is_shared(application: &Application, layout: &Layout, database: &Database) -> bool {
    let owner = |table: &TableId| application.tables[table.index()].module;
    let owners: BTreeSet<ModuleId> = database.tables.iter().map(owner).collect();
    let services: BTreeSet<Option<usize>> =
        owners.iter().map(|module| service_of(layout, *module)).collect();
    services.len() > 1
}

/// Whether an operation asks a table of a module in another service, on a database that both share.
fn is_used(application: &Application, layout: &Layout) -> bool {
    let shared = layout.databases.iter().filter(|it| is_shared(application, layout, it));
    let shared: BTreeSet<TableId> =
        shared.flat_map(|database| database.tables.iter().copied()).collect();
    application.operations.iter().any(|operation| {
        let mut asked = BTreeSet::new();
        collect(&operation.steps, &mut asked);
        let own = service_of(layout, operation.module);
        let is_elsewhere =
            |table: &&TableId| service_of(layout, application.tables[table.index()].module) != own;
        asked.intersection(&shared).any(|table| is_elsewhere(&table))
    })
}
