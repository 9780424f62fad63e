//! Lowering of what goes between services: call sites, the protocol's share of the CPU, messages.

use super::lowering::{Lowering, OPEN};
use super::place::{Place, Spans};
use crate::ids::Id;
use crate::model::{Locality, Protocol};
use crate::plan::{CallSite, Message, ServicePlan, SpanStep, Step};
use crate::units::{Bytes, Nanos};

impl<'a> Lowering<'a> {
    /// A call site to `service`, its entry still open.
    pub(super) fn remote_call(
        &mut self,
        service: Id<ServicePlan>,
        request: Bytes,
        reply: Bytes,
    ) -> Id<CallSite> {
        let (mut client_cpu, mut server_cpu, mut bytes_cpu) = (None, None, 0);
        let protocol = self.protocol().cloned();
        if let Some(protocol) = &protocol {
            client_cpu = self.plan.add_sampler(&protocol.client_cpu);
            server_cpu = self.plan.add_sampler(&protocol.server_cpu);
            let kib = (request.0 as f64 + reply.0 as f64) / 1024.0;
            bytes_cpu = (protocol.cpu_per_kib.0 as f64 * kib).round() as u64;
        }
        let on_wire = |payload: Bytes| {
            protocol.as_ref().map_or(payload.0, |protocol| {
                let expanded = (payload.0 as f64 * protocol.expansion).round() as u64;
                protocol.overhead.0.saturating_add(expanded)
            })
        };
        let (request, reply) = (self.message(on_wire(request)), self.message(on_wire(reply)));
        let hops = !self.plan.site.links.is_empty();
        self.plan.program.calls.push(CallSite {
            entry: OPEN,
            first_work: None,
            service,
            request,
            reply,
            hops,
            timeout: None,
            client_cpu,
            server_cpu,
            bytes_cpu,
        })
    }

    /// The call itself, with the caller's share of the protocol before it. From within a two-phase commit the callee
    /// takes part in that.
    pub(super) fn emit_rpc(&mut self, call: Id<CallSite>, site: u32, place: Place) {
        if self.protocol_costs_cpu() {
            self.emit(Step::ClientCpu { call }, place.service);
        }
        let step = match place.spans {
            Some(Spans::TwoPhase) => Step::Spanning(SpanStep::Enlist { call, site }),
            Some(Spans::Parts(_)) | None => Step::Rpc { call, site },
        };
        self.emit(step, place.service);
    }

    /// The latency of a call inside the process, where the platform gives one.
    pub(super) fn emit_local_hop(&mut self, place: Place) {
        if self.plan.site.local_hop.is_some() {
            self.emit(Step::LocalHop, place.service);
        }
    }

    /// The message of so many bytes on the wire.
    pub(super) fn message(&mut self, bytes: u64) -> Id<Message> {
        if let Some(known) = self.messages.get(&bytes) {
            return *known;
        }
        let mut transmission = [0; Locality::ALL.len()];
        if let Some(network) = &self.model.platform.network {
            for (time, link) in transmission.iter_mut().zip(&network.links) {
                *time = Nanos::from_seconds(bytes as f64 / link.bandwidth).0;
            }
        }
        let message = self.plan.program.messages.push(Message { bytes, transmission });
        self.messages.insert(bytes, message);
        message
    }

    /// Whether the layout's protocol takes CPU at either end.
    pub(super) fn protocol_costs_cpu(&self) -> bool {
        self.protocol().is_some_and(|protocol| {
            !protocol.client_cpu.is_zero()
                || !protocol.server_cpu.is_zero()
                || protocol.cpu_per_kib.0 > 0
        })
    }

    fn protocol(&self) -> Option<&'a Protocol> {
        let id = self.layout.protocol?;
        self.model.platform.network.as_ref()?;
        Some(&self.model.platform.protocols[id.index()])
    }
}
