//! The ways of messages: what lies between two places, and what a message costs on each kind of way.

use std::collections::BTreeMap;

use super::world::{World, lane};
use crate::events::{EventQueue, Lane};
use crate::ids::Id;
use crate::model::Locality;
use crate::plan::{InstancePlan, Location, Message, Plan};

/// A message on one kind of way.
pub(super) struct Hop {
    pub(super) bytes: u64,
    /// (ns) To send it, and the latency of the way where that is a constant.
    pub(super) time: u64,
    /// Where the latency is a constant.
    pub(super) lane: Option<Lane>,
}

/// Every message on every kind of way, as [`World::hop`] finds them.
pub(super) fn hops(
    plan: &Plan,
    events: &mut EventQueue,
    lanes: &mut BTreeMap<u64, Lane>,
) -> Vec<Hop> {
    let mut found = Vec::new();
    for message in &plan.messages {
        for (link, transmission) in plan.links.iter().zip(message.transmission) {
            let constant = link.rtt.constant();
            let time = transmission.saturating_add(constant.unwrap_or(0) / 2);
            let lane = constant.map(|_| lane(events, lanes, time));
            found.push(Hop { bytes: message.bytes, time, lane });
        }
    }
    found
}

/// Without placement all instances and databases stand in one zone, none on a node with another.
pub(super) fn one_locality(plan: &Plan) -> Option<usize> {
    let apart = |instance: &InstancePlan| instance.location == Location { node: None, zone: 0 };
    plan.instances.iter().all(apart).then_some(Locality::SameZone as usize)
}

impl World<'_> {
    /// Which locality class lies between an instance and another, or a database.
    #[inline]
    pub(super) fn locality(&self, from: Location, to: Location) -> usize {
        if let Some(locality) = self.one_locality {
            return locality;
        }
        let class = if from.node == to.node && from.node.is_some() {
            Locality::SameNode
        } else if from.zone == to.zone {
            Locality::SameZone
        } else {
            Locality::CrossZone
        };
        class as usize
    }

    /// Which locality class lies between two instances.
    #[inline]
    pub(super) fn between(&self, one: Id<InstancePlan>, other: Id<InstancePlan>) -> usize {
        match self.one_locality {
            Some(locality) => locality,
            None => self.locality(self.place_of(one), self.place_of(other)),
        }
    }

    /// A message on its way between places of this locality.
    #[inline]
    pub(super) fn hop(&self, message: Id<Message>, locality: usize) -> &Hop {
        &self.hops[message.index() * self.plan.links.len() + locality]
    }

    /// Where an instance stands.
    #[inline]
    pub(super) fn place_of(&self, instance: Id<InstancePlan>) -> Location {
        self.plan.instances[instance].location
    }
}
