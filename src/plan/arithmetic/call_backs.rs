//! Calls that come back to a service whose thread they hold: where every thread may come to wait for another
//! one of the same service, for ever.
//!
//! Found beforehand on the compiled steps; whether it happens is for the run to see.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::facts::{Awaited, Start};
use super::frames::Frames;
use crate::ids::{Id, Table};
use crate::model::Threads;
use crate::plan::{Plan, Remark, ServicePlan, Step};
use crate::scenario::Code;

/// A remark for every service with a number of threads that is called back.
pub(in crate::plan) fn call_backs(plan: &Plan) -> Vec<Remark> {
    let graph = Graph::of(plan);
    let in_rings = graph.in_rings(plan);
    // A request that loses patience, or finds no room to wait, gives back what it holds.
    let limited = |service: &Id<ServicePlan>| {
        let service = &plan.site.services[*service];
        let lasting = service.patience.is_none() && service.queue != Some(0);
        lasting && service.threads != Threads::Async { max_in_flight: None }
    };
    let services = plan.site.services.ids().filter(|service| in_rings[*service]).filter(limited);
    services
        .filter_map(|service| {
            let path = graph.path_back(service)?;
            let names: Vec<String> = path.iter().map(|entry| plan.entry_name(*entry)).collect();
            let name = &plan.site.services[service].name;
            let message = format!(
                "{name} is called back while it holds a thread ({}): requests that hold all its threads \
                 wait for one of them for ever",
                names.join(" → ")
            );
            Some(Remark { code: Code::CallBack, message })
        })
        .collect()
}

/// Which frame calls which and waits for the answer.
struct Graph {
    /// Calls by the first step of the frame that makes them.
    calls: Table<Vec<HeldCall>, Step>,
    /// Service and first step of the frames that come as requests.
    entries: BTreeSet<RequestStart>,
    /// Which service calls which.
    between: BTreeSet<ServiceCall>,
}

/// Where requests to a service begin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RequestStart {
    service: Id<ServicePlan>,
    /// First step of their frames.
    first: Id<Step>,
}

/// A service that calls another one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ServiceCall {
    caller: Id<ServicePlan>,
    callee: Id<ServicePlan>,
}

#[derive(Clone, Copy)]
struct HeldCall {
    /// First step of the frame that is started.
    to: Id<Step>,
    /// Service that it is a request to; `None` within the same process.
    service: Option<Id<ServicePlan>>,
}

impl Graph {
    fn of(plan: &Plan) -> Self {
        let outside = plan.load.endpoints.iter().map(|endpoint| &plan.program.calls[endpoint.call]);
        let entries: BTreeSet<_> =
            outside.map(|call| RequestStart { service: call.service, first: call.entry }).collect();
        let calls = Table::filled(Vec::new(), &plan.program.steps);
        let mut graph = Graph { calls, entries, between: BTreeSet::new() };
        for (_, frame) in Frames::of(plan).iter() {
            for step in &frame.steps {
                graph.add(plan, frame.key.first, &step.facts.starts);
            }
        }
        graph
    }

    /// Adds what a step of the frame that starts at `from` starts itself.
    fn add(&mut self, plan: &Plan, from: Id<Step>, starts: &[Start]) {
        // A frame that nobody waits for holds nothing of its caller's.
        for start in starts.iter().filter(|start| start.awaited != Awaited::Never) {
            let Start { entry: to, request_to: service, .. } = *start;
            self.calls[from].push(HeldCall { to, service });
            if let (Some(service), Some(caller)) = (service, plan.program.service_of_step[from]) {
                self.entries.insert(RequestStart { service, first: to });
                self.between.insert(ServiceCall { caller, callee: service });
            }
        }
    }

    /// Whether each service may be part of a ring of calls: services that call none of those left are taken
    /// away one after the other, and what is left at the end may.
    fn in_rings(&self, plan: &Plan) -> Table<bool, ServicePlan> {
        let mut callers = Table::filled(Vec::new(), &plan.site.services);
        let mut callees = Table::filled(0, &plan.site.services);
        for ServiceCall { caller, callee } in &self.between {
            callers[*callee].push(*caller);
            callees[*caller] += 1;
        }
        let mut left = Table::filled(true, &plan.site.services);
        let mut ends: Vec<Id<ServicePlan>> =
            plan.site.services.ids().filter(|service| callees[*service] == 0).collect();
        while let Some(end) = ends.pop() {
            left[end] = false;
            for caller in &callers[end] {
                callees[*caller] -= 1;
                if callees[*caller] == 0 {
                    ends.push(*caller);
                }
            }
        }
        left
    }

    /// First steps of the requests on a shortest way from the service back to itself.
    fn path_back(&self, service: Id<ServicePlan>) -> Option<Vec<Id<Step>>> {
        let own = self.entries.iter().filter(|entry| entry.service == service);
        let mut pending: VecDeque<Id<Step>> = own.map(|entry| entry.first).collect();
        // Where each frame was reached from, and whether it is a request.
        let mut reached: BTreeMap<Id<Step>, Reached> = pending
            .iter()
            .map(|entry| (*entry, Reached { from: None, is_request: true }))
            .collect();
        while let Some(from) = pending.pop_front() {
            for call in &self.calls[from] {
                if call.service == Some(service) {
                    return Some(way(&reached, from, call.to));
                }
                reached.entry(call.to).or_insert_with(|| {
                    pending.push_back(call.to);
                    Reached { from: Some(from), is_request: call.service.is_some() }
                });
            }
        }
        None
    }
}

/// How a frame was reached.
#[derive(Clone, Copy)]
struct Reached {
    /// First step of the frame that started it; `None`: it is where the search began.
    from: Option<Id<Step>>,
    /// Whether it came as a request from another service.
    is_request: bool,
}

/// The requests that lead from a start to `from`, and the one that follows.
fn way(reached: &BTreeMap<Id<Step>, Reached>, from: Id<Step>, to: Id<Step>) -> Vec<Id<Step>> {
    let mut path = vec![to];
    let mut at = Some(from);
    while let Some(here) = at {
        let Reached { from, is_request } = reached[&here];
        if is_request {
            path.push(here);
        }
        at = from;
    }
    path.reverse();
    path
}
