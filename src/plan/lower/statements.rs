//! Lowering of everything that touches tables: direct statements, statements through the owner of a
//! table.

use super::lowering::{ForOwner, Lowering};
use super::place::{Place, Spans};
use crate::ids::Id;
use crate::model::{Access, DataAccess, Database, LockProtocol, Statement, TableId};
use crate::plan::arithmetic::pages_of;
use crate::plan::defaults::{default_count, default_quantity};
use crate::plan::{
    CallSite, DatabasePlan, Message, OWN_KEY, PageReads, RowLocks, SpanStep, StatementPlan, Step,
};
use crate::random::RowSampler;
use crate::units::Bytes;

/// Purposes of the draws of one statement.
pub(super) const PURPOSE_PAGES: u32 = 1;
pub(super) const PURPOSE_ROWS: u32 = 2;
pub(super) const PURPOSE_COMMIT: u32 = 4;

impl<'a> Lowering<'a> {
    /// A read or a write: here, or by a call to the owner of the table.
    pub(super) fn statement(
        &mut self,
        statement: &Statement,
        write: bool,
        site: u32,
        place: Place,
    ) {
        if self.is_direct(statement.table, place) {
            self.run_statements(std::slice::from_ref(statement), write, site, place);
        } else {
            let call = self.call_owner(vec![*statement], write, site, place);
            self.emit_rpc(call, OWN_KEY, place);
            if write && place.transaction.is_some() {
                self.emit_spanning(SpanStep::DoneForGood, place);
            }
        }
    }

    /// Writes the programs of the statements that owners run for callers.
    pub(super) fn statements_for_owners(&mut self) {
        for wanted in std::mem::take(&mut self.for_owners) {
            let table = wanted.reads[0].table;
            let module = self.model.application.tables[table.index()].module;
            let service = self.deployment.service_of_module[module.index()];
            let verb = if wanted.write { "write" } else { "read" };
            let name = format!("{verb} {}", self.model.application.table_name(table));
            let entry = self.enter(name, service);
            self.plan.program.calls[wanted.call].entry = entry;
            let place = Place { spans: wanted.spans, ..Place::alone(module, service) };
            self.run_statements(&wanted.reads, wanted.write, wanted.site, place);
            if place.spans == Some(Spans::TwoPhase) {
                self.emit_spanning(SpanStep::EnlistedEnd, place);
            }
            self.emit(Step::Return, service);
        }
    }

    /// Whether a step here reaches the table with a statement of its own.
    pub(super) fn is_direct(&self, table: TableId, place: Place) -> bool {
        let owner = self.model.application.tables[table.index()].module;
        let database = self.deployment.database_of_table[table.index()];
        self.deployment.service_of_module[owner.index()] == place.service
            || (self.layout.data_access == DataAccess::Direct && self.deployment.shared[database])
    }

    fn call_owner(
        &mut self,
        reads: Vec<Statement>,
        write: bool,
        site: u32,
        place: Place,
    ) -> Id<CallSite> {
        let table = &self.model.application.tables[reads[0].table.index()];
        let service = self.deployment.service_of_module[table.module.index()];
        let rows = Bytes(u64::from(reads[0].rows).saturating_mul(table.row_size.0));
        let small = statement_size();
        let (request, reply) = if write {
            (Bytes(small.0.saturating_add(rows.0)), small)
        } else {
            (small, Bytes(small.0.saturating_add(rows.0)))
        };
        let call = self.remote_call(service, request, reply);
        self.for_owners.push(ForOwner { call, reads, write, site, spans: place.spans });
        call
    }

    /// One statement over one or more tables of one database, with its connection and commit where it
    /// stands in no transaction on that database.
    pub(super) fn run_statements(
        &mut self,
        parts: &[Statement],
        write: bool,
        site: u32,
        place: Place,
    ) {
        let model = self.model;
        if let [part] = parts
            && let Some(log) = &model.application.tables[part.table.index()].log
        {
            return self.on_log((part, log), write, site, place);
        }
        let database = self.deployment.database_of_table[parts[0].table.index()];
        let statement = self.add_statement(parts, write, database);
        let row_bytes: u64 = parts.iter().map(|part| self.bytes_of_rows(part)).sum();
        let (request, reply) = if write { (row_bytes, 0) } else { (0, row_bytes) };
        let (request, reply) = (self.statement_message(request), self.statement_message(reply));
        // In a two-phase commit whoever comes first opens the session, and the coordinator ends it.
        let enlisted = place.spans == Some(Spans::TwoPhase);
        let alone = place.transaction != Some(database) && !enlisted;
        if alone || enlisted {
            self.emit(Step::Begin { database, retries: 0 }, place.service);
        }
        self.hop(database, request, place);
        let plan = &self.plan.program.statements[statement];
        let (locks, works_locked) = (plan.locks.is_some(), plan.locked_cpu > 0);
        // Where it costs nothing the step still says that there is a statement.
        self.emit(Step::DatabaseCpu { statement, site }, place.service);
        self.read_pages(statement, site + PURPOSE_PAGES, place);
        if write {
            // An insert locks nothing that exists, but the step says that the session wrote.
            debug_assert!(locks || parts[0].access == Access::Insert);
            self.emit(Step::Lock { statement, site: site + PURPOSE_ROWS }, place.service);
            self.feed_views(&parts[0], database, site + PURPOSE_ROWS, place);
        }
        if works_locked {
            self.emit(Step::RowsCpu { statement }, place.service);
        }
        self.end_statement(database, (alone, write), reply, site, place);
    }

    /// The pages of a statement, where reading one may take time.
    pub(super) fn read_pages(&mut self, statement: Id<StatementPlan>, site: u32, place: Place) {
        let StatementPlan { database, pages, .. } = &self.plan.program.statements[statement];
        if !pages.is_empty() && self.plan.site.databases[*database].read.is_some() {
            self.emit(Step::Pages { statement, site }, place.service);
        }
    }

    /// What comes behind the work of a statement: its reply, and the end of its session where it stands alone.
    pub(super) fn end_statement(
        &mut self,
        database: Id<DatabasePlan>,
        (alone, write): (bool, bool),
        reply: Id<Message>,
        site: u32,
        place: Place,
    ) {
        if alone && write {
            self.commit(database, site + PURPOSE_COMMIT, place);
            if place.spans.is_some() {
                self.emit_spanning(SpanStep::Committed { database }, place);
            }
        } else if alone {
            self.emit(Step::Commit { database }, place.service);
        }
        self.hop(database, reply, place);
        if alone {
            self.emit(Step::Release { database }, place.service);
        }
    }

    /// A statement that works for so long on rows (ns) and locks none of the application's.
    pub(super) fn plain_statement(
        &mut self,
        label: String,
        (database, writes): (Id<DatabasePlan>, bool),
        rows_cpu: u64,
        pages: Vec<PageReads>,
    ) -> Id<StatementPlan> {
        let cpu = self.layout.databases[database.index()].costs.statement.clone();
        let mean_cpu = cpu.mean() + rows_cpu as f64 / 1e9;
        let cpu = self.plan.add_sampler(&cpu);
        let (locked_cpu, locks) = (0, None);
        self.plan.program.statements.push(StatementPlan {
            label,
            database,
            cpu,
            rows_cpu,
            mean_cpu,
            locked_cpu,
            pages,
            locks,
            writes,
        })
    }

    fn add_statement(
        &mut self,
        parts: &[Statement],
        write: bool,
        database: Id<DatabasePlan>,
    ) -> Id<StatementPlan> {
        let settings: &Database = &self.layout.databases[database.index()];
        let costs = settings.costs.clone();
        let per_row = if write { costs.row_write } else { costs.row_read };
        let mut rows_cpu = 0u64;
        let mut pages = Vec::new();
        for part in parts {
            let table = &self.model.application.tables[part.table.index()];
            let number = self.deployment.number_of_table[part.table.index()];
            let table_pages = pages_of(table.rows, table.row_size, costs.page);
            let (rows, count) = match part.access {
                Access::Index => (u64::from(part.rows), u64::from(part.rows)),
                Access::Insert => (u64::from(part.rows), 0),
                Access::Scan => (table.rows, table_pages.div_ceil(pages_per_scan_read())),
            };
            rows_cpu = rows_cpu.saturating_add(per_row.0.saturating_mul(rows));
            if count > 0 {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                pages.push(PageReads { table: number, count, miss: 0.0 });
            }
        }
        let names: Vec<String> =
            parts.iter().map(|part| self.model.application.table_name(part.table)).collect();
        let verb = if write { "write" } else { "read" };
        let cpu = self.plan.add_sampler(&costs.statement);
        let is_locked = write && settings.locks != LockProtocol::Fifo;
        let (rows_cpu, locked_cpu) = if is_locked { (0, rows_cpu) } else { (rows_cpu, 0) };
        self.plan.program.statements.push(StatementPlan {
            label: format!("{verb} {}", names.join(" ⋈ ")),
            database,
            cpu,
            rows_cpu,
            mean_cpu: costs.statement.mean() + rows_cpu as f64 / 1e9,
            locked_cpu,
            pages,
            locks: self.locks_of(&parts[0], write),
            writes: write,
        })
    }

    /// A statement that adds a row to no table of the application.
    pub(super) fn added_row(
        &mut self,
        label: String,
        database: Id<DatabasePlan>,
    ) -> Id<StatementPlan> {
        let settings: &Database = &self.layout.databases[database.index()];
        let (costs, locks) = (settings.costs.clone(), settings.locks);
        let row = costs.row_write.0;
        let (rows_cpu, locked_cpu) = if locks == LockProtocol::Fifo { (row, 0) } else { (0, row) };
        let cpu = self.plan.add_sampler(&costs.statement);
        self.plan.program.statements.push(StatementPlan {
            label,
            database,
            cpu,
            rows_cpu,
            mean_cpu: costs.statement.mean() + rows_cpu as f64 / 1e9,
            locked_cpu,
            pages: Vec::new(),
            locks: None,
            writes: true,
        })
    }

    pub(super) fn locks_of(&self, part: &Statement, write: bool) -> Option<RowLocks> {
        if !write || part.access == Access::Insert {
            return None;
        }
        let table = &self.model.application.tables[part.table.index()];
        Some(RowLocks {
            table: self.deployment.number_of_table[part.table.index()],
            rows: part.rows,
            row: RowSampler::new(table.rows, table.skew),
            hottest: hottest_row(table.rows, table.skew),
            second: if table.rows > 1 { 0.5_f64.powf(table.skew) } else { 0.0 },
        })
    }

    pub(super) fn hop(&mut self, database: Id<DatabasePlan>, message: Id<Message>, place: Place) {
        if !self.plan.site.links.is_empty() {
            self.emit(Step::DatabaseHop { database, message }, place.service);
        }
    }

    /// Ends what was written, in the order in which the database goes about it.
    pub(super) fn commit(&mut self, database: Id<DatabasePlan>, site: u32, place: Place) {
        let DatabasePlan { flush, commit_cpu, locks, .. } = self.plan.site.databases[database];
        if locks == LockProtocol::Innodb {
            self.emit(Step::Unlock { database }, place.service);
        }
        if flush.is_some() {
            self.emit(Step::Flush { database }, place.service);
        }
        if commit_cpu.is_some() {
            self.emit(Step::CommitCpu { database, site }, place.service);
        }
        self.emit(Step::Commit { database }, place.service);
    }

    pub(super) fn bytes_of_rows(&self, part: &Statement) -> u64 {
        let size = self.model.application.tables[part.table.index()].row_size.0;
        u64::from(part.rows).saturating_mul(size)
    }

    pub(super) fn statement_message(&mut self, payload: u64) -> Id<Message> {
        self.message(statement_size().0.saturating_add(payload))
    }
}

/// Pages that one read of a scan brings in (read-ahead).
fn pages_per_scan_read() -> u64 {
    default_count("database.scan_pages_per_read").max(1)
}

fn statement_size() -> Bytes {
    default_quantity("database.statement_message")
}

/// Probability of the row that is asked for most, under Zipf's law with exponent `skew` over `rows`.
fn hottest_row(rows: u64, skew: f64) -> f64 {
    // Beyond some rows the sum is an integral to well below a part in a thousand.
    let exact = rows.min(10_000);
    let mut sum: f64 = (1..=exact).map(|rank| (rank as f64).powf(-skew)).sum();
    let (from, to) = (exact as f64 + 0.5, rows as f64 + 0.5);
    if rows > exact {
        sum += if (skew - 1.0).abs() < 1e-9 {
            (to / from).ln()
        } else {
            (to.powf(1.0 - skew) - from.powf(1.0 - skew)) / (1.0 - skew)
        };
    }
    1.0 / sum
}
