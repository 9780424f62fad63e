//! (being written)

/// Newtype.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Eq, Ord, Hash)]
pub struct Bytes(pub u64);
