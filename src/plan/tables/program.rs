//! The instructions that an operation is lowered to, and what they refer to: branch points, calls and their
//! messages, statements. A frame is a place in a list of steps.

use super::{
    CommitRound, CourierAct, DatabasePlan, EnqueuedPlan, ExternalPlan, FirstWork, Message,
    ServicePlan, SpanningPlan, StatementPlan, Topic, TrailPlan,
};
use crate::ids::Id;
use crate::random::{CountSampler, Sampler};
use crate::units::Nanos;

/// The step that every failing way leads to.
pub const FAIL_STEP: Id<Step> = Id::new(0);
/// The step at which the answer of an outside request arrives, where clients are far away.
pub const ANSWER_STEP: Id<Step> = Id::new(1);
/// The step at which the reply to a branch that is nothing but a call arrives.
pub const JOIN_STEP: Id<Step> = Id::new(2);
/// As the site of a call: the callee works under the key of its caller.
pub const OWN_KEY: u32 = u32::MAX;

/// One instruction of a lowered operation. `site` keys draws and children: the application's step
/// number × 8 + the purpose of the draw, so that it is the same in every layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A request has reached the instance: take a thread, wait for one, or be turned away.
    Enter,
    /// CPU of the protocol at the callee, by the call site.
    ServerCpu,
    /// CPU of the protocol at the caller, by the call site.
    ClientCpu {
        /// Which call.
        call: Id<CallSite>,
    },
    /// CPU work of the operation.
    Cpu {
        /// Law of the time.
        sampler: Id<Sampler>,
        /// Keys the draw.
        site: u32,
    },
    /// Pure delay.
    Wait {
        /// Law of the time.
        sampler: Id<Sampler>,
        /// Keys the draw.
        site: u32,
    },
    /// An operation in the same process: a nested frame on the same thread.
    Local {
        /// Where it starts.
        entry: Id<Step>,
        /// Keys the frame.
        site: u32,
    },
    /// The latency of a call inside a process, where the platform gives one.
    LocalHop,
    /// An operation of another service.
    Rpc {
        /// Which call.
        call: Id<CallSite>,
        /// Keys the frame; [`OWN_KEY`]: the frame works under its caller's key.
        site: u32,
    },
    /// An operation of the same service that nobody waits for.
    Spawn {
        /// Where it starts.
        entry: Id<Step>,
        /// Keys the frame.
        site: u32,
    },
    /// Branches at the same time.
    Fork {
        /// Which branches.
        fork: Id<Fork>,
        /// Keys the branches.
        site: u32,
    },
    /// One way at random; straight on with the share that is left.
    Choose {
        /// Which ways.
        choice: Id<Choice>,
        /// Keys the draw.
        site: u32,
    },
    /// Goes on at another step.
    Jump {
        /// Where.
        to: Id<Step>,
    },
    /// Steps again and again, each turn a nested frame.
    Repeat {
        /// Which repeat.
        count: Id<Loop>,
        /// Keys the draw and the turns.
        site: u32,
    },
    /// A third party.
    External {
        /// Which third party.
        external: Id<ExternalPlan>,
        /// Keys the draw.
        site: u32,
    },
    /// Ends the operation with a business failure.
    Fail,
    /// Takes a connection and opens a session, unless one to this database is open.
    Begin {
        /// Which database.
        database: Id<DatabasePlan>,
        /// How often a deadlock victim is tried again.
        retries: u32,
    },
    /// A message between the instance and the database.
    DatabaseHop {
        /// Which database.
        database: Id<DatabasePlan>,
        /// Which message.
        message: Id<Message>,
    },
    /// CPU of a statement on the database server.
    DatabaseCpu {
        /// Which statement.
        statement: Id<StatementPlan>,
        /// Keys the draw.
        site: u32,
    },
    /// Page reads of a statement that the buffer cache misses.
    Pages {
        /// Which statement.
        statement: Id<StatementPlan>,
        /// Keys the draw.
        site: u32,
    },
    /// Row locks of a write.
    Lock {
        /// Which statement.
        statement: Id<StatementPlan>,
        /// Keys the rows.
        site: u32,
    },
    /// CPU of the rows of a write, which are locked by now.
    RowsCpu {
        /// Which statement.
        statement: Id<StatementPlan>,
    },
    /// CPU of a commit, if this frame opened the session and something was written.
    CommitCpu {
        /// Which database.
        database: Id<DatabasePlan>,
        /// Keys the draw.
        site: u32,
    },
    /// Gives up the row locks of the transaction, committed in memory alone, if this frame opened the session.
    Unlock {
        /// Which database.
        database: Id<DatabasePlan>,
    },
    /// Waits until the log holds the commit, if this frame opened the session and something was written.
    Flush {
        /// Which database.
        database: Id<DatabasePlan>,
    },
    /// Ends the transaction: its row locks go to the frames that wait for them, if this frame opened the session.
    Commit {
        /// Which database.
        database: Id<DatabasePlan>,
    },
    /// Gives the connection back, if this frame opened the session.
    Release {
        /// Which database.
        database: Id<DatabasePlan>,
    },
    /// Of a transaction over several databases.
    Spanning(SpanStep),
    /// On rows that are followed one by one.
    Trail {
        /// Which rows, and what is done.
        trail: Id<TrailPlan>,
        /// Keys the rows.
        site: u32,
    },
    /// Sends an event to the broker.
    Publish {
        /// Which.
        topic: Id<Topic>,
        /// Keys the message, and its partition.
        site: u32,
    },
    /// Keeps an event in the database until a relay has it.
    Enqueue {
        /// Which, and where.
        enqueued: Id<EnqueuedPlan>,
        /// Keys the message, and its partition.
        site: u32,
    },
    /// Of a request to the broker.
    Courier {
        /// At which of its machines, or on the way there.
        machine: Id<DatabasePlan>,
        /// What.
        act: CourierAct,
    },
    /// Answers the caller.
    Return,
    /// The client of an outside request has its answer.
    Answer,
    /// A branch that is nothing but a call has its reply.
    Join,
}

/// A step of a transaction over several databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanStep {
    /// Begins it.
    Begin {
        /// Which.
        spanning: Id<SpanningPlan>,
        /// Where its frame goes on after a failure, to undo what it can.
        unwind: Id<Step>,
    },
    /// Ends it: all its parts have committed.
    End,
    /// An operation of another service, which takes part in the two-phase commit of its caller.
    Enlist {
        /// Which call.
        call: Id<CallSite>,
        /// Keys the frame; [`OWN_KEY`]: the frame works under its caller's key.
        site: u32,
    },
    /// A frame that took part in the two-phase commit of its caller has done its share.
    EnlistedEnd,
    /// A part has committed: the first one opens the window in which others see half of the transaction.
    Committed {
        /// Where.
        database: Id<DatabasePlan>,
    },
    /// A part is done, and can be undone.
    Done {
        /// Where what undoes it begins; a frame runs it under the key of the one that did the part.
        undo: Id<Step>,
        /// Whether another try draws anew: an operation undoes it, which may fail by chance.
        redraws: bool,
    },
    /// A part is done, and nothing undoes it.
    DoneForGood,
    /// A consumer takes on a saga by choreography, from the message in its hand.
    TakeOn {
        /// Where its frame goes on after a failure.
        unwind: Id<Step>,
    },
    /// The frame works under the key of a call at that site; [`OWN_KEY`]: under that of the saga again.
    Under {
        /// Which call.
        site: u32,
    },
    /// A part of a saga by choreography has been undone.
    Undone,
    /// The event that leads a saga by choreography on has committed: what follows is for others.
    HandOn,
    /// A failure is answered: at once the first time, after a pause when answering it has failed.
    Again {
        /// Whether another try draws anew.
        redraws: bool,
    },
    /// Asks all databases of a two-phase commit at the same time.
    AskAll {
        /// Which transaction.
        spanning: Id<SpanningPlan>,
        /// What.
        round: CommitRound,
    },
    /// A message between the coordinator and the instance that holds a session.
    Hop {
        /// Which.
        message: Id<Message>,
    },
    /// Takes up the session on a database.
    TakeUp {
        /// Which database.
        database: Id<DatabasePlan>,
    },
    /// Has promised to commit, or has only read and leaves.
    Vote,
    /// Learns that all have promised.
    Learn,
    /// Forgets what was written.
    RollBack,
    /// Steps of its own for which the frame waits, noted as coordination.
    Aside {
        /// Where they start.
        entry: Id<Step>,
    },
    /// Waits until a log holds the decision.
    Decide {
        /// Log of which database.
        database: Id<DatabasePlan>,
    },
    /// Undoes the last part that is done, until there is none.
    Undo,
    /// It has failed and undone what it can: another try, or the failure goes on.
    Fail,
}

const _: () = assert!(size_of::<Step>() == 12, "steps are copied in the hottest loop");

/// A repeat.
#[derive(Debug, Clone)]
pub struct Loop {
    /// How often.
    pub times: CountSampler,
    /// Mean of `times`.
    pub mean: f64,
    /// Where a turn starts; it ends with `Return`.
    pub body: Id<Step>,
}

/// Branches that run at the same time.
#[derive(Debug, Clone)]
pub struct Fork {
    /// Where each starts; each ends with `Return`.
    pub branches: Vec<Id<Step>>,
    /// For each branch that is nothing but a call, that call.
    pub calls: Vec<Option<BranchCall>>,
}

/// A branch that is nothing but a call: the callee's frame stands for the branch, too.
#[derive(Debug, Clone, Copy)]
pub struct BranchCall {
    /// Which call.
    pub call: Id<CallSite>,
    /// Keys the callee's frame.
    pub site: u32,
}

/// A choice.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The ways, in the order of their thresholds.
    pub ways: Vec<ChoiceWay>,
}

/// A way that a choice may lead.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceWay {
    /// Probability of this way and those before it.
    pub cumulative: f64,
    /// Where it leads.
    pub to: Id<Step>,
}

/// A remote call site.
#[derive(Debug, Clone)]
pub struct CallSite {
    /// Where the callee starts.
    pub entry: Id<Step>,
    /// The work that the callee begins with once it has a thread, where it begins with work.
    pub first_work: Option<FirstWork>,
    /// Service of the callee.
    pub service: Id<ServicePlan>,
    /// The request message.
    pub request: Id<Message>,
    /// The reply message.
    pub reply: Id<Message>,
    /// Whether messages take time: there is a network between the two.
    pub hops: bool,
    /// How long the caller waits for the answer; `None`: until it comes. No scenario can ask for it yet.
    pub timeout: Option<Nanos>,
    /// CPU of the caller, if any.
    pub client_cpu: Option<Id<Sampler>>,
    /// CPU of the callee, if any.
    pub server_cpu: Option<Id<Sampler>>,
    /// CPU at each end for the bytes (ns).
    pub bytes_cpu: u64,
}
