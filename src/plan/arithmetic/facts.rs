//! What every step is to arithmetic, told once: where it leads, what it starts, takes and needs, and how long it
//! lasts. Visits, durations, the forecast, call backs, pools and cache misses are derived from it.

pub(in crate::plan) use super::terms::{
    Awaited, Borrowed, Facts, Need, Next, OnSession, Start, WaitsFor,
};
use crate::ids::Id;
use crate::model::{Acks, Locality};
use crate::plan::{
    CallSite, Choice, ChoiceWay, CourierAct, DatabasePlan, EnqueuedPlan, EventLogPlan,
    ExternalPlan, FAIL_STEP, FeedPlan, Plan, ServicePlan, SpanStep, StatementPlan, Step, Topic,
    TrailAct, TrailPlan,
};

/// The facts of the step `pc`.
pub(in crate::plan) fn facts(plan: &Plan, pc: Id<Step>) -> Facts {
    let service = plan.program.service_of_step[pc];
    let on = Facts { next: vec![Next { to: pc.next(), probability: 1.0 }], ..Facts::default() };
    let starts = |entry, times, awaited| Start { entry, times, awaited, request_to: None };
    match plan.program.steps[pc] {
        Step::Return | Step::Fail | Step::Answer | Step::Join => Facts::default(),
        Step::Enter => Facts { waits_for: service.map(WaitsFor::Thread), ..on },
        // What the protocol costs is told with the call; a hop inside a process is left out of the times.
        Step::ServerCpu | Step::ClientCpu { .. } | Step::LocalHop => on,
        Step::Cpu { sampler, .. } => {
            let needs = service_cpu(service, plan.program.means[sampler]).into_iter().collect();
            let mean =
                plan.program.means[sampler] / service.map_or(1.0, |service| speed(plan, service));
            Facts { needs, mean, ..on }
        }
        Step::Wait { sampler, .. } => Facts { mean: plan.program.means[sampler], ..on },
        Step::Local { entry, .. } => starting(starts(entry, 1.0, Awaited::InTurn), on),
        Step::Rpc { call, .. } => call_facts(plan, service, &plan.program.calls[call], on),
        Step::Spawn { entry, .. } => starting(starts(entry, 1.0, Awaited::Never), on),
        Step::Fork { fork, .. } => {
            let branches = plan.program.forks[fork].branches.iter();
            let all = branches.map(|branch| starts(*branch, 1.0, Awaited::Together));
            Facts { starts: all.collect(), ..on }
        }
        Step::Choose { choice, .. } => {
            Facts { next: ways(&plan.program.choices[choice], pc), ..on }
        }
        Step::Jump { to } => Facts { next: vec![Next { to, probability: 1.0 }], ..on },
        Step::Repeat { count, .. } => {
            let repeat = &plan.program.loops[count];
            Facts { starts: vec![starts(repeat.body, repeat.mean, Awaited::InTurn)], ..on }
        }
        Step::External { external, .. } => external_facts(plan, pc, external, on),
        Step::DatabaseHop { .. } => Facts { mean: mean_round_trip(plan) / 2.0, ..on },
        Step::DatabaseCpu { statement, .. } => {
            let StatementPlan { database, mean_cpu, .. } = plan.program.statements[statement];
            database_cpu(database, mean_cpu, on)
        }
        Step::Pages { statement, .. } => page_facts(plan, &plan.program.statements[statement], on),
        Step::Begin { database: to, .. } => {
            let waits_for = service.map(|of| WaitsFor::Connection { of, to });
            Facts { waits_for, on_session: Some(OnSession::Opens(to)), ..on }
        }
        Step::Lock { statement, .. } => {
            let statement = &plan.program.statements[statement];
            let on_session = Some(OnSession::Writes(statement.database));
            Facts { waits_for: row_locks(statement), on_session, ..on }
        }
        Step::RowsCpu { statement } => {
            let StatementPlan { database, locked_cpu, .. } = plan.program.statements[statement];
            database_cpu(database, locked_cpu as f64 / 1e9, on)
        }
        Step::CommitCpu { database, .. } => end_facts(plan, OnSession::WorksToCommit(database), on),
        Step::Unlock { database } => end_facts(plan, OnSession::Unlocks(database), on),
        Step::Flush { database } => end_facts(plan, OnSession::Flushes(database), on),
        Step::Commit { database } => end_facts(plan, OnSession::Commits(database), on),
        Step::Release { database } => end_facts(plan, OnSession::Closes(database), on),
        Step::Spanning(step) => spanning_facts(plan, service, step, on),
        Step::Trail { trail, .. } => trail_facts(plan, service, &plan.followed.trails[trail], on),
        Step::Publish { topic, .. } => publish_facts(plan, topic, on),
        Step::Enqueue { enqueued, .. } => enqueue_facts(plan, enqueued, on),
        Step::Courier { machine, act } => courier_facts(plan, machine, act, on),
    }
}

/// The facts of a call to a third party, which may fail.
fn external_facts(plan: &Plan, pc: Id<Step>, external: Id<ExternalPlan>, on: Facts) -> Facts {
    let ExternalPlan { mean_latency: mean, failure, .. } = plan.site.externals[external];
    let well = Next { to: pc.next(), probability: 1.0 - failure };
    let fails = Next { to: FAIL_STEP, probability: failure };
    let next = if failure > 0.0 { vec![well, fails] } else { vec![well] };
    let needs = vec![Need::ThirdParty { external, seconds: mean }];
    Facts { next, needs, mean, ..on }
}

/// What sending an event to the broker starts: a request there, and what those do who take it.
fn publish_facts(plan: &Plan, topic: Id<Topic>, on: Facts) -> Facts {
    let topic = &plan.messaging.topics[topic];
    let acks = plan.messaging.broker.as_ref().map_or(Acks::None, |broker| broker.acks);
    let awaited = if acks == Acks::None { Awaited::Never } else { Awaited::Aside };
    let each = 1.0 / topic.couriers.len() as f64;
    let start = |entry, times, awaited| Start { entry, times, awaited, request_to: None };
    let couriers = topic.couriers.iter().map(|courier| start(*courier, each, awaited));
    let handlers = topic.deliveries.iter().flat_map(|delivery| &delivery.handlers);
    let handlers = handlers.map(|handler| start(handler.entry, 1.0, Awaited::Never));
    Facts { starts: couriers.chain(handlers).collect(), ..on }
}

/// The same where a relay sends it: when, and with how many others, only a run tells, so requests count one by one.
fn enqueue_facts(plan: &Plan, enqueued: Id<EnqueuedPlan>, on: Facts) -> Facts {
    let mut facts = publish_facts(plan, plan.messaging.enqueued[enqueued].topic, on);
    facts.starts.iter_mut().for_each(|start| start.awaited = Awaited::Never);
    facts
}

/// The facts of a step of a request to the broker.
fn courier_facts(plan: &Plan, machine: Id<DatabasePlan>, act: CourierAct, on: Facts) -> Facts {
    match act {
        CourierAct::Go | CourierAct::Copy | CourierAct::Copied | CourierAct::Return => {
            Facts { mean: mean_round_trip(plan) / 2.0, ..on }
        }
        CourierAct::Work => {
            let Some(broker) = &plan.messaging.broker else { return on };
            // How many messages share a request that is waited for, only a run tells.
            let request = if broker.linger > 0 { None } else { broker.request_cpu };
            let seconds = plan.mean_of(request) + broker.message_cpu as f64 / 1e9;
            database_cpu(machine, seconds, on)
        }
        CourierAct::Log => end_facts(plan, OnSession::Decides(machine), on),
        CourierAct::Write
        | CourierAct::Confirm
        | CourierAct::Look
        | CourierAct::Relay
        | CourierAct::Strike => on,
    }
}

/// A step that starts frames at one place.
fn starting(start: Start, on: Facts) -> Facts {
    Facts { starts: vec![start], ..on }
}

/// The facts of a step of a transaction over several databases.
fn spanning_facts(
    plan: &Plan,
    service: Option<Id<ServicePlan>>,
    step: SpanStep,
    on: Facts,
) -> Facts {
    let aside = |entry| {
        let (times, awaited, request_to) = (1.0, Awaited::Aside, None);
        Start { entry, times, awaited, request_to }
    };
    match step {
        // What is undone after a failure is not foretold.
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
        | SpanStep::Vote
        | SpanStep::Learn
        | SpanStep::RollBack
        | SpanStep::Undo => on,
        SpanStep::Enlist { call, .. } => call_facts(plan, service, &plan.program.calls[call], on),
        SpanStep::AskAll { spanning, round } => {
            let votes = &plan.program.spannings[spanning].votes;
            let rounds = plan.program.rounds.iter().filter(|it| votes.contains(&it.database));
            Facts { starts: rounds.map(|asked| aside(asked.entry(round))).collect(), ..on }
        }
        SpanStep::Hop { .. } => Facts { mean: mean_round_trip(plan) / 2.0, ..on },
        SpanStep::TakeUp { database } => {
            Facts { on_session: Some(OnSession::TakesUp(database)), ..on }
        }
        SpanStep::Aside { entry } => Facts { starts: vec![aside(entry)], ..on },
        SpanStep::Decide { database } => end_facts(plan, OnSession::Decides(database), on),
        SpanStep::Fail => {
            Facts { next: vec![Next { to: FAIL_STEP, probability: 1.0 }], ..Facts::default() }
        }
    }
}

/// The facts of a step on rows that are followed.
fn trail_facts(
    plan: &Plan,
    service: Option<Id<ServicePlan>>,
    trail: &TrailPlan,
    on: Facts,
) -> Facts {
    let (rows, log) = (f64::from(trail.rows), trail.log.map(|log| &plan.followed.logs[log]));
    let events = log.map_or(0.0, |log| rows * log.mean_replayed);
    let each = |work: fn(&EventLogPlan) -> u64| log.map_or(0.0, |log| work(log) as f64 / 1e9);
    let apply = |feed: &FeedPlan| {
        let (times, awaited, request_to) = (1.0, Awaited::Never, None);
        Start { entry: plan.followed.applies[feed.view], times, awaited, request_to }
    };
    // What events tell is started by those who publish them.
    let captured = trail.feeds.iter().filter(|feed| !plan.followed.views[feed.view].is_told);
    match trail.act {
        TrailAct::Load => database_cpu(trail.database, events * each(|log| log.read), on),
        TrailAct::Replay => {
            let seconds = events * each(|log| log.replay);
            let mean = seconds / service.map_or(1.0, |service| speed(plan, service));
            Facts { needs: service_cpu(service, seconds).into_iter().collect(), mean, ..on }
        }
        TrailAct::Append => {
            let often = log.map_or(0.0, |log| 1.0 / f64::from(log.snapshot_every));
            let seconds = rows * often * each(|log| log.snapshot);
            let starts = captured.map(apply).collect();
            database_cpu(trail.database, seconds, Facts { starts, ..on })
        }
        TrailAct::Change => Facts { starts: captured.map(apply).collect(), ..on },
        TrailAct::Look | TrailAct::Gather | TrailAct::Scatter | TrailAct::Show => on,
        // Consumers commit by steps of their own.
        TrailAct::Apply if trail.view.is_some_and(|view| plan.followed.views[view].is_told) => on,
        TrailAct::Apply => {
            let commit = plan.mean_of(plan.site.databases[trail.database].commit_cpu);
            database_cpu(trail.database, commit, on)
        }
    }
}

/// A step that ends what a session has written, or the session.
fn end_facts(plan: &Plan, what: OnSession, on: Facts) -> Facts {
    let on = Facts { on_session: Some(what), ..on };
    match what {
        OnSession::Opens(_) | OnSession::Writes(_) | OnSession::TakesUp(_) => on,
        OnSession::Flushes(database) | OnSession::Decides(database) => {
            let DatabasePlan { mean_flush, flush_cpu, .. } = plan.site.databases[database];
            Facts { mean: mean_flush + plan.mean_of(flush_cpu), ..on }
        }
        OnSession::WorksToCommit(database) => {
            database_cpu(database, plan.mean_of(plan.site.databases[database].commit_cpu), on)
        }
        OnSession::Unlocks(database) | OnSession::Commits(database) => {
            Facts { gives_back: Some(Borrowed::Rows(database)), ..on }
        }
        OnSession::Closes(database) => {
            Facts { gives_back: Some(Borrowed::Connection(database)), ..on }
        }
    }
}

/// A call with the protocol's work at both ends and the way there and back.
fn call_facts(plan: &Plan, from: Option<Id<ServicePlan>>, call: &CallSite, on: Facts) -> Facts {
    let bytes = call.bytes_cpu as f64 / 1e9;
    let client = plan.mean_of(call.client_cpu) + bytes;
    let server = plan.mean_of(call.server_cpu) + bytes;
    let ends = [service_cpu(from, client), service_cpu(Some(call.service), server)];
    let own = client / from.map_or(1.0, |service| speed(plan, service));
    let callee = Start {
        entry: call.entry,
        times: 1.0,
        awaited: Awaited::InTurn,
        request_to: Some(call.service),
    };
    Facts {
        starts: vec![callee],
        needs: ends.into_iter().flatten().collect(),
        mean: own + server / speed(plan, call.service) + mean_round_trip(plan),
        ..on
    }
}

/// Pages, and the reads of those that the buffer cache misses.
fn page_facts(plan: &Plan, statement: &StatementPlan, on: Facts) -> Facts {
    let database = statement.database;
    let parts = statement.pages.iter();
    let misses: f64 = parts.clone().map(|part| f64::from(part.count) * part.miss).sum();
    let mut needs: Vec<Need> = parts
        .map(|part| Need::Pages { database, table: part.table, count: f64::from(part.count) })
        .collect();
    needs.push(Need::Reads { database, count: misses });
    Facts { needs, mean: misses * plan.site.databases[database].mean_read, ..on }
}

/// The row locks of a statement, if it locks rows that exist.
fn row_locks(statement: &StatementPlan) -> Option<WaitsFor> {
    let locks = statement.locks.as_ref()?;
    // Rows are drawn one by one, and the same one may come again.
    let among = |one: f64| -(f64::from(locks.rows) * (-one).ln_1p()).exp_m1();
    let (table, hottest) = (locks.table, among(locks.hottest));
    let second = among(locks.second * locks.hottest) / hottest;
    Some(WaitsFor::Rows { database: statement.database, table, hottest, second })
}

/// The ways of a choice at `pc`, with the share that is left for the step behind it.
fn ways(choice: &Choice, pc: Id<Step>) -> Vec<Next> {
    let mut below = 0.0;
    let mut next = Vec::with_capacity(choice.ways.len() + 1);
    for ChoiceWay { cumulative, to } in &choice.ways {
        next.push(Next { to: *to, probability: cumulative.min(1.0) - below });
        below = cumulative.min(1.0);
    }
    next.push(Next { to: pc.next(), probability: 1.0 - below });
    next
}

/// So much work on the CPU of a database (s).
fn database_cpu(database: Id<DatabasePlan>, seconds: f64, on: Facts) -> Facts {
    Facts { needs: vec![Need::DatabaseCpu { database, seconds }], mean: seconds, ..on }
}

fn service_cpu(service: Option<Id<ServicePlan>>, seconds: f64) -> Option<Need> {
    service.map(|service| Need::ServiceCpu { service, seconds })
}

/// Speed of one job alone on an instance of the service, against the reference core.
fn speed(plan: &Plan, service: Id<ServicePlan>) -> f64 {
    let cpu = &plan.site.cpus[plan.site.instances[plan.site.services[service].first_instance].cpu];
    cpu.speed * cpu.cores.min(1.0)
}

/// Mean round trip between two services of a zone (s).
fn mean_round_trip(plan: &Plan) -> f64 {
    plan.site.links.get(Locality::SameZone as usize).map_or(0.0, |link| link.mean_rtt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::compile;
    use crate::scenario::read;

    /// Each layout of a shop in which nearly everything happens.
    fn plans() -> Vec<Plan> {
        let text = include_str!("../../../scenarios/shop.yaml");
        let model = read(text, "shop", &[], &|name| Err(format!("no {name}"))).unwrap().model;
        (0..model.layouts.len()).map(|layout| compile(&model, layout).unwrap()).collect()
    }

    #[test]
    fn what_may_come_next_lies_ahead_and_adds_up_to_one_unless_the_frame_ends() {
        for plan in plans() {
            for pc in plan.program.steps.ids() {
                let next = facts(&plan, pc).next;
                let sum: f64 = next.iter().map(|next| next.probability).sum();
                let ends = next.is_empty();
                assert!(ends || (sum - 1.0).abs() < 1e-12, "{:?}: {sum}", plan.program.steps[pc]);
                for next in next {
                    let fails = plan.program.steps[next.to] == Step::Fail;
                    assert!(
                        next.to > pc || fails,
                        "{:?} at {pc:?} goes back",
                        plan.program.steps[pc]
                    );
                }
            }
        }
    }

    #[test]
    fn a_connection_is_given_back_on_every_way_on_which_the_frame_does_not_fail() {
        let mut connections = 0;
        // Those of a two-phase commit are given back in its rounds, by frames of their own.
        for plan in plans().into_iter().filter(|plan| plan.program.rounds.is_empty()) {
            for pc in plan.program.steps.ids() {
                let taken = facts(&plan, pc).waits_for.and_then(WaitsFor::held);
                let Some(held @ Borrowed::Connection(_)) = taken else { continue };
                connections += 1;
                let mut pending = vec![pc];
                while let Some(at) = pending.pop() {
                    let facts = facts(&plan, at);
                    let fails = plan.program.steps[at] == Step::Fail;
                    assert!(fails || !facts.next.is_empty(), "{held:?} is kept beyond {at:?}");
                    if facts.gives_back != Some(held) {
                        pending.extend(facts.next.iter().map(|next| next.to));
                    }
                }
            }
        }
        assert!(connections > 10, "the shop takes connections: {connections}");
    }
}
