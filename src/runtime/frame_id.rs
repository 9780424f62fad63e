//! How the parts name those who are under way without knowing what these are: only `crowd` and what stands above
//! it know a frame.

use crate::ids::{Id, Ref};

/// Stands for a frame in the types of its id and of what refers to it.
#[derive(Debug)]
pub(in crate::runtime) enum FrameKind {}

/// The place of a frame.
pub(in crate::runtime) type FrameId = Id<FrameKind>;

/// The place of a frame that may be gone.
pub(in crate::runtime) type FrameRef = Ref<FrameKind>;
