//! A moment of a run in words. Two moments are the same if they read the same and are for the same request:
//! ids are left out, because they say nothing across layouts and edits.

use crate::measure::{Category, Kind};
use crate::plan::{ANSWER_STEP, JOIN_STEP, NONE, Plan, Step};
use crate::random::Key;
use crate::runtime::{Moment, What};
use crate::units::Nanos;

/// Names of a plan, to look up for every moment.
pub(super) struct Names<'p> {
    plan: &'p Plan,
    /// First step of each operation and its name, ascending.
    operations: Vec<(u32, &'p str)>,
}

impl<'p> Names<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let entries = plan.entries.iter();
        let mut operations: Vec<(u32, &str)> =
            entries.map(|(name, _, first)| (*first, name.as_str())).collect();
        operations.sort_unstable();
        Names { plan, operations }
    }

    /// The operation that a step belongs to; none of the steps that all share.
    fn operation(&self, step: u32) -> Option<&'p str> {
        if step as usize >= self.plan.steps.len() {
            return None;
        }
        let behind = self.operations.partition_point(|(first, _)| *first <= step);
        behind.checked_sub(1).map(|index| self.operations[index].1)
    }
}

/// What a moment tells, all of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Told<'p> {
    time: u64,
    /// The request it is for; [`Key::default`] where requests of the two runs have no keys in common.
    request: Key,
    user: u32,
    endpoint: Option<&'p str>,
    operation: Option<&'p str>,
    /// Service, and number of the instance from 1 where there are several.
    place: Option<(&'p str, Option<u32>)>,
    happens: &'static str,
    /// Word between what happens and its subject.
    joint: &'static str,
    subject: &'p str,
    work: u64,
    waited: u64,
    failure: Option<&'static str>,
}

impl<'p> Told<'p> {
    /// What a moment of a run tells. `keyed`: whether requests of the two runs have keys in common.
    pub(super) fn new(names: &Names<'p>, moment: &Moment, keyed: bool) -> Self {
        let plan = names.plan;
        let (happens, joint, subject) = happening(names, moment);
        Told {
            time: moment.time,
            request: if keyed { moment.request } else { Key::default() },
            user: moment.user,
            endpoint: plan.endpoints.get(moment.endpoint as usize).map(|found| &*found.name),
            operation: names.operation(moment.step),
            place: place(plan, moment.instance),
            happens,
            joint,
            subject,
            work: moment.work,
            waited: moment.waited,
            failure: failure(moment.failure),
        }
    }

    /// As a sentence; `number` is that of the request.
    pub(super) fn words(&self, number: Option<u64>) -> String {
        let mut who = match (number, self.user) {
            (Some(number), NONE) => format!("request {number}"),
            (Some(number), user) => format!("request {number} of user {}", user + 1),
            (None, _) => String::new(),
        };
        if let Some(endpoint) = self.endpoint {
            who += &format!(" ({endpoint})");
        }
        let mut runs = self.operation.unwrap_or_default().to_string();
        if let Some((service, instance)) = self.place {
            let instance = instance.map_or(String::new(), |number| format!(" {number}"));
            runs += &format!(" on {service}{instance}");
        }
        let parts: Vec<&str> =
            [who.trim(), runs.trim()].into_iter().filter(|part| !part.is_empty()).collect();
        let separator = if parts.is_empty() { "" } else { ": " };
        let mut text = format!("{}{separator}{}", parts.join(", "), self.happens);
        if self.work > 0 {
            text += &format!(" of {} is done", exact(self.work));
        }
        if !self.subject.is_empty() {
            text += &format!(" {} {}", self.joint, self.subject);
        }
        if self.waited != self.work {
            text += &format!(" after {}", exact(self.waited));
        }
        if let Some(failure) = self.failure {
            text += &format!(", which went wrong: {failure}");
        }
        text
    }
}

/// A time that is not torn from its unit where a line is broken.
fn exact(time: u64) -> String {
    Nanos(time).to_string().replace(' ', "\u{a0}")
}

/// What happens, to or with what, and the word between.
fn happening<'p>(names: &Names<'p>, moment: &Moment) -> (&'static str, &'static str, &'p str) {
    let plan = names.plan;
    let done = moment.step.checked_sub(1).and_then(|step| plan.steps.get(step as usize));
    match moment.what {
        What::Comes => ("comes", "", ""),
        What::Starts => ("starts", "", ""),
        What::PageRead => ("a page is read", "for", label(plan, done)),
        What::GivesUp => ("gives up waiting for a connection", "to", database(plan, done)),
        What::LosesPatience => ("loses patience", "in the queue of", service(plan, moment)),
        What::LooksForDeadlock => {
            ("looks for a deadlock", "at", label(plan, plan.steps.get(moment.step as usize)))
        }
        What::Flushed(log) => ("the log is on disk", "of", &plan.databases[log as usize].name),
        What::GoesOn(category) => wait_over(names, moment, category, done),
    }
}

/// Name of the service that a frame runs on or waits at.
fn service<'p>(plan: &'p Plan, moment: &Moment) -> &'p str {
    let instance = &plan.instances[moment.instance as usize];
    &plan.services[instance.service as usize].name
}

fn wait_over<'p>(
    names: &Names<'p>,
    moment: &Moment,
    category: Category,
    done: Option<&Step>,
) -> (&'static str, &'static str, &'p str) {
    let plan = names.plan;
    match category {
        Category::Network => message(names, moment, done),
        Category::ThreadQueue => ("gets a thread", "", ""),
        Category::CpuWait | Category::Cpu => ("CPU work", "", ""),
        Category::Serialisation => ("CPU work of the protocol", "", ""),
        Category::PoolWait => ("gets a connection", "to", database(plan, done)),
        Category::DatabaseCpuWait | Category::DatabaseCpu => ("CPU work", "for", label(plan, done)),
        Category::Storage => ("has its pages", "for", label(plan, done)),
        Category::LockWait => {
            ("gets a row lock", "for", label(plan, plan.steps.get(moment.step as usize)))
        }
        Category::Commit => ("its commit is on disk", "of", database(plan, done)),
        Category::Broker => ("its message is delivered", "", ""),
        Category::External => ("has the answer", "of", external(plan, done)),
        Category::Backoff => ("tries again", "", ""),
        Category::Delay => ("its wait is over", "", ""),
    }
}

/// What a message was that has arrived.
fn message<'p>(
    names: &Names<'p>,
    moment: &Moment,
    done: Option<&Step>,
) -> (&'static str, &'static str, &'p str) {
    let plan = names.plan;
    if plan.steps.get(moment.step as usize) == Some(&Step::Enter) {
        return ("the call arrives", "", "");
    }
    match (moment.step, done) {
        (ANSWER_STEP, _) => ("the answer reaches the client", "", ""),
        (JOIN_STEP, _) => ("the reply of a branch arrives", "", ""),
        (_, Some(Step::Rpc { call, .. })) => {
            let entry = plan.calls[*call as usize].entry;
            ("has the reply", "of", names.operation(entry).unwrap_or_default())
        }
        (_, Some(Step::DatabaseHop { .. })) => {
            ("a message arrives", "to or from", database(plan, done))
        }
        (_, Some(Step::LocalHop)) => ("the call in the process arrives", "", ""),
        _ => ("a message arrives", "", ""),
    }
}

fn database<'p>(plan: &'p Plan, step: Option<&Step>) -> &'p str {
    match step {
        Some(
            Step::Begin { database, .. }
            | Step::DatabaseHop { database, .. }
            | Step::Flush { database },
        ) => &plan.databases[*database as usize].name,
        _ => "",
    }
}

fn label<'p>(plan: &'p Plan, step: Option<&Step>) -> &'p str {
    match step {
        Some(
            Step::DatabaseCpu { statement, .. }
            | Step::Pages { statement, .. }
            | Step::Lock { statement, .. },
        ) => &plan.statements[*statement as usize].label,
        _ => "",
    }
}

fn external<'p>(plan: &'p Plan, step: Option<&Step>) -> &'p str {
    match step {
        Some(Step::External { external, .. }) => &plan.externals[*external as usize].name,
        _ => "",
    }
}

fn place(plan: &Plan, instance: u32) -> Option<(&str, Option<u32>)> {
    let of = plan.instances.get(instance as usize)?;
    let service = &plan.services[of.service as usize];
    let number = (service.replicas > 1).then(|| instance - service.first_instance + 1);
    Some((&service.name, number))
}

fn failure(kind: u8) -> Option<&'static str> {
    let kinds = [
        (Kind::Rejected, "turned away"),
        (Kind::Timeout, "waited too long"),
        (Kind::Failed, "failed"),
        (Kind::Deadlock, "deadlock"),
    ];
    kinds.into_iter().find(|(known, _)| *known as u8 == kind).map(|(_, word)| word)
}
