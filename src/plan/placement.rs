//! Placement: instances packed on nodes by their CPU and memory requests, spread over zones.

/// Where every instance runs. Instances are numbered service by service, replica by replica.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placement {
    /// Nodes in use.
    pub nodes: Vec<Node>,
    /// Node of each instance; `None` for instances on machines of the layout's own or without nodes.
    pub node_of_instance: Vec<Option<u32>>,
}

/// A node in use.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its zone, from 0.
    pub zone: u32,
    /// Cores that instances ask for.
    pub requested_cpu: f64,
    /// Memory that instances ask for [bytes].
    pub requested_memory: u64,
}
