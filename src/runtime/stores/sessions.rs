//! Database sessions: a connection with its transaction, from `Begin` to `Release`.

use crate::ids::Id;
use crate::plan::DatabasePlan;
use crate::runtime::fleet::Connections;
use crate::runtime::frame_id::FrameId;

/// An open session.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct Session {
    pub(in crate::runtime) database: Id<DatabasePlan>,
    /// Where its connection goes back to.
    pub(in crate::runtime) connections: Id<Connections>,
    /// Frame that opened it and will end it.
    pub(in crate::runtime) owner: FrameId,
    /// Whether there is something to commit.
    pub(in crate::runtime) wrote: bool,
    /// (ns) Since when it holds its connection.
    pub(in crate::runtime) since: u64,
    /// (ns) When it first wrote, while it holds what it wrote.
    pub(in crate::runtime) wrote_at: Option<u64>,
    /// (ns) From when to when it held what it wrote, once it has given that up.
    pub(in crate::runtime) held: Option<(u64, u64)>,
    /// Whether its two-phase commit comes to its end: it takes no further statement.
    pub(in crate::runtime) is_ending: bool,
    /// (ns) Since when it has promised to commit, in a two-phase commit.
    pub(in crate::runtime) prepared_at: u64,
}
