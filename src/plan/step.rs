//! The instructions that an operation is lowered to. A frame is a place in a list of them.

/// No such thing: the value of an id that is not there.
pub const NONE: u32 = u32::MAX;

/// The step that every failing way leads to.
pub const FAIL_STEP: u32 = 0;
/// The step at which the answer of an outside request arrives, where clients are far away.
pub const ANSWER_STEP: u32 = 1;
/// The step at which the reply to a branch that is nothing but a call arrives.
pub const JOIN_STEP: u32 = 2;

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
        /// Of `Plan::calls`.
        call: u32,
    },
    /// CPU work of the operation.
    Cpu {
        /// Of `Plan::samplers`.
        sampler: u32,
        /// Keys the draw.
        site: u32,
    },
    /// Pure delay.
    Wait {
        /// Of `Plan::samplers`.
        sampler: u32,
        /// Keys the draw.
        site: u32,
    },
    /// An operation in the same process: a nested frame on the same thread.
    Local {
        /// Where it starts.
        entry: u32,
        /// Keys the frame.
        site: u32,
    },
    /// The latency of a call inside a process, where the platform gives one.
    LocalHop,
    /// An operation of another service.
    Rpc {
        /// Of `Plan::calls`.
        call: u32,
        /// Keys the frame; [`NONE`]: the frame works under its caller's key.
        site: u32,
    },
    /// An operation of the same service that nobody waits for.
    Spawn {
        /// Where it starts.
        entry: u32,
        /// Keys the frame.
        site: u32,
    },
    /// Branches at the same time.
    Fork {
        /// Of `Plan::forks`.
        fork: u32,
        /// Keys the branches.
        site: u32,
    },
    /// One way at random; straight on with the share that is left.
    Choose {
        /// Of `Plan::choices`.
        choice: u32,
        /// Keys the draw.
        site: u32,
    },
    /// Goes on at another step.
    Jump {
        /// Where.
        to: u32,
    },
    /// Steps again and again, each turn a nested frame.
    Repeat {
        /// Of `Plan::loops`.
        count: u32,
        /// Keys the draw and the turns.
        site: u32,
    },
    /// A third party.
    External {
        /// Of `Plan::externals`.
        external: u32,
        /// Keys the draw.
        site: u32,
    },
    /// Ends the operation with a business failure.
    Fail,
    /// Takes a connection and opens a session, unless one to this database is open.
    Begin {
        /// Of `Plan::databases`.
        database: u32,
        /// How often a deadlock victim is tried again.
        retries: u32,
    },
    /// A message between the instance and the database.
    DatabaseHop {
        /// Of `Plan::databases`.
        database: u32,
        /// Of `Plan::messages`.
        message: u32,
    },
    /// CPU of a statement on the database server.
    DatabaseCpu {
        /// Of `Plan::statements`.
        statement: u32,
        /// Keys the draw.
        site: u32,
    },
    /// Page reads of a statement that the buffer cache misses.
    Pages {
        /// Of `Plan::statements`.
        statement: u32,
        /// Keys the draw.
        site: u32,
    },
    /// Row locks of a write.
    Lock {
        /// Of `Plan::statements`.
        statement: u32,
        /// Keys the rows.
        site: u32,
    },
    /// Waits until the log holds the commit, if this frame opened the session and something was written.
    Flush {
        /// Of `Plan::databases`.
        database: u32,
    },
    /// Ends the transaction: its row locks go to whoever waits, if this frame opened the session.
    Commit {
        /// Of `Plan::databases`.
        database: u32,
    },
    /// Gives the connection back, if this frame opened the session.
    Release {
        /// Of `Plan::databases`.
        database: u32,
    },
    /// Answers the caller.
    Return,
    /// The client of an outside request has its answer.
    Answer,
    /// A branch that is nothing but a call has its reply.
    Join,
}

const _: () = assert!(size_of::<Step>() == 12, "steps are copied in the hottest loop");
