//! Transactions whose parts commit on their own, one after the other: sagas, and those that nobody keeps together.
//! A part is a run of steps that write to one database; it lasts until the next one begins.

use std::collections::BTreeMap;

use super::lowering::{DRAWS_PER_STEP, Lowering, OPEN};
use super::place::{Place, Spans};
use super::reach::{Reach, flat};
use super::statements::PURPOSE_COMMIT;
use super::taking_part::{FormOf, Note, OpenNote, PendingUndo, Undone};
use crate::ids::Id;
use crate::model::{Action, Call, OperationStep};
use crate::plan::{DatabasePlan, SpanStep, SpanningPlan, StatementPlan, Step, Togetherness};

impl<'a> Lowering<'a> {
    /// Database of the row that says how far a transaction has come.
    fn state_of(&self, spanning: Id<SpanningPlan>) -> Option<Id<DatabasePlan>> {
        self.plan.program.spannings[spanning].state
    }

    /// Steps that are cut into parts, from the beginning of the transaction to its end.
    pub(super) fn span(
        &mut self,
        steps: &'a [OperationStep],
        spanning: Id<SpanningPlan>,
        place: Place,
    ) {
        let begin = self.span_begins(spanning, place);
        self.steps(steps, Place { spans: Some(Spans::Parts(spanning)), ..place });
        let unwinding: &[SpanStep] = match self.plan.program.spannings[spanning].how {
            Togetherness::Saga { .. } => &[SpanStep::Undo, SpanStep::Fail],
            Togetherness::Apart
            | Togetherness::Local
            | Togetherness::TwoPhase
            | Togetherness::Choreography { .. } => &[SpanStep::Fail],
        };
        self.span_ends(begin, unwinding, place);
    }

    /// The beginning of a transaction over several databases.
    pub(super) fn span_begins(&mut self, spanning: Id<SpanningPlan>, place: Place) -> Id<Step> {
        self.emit_spanning(SpanStep::Begin { spanning, unwind: OPEN }, place)
    }

    /// Its end, and behind it what is done after a failure. `begin`: the step that begins it.
    pub(super) fn span_ends(&mut self, begin: Id<Step>, unwinding: &[SpanStep], place: Place) {
        self.emit_spanning(SpanStep::End, place);
        let over = self.emit(Step::Jump { to: OPEN }, place.service);
        let first = self.next_pc();
        if let Step::Spanning(SpanStep::Begin { unwind, .. }) = &mut self.plan.program.steps[begin]
        {
            *unwind = first;
        }
        for step in unwinding {
            self.emit_spanning(*step, place);
        }
        self.plan.program.steps[over] = Step::Jump { to: self.next_pc() };
    }

    /// The same steps, part by part.
    pub(super) fn parts(
        &mut self,
        steps: &'a [OperationStep],
        spanning: Id<SpanningPlan>,
        place: Place,
    ) {
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            let mut end = at + 1;
            match self.reach(std::slice::from_ref(step), place) {
                Reach::Nothing => self.step(step, Place { spans: None, ..place }),
                Reach::Beyond => self.part_beyond(step, spanning, place),
                Reach::Here(database) => {
                    let stays = |reach| reach == Reach::Nothing || reach == Reach::Here(database);
                    while steps
                        .get(end)
                        .is_some_and(|step| stays(self.reach(std::slice::from_ref(step), place)))
                    {
                        end += 1;
                    }
                    self.local_part(&steps[at..end], database, spanning, place);
                }
            }
            at = end;
        }
    }

    /// Steps that one database commits together.
    fn local_part(
        &mut self,
        steps: &'a [OperationStep],
        database: Id<DatabasePlan>,
        spanning: Id<SpanningPlan>,
        place: Place,
    ) {
        let state = self.state_of(spanning);
        self.committed(steps, (database, 0), place, |lowering, inside| {
            if state == Some(database) {
                lowering.write_state(database, inside);
            }
        });
        self.give_back(database, place);
        self.part_done(Undone::Steps(steps, database), spanning, place);
        if let Some(other) = state.filter(|state| *state != database) {
            self.note(Note::State, other, place);
        }
    }

    /// A local transaction around steps and what `besides` adds to them, up to its commit.
    pub(super) fn committed(
        &mut self,
        steps: &'a [OperationStep],
        (database, retries): (Id<DatabasePlan>, u32),
        place: Place,
        besides: impl FnOnce(&mut Self, Place),
    ) {
        let message = self.statement_message(0);
        self.emit(Step::Begin { database, retries }, place.service);
        let inside = Place { transaction: Some(database), spans: None, is_part: true, ..place };
        self.steps(steps, inside);
        besides(self, inside);
        let site = steps.first().map_or(0, |step| step.site * DRAWS_PER_STEP);
        self.hop(database, message, place);
        self.commit(database, site + PURPOSE_COMMIT, place);
        self.emit_spanning(SpanStep::Committed { database }, place);
    }

    /// What comes behind its commit.
    pub(super) fn give_back(&mut self, database: Id<DatabasePlan>, place: Place) {
        let message = self.statement_message(0);
        self.hop(database, message, place);
        self.emit(Step::Release { database }, place.service);
    }

    /// A local transaction that undoes what steps have done.
    fn undone_together(
        &mut self,
        steps: &'a [OperationStep],
        database: Id<DatabasePlan>,
        place: Place,
    ) {
        self.committed(steps, (database, 0), place, |_, _| {});
        self.give_back(database, place);
    }

    /// A step that writes beyond one database of this process: a part of its own, or one with parts inside.
    fn part_beyond(&mut self, step: &'a OperationStep, spanning: Id<SpanningPlan>, place: Place) {
        let site = step.site * DRAWS_PER_STEP;
        match &step.action {
            Action::Call(call) => {
                self.call_form(*call, FormOf::Part(Spans::Parts(spanning)), site, place);
            }
            Action::Write(_) => self.step(step, place),
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
            | Action::Fail(_) => return self.step(step, place),
        }
        self.part_done(Undone::Step(step), spanning, place);
        if let Some(state) = self.state_of(spanning) {
            self.note(Note::State, state, place);
        }
    }

    /// A part is done, and what undoes it is known from here on, in a saga.
    fn part_done(&mut self, what: Undone<'a>, spanning: Id<SpanningPlan>, place: Place) {
        if self.plan.program.spannings[spanning].how == Togetherness::Apart {
            self.emit_spanning(SpanStep::DoneForGood, place);
            return;
        }
        let redraws = self.is_undone_by_operation(what);
        let at = self.emit_spanning(SpanStep::Done { undo: OPEN, redraws }, place);
        self.taking_part.undoings.push(PendingUndo { at, what, spanning, place });
    }

    /// Whether some call in it says what undoes it.
    pub(super) fn is_undone_by_operation(&self, what: Undone<'a>) -> bool {
        let mut seen = vec![false; self.model.application.operations.len()];
        let mut pending = match what {
            Undone::Steps(steps, _) => flat(steps),
            Undone::Step(step) => flat(std::slice::from_ref(step)),
        };
        while let Some(step) = pending.pop() {
            let parts = step.action.parts();
            if parts.undoes.is_some() {
                return true;
            }
            if let Some(callee) = parts.calls
                && !std::mem::replace(&mut seen[callee.index()], true)
            {
                pending.extend(flat(&self.model.application.operations[callee.index()].steps));
            }
        }
        false
    }

    /// Writes what undoes a part.
    pub(super) fn write_undo(&mut self, pending: &PendingUndo<'a>) {
        let PendingUndo { at, what, spanning, place } = *pending;
        let name = match what {
            Undone::Steps(steps, _) => steps.first().map_or(0, |step| step.site),
            Undone::Step(step) => step.site,
        };
        let module = &self.model.application.modules[place.module.index()].name;
        let name = format!("undo part {name} of {}", **module);
        let entry = self.unentered(name, place.service);
        if let Step::Spanning(SpanStep::Done { undo, .. }) = &mut self.plan.program.steps[at] {
            *undo = entry;
        }
        let place = Place { spans: None, transaction: None, undoing: Some(spanning), ..place };
        match what {
            Undone::Steps(steps, database) => self.undone_together(steps, database, place),
            Undone::Step(step) => self.undo_step(step, spanning, place),
        }
        self.emit(Step::Return, place.service);
        self.write_deferred();
    }

    /// Undoes what steps have done, together where one database has it all.
    pub(super) fn undo_together(
        &mut self,
        steps: &'a [OperationStep],
        spanning: Id<SpanningPlan>,
        place: Place,
    ) {
        let place = Place { undoing: Some(spanning), ..place };
        match self.reach(steps, place) {
            Reach::Here(database) => self.undone_together(steps, database, place),
            Reach::Nothing | Reach::Beyond => self.steps(steps, place),
        }
    }

    /// Undoes what a step has written: the same again, under the same draws, so that it meets the same rows.
    pub(super) fn undo_step(
        &mut self,
        step: &'a OperationStep,
        saga: Id<SpanningPlan>,
        place: Place,
    ) {
        if self.reach(std::slice::from_ref(step), place) == Reach::Nothing {
            return;
        }
        let site = step.site * DRAWS_PER_STEP;
        match &step.action {
            Action::Call(Call { undo: Some(undo), request, reply, .. }) => {
                let call = Call { to: *undo, request: *request, reply: *reply, undo: None };
                let site = site + PURPOSE_UNDO;
                let how = self.plan.program.spannings[saga].how;
                if let Togetherness::Choreography { .. } = how {
                    return self.call(call, site, Place { undoing: None, ..place });
                }
                self.call_form(call, FormOf::Part(Spans::Parts(saga)), site, place);
            }
            Action::Call(call) => self.call_form(*call, FormOf::Undo(saga), site, place),
            Action::Parallel(branches) => {
                branches.iter().rev().for_each(|branch| self.steps(branch, place));
            }
            Action::Transaction(transaction) => self.steps(&transaction.steps, place),
            Action::Write(_) | Action::Choice(_) | Action::Repeat { .. } | Action::Cache { .. } => {
                self.step(step, place);
            }
            Action::Cpu(_)
            | Action::Wait(_)
            | Action::Read(_)
            | Action::Join(_)
            | Action::Publish(_)
            | Action::External(_)
            | Action::Fail(_) => {}
        }
    }

    /// Writes what must not be forgotten, and the frame waits for it.
    pub(super) fn note(&mut self, note: Note, database: Id<DatabasePlan>, place: Place) {
        let at = self.emit_spanning(SpanStep::Aside { entry: OPEN }, place);
        self.taking_part.notes.push(OpenNote { at, note, database, place });
    }

    /// Writes the steps of all notes, once for each service and database.
    pub(super) fn write_notes(&mut self) {
        let mut known = BTreeMap::new();
        for open in std::mem::take(&mut self.taking_part.notes) {
            let OpenNote { at, note, database, place } = open;
            let place = Place { spans: None, transaction: None, undoing: None, ..place };
            let entry = *known.entry((note, place.service, database)).or_insert_with(|| {
                let entry = self.unentered(name_of(note).to_string(), place.service);
                match note {
                    Note::State => self.write_state_alone(database, place),
                    Note::Decision => {
                        let message = self.statement_message(0);
                        self.hop(database, message, place);
                        self.emit_spanning(SpanStep::Decide { database }, place);
                        self.hop(database, message, place);
                    }
                }
                self.emit(Step::Return, place.service);
                entry
            });
            self.plan.program.steps[at] = Step::Spanning(SpanStep::Aside { entry });
        }
    }

    fn write_state_alone(&mut self, database: Id<DatabasePlan>, place: Place) {
        let message = self.statement_message(0);
        self.emit(Step::Begin { database, retries: 0 }, place.service);
        self.write_state(database, place);
        self.hop(database, message, place);
        self.commit(database, STATE_SITE + PURPOSE_COMMIT, place);
        self.hop(database, message, place);
        self.emit(Step::Release { database }, place.service);
    }

    /// The statement that writes it, within the local transaction that is open.
    fn write_state(&mut self, database: Id<DatabasePlan>, place: Place) {
        let statement = self.state_statement(database);
        let message = self.statement_message(0);
        self.hop(database, message, place);
        self.emit(Step::DatabaseCpu { statement, site: STATE_SITE }, place.service);
        self.emit(Step::Lock { statement, site: STATE_SITE }, place.service);
        if self.plan.program.statements[statement].locked_cpu > 0 {
            self.emit(Step::RowsCpu { statement }, place.service);
        }
        self.hop(database, message, place);
    }

    fn state_statement(&mut self, database: Id<DatabasePlan>) -> Id<StatementPlan> {
        self.added_row(name_of(Note::State).to_string(), database)
    }
}

fn name_of(note: Note) -> &'static str {
    match note {
        Note::State => "write how far a saga has come",
        Note::Decision => "write the decision of a two-phase commit",
    }
}

/// Keys what undoes a call, which draws apart from the call itself.
const PURPOSE_UNDO: u32 = 5;

/// Where the draws of writing a state are keyed: far from those of all steps.
const STATE_SITE: u32 = u32::MAX - DRAWS_PER_STEP;
