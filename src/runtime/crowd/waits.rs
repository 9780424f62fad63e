//! What a frame waits for, and whom it answers: every way of leaving goes by these two.

use super::Attempt;
use crate::ids::{Id, Ref};
use crate::plan::{DatabasePlan, ExternalPlan, Outboxed};
use crate::runtime::fleet::{Connections, Host};
use crate::runtime::frame_id::{FrameId, FrameRef};
use crate::runtime::stores::{Change, Consumer, Sending};

/// What a frame waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum Wait {
    /// Nothing: it runs, or goes on at this instant.
    Nothing,
    /// An event of its own: a message or a delay.
    Timer,
    /// Its work on a core that it has to itself, which an event of its own ends.
    Core(Id<Host>),
    /// Its job on a CPU that others use, too.
    Cpu(Id<Host>),
    /// A worker of its instance, or its job on one.
    Worker(Id<Host>),
    /// A thread of its instance.
    Thread,
    /// A connection.
    Connection(Id<Connections>),
    /// A row that another session has locked.
    Row(Id<DatabasePlan>),
    /// Pages that are read one after the other.
    Page(Id<DatabasePlan>),
    /// Its commit on disk.
    Flush(Id<DatabasePlan>),
    /// A place at a third party, or its answer.
    Third(Id<ExternalPlan>),
    /// The receipt of an event that it published.
    Receipt,
    /// Room in a partition of the broker.
    Room,
    /// A frame that it started: a call in the process or to another service, or turns of a repeat.
    Below(FrameId),
    /// The branches of a fork.
    Branches,
    /// Branches whose time is noted as coordination.
    Aside,
    /// A call that it waits for no longer than a time.
    Attempt(Id<Attempt>),
}

/// What a frame waits for that it started itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum Started {
    /// A frame.
    One(FrameId),
    /// The branches of a fork.
    Branches,
    /// A call that it waits for no longer than a time.
    Attempt(Id<Attempt>),
    /// None: it waits for something else, or for nothing.
    None,
}

impl Wait {
    /// What of those that the frame started it waits for.
    pub(in crate::runtime) fn started(self) -> Started {
        match self {
            Wait::Below(child) => Started::One(child),
            Wait::Branches | Wait::Aside => Started::Branches,
            Wait::Attempt(attempt) => Started::Attempt(attempt),
            Wait::Nothing
            | Wait::Timer
            | Wait::Core(_)
            | Wait::Cpu(_)
            | Wait::Worker(_)
            | Wait::Thread
            | Wait::Connection(_)
            | Wait::Row(_)
            | Wait::Page(_)
            | Wait::Flush(_)
            | Wait::Third(_)
            | Wait::Receipt
            | Wait::Room => Started::None,
        }
    }
}

/// Whom a frame answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum Upon {
    /// A frame of another service.
    Caller(FrameRef),
    /// The client of an outside request, or the user whom its path names.
    Client,
    /// The fork of a frame, of which it is a branch.
    Fork(FrameRef),
    /// A frame of the same process that called it.
    Nest(FrameRef),
    /// A frame of the same process that repeats it.
    Turn(FrameRef),
    /// The attempt of a call.
    Attempt(Ref<Attempt>),
    /// A change that it takes into a view.
    Change(Ref<Change>),
    /// The publishers of messages that it brings to the broker.
    Request(Id<Sending>),
    /// The outbox whose events it sends.
    Relay(Id<Outboxed>),
    /// A consumer, which has the message in its hand.
    Consumer(Id<Consumer>),
    /// Nobody: what it was for goes on, or is gone.
    Nobody,
}

impl Upon {
    /// Whether the frame runs at an instance without being, or being part of, a request to it.
    pub(in crate::runtime) fn outlives_requests(self) -> bool {
        matches!(self, Upon::Nobody | Upon::Consumer(_))
    }
}

/// Who is told of the end of a frame whose place can be given back before that.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) enum Told {
    /// The client of an outside request.
    Client,
    /// A frame of another service.
    Caller(FrameRef),
    /// The fork of a frame.
    Fork(FrameRef),
}
