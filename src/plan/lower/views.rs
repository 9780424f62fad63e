//! Lowering of views: joins that a layout keeps ready in one database, and what takes their changes in.

use super::lowering::Lowering;
use super::place::{Place, Spans};
use super::statements::{PURPOSE_COMMIT, PURPOSE_PAGES, PURPOSE_ROWS};
use crate::ids::Id;
use crate::model::{
    EventId, Feed, Join, Module, ModuleId, OperationId, Statement, TableId, View, ViewSize,
};
use crate::plan::{
    DatabasePlan, FAIL_STEP, FeedPlan, PageReads, SpanStep, StatementPlan, Step, TablePlan,
    TrailAct, TrailPlan, ViewPlan, ViewTable,
};
use crate::random::RowSampler;

impl Lowering<'_> {
    /// Finds the views of the layout, with a table for each in its database.
    pub(super) fn find_views(&mut self) {
        self.followed.feeds = vec![Vec::new(); self.model.application.tables.len()];
        let layout = self.layout;
        for view in &layout.views {
            let database = layout.databases.iter().position(|it| *it.name == *view.database);
            let join = self.model.application.find_join(&view.join);
            let (Some(database), Some(join)) = (database, join) else {
                unreachable!("`scenario::read` refuses a view of nothing, and one that is nowhere")
            };
            let id = self.add_view(view, join, Id::new(database));
            for (number, table) in (0u32..).zip(&join.tables) {
                self.followed.feeds[table.index()].push(FeedPlan { view: id, table: number });
            }
            self.followed.views.insert(view.join.value.clone(), id);
            for event in self.model.application.feeding_events(join, &view.feed) {
                self.followed.told.entry(event).or_default().push(id);
            }
        }
    }

    fn add_view(&mut self, view: &View, join: &Join, database: Id<DatabasePlan>) -> Id<ViewPlan> {
        let application = &self.model.application;
        let ViewSize { rows, .. } = application.view_size(join);
        let name = view.name.value.clone();
        let table = TablePlan { name: format!("view {name}"), hit_share: 1.0 };
        let table = self.plan.site.databases[database].tables.push(table);
        let costs = &self.layout.databases[database.index()].costs;
        let groups = join.tables.iter().map(|table| ViewTable {
            rows: application.tables[table.index()].rows,
            view_rows: rows,
        });
        let read = join.tables.iter().map(|table| self.time_to_read_whole(*table));
        let rebuild = read.sum::<f64>() + rows as f64 * costs.row_write.seconds();
        let (row, tables) = (costs.row_write.0, groups.collect());
        let (lag, is_told) = match &view.feed {
            Feed::Cdc(lag) => (self.plan.add_sampler(lag), false),
            Feed::Events { .. } => (None, true),
        };
        self.plan.followed.applies.push(FAIL_STEP);
        self.plan.followed.views.push(ViewPlan {
            name,
            join: view.join.value.clone(),
            database,
            table,
            lag,
            is_told,
            row,
            tables,
            rebuild,
        })
    }

    /// Time to read all rows of a table, one after the other (s): of one that is kept as events, their snapshots and the
    /// events behind these.
    fn time_to_read_whole(&self, table: TableId) -> f64 {
        let database = self.deployment.database_of_table[table.index()];
        let row = self.layout.databases[database.index()].costs.row_read.seconds();
        let table = &self.model.application.tables[table.index()];
        let events = table
            .log
            .as_ref()
            .map_or(0.0, |log| log.mean_replayed() * (row + log.replay.seconds()));
        table.rows as f64 * (row + events)
    }

    /// The view that answers a join of a module here, if one does.
    pub(super) fn view_of(&self, join: &Join, place: Place) -> Option<Id<ViewPlan>> {
        let name = join.name.as_ref()?;
        let module = &self.model.application.modules[place.module.index()].name;
        self.followed.views.get(&format!("{}.{}", **module, **name)).copied()
    }

    /// A join as one read of rows of a view.
    pub(super) fn read_view(&mut self, join: &Join, view: Id<ViewPlan>, site: u32, place: Place) {
        let ViewPlan { name, database, table, .. } = self.plan.followed.views[view].clone();
        let first = &self.model.application.tables[join.tables[0].index()];
        let row = RowSampler::new(first.rows, first.skew);
        let row_read = self.layout.databases[database.index()].costs.row_read.0;
        let rows_cpu = row_read.saturating_mul(u64::from(join.rows));
        let pages = vec![PageReads { table, count: join.rows, miss: 0.0 }];
        let label = format!("read view {name}");
        let statement = self.plain_statement(label, (database, false), rows_cpu, pages);
        let (rows, log, feeds) = (join.rows, None, Vec::new());
        let label = format!("view {name}");
        let (act, view) = (TrailAct::Look, Some(view));
        let trail = TrailPlan { act, label, database, rows, row, log, feeds, view };
        let enlisted = place.spans == Some(Spans::TwoPhase);
        let alone = place.transaction != Some(database) && !enlisted;
        if alone || enlisted {
            self.emit(Step::Begin { database, retries: 0 }, place.service);
        }
        let request = self.statement_message(0);
        self.hop(database, request, place);
        self.follow(trail, site + PURPOSE_ROWS, place);
        self.emit(Step::DatabaseCpu { statement, site }, place.service);
        self.read_pages(statement, site + PURPOSE_PAGES, place);
        // It carries what the tables would have told.
        let sizes =
            join.tables.iter().map(|table| self.model.application.tables[table.index()].row_size.0);
        let reply = sizes.fold(0u64, u64::saturating_add).saturating_mul(u64::from(join.rows));
        let reply = self.statement_message(reply);
        self.end_statement(database, (alone, false), reply, site, place);
    }

    /// The module of a join, `module.join`.
    pub(super) fn module_of(&self, join: &str) -> ModuleId {
        let is_it =
            |module: &Module| join.split_once('.').is_some_and(|(of, _)| *module.name == of);
        let place = self.model.application.modules.iter().position(is_it);
        ModuleId(place.unwrap_or_default() as u32)
    }

    /// Notes which rows of views a write changes.
    pub(super) fn feed_views(
        &mut self,
        part: &Statement,
        database: Id<DatabasePlan>,
        site: u32,
        place: Place,
    ) {
        let feeds = self.followed.feeds[part.table.index()].clone();
        if feeds.is_empty() {
            return;
        }
        let trail = TrailPlan {
            act: TrailAct::Change,
            label: self.model.application.table_name(part.table),
            database,
            rows: part.rows,
            row: self.rows_of(part.table),
            log: None,
            feeds,
            view: None,
        };
        self.follow(trail, site, place);
    }

    /// Writes the steps that take changes into views.
    pub(super) fn write_applies(&mut self) {
        for id in self.plan.followed.views.ids() {
            let ViewPlan { name, join, database, table, row, .. } =
                self.plan.followed.views[id].clone();
            let module = self.module_of(&join);
            let service = self.deployment.service_of_module[module.index()];
            let label = format!("take a change into view {name}");
            let apply = self.unentered(label.clone(), service);
            self.plan.followed.applies[id] = apply;
            let pages = vec![PageReads { table, count: 1, miss: 0.0 }];
            let statement = self.plain_statement(label.clone(), (database, true), row, pages);
            let (rows, row) = (1, RowSampler::new(1, 0.0));
            let (log, feeds, view) = (None, Vec::new(), Some(id));
            let act = TrailAct::Apply;
            let trail = TrailPlan { act, label, database, rows, row, log, feeds, view };
            let place = Place::alone(module, service);
            match self.plan.followed.views[id].is_told {
                true => self.write_taking_in(statement, trail, place),
                false => self.write_capture(statement, trail, place),
            }
            self.emit(Step::Return, service);
        }
    }

    /// Whoever reads the log of the tables writes to the view.
    fn write_capture(&mut self, statement: Id<StatementPlan>, trail: TrailPlan, place: Place) {
        let database = trail.database;
        self.emit(Step::DatabaseCpu { statement, site: 0 }, place.service);
        self.read_pages(statement, PURPOSE_PAGES, place);
        self.follow(trail, 0, place);
        if self.plan.site.databases[database].flush.is_some() {
            self.emit_spanning(SpanStep::Decide { database }, place);
        }
    }

    /// A consumer writes to the view what an event tells: a transaction of its own.
    fn write_taking_in(&mut self, statement: Id<StatementPlan>, trail: TrailPlan, place: Place) {
        let database = trail.database;
        let message = self.statement_message(0);
        self.emit(Step::Begin { database, retries: 0 }, place.service);
        self.hop(database, message, place);
        self.emit(Step::DatabaseCpu { statement, site: 0 }, place.service);
        self.read_pages(statement, PURPOSE_PAGES, place);
        self.emit(Step::Lock { statement, site: PURPOSE_ROWS }, place.service);
        let shown = TrailPlan { act: TrailAct::Show, ..trail.clone() };
        self.follow(trail, 0, place);
        self.commit(database, PURPOSE_COMMIT, place);
        self.follow(shown, 0, place);
        self.hop(database, message, place);
        self.emit(Step::Release { database }, place.service);
    }

    /// Whether an operation publishes an event that feeds a view.
    pub(super) fn tells_views(&self, operation: OperationId) -> bool {
        let events: Vec<EventId> = self.followed.told.keys().copied().collect();
        !events.is_empty() && self.model.application.publishes(operation, &events)
    }

    /// The beginning or the end of an operation whose commits are told by the events that it publishes.
    pub(super) fn gathering(&mut self, act: TrailAct, place: Place) {
        let (label, rows, row) = ("what events tell".to_string(), 0, RowSampler::new(1, 0.0));
        let (database, log, feeds, view) = (Id::new(0), None, Vec::new(), None);
        let trail = TrailPlan { act, label, database, rows, row, log, feeds, view };
        self.follow(trail, 0, place);
    }
}
