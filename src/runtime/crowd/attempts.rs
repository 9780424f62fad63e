//! Attempts: calls that are waited for no longer than a time.

use super::Path;
use crate::ids::Id;
use crate::runtime::frame_id::FrameRef;

/// One try of a call. It has a path of its own, so that a callee that works on after its caller has gone on
/// spends nothing on the caller's.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct Attempt {
    /// Who waits.
    pub(in crate::runtime) caller: FrameRef,
    /// Who works.
    pub(in crate::runtime) callee: FrameRef,
    /// Where the time of this try is noted.
    pub(in crate::runtime) path: Id<Path>,
    /// Sequence number of the event that ends the caller's patience.
    pub(in crate::runtime) awaited: u64,
}
