//! A moment of a run in words. Two moments are the same if they read the same and are for the same request:
//! ids are left out, because they say nothing across layouts and edits.

use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{ANSWER_STEP, InstancePlan, JOIN_STEP, Plan, Step};
use crate::random::Key;
use crate::runtime::{Moment, User, What};
use crate::units::Nanos;

/// Names of a plan, to look up for every moment.
pub(super) struct PlanNames<'p> {
    plan: &'p Plan,
    /// First step of each operation and its name, ascending.
    operations: Vec<(Id<Step>, &'p str)>,
}

impl<'p> PlanNames<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let entries = plan.entries.iter();
        let mut operations: Vec<(Id<Step>, &str)> =
            entries.map(|entry| (entry.first, entry.name.as_str())).collect();
        operations.sort_unstable();
        PlanNames { plan, operations }
    }

    /// The operation that a step belongs to; none of the steps that all share.
    fn operation(&self, step: Id<Step>) -> Option<&'p str> {
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
    user: Option<Id<User>>,
    endpoint: Option<&'p str>,
    operation: Option<&'p str>,
    /// Service, and number of the instance from 1 where there are several.
    place: Option<(&'p str, Option<usize>)>,
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
    pub(super) fn new(names: &PlanNames<'p>, moment: &Moment, keyed: bool) -> Self {
        let plan = names.plan;
        let (happens, joint, subject) = happening(names, moment);
        Told {
            time: moment.time,
            request: if keyed { moment.request } else { Key::default() },
            user: moment.user,
            endpoint: moment.endpoint.map(|endpoint| &*plan.endpoints[endpoint].name),
            operation: moment.step.and_then(|step| names.operation(step)),
            place: moment.instance.map(|instance| place(plan, instance)),
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
            (Some(number), None) => format!("request {number}"),
            (Some(number), Some(user)) => {
                format!("request {number} of user {}", user.index() + 1)
            }
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
fn happening<'p>(names: &PlanNames<'p>, moment: &Moment) -> (&'static str, &'static str, &'p str) {
    let plan = names.plan;
    let next = moment.step.map(|step| &plan.steps[step]);
    let behind = moment.step.filter(|step| step.index() > 0);
    let done = behind.map(|step| &plan.steps[step.before()]);
    match moment.what {
        What::Comes => ("comes", "", ""),
        What::Starts => ("starts", "", ""),
        What::PageRead => ("a page is read", "for", label(plan, done)),
        What::GivesUp => ("gives up waiting for a connection", "to", database(plan, done)),
        What::LosesPatience => ("loses patience", "in the queue of", service(plan, moment)),
        What::LooksForDeadlock => ("looks for a deadlock", "at", label(plan, next)),
        What::Flushed(log) => ("the log is on disk", "of", &plan.databases[log].name),
        What::GoesOn(category) => wait_over(names, moment, category, (done, next)),
    }
}

/// Name of the service that a frame runs on or waits at.
fn service<'p>(plan: &'p Plan, moment: &Moment) -> &'p str {
    moment.instance.map_or("", |at| &plan.services[plan.instances[at].service].name)
}

fn wait_over<'p>(
    names: &PlanNames<'p>,
    moment: &Moment,
    category: Category,
    (done, next): (Option<&Step>, Option<&Step>),
) -> (&'static str, &'static str, &'p str) {
    let plan = names.plan;
    match category {
        Category::Network => message(names, moment, (done, next)),
        Category::ThreadQueue => ("gets a thread", "", ""),
        Category::CpuWait | Category::Cpu => ("CPU work", "", ""),
        Category::Serialisation => ("CPU work of the protocol", "", ""),
        Category::PoolWait => ("gets a connection", "to", database(plan, done)),
        Category::DatabaseCpuWait | Category::DatabaseCpu => ("CPU work", "for", label(plan, done)),
        Category::Storage => ("has its pages", "for", label(plan, done)),
        Category::LockWait => ("gets a row lock", "for", label(plan, next)),
        Category::Commit => ("its commit is on disk", "of", database(plan, done)),
        Category::Broker => ("its message is delivered", "", ""),
        Category::External => ("has the answer", "of", external(plan, done)),
        Category::Backoff => ("tries again", "", ""),
        Category::Delay => ("its wait is over", "", ""),
    }
}

/// What a message was that has arrived.
fn message<'p>(
    names: &PlanNames<'p>,
    moment: &Moment,
    (done, next): (Option<&Step>, Option<&Step>),
) -> (&'static str, &'static str, &'p str) {
    let plan = names.plan;
    if next == Some(&Step::Enter) {
        return ("the call arrives", "", "");
    }
    match (moment.step, done) {
        (Some(step), _) if step == ANSWER_STEP => ("the answer reaches the client", "", ""),
        (Some(step), _) if step == JOIN_STEP => ("the reply of a branch arrives", "", ""),
        (_, Some(Step::Rpc { call, .. })) => {
            let entry = plan.calls[*call].entry;
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
        ) => &plan.databases[*database].name,
        _ => "",
    }
}

fn label<'p>(plan: &'p Plan, step: Option<&Step>) -> &'p str {
    match step {
        Some(
            Step::DatabaseCpu { statement, .. }
            | Step::Pages { statement, .. }
            | Step::Lock { statement, .. },
        ) => &plan.statements[*statement].label,
        _ => "",
    }
}

fn external<'p>(plan: &'p Plan, step: Option<&Step>) -> &'p str {
    match step {
        Some(Step::External { external, .. }) => &plan.externals[*external].name,
        _ => "",
    }
}

fn place(plan: &Plan, instance: Id<InstancePlan>) -> (&str, Option<usize>) {
    let service = &plan.services[plan.instances[instance].service];
    let number = instance.index() - service.first_instance.index() + 1;
    (&service.name, (service.replicas > 1).then_some(number))
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
