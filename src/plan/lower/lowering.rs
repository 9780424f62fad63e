//! A lowering under way: what has been written so far, and what is still open.

use std::collections::BTreeMap;

use super::followed::FollowedTables;
use super::place::{Place, Spans};
use super::taking_part::TakingPart;
use crate::ids::Id;
use crate::model::{self, Layout, Model, OperationId, Statement};
use crate::plan::site::Deployment;
use crate::plan::{CallSite, FAIL_STEP, Fork, Loop, Message, Plan, ServicePlan, SpanStep, Step};
use crate::scenario::Diagnostic;

/// A step that is not known yet: every one is put in its place before the plan is done.
pub(super) const OPEN: Id<Step> = FAIL_STEP;
/// Numbers of the draws that one step may need: kept apart by the purpose.
pub(super) const DRAWS_PER_STEP: u32 = 8;

/// Where part `number` of a step draws: far from the numbers of all other steps, the same in every
/// layout. Beyond some hundreds of parts they start again, under keys of their own frames.
pub(super) fn part_site(site: u32, number: usize) -> u32 {
    let part = (number as u32).wrapping_add(1);
    site.wrapping_add(part.wrapping_mul(0x10_0000 * DRAWS_PER_STEP))
}

/// Lowers all operations of a layout.
pub(in crate::plan) struct Lowering<'a> {
    pub(super) model: &'a Model,
    pub(super) layout: &'a Layout,
    pub(super) deployment: &'a Deployment,
    pub(super) plan: &'a mut Plan,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// First instruction of each operation behind its prelude.
    pub(super) local_entry: Vec<Id<Step>>,
    /// First instruction of each operation, its prelude included.
    pub(super) remote_entry: Vec<Id<Step>>,
    /// Instructions that lead to an operation not lowered yet.
    pub(super) local_calls: Vec<LocalCall>,
    /// Call sites that lead to an operation not lowered yet.
    pub(super) remote_calls: Vec<RemoteCall>,
    /// Bodies to be written behind this operation.
    pub(super) deferred: Vec<DeferredBody<'a>>,
    /// Statements that an owner runs for a caller.
    pub(super) for_owners: Vec<ForOwner>,
    /// Messages by their bytes.
    pub(super) messages: BTreeMap<u64, Id<Message>>,
    /// Operations that take part in transactions of others.
    pub(super) taking_part: TakingPart<'a>,
    /// What is followed row by row.
    pub(super) followed: FollowedTables,
}

/// A call inside a process that leads to an operation not lowered yet.
pub(super) struct LocalCall {
    /// Where it stands.
    pub(super) at: Id<Step>,
    /// What it calls.
    pub(super) to: OperationId,
    /// Keys the frame.
    pub(super) site: u32,
    /// Whether the caller waits for it.
    pub(super) is_awaited: bool,
}

/// A call site that leads to an operation not lowered yet.
pub(super) struct RemoteCall {
    /// Which call.
    pub(super) call: Id<CallSite>,
    /// What it calls.
    pub(super) to: OperationId,
}

/// Steps that run as frames of their own.
pub(super) struct DeferredBody<'a> {
    /// Where they are entered.
    pub(super) patch: Patch,
    /// Which steps.
    pub(super) steps: &'a [model::OperationStep],
    /// Where they stand.
    pub(super) place: Place,
}

/// Where the first instruction of a deferred body must be entered.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patch {
    Branch { fork: Id<Fork>, branch: usize },
    Loop(Id<Loop>),
}

/// A statement that the owner of a table runs for a caller.
pub(super) struct ForOwner {
    /// Call site that leads to it.
    pub(super) call: Id<CallSite>,
    /// What it does.
    pub(super) reads: Vec<Statement>,
    /// Whether it writes.
    pub(super) write: bool,
    /// Keys its draws.
    pub(super) site: u32,
    /// The transaction over several databases that it takes part in.
    pub(super) spans: Option<Spans>,
}

impl<'a> Lowering<'a> {
    pub(in crate::plan) fn new(
        model: &'a Model,
        layout: &'a Layout,
        deployment: &'a Deployment,
        plan: &'a mut Plan,
    ) -> Self {
        let operations = model.application.operations.len();
        Lowering {
            model,
            layout,
            deployment,
            plan,
            diagnostics: Vec::new(),
            local_entry: vec![OPEN; operations],
            remote_entry: vec![OPEN; operations],
            local_calls: Vec::new(),
            remote_calls: Vec::new(),
            deferred: Vec::new(),
            for_owners: Vec::new(),
            messages: BTreeMap::new(),
            taking_part: TakingPart::default(),
            followed: FollowedTables::default(),
        }
    }

    pub(super) fn emit(&mut self, step: Step, service: Id<ServicePlan>) -> Id<Step> {
        self.emit_for(step, Some(service))
    }

    /// A step of a transaction over several databases.
    pub(super) fn emit_spanning(&mut self, step: SpanStep, place: Place) -> Id<Step> {
        self.emit(Step::Spanning(step), place.service)
    }

    pub(super) fn emit_for(&mut self, step: Step, service: Option<Id<ServicePlan>>) -> Id<Step> {
        self.plan.program.service_of_step.push(service);
        self.plan.program.steps.push(step)
    }

    pub(super) fn next_pc(&self) -> Id<Step> {
        self.plan.program.steps.next_id()
    }

    pub(super) fn service_of(&self, operation: OperationId) -> Id<ServicePlan> {
        let module = self.model.application.operations[operation.index()].module;
        self.deployment.service_of_module[module.index()]
    }
}
