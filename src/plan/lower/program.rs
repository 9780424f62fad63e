//! Lowering: an operation's steps to flat instructions, once per layout.
//!
//! Bodies that run as frames of their own (branches, turns of a repeat, statements that an owner runs
//! for others) are written behind the operation that mentions them, so a listing reads downward.

use super::lowering::{
    DRAWS_PER_STEP, DeferredBody, LocalCall, Lowering, OPEN, Patch, RemoteCall, part_site,
};
use super::messaging::size_of;
use super::place::{Place, Spans};
use super::taking_part::FormOf;
use crate::ids::Id;
use crate::model::{self, Action, Call, OperationId, Times};
use crate::plan::defaults::default_quantity;
use crate::plan::{
    ANSWER_STEP, BranchCall, CallSite, Choice, ChoiceWay, EndpointPlan, EntryPlan, FAIL_STEP,
    FirstWork, Fork, JOIN_STEP, Loop, OWN_KEY, Remark, ServicePlan, SpanStep, Step, TrailAct,
};
use crate::random::CountSampler;
use crate::scenario::{Code, Diagnostic};
use crate::units::Bytes;

impl<'a> Lowering<'a> {
    /// Lowers every operation and links the calls between them.
    pub(in crate::plan) fn lower(mut self) -> Vec<Diagnostic> {
        let shared = [Step::Fail, Step::Answer, Step::Join].map(|step| self.emit_for(step, None));
        assert!(shared == [FAIL_STEP, ANSWER_STEP, JOIN_STEP], "the shared steps come first");
        self.find_views();
        self.find_logs();
        self.topics();
        for index in 0..self.model.application.operations.len() {
            self.operation(OperationId(index as u32));
        }
        self.endpoints();
        self.statements_for_owners();
        self.write_forms();
        self.write_applies();
        for LocalCall { at, to, site, is_awaited } in std::mem::take(&mut self.local_calls) {
            let entry = self.local_entry[to.index()];
            self.plan.program.steps[at] = match is_awaited {
                true => Step::Local { entry, site },
                false => Step::Spawn { entry, site },
            };
        }
        for RemoteCall { call, to } in std::mem::take(&mut self.remote_calls) {
            self.plan.program.calls[call].entry = self.remote_entry[to.index()];
        }
        self.couriers();
        self.find_branches_of_one_call();
        self.find_first_work();
        self.diagnostics
    }

    /// Marks the branches that are nothing but a call: they need no frame of their own.
    fn find_branches_of_one_call(&mut self) {
        let steps = &self.plan.program.steps;
        for fork in self.plan.program.forks.iter_mut() {
            let only_call = |branch: &Id<Step>| {
                let [Step::Rpc { call, site }, Step::Return, ..] = *steps.rest(*branch) else {
                    return None;
                };
                (site != OWN_KEY).then_some(BranchCall { call, site })
            };
            fork.calls = fork.branches.iter().map(only_call).collect();
        }
    }

    /// Marks the calls to operations that begin with work: it starts with no round of its own.
    fn find_first_work(&mut self) {
        let program = &mut self.plan.program;
        for call in program.calls.iter_mut() {
            if let [Step::Enter, Step::Cpu { sampler, site }, ..] = *program.steps.rest(call.entry)
            {
                let law = program.samplers[sampler].clone();
                call.first_work = Some(FirstWork { law, site });
            }
        }
    }

    fn operation(&mut self, id: OperationId) {
        let model = self.model;
        let operation = &model.application.operations[id.index()];
        let service = self.deployment.service_of_module[operation.module.index()];
        let place = Place::alone(operation.module, service);
        let name = model.application.operation_name(id);
        self.remote_entry[id.index()] = self.enter(name, service);
        self.local_entry[id.index()] = self.next_pc();
        let tells = self.tells_views(id);
        if tells {
            self.gathering(TrailAct::Gather, place);
        }
        self.steps(&operation.steps, place);
        if tells {
            self.gathering(TrailAct::Scatter, place);
        }
        self.emit(Step::Return, service);
        self.write_deferred();
    }

    /// Writes the bodies that run as frames of their own.
    pub(super) fn write_deferred(&mut self) {
        while let Some(DeferredBody { patch, steps, place }) = self.deferred.pop() {
            let body = self.next_pc();
            match patch {
                Patch::Branch { fork, branch } => {
                    self.plan.program.forks[fork].branches[branch] = body;
                }
                Patch::Loop(index) => self.plan.program.loops[index].body = body,
            }
            self.steps(steps, place);
            self.emit(Step::Return, place.service);
        }
    }

    /// Names steps that are no operation which others may call; answers the first.
    pub(super) fn unentered(&mut self, name: String, service: Id<ServicePlan>) -> Id<Step> {
        let first = self.next_pc();
        self.plan.program.entries.push(EntryPlan { name, service, first });
        first
    }

    /// Writes the prelude of an operation that other services may call; answers its first step.
    pub(super) fn enter(&mut self, name: String, service: Id<ServicePlan>) -> Id<Step> {
        let entry = self.unentered(name, service);
        self.emit(Step::Enter, service);
        if self.protocol_costs_cpu() {
            self.emit(Step::ServerCpu, service);
        }
        entry
    }

    fn endpoints(&mut self) {
        for endpoint in &self.model.workload.endpoints {
            let service = self.service_of(endpoint.call);
            let request = self.message(endpoint.request.0);
            let reply = self.message(endpoint.reply.0);
            let call = self.plan.program.calls.push(CallSite {
                entry: OPEN,
                first_work: None,
                service,
                request,
                reply,
                hops: self.model.workload.client.is_some() && !self.plan.site.links.is_empty(),
                timeout: None,
                client_cpu: None,
                server_cpu: None,
                bytes_cpu: 0,
            });
            self.remote_calls.push(RemoteCall { call, to: endpoint.call });
            let index = self.plan.load.endpoints.len() as u32;
            let promised = self.model.slos.iter().any(|slo| slo.endpoint == Some(index));
            self.plan.load.endpoints.push(EndpointPlan {
                name: endpoint.name.value.clone(),
                call,
                class: u8::MAX - *endpoint.priority,
                client: self.model.workload.client,
                promised,
            });
        }
    }

    pub(super) fn steps(&mut self, steps: &'a [model::OperationStep], place: Place) {
        match (place.undoing, place.spans) {
            (Some(saga), _) => {
                steps.iter().rev().for_each(|step| self.undo_step(step, saga, place));
            }
            (None, Some(Spans::Parts(spanning))) => self.parts(steps, spanning, place),
            (None, Some(Spans::TwoPhase) | None) => {
                steps.iter().for_each(|step| self.step(step, place));
            }
        }
    }

    pub(super) fn step(&mut self, step: &'a model::OperationStep, place: Place) {
        let site = step.site * DRAWS_PER_STEP;
        match &step.action {
            Action::Cpu(work) => {
                if let Some(sampler) = self.plan.add_sampler(work) {
                    self.emit(Step::Cpu { sampler, site }, place.service);
                }
            }
            Action::Wait(delay) => {
                if let Some(sampler) = self.plan.add_sampler(delay) {
                    self.emit(Step::Wait { sampler, site }, place.service);
                }
            }
            Action::Call(call) => self.call(*call, site, place),
            Action::Parallel(branches) => self.parallel(step, branches, site, place),
            Action::Choice(branches) => self.choice(branches, site, place),
            Action::Repeat { times, steps } => self.repeat(*times, steps, site, place),
            Action::Read(statement) => self.statement(statement, false, site, place),
            Action::Write(statement) => self.statement(statement, true, site, place),
            Action::Join(join) => self.join(join, site, place),
            Action::Transaction(transaction) => {
                self.transaction(step.span, transaction, site, place);
            }
            Action::Publish(event) => self.publish(*event, site, place),
            Action::Cache { hit, miss, .. } => {
                let choice = self.open_choice(site, place);
                self.steps(miss, place);
                let behind = self.next_pc();
                self.plan.program.choices[choice]
                    .ways
                    .push(ChoiceWay { cumulative: hit.0, to: behind });
            }
            Action::External(external) => {
                let external = Id::new(external.index());
                self.emit(Step::External { external, site }, place.service);
            }
            Action::Fail(share) => {
                let choice = self.open_choice(site, place);
                self.plan.program.choices[choice]
                    .ways
                    .push(ChoiceWay { cumulative: share.0, to: FAIL_STEP });
            }
        }
    }

    pub(super) fn call(&mut self, call: Call, site: u32, place: Place) {
        if place.spans == Some(Spans::TwoPhase) {
            return self.call_form(call, FormOf::Part(Spans::TwoPhase), site, place);
        }
        let service = self.service_of(call.to);
        if service == place.service {
            self.emit_local_hop(place);
            let at = self.emit(Step::Local { entry: OPEN, site }, place.service);
            self.local_calls.push(LocalCall { at, to: call.to, site, is_awaited: true });
            self.emit_local_hop(place);
        } else {
            let commits_alone =
                place.transaction.is_some() && self.model.application.writes(call.to);
            if commits_alone {
                let callee = &self.plan.site.services[service].name;
                let message = format!(
                    "a transaction of {} calls {callee}: what {callee} writes commits on its own \
                     and does not roll back with it",
                    self.plan.site.services[place.service].name,
                );
                self.plan.remarks.push(Remark { code: Code::CallInTransaction, message });
            }
            let index = self.remote_call(service, call.request, call.reply);
            self.remote_calls.push(RemoteCall { call: index, to: call.to });
            self.emit_rpc(index, site, place);
            if commits_alone {
                self.emit_spanning(SpanStep::DoneForGood, place);
            }
        }
    }

    fn publish(&mut self, event: model::EventId, site: u32, place: Place) {
        if self.layout.messaging.is_some() {
            return self.send_event(event, site, place);
        }
        let model = self.model;
        let event = &model.application.events[event.index()];
        let subscribers = &event.subscribers;
        for (number, subscriber) in subscribers.iter().enumerate() {
            // Each subscriber has a key of its own, the same wherever it runs.
            let site = part_site(site, number);
            if self.service_of(*subscriber) == place.service {
                let at = self.emit(Step::Spawn { entry: OPEN, site }, place.service);
                self.local_calls.push(LocalCall { at, to: *subscriber, site, is_awaited: false });
            } else {
                self.remark_wait(&event.name, *subscriber, place);
                let reply: Bytes = default_quantity("call.request");
                let request = size_of(event);
                let call = Call { to: *subscriber, request, reply, undo: None };
                // What it does is its own: no part of the transaction.
                self.call(call, site, Place { spans: None, ..place });
            }
        }
    }

    /// An event to another service is a call, which is waited for.
    fn remark_wait(&mut self, event: &str, subscriber: model::OperationId, place: Place) {
        let services = &self.plan.site.services;
        let [from, to] = [place.service, self.service_of(subscriber)].map(|it| &services[it].name);
        let message = format!(
            "event {event} of {from} is a call of {to}, and {from} waits until {} is done there",
            self.model.application.operation_name(subscriber)
        );
        self.plan.remarks.push(Remark { code: Code::EventWaitedFor, message });
    }

    fn parallel(
        &mut self,
        step: &'a model::OperationStep,
        branches: &'a [Vec<model::OperationStep>],
        site: u32,
        place: Place,
    ) {
        if self.share_session(branches, place) {
            let message = "steps of a transaction share one connection and cannot run in parallel";
            let diagnostic = Diagnostic::new(Code::ParallelInTransaction, message, step.span)
                .hint("write them one after the other, or move them out of the transaction");
            self.diagnostics.push(diagnostic);
            return;
        }
        let open = Fork { branches: vec![OPEN; branches.len()], calls: Vec::new() };
        let fork = self.plan.program.forks.push(open);
        self.emit(Step::Fork { fork, site }, place.service);
        let patches = branches.iter().enumerate().rev();
        self.deferred.extend(patches.map(|(branch, steps)| DeferredBody {
            patch: Patch::Branch { fork, branch },
            steps,
            place,
        }));
    }

    /// Whether more than one of these branches would work on one session at the same time.
    fn share_session(&self, branches: &'a [Vec<model::OperationStep>], place: Place) -> bool {
        let states = |branch: &&'a Vec<model::OperationStep>| match (place.transaction, place.spans)
        {
            (Some(database), _) => {
                let mut reached = self.in_process(branch, place).into_iter();
                reached.any(|found| self.states_on(found.step, database, found.place))
            }
            (None, Some(Spans::TwoPhase)) => !self.reached_databases(branch).is_empty(),
            (None, Some(Spans::Parts(_)) | None) => false,
        };
        branches.iter().filter(states).count() > 1
    }

    fn choice(&mut self, branches: &'a [model::Branch], site: u32, place: Place) {
        let choice = self.open_choice(site, place);
        let mut jumps = vec![self.emit(Step::Jump { to: OPEN }, place.service)];
        let mut cumulative = 0.0;
        for branch in branches {
            cumulative += branch.share.0;
            let way = ChoiceWay { cumulative, to: self.next_pc() };
            self.plan.program.choices[choice].ways.push(way);
            self.steps(&branch.steps, place);
            jumps.push(self.emit(Step::Jump { to: OPEN }, place.service));
        }
        let behind = self.next_pc();
        for pc in jumps {
            self.plan.program.steps[pc] = Step::Jump { to: behind };
        }
    }

    fn open_choice(&mut self, site: u32, place: Place) -> Id<Choice> {
        let choice = self.plan.program.choices.push(Choice { ways: Vec::new() });
        self.emit(Step::Choose { choice, site }, place.service);
        choice
    }

    fn repeat(&mut self, times: Times, steps: &'a [model::OperationStep], site: u32, place: Place) {
        let (times, mean) = match times {
            Times::Fixed(count) => (CountSampler::fixed(count), f64::from(count)),
            Times::Uniform { from, to } => {
                (CountSampler::uniform(from, to), f64::midpoint(f64::from(from), f64::from(to)))
            }
            Times::Geometric { mean } => (CountSampler::geometric(mean), mean),
            Times::Poisson { mean } => (CountSampler::poisson(mean), mean),
        };
        let index = self.plan.program.loops.push(Loop { times, mean, body: OPEN });
        self.emit(Step::Repeat { count: index, site }, place.service);
        self.deferred.push(DeferredBody { patch: Patch::Loop(index), steps, place });
    }
}
