//! The compiled steps of a layout as text, for `cutline explain`.

use std::fmt::Write;

use super::{
    CallSite, Choice, ChoiceWay, CommitRound, CourierAct, DatabasePlan, EnqueuedPlan, EntryPlan,
    Fork, Plan, SpanStep, StatementPlan, Step, Togetherness, Topic, TrailAct, TrailPlan,
};
use crate::ids::Id;
use crate::model::QueueDiscipline;
use crate::random::Sampler;
use crate::units::si_time;

/// Every operation of the layout with its steps, service by service.
pub fn listing(plan: &Plan) -> String {
    let mut text = String::new();
    let mut entries = plan.program.entries.clone();
    entries.sort_by_key(|entry| entry.first);
    for (index, EntryPlan { name, service, first }) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(plan.program.steps.next_id(), |next| next.first);
        let service = &plan.site.services[*service].name;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name} in {service}");
        for pc in (first.index()..end.index()).map(Id::new) {
            let _ = writeln!(text, "  {:>4}  {}", pc.index(), plan.describe(pc));
        }
    }
    text
}

impl Plan {
    /// A step in words.
    fn describe(&self, pc: Id<Step>) -> String {
        let database = |id: Id<DatabasePlan>| &self.site.databases[id].name;
        match self.program.steps[pc] {
            Step::Enter => self.entrance(pc),
            Step::ServerCpu => "protocol CPU of the callee".into(),
            Step::ClientCpu { call } => {
                format!(
                    "protocol CPU of the caller, {}",
                    self.mean(self.program.calls[call].client_cpu)
                )
            }
            Step::Cpu { sampler, .. } => format!("cpu {}", self.mean(Some(sampler))),
            Step::Wait { sampler, .. } => format!("wait {}", self.mean(Some(sampler))),
            Step::Local { entry, .. } => format!("call {} in this process", self.entry_name(entry)),
            Step::LocalHop => "hop inside the process".into(),
            Step::Rpc { call, .. } => self.describe_rpc(call),
            Step::Spawn { entry, .. } => self.describe_spawn(entry),
            Step::Fork { fork, .. } => self.describe_fork(fork),
            Step::Choose { choice, .. } => self.describe_choice(choice),
            Step::Jump { to } => format!("go on @{}", to.index()),
            Step::Repeat { count, .. } => {
                let repeat = &self.program.loops[count];
                format!("repeat @{}, mean {} times", repeat.body.index(), repeat.mean)
            }
            Step::External { external, .. } => {
                let external = &self.site.externals[external];
                format!("external {}, mean {}", external.name, si_time(external.mean_latency))
            }
            Step::Fail => "fail".into(),
            Step::Begin { database: to, retries } => describe_begin(database(to), retries),
            Step::DatabaseHop { database: to, message } => {
                format!(
                    "hop to or from {}, {} bytes",
                    database(to),
                    self.program.messages[message].bytes
                )
            }
            Step::DatabaseCpu { statement, .. } => {
                describe_cpu(&self.program.statements[statement])
            }
            Step::Pages { statement, .. } => describe_pages(&self.program.statements[statement]),
            Step::Lock { statement, .. } => {
                let statement = &self.program.statements[statement];
                let rows = statement.locks.as_ref().map_or(0, |locks| locks.rows);
                format!("{}: lock {rows} rows", statement.label)
            }
            Step::RowsCpu { statement } => describe_rows(&self.program.statements[statement]),
            Step::CommitCpu { database: of, .. } => {
                format!(
                    "commit on {}: CPU {}",
                    database(of),
                    self.mean(self.site.databases[of].commit_cpu)
                )
            }
            Step::Unlock { database: on } => format!("unlock the rows on {}", database(on)),
            Step::Flush { database: of } => format!("wait for the log of {}", database(of)),
            Step::Commit { database: on } => {
                format!("end the transaction on {}, unless it was joined", database(on))
            }
            Step::Release { database: to } => format!("give back a connection to {}", database(to)),
            Step::Spanning(step) => self.describe_spanning(step),
            Step::Trail { trail, .. } => describe_trail(&self.followed.trails[trail]),
            Step::Publish { topic, .. } => self.describe_publish(topic),
            Step::Enqueue { enqueued, .. } => self.describe_enqueue(enqueued),
            Step::Courier { machine, act } => describe_courier(database(machine), act),
            Step::Return => "return".into(),
            Step::Answer => "answer the client".into(),
            Step::Join => "join".into(),
        }
    }

    /// A step of a transaction over several databases in words.
    fn describe_spanning(&self, step: SpanStep) -> String {
        let database = |id: Id<DatabasePlan>| &self.site.databases[id].name;
        match step {
            SpanStep::Begin { spanning, .. } => {
                let spanning = &self.program.spannings[spanning];
                format!("begin {}, kept together {}", spanning.name, togetherness(spanning.how))
            }
            SpanStep::End => "end the transaction: all of it has committed".into(),
            SpanStep::Enlist { call, .. } => {
                format!("{}, as part of the transaction", self.describe_rpc(call))
            }
            SpanStep::EnlistedEnd => "this share of the transaction is done".into(),
            SpanStep::Committed { database: on } => format!("committed on {}", database(on)),
            SpanStep::DoneForGood => "a part is done".into(),
            SpanStep::TakeOn { unwind } => {
                format!("take the saga on; after a failure @{}", unwind.index())
            }
            SpanStep::Under { .. } => "under the key of a call".into(),
            SpanStep::Undone => "a part is undone".into(),
            SpanStep::HandOn => "the rest of the saga is for others".into(),
            SpanStep::Again { .. } => "answer a failure, again after a pause".into(),
            SpanStep::Done { undo, .. } => format!("a part is done; @{} undoes it", undo.index()),
            SpanStep::AskAll { round, .. } => match round {
                CommitRound::Prepare => "ask all databases to prepare".into(),
                CommitRound::Commit => "tell all databases to commit".into(),
                CommitRound::RollBack => "tell all databases to roll back".into(),
            },
            SpanStep::Hop { message } => {
                let bytes = self.program.messages[message].bytes;
                format!("hop between the coordinator and who has the session, {bytes} bytes")
            }
            SpanStep::TakeUp { database: on } => format!("take up the session on {}", database(on)),
            SpanStep::Vote => "vote".into(),
            SpanStep::Learn => "learn that all have voted to commit".into(),
            SpanStep::RollBack => "roll back".into(),
            SpanStep::Aside { entry } => format!("wait for @{}", entry.index()),
            SpanStep::Decide { database: of } => {
                format!("wait for the log of {} to hold the decision", database(of))
            }
            SpanStep::Undo => "undo the parts that are done, the last one first".into(),
            SpanStep::Fail => "the transaction has failed".into(),
        }
    }

    /// Where an event is kept until a relay has it.
    fn describe_enqueue(&self, enqueued: Id<EnqueuedPlan>) -> String {
        let EnqueuedPlan { topic, outbox } = self.messaging.enqueued[enqueued];
        let at = &self.site.databases[self.messaging.outboxes[outbox].database].name;
        format!("keep {} in {at} for its relay", self.messaging.topics[topic].name)
    }

    /// Who takes an event that the broker carries.
    fn describe_publish(&self, topic: Id<Topic>) -> String {
        let topic = &self.messaging.topics[topic];
        let groups = topic.deliveries.iter();
        let groups = groups.map(|delivery| self.messaging.groups[delivery.group].name.clone());
        let services: Vec<String> = groups.collect();
        let bytes = self.program.messages[topic.message].bytes;
        match services.is_empty() {
            true => format!("publish {} at the broker, {bytes} bytes", topic.name),
            false => {
                let services = list(services.into_iter());
                format!("publish {} at the broker, {bytes} bytes, for {services}", topic.name)
            }
        }
    }

    /// How a request gets a thread.
    fn entrance(&self, pc: Id<Step>) -> String {
        let mut words = String::from("enter: take a thread");
        let Some(service) = self.program.service_of_step[pc] else {
            return words;
        };
        let service = &self.site.services[service];
        if service.discipline == QueueDiscipline::Priority {
            words.push_str(" by priority");
        }
        if let Some(patience) = service.patience {
            let patience = self.program.means[patience];
            // Writing to a string cannot fail.
            let _ = write!(words, ", wait {} on average at the most", si_time(patience));
        }
        words
    }

    fn describe_spawn(&self, entry: Id<Step>) -> String {
        format!("start {} in this process, without waiting", self.entry_name(entry))
    }

    fn describe_fork(&self, fork: Id<Fork>) -> String {
        let branches = self.program.forks[fork].branches.iter();
        let branches = branches.map(|branch| format!("@{}", branch.index()));
        format!("in parallel {}, join", list(branches))
    }

    fn describe_choice(&self, choice: Id<Choice>) -> String {
        let ways = self.program.choices[choice].ways.iter();
        let ways = ways
            .map(|ChoiceWay { cumulative, to }| format!("@{} below {cumulative:.4}", to.index()));
        format!("draw: {}", list(ways))
    }

    fn describe_rpc(&self, call: Id<CallSite>) -> String {
        let site = &self.program.calls[call];
        format!(
            "call {} in {}, {} bytes there, {} back",
            self.entry_name(site.entry),
            self.site.services[site.service].name,
            self.program.messages[site.request].bytes,
            self.program.messages[site.reply].bytes,
        )
    }

    fn mean(&self, sampler: Option<Id<Sampler>>) -> String {
        format!("mean {}", si_time(self.mean_of(sampler)))
    }

    /// The operation that starts at a step, or the step number.
    pub fn entry_name(&self, step: Id<Step>) -> String {
        let named = self.program.entries.iter().rfind(|entry| entry.first <= step);
        named.map_or_else(|| format!("@{}", step.index()), |entry| entry.name.clone())
    }
}

fn togetherness(how: Togetherness) -> &'static str {
    match how {
        Togetherness::Apart => "by nobody",
        Togetherness::Local => "by its database",
        Togetherness::TwoPhase => "by two-phase commit",
        Togetherness::Saga { .. } => "as a saga",
        Togetherness::Choreography { .. } => "as a saga that nobody leads",
    }
}

/// A step of a request to a broker in words.
fn describe_courier(machine: &str, act: CourierAct) -> String {
    match act {
        CourierAct::Go => format!("hop from the publisher to {machine}"),
        CourierAct::Copy => format!("hop to {machine}, which copies"),
        CourierAct::Work => format!("CPU on {machine} for the request and its messages"),
        CourierAct::Log => format!("wait for the log of {machine}"),
        CourierAct::Write => "written, once the partition has room: consumers may take it".into(),
        CourierAct::Copied => format!("hop from {machine}, which has copied"),
        CourierAct::Return => "hop back to the publisher".into(),
        CourierAct::Look => format!("CPU on {machine} to look for events that have committed"),
        CourierAct::Relay => "send them to the broker, a request for each partition".into(),
        CourierAct::Strike => format!("CPU on {machine} to strike them out"),
        CourierAct::Confirm => "the publishers go on, if they wait".into(),
    }
}

fn describe_begin(database: &str, retries: u32) -> String {
    match retries {
        0 => format!("take a connection to {database}, or join a transaction that is open there"),
        _ => format!("take a connection to {database}, {retries} retries"),
    }
}

fn describe_trail(TrailPlan { act, label, feeds, .. }: &TrailPlan) -> String {
    match act {
        TrailAct::Load => format!("{label}: read the events behind the snapshots"),
        TrailAct::Replay => format!("{label}: apply them"),
        TrailAct::Append => format!("{label}: add an event, unless another one was meanwhile"),
        TrailAct::Change => format!("{label}: a change for {} views", feeds.len()),
        TrailAct::Look => format!("{label}: as new as it is"),
        TrailAct::Gather => "events tell of what is committed from here on".into(),
        TrailAct::Scatter => "and up to here".into(),
        TrailAct::Show => format!("{label}: shown"),
        TrailAct::Apply => format!("{label}: commit"),
    }
}

fn describe_pages(statement: &StatementPlan) -> String {
    let parts = statement.pages.iter();
    let parts = parts.map(|part| format!("{} at {:.4} misses", part.count, part.miss));
    format!("{}: pages {}", statement.label, list(parts))
}

fn describe_cpu(statement: &StatementPlan) -> String {
    format!("{}: CPU mean {}", statement.label, si_time(statement.mean_cpu))
}

fn describe_rows(statement: &StatementPlan) -> String {
    let work = si_time(statement.locked_cpu as f64 / 1e9);
    format!("{}: CPU {work} of its rows, once locked", statement.label)
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
