//! Lowering of statements on tables that are kept as events: keys are loaded by their snapshots and the events behind
//! them, and events are added under a check that nobody else has added one since.

use super::lowering::{DRAWS_PER_STEP, Lowering};
use super::place::{Place, Spans};
use super::statements::PURPOSE_PAGES;
use crate::ids::Id;
use crate::model::{EventLog, LockProtocol, Statement, TableId};
use crate::plan::{
    DatabasePlan, EventLogPlan, PageReads, StatementPlan, Step, TrailAct, TrailPlan,
};
use crate::random::RowSampler;

/// Purpose of the draws of loading keys, apart from those of the statement that adds to them.
const PURPOSE_LOAD: u32 = 6;

/// Where the keys are drawn that an operation works with: the same for all its statements on the table.
fn site_of_keys(table: TableId) -> u32 {
    u32::MAX - DRAWS_PER_STEP * (2 + table.0)
}

impl Lowering<'_> {
    /// Finds the tables that are kept as events.
    pub(super) fn find_logs(&mut self) {
        let tables = &self.model.application.tables;
        for (number, table) in (0u32..).zip(tables) {
            let log = table.log.as_ref().map(|log| {
                let database = self.deployment.database_of_table[number as usize];
                let costs = &self.layout.databases[database.index()].costs;
                self.plan.followed.logs.push(EventLogPlan {
                    name: self.model.application.table_name(TableId(number)),
                    number,
                    snapshot_every: log.snapshot_every,
                    mean_replayed: log.mean_replayed(),
                    read: costs.row_read.0,
                    replay: log.replay.0,
                    snapshot: costs.row_write.0,
                })
            });
            self.followed.logs.push(log);
        }
    }

    /// A read of keys, or a write: which reads them first, unless its transaction has, and adds an event to each.
    pub(super) fn on_log(
        &mut self,
        (part, log): (&Statement, &EventLog),
        write: bool,
        site: u32,
        place: Place,
    ) {
        let database = self.deployment.database_of_table[part.table.index()];
        // In a two-phase commit whoever comes first opens the session, and the coordinator ends it.
        let enlisted = place.spans == Some(Spans::TwoPhase);
        let alone = place.transaction != Some(database) && !enlisted;
        if alone || enlisted {
            let retries = if write && alone { log.retries } else { 0 };
            self.emit(Step::Begin { database, retries }, place.service);
        }
        let trail = TrailPlan {
            act: TrailAct::Load,
            label: self.model.application.table_name(part.table),
            database,
            rows: part.rows,
            row: self.rows_of(part.table),
            log: self.followed.logs[part.table.index()],
            feeds: self.followed.feeds[part.table.index()].clone(),
            view: None,
        };
        let keys = site_of_keys(part.table);
        if !write || alone || place.is_part || !part.is_after_read {
            let statement = self.load_statement((part, log), database);
            let size = self.model.application.tables[part.table.index()].row_size.0 as f64;
            let events = log.mean_replayed() * log.event.0 as f64;
            let request = self.statement_message(0);
            let reply = (f64::from(part.rows) * (size + events)).round() as u64;
            let reply = self.statement_message(reply);
            self.hop(database, request, place);
            self.emit(Step::DatabaseCpu { statement, site: site + PURPOSE_LOAD }, place.service);
            self.follow(trail.clone(), keys, place);
            self.read_pages(statement, site + PURPOSE_LOAD + PURPOSE_PAGES, place);
            self.hop(database, reply, place);
            self.follow(TrailPlan { act: TrailAct::Replay, ..trail.clone() }, keys, place);
        }
        if write {
            let statement = self.append_statement(part, database);
            let request = u64::from(part.rows).saturating_mul(log.event.0);
            let request = self.statement_message(request);
            self.hop(database, request, place);
            self.emit(Step::DatabaseCpu { statement, site }, place.service);
            self.emit(Step::Lock { statement, site: keys }, place.service);
            self.follow(TrailPlan { act: TrailAct::Append, ..trail }, keys, place);
            if self.plan.program.statements[statement].locked_cpu > 0 {
                self.emit(Step::RowsCpu { statement }, place.service);
            }
        }
        if write {
            let reply = self.statement_message(0);
            self.end_statement(database, (alone, true), reply, site, place);
        } else if alone {
            self.emit(Step::Commit { database }, place.service);
            self.emit(Step::Release { database }, place.service);
        }
    }

    /// A step on rows that are followed, drawn at `site`.
    pub(super) fn follow(&mut self, trail: TrailPlan, site: u32, place: Place) {
        let trail = self.plan.followed.trails.push(trail);
        self.emit(Step::Trail { trail, site }, place.service);
    }

    /// Which rows of a table are asked for.
    pub(super) fn rows_of(&self, table: TableId) -> RowSampler {
        let table = &self.model.application.tables[table.index()];
        RowSampler::new(table.rows, table.skew)
    }

    /// Reads snapshots, and pages with the events behind them: of each key as many as there are on average.
    fn load_statement(
        &mut self,
        (part, log): (&Statement, &EventLog),
        database: Id<DatabasePlan>,
    ) -> Id<StatementPlan> {
        let costs = &self.layout.databases[database.index()].costs;
        let bytes = log.mean_replayed() * log.event.0 as f64;
        let pages = 1 + (bytes / costs.page.0.max(1) as f64).ceil() as u32;
        let rows_cpu = costs.row_read.0.saturating_mul(u64::from(part.rows));
        let table = self.deployment.number_of_table[part.table.index()];
        let count = part.rows.saturating_mul(pages);
        let label = format!("load {}", self.model.application.table_name(part.table));
        let pages = vec![PageReads { table, count, miss: 0.0 }];
        self.plain_statement(label, (database, false), rows_cpu, pages)
    }

    /// Adds an event to each key, at the end of the table: no page is read, and nobody else can add one meanwhile.
    fn append_statement(
        &mut self,
        part: &Statement,
        database: Id<DatabasePlan>,
    ) -> Id<StatementPlan> {
        let settings = &self.layout.databases[database.index()];
        let work = settings.costs.row_write.0.saturating_mul(u64::from(part.rows));
        let is_locked = settings.locks != LockProtocol::Fifo;
        let (rows_cpu, locked_cpu) = if is_locked { (0, work) } else { (work, 0) };
        let label = format!("append to {}", self.model.application.table_name(part.table));
        let statement = self.plain_statement(label, (database, true), rows_cpu, Vec::new());
        let locks = self.locks_of(part, true);
        let plan = &mut self.plan.program.statements[statement];
        (plan.locked_cpu, plan.locks) = (locked_cpu, locks);
        statement
    }
}
