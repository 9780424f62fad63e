//! Placement: instances packed on nodes by their CPU and memory requests, spread over zones.
//!
//! Services are taken by the share of a node that an instance asks for (the larger of its CPU and
//! its memory share, largest first, then by name). Each replica goes to a zone with the fewest
//! replicas of its service: there to the first node with room, else to a new node in the zone with
//! the fewest nodes. So the result depends on nothing but the requests, replicas of a service
//! never differ by more than one between zones, and a service that asks for less than all others
//! moves none of them. Requests pack as they are written: fractions of a core are not rounded.
//! The rule is first-fit decreasing in two dimensions: Panigrahy, Talwar, Uyeda and Wieder,
//! Heuristics for Vector Bin Packing, Microsoft Research, 2011.

use crate::model::{NodeClass, Nodes, Prices};
use crate::units::Bytes;

/// Where every instance runs. Instances are numbered service by service, replica by replica.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placement {
    /// Nodes in use.
    pub nodes: Vec<PlacedNode>,
    /// Node of each instance; `None` for instances on machines of the layout's own or without nodes.
    pub node_of_instance: Vec<Option<u32>>,
}

/// A node in use.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedNode {
    /// Its zone, from 0.
    pub zone: u32,
    /// Cores that instances ask for.
    pub requested_cpu: f64,
    /// Memory that instances ask for, in bytes.
    pub requested_memory: u64,
}

/// What the instances of one service ask for, or a database.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    /// Unique name of the service, or of the database.
    pub service: String,
    /// Instances to place.
    pub replicas: u32,
    /// Cores of each instance.
    pub cpu: f64,
    /// Memory of each instance.
    pub memory: Bytes,
    /// Whether they run on a machine of the layout's own and so need no node.
    pub on_own_machine: bool,
}

/// A service whose instances fit on no node, even an empty one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "an instance of `{service}` asks for {} and {memory}, but a node of class {} offers {} and {}",
    cores(*.cpu), .class.name, cores(.class.cpu), .class.memory
)]
pub struct Unplaceable {
    /// Position of the service among the requests.
    pub service_index: usize,
    /// Its name.
    pub service: String,
    /// Cores an instance asks for.
    pub cpu: f64,
    /// Memory an instance asks for.
    pub memory: Bytes,
    /// The class of the nodes, with what it offers after the reserved share.
    pub class: NodeClass,
    /// The smallest class of the catalogue that would do, in full size.
    pub smallest: Option<NodeClass>,
}

impl Unplaceable {
    /// What the author may do about it, if the catalogue knows.
    pub fn hint(&self) -> Option<String> {
        self.smallest.as_ref().map(|class| {
            format!(
                "the smallest class in the price catalogue that would do is {} ({}, {})",
                class.name,
                cores(class.cpu),
                class.memory
            )
        })
    }
}

/// `1 core`, `3.92 cores`.
fn cores(cpu: f64) -> String {
    let rounded = (cpu * 1000.0).round() / 1000.0;
    format!("{rounded} core{}", if rounded == 1.0 { "" } else { "s" })
}

impl Placement {
    /// Instances without nodes.
    pub fn without_nodes(instance_count: usize) -> Self {
        Self { nodes: Vec::new(), node_of_instance: vec![None; instance_count] }
    }
}

/// Packs the instances of every request on nodes of one class.
///
/// `prices`: asked for a larger class where an instance fits on no node.
/// Errors: every service whose instance is larger than an empty node, in the order of `requests`.
pub(super) fn place(
    requests: &[Request],
    nodes: &Nodes,
    prices: Option<&Prices>,
) -> Result<Placement, Vec<Unplaceable>> {
    let room = Room::of(&nodes.class.value, nodes);
    let unplaceable: Vec<Unplaceable> = requests
        .iter()
        .enumerate()
        .filter(|(_, request)| !request.on_own_machine && !room.holds(request))
        .map(|(index, request)| unplaceable(index, request, nodes, prices))
        .collect();
    if !unplaceable.is_empty() {
        return Err(unplaceable);
    }
    let mut first_instance = Vec::with_capacity(requests.len());
    let mut instance_count = 0;
    for request in requests {
        first_instance.push(instance_count);
        instance_count += request.replicas as usize;
    }
    let mut packing = Packing::new(room, nodes.zones, instance_count);
    for index in packing_order(requests, &room) {
        packing.add(&requests[index], first_instance[index]);
    }
    Ok(packing.placement)
}

/// Positions of the requests that need nodes, in the order in which they are packed.
fn packing_order(requests: &[Request], room: &Room) -> Vec<usize> {
    let mut order: Vec<usize> =
        (0..requests.len()).filter(|index| !requests[*index].on_own_machine).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&requests[*a], &requests[*b]);
        room.share_of(b).total_cmp(&room.share_of(a)).then_with(|| a.service.cmp(&b.service))
    });
    order
}

fn unplaceable(
    service_index: usize,
    request: &Request,
    nodes: &Nodes,
    prices: Option<&Prices>,
) -> Unplaceable {
    let class = &nodes.class.value;
    let room = Room::of(class, nodes);
    Unplaceable {
        service_index,
        service: request.service.clone(),
        cpu: request.cpu,
        memory: request.memory,
        class: NodeClass { name: class.name.clone(), cpu: room.cpu, memory: Bytes(room.memory) },
        smallest: prices.and_then(|prices| smallest_class(request, nodes, prices)),
    }
}

/// The class with the fewest cores, then the least memory, then the lowest price that would hold an
/// instance beside what is reserved.
fn smallest_class(request: &Request, nodes: &Nodes, prices: &Prices) -> Option<NodeClass> {
    let machines = prices.prices.iter().filter(|price| price.kind == "vm");
    let classes = machines.filter_map(|price| {
        let class = NodeClass { name: price.item.clone(), cpu: price.vcpu?, memory: price.memory? };
        Room::of(&class, nodes).holds(request).then_some((class, price.price.0))
    });
    let smallest = classes.min_by(|(a, a_price), (b, b_price)| {
        let size = a.cpu.total_cmp(&b.cpu).then(a.memory.cmp(&b.memory));
        size.then(a_price.total_cmp(b_price)).then_with(|| a.name.cmp(&b.name))
    });
    smallest.map(|(class, _)| class)
}

/// Sums of fractions such as 0.1 miss the round number by some 1e-15 (cores).
const CPU_TOLERANCE: f64 = 1e-9;

/// What an empty node offers to instances.
#[derive(Debug, Clone, Copy)]
struct Room {
    cpu: f64,
    memory: u64,
}

impl Room {
    fn of(class: &NodeClass, nodes: &Nodes) -> Self {
        Self {
            cpu: (class.cpu - nodes.reserved_cpu).max(0.0),
            memory: class.memory.0.saturating_sub(nodes.reserved_memory.0),
        }
    }

    fn holds(&self, request: &Request) -> bool {
        let empty = PlacedNode { zone: 0, requested_cpu: 0.0, requested_memory: 0 };
        self.holds_beside(&empty, request)
    }

    fn holds_beside(&self, node: &PlacedNode, request: &Request) -> bool {
        node.requested_cpu + request.cpu <= self.cpu + CPU_TOLERANCE
            && node.requested_memory.saturating_add(request.memory.0) <= self.memory
    }

    /// The larger of the CPU and the memory share that an instance takes of a node.
    fn share_of(&self, request: &Request) -> f64 {
        let share = |part: f64, whole: f64| if part == 0.0 { 0.0 } else { part / whole };
        share(request.cpu, self.cpu).max(share(request.memory.0 as f64, self.memory as f64))
    }
}

/// A placement that is growing.
struct Packing {
    room: Room,
    nodes_in_zone: Vec<u32>,
    placement: Placement,
}

impl Packing {
    fn new(room: Room, zones: u32, instance_count: usize) -> Self {
        assert!(zones > 0, "the scenario was checked, yet its nodes have no zone");
        Self {
            room,
            nodes_in_zone: vec![0; zones as usize],
            placement: Placement::without_nodes(instance_count),
        }
    }

    /// Places every replica of a request, whose instances are numbered from `first_instance`.
    fn add(&mut self, request: &Request, first_instance: usize) {
        let mut replicas_in_zone = vec![0_u32; self.nodes_in_zone.len()];
        for replica in 0..request.replicas as usize {
            let fewest = replicas_in_zone.iter().copied().min().unwrap_or(0);
            let open: Vec<bool> = replicas_in_zone.iter().map(|count| *count == fewest).collect();
            let index = match self.first_node_with_room(request, &open) {
                Some(index) => index,
                None => self.add_node(&open),
            };
            let node = &mut self.placement.nodes[index];
            node.requested_cpu += request.cpu;
            node.requested_memory += request.memory.0;
            replicas_in_zone[node.zone as usize] += 1;
            self.placement.node_of_instance[first_instance + replica] = Some(index as u32);
        }
    }

    /// The first node, in the order of their making, with room in a zone that is `open`.
    fn first_node_with_room(&self, request: &Request, open: &[bool]) -> Option<usize> {
        self.placement
            .nodes
            .iter()
            .position(|node| open[node.zone as usize] && self.room.holds_beside(node, request))
    }

    /// A new node in the `open` zone with the fewest nodes; its position.
    fn add_node(&mut self, open: &[bool]) -> usize {
        let zones = (0..self.nodes_in_zone.len()).filter(|zone| open[*zone]);
        // At least one zone has the fewest replicas, so `zones` is not empty.
        let zone = zones.min_by_key(|zone| self.nodes_in_zone[*zone]).unwrap_or(0);
        self.nodes_in_zone[zone] += 1;
        let zone = zone as u32;
        self.placement.nodes.push(PlacedNode { zone, requested_cpu: 0.0, requested_memory: 0 });
        self.placement.nodes.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{At, Price, Span};
    use crate::units::Money;
    use proptest::prelude::*;

    const GIB: u64 = 1 << 30;

    /// m6i.xlarge with 0.08 cores and 1 GiB kept for the system.
    fn nodes(zones: u32) -> Nodes {
        let class = NodeClass { name: "m6i.xlarge".into(), cpu: 4.0, memory: Bytes(16 * GIB) };
        Nodes {
            scaling: None,
            class: At::new(class, Span::default()),
            zones,
            reserved_cpu: 0.08,
            reserved_memory: Bytes(GIB),
        }
    }

    fn request(service: &str, replicas: u32, cpu: f64, memory: u64) -> Request {
        let service = service.to_string();
        Request { service, replicas, cpu, memory: Bytes(memory), on_own_machine: false }
    }

    fn zones_of(placement: &Placement) -> Vec<u32> {
        let zone = |node: &Option<u32>| placement.nodes[node.unwrap() as usize].zone;
        placement.node_of_instance.iter().map(zone).collect()
    }

    #[test]
    fn fractions_of_a_core_fill_a_node_to_the_brim() {
        let mut one_zone = nodes(1);
        one_zone.reserved_cpu = 0.0;
        let placement = place(&[request("a", 41, 0.1, 1)], &one_zone, None).unwrap();
        assert_eq!(placement.nodes.len(), 2, "40 × 0.1 cores are 4 cores");
    }

    #[test]
    fn replicas_go_to_different_zones_and_single_services_share_a_node() {
        let requests =
            [request("a", 3, 1.0, GIB), request("b", 1, 0.5, GIB), request("c", 1, 0.4, 1)];
        let placement = place(&requests, &nodes(3), None).unwrap();
        assert_eq!(zones_of(&placement), [0, 1, 2, 0, 0]);
        assert_eq!(placement.nodes.len(), 3);
    }

    #[test]
    fn the_scarcer_of_cpu_and_memory_decides() {
        // 15 GiB of room: two instances of 6 GiB a node, though their CPU would allow dozens.
        let placement = place(&[request("a", 4, 0.1, 6 * GIB)], &nodes(1), None).unwrap();
        assert_eq!(placement.node_of_instance, [Some(0), Some(0), Some(1), Some(1)]);
    }

    #[test]
    fn instances_on_machines_of_their_own_take_no_node() {
        let mut own = request("a", 2, 64.0, GIB);
        own.on_own_machine = true;
        let placement = place(&[own, request("b", 1, 1.0, GIB)], &nodes(2), None).unwrap();
        assert_eq!(placement.node_of_instance, [None, None, Some(0)]);
    }

    fn class(name: &str, cpu: f64, gib: u64, price: f64) -> Price {
        Price {
            kind: "vm".into(),
            item: name.into(),
            vcpu: Some(cpu),
            memory: Some(Bytes(gib * GIB)),
            unit: "hour".into(),
            price: Money(price),
            as_of: "2026-07-20".into(),
            confidence: "seen".into(),
            source: "a price list".into(),
        }
    }

    #[test]
    fn every_service_larger_than_a_node_is_named_with_the_class_that_would_do() {
        let prices = Prices {
            name: "aws-us-east-1".into(),
            currency: "USD".into(),
            prices: vec![
                class("m6i.4xlarge", 16.0, 64, 0.768),
                class("m6i.2xlarge", 8.0, 32, 0.384),
                class("c6i.2xlarge", 8.0, 16, 0.34),
                class("r6i.xlarge", 4.0, 32, 0.252),
            ],
        };
        let requests = [
            request("small", 1, 1.0, GIB),
            request("search", 2, 4.0, 15 * GIB + GIB / 2),
            request("huge", 1, 1.0, 500 * GIB),
        ];
        let errors = place(&requests, &nodes(3), Some(&prices)).unwrap_err();
        assert_eq!(errors.len(), 2);
        assert_eq!(
            errors[0].to_string(),
            "an instance of `search` asks for 4 cores and 15.5 GiB, \
             but a node of class m6i.xlarge offers 3.92 cores and 15 GiB"
        );
        assert_eq!(
            errors[0].hint().unwrap(),
            "the smallest class in the price catalogue that would do is m6i.2xlarge \
             (8 cores, 32 GiB)"
        );
        assert_eq!((errors[1].service_index, errors[1].hint()), (2, None));
    }

    /// Odd sizes, and round ones, of which two services may ask for the same.
    fn any_request() -> impl Strategy<Value = Request> {
        let cpu = prop_oneof![0.01..3.92, (1_u8..8).prop_map(|half| f64::from(half) / 2.0)];
        let memory = prop_oneof![1_u64..=15 * GIB, (1_u64..3).prop_map(|gib| gib * GIB)];
        (1_u32..8, cpu, memory)
            .prop_map(|(replicas, cpu, memory)| request("", replicas, cpu, memory))
    }

    fn any_requests() -> impl Strategy<Value = Vec<Request>> {
        prop::collection::vec(any_request(), 0..25).prop_map(|mut requests| {
            for (index, request) in requests.iter_mut().enumerate() {
                request.service = format!("service-{index:02}");
            }
            requests
        })
    }

    /// Zone and mates of the node of every replica of a service.
    fn homes(placement: &Placement, requests: &[Request], service: &str) -> Vec<(u32, f64, u64)> {
        let at = requests.iter().position(|request| request.service == service).unwrap();
        let first: u32 = requests[..at].iter().map(|request| request.replicas).sum();
        (first..first + requests[at].replicas)
            .map(|instance| placement.node_of_instance[instance as usize].unwrap())
            .map(|node| {
                let node = &placement.nodes[node as usize];
                (node.zone, node.requested_cpu, node.requested_memory)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn every_instance_is_on_a_node_that_it_fits(
            requests in any_requests(), zones in 1_u32..5,
        ) {
            let placement = place(&requests, &nodes(zones), None).unwrap();
            let mut used = vec![(0.0, 0); placement.nodes.len()];
            let mut homes = placement.node_of_instance.iter();
            for request in &requests {
                for _ in 0..request.replicas {
                    let node = homes.next().unwrap().unwrap() as usize;
                    used[node].0 += request.cpu;
                    used[node].1 += request.memory.0;
                }
            }
            prop_assert!(homes.next().is_none());
            for (node, (cpu, memory)) in placement.nodes.iter().zip(used) {
                prop_assert!(node.zone < zones);
                prop_assert!((node.requested_cpu - cpu).abs() < 1e-9);
                prop_assert_eq!(node.requested_memory, memory);
                prop_assert!(cpu > 0.0 && cpu <= 3.92 + 1e-6 && memory <= 15 * GIB);
            }
        }

        /// Two nodes of a zone are never both emptier than half in CPU plus memory, else the first
        /// would have taken the other's instances: fewer than 2 × (CPU + memory) nodes a zone, + 1.
        #[test]
        fn nodes_stay_within_twice_the_volume(requests in any_requests(), zones in 1_u32..5) {
            let placement = place(&requests, &nodes(zones), None).unwrap();
            let volume: f64 = requests.iter().map(|request| {
                let share = request.cpu / 3.92 + request.memory.0 as f64 / (15 * GIB) as f64;
                share * f64::from(request.replicas)
            }).sum();
            prop_assert!(placement.nodes.len() as f64 <= 2.0 * volume + f64::from(zones));
        }

        /// Where CPU and memory are asked for in the proportion of the node, that is twice the
        /// least number of nodes that could do.
        #[test]
        fn balanced_requests_take_at_most_twice_the_least_nodes(
            requests in any_requests(), zones in 1_u32..5,
        ) {
            let requests: Vec<Request> = requests.into_iter().map(|request| {
                let memory = Bytes((request.cpu / 3.92 * (15 * GIB) as f64) as u64);
                Request { memory, ..request }
            }).collect();
            let placement = place(&requests, &nodes(zones), None).unwrap();
            let cpu: f64 =
                requests.iter().map(|request| request.cpu * f64::from(request.replicas)).sum();
            let least = (cpu / 3.92 - 1e-9).ceil();
            prop_assert!(placement.nodes.len() as f64 <= 2.0 * least + f64::from(zones));
        }

        #[test]
        fn replicas_of_a_service_differ_by_at_most_one_between_zones(
            requests in any_requests(), zones in 1_u32..5,
        ) {
            let placement = place(&requests, &nodes(zones), None).unwrap();
            for request in &requests {
                let homes = homes(&placement, &requests, &request.service);
                let count = |zone| homes.iter().filter(|home| home.0 == zone).count();
                let counts: Vec<usize> = (0..zones).map(count).collect();
                prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1);
            }
        }

        #[test]
        fn the_order_of_the_requests_does_not_matter(
            (requests, shuffled) in any_requests()
                .prop_flat_map(|requests| (Just(requests.clone()), Just(requests).prop_shuffle())),
            zones in 1_u32..5,
        ) {
            let one = place(&requests, &nodes(zones), None).unwrap();
            let other = place(&shuffled, &nodes(zones), None).unwrap();
            prop_assert_eq!(&one.nodes, &other.nodes);
            for request in &requests {
                prop_assert_eq!(
                    homes(&one, &requests, &request.service),
                    homes(&other, &shuffled, &request.service)
                );
            }
        }

        #[test]
        fn a_service_smaller_than_all_others_moves_none_of_them(
            requests in any_requests(), zones in 1_u32..5,
        ) {
            let before = place(&requests, &nodes(zones), None).unwrap();
            let mut more = requests;
            more.push(request("tiny", 2, 0.001, 1));
            let after = place(&more, &nodes(zones), None).unwrap();
            let kept = &after.node_of_instance[..before.node_of_instance.len()];
            prop_assert_eq!(kept, &before.node_of_instance[..]);
        }
    }
}
