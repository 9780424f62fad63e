//! `platform.protocols`: what a remote call costs beside the network's time.

use super::{Decoder, Path};
use crate::model::Protocol;
use crate::scenario::node::Node;

/// Greatest growth of a message on the wire.
const MOST_EXPANSION: f64 = 1000.0;

/// Keys of a protocol's defaults.
struct Keys {
    client_cpu: &'static str,
    server_cpu: &'static str,
    cpu_per_kib: &'static str,
    overhead: &'static str,
    expansion: &'static str,
}

macro_rules! keys {
    ($name:literal) => {
        Keys {
            client_cpu: concat!("protocol.", $name, ".client_cpu"),
            server_cpu: concat!("protocol.", $name, ".server_cpu"),
            cpu_per_kib: concat!("protocol.", $name, ".cpu_per_kib"),
            overhead: concat!("protocol.", $name, ".overhead"),
            expansion: concat!("protocol.", $name, ".expansion"),
        }
    };
}

/// Protocols that are always there; an author's of the same name changes them.
const BUILT_IN: [(&str, Keys); 2] = [("rest_json", keys!("rest_json")), ("grpc", keys!("grpc"))];

/// Of a protocol with another name, what is not written costs nothing.
const OTHER: Keys = keys!("other");

impl Decoder<'_> {
    /// The built-in protocols, then the author's.
    pub(super) fn protocols(&mut self, node: Option<&Node>, path: &Path<'_>) -> Vec<Protocol> {
        let entries = node.and_then(|node| self.map(node, "a map of protocols"));
        let entries = entries.unwrap_or_default();
        let nothing = Node::map(Vec::new(), Default::default());
        let mut protocols = Vec::new();
        for (name, keys) in &BUILT_IN {
            let given = entries.iter().find(|entry| entry.key.as_str() == *name);
            let node = given.map_or(&nothing, |entry| &entry.value);
            protocols.extend(self.protocol(name, node, keys, path));
        }
        for entry in entries {
            let name = self.name(&entry.key, true);
            if !BUILT_IN.iter().any(|(built_in, _)| *built_in == name.as_str()) {
                protocols.extend(self.protocol(&name, &entry.value, &OTHER, path));
            }
        }
        protocols
    }

    fn protocol(
        &mut self,
        name: &str,
        node: &Node,
        keys: &Keys,
        path: &Path<'_>,
    ) -> Option<Protocol> {
        let mut fields = self.fields(node, "a protocol", &path.to(name))?;
        let client_cpu = match fields.take("client_cpu") {
            Some(node) => self.distribution(node),
            None => {
                let path = fields.path("client_cpu");
                Some(self.default_with(path, keys.client_cpu, Self::distribution))
            }
        };
        let server_cpu = match fields.take("server_cpu") {
            Some(node) => self.distribution(node),
            None => {
                let path = fields.path("server_cpu");
                Some(self.default_with(path, keys.server_cpu, Self::distribution))
            }
        };
        let cpu_per_kib = match fields.take("cpu_per_kib") {
            Some(node) => self.quantity(node),
            None => Some(self.default(fields.path("cpu_per_kib"), keys.cpu_per_kib)),
        };
        let overhead = match fields.take("overhead") {
            Some(node) => self.quantity(node),
            None => Some(self.default(fields.path("overhead"), keys.overhead)),
        };
        let growth = |decoder: &mut Self, node: &Node| {
            decoder.number(node, "an expansion", 0.0..=MOST_EXPANSION)
        };
        let expansion = match fields.take("expansion") {
            Some(node) => growth(self, node),
            None => Some(self.default_with(fields.path("expansion"), keys.expansion, growth)),
        };
        self.finish(fields);
        Some(Protocol {
            name: name.to_string(),
            client_cpu: client_cpu?,
            server_cpu: server_cpu?,
            cpu_per_kib: cpu_per_kib?,
            overhead: overhead?,
            expansion: expansion?,
        })
    }
}
