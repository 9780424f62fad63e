//! `platform.protocols`: what a remote call costs beside the network's time.

use super::{Decoder, Path};
use crate::model::Protocol;
use crate::scenario::form::{LeftOut, Shape, form};
use crate::scenario::node::Node;
use crate::scenario::{Code, Diagnostic};

/// Protocols that are always there, with defaults of their own; an author's of the same name changes them.
const BUILT_IN: [&str; 2] = ["rest_json", "grpc"];

/// Stands for a protocol with another name: what is not written of it costs nothing.
const OTHER_PROTOCOL: &str = "other";

/// What a layout writes that wants no protocol.
const NONE: &str = "none";

/// Whose defaults a protocol has.
const PROTOCOLS: &[&str] = &[BUILT_IN[0], BUILT_IN[1], OTHER_PROTOCOL];

/// Greatest growth of a message on the wire.
const MOST_EXPANSION: f64 = 1000.0;

form! { ProtocolFields "protocol" "a protocol" {
    CLIENT_CPU "client_cpu": Shape::Law, LeftOut::DefaultOf("protocol.*.client_cpu", PROTOCOLS),
        "CPU work of the caller for each call.";
    SERVER_CPU "server_cpu": Shape::Law, LeftOut::DefaultOf("protocol.*.server_cpu", PROTOCOLS),
        "CPU work of the callee for each call.";
    CPU_PER_KIB "cpu_per_kib": Shape::Duration, LeftOut::DefaultOf("protocol.*.cpu_per_kib", PROTOCOLS),
        "CPU work at each end for each KiB of payload.";
    OVERHEAD "overhead": Shape::Size, LeftOut::DefaultOf("protocol.*.overhead", PROTOCOLS),
        "Headers and frames of each message, beside the payload.";
    EXPANSION "expansion": Shape::Number, LeftOut::DefaultOf("protocol.*.expansion", PROTOCOLS),
        "How many bytes on the wire each byte of payload takes.";
} }

impl Decoder<'_> {
    /// The built-in protocols, then the author's.
    pub(super) fn protocols(&mut self, node: Option<&Node>, path: &Path<'_>) -> Vec<Protocol> {
        let entries = node.and_then(|node| self.map(node, "a map of protocols"));
        let entries = entries.unwrap_or_default();
        let nothing = Node::map(Vec::new(), Default::default());
        let mut protocols = Vec::new();
        for name in BUILT_IN {
            let given = entries.iter().find(|entry| entry.key.as_str() == name);
            let node = given.map_or(&nothing, |entry| &entry.value);
            protocols.extend(self.protocol(name, node, name, path));
        }
        for entry in entries {
            let name = self.name(&entry.key, true);
            if name.as_str() == NONE {
                let message = "`none` stands for no protocol, so no layout could choose this one";
                let diagnostic = Diagnostic::new(Code::BadName, message, name.span);
                self.tell(diagnostic.hint("give this protocol another name"));
            } else if !BUILT_IN.contains(&name.as_str()) {
                protocols.extend(self.protocol(&name, &entry.value, OTHER_PROTOCOL, path));
            }
        }
        protocols
    }

    /// A protocol; what is left out has the default of the one called `whose`.
    fn protocol(
        &mut self,
        name: &str,
        node: &Node,
        whose: &str,
        path: &Path<'_>,
    ) -> Option<Protocol> {
        let fields = self.fields::<ProtocolFields>(node, &path.to(name))?;
        let [client_cpu, server_cpu] = [ProtocolFields::CLIENT_CPU, ProtocolFields::SERVER_CPU]
            .map(|field| fields.or_of(self, field, whose, Self::work));
        let cpu_per_kib = fields.or_of(self, ProtocolFields::CPU_PER_KIB, whose, Self::quantity);
        let overhead = fields.or_of(self, ProtocolFields::OVERHEAD, whose, Self::quantity);
        let expansion = fields.or_of(self, ProtocolFields::EXPANSION, whose, |d, node| {
            d.number(node, "an expansion", 0.0..=MOST_EXPANSION)
        });
        self.finish(&fields);
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
