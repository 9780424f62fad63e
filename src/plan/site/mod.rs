//! Where everything runs: services on instances and nodes, tables on databases.

mod deploy;
mod placement;

pub(super) use deploy::{Deployment, deploy};
pub use placement::{PlacedNode, Placement, Unplaceable};
