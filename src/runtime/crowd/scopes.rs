//! Scopes: what unwinds, from the inside outward, when the frame that opened it fails.

use crate::ids::{Id, Ref};
use crate::plan::Step;
use crate::runtime::frame_id::FrameRef;
use crate::runtime::stores::{Gathering, Session, Spanning};

/// Something open that a failure undoes.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct Scope {
    /// The frame that opened it and ends it.
    pub(in crate::runtime) owner: FrameRef,
    /// The scope around it.
    pub(in crate::runtime) outer: Option<Id<Scope>>,
    /// Where its frame starts again after a failure that another try may mend.
    pub(in crate::runtime) resume: Id<Step>,
    /// How often it may.
    pub(in crate::runtime) tries_left: u32,
    /// What is undone.
    pub(in crate::runtime) kind: ScopeKind,
}

/// What a scope holds.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) enum ScopeKind {
    /// A session of a database, rolled back and closed.
    Transaction(Id<Session>),
    /// A transaction over several databases, which its frame undoes as far as it can.
    Spanning(Id<Spanning>),
    /// The two-phase commit of a caller, which undoes it itself.
    Joined(Ref<Spanning>),
    /// A part of a saga by choreography, whose frame goes on at `resume` after a failure; `None` once the event has
    /// committed that leads the saga on.
    Part(Option<Ref<Spanning>>),
    /// Commits that the events of an operation tell to views.
    Gathering(Id<Gathering>),
}
