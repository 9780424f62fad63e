//! Calls that come back to a service whose thread they hold: where every thread may come to wait for another
//! one of the same service, for ever.
//!
//! Found beforehand on the compiled steps; whether it happens is for the run to see.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::visits::{callers_first, reached_from, starts};
use super::{NONE, Plan, Step};
use crate::model::Threads;

/// A remark (code, message) for every service with a number of threads that is called back.
pub(super) fn call_backs(plan: &Plan) -> Vec<(String, String)> {
    let graph = Graph::of(plan);
    let in_rings = graph.in_rings(plan.services.len());
    // Who loses patience, or finds no room to wait, gives back what it holds.
    let limited = |service: &usize| {
        let service = &plan.services[*service];
        let lasting = service.patience == NONE && service.queue != Some(0);
        lasting && service.threads != Threads::Async { max_in_flight: None }
    };
    let services = (0..plan.services.len()).filter(|service| in_rings[*service]).filter(limited);
    services
        .filter_map(|service| {
            let path = graph.path_back(service as u32)?;
            let names: Vec<String> = path.iter().map(|entry| plan.entry_name(*entry)).collect();
            let name = &plan.services[service].name;
            let message = format!(
                "{name} is called back while it holds a thread ({}): requests that hold all its threads \
                 wait for one of them for ever",
                names.join(" → ")
            );
            Some(("call-back".to_string(), message))
        })
        .collect()
}

/// Who calls whom and waits for the answer.
struct Graph {
    /// Calls by the first step of the frame that makes them.
    calls: Vec<Vec<Call>>,
    /// Service and first step of the frames that come as requests.
    entries: BTreeSet<(u32, u32)>,
    /// Caller and callee, where both are services.
    between: BTreeSet<(u32, u32)>,
}

#[derive(Clone, Copy)]
struct Call {
    /// First step of the frame that is started.
    to: u32,
    /// Service that it is a request to; [`NONE`] within the same process.
    service: u32,
}

impl Graph {
    fn of(plan: &Plan) -> Self {
        let outside = plan.endpoints.iter().map(|endpoint| &plan.calls[endpoint.call as usize]);
        let entries: BTreeSet<(u32, u32)> =
            outside.map(|call| (call.service, call.entry)).collect();
        let roots: Vec<u32> = entries.iter().map(|(_, entry)| *entry).collect();
        let calls = vec![Vec::new(); plan.steps.len()];
        let mut graph = Graph { calls, entries, between: BTreeSet::new() };
        for from in callers_first(plan, &roots) {
            for pc in reached_from(plan, from) {
                graph.add(plan, from, &plan.steps[pc as usize]);
            }
        }
        graph
    }

    fn add(&mut self, plan: &Plan, from: u32, step: &Step) {
        let service = match step {
            // Nobody waits for it, so it holds nothing of its caller's.
            Step::Spawn { .. } => return,
            Step::Rpc { call, .. } => plan.calls[*call as usize].service,
            _ => NONE,
        };
        for (to, _) in starts(plan, step) {
            self.calls[from as usize].push(Call { to, service });
            if service != NONE {
                self.entries.insert((service, to));
                self.between.insert((plan.service_of_step[from as usize], service));
            }
        }
    }

    /// Whether each service may be part of a ring of calls: those are left when all are taken away that
    /// call nobody who is left.
    fn in_rings(&self, services: usize) -> Vec<bool> {
        let mut callers = vec![Vec::new(); services];
        let mut callees = vec![0; services];
        for (caller, callee) in &self.between {
            callers[*callee as usize].push(*caller as usize);
            callees[*caller as usize] += 1;
        }
        let mut left = vec![true; services];
        let mut ends: Vec<usize> = (0..services).filter(|service| callees[*service] == 0).collect();
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
    fn path_back(&self, service: u32) -> Option<Vec<u32>> {
        let own = self.entries.range((service, 0)..=(service, u32::MAX));
        let mut pending: VecDeque<u32> = own.map(|(_, entry)| *entry).collect();
        // Where each frame was reached from, and whether it is a request.
        let mut reached: BTreeMap<u32, (u32, bool)> =
            pending.iter().map(|entry| (*entry, (NONE, true))).collect();
        while let Some(from) = pending.pop_front() {
            for call in &self.calls[from as usize] {
                if call.service == service {
                    return Some(way(&reached, from, call.to));
                }
                reached.entry(call.to).or_insert_with(|| {
                    pending.push_back(call.to);
                    (from, call.service != NONE)
                });
            }
        }
        None
    }
}

/// The requests that lead from a start to `from`, and the one that follows.
fn way(reached: &BTreeMap<u32, (u32, bool)>, from: u32, to: u32) -> Vec<u32> {
    let mut path = vec![to];
    let mut at = from;
    while at != NONE {
        let (before, is_request) = reached[&at];
        if is_request {
            path.push(at);
        }
        at = before;
    }
    path.reverse();
    path
}
