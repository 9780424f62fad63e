//! Lowering of joins: one statement where all tables are at hand on one database; else their owners are asked and
//! the rows are put together in memory.

use super::lowering::{Lowering, OPEN, part_site};
use super::place::Place;
use crate::ids::Id;
use crate::model::{Access, Join, Statement, TableId};
use crate::plan::defaults::default_quantity;
use crate::plan::{Fork, Loop, Step};
use crate::random::{CountSampler, Distribution};
use crate::units::Nanos;

/// CPU that composing rows of several services costs in memory, per step number.
const PURPOSE_COMPOSE: u32 = 3;

impl Lowering<'_> {
    /// A join, by the way that its tables allow.
    pub(super) fn join(&mut self, join: &Join, site: u32, place: Place) {
        if let Some(view) = self.view_of(join, place) {
            return self.read_view(join, view, site, place);
        }
        let Join { tables, rows, .. } = join;
        let database = |table: TableId| self.deployment.database_of_table[table.index()];
        let first = database(tables[0]);
        // What is kept as events is put together by the service, table by table.
        let is_plain = |table: &TableId| self.model.application.tables[table.index()].log.is_none();
        let together = tables.iter().all(|table| database(*table) == first && is_plain(table));
        if together && tables.iter().all(|table| self.is_direct(*table, place)) {
            let reads: Vec<Statement> = tables.iter().map(|table| read(*table, *rows)).collect();
            return self.run_statements(&reads, false, site, place);
        }
        match join.batched {
            true => self.ask_all_tables(join, site, place),
            false => self.ask_row_by_row(join, site, place),
        }
        let per_row: Nanos = default_quantity("api_composition.row_cpu");
        let work = Nanos(per_row.0 * u64::from(*rows) * tables.len() as u64);
        if let Some(sampler) = self.plan.add_sampler(&Distribution::Constant(work)) {
            self.emit(Step::Cpu { sampler, site: site + PURPOSE_COMPOSE }, place.service);
        }
    }

    /// Every table is asked once for all its rows, all at the same time.
    fn ask_all_tables(&mut self, join: &Join, site: u32, place: Place) {
        let fork = self.plan.program.forks.push(Fork { branches: Vec::new(), calls: Vec::new() });
        self.emit(Step::Fork { fork, site }, place.service);
        let over = self.emit(Step::Jump { to: OPEN }, place.service);
        for (number, table) in join.tables.iter().enumerate() {
            let branch = self.next_pc();
            self.plan.program.forks[fork].branches.push(branch);
            // Each part of the composition draws under numbers of its own.
            self.statement(&read(*table, join.rows), false, part_site(site, number), place);
            self.emit(Step::Return, place.service);
        }
        self.go_on_behind(over);
    }

    /// The first table is asked for its rows; then, row by row, each other table for the one that belongs to it.
    fn ask_row_by_row(&mut self, join: &Join, site: u32, place: Place) {
        let Some((first, others)) = join.tables.split_first() else { return };
        self.statement(&read(*first, join.rows), false, part_site(site, 0), place);
        let (times, mean) = (CountSampler::fixed(join.rows), f64::from(join.rows));
        let count = self.plan.program.loops.push(Loop { times, mean, body: OPEN });
        self.emit(Step::Repeat { count, site }, place.service);
        let over = self.emit(Step::Jump { to: OPEN }, place.service);
        self.plan.program.loops[count].body = self.next_pc();
        for (number, table) in others.iter().enumerate() {
            self.statement(&read(*table, 1), false, part_site(site, 1 + number), place);
        }
        self.emit(Step::Return, place.service);
        self.go_on_behind(over);
    }

    /// A jump leads to the step that is written next.
    fn go_on_behind(&mut self, jump: Id<Step>) {
        self.plan.program.steps[jump] = Step::Jump { to: self.next_pc() };
    }
}

/// Rows of a table, by its index.
fn read(table: TableId, rows: u32) -> Statement {
    Statement { table, rows, access: Access::Index, is_after_read: false }
}
