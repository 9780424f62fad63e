//! Sagas by choreography, cut into parts: what one service does when it hears of the part before. A call is a part of the
//! service that it calls, a write to a table of another service one of that service, and what one database commits
//! together is one part.

use super::lowering::{DRAWS_PER_STEP, Lowering};
use super::place::Place;
use super::reach::Reach;
use super::taking_part::ChainLink;
use crate::ids::Id;
use crate::model::{Action, Call, OperationStep};
use crate::plan::defaults::default_quantity;
use crate::plan::{DatabasePlan, Message};
use crate::scenario::{Code, Diagnostic};
use crate::units::Bytes;

/// Where steps stand that are cut.
#[derive(Clone)]
pub(super) struct CutAt {
    pub(super) place: Place,
    /// Calls that lead there, the outermost first.
    pub(super) under: Vec<u32>,
}

impl<'a> Lowering<'a> {
    /// Cuts steps into parts, behind those that there are.
    pub(super) fn cut(
        &mut self,
        mut steps: &'a [OperationStep],
        at: &CutAt,
        links: &mut Vec<ChainLink<'a>>,
    ) {
        while let Some(first) = steps.first() {
            let quiet = self.count(steps, at.place, &[Reach::Nothing]);
            let (before, writing) = steps.split_at(quiet);
            let reach = writing.first().map(|step| self.reach_of(step, at.place));
            if let Some(here @ Reach::Here(database)) = reach {
                let count = self.count(writing, at.place, &[Reach::Nothing, here]);
                let (together, rest) = writing.split_at(count);
                let message = self.carries(first);
                let link = ChainLink::new(at, (before, together), Some(database), message);
                links.push(link);
                steps = rest;
                continue;
            }
            if quiet > 0 {
                let message = self.carries(first);
                links.push(ChainLink::new(at, (before, &[]), None, message));
            }
            if let Some(step) = writing.first() {
                self.cut_step(step, at, links);
            }
            steps = writing.get(1..).unwrap_or_default();
        }
    }

    /// How many of the first steps reach no further than that.
    fn count(&self, steps: &'a [OperationStep], place: Place, reach: &[Reach]) -> usize {
        steps.iter().take_while(|step| reach.contains(&self.reach_of(step, place))).count()
    }

    fn reach_of(&self, step: &'a OperationStep, place: Place) -> Reach {
        self.reach(std::slice::from_ref(step), place)
    }

    /// A step that writes beyond one database of its process.
    fn cut_step(&mut self, step: &'a OperationStep, at: &CutAt, links: &mut Vec<ChainLink<'a>>) {
        match &step.action {
            Action::Call(call) => self.cut_call(step, call, at, links),
            Action::Write(statement) => {
                let module = self.model.application.tables[statement.table.index()].module;
                let service = self.deployment.service_of_module[module.index()];
                let database = self.deployment.database_of_table[statement.table.index()];
                let place = Place { module, service, ..at.place };
                let at = CutAt { place, under: at.under.clone() };
                let together = std::slice::from_ref(step);
                let message = self.carries(step);
                links.push(ChainLink::new(&at, (&[], together), Some(database), message));
            }
            Action::Transaction(transaction) => self.cut(&transaction.steps, at, links),
            Action::Parallel(_)
            | Action::Choice(_)
            | Action::Repeat { .. }
            | Action::Cache { .. } => self.refuse_part(
                step,
                "branches and turns that write to several databases cannot be parts of a saga by choreography: no \
                 event of theirs says that all are done",
            ),
            Action::Cpu(_)
            | Action::Wait(_)
            | Action::Read(_)
            | Action::Join(_)
            | Action::Publish(_)
            | Action::External(_)
            | Action::Fail(_) => unreachable!("it writes nothing"),
        }
    }

    /// A call that writes: a part of the service that it calls, or several where that writes to several databases.
    fn cut_call(
        &mut self,
        step: &'a OperationStep,
        call: &'a Call,
        at: &CutAt,
        links: &mut Vec<ChainLink<'a>>,
    ) {
        let service = self.service_of(call.to);
        let operation = &self.model.application.operations[call.to.index()];
        let mut there = at.clone();
        (there.place.service, there.place.module) = (service, operation.module);
        if let Some(undo) = call.undo {
            let undoing = &self.model.application.operations[undo.index()];
            let place = Place { module: undoing.module, ..there.place };
            if self.service_of(undo) != service
                || self.reach(&undoing.steps, place) == Reach::Beyond
            {
                return self.refuse_part(
                    step,
                    "what undoes a part of a saga by choreography is done by the service of that part, in one database",
                );
            }
        }
        if let Reach::Here(database) = self.reach_of(step, there.place) {
            let message = self.carries(step);
            let together = std::slice::from_ref(step);
            links.push(ChainLink::new(&there, (&[], together), Some(database), message));
            return;
        }
        if call.undo.is_some() {
            return self.refuse_part(
                step,
                "a call that writes to several databases is several parts of a saga by choreography, which no one \
                 operation undoes",
            );
        }
        there.under.push(step.site * DRAWS_PER_STEP);
        self.cut(&operation.steps, &there, links);
    }

    /// What an event carries with which a part begins: as much as the call or the statement that it replaces.
    fn carries(&mut self, first: &OperationStep) -> Id<Message> {
        match &first.action {
            Action::Call(call) => self.message(call.request.0),
            Action::Write(statement) => {
                let rows = self.bytes_of_rows(statement);
                self.statement_message(rows)
            }
            Action::Cpu(_)
            | Action::Wait(_)
            | Action::Parallel(_)
            | Action::Choice(_)
            | Action::Repeat { .. }
            | Action::Read(_)
            | Action::Join(_)
            | Action::Transaction(_)
            | Action::Publish(_)
            | Action::Cache { .. }
            | Action::External(_)
            | Action::Fail(_) => self.plain_event(),
        }
    }

    /// An event that carries nothing much.
    pub(super) fn plain_event(&mut self) -> Id<Message> {
        self.message(default_quantity::<Bytes>("call.request").0)
    }

    fn refuse_part(&mut self, step: &OperationStep, message: &str) {
        let message = format!("layout `{}`: {message}", *self.layout.name);
        let hint = "write its calls one after the other into the transaction, or leave `by` out: an orchestrator can";
        let diagnostic = Diagnostic::new(Code::UncarriedPart, message, step.span)
            .hint(hint)
            .also(self.layout.name.span, "in this layout");
        self.diagnostics.push(diagnostic);
    }
}

impl<'a> ChainLink<'a> {
    /// A part whose events are still to be named: steps that write nothing, then those of its database.
    pub(super) fn new(
        at: &CutAt,
        (before, together): (&'a [OperationStep], &'a [OperationStep]),
        database: Option<Id<DatabasePlan>>,
        message: Id<Message>,
    ) -> Self {
        let CutAt { place, under } = at.clone();
        let (begins, undone) = (None, None);
        ChainLink { place, under, before, together, database, message, begins, undone }
    }
}
