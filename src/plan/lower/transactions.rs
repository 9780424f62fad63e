//! Lowering of transactions: one session on one database, or a refusal that names the databases.

use super::lowering::{Lowering, Place};
use super::statements::PURPOSE_COMMIT;
use crate::ids::Id;
use crate::model::{self, OperationId, Span, Transaction};
use crate::plan::{DatabasePlan, Step};
use crate::scenario::{Code, Diagnostic};

impl<'a> Lowering<'a> {
    /// A local transaction; an error where what it writes lies on several databases.
    pub(super) fn transaction(
        &mut self,
        span: Span,
        transaction: &'a Transaction,
        site: u32,
        place: Place,
    ) {
        let mut written = Vec::new();
        self.written_databases(
            &transaction.steps,
            place.transaction.into_iter().next(),
            &mut written,
        );
        written.sort_unstable();
        written.dedup();
        if written.len() > 1 {
            self.refuse_spanning(span, transaction, &written, place);
            return;
        }
        let database = written.first().copied().or_else(|| self.first_read(&transaction.steps));
        let Some(database) = database.filter(|_| place.transaction.is_none()) else {
            // Nothing to commit, or part of the transaction around it.
            self.steps(&transaction.steps, place);
            return;
        };
        self.refuse_called_branches(span, &transaction.steps, database, place);
        let message = self.statement_message(0);
        self.emit(Step::Begin { database, retries: transaction.retries }, place.service);
        let inside = Place { transaction: Some(database), ..place };
        self.steps(&transaction.steps, inside);
        self.hop(database, message, place);
        self.commit(database, site + PURPOSE_COMMIT, place);
        self.hop(database, message, place);
        self.emit(Step::Release { database }, place.service);
    }

    /// A nested frame works on the session of its caller: an operation that the transaction calls in
    /// its process must not use the one connection from two branches at a time either.
    fn refuse_called_branches(
        &mut self,
        span: Span,
        steps: &'a [model::OperationStep],
        database: Id<DatabasePlan>,
        place: Place,
    ) {
        let inside = self.in_process(steps, place);
        let own = flat(steps).len();
        let uses_it = |branch: &&'a [model::OperationStep]| {
            let mut reached = self.in_process(branch, place).into_iter();
            reached.any(|found| self.states_on(found.step, database, found.place))
        };
        // The first are the transaction's own, refused where they are lowered.
        let clash = inside.into_iter().skip(own).map(|found| found.step).find(|step| {
            let parts = step.action.parts();
            parts.is_parallel && parts.bodies.into_iter().filter(uses_it).count() > 1
        });
        if let Some(parallel) = clash {
            let message = "steps of a transaction share one connection and cannot run in parallel";
            let diagnostic = Diagnostic::new(Code::ParallelInTransaction, message, span)
                .label("calls an operation that uses the connection in several branches")
                .hint("write the branches one after the other, or move the call out")
                .also(parallel.span, "these branches");
            self.diagnostics.push(diagnostic);
        }
    }

    /// All steps, then those of the operations that they call in their process.
    fn in_process(&self, steps: &'a [model::OperationStep], place: Place) -> Vec<Placed<'a>> {
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

    /// Whether the step makes a statement of its own on the database.
    fn states_on(
        &self,
        step: &model::OperationStep,
        database: Id<DatabasePlan>,
        place: Place,
    ) -> bool {
        let parts = step.action.parts();
        let mut tables = parts.reads.iter().chain(&parts.writes);
        tables.any(|table| {
            self.deployment.database_of_table[table.index()] == database
                && self.is_direct(*table, place)
        })
    }

    /// Databases that the steps write to, through calls too.
    fn written_databases(
        &self,
        steps: &[model::OperationStep],
        within: Option<Id<DatabasePlan>>,
        found: &mut Vec<Id<DatabasePlan>>,
    ) {
        found.extend(within);
        let mut seen = vec![false; self.model.application.operations.len()];
        let mut calls: Vec<OperationId> = Vec::new();
        self.note_writes(steps, found, &mut calls);
        while let Some(operation) = calls.pop() {
            if !std::mem::replace(&mut seen[operation.index()], true) {
                let steps = &self.model.application.operations[operation.index()].steps;
                self.note_writes(steps, found, &mut calls);
            }
        }
    }

    fn note_writes(
        &self,
        steps: &[model::OperationStep],
        found: &mut Vec<Id<DatabasePlan>>,
        calls: &mut Vec<OperationId>,
    ) {
        for step in flat(steps) {
            // An event is handled later, by transactions of its subscribers.
            let parts = step.action.parts();
            let written = parts.writes.iter();
            found.extend(written.map(|table| self.deployment.database_of_table[table.index()]));
            calls.extend(parts.calls);
        }
    }

    fn first_read(&self, steps: &[model::OperationStep]) -> Option<Id<DatabasePlan>> {
        let table = steps.iter().find_map(|step| step.action.parts().reads.first())?;
        Some(self.deployment.database_of_table[table.index()])
    }

    fn refuse_spanning(
        &mut self,
        span: Span,
        transaction: &Transaction,
        databases: &[Id<DatabasePlan>],
        place: Place,
    ) {
        let names: Vec<String> = databases
            .iter()
            .map(|index| format!("`{}`", *self.layout.databases[index.index()].name))
            .collect();
        let module = &self.model.application.modules[place.module.index()].name;
        let name = format!("{}.{}", **module, *transaction.name);
        let message = format!(
            "layout `{}`: transaction `{name}` writes to databases {}",
            *self.layout.name,
            names.join(" and "),
        );
        let hint = format!(
            "one database must hold what it writes; `transactions: {{ {name}: saga }}` and `2pc` are \
             designed but not built in this version"
        );
        let diagnostic = Diagnostic::new(Code::TransactionSpansDatabases, message, span)
            .label("no local transaction can span them")
            .hint(hint)
            .also(self.layout.name.span, "in this layout");
        self.diagnostics.push(diagnostic);
    }
}

/// A step and where it stands.
#[derive(Clone, Copy)]
struct Placed<'a> {
    step: &'a model::OperationStep,
    place: Place,
}

/// The steps and those inside them, branches and turns too.
fn flat(steps: &[model::OperationStep]) -> Vec<&model::OperationStep> {
    let mut found = Vec::new();
    for step in steps {
        found.push(step);
        found.extend(step.action.parts().bodies.into_iter().flat_map(flat));
    }
    found
}
