//! Storage volumes of databases and brokers.

use super::At;
use crate::random::Distribution;
use crate::units::Bytes;

/// A storage volume.
#[derive(Debug, Clone, PartialEq)]
pub struct Storage {
    /// Kind as written (`gp3`, `nvme`, …), for prices and messages.
    pub kind: At<String>,
    /// Size that is paid for.
    pub size: Bytes,
    /// One page read.
    pub read: Distribution,
    /// One log flush (fsync).
    pub flush: Distribution,
    /// Reads served at the same time.
    pub parallelism: u32,
    /// Operations per second at most; `None` is uncapped.
    pub iops: Option<u32>,
}
