//! (being written)

pub mod placement;
