//! (being written)

pub mod resources;
