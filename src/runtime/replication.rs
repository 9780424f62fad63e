//! What one replication is run with.

use std::sync::atomic::AtomicBool;

use crate::random::Key;
use crate::units::Nanos;

/// How one replication is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replication {
    /// Keys all its random numbers: seed, purpose and replication number.
    pub key: Key,
    /// Simulated time, warm-up included.
    pub duration: Nanos,
    /// Time at the start that is not measured.
    pub warmup: Nanos,
}

/// A flag that nobody sets.
pub(super) static NEVER: AtomicBool = AtomicBool::new(false);
