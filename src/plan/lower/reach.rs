//! What steps write and where, as seen from where they stand: what decides whether one database can keep them
//! together.

use super::lowering::Lowering;
use super::place::Place;
use crate::ids::Id;
use crate::model::{self, OperationStep};
use crate::plan::DatabasePlan;

/// Where steps write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Nowhere.
    Nothing,
    /// To one database, from this process.
    Here(Id<DatabasePlan>),
    /// To several, or by another service.
    Beyond,
}

/// A step and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) step: &'a OperationStep,
    pub(super) place: Place,
}

impl<'a> Lowering<'a> {
    /// Where steps write to, with all that they call.
    pub(super) fn reach(&self, steps: &'a [OperationStep], place: Place) -> Reach {
        let mut reach = Reach::Nothing;
        for Placed { step, place } in self.in_process(steps, place) {
            let parts = step.action.parts();
            let table = parts.writes;
            let direct = table.filter(|table| self.is_direct(*table, place));
            let there = parts.calls.filter(|callee| self.service_of(*callee) != place.service);
            if table != direct || there.is_some_and(|callee| self.model.application.writes(callee))
            {
                return Reach::Beyond;
            }
            let Some(table) = direct else { continue };
            let database = self.deployment.database_of_table[table.index()];
            match reach {
                Reach::Nothing => reach = Reach::Here(database),
                Reach::Here(known) if known != database => return Reach::Beyond,
                Reach::Here(_) | Reach::Beyond => {}
            }
        }
        reach
    }

    /// All steps, then those of the operations that they call in their process.
    pub(super) fn in_process(&self, steps: &'a [OperationStep], place: Place) -> Vec<Placed<'a>> {
        let model = self.model;
        let mut seen = vec![false; model.application.operations.len()];
        let mut reached: Vec<_> =
            flat(steps).into_iter().map(|step| Placed { step, place }).collect();
        let mut next = 0;
        while let Some(Placed { step, place }) = reached.get(next).copied() {
            next += 1;
            let Some(callee) = step.action.parts().calls else { continue };
            if self.service_of(callee) != place.service
                || std::mem::replace(&mut seen[callee.index()], true)
            {
                continue;
            }
            let operation = &model.application.operations[callee.index()];
            let place = Place { module: operation.module, ..place };
            reached.extend(flat(&operation.steps).into_iter().map(|step| Placed { step, place }));
        }
        reached
    }

    /// Databases that the steps write to, through calls too; each once, in order.
    pub(super) fn written_databases(&self, steps: &[OperationStep]) -> Vec<Id<DatabasePlan>> {
        self.databases(steps, |parts| parts.writes.into_iter().collect())
    }

    /// The same with those that they read.
    pub(super) fn reached_databases(&self, steps: &[OperationStep]) -> Vec<Id<DatabasePlan>> {
        self.databases(steps, |parts| parts.reads.iter().copied().chain(parts.writes).collect())
    }

    fn databases(
        &self,
        steps: &[OperationStep],
        tables: impl Fn(&model::ActionParts<'_>) -> Vec<model::TableId>,
    ) -> Vec<Id<DatabasePlan>> {
        let mut found = Vec::new();
        let mut seen = vec![false; self.model.application.operations.len()];
        let mut pending = vec![steps];
        while let Some(steps) = pending.pop() {
            for step in flat(steps) {
                // An event is handled later, by transactions of its subscribers.
                let parts = step.action.parts();
                let tables = tables(&parts).into_iter();
                found.extend(tables.map(|table| self.deployment.database_of_table[table.index()]));
                if let Some(callee) = parts.calls
                    && !std::mem::replace(&mut seen[callee.index()], true)
                {
                    pending.push(&self.model.application.operations[callee.index()].steps);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The steps and those inside them, branches and turns too.
pub(super) fn flat(steps: &[OperationStep]) -> Vec<&OperationStep> {
    let mut found = Vec::new();
    for step in steps {
        found.push(step);
        found.extend(step.action.parts().bodies.into_iter().flat_map(flat));
    }
    found
}
