//! `platform`: prices, nodes, network, protocols, context switches.

use super::{Decoder, Path, catalogue};
use crate::model::At;
use crate::model::{Link, Locality, Network, NodeClass, Nodes, Platform, Prices};
use crate::scenario::nearest::{did_you_mean, nearest};
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Nanos};

/// Keys of the default round trip and bandwidth of each class, in the order of [`Locality::ALL`].
const LINK_DEFAULTS: [(&str, &str); 6] = [
    ("network.in_process.rtt", "network.in_process.bandwidth"),
    ("network.same_node.rtt", "network.same_node.bandwidth"),
    ("network.same_zone.rtt", "network.same_zone.bandwidth"),
    ("network.cross_zone.rtt", "network.cross_zone.bandwidth"),
    ("network.cross_region.rtt", "network.cross_region.bandwidth"),
    ("network.internet.rtt", "network.internet.bandwidth"),
];

impl Decoder<'_> {
    /// What layouts run on, from defaults where nothing is said.
    pub(super) fn platform(&mut self, node: Option<&Node>, path: &Path<'_>) -> Platform {
        let nothing = Node::map(Vec::new(), Default::default());
        let node = node.filter(|node| !node.is_empty()).unwrap_or(&nothing);
        let Some(mut fields) = self.fields(node, "a platform", path) else {
            return self.platform(None, path);
        };
        let prices = fields.take("prices");
        let nodes = fields.take("nodes");
        let network = fields.take("network");
        let protocols = fields.take("protocols");
        let switch = fields.take("context_switch");
        for part in ["mesh", "gateway", "broker", "regions"] {
            self.not_built(&mut fields, part);
        }
        self.finish(fields);
        let prices = prices.filter(|node| !node.is_word("none"));
        let prices = prices.and_then(|node| self.prices(node));
        let nodes = nodes.filter(|node| !node.is_word("none"));
        let nodes = nodes.and_then(|node| self.nodes(node, prices.as_ref(), &path.to("nodes")));
        let context_switch = match switch {
            Some(node) if node.is_word("none") => Nanos::ZERO,
            Some(node) => self.quantity(node).unwrap_or_default(),
            None => self.default(path.to("context_switch").text(), "cpu.context_switch"),
        };
        let slice = (
            self.default(path.to("slice").text(), "cpu.slice"),
            self.default(path.to("slice").text(), "cpu.slice_least"),
        );
        let protocols = self.protocols(protocols, &path.to("protocols"));
        let network = match network {
            Some(node) if node.is_word("none") => None,
            given => Some(self.network(given, &path.to("network"))),
        };
        Platform { prices, nodes, network, protocols, context_switch, slice }
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
        let mut fields = self.fields(node, "the nodes", path)?;
        let class_node = self.required(&mut fields, "class");
        let cpu = fields.take("cpu").and_then(|node| self.positive(node, "a number of cores", 1e4));
        let memory = fields.take("memory").and_then(|node| self.size_above_zero(node));
        let zones =
            |decoder: &mut Self, node: &Node| decoder.whole32(node, "a number of zones", 1..=100);
        let zones = match fields.take("zones") {
            Some(node) => zones(self, node),
            None => Some(self.default_with(fields.path("zones"), "nodes.zones", zones)),
        };
        let reserved = fields.take("reserved");
        self.finish(fields);
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
        Some(Nodes { class, zones: zones?, reserved_cpu, reserved_memory })
    }

    fn reserved(&mut self, node: Option<&Node>, path: &Path<'_>) -> Option<(f64, Bytes)> {
        let nothing = Node::map(Vec::new(), Default::default());
        let mut fields =
            self.fields(node.unwrap_or(&nothing), "what is reserved of a node", path)?;
        let cores =
            |decoder: &mut Self, node: &Node| decoder.number(node, "a number of cores", 0.0..=1e4);
        let cpu = match fields.take("cpu") {
            Some(node) => cores(self, node),
            None => Some(self.default_with(fields.path("cpu"), "nodes.reserved_cpu", cores)),
        };
        let memory = match fields.take("memory") {
            Some(node) => self.quantity(node),
            None => Some(self.default(fields.path("memory"), "nodes.reserved_memory")),
        };
        self.finish(fields);
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
        let fields = self.fields(node.unwrap_or(&nothing), "a network", path);
        let mut fields = match fields {
            Some(fields) => fields,
            None => return self.network(None, path),
        };
        let links = Locality::ALL.map(|class| {
            let given = fields.take(class.name());
            self.link(given, class, &path.to(class.name()))
        });
        self.finish(fields);
        Network { links }
    }

    fn link(&mut self, node: Option<&Node>, class: Locality, path: &Path<'_>) -> Link {
        let nothing = Node::map(Vec::new(), Default::default());
        let fields = self.fields(node.unwrap_or(&nothing), "a link", path);
        let mut fields = match fields {
            Some(fields) => fields,
            None => return self.link(None, class, path),
        };
        let (rtt_key, bandwidth_key) = LINK_DEFAULTS[class as usize];
        let given = fields.take("rtt").and_then(|node| self.distribution(node));
        let rtt = given
            .unwrap_or_else(|| self.default_with(fields.path("rtt"), rtt_key, Self::distribution));
        let given = fields.take("bandwidth").and_then(|node| self.bandwidth(node));
        let bandwidth = given.unwrap_or_else(|| {
            self.default_with(fields.path("bandwidth"), bandwidth_key, Self::bandwidth)
        });
        self.finish(fields);
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
