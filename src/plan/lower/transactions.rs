//! Lowering of transactions: one session on one database, or what the layout chose for several, or a refusal that
//! names them.

use super::lowering::Lowering;
use super::place::Place;
use super::reach::{Reach, flat};
use super::statements::PURPOSE_COMMIT;
use super::two_phase::Coordinator;
use crate::ids::Id;
use crate::model::{self, Consistency, OwnState, Span, Transaction};
use crate::plan::{DatabasePlan, ServicePlan, SpanStep, SpanningPlan, Step, Togetherness};
use crate::scenario::{Code, Diagnostic};

impl<'a> Lowering<'a> {
    /// A transaction: of one database where that holds all that it writes, else as the layout chose.
    pub(super) fn transaction(
        &mut self,
        span: Span,
        transaction: &'a Transaction,
        site: u32,
        place: Place,
    ) {
        let mut written = self.written_databases(&transaction.steps);
        written.extend(place.transaction);
        written.sort_unstable();
        written.dedup();
        let is_inside = place.transaction.is_some() || place.spans.is_some();
        let name = self.name_of(transaction, place);
        let beyond = !is_inside && self.reach(&transaction.steps, place) == Reach::Beyond;
        let chosen = self.layout.transactions.of(&name).filter(|_| beyond);
        if let Some(how) = chosen {
            return self.spanning(name, how, transaction, (site, place));
        }
        if written.len() > 1 && place.spans.is_none() {
            self.refuse_spanning(span, &name, &written);
            return;
        }
        let database = written.first().copied().or_else(|| self.first_read(&transaction.steps));
        let Some(database) = database.filter(|_| !is_inside) else {
            // Nothing to commit, or part of the transaction around it.
            self.steps(&transaction.steps, place);
            return;
        };
        self.refuse_called_branches(span, &transaction.steps, database, place);
        // What another service writes on the same database commits on its own: that is counted. What some layout
        // spreads is watched here, too.
        let how = if beyond { Some(Togetherness::Apart) } else { self.watched(&name, place) };
        let counted = how.map(|how| {
            let spanning = self.counted(name, how);
            self.span_begins(spanning, place)
        });
        let message = self.statement_message(0);
        self.emit(Step::Begin { database, retries: transaction.retries }, place.service);
        let inside = Place { transaction: Some(database), ..place };
        self.steps(&transaction.steps, inside);
        self.hop(database, message, place);
        self.commit(database, site + PURPOSE_COMMIT, place);
        if counted.is_some() {
            self.emit_spanning(SpanStep::Committed { database }, place);
        }
        self.hop(database, message, place);
        self.emit(Step::Release { database }, place.service);
        if let Some(begin) = counted {
            self.span_ends(begin, &[SpanStep::Fail], place);
        }
    }
    /// `module.transaction`, as layouts choose by it.
    fn name_of(&self, transaction: &Transaction, place: Place) -> String {
        let module = &self.model.application.modules[place.module.index()].name;
        format!("{}.{}", **module, *transaction.name)
    }

    /// A transaction over several databases, as the layout chose.
    fn spanning(
        &mut self,
        name: String,
        chosen: &Consistency,
        transaction: &'a Transaction,
        (site, place): (u32, Place),
    ) {
        let (how, state) = match chosen {
            Consistency::Apart => (Togetherness::Apart, None),
            Consistency::Saga { state, retry_after } => {
                let retry_after = retry_after.0;
                (Togetherness::Saga { retry_after }, self.kept_in(state, place.service))
            }
            Consistency::Choreographed { retry_after, .. } => {
                (Togetherness::Choreography { retry_after: retry_after.0 }, None)
            }
            Consistency::TwoPhase { .. } => (Togetherness::TwoPhase, None),
        };
        let retries = match how {
            Togetherness::TwoPhase | Togetherness::Choreography { .. } => transaction.retries,
            Togetherness::Apart | Togetherness::Local | Togetherness::Saga { .. } => 0,
        };
        let (is_part, votes) = (false, Vec::new());
        let spanning = SpanningPlan { name, is_part, how, retries, state, votes };
        let spanning = self.plan.program.spannings.push(spanning);
        if let Consistency::Choreographed { .. } = chosen {
            self.choreographed(spanning, &transaction.steps, site, place);
        } else if let Consistency::TwoPhase { coordinator, log } = chosen {
            let named = coordinator.as_ref().and_then(|name| {
                let services = self.layout.services.iter();
                services.clone().position(|service| *service.name == **name).map(Id::new)
            });
            let service = named.unwrap_or(place.service);
            let coordinator = Coordinator { service, log: self.kept_in(log, service) };
            self.two_phase(&transaction.steps, spanning, coordinator, place);
        } else {
            self.span(&transaction.steps, spanning, place);
        }
    }

    /// The database in which a service keeps what it must not forget.
    fn kept_in(&self, state: &OwnState, service: Id<ServicePlan>) -> Option<Id<DatabasePlan>> {
        match state {
            OwnState::Nowhere => None,
            OwnState::In(name) => {
                let mut databases = self.layout.databases.iter();
                databases.position(|database| *database.name == **name).map(Id::new)
            }
            OwnState::WithItsTables => {
                let tables = self.model.application.tables.iter();
                let mut own =
                    tables.zip(&self.deployment.database_of_table).filter(|(table, _)| {
                        self.deployment.service_of_module[table.module.index()] == service
                    });
                own.next().map(|(_, database)| *database)
            }
        }
    }

    /// How a transaction is kept together that one database has all of, where some layout chooses how to spread it. One
    /// that undoes another is no transaction of its own.
    fn watched(&self, name: &str, place: Place) -> Option<Togetherness> {
        let mut layouts = self.model.layouts.iter();
        let chosen = layouts.any(|layout| layout.transactions.of(name).is_some());
        (chosen && place.undoing.is_none()).then_some(Togetherness::Local)
    }

    /// A transaction that one database keeps together, but for what other services write, and that is counted.
    fn counted(&mut self, name: String, how: Togetherness) -> Id<SpanningPlan> {
        let (is_part, retries, state) = (false, 0, None);
        let votes = Vec::new();
        let spanning = SpanningPlan { name, is_part, how, retries, state, votes };
        self.plan.program.spannings.push(spanning)
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

    /// Whether the step makes a statement of its own on the database.
    pub(super) fn states_on(
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

    fn first_read(&self, steps: &[model::OperationStep]) -> Option<Id<DatabasePlan>> {
        let table = steps.iter().find_map(|step| step.action.parts().reads.first())?;
        Some(self.deployment.database_of_table[table.index()])
    }

    fn refuse_spanning(&mut self, span: Span, name: &str, databases: &[Id<DatabasePlan>]) {
        let names: Vec<String> = databases
            .iter()
            .map(|index| format!("`{}`", *self.layout.databases[index.index()].name))
            .collect();
        let message = format!(
            "layout `{}`: transaction `{name}` writes to databases {}",
            *self.layout.name,
            names.join(" and "),
        );
        let hint = format!(
            "say in the layout how it is kept together: `transactions: {{ {name}: saga }}`, `2pc`, or \
             `none`: each part commits on its own"
        );
        let diagnostic = Diagnostic::new(Code::TransactionSpansDatabases, message, span)
            .label("no local transaction can span them")
            .hint(hint)
            .also(self.layout.name.span, "in this layout");
        self.diagnostics.push(diagnostic);
    }
}
