//! Buffer-cache misses of every statement, from what is asked for and from what the memory holds.

use super::facts::{Need, facts};
use super::hit_share::{TablePages, hit_shares, pages_of};
use super::visits::visits;
use crate::ids::Table;
use crate::model::{self, HitShare, Layout, Model, ViewSize};
use crate::plan::{DatabasePlan, Plan, TablePlan};

/// Buffer-cache misses: given by the author, or from memory against the pages that are asked for.
pub(in crate::plan) fn set_misses(model: &Model, layout: &Layout, plan: &mut Plan) {
    let rates = visits(plan);
    let databases = plan.site.databases.iter();
    let mut accesses: Table<Table<f64, TablePlan>, DatabasePlan> =
        databases.map(|database| Table::filled(0.0, &database.tables)).collect();
    for (pc, rate) in plan.program.steps.ids().zip(&rates) {
        for need in facts(plan, pc).needs {
            if let Need::Pages { database, table, count } = need {
                accesses[database][table] += rate * count;
            }
        }
    }
    // Machines of a broker stand behind the databases, and have no tables.
    for ((id, accesses), database) in accesses.entries().zip(&layout.databases) {
        let hits = table_hits(model, (database, layout), accesses);
        let tables = &mut plan.site.databases[id].tables;
        for (table, hit) in tables.iter_mut().zip(hits) {
            table.hit_share = hit;
        }
        let statements = plan.program.statements.iter_mut();
        for statement in statements.filter(|statement| statement.database == id) {
            for part in &mut statement.pages {
                part.miss = 1.0 - tables[part.table].hit_share;
            }
        }
    }
}

fn table_hits(
    model: &Model,
    (database, layout): (&model::Database, &Layout),
    accesses: &[f64],
) -> Vec<f64> {
    let application = &model.application;
    let tables = database.tables.iter().map(|table| {
        let table = &application.tables[table.index()];
        (table.rows, table.row_size, table.skew)
    });
    // Views stand behind the tables, in the order of the layout.
    let views = layout.views.iter().filter(|view| *view.database == *database.name);
    let views = views.filter_map(|view| {
        let join = application.find_join(&view.join)?;
        let ViewSize { rows, row_size } = application.view_size(join);
        Some((rows, row_size, application.tables[join.tables.first()?.index()].skew))
    });
    let all = tables.chain(views).zip(accesses);
    let pages: Vec<TablePages> = all
        .map(|((rows, row_size, exponent), accesses)| TablePages {
            pages: pages_of(rows, row_size, database.costs.page),
            exponent,
            accesses: *accesses,
        })
        .collect();
    let cache = database.memory.0 as f64 * database.cache_share.0;
    let cache_pages = (cache / database.costs.page.0.max(1) as f64) as u64;
    match &database.hit {
        HitShare::Given(share) => vec![share.0; pages.len()],
        HitShare::FromMemory => hit_shares(&pages, cache_pages),
        HitShare::PerTable(given) => {
            let mut hits = hit_shares(&pages, cache_pages);
            for (hit, table) in hits.iter_mut().zip(&database.tables) {
                if let Some((_, share)) = given.iter().find(|(given, _)| given == table) {
                    *hit = share.0;
                }
            }
            hits
        }
    }
}
