//! Connection pools against what a database takes.

use std::collections::BTreeSet;

use crate::model::{Application, DataAccess, Database, Layout, ModuleId, OperationStep, TableId};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Every instance keeps a pool at each database that it uses: one that has a table of its modules,
/// or, where modules reach each other's tables directly, a shared one with a table it asks for.
/// (A database of a single module is asked through the service that owns it.)
pub(super) fn check(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    for (database, users) in layout.databases.iter().zip(users(application, layout)) {
        let services = users.iter().map(|service| &layout.services[*service]);
        let pools: Vec<(&str, u64)> =
            services.map(|service| (service.name.as_str(), u64::from(service.most()))).collect();
        let sum = pools.iter().map(|(_, replicas)| replicas * u64::from(*database.pool)).sum();
        if sum > u64::from(database.max_connections) {
            refuse(complaints, database, layout, &pools, sum);
        }
    }
}

/// Services (by position) that use each database.
fn users(application: &Application, layout: &Layout) -> Vec<BTreeSet<usize>> {
    let mut service_of = vec![None; application.modules.len()];
    for (position, service) in layout.services.iter().enumerate() {
        for module in &service.modules {
            service_of[module.index()] = Some(position);
        }
    }
    let mut database_of = vec![None; application.tables.len()];
    let mut users = vec![BTreeSet::new(); layout.databases.len()];
    let mut is_shared = vec![false; layout.databases.len()];
    for (position, database) in layout.databases.iter().enumerate() {
        let owner = |table: &TableId| application.tables[table.index()].module;
        let owners: BTreeSet<ModuleId> = database.tables.iter().map(owner).collect();
        is_shared[position] = owners.len() > 1;
        users[position].extend(owners.iter().filter_map(|module| service_of[module.index()]));
        for table in &database.tables {
            database_of[table.index()] = Some(position);
        }
    }
    // Whoever asks the join of a view asks its database.
    for view in &layout.views {
        let module = view.join.split_once('.').map(|(module, _)| module);
        let module = application.modules.iter().position(|it| Some(it.name.as_str()) == module);
        let database = layout.databases.iter().position(|it| *it.name == *view.database);
        if let (Some(module), Some(database)) = (module, database) {
            users[database].extend(service_of[module]);
        }
    }
    if layout.data_access == DataAccess::Owner {
        return users;
    }
    for operation in &application.operations {
        let mut asked = BTreeSet::new();
        collect(&operation.steps, &mut asked);
        for database in asked.iter().filter_map(|table| database_of[table.index()]) {
            if let (true, Some(service)) =
                (is_shared[database], service_of[operation.module.index()])
            {
                users[database].insert(service);
            }
        }
    }
    users
}

fn refuse(
    complaints: &mut Complaints,
    database: &Database,
    layout: &Layout,
    pools: &[(&str, u64)],
    sum: u64,
) {
    const MOST_LISTED: usize = 8;
    let pool = database.pool.value;
    let mut terms: Vec<String> = pools
        .iter()
        .take(MOST_LISTED)
        .map(|(name, replicas)| format!("{} {replicas} × {pool}", quoted(name)))
        .collect();
    if pools.len() > MOST_LISTED {
        terms.push("…".to_string());
    }
    let message = format!(
        "in layout {} the pools at database {} add up to {sum} connections ({}), more than the {} it takes",
        quoted(&layout.name),
        quoted(&database.name),
        terms.join(" + "),
        database.max_connections
    );
    let replicas: u64 = pools.iter().map(|(_, replicas)| replicas).sum();
    let fits = u64::from(database.max_connections) / replicas.max(1);
    let hint = match fits {
        0 => "raise `max_connections`, or use fewer instances".to_string(),
        fits => format!("a pool of {fits} fits; or raise `max_connections`"),
    };
    complaints.tell(Diagnostic::new(Code::PoolsTooLarge, message, database.pool.span).hint(hint));
}

/// Tables that steps read, write or join.
pub(super) fn collect(steps: &[OperationStep], tables: &mut BTreeSet<TableId>) {
    for step in steps {
        let parts = step.action.parts();
        tables.extend(parts.reads.iter().chain(&parts.writes));
        parts.bodies.iter().for_each(|body| collect(body, tables));
    }
}
