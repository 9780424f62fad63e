//! Lowering of transactions: one session on one database, or a refusal that names the databases.

use super::Step;
use super::lower::{Lowering, Place};
use crate::model::{self, Action, OperationId, Span, Transaction};
use crate::scenario::Diagnostic;

impl<'a> Lowering<'a> {
    /// A local transaction; an error where what it writes lies on several databases.
    pub(super) fn transaction(&mut self, span: Span, transaction: &'a Transaction, place: Place) {
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
            self.transaction_steps(&transaction.steps, place);
            return;
        };
        let message = self.statement_message(0);
        self.emit(Step::Begin { database, retries: transaction.retries }, place.service);
        let inside = Place { transaction: Some(database), ..place };
        self.transaction_steps(&transaction.steps, inside);
        self.hop(database, message, place);
        self.emit_flush(database, place);
        self.emit(Step::Commit { database }, place.service);
        self.hop(database, message, place);
        self.emit(Step::Release { database }, place.service);
    }

    /// Databases that the steps write to, through calls too.
    fn written_databases(&self, steps: &[model::Step], within: Option<u32>, found: &mut Vec<u32>) {
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
        steps: &[model::Step],
        found: &mut Vec<u32>,
        calls: &mut Vec<OperationId>,
    ) {
        for step in steps {
            match &step.action {
                Action::Write(statement) => {
                    found.push(self.deployment.database_of_table[statement.table.index()]);
                }
                Action::Call(call) => calls.push(call.to),
                Action::Parallel(branches) => {
                    branches.iter().for_each(|branch| self.note_writes(branch, found, calls));
                }
                Action::Choice(branches) => {
                    branches.iter().for_each(|way| self.note_writes(&way.steps, found, calls));
                }
                Action::Repeat { steps, .. } | Action::Cache { miss: steps, .. } => {
                    self.note_writes(steps, found, calls);
                }
                Action::Transaction(inner) => self.note_writes(&inner.steps, found, calls),
                // An event is handled later, by transactions of its subscribers.
                Action::Publish(_)
                | Action::Cpu(_)
                | Action::Wait(_)
                | Action::Read(_)
                | Action::Join { .. }
                | Action::External(_)
                | Action::Fail(_) => {}
            }
        }
    }

    fn first_read(&self, steps: &[model::Step]) -> Option<u32> {
        steps.iter().find_map(|step| match &step.action {
            Action::Read(statement) => {
                Some(self.deployment.database_of_table[statement.table.index()])
            }
            Action::Join { tables, .. } => {
                Some(self.deployment.database_of_table[tables[0].index()])
            }
            _ => None,
        })
    }

    fn refuse_spanning(
        &mut self,
        span: Span,
        transaction: &Transaction,
        databases: &[u32],
        place: Place,
    ) {
        let names: Vec<String> = databases
            .iter()
            .map(|index| format!("`{}`", *self.layout.databases[*index as usize].name))
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
        let diagnostic = Diagnostic::error("transaction-spans-databases", message, span)
            .label("no local transaction can span them")
            .hint(hint)
            .also(self.layout.name.span, "in this layout");
        self.diagnostics.push(diagnostic);
    }
}
