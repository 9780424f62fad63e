//! The ways of messages: what lies between two places, and what a message costs on each kind of way.

use crate::events::{EventQueue, Lane};
use crate::ids::{Id, Table};
use crate::model::Locality;
use crate::plan::{InstancePlan, Location, Message, Plan};
use crate::random::{Key, Stream};

/// Kinds of way, by locality.
const KINDS: usize = Locality::ALL.len();

/// Everything between places, and the random numbers that only a layout has.
#[derive(Debug)]
pub(in crate::runtime) struct Net {
    /// Latencies, and CPU of the protocol.
    pub(in crate::runtime) random: Stream,
    /// Which instance takes a request.
    pub(in crate::runtime) balancer: Stream,
    /// Each message on each kind of way.
    ways: Table<[Way; KINDS], Message>,
    /// The locality of every two places, where all are at one.
    one_locality: Option<usize>,
    /// Bytes that went, by locality.
    pub(in crate::runtime) bytes: [u64; KINDS],
}

/// A message on one kind of way.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct Way {
    pub(in crate::runtime) bytes: u64,
    /// (ns) To send it, and the latency of the way where that is a constant.
    pub(in crate::runtime) time: u64,
    /// Where the latency is a constant.
    pub(in crate::runtime) lane: Option<Lane>,
}

impl Net {
    pub(in crate::runtime) fn new(plan: &Plan, key: Key, events: &mut EventQueue) -> Self {
        Net {
            random: Stream::new(key.named("network")),
            balancer: Stream::new(key.named("balancer")),
            ways: ways(plan, events),
            one_locality: one_locality(plan),
            bytes: [0; KINDS],
        }
    }

    /// Which locality class lies between two places.
    #[inline]
    pub(in crate::runtime) fn between(&self, from: Location, to: Location) -> usize {
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

    /// A message goes on a way of this locality.
    #[inline(always)]
    pub(in crate::runtime) fn send(&mut self, message: Id<Message>, locality: usize) -> Way {
        let way = self.ways[message][locality];
        self.bytes[locality] += way.bytes;
        way
    }
}

/// Every message on every kind of way; none without a network.
fn ways(plan: &Plan, events: &mut EventQueue) -> Table<[Way; KINDS], Message> {
    let mut found = Table::new();
    for message in &plan.program.messages {
        let mut ways = [Way { bytes: message.bytes, time: 0, lane: None }; KINDS];
        for (way, (link, transmission)) in
            ways.iter_mut().zip(plan.site.links.iter().zip(message.transmission))
        {
            let constant = link.rtt.constant();
            way.time = transmission.saturating_add(constant.unwrap_or(0) / 2);
            way.lane = constant.map(|_| events.lane_of(way.time));
        }
        found.push(ways);
    }
    found
}

/// Without placement all instances and databases stand in one zone, none on a node with another.
fn one_locality(plan: &Plan) -> Option<usize> {
    const NOWHERE: Location = Location { node: None, zone: 0 };
    let apart = |instance: &InstancePlan| instance.location == NOWHERE;
    let later = plan.scaled.services.iter().flat_map(|scaled| &scaled.later);
    let all_apart =
        plan.site.instances.iter().all(apart) && later.into_iter().all(|place| *place == NOWHERE);
    (all_apart && plan.scaled.nodes.is_none()).then_some(Locality::SameZone as usize)
}
