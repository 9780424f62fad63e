//! `workload`: who asks for what, how often.

use std::collections::BTreeMap;

use super::platform::LOCALITIES;
use super::trace::Known;
use super::{Decoder, Names, Path};
use crate::model::{
    Arrivals, At, Endpoint, Locality, OperationId, Platform, Source, Span, Trace, Workload,
};
use crate::scenario::form::{LeftOut, Shape, form};
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Share, significant};

/// The name that stands for all endpoints together.
const ALL: &str = "all";

/// What an endpoint says about its traffic.
struct Traffic<'n> {
    name: At<String>,
    share: Option<&'n Node>,
    arrivals: Option<Arrivals>,
}

/// Number, name and written share of an endpoint that takes a part of the shared arrivals.
type Sharing<'n> = (u32, At<String>, Option<&'n Node>);

form! { WorkloadFields "workload" "a workload" {
    ARRIVALS "arrivals": Shape::Map("arrival process"), LeftOut::Means("each endpoint has its own"),
        "When requests come, for all endpoints that take a share of them.";
    ENDPOINTS "endpoints": Shape::Named(&Shape::Map("endpoint")), LeftOut::Missed,
        "What is asked for, by name.";
    CLIENT "client": Shape::Word(LOCALITIES), LeftOut::Means("latency is measured at the entry"),
        "How far away those are who ask: puts the way to them into the latency.";
} }

form! { EndpointFields "endpoint" "an endpoint" {
    CALL "call": Shape::Name, LeftOut::Missed, "Operation that answers: `module.operation`.";
    REQUEST "request": Shape::Size, LeftOut::Default("endpoint.request"),
        "Payload on the way to the service.";
    REPLY "reply": Shape::Size, LeftOut::Default("endpoint.reply"),
        "Payload on the way back to the client.";
    PRIORITY "priority": Shape::Whole, LeftOut::Default("endpoint.priority"),
        "0 to 255, the greatest first, where a service or its cores serve by it.";
    SHARE "share": Shape::Either(&[Shape::Number, Shape::Share]), LeftOut::Default("endpoint.share"),
        "Part of the common arrivals, against those of the other endpoints.";
    ARRIVALS "arrivals": Shape::Map("arrival process"), LeftOut::Means("a share of the common ones"),
        "When requests come for this endpoint alone.";
} }

impl Decoder<'_> {
    /// The workload; with holes where there are mistakes.
    pub(super) fn workload(&mut self, node: &Node, names: &Names, path: &Path<'_>) -> Workload {
        let mut workload = Workload { endpoints: Vec::new(), sources: Vec::new(), client: None };
        let Some(fields) = self.fields::<WorkloadFields>(node, path) else {
            return workload;
        };
        let arrivals_node = fields.get(WorkloadFields::ARRIVALS);
        let endpoints = self.required(&fields, WorkloadFields::ENDPOINTS);
        let client = fields.get(WorkloadFields::CLIENT);
        self.finish(&fields);
        let entries = endpoints.and_then(|node| self.map(node, "a map of endpoints"));
        let known = takers(entries.unwrap_or_default());
        let arrivals = arrivals_node.and_then(|node| self.arrivals(node, &known));
        workload.client = client.and_then(|node| {
            let words: Vec<_> = Locality::ALL.iter().map(|class| (class.name(), *class)).collect();
            self.word(node, "where the clients are", &words)
        });
        let mut traffic = Vec::new();
        if let (Some([]), Some(node)) = (entries, endpoints) {
            let message = "a workload has at least one endpoint";
            self.tell(Diagnostic::new(Code::NoEndpoints, message, node.span));
        }
        for entry in entries.unwrap_or_default() {
            self.endpoint(entry, names, &path.to("endpoints"), &mut workload, &mut traffic);
        }
        self.sources(node, arrivals_node, arrivals, traffic, &mut workload.sources);
        workload
    }

    /// Without a network no way to the clients takes any time.
    pub(super) fn client_without_network(&mut self, workload: Option<&Node>, platform: &Platform) {
        let client = workload.and_then(|node| node.get(WorkloadFields::CLIENT.name()));
        if let (Some(client), None) = (client, &platform.network) {
            let message = "without a network the way to the clients takes no time";
            let diagnostic = Diagnostic::new(Code::UnusedClient, message, client.span);
            self.tell(diagnostic.hint("leave it out, or leave out `network: none`"));
        }
    }

    fn endpoint<'n>(
        &mut self,
        entry: &'n Entry,
        names: &Names,
        path: &Path<'_>,
        workload: &mut Workload,
        traffic: &mut Vec<Traffic<'n>>,
    ) {
        let name = self.name(&entry.key, true);
        if name.as_str() == ALL {
            let message = "`all` stands for all endpoints together";
            let diagnostic = Diagnostic::new(Code::BadName, message, name.span);
            self.tell(diagnostic.hint("give this endpoint another name"));
        }
        let path = path.to(&entry.key);
        let fields = self.fields::<EndpointFields>(&entry.value, &path);
        let Some(fields) = fields else { return };
        let call = self.required(&fields, EndpointFields::CALL);
        let call = call.and_then(|node| names.resolve_operation(self, node, None));
        let request = fields.or(self, EndpointFields::REQUEST, Self::quantity);
        let reply = fields.or(self, EndpointFields::REPLY, Self::quantity);
        let priority = self.priority(fields.get(EndpointFields::PRIORITY), name.span);
        let share = fields.get(EndpointFields::SHARE);
        let arrivals_node = fields.get(EndpointFields::ARRIVALS);
        if let (Some(share), Some(_)) = (share, arrivals_node) {
            let message = "an endpoint with arrivals of its own takes no share of the others";
            let diagnostic = Diagnostic::new(Code::Conflict, message, share.span);
            self.tell(diagnostic.hint("leave out `share` or `arrivals`"));
        }
        self.finish(&fields);
        let known = Known::from([(name.as_str(), number(workload.endpoints.len()))]);
        let arrivals = arrivals_node.map(|node| self.arrivals(node, &known));
        // A mistaken endpoint is kept by its name, so that its SLO is not refused too.
        let endpoint = Endpoint {
            name: name.clone(),
            call: call.unwrap_or(OperationId(0)),
            request: request.unwrap_or_default(),
            reply: reply.unwrap_or_default(),
            priority,
        };
        workload.endpoints.push(endpoint);
        let arrivals = match arrivals {
            Some(None) => return,
            own => own.flatten(),
        };
        traffic.push(Traffic { name, share, arrivals });
    }

    /// From 0 to 255, the greatest first.
    fn priority(&mut self, node: Option<&Node>, endpoint: Span) -> At<u8> {
        let span = node.map_or(endpoint, |node| node.span);
        let priority = self.or_once(node, EndpointFields::PRIORITY.field, |d, node| {
            d.whole32(node, "a priority", 0..=255)
        });
        At::new(priority.map_or(0, |priority| priority as u8), span)
    }

    /// One source for the shared arrivals, one for each endpoint with its own.
    fn sources(
        &mut self,
        workload: &Node,
        arrivals_node: Option<&Node>,
        arrivals: Option<Arrivals>,
        traffic: Vec<Traffic<'_>>,
        sources: &mut Vec<Source>,
    ) {
        let mut sharing = Vec::new();
        let mut own = Vec::new();
        for (position, endpoint) in traffic.into_iter().enumerate() {
            match endpoint.arrivals {
                Some(arrivals) => own.push(Source {
                    name: endpoint.name.value,
                    arrivals,
                    endpoints: vec![(number(position), 1.0)],
                }),
                None => sharing.push((number(position), endpoint.name, endpoint.share)),
            }
        }
        if sharing.is_empty() {
            if let Some(node) = arrivals_node.filter(|_| !own.is_empty()) {
                let message = "no endpoint takes a share of these arrivals: each has its own";
                self.tell(Diagnostic::new(Code::UnusedArrivals, message, node.span));
            }
        } else if arrivals_node.is_none() {
            let names: Vec<_> = sharing.iter().take(3).map(|(_, name, _)| quoted(name)).collect();
            let message = format!("a workload needs `arrivals`; {} has none", names.join(", "));
            let diagnostic = Diagnostic::new(Code::MissingField, message, workload.span);
            self.tell(diagnostic.hint("write `arrivals: { poisson: 400/s }`"));
        } else {
            let endpoints = match &arrivals {
                Some(Arrivals::Trace(Trace { endpoints: Some(asked), .. })) => {
                    self.shares_of_trace(asked, &sharing)
                }
                _ => self.shares(&sharing),
            };
            if let (Some(endpoints), Some(arrivals)) = (endpoints, arrivals) {
                sources.push(Source { name: String::new(), arrivals, endpoints });
            }
        }
        sources.extend(own);
    }

    /// Probabilities from relative weights; who has none of the traffic is left out.
    fn shares(&mut self, sharing: &[Sharing<'_>]) -> Option<Vec<(u32, f64)>> {
        let errors = self.errors();
        let any = sharing.iter().any(|(_, _, share)| share.is_some());
        let mut weights = Vec::with_capacity(sharing.len());
        for (index, name, share) in sharing {
            let weight = match share {
                Some(node) => {
                    let path = || format!("workload.endpoints.{}.share", name.value);
                    let field = EndpointFields::SHARE.field;
                    self.read_beside_default(node, field, "", path, Self::weight)
                }
                None if any => {
                    let message =
                        format!("endpoint {} needs `share`: others have one", quoted(name));
                    self.tell(Diagnostic::new(Code::MissingField, message, name.span));
                    None
                }
                None => {
                    let path = format!("workload.endpoints.{}.share", name.value);
                    let key = &EndpointFields::SHARE.field.default("").key;
                    Some(self.default_with(path, key, Self::weight))
                }
            };
            weights.push((*index, weight.unwrap_or_default()));
        }
        if self.errors() > errors {
            return None;
        }
        let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
        if sum <= 0.0 {
            let span = sharing.first().and_then(|(_, _, share)| *share).map(|node| node.span);
            let message = "the shares of the endpoints add up to 0";
            self.tell(Diagnostic::new(Code::Shares, message, span.unwrap_or_default()));
            return None;
        }
        self.percentages(sharing, sum)?;
        for ((_, name, share), (_, weight)) in sharing.iter().zip(&weights) {
            if let Some(node) = share.filter(|_| *weight == 0.0) {
                let message =
                    format!("endpoint {} has share 0: no request goes there", quoted(name));
                self.tell(Diagnostic::new(Code::ZeroShare, message, node.span));
            }
        }
        weights.retain(|(_, weight)| *weight > 0.0);
        for (_, weight) in &mut weights {
            *weight /= sum;
        }
        Some(weights)
    }

    /// Where shares are percentages, they are of a whole: more than that cannot be. Plain numbers only count
    /// against each other.
    fn percentages(&mut self, sharing: &[Sharing<'_>], sum: f64) -> Option<()> {
        /// What thirds, sixths and sevenths may lack when they are rounded.
        const ROUNDED: f64 = 1.0;
        let nodes = || sharing.iter().filter_map(|(_, _, share)| *share);
        if !nodes().any(is_percentage) {
            return Some(());
        }
        let span = nodes().next_back().map(|node| node.span).unwrap_or_default();
        let found = significant(sum, 7);
        if sum > 100.0 + 1e-6 {
            let message = format!(
                "the shares of the endpoints add up to {found} %, which cannot be: there is no more than 100 %"
            );
            let hint = "change one of them, or write plain numbers, which count against each other";
            self.tell(Diagnostic::new(Code::Shares, message, span).hint(hint));
            return None;
        }
        if sum < 100.0 - ROUNDED {
            let message = format!(
                "the shares of the endpoints add up to {found} % and are taken as parts of that: probably not meant"
            );
            let hint = "write what is left as a share of an endpoint, or plain numbers";
            self.tell(Diagnostic::new(Code::PartialShares, message, span).hint(hint));
        }
        Some(())
    }

    /// How often the lines of a trace name each endpoint; who is never named is left out.
    fn shares_of_trace(
        &mut self,
        asked: &[u32],
        sharing: &[Sharing<'_>],
    ) -> Option<Vec<(u32, f64)>> {
        for node in sharing.iter().filter_map(|(_, _, share)| *share) {
            let message = "the trace names the endpoint of each request: nobody takes a share";
            let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
            self.tell(diagnostic.hint("leave out `share`, or the endpoints in the file"));
        }
        if self.errors() > 0 {
            // Endpoints behind a mistaken one have other numbers.
            return None;
        }
        let mut counts = BTreeMap::<u32, u64>::new();
        for endpoint in asked {
            *counts.entry(*endpoint).or_default() += 1;
        }
        let mut shares = Vec::new();
        for (index, name, _) in sharing {
            match counts.get(index) {
                Some(count) => shares.push((*index, *count as f64 / asked.len() as f64)),
                None => {
                    let message = format!(
                        "the trace never names endpoint {}: no request goes there",
                        quoted(name)
                    );
                    self.tell(Diagnostic::new(Code::ZeroShare, message, name.span));
                }
            }
        }
        Some(shares)
    }

    /// A relative weight: a plain number, or a percentage.
    fn weight(&mut self, node: &Node) -> Option<f64> {
        match is_percentage(node) {
            true => self.quantity::<Share>(node).map(|share| 100.0 * share.0),
            false => self.number(node, "a share", 0.0..=1e9),
        }
    }
}

fn is_percentage(node: &Node) -> bool {
    node.text().is_some_and(|text| text.trim_end().ends_with('%'))
}

/// Endpoints without arrivals of their own.
fn takers(entries: &[Entry]) -> Known<'_> {
    let own = |entry: &Entry| {
        let fields = entry.value.entries().unwrap_or_default();
        fields.iter().any(|field| field.key.as_str() == EndpointFields::ARRIVALS.name())
    };
    let takers = entries.iter().enumerate().filter(|(_, entry)| !own(entry));
    takers.map(|(position, entry)| (entry.key.as_str(), number(position))).collect()
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
