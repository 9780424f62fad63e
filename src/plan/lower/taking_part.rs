//! What transactions over several databases ask for while they are lowered, to be written when all else is.

use super::place::{Place, Spans};
use crate::ids::Id;
use crate::model::{OperationId, OperationStep};
use crate::plan::{CallSite, DatabasePlan, Message, ServicePlan, SpanningPlan, Step, Topic};

/// What was asked for so far.
#[derive(Default)]
pub(super) struct TakingPart<'a> {
    /// Each once.
    pub(super) forms: Vec<OperationForm>,
    /// Calls that lead to one.
    pub(super) calls: Vec<FormCall>,
    /// Steps in the process that lead to one.
    pub(super) locals: Vec<FormLocal>,
    /// Parts of sagas for which it is still to be written what undoes them.
    pub(super) undoings: Vec<PendingUndo<'a>>,
    /// Steps that write something that must not be forgotten.
    pub(super) notes: Vec<OpenNote>,
    /// Ends of two-phase commits that another service sees to.
    pub(super) coordinated: Vec<Coordinated>,
    /// Sagas by choreography whose parts are still to be written.
    pub(super) chains: Vec<Chain<'a>>,
    /// What is done with the events that lead these on.
    pub(super) leads: Vec<LeadingOn>,
}

/// A saga by choreography, part by part. The service that begins it runs the first one.
pub(super) struct Chain<'a> {
    pub(super) spanning: Id<SpanningPlan>,
    /// Keys the draws of its events.
    pub(super) site: u32,
    pub(super) links: Vec<ChainLink<'a>>,
}

/// A part of a saga by choreography: what one service does when it hears of the part before.
pub(super) struct ChainLink<'a> {
    /// Where it runs.
    pub(super) place: Place,
    /// Calls that lead to it, by their sites, the outermost first: it draws as their callee does.
    pub(super) under: Vec<u32>,
    /// Steps that write nothing, before those that do.
    pub(super) before: &'a [OperationStep],
    /// Steps that its database commits together.
    pub(super) together: &'a [OperationStep],
    /// Which database; `None`: it writes nothing.
    pub(super) database: Option<Id<DatabasePlan>>,
    /// What the event carries that it begins with.
    pub(super) message: Id<Message>,
    /// The event that it begins with; `None`: it begins the saga.
    pub(super) begins: Option<Id<Topic>>,
    /// The event that it is undone upon; `None`: it never is.
    pub(super) undone: Option<Id<Topic>>,
}

/// What a service does with an event that leads a saga on.
#[derive(Clone, Copy)]
pub(super) struct LeadingOn {
    pub(super) topic: Id<Topic>,
    pub(super) service: Id<ServicePlan>,
    /// Where its steps begin.
    pub(super) entry: Id<Step>,
}

/// A step that writes something that must not be forgotten.
pub(super) struct OpenNote {
    /// Where it stands.
    pub(super) at: Id<Step>,
    /// What it writes.
    pub(super) note: Note,
    /// Where to.
    pub(super) database: Id<DatabasePlan>,
    /// Who writes it.
    pub(super) place: Place,
}

/// What must not be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    /// How far a saga has come: a row.
    State,
    /// The decision of a two-phase commit: in the log.
    Decision,
}

/// An operation in another form than the one it has by itself.
#[derive(Clone, Copy)]
pub(super) struct OperationForm {
    pub(super) operation: OperationId,
    pub(super) why: FormOf,
    /// Its first step for callers of other services, and for those of its own process.
    pub(super) remote: Id<Step>,
    pub(super) local: Id<Step>,
}

/// What an operation is lowered once more for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FormOf {
    /// To take part in a transaction of its caller.
    Part(Spans),
    /// To undo what it did in a saga.
    Undo(Id<SpanningPlan>),
}

/// A call that leads to a form of an operation.
pub(super) struct FormCall {
    pub(super) call: Id<CallSite>,
    pub(super) form: usize,
}

/// A step in a process that leads to one.
pub(super) struct FormLocal {
    pub(super) at: Id<Step>,
    pub(super) site: u32,
    pub(super) form: usize,
}

/// A part of a saga, and the step that will know what undoes it.
pub(super) struct PendingUndo<'a> {
    pub(super) at: Id<Step>,
    pub(super) what: Undone<'a>,
    /// The saga.
    pub(super) spanning: Id<SpanningPlan>,
    pub(super) place: Place,
}

/// What is undone.
#[derive(Clone, Copy)]
pub(super) enum Undone<'a> {
    /// Steps that one database has committed together.
    Steps(&'a [OperationStep], Id<DatabasePlan>),
    /// A step by itself: a call, or a write by the owner of the table.
    Step(&'a OperationStep),
}

/// The end of a transaction that another service than the one that began it sees to.
pub(super) struct Coordinated {
    /// The call that leads there.
    pub(super) call: Id<CallSite>,
    /// Which transaction.
    pub(super) spanning: Id<SpanningPlan>,
    /// Database whose log holds the decision.
    pub(super) log: Option<Id<DatabasePlan>>,
    /// Where it is.
    pub(super) place: Place,
}
