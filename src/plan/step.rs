//! The instructions that an operation is lowered to. A frame is a place in a list of them.

use super::{CallSite, Choice, DatabasePlan, ExternalPlan, Fork, Loop, Message, StatementPlan};
use crate::ids::Id;
use crate::random::Sampler;

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
    /// Waits until the log holds the commit, if this frame opened the session and something was written.
    Flush {
        /// Which database.
        database: Id<DatabasePlan>,
    },
    /// Ends the transaction: its row locks go to whoever waits, if this frame opened the session.
    Commit {
        /// Which database.
        database: Id<DatabasePlan>,
    },
    /// Gives the connection back, if this frame opened the session.
    Release {
        /// Which database.
        database: Id<DatabasePlan>,
    },
    /// Answers the caller.
    Return,
    /// The client of an outside request has its answer.
    Answer,
    /// A branch that is nothing but a call has its reply.
    Join,
}

const _: () = assert!(size_of::<Step>() == 12, "steps are copied in the hottest loop");
