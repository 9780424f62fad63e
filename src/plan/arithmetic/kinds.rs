//! What a step may be to arithmetic: the kinds of facts that are told of it.

use crate::ids::Id;
use crate::plan::{DatabasePlan, ExternalPlan, ServicePlan, Step, TablePlan};

/// What a step is to arithmetic.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::plan) struct Facts {
    /// The steps that may come next in the same frame; none: the frame ends.
    pub(in crate::plan) next: Vec<Next>,
    /// The frames that it starts.
    pub(in crate::plan) starts: Vec<Start>,
    /// What it takes for longer than itself, and may have to wait for.
    pub(in crate::plan) waits_for: Option<WaitsFor>,
    /// What it gives back.
    pub(in crate::plan) gives_back: Option<Borrowed>,
    /// What it does to a database session.
    pub(in crate::plan) on_session: Option<OnSession>,
    /// What it needs of resources, on average.
    pub(in crate::plan) needs: Vec<Need>,
    /// Mean time without any queueing and without the frames that it starts (s).
    pub(in crate::plan) mean: f64,
}

/// A step that may come next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plan) struct Next {
    /// Which.
    pub(in crate::plan) to: Id<Step>,
    /// How probably.
    pub(in crate::plan) probability: f64,
}

/// Frames that a step starts at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plan) struct Start {
    /// Their first step.
    pub(in crate::plan) entry: Id<Step>,
    /// How many, on average.
    pub(in crate::plan) times: f64,
    /// How the frame that starts them goes on.
    pub(in crate::plan) awaited: Awaited,
    /// Service to which each is a request; `None`: it stays in its process.
    pub(in crate::plan) request_to: Option<Id<ServicePlan>>,
}

impl Start {
    /// Whether they run in the process of the frame that waits for them, and so in its open sessions.
    pub(in crate::plan) fn shares_sessions(&self) -> bool {
        let apart = [Awaited::Never, Awaited::Aside].contains(&self.awaited);
        self.request_to.is_none() && !apart
    }
}

/// How a frame goes on that starts others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Awaited {
    /// When each has ended, one after the other.
    InTurn,
    /// When the last of all that the step starts at the same time has ended.
    Together,
    /// The same, but they have sessions of their own.
    Aside,
    /// At once: nobody waits for them.
    Never,
}

/// What a step takes for longer than itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plan) enum WaitsFor {
    /// A thread of the service, until the frame ends.
    Thread(Id<ServicePlan>),
    /// A connection of an instance's pool.
    Connection {
        /// Service of the instance.
        of: Id<ServicePlan>,
        /// Where it leads.
        to: Id<DatabasePlan>,
    },
    /// Row locks.
    Rows {
        /// Where the rows are.
        database: Id<DatabasePlan>,
        /// Their table.
        table: Id<TablePlan>,
        /// Probability that the row asked for most is among them.
        hottest: f64,
        /// The same of the one asked for second most, over that.
        second: f64,
    },
}

/// What a step does to the session on a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum OnSession {
    /// Opens one, unless one is open.
    Opens(Id<DatabasePlan>),
    /// Writes.
    Writes(Id<DatabasePlan>),
    /// Waits for the log, if it is the frame's own and something was written.
    Flushes(Id<DatabasePlan>),
    /// Works to end its transaction, if it is the frame's own and something was written.
    WorksToCommit(Id<DatabasePlan>),
    /// Gives up its rows, if it is the frame's own.
    Unlocks(Id<DatabasePlan>),
    /// Ends its transaction, if it is the frame's own.
    Commits(Id<DatabasePlan>),
    /// Closes it, if it is the frame's own.
    Closes(Id<DatabasePlan>),
    /// Takes one up that others have opened and written on.
    TakesUp(Id<DatabasePlan>),
    /// Waits for the log without one.
    Decides(Id<DatabasePlan>),
}

/// What one step takes and a later step of the frame gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Borrowed {
    /// The connection to a database.
    Connection(Id<DatabasePlan>),
    /// All row locks on a database.
    Rows(Id<DatabasePlan>),
}

/// What a step needs of one resource, on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plan) enum Need {
    /// CPU of a service's instances.
    ServiceCpu {
        /// Which service.
        service: Id<ServicePlan>,
        /// On a reference core.
        seconds: f64,
    },
    /// CPU of a database server.
    DatabaseCpu {
        /// Which database.
        database: Id<DatabasePlan>,
        /// On a reference core.
        seconds: f64,
    },
    /// Pages of a table, in memory or not.
    Pages {
        /// Which database.
        database: Id<DatabasePlan>,
        /// Which of its tables.
        table: Id<TablePlan>,
        /// How many.
        count: f64,
    },
    /// Page reads from a volume.
    Reads {
        /// Database of the volume.
        database: Id<DatabasePlan>,
        /// How many.
        count: f64,
    },
    /// A third party.
    ThirdParty {
        /// Which.
        external: Id<ExternalPlan>,
        /// How long.
        seconds: f64,
    },
}

impl WaitsFor {
    /// What a later step gives back; `None`: it is held until the frame ends.
    pub(in crate::plan) fn held(self) -> Option<Borrowed> {
        match self {
            WaitsFor::Thread(_) => None,
            WaitsFor::Connection { to, .. } => Some(Borrowed::Connection(to)),
            WaitsFor::Rows { database, .. } => Some(Borrowed::Rows(database)),
        }
    }
}
