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
}
