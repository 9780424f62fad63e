//! What has no room: tables on a volume, pages in no storage, rows in a table.

use super::followed::size_of_views;
use super::listed::listed;
use crate::model::{
    Access, Action, Application, At, Database, DatabaseTable, HitShare, Layout, OperationStep,
    Statement, TableId,
};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, significant};

/// The kind of storage that is none.
const NONE: &str = "none";

/// Checks that the rows of statements are there.
pub(in super::super) fn rows(complaints: &mut Complaints, application: &Application) {
    for operation in &application.operations {
        rows_of(complaints, application, &operation.steps);
    }
}

fn rows_of(complaints: &mut Complaints, application: &Application, steps: &[OperationStep]) {
    for step in steps {
        if let Action::Read(statement) = &step.action {
            more_rows(complaints, application, statement, step, "read");
        }
        if let Action::Write(statement) = &step.action {
            more_rows(complaints, application, statement, step, "changed");
        }
        if let Action::Join(join) = &step.action {
            repeated(complaints, application, &join.tables, join.rows, step);
        }
        for body in step.action.parts().bodies {
            rows_of(complaints, application, body);
        }
    }
}

/// A statement on more rows than its table has cannot be; new rows are not there before.
fn more_rows(
    complaints: &mut Complaints,
    application: &Application,
    statement: &Statement,
    step: &OperationStep,
    done: &str,
) {
    let there = application.tables[statement.table.index()].rows;
    if statement.access == Access::Insert || u64::from(statement.rows) <= there {
        return;
    }
    let message = format!(
        "{} rows of {} cannot be {done}: it has {}",
        count(statement.rows.into()),
        quoted(&application.table_name(statement.table)),
        count(there)
    );
    let diagnostic = Diagnostic::new(Code::TooManyRows, message, step.span);
    complaints.tell(diagnostic.hint("write fewer `rows` here, or more of them at the table"));
}

/// A join may come to the same row again and again, as to one of a small table of kinds.
fn repeated(
    complaints: &mut Complaints,
    application: &Application,
    tables: &[TableId],
    rows: u32,
    step: &OperationStep,
) {
    let small = tables.iter().find(|table| application.tables[table.index()].rows < rows.into());
    if let Some(table) = small {
        let message = format!(
            "the join takes {} rows of {}, which has {}: some come again, which is probably not meant",
            count(rows.into()),
            quoted(&application.table_name(*table)),
            count(application.tables[table.index()].rows)
        );
        let diagnostic = Diagnostic::new(Code::RepeatedRows, message, step.span);
        complaints.tell(diagnostic.hint("write fewer `rows` here, or more of them at the table"));
    }
}

/// Checks that the tables of each database fit its volume, and that there is one where pages are missed.
pub(super) fn volumes(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    let mut free = Vec::new();
    for database in &layout.databases {
        let table = |id: &TableId| &application.tables[id.index()];
        let storage = &database.storage;
        let views = size_of_views(application, layout, &database.name);
        let size = sum(database.tables.iter().map(table)) + views;
        // Storage that is `none` has the size that is written, if any: nothing is paid for it.
        let sized = storage.kind.as_str() != NONE || storage.size > Bytes::ZERO;
        if sized && size > u128::from(storage.size.0) {
            complaints.tell(too_large(database, layout, size));
        }
        let costs_nothing = storage.kind.as_str() == NONE && storage.read.is_zero();
        if costs_nothing && storage.iops.is_none() && misses(database, &table, views) {
            free.push(At::new(database.name.value.clone(), storage.kind.span));
        }
    }
    if let Some(first) = free.first() {
        let (names, is_one) = listed(&free);
        let has = if is_one { "has" } else { "have" };
        let message = format!(
            "in layout {} {names} {has} no storage, so pages that are not in memory come in no time: \
             probably not meant",
            quoted(&layout.name)
        );
        let hint = "write `hit: 100%`, a kind of storage, or `storage: { kind: none, read: 1ms }`";
        complaints.tell(Diagnostic::new(Code::FreeMisses, message, first.span).hint(hint));
    }
}

fn too_large(database: &Database, layout: &Layout, size: u128) -> Diagnostic {
    let needed = Bytes(u64::try_from(size).unwrap_or(u64::MAX));
    let message = format!(
        "in layout {} the tables of database {} have {}, which cannot be on its volume of {}",
        quoted(&layout.name),
        quoted(&database.name),
        about(needed),
        database.storage.size
    );
    let whole = needed.0.div_ceil(1 << 30);
    let hint = format!("write `storage: {{ {}: {whole}GiB }}` or more", *database.storage.kind);
    Diagnostic::new(Code::TablesTooLarge, message, database.storage.kind.span).hint(hint)
}

/// A whole number with its thousands apart.
fn count(number: u64) -> String {
    significant(number as f64, 15)
}

/// A size in words: rounded up to a tenth of its unit.
fn about(size: Bytes) -> String {
    const UNITS: [(&str, u32); 5] =
        [("PiB", 50), ("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = UNITS.iter().find(|(_, shift)| size.0 >> shift > 0);
    match unit {
        Some((unit, shift)) => {
            let tenths = (u128::from(size.0) * 10).div_ceil(1u128 << shift);
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
        None => format!("{size}"),
    }
}

/// Whether some of the pages that are asked for are surely not in memory. `views`: bytes of the views there.
fn misses<'a>(
    database: &Database,
    table: &dyn Fn(&TableId) -> &'a DatabaseTable,
    views: u128,
) -> bool {
    let cached = database.memory.0 as f64 * database.cache_share.0;
    let beyond = |size: u128| size as f64 > cached;
    match &database.hit {
        HitShare::Given(share) => share.0 < 1.0,
        HitShare::FromMemory => beyond(sum(database.tables.iter().map(table)) + views),
        HitShare::PerTable(given) => {
            let others = database.tables.iter().filter(|id| given.iter().all(|(of, _)| of != *id));
            given.iter().any(|(_, share)| share.0 < 1.0) || beyond(sum(others.map(table)) + views)
        }
    }
}

/// All rows of all tables (bytes).
fn sum<'a>(tables: impl Iterator<Item = &'a DatabaseTable>) -> u128 {
    tables.map(|table| u128::from(table.rows) * u128::from(table.row_size.0)).sum()
}
