//! Where everything runs: services on instances and nodes, tables on databases.

mod broker;
mod deploy;
mod placement;

pub(super) use broker::add_broker;
pub(super) use deploy::{Deployment, deploy};
pub use placement::{PlacedNode, Placement, Unplaceable};
