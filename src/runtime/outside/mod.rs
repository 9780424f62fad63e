//! What is outside of the layout: those who send requests, and the third parties that are asked.

mod processes;
mod sources;
mod thirds;

pub(super) use processes::{Course, replayed};
pub use sources::User;
pub(super) use sources::{SourceState, Sources};
pub(super) use thirds::{Third, Visit};
