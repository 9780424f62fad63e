//! What comes and goes: instances of services, and the nodes under them.

use super::{Location, ServicePlan};
use crate::ids::{Id, Table};
use crate::model::{NodeScaling, Scaling, StartUp};
use crate::units::Bytes;

/// What of a layout comes and goes; empty where its numbers are fixed.
#[derive(Debug, Clone, Default)]
pub struct ScaledPlan {
    /// Services whose number of instances changes.
    pub services: Table<ScalingPlan>,
    /// Nodes that come and go; `None`: they stay.
    pub nodes: Option<ScaledNodes>,
}

impl ScaledPlan {
    /// Whether the number of instances of a service changes.
    pub fn scales(&self, service: Id<ServicePlan>) -> bool {
        self.services.iter().any(|scaled| scaled.service == service)
    }
}

/// A service whose number of instances changes.
#[derive(Debug, Clone)]
pub struct ScalingPlan {
    /// Which.
    pub service: Id<ServicePlan>,
    /// By which rule.
    pub rule: Scaling,
    /// What it takes to start one.
    pub start: StartUp,
    /// Cores of one.
    pub cpu: f64,
    /// Memory of one.
    pub memory: Bytes,
    /// Where the instances beyond those of the start find a place; nowhere yet where nodes come and go.
    pub later: Vec<Location>,
}

/// Nodes that come and go, as they are at the start.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaledNodes {
    /// How.
    pub scaling: NodeScaling,
    /// Cores that an empty one has for instances.
    pub cpu: f64,
    /// Memory that an empty one has for instances.
    pub memory: Bytes,
    /// Zones that they are spread over.
    pub zones: u32,
    /// Those that are there at the start.
    pub first: Vec<ScaledNode>,
}

/// A node at the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScaledNode {
    /// Its zone.
    pub zone: u32,
    /// Cores that what stands on it asks for.
    pub cpu: f64,
    /// Memory that it asks for.
    pub memory: Bytes,
}
