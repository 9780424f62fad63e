//! Views: joins that a layout keeps ready in one database.

use super::{
    ActionParts, Application, At, EventId, Join, OperationId, OperationStep, Span, TableId,
};
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
    /// How the changes of its tables come to it.
    pub feed: Feed,
}

/// How changes come to a view.
#[derive(Debug, Clone, PartialEq)]
pub enum Feed {
    /// By change data capture: this long after its commit each is there to be applied.
    Cdc(Distribution),
    /// By events, which its consumers take from the broker.
    Events {
        /// Where that is said.
        said: Span,
        /// Which; none: all that those publish who write its tables.
        named: Vec<At<EventId>>,
    },
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

    /// Whether the steps of an operation, without those that it calls, do what `of` finds.
    fn has_step<T: PartialEq>(
        &self,
        operation: OperationId,
        of: impl Fn(&ActionParts<'_>) -> Option<T>,
        among: &[T],
    ) -> bool {
        let mut pending: Vec<&OperationStep> =
            self.operations[operation.index()].steps.iter().collect();
        while let Some(step) = pending.pop() {
            let parts = step.action.parts();
            if of(&parts).is_some_and(|found| among.contains(&found)) {
                return true;
            }
            pending.extend(parts.bodies.into_iter().flatten());
        }
        false
    }

    /// Whether a step of an operation publishes one of these events.
    pub fn publishes(&self, operation: OperationId, events: &[EventId]) -> bool {
        self.has_step(operation, |parts| parts.publishes, events)
    }

    /// Whether a step of an operation writes one of these tables.
    pub fn changes(&self, operation: OperationId, tables: &[TableId]) -> bool {
        self.has_step(operation, |parts| parts.writes, tables)
    }

    /// Operations that the steps of one call.
    pub fn callees(&self, operation: OperationId) -> Vec<OperationId> {
        let mut found = Vec::new();
        let mut pending: Vec<&OperationStep> =
            self.operations[operation.index()].steps.iter().collect();
        while let Some(step) = pending.pop() {
            let parts = step.action.parts();
            found.extend(parts.calls);
            pending.extend(parts.bodies.into_iter().flatten());
        }
        found
    }

    /// Operations whose steps call it.
    pub fn callers(&self, operation: OperationId) -> Vec<OperationId> {
        let all = (0..self.operations.len() as u32).map(OperationId);
        all.filter(|caller| self.has_step(*caller, |parts| parts.calls, &[operation])).collect()
    }

    /// The events that feed a view of a join: those that are named, else all that operations publish which write its
    /// tables, themselves or through those that they call.
    pub fn feeding_events(&self, join: &Join, feed: &Feed) -> Vec<EventId> {
        let Feed::Events { named, .. } = feed else { return Vec::new() };
        if !named.is_empty() {
            return named.iter().map(|event| **event).collect();
        }
        let all = (0..self.operations.len() as u32).map(OperationId);
        let mut writers: Vec<OperationId> =
            all.filter(|operation| self.changes(*operation, &join.tables)).collect();
        let mut next = 0;
        while let Some(writer) = writers.get(next).copied() {
            next += 1;
            for caller in self.callers(writer) {
                if !writers.contains(&caller) {
                    writers.push(caller);
                }
            }
        }
        let events = (0..self.events.len() as u32).map(EventId);
        events
            .filter(|event| writers.iter().any(|writer| self.publishes(*writer, &[*event])))
            .collect()
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
