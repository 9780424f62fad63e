//! (being written)

pub mod hit_share;
pub mod placement;
