//! What layouts run on: network, protocols, nodes, prices.

use super::application::id;
use super::{At, NodeClass, Prices};
use crate::random::Distribution;
use crate::units::{Bytes, Nanos};

id!(
    /// A protocol, by its position in [`Platform::protocols`].
    ProtocolId
);

/// What every layout runs on.
#[derive(Debug, Clone, PartialEq)]
pub struct Platform {
    /// Prices; `None`: the bill is empty and says so.
    pub prices: Option<Prices>,
    /// Nodes that instances are packed on; `None`: no placement, every hop is `same_zone`.
    pub nodes: Option<Nodes>,
    /// Latency and bandwidth by locality; `None`: hops take no time, no CPU, and count no bytes.
    pub network: Option<Network>,
    /// Protocols that layouts can choose.
    pub protocols: Vec<Protocol>,
    /// Cost of a context switch; zero switches the loss off.
    pub context_switch: Nanos,
    /// What it costs to wake; `None`: nothing.
    pub wake_up: Option<WakeUp>,
    /// Time slice the kernel shares among runnable frames of a core, and the least slice.
    pub slice: (Nanos, Nanos),
}

/// What work costs beside itself when it begins after a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WakeUp {
    /// CPU of a worker that slept, each time.
    pub cost: Nanos,
    /// CPU of a process that has not worked for long, beside that: cold caches.
    pub cold: Nanos,
    /// After how long a gap two thirds of it are paid: 1 − exp(−gap / this).
    pub cold_within: Nanos,
}

/// Nodes of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct Nodes {
    /// Name of the class with its size.
    pub class: At<NodeClass>,
    /// Zones that nodes are spread over, at least 1.
    pub zones: u32,
    /// CPU of a node kept for the system (cores).
    pub reserved_cpu: f64,
    /// Memory of a node kept for the system.
    pub reserved_memory: Bytes,
    /// How their number changes; `None`: as many as the largest fleet needs, all the time.
    pub scaling: Option<NodeScaling>,
}

/// Nodes that come and go with what is to stand on them, as the Kubernetes cluster autoscaler does it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodeScaling {
    /// Fewest.
    pub from: u32,
    /// Most.
    pub to: u32,
    /// From asking for one until it takes instances.
    pub provision: Nanos,
    /// How long one on which nothing stands is kept.
    pub unneeded: Nanos,
}

/// How far apart two ends are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Locality {
    /// In one process.
    InProcess,
    /// On one node.
    SameNode,
    /// In one zone.
    SameZone,
    /// In two zones of a region.
    CrossZone,
    /// In two regions.
    CrossRegion,
    /// Over the internet.
    Internet,
}

impl Locality {
    /// All classes, nearest first.
    pub const ALL: [Locality; 6] = [
        Locality::InProcess,
        Locality::SameNode,
        Locality::SameZone,
        Locality::CrossZone,
        Locality::CrossRegion,
        Locality::Internet,
    ];

    /// As authors write it.
    pub fn name(self) -> &'static str {
        match self {
            Locality::InProcess => "in_process",
            Locality::SameNode => "same_node",
            Locality::SameZone => "same_zone",
            Locality::CrossZone => "cross_zone",
            Locality::CrossRegion => "cross_region",
            Locality::Internet => "internet",
        }
    }
}

/// Latency and bandwidth of one locality class.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Round trip of an empty message; one way takes half of a draw.
    pub rtt: Distribution,
    /// Bandwidth [bytes per second].
    pub bandwidth: f64,
}

/// A link for each locality class, in the order of [`Locality::ALL`].
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Links by class.
    pub links: [Link; 6],
}

/// What a remote call costs beside the network's time.
#[derive(Debug, Clone, PartialEq)]
pub struct Protocol {
    /// `rest_json`, `grpc`, or a name of the author's.
    pub name: String,
    /// CPU of the caller per call: write the request, read the reply.
    pub client_cpu: Distribution,
    /// CPU of the callee per call: read the request, write the reply.
    pub server_cpu: Distribution,
    /// CPU at each end for each KiB of request and reply.
    pub cpu_per_kib: Nanos,
    /// Bytes added to each message.
    pub overhead: Bytes,
    /// Bytes on the wire for each byte of payload.
    pub expansion: f64,
}
