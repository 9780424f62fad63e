//! `platform`: prices, nodes, network, protocols, context switches.

use super::{Decoder, Fields, Path, catalogue};
use crate::model::At;
use crate::model::{Link, Network, NodeClass, NodeScaling, Nodes, Platform, Prices, WakeUp};
use crate::scenario::form::{LeftOut, Shape, form, names};
use crate::scenario::nearest::{did_you_mean, nearest};
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Nanos};

/// How far apart two ends are, nearest first.
pub(super) const LOCALITIES: &[&str] =
    &["in_process", "same_node", "same_zone", "cross_zone", "cross_region", "internet"];

const NONE: Shape = Shape::Word(&["none"]);
const LINK: Shape = Shape::Map("link");
const AS_ITS_FIELDS: LeftOut = LeftOut::Means("all of it as its own fields say");

form! { PlatformFields "platform" "a platform" {
    PRICES "prices": Shape::Either(&[Shape::Name, NONE]), LeftOut::Means("the bill is empty and says so"),
        "Catalogue that ships, such as `aws-us-east-1`, or a file of yours: `prices.csv`.";
    NODES "nodes": Shape::Either(&[Shape::Map("nodes"), NONE]),
        LeftOut::Means("no placement, and every hop stays in its zone"),
        "Machines that instances are packed on.";
    NETWORK "network": Shape::Either(&[Shape::Map("network"), NONE]), AS_ITS_FIELDS,
        "Round trips and bandwidth; with `none` a hop takes no time and no CPU.";
    PROTOCOLS "protocols": Shape::Named(&Shape::Map("protocol")),
        LeftOut::Means("`grpc` and `rest_json` as they ship"),
        "What a call costs at both ends, by name.";
    CONTEXT_SWITCH "context_switch": Shape::Either(&[Shape::Duration, NONE]),
        LeftOut::Default("cpu.context_switch"),
        "What it costs when runnable frames outnumber cores, each time slice.";
    WAKE_UP "wake_up": Shape::Either(&[Shape::Word(&names(&KINDS)), NONE, Shape::Map("wake-ups")]),
        LeftOut::Means("nothing is paid"),
        "What a worker that slept and a process that was idle pay before their work.";
} not_built &["mesh", "gateway", "broker", "regions"] }

/// Kinds of machines, whose wake-ups have costs of their own.
const KINDS: [(&str, &str); 2] =
    [("virtual_machine", "virtual_machine"), ("bare_metal", "bare_metal")];

/// Most nodes of a layout.
const MOST_NODES: u32 = 100_000;

/// Longest wake-up, of which more is a mistake.
const LONGEST_WAKE_UP: Nanos = Nanos(1_000_000_000);

form! { WakeUpFields "wake-ups" "wake-ups" {
    KIND "kind": Shape::Word(&names(&KINDS)), LeftOut::Default("cpu.machine"),
        "Machine whose costs are meant where none are written.";
    COST "cost": Shape::Duration, LeftOut::DefaultOf("cpu.*.wake_up", &names(&KINDS)),
        "CPU work of a worker that slept, each time.";
    COLD "cold": Shape::Duration, LeftOut::DefaultOf("cpu.*.cold", &names(&KINDS)),
        "CPU work beside it of a process that has not worked for long.";
    COLD_WITHIN "cold_within": Shape::Duration,
        LeftOut::DefaultOf("cpu.*.cold_within", &names(&KINDS)),
        "After how long a gap two thirds of that are paid.";
} }

form! { NodeFields "nodes" "the nodes" {
    CLASS "class": Shape::Name, LeftOut::Missed, "Priced class, such as `m6i.xlarge`.";
    CPU "cpu": Shape::Number, LeftOut::Means("that of the class"),
        "Cores of a node, where no catalogue has its class.";
    MEMORY "memory": Shape::Size, LeftOut::Means("that of the class"),
        "What a node has, where no catalogue has its class.";
    ZONES "zones": Shape::Whole, LeftOut::Default("nodes.zones"),
        "How many zones they are spread over.";
    RESERVED "reserved": Shape::Map("reserved"), AS_ITS_FIELDS,
        "What of a node is kept for the system.";
    FROM "from": Shape::Whole, LeftOut::Means("as many as the instances at the start need"),
        "Fewest nodes, where `to` lets their number change.";
    TO "to": Shape::Whole, LeftOut::Means("as many as the largest fleet needs, all the time"),
        "Most nodes: they come when an instance finds no room, and go when nothing stands on them.";
    PROVISION "provision": Shape::Duration, LeftOut::Default("nodes.provision"),
        "How long a node takes from being asked for until it takes instances.";
    UNNEEDED "unneeded": Shape::Duration, LeftOut::Default("nodes.unneeded"),
        "How long a node is kept on which nothing stands.";
} }

form! { ReservedFields "reserved" "what is reserved of a node" {
    CPU "cpu": Shape::Number, LeftOut::Default("nodes.reserved_cpu"),
        "Cores that no instance gets.";
    MEMORY "memory": Shape::Size, LeftOut::Default("nodes.reserved_memory"),
        "What no instance gets.";
} }

form! { NetworkFields "network" "a network" {
    IN_PROCESS "in_process": LINK, AS_ITS_FIELDS, "Between modules of one instance.";
    SAME_NODE "same_node": LINK, AS_ITS_FIELDS, "Between instances on one machine.";
    SAME_ZONE "same_zone": LINK, AS_ITS_FIELDS, "Between machines of one data centre.";
    CROSS_ZONE "cross_zone": LINK, AS_ITS_FIELDS, "Between data centres of one region.";
    CROSS_REGION "cross_region": LINK, AS_ITS_FIELDS, "Between two regions.";
    INTERNET "internet": LINK, AS_ITS_FIELDS, "Between a client anywhere and the entry.";
} }

form! { LinkFields "link" "a link" {
    RTT "rtt": Shape::Law, LeftOut::DefaultOf("network.*.rtt", LOCALITIES),
        "Round trip of a small message.";
    BANDWIDTH "bandwidth": Shape::Either(&[Shape::Bandwidth, NONE]),
        LeftOut::DefaultOf("network.*.bandwidth", LOCALITIES),
        "By what the size of a message is divided for the time it takes more.";
} }

impl Decoder<'_> {
    /// What layouts run on, from defaults where nothing is said.
    pub(super) fn platform(&mut self, node: Option<&Node>, path: &Path<'_>) -> Platform {
        let nothing = Node::map(Vec::new(), Default::default());
        let node = node.filter(|node| !node.is_empty()).unwrap_or(&nothing);
        let Some(fields) = self.fields::<PlatformFields>(node, path) else {
            return self.platform(None, path);
        };
        self.finish(&fields);
        let prices = fields.get(PlatformFields::PRICES).filter(|node| !node.is_word("none"));
        let prices = prices.and_then(|node| self.prices(node));
        let nodes = fields.get(PlatformFields::NODES).filter(|node| !node.is_word("none"));
        let nodes = nodes.and_then(|node| self.nodes(node, prices.as_ref(), &path.to("nodes")));
        let context_switch = fields.or(self, PlatformFields::CONTEXT_SWITCH, |d, node| {
            if node.is_word("none") { Some(Nanos::ZERO) } else { d.quantity(node) }
        });
        let context_switch = context_switch.unwrap_or_default();
        let wake_up = self.wake_up(&fields, &path.to("wake_up"));
        let slice = ["cpu.slice", "cpu.slice_least"]
            .map(|key| self.default_with(path.to("slice").text(), key, Self::quantity));
        let slice = slice.into();
        let protocols = fields.get(PlatformFields::PROTOCOLS);
        let protocols = self.protocols(protocols, &path.to("protocols"));
        let network = match fields.get(PlatformFields::NETWORK) {
            Some(node) if node.is_word("none") => None,
            given => Some(self.network(given, &path.to("network"))),
        };
        Platform { prices, nodes, network, protocols, context_switch, wake_up, slice }
    }

    /// `virtual_machine`, `bare_metal`, `none`, or `{ kind: virtual_machine, cost: 15us }`.
    fn wake_up(&mut self, fields: &Fields<'_, PlatformFields>, path: &Path<'_>) -> Option<WakeUp> {
        let node = fields.get(PlatformFields::WAKE_UP).filter(|node| !node.is_word("none"))?;
        let nothing = Node::map(Vec::new(), Default::default());
        let map = if node.entries().is_some() { node } else { &nothing };
        let fields = self.fields::<WakeUpFields>(map, path)?;
        let kind = |d: &mut Self, node: &Node| d.word(node, "a machine", &KINDS);
        let kind = match node.entries() {
            None => kind(self, node)?,
            Some(_) => fields.or(self, WakeUpFields::KIND, kind)?,
        };
        let cost = fields.or_of(self, WakeUpFields::COST, kind, Self::wake_up_time);
        let cold = fields.or_of(self, WakeUpFields::COLD, kind, Self::wake_up_time);
        let cold_within = fields.or_of(self, WakeUpFields::COLD_WITHIN, kind, Self::quantity);
        self.finish(&fields);
        Some(WakeUp { cost: cost?, cold: cold?, cold_within: cold_within? })
    }

    fn wake_up_time(&mut self, node: &Node) -> Option<Nanos> {
        let time: Nanos = self.quantity(node)?;
        if time <= LONGEST_WAKE_UP {
            return Some(time);
        }
        let message = format!("waking up takes at most 1 s; found {}", node.found());
        let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
        self.tell(diagnostic.hint("it takes some microseconds, with cold caches some 0.2 ms"));
        None
    }

    /// A catalogue that ships with the program, or a file of the author's.
    fn prices(&mut self, node: &Node) -> Option<Prices> {
        let name = self.scalar(node, "a price catalogue")?;
        if let Some(prices) = catalogue::shipped(name) {
            return Some(prices.clone());
        }
        if !name.contains(['.', '/', '\\']) {
            let mut known: Vec<&str> =
                catalogue::all_shipped().iter().map(|prices| prices.name.as_str()).collect();
            known.push("none");
            let message = format!("no price catalogue is called {}", quoted(name));
            let near = did_you_mean(name, &known).unwrap_or_default();
            let diagnostic = Diagnostic::new(Code::UnknownCatalogue, message, node.span);
            self.tell(diagnostic.hint(format!("{near}; a file has its ending: `prices.csv`")));
            return None;
        }
        let text = self.load(name, node.span)?;
        let source = self.sources.add(name, &text);
        match catalogue::parse(&text, name, source) {
            Ok(prices) => Some(prices),
            Err(diagnostics) => {
                for diagnostic in diagnostics {
                    self.tell(diagnostic.also(node.span, "asked for here"));
                }
                None
            }
        }
    }

    fn nodes(&mut self, node: &Node, prices: Option<&Prices>, path: &Path<'_>) -> Option<Nodes> {
        let fields = self.fields::<NodeFields>(node, path)?;
        let class_node = self.required(&fields, NodeFields::CLASS);
        let cpu = fields.get(NodeFields::CPU);
        let cpu = cpu.and_then(|node| self.positive(node, "a number of cores", 1e4));
        let memory = fields.get(NodeFields::MEMORY).and_then(|node| self.size_above_zero(node));
        let zones = fields
            .or(self, NodeFields::ZONES, |d, node| d.whole32(node, "a number of zones", 1..=100));
        self.finish(&fields);
        let scaling = self.node_scaling(&fields);
        let reserved = fields.get(NodeFields::RESERVED);
        let (reserved_cpu, reserved_memory) = self.reserved(reserved, &path.to("reserved"))?;
        let class_node = class_node?;
        let name = self.scalar(class_node, "a class of node")?;
        let (cpu, memory) = self.class_size(name, class_node, prices, cpu, memory)?;
        if reserved_cpu >= cpu || reserved_memory >= memory {
            let message = format!("all of a {} would be reserved for the system", quoted(name));
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, class_node.span);
            self.tell(diagnostic.hint("take a larger class, or write `reserved`"));
        }
        let class = NodeClass { name: name.to_string(), cpu, memory };
        let class = At::new(class, class_node.span);
        Some(Nodes { class, zones: zones?, reserved_cpu, reserved_memory, scaling: scaling? })
    }

    /// How the number of nodes changes, if it does. The outer `None` where there is a mistake.
    fn node_scaling(&mut self, fields: &Fields<'_, NodeFields>) -> Option<Option<NodeScaling>> {
        let number =
            |d: &mut Self, node: &Node| d.whole32(node, "a number of nodes", 0..=MOST_NODES);
        let Some(to) = fields.get(NodeFields::TO) else {
            for field in [NodeFields::FROM, NodeFields::PROVISION, NodeFields::UNNEEDED] {
                let Some(node) = fields.get(field) else { continue };
                let message = format!(
                    "without `to` no node comes or goes, so `{}` says nothing",
                    field.name()
                );
                let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
                self.tell(diagnostic.hint("write `to: 30` beside it, or leave it out"));
            }
            return Some(None);
        };
        let most = number(self, to)?;
        let least = match fields.get(NodeFields::FROM) {
            Some(node) => number(self, node)?,
            None => 0,
        };
        if let (true, Some(from)) = (least > most, fields.get(NodeFields::FROM)) {
            let message =
                format!("`from` is {least} and `to` is {most}: there is no number between");
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, to.span);
            self.tell(
                diagnostic.hint("write the fewest nodes as `from`").also(from.span, "`from`"),
            );
            return None;
        }
        Some(Some(NodeScaling {
            from: least,
            to: most,
            provision: fields.or(self, NodeFields::PROVISION, Self::quantity)?,
            unneeded: fields.or(self, NodeFields::UNNEEDED, Self::quantity)?,
        }))
    }

    fn reserved(&mut self, node: Option<&Node>, path: &Path<'_>) -> Option<(f64, Bytes)> {
        let nothing = Node::map(Vec::new(), Default::default());
        let fields = self.fields::<ReservedFields>(node.unwrap_or(&nothing), path)?;
        let cpu = fields.or(self, ReservedFields::CPU, |d, node| {
            d.number(node, "a number of cores", 0.0..=1e4)
        });
        let memory = fields.or(self, ReservedFields::MEMORY, Self::quantity);
        self.finish(&fields);
        Some((cpu?, memory?))
    }

    /// Cores and memory of a class: given, or from the catalogue, or (a size is the same at any
    /// price) from one that ships.
    pub(super) fn class_size(
        &mut self,
        name: &str,
        node: &Node,
        prices: Option<&Prices>,
        cpu: Option<f64>,
        memory: Option<Bytes>,
    ) -> Option<(f64, Bytes)> {
        if let (Some(cpu), Some(memory)) = (cpu, memory) {
            return Some((cpu, memory));
        }
        let found = prices
            .and_then(|prices| catalogue::size(prices, name))
            .or_else(|| catalogue::all_shipped().iter().find_map(|p| catalogue::size(p, name)));
        if let Some(size) = found {
            return Some((cpu.unwrap_or(size.0), memory.unwrap_or(size.1)));
        }
        let message = match prices {
            Some(prices) => {
                format!("no class in {} is called {}", quoted(&prices.name), quoted(name))
            }
            None => format!("no class is called {}", quoted(name)),
        };
        let hint = class_hint(name, prices);
        self.tell(Diagnostic::new(Code::UnknownClass, message, node.span).hint(hint));
        None
    }

    /// Links by class; what is left out has its default.
    fn network(&mut self, node: Option<&Node>, path: &Path<'_>) -> Network {
        let nothing = Node::map(Vec::new(), Default::default());
        let Some(fields) = self.fields::<NetworkFields>(node.unwrap_or(&nothing), path) else {
            return self.network(None, path);
        };
        let links = [
            NetworkFields::IN_PROCESS,
            NetworkFields::SAME_NODE,
            NetworkFields::SAME_ZONE,
            NetworkFields::CROSS_ZONE,
            NetworkFields::CROSS_REGION,
            NetworkFields::INTERNET,
        ];
        let links =
            links.map(|field| self.link(fields.get(field), field.name(), &path.to(field.name())));
        self.finish(&fields);
        Network { links }
    }

    /// The link of the class that is called `class`.
    fn link(&mut self, node: Option<&Node>, class: &str, path: &Path<'_>) -> Link {
        let nothing = Node::map(Vec::new(), Default::default());
        let Some(fields) = self.fields::<LinkFields>(node.unwrap_or(&nothing), path) else {
            return self.link(None, class, path);
        };
        let rtt = fields.or_of(self, LinkFields::RTT, class, Self::distribution);
        let rtt =
            rtt.unwrap_or_else(|| fields.default(self, LinkFields::RTT, class, Self::distribution));
        let bandwidth = fields.or_of(self, LinkFields::BANDWIDTH, class, Self::bandwidth);
        let bandwidth = bandwidth
            .unwrap_or_else(|| fields.default(self, LinkFields::BANDWIDTH, class, Self::bandwidth));
        self.finish(&fields);
        Link { rtt, bandwidth }
    }

    /// `10Gbit/s`, `1.25GB/s` or `none` (a message's size costs no time) (bytes per second).
    fn bandwidth(&mut self, node: &Node) -> Option<f64> {
        if node.is_word("none") {
            return Some(f64::INFINITY);
        }
        let text = self.scalar(node, "a bandwidth")?;
        let bits = ["kbit/s", "Mbit/s", "Gbit/s"].iter().zip([1e3, 1e6, 1e9]);
        let value = match text.strip_suffix("/s") {
            Some(size) if !size.ends_with("bit") => {
                size.parse::<Bytes>().ok().map(|size| size.0 as f64)
            }
            _ => bits
                .filter_map(|(unit, factor)| {
                    let number: f64 = text.strip_suffix(unit)?.trim().parse().ok()?;
                    Some(number * factor / 8.0)
                })
                .next(),
        };
        let value = value.filter(|value| *value >= 1.0 && value.is_finite());
        if value.is_none() {
            let message = format!("a bandwidth is expected here; found {}", node.found());
            let diagnostic = Diagnostic::new(Code::BadValue, message, node.span);
            self.tell(diagnostic.hint("write it like `10Gbit/s`, `1.25GB/s` or `none`"));
        }
        value
    }
}

/// The nearest class, or those of the same family, or what helps where there are none.
fn class_hint(name: &str, prices: Option<&Prices>) -> String {
    const MOST_LISTED: usize = 8;
    let catalogues = prices.map_or(catalogue::all_shipped(), std::slice::from_ref);
    let prices = catalogues.iter().flat_map(|prices| &prices.prices);
    let mut known: Vec<&str> =
        prices.filter(|price| price.unit == "hour").map(|price| price.item.as_str()).collect();
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let family = name.rsplit_once('.').map(|(family, _)| format!("{family}."));
    known.retain(|known| family.as_ref().is_some_and(|family| known.starts_with(family)));
    known.dedup();
    let listed: Vec<String> = known.iter().take(MOST_LISTED).map(|name| quoted(name)).collect();
    match listed.is_empty() {
        true => "write its `cpu` and `memory` beside it".to_string(),
        false => format!("there are {}", listed.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Locality;
    use crate::scenario::form::Fielded;

    #[test]
    fn every_class_of_the_network_has_its_word() {
        assert_eq!(LOCALITIES, Locality::ALL.map(Locality::name));
        let fields: Vec<&str> = NetworkFields::FORM.names();
        assert_eq!(fields, LOCALITIES);
    }
}
