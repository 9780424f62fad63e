//! A moment of a run in words. Two moments are the same if they read the same and are for the same request:
//! ids are left out, because they say nothing across layouts and edits.

use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{
    ANSWER_STEP, CourierAct, DatabasePlan, InstancePlan, JOIN_STEP, Plan, SpanStep, Step, TrailPlan,
};
use crate::random::Key;
use crate::runtime::{TraceMoment, User, What};
use crate::units::Nanos;

/// Names of a plan, to look up for every moment.
pub(super) struct PlanNames<'p> {
    plan: &'p Plan,
    /// First step of each operation and its name, ascending.
    operations: Vec<(Id<Step>, &'p str)>,
}

impl<'p> PlanNames<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let entries = plan.program.entries.iter();
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
pub(super) struct Described<'p> {
    time: u64,
    /// The request it is for; [`Key::default`] where requests of the two runs have no keys in common.
    request: Key,
    user: Option<Id<User>>,
    endpoint: Option<&'p str>,
    operation: Option<&'p str>,
    place: Option<RunsOn<'p>>,
    deed: Deed<'p>,
    work: u64,
    waited: u64,
    failure: Option<&'static str>,
}

impl<'p> Described<'p> {
    /// What a moment of a run tells. `keyed`: whether requests of the two runs have keys in common.
    pub(super) fn new(names: &PlanNames<'p>, moment: &TraceMoment, keyed: bool) -> Self {
        let plan = names.plan;
        Described {
            time: moment.time,
            request: if keyed { moment.request } else { Key::default() },
            user: moment.user,
            endpoint: moment.endpoint.map(|endpoint| &*plan.load.endpoints[endpoint].name),
            operation: moment.step.and_then(|step| names.operation(step)),
            place: moment.instance.map(|instance| place(plan, instance)),
            deed: happening(names, moment),
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
        if let Some(RunsOn { service, instance }) = self.place {
            let instance = instance.map_or(String::new(), |number| format!(" {number}"));
            runs += &format!(" on {service}{instance}");
        }
        let parts: Vec<&str> =
            [who.trim(), runs.trim()].into_iter().filter(|part| !part.is_empty()).collect();
        let separator = if parts.is_empty() { "" } else { ": " };
        let mut text = format!("{}{separator}{}", parts.join(", "), self.deed.happens);
        if self.work > 0 {
            text += &format!(" of {} is done", exact(self.work));
        }
        if !self.deed.subject.is_empty() {
            text += &format!(" {} {}", self.deed.joint, self.deed.subject);
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

/// What happens in a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Deed<'p> {
    happens: &'static str,
    /// Word between what happens and its subject.
    joint: &'static str,
    /// To or with what it happens; empty where that goes without saying.
    subject: &'p str,
}

fn deed<'p>(happens: &'static str, joint: &'static str, subject: &'p str) -> Deed<'p> {
    Deed { happens, joint, subject }
}

fn alone<'p>(happens: &'static str) -> Deed<'p> {
    deed(happens, "", "")
}

/// The steps between which a moment lies, where there are such.
struct Between<'p> {
    done: Option<&'p Step>,
    next: Option<&'p Step>,
}

fn happening<'p>(names: &PlanNames<'p>, moment: &TraceMoment) -> Deed<'p> {
    let plan = names.plan;
    let behind = moment.step.filter(|step| step.index() > 0);
    let between = Between {
        done: behind.map(|step| &plan.program.steps[step.before()]),
        next: moment.step.map(|step| &plan.program.steps[step]),
    };
    let done = about(names, between.done);
    match moment.what {
        What::Comes => alone("comes"),
        What::Starts => alone("starts"),
        What::PageRead => deed("a page is read", "for", done.statement),
        What::TimesOut => alone("waits no longer for an answer"),
        What::GivesUp => deed("gives up waiting for a connection", "to", done.database),
        What::LosesPatience => deed("loses patience", "in the queue of", service(plan, moment)),
        What::LooksForDeadlock => {
            deed("looks for a deadlock", "at", about(names, between.next).statement)
        }
        What::Flushed(log) => deed("the log is on disk", "of", &plan.site.databases[log].name),
        What::GoesOn(category) => wait_over(names, moment, category, &between),
    }
}

/// Name of the service that a frame runs on or waits at.
fn service<'p>(plan: &'p Plan, moment: &TraceMoment) -> &'p str {
    moment.instance.map_or("", |at| &plan.site.services[plan.site.instances[at].service].name)
}

fn wait_over<'p>(
    names: &PlanNames<'p>,
    moment: &TraceMoment,
    category: Category,
    between: &Between<'p>,
) -> Deed<'p> {
    let done = about(names, between.done);
    match category {
        Category::Network => message(moment, between, done),
        Category::ThreadQueue => alone("gets a thread"),
        Category::CpuWait | Category::Cpu => alone("CPU work"),
        Category::WakeUp => alone("wakes up"),
        Category::Serialisation => alone("CPU work of the protocol"),
        Category::PoolWait => deed("gets a connection", "to", done.database),
        Category::DatabaseCpuWait | Category::DatabaseCpu => {
            deed("CPU work", "for", done.statement)
        }
        Category::DatabaseWakeUp => deed("a session wakes up", "of", done.database),
        Category::Storage => deed("has its pages", "for", done.statement),
        Category::LockWait => deed("gets a row lock", "for", about(names, between.next).statement),
        Category::Requeue => deed("asks anew", "for", about(names, between.next).statement),
        Category::Commit => deed("its commit is on disk", "of", done.database),
        Category::Broker => alone("its message is delivered"),
        Category::External => deed("has the answer", "of", done.external),
        Category::Backoff => alone("tries again"),
        Category::Delay => alone("its wait is over"),
        Category::Coordination => deed("its decision is on disk", "of", done.database),
    }
}

/// What a message was that has arrived.
fn message<'p>(moment: &TraceMoment, between: &Between<'p>, done: About<'p>) -> Deed<'p> {
    if between.next == Some(&Step::Enter) {
        alone("the call arrives")
    } else if moment.step == Some(ANSWER_STEP) {
        alone("the answer reaches the client")
    } else if moment.step == Some(JOIN_STEP) {
        alone("the reply of a branch arrives")
    } else {
        done.message
    }
}

/// What a step is about.
struct About<'p> {
    /// Name of the database that it goes to; empty where it goes to none, as are the others.
    database: &'p str,
    /// Label of the statement that it is part of.
    statement: &'p str,
    /// Name of the third party that it asks.
    external: &'p str,
    /// What its message is when it arrives.
    message: Deed<'p>,
}

fn about<'p>(names: &PlanNames<'p>, step: Option<&Step>) -> About<'p> {
    let plan = names.plan;
    let message = alone("a message arrives");
    let nothing = About { database: "", statement: "", external: "", message };
    let Some(step) = step else { return nothing };
    match *step {
        Step::Rpc { call, .. } => {
            let callee = names.operation(plan.program.calls[call].entry).unwrap_or_default();
            About { message: deed("has the reply", "of", callee), ..nothing }
        }
        Step::Spanning(step) => about_spanning(names, step, nothing),
        Step::Trail { trail, .. } => {
            let TrailPlan { database, label, .. } = &plan.followed.trails[trail];
            About { database: &plan.site.databases[*database].name, statement: label, ..nothing }
        }
        Step::LocalHop => About { message: alone("the call in the process arrives"), ..nothing },
        Step::DatabaseHop { database, .. } => {
            let database = &plan.site.databases[database].name;
            let message = deed("a message arrives", "to or from", database);
            About { database, message, ..nothing }
        }
        Step::Begin { database, .. } => {
            About { database: &plan.site.databases[database].name, ..nothing }
        }
        Step::Flush { database } | Step::CommitCpu { database, .. } => About {
            database: &plan.site.databases[database].name,
            statement: "a commit",
            ..nothing
        },
        Step::DatabaseCpu { statement, .. }
        | Step::Pages { statement, .. }
        | Step::RowsCpu { statement }
        | Step::Lock { statement, .. } => {
            About { statement: &plan.program.statements[statement].label, ..nothing }
        }
        Step::Publish { .. } => About { message: alone("the broker has the event"), ..nothing },
        Step::Courier { machine, act } => about_courier(names, machine, act, nothing),
        Step::External { external, .. } => {
            About { external: &plan.site.externals[external].name, ..nothing }
        }
        Step::Enter
        | Step::ServerCpu
        | Step::ClientCpu { .. }
        | Step::Cpu { .. }
        | Step::Wait { .. }
        | Step::Local { .. }
        | Step::Spawn { .. }
        | Step::Enqueue { .. }
        | Step::Fork { .. }
        | Step::Choose { .. }
        | Step::Jump { .. }
        | Step::Repeat { .. }
        | Step::Fail
        | Step::Unlock { .. }
        | Step::Commit { .. }
        | Step::Release { .. }
        | Step::Return
        | Step::Answer
        | Step::Join => nothing,
    }
}

/// The same of a step of a transaction over several databases.
fn about_spanning<'p>(names: &PlanNames<'p>, step: SpanStep, nothing: About<'p>) -> About<'p> {
    let plan = names.plan;
    match step {
        SpanStep::Enlist { call, .. } => {
            let callee = names.operation(plan.program.calls[call].entry).unwrap_or_default();
            About { message: deed("has the reply", "of", callee), ..nothing }
        }
        SpanStep::Hop { .. } => {
            About { message: alone("a message of the commit arrives"), ..nothing }
        }
        SpanStep::TakeUp { database } => {
            About { database: &plan.site.databases[database].name, ..nothing }
        }
        SpanStep::Decide { database } => About {
            database: &plan.site.databases[database].name,
            statement: "a decision",
            ..nothing
        },
        SpanStep::Begin { .. }
        | SpanStep::End
        | SpanStep::EnlistedEnd
        | SpanStep::Committed { .. }
        | SpanStep::Done { .. }
        | SpanStep::DoneForGood
        | SpanStep::TakeOn { .. }
        | SpanStep::Under { .. }
        | SpanStep::Undone
        | SpanStep::HandOn
        | SpanStep::Again { .. }
        | SpanStep::AskAll { .. }
        | SpanStep::Vote
        | SpanStep::Learn
        | SpanStep::RollBack
        | SpanStep::Aside { .. }
        | SpanStep::Undo
        | SpanStep::Fail => nothing,
    }
}

/// The same of a step of a request to a broker.
fn about_courier<'p>(
    names: &PlanNames<'p>,
    machine: Id<DatabasePlan>,
    act: CourierAct,
    nothing: About<'p>,
) -> About<'p> {
    let name = &names.plan.site.databases[machine].name;
    match act {
        CourierAct::Go | CourierAct::Copy => {
            About { message: deed("messages arrive", "at", name), ..nothing }
        }
        CourierAct::Copied | CourierAct::Return => {
            About { message: deed("a receipt arrives", "from", name), ..nothing }
        }
        CourierAct::Work | CourierAct::Log | CourierAct::Look | CourierAct::Strike => {
            About { database: name, statement: "messages", ..nothing }
        }
        CourierAct::Write | CourierAct::Confirm | CourierAct::Relay => nothing,
    }
}

/// Where a frame runs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct RunsOn<'p> {
    service: &'p str,
    /// Number of the instance, from 1, where there are several.
    instance: Option<usize>,
}

fn place(plan: &Plan, instance: Id<InstancePlan>) -> RunsOn<'_> {
    let service = &plan.site.services[plan.site.instances[instance].service];
    let number = instance.index() - service.first_instance.index() + 1;
    RunsOn { service: &service.name, instance: (service.replicas > 1).then_some(number) }
}

fn failure(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Ok => None,
        Kind::Rejected => Some("turned away"),
        Kind::Timeout => Some("waited too long"),
        Kind::Failed => Some("failed"),
        Kind::Deadlock => Some("deadlock"),
        Kind::Abandoned => Some("lost patience"),
        Kind::Conflict => Some("another event came first"),
    }
}
