//! Views: joins that a layout keeps ready in one database.

use super::{Application, At, Join, OperationStep};
use crate::random::Distribution;
use crate::units::Bytes;

/// A join that is kept ready in one database.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Unique name in the layout.
    pub name: At<String>,
    /// The join that it answers: `module.join`.
    pub join: At<String>,
    /// Name of the database that keeps it.
    pub database: At<String>,
    /// Time from the commit of a change until it is applied there.
    pub lag: Distribution,
}

/// What a view takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewSize {
    /// One for each row of the first table of its join.
    pub rows: u64,
    /// Of a row, with what belongs to it of the other tables.
    pub row_size: Bytes,
}

impl Application {
    /// The join called `module.join`.
    pub fn find_join(&self, name: &str) -> Option<&Join> {
        let (module, join) = name.split_once('.')?;
        self.operations.iter().find_map(|operation| {
            let of_module = *self.modules[operation.module.index()].name == module;
            of_module.then(|| named(&operation.steps, join)).flatten()
        })
    }

    /// What a view of a join takes.
    pub fn view_size(&self, join: &Join) -> ViewSize {
        let rows = join.tables.first().map_or(1, |first| self.tables[first.index()].rows);
        let sizes = join.tables.iter().map(|table| {
            let table = &self.tables[table.index()];
            u128::from(table.row_size.0) * u128::from(table.rows.div_ceil(rows).max(1))
        });
        let row_size = u64::try_from(sizes.sum::<u128>()).unwrap_or(u64::MAX);
        ViewSize { rows, row_size: Bytes(row_size) }
    }
}

/// The join of that name within steps.
fn named<'a>(steps: &'a [OperationStep], name: &str) -> Option<&'a Join> {
    steps.iter().find_map(|step| {
        let own = step.action.as_join().filter(|join| join.is_called(name));
        own.or_else(|| step.action.parts().bodies.into_iter().find_map(|body| named(body, name)))
    })
}
