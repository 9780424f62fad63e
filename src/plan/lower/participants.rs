//! Operations that take part in a transaction of their callers, lowered once more for it; and those that undo what
//! another operation has done.

use super::lowering::{Lowering, OPEN};
use super::place::{Place, Spans};
use super::taking_part::{FormCall, FormLocal, FormOf, OperationForm};
use crate::ids::Id;
use crate::model::{Call, OperationId, OperationStep};
use crate::plan::{SpanStep, SpanningPlan, Step, TrailAct};

impl<'a> Lowering<'a> {
    /// The form of an operation, asked for by number: it is lowered when all else is.
    fn form(&mut self, operation: OperationId, why: FormOf) -> usize {
        let forms = &mut self.taking_part.forms;
        let known = forms.iter().position(|form| form.operation == operation && form.why == why);
        known.unwrap_or_else(|| {
            forms.push(OperationForm { operation, why, remote: OPEN, local: OPEN });
            forms.len() - 1
        })
    }

    /// A call of an operation in another form, in its process or by its service.
    pub(super) fn call_form(&mut self, call: Call, why: FormOf, site: u32, place: Place) {
        let form = self.form(call.to, why);
        let service = self.service_of(call.to);
        if service == place.service {
            self.emit_local_hop(place);
            let at = self.emit(Step::Local { entry: OPEN, site }, place.service);
            self.taking_part.locals.push(FormLocal { at, site, form });
            self.emit_local_hop(place);
            return;
        }
        let index = self.remote_call(service, call.request, call.reply);
        self.taking_part.calls.push(FormCall { call: index, form });
        self.emit_rpc(index, site, place);
    }

    /// Writes all forms that were asked for and what undoes parts, and links the steps that lead there.
    pub(super) fn write_forms(&mut self) {
        let mut written = 0;
        loop {
            while let Some(chain) = self.taking_part.chains.pop() {
                self.write_chain(&chain);
            }
            while let Some(pending) = self.taking_part.undoings.pop() {
                self.write_undo(&pending);
            }
            self.statements_for_owners();
            let Some(form) = self.taking_part.forms.get(written).copied() else { break };
            self.write_form(written, form);
            written += 1;
        }
        self.write_rounds();
        self.write_notes();
        for FormCall { call, form } in std::mem::take(&mut self.taking_part.calls) {
            self.plan.program.calls[call].entry = self.taking_part.forms[form].remote;
        }
        for FormLocal { at, site, form } in std::mem::take(&mut self.taking_part.locals) {
            let entry = self.taking_part.forms[form].local;
            self.plan.program.steps[at] = Step::Local { entry, site };
        }
    }

    fn write_form(&mut self, number: usize, form: OperationForm) {
        let OperationForm { operation: id, why, .. } = form;
        let operation = &self.model.application.operations[id.index()];
        let place = Place::alone(operation.module, self.service_of(id));
        let name = self.model.application.operation_name(id);
        let name = match why {
            FormOf::Part(_) => format!("{name}, as part of a transaction"),
            FormOf::Undo(_) => format!("undo {name}"),
        };
        let remote = self.enter(name, place.service);
        let local = self.next_pc();
        (self.taking_part.forms[number].remote, self.taking_part.forms[number].local) =
            (remote, local);
        let tells = self.tells_views(id) && !matches!(why, FormOf::Undo(_));
        if tells {
            self.gathering(TrailAct::Gather, place);
        }
        match why {
            FormOf::Part(Spans::TwoPhase) => {
                self.steps(&operation.steps, Place { spans: Some(Spans::TwoPhase), ..place });
            }
            FormOf::Part(Spans::Parts(of)) => self.part_of(&operation.steps, of, place),
            FormOf::Undo(of) => self.undo_together(&operation.steps, of, place),
        }
        if tells {
            self.gathering(TrailAct::Scatter, place);
        }
        if why == FormOf::Part(Spans::TwoPhase) {
            self.emit_spanning(SpanStep::EnlistedEnd, place);
        }
        self.emit(Step::Return, place.service);
        self.write_deferred();
    }

    /// What an operation does for a transaction whose parts commit on their own: parts of its own, which it undoes
    /// itself where it fails.
    fn part_of(&mut self, steps: &'a [OperationStep], of: Id<SpanningPlan>, place: Place) {
        let whole = &self.plan.program.spannings[of];
        // Who leads the whole remembers how far it has come.
        let part = SpanningPlan { is_part: true, retries: 0, state: None, ..whole.clone() };
        let spanning = self.plan.program.spannings.push(part);
        self.span(steps, spanning, place);
    }
}
