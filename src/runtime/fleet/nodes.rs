//! Nodes that come and go with what is to stand on them: the rule of the Kubernetes cluster autoscaler, of which an
//! instance that finds no room asks for a node, and a node on which nothing stands for a while goes.

use crate::ids::{Id, Table};
use crate::plan::{Location, ScaledNodes};

/// Nodes, those that are gone among them.
#[derive(Debug)]
pub(in crate::runtime) struct NodeFleet {
    /// What an empty one has for instances.
    cpu: f64,
    memory: u64,
    zones: u32,
    from: u32,
    to: u32,
    /// (ns)
    provision: u64,
    /// (ns)
    pub(in crate::runtime) unneeded: u64,
    nodes: Table<Node>,
}

/// A node.
#[derive(Debug)]
pub(in crate::runtime) struct Node {
    zone: u32,
    /// What instances on it ask for.
    cpu: f64,
    memory: u64,
    /// (ns) From when it takes instances.
    ready_at: u64,
    is_gone: bool,
    /// How often something has come to stand on it: who waits for it to stay empty asks whether that has changed.
    taken: u32,
}

/// Whether an instance has found a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::runtime) struct Found {
    pub(in crate::runtime) location: Location,
    /// (ns) When its node is ready.
    pub(in crate::runtime) ready_at: u64,
    /// Whether the node was asked for now.
    pub(in crate::runtime) is_new: bool,
}

/// A node on which nothing stands, from when it was emptied on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::runtime) struct Emptied {
    pub(in crate::runtime) node: Id<Node>,
    taken: u32,
}

/// Sums of fractions such as 0.1 miss the round number by some 1e-15 (cores).
const CPU_TOLERANCE: f64 = 1e-9;

impl NodeFleet {
    pub(super) fn new(plan: &ScaledNodes) -> Self {
        let node = |first: &crate::plan::ScaledNode| Node {
            zone: first.zone,
            cpu: first.cpu,
            memory: first.memory.0,
            ready_at: 0,
            is_gone: false,
            taken: 0,
        };
        NodeFleet {
            cpu: plan.cpu,
            memory: plan.memory.0,
            zones: plan.zones,
            from: plan.scaling.from,
            to: plan.scaling.to,
            provision: plan.scaling.provision.0,
            unneeded: plan.scaling.unneeded.0,
            nodes: plan.first.iter().map(node).collect(),
        }
    }

    /// A place for an instance, in a zone with the fewest of its service (`in_zones`) if there is or can be room:
    /// on the first node with room there, else on a new node, else on the first anywhere. `None`: it waits.
    pub(in crate::runtime) fn place(
        &mut self,
        now: u64,
        (cpu, memory): (f64, u64),
        in_zones: &[u32],
    ) -> Option<Found> {
        let fewest = in_zones.iter().copied().min().unwrap_or(0);
        let is_open = |zone: u32| in_zones.get(zone as usize).is_none_or(|own| *own == fewest);
        let has_room = |node: &Node| {
            !node.is_gone
                && node.cpu + cpu <= self.cpu + CPU_TOLERANCE
                && node.memory.saturating_add(memory) <= self.memory
        };
        let first = |open: &dyn Fn(u32) -> bool| {
            let mut nodes = self.nodes.entries();
            nodes.find(|(_, node)| open(node.zone) && has_room(node)).map(|(id, _)| id)
        };
        let (node, is_new) = match first(&is_open) {
            Some(node) => (node, false),
            None if self.count() < self.to => (self.ask(now, &is_open), true),
            None => (first(&|_| true)?, false),
        };
        let taken = &mut self.nodes[node];
        taken.cpu += cpu;
        taken.memory += memory;
        taken.taken += 1;
        let location = Location { node: Some(node.number()), zone: taken.zone };
        Some(Found { location, ready_at: taken.ready_at, is_new })
    }

    /// A new node in the open zone with the fewest nodes.
    fn ask(&mut self, now: u64, is_open: &dyn Fn(u32) -> bool) -> Id<Node> {
        let in_zone = |zone: &u32| {
            self.nodes.iter().filter(|node| !node.is_gone && node.zone == *zone).count()
        };
        let zone = (0..self.zones).filter(|zone| is_open(*zone)).min_by_key(in_zone).unwrap_or(0);
        let ready_at = now + self.provision;
        self.nodes.push(Node { zone, cpu: 0.0, memory: 0, ready_at, is_gone: false, taken: 0 })
    }

    /// An instance that stood there is gone. The node, where nothing stands on it now.
    pub(in crate::runtime) fn free(
        &mut self,
        location: Location,
        (cpu, memory): (f64, u64),
    ) -> Option<Emptied> {
        let node: Id<Node> = Id::new(location.node? as usize);
        let left = &mut self.nodes[node];
        left.memory -= memory;
        left.cpu -= cpu;
        let is_empty = left.cpu < CPU_TOLERANCE && left.memory == 0;
        if is_empty {
            left.cpu = 0.0;
        }
        is_empty.then_some(Emptied { node, taken: left.taken })
    }

    /// A node goes that has been empty since then, unless no fewer may be there. Whether it does.
    pub(in crate::runtime) fn go(&mut self, emptied: Emptied) -> bool {
        let goes = self.count() > self.from && {
            let node = &self.nodes[emptied.node];
            node.taken == emptied.taken && node.cpu == 0.0 && !node.is_gone
        };
        self.nodes[emptied.node].is_gone |= goes;
        goes
    }

    fn count(&self) -> u32 {
        self.nodes.iter().filter(|node| !node.is_gone).count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NodeScaling;
    use crate::plan::ScaledNode;
    use crate::units::{Bytes, Nanos};

    const ONE: (f64, u64) = (1.0, 10);

    fn nodes(from: u32, to: u32) -> NodeFleet {
        let scaling = NodeScaling { from, to, provision: Nanos(60), unneeded: Nanos(600) };
        let first = vec![ScaledNode { zone: 0, cpu: 1.5, memory: Bytes(10) }];
        NodeFleet::new(&ScaledNodes { scaling, cpu: 2.0, memory: Bytes(100), zones: 2, first })
    }

    #[test]
    fn an_instance_without_room_waits_for_a_new_node_and_beyond_the_most_for_ever() {
        let mut nodes = nodes(1, 2);
        let found = nodes.place(5, ONE, &[0, 0]).expect("a new node comes");
        assert_eq!(
            found,
            Found { location: Location { node: Some(1), zone: 1 }, ready_at: 65, is_new: true }
        );
        let beside = nodes.place(7, ONE, &[0, 1]).expect("the other zone is full, so beside it");
        assert_eq!((beside.location.node, beside.is_new, beside.ready_at), (Some(1), false, 65));
        assert_eq!(nodes.place(9, ONE, &[0, 2]), None);
        assert!(
            nodes.place(9, (0.5, 10), &[0, 2]).is_some_and(|found| found.location.node == Some(0))
        );
    }

    #[test]
    fn an_empty_node_goes_unless_it_was_taken_since_or_none_fewer_may_be_there() {
        let mut nodes = nodes(1, 3);
        let found = nodes.place(0, ONE, &[1, 0]).expect("a new node comes");
        let emptied = nodes.free(found.location, ONE).expect("nothing stands on it");
        nodes.place(1, ONE, &[1, 0]).expect("it takes another");
        assert!(!nodes.go(emptied), "it was taken since");
        let again = nodes.free(found.location, ONE).expect("nothing stands on it");
        assert!(nodes.go(again) && !nodes.go(again));
        let first = Location { node: Some(0), zone: 0 };
        let last = nodes.free(first, (1.5, 10)).expect("nothing stands on it");
        assert!(!nodes.go(last), "one stays");
    }
}
