//! What the load asks of every resource per second, and how busy that makes each: the utilisation law (Denning & Buzen
//! 1978).
//!
//! Times that a thread, a connection or a row is held count the work, the hops and the flushes within, without any
//! queueing: the true ones are longer, so what is said to saturate saturates no later.

use std::collections::BTreeMap;

use super::facts::{Awaited, Borrowed, Need, Next, OnSession, WaitsFor};
use super::frames::{FrameStep, Frames};
use super::free_rows::FreeRows;
use super::held_rows::HeldRow;
use super::visits::{CountedWork, rates_within};
use crate::ids::{Id, Table};
use crate::plan::{
    CpuPlan, DatabasePlan, ExternalPlan, GroupPlan, Plan, Resource, ServicePlan, Step, TablePlan,
};

/// What the load asks of every resource per second: work (s), time that something is held (s), or how often.
pub(super) struct Offered {
    cpus: Table<f64, CpuPlan>,
    threads: Table<f64, ServicePlan>,
    connections: Table<Table<f64, DatabasePlan>, ServicePlan>,
    /// The hottest row of each table that is locked.
    rows: BTreeMap<(Id<DatabasePlan>, Id<TablePlan>), Vec<HeldRow>>,
    reads: Table<f64, DatabasePlan>,
    /// Transactions that end in a flush.
    commits: Table<f64, DatabasePlan>,
    externals: Table<f64, ExternalPlan>,
    /// Time that consumers have something in hand.
    consumers: Table<f64, GroupPlan>,
}

impl Offered {
    /// What is asked for at these rates of the sources [1/s].
    pub(super) fn at(
        plan: &Plan,
        frames: &Frames,
        source_rates: &[f64],
        counted: CountedWork,
    ) -> Self {
        let mut offered = Offered {
            cpus: Table::filled(0.0, &plan.site.cpus),
            threads: Table::filled(0.0, &plan.site.services),
            connections: Table::filled(
                Table::filled(0.0, &plan.site.databases),
                &plan.site.services,
            ),
            rows: BTreeMap::new(),
            reads: Table::filled(0.0, &plan.site.databases),
            commits: Table::filled(0.0, &plan.site.databases),
            externals: Table::filled(0.0, &plan.site.externals),
            consumers: Table::filled(0.0, &plan.messaging.groups),
        };
        let rates = rates_within(plan, frames, source_rates, counted);
        let held = HeldBeyond::of(frames, &rates);
        let free = FreeRows::of(plan, frames, &rates);
        for ((place, frame), rates) in frames.iter().zip(&rates) {
            for (index, (step, rate)) in frame.steps.iter().zip(rates).enumerate() {
                let works = match step.facts.on_session {
                    Some(OnSession::WorksToCommit(_)) => rate * step.ends_writing,
                    _ => *rate,
                };
                for need in &step.facts.needs {
                    offered.add_need(plan, *need, works);
                }
                if let Some(OnSession::Flushes(database)) = step.facts.on_session {
                    offered.commits[database] += rate * step.ends_writing;
                }
                if let Some(OnSession::Decides(database)) = step.facts.on_session {
                    offered.commits[database] += rate;
                }
                offered.add_handling(plan, frames, step, *rate);
                if let Some(taken) = step.facts.waits_for {
                    let time = match taken.held() {
                        None => HeldTime { before: frame.duration, flushes: 0.0 },
                        Some(borrowed) => held.time(frames, place, index, borrowed),
                    };
                    offered.add_held(taken, time, rate * free.share(place, index));
                }
            }
        }
        offered
    }

    /// What is taken so many times per second (1/s) is held for so long each time.
    fn add_held(&mut self, taken: WaitsFor, time: HeldTime, rate: f64) {
        match taken {
            WaitsFor::Thread(service) => self.threads[service] += rate * time.all(),
            WaitsFor::Connection { of, to } => self.connections[of][to] += rate * time.all(),
            WaitsFor::Rows { database, table, hottest, second } => {
                let HeldTime { before, flushes: flush } = time;
                let row = HeldRow { rate: rate * hottest, second, before, flush };
                self.rows.entry((database, table)).or_default().push(row);
            }
        }
    }

    /// Messages that a step publishes so many times per second (1/s) are handled without any queueing.
    fn add_handling(&mut self, plan: &Plan, frames: &Frames, step: &FrameStep, rate: f64) {
        let topic = if let Step::Publish { topic, .. } = plan.program.steps[step.at] {
            topic
        } else if let Step::Enqueue { enqueued, .. } = plan.program.steps[step.at] {
            plan.messaging.enqueued[enqueued].topic
        } else {
            return;
        };
        for delivery in &plan.messaging.topics[topic].deliveries {
            for handler in &delivery.handlers {
                let mut started = step.facts.starts.iter().zip(&step.callees);
                if let Some((_, callee)) = started.find(|(it, _)| it.entry == handler.entry) {
                    self.consumers[delivery.group] += rate * frames[*callee].duration;
                }
            }
        }
    }

    fn add_need(&mut self, plan: &Plan, need: Need, rate: f64) {
        match need {
            // Spread over the instances of the service.
            Need::ServiceCpu { service, seconds } => {
                let ServicePlan { first_instance: first, replicas, most, .. } =
                    plan.site.services[service];
                // Where their number follows the load, all of them are there before one is overloaded.
                let work = rate * seconds / f64::from(most);
                for instance in plan.site.instances.rest(first).iter().take(replicas as usize) {
                    self.cpus[instance.cpu] += work;
                }
            }
            Need::DatabaseCpu { database, seconds } => {
                self.cpus[plan.site.databases[database].cpu] += rate * seconds;
            }
            // What of them is read from the volume is a need of its own.
            Need::Pages { .. } => {}
            Need::Reads { database, count } => self.reads[database] += rate * count,
            Need::ThirdParty { external, seconds } => self.externals[external] += rate * seconds,
        }
    }

    /// How busy a resource is if `scale` times as much is asked for: what is asked for over what it can do.
    pub(super) fn utilisation(&self, plan: &Plan, resource: Resource, scale: f64) -> f64 {
        let replicas = |service: Id<ServicePlan>| f64::from(plan.site.services[service].most);
        match resource {
            Resource::Cpu(cpu) => {
                let of = &plan.site.cpus[cpu];
                let logs = plan.site.databases.ids();
                let logs = logs.filter(|database| plan.site.databases[*database].cpu == cpu);
                let for_logs: f64 =
                    logs.map(|database| self.flush_work(plan, database, scale)).sum();
                (scale * self.cpus[cpu] + for_logs) / (of.cores * of.speed)
            }
            Resource::Threads(service) => {
                let threads = f64::from(plan.threads_of(service).unwrap_or(u32::MAX));
                scale * self.threads[service] / threads / replicas(service)
            }
            Resource::Connections { of, to } => {
                let first = &plan.site.instances[plan.site.services[of].first_instance];
                let pool = first.pools[to].map_or(u32::MAX, |pool| plan.site.pools[pool].size);
                scale * self.connections[of][to] / f64::from(pool) / replicas(of)
            }
            Resource::HottestRow { database, table } => {
                let rows = || self.rows.get(&(database, table)).into_iter().flatten();
                let own: f64 = rows().map(|row| row.rate).sum();
                let others = (self.commits[database] - own).max(0.0);
                rows().map(|row| row.utilisation(others, scale)).sum()
            }
            Resource::Storage(database) => {
                let plan = &plan.site.databases[database];
                scale * self.reads[database] * plan.mean_read / f64::from(plan.parallelism)
            }
            Resource::Operations(database) => {
                let iops = plan.site.databases[database].iops.unwrap_or(u32::MAX);
                let flushes = self.flushes(plan, database, scale);
                (scale * self.reads[database] + flushes) / f64::from(iops)
            }
            Resource::Log(database) => {
                let flush = plan.site.databases[database].mean_flush;
                self.flushes(plan, database, scale) * flush
            }
            Resource::ThirdParty(external) => {
                let calls = plan.site.externals[external].concurrency.unwrap_or(u32::MAX);
                scale * self.externals[external] / f64::from(calls)
            }
            Resource::Consumers(group) => {
                scale * self.consumers[group] / f64::from(plan.working_consumers(group))
            }
        }
    }
}

impl Offered {
    /// Flushes of a log per second if `scale` times as much is asked for. Between two of them whoever leads works.
    fn flushes(&self, plan: &Plan, database: Id<DatabasePlan>, scale: f64) -> f64 {
        let DatabasePlan { mean_flush, flush_cpu, .. } = plan.site.databases[database];
        flushes(scale * self.commits[database], mean_flush + plan.mean_of(flush_cpu))
    }

    /// CPU work of those that lead the flushes of a log (s per s).
    fn flush_work(&self, plan: &Plan, database: Id<DatabasePlan>, scale: f64) -> f64 {
        let work = plan.mean_of(plan.site.databases[database].flush_cpu);
        if work > 0.0 { work * self.flushes(plan, database, scale) } else { 0.0 }
    }

    /// How many times as much may be asked for until a resource saturates.
    pub(super) fn room(&self, plan: &Plan, resource: Resource) -> f64 {
        let once = self.utilisation(plan, resource, 1.0);
        if once <= 0.0 {
            return f64::INFINITY;
        }
        // Rows are held the longer the more commits come, and never for more than one further flush; flushes of more
        // commits are fewer for each. What is asked for grows all the same, so it is known between which bounds.
        let (mut low, mut high) = (0.25 / once, 1.0 / once);
        while self.utilisation(plan, resource, high) < 1.0 && high < 1e300 {
            (low, high) = (high, 4.0 * high);
        }
        for _ in 0..60 {
            let middle = low.midpoint(high);
            match self.utilisation(plan, resource, middle) < 1.0 {
                true => low = middle,
                false => high = middle,
            }
        }
        high
    }
}

/// Flushes per second of a log that flushes all that waits at once: each takes `flush` (s), and where nothing came
/// meanwhile the log rests until the next of the `commits` (1/s), which come at random.
fn flushes(commits: f64, flush: f64) -> f64 {
    if commits > 0.0 { 1.0 / (flush + (-commits * flush).exp() / commits) } else { 0.0 }
}

/// For how long what a step takes is held, beyond the frame too where that shares a session of its callers.
struct HeldBeyond {
    /// By frame and database, for how long the callers go on with the session that the frame shares, mean over them.
    beyond: Vec<BTreeMap<Id<DatabasePlan>, HeldTime>>,
}

/// A mean time that something is held (s).
#[derive(Debug, Clone, Copy, Default)]
struct HeldTime {
    /// Without the flushes.
    before: f64,
    /// Of the flushes.
    flushes: f64,
}

impl HeldTime {
    fn all(self) -> f64 {
        self.before + self.flushes
    }

    fn add(&mut self, share: f64, other: HeldTime) {
        self.before += share * other.before;
        self.flushes += share * other.flushes;
    }
}

impl HeldBeyond {
    fn of(frames: &Frames, rates: &[Vec<f64>]) -> Self {
        let mut held = HeldBeyond { beyond: vec![BTreeMap::new(); frames.len()] };
        // Sums over callers, and how often they call.
        let mut starts: Vec<f64> = vec![0.0; frames.len()];
        for (place, frame) in frames.iter() {
            let often = starts[place];
            let sums = held.beyond[place].values_mut();
            sums.for_each(|sum| {
                let mut mean = HeldTime::default();
                mean.add(if often > 0.0 { 1.0 / often } else { 0.0 }, *sum);
                *sum = mean;
            });
            for (index, step) in frame.steps.iter().enumerate() {
                let rate = rates[place][index];
                for (start, callee) in step.facts.starts.iter().zip(&step.callees) {
                    if !start.shares_sessions() {
                        continue;
                    }
                    starts[*callee] += rate * start.times;
                    for database in &step.open {
                        let mut time = held.time(frames, place, index, Borrowed::Rows(*database));
                        // Half of the other turns are still to come, in the mean over the turns of a repeat.
                        let turns = (start.times - 1.0).max(0.0) / 2.0;
                        time.before += turns * frames[*callee].duration;
                        let sum = held.beyond[*callee].entry(*database).or_default();
                        sum.add(rate * start.times, time);
                    }
                }
            }
        }
        held
    }

    /// Mean time from behind a step of a frame until it gives back what it holds since then, or ends.
    fn time(&self, frames: &Frames, place: usize, index: usize, held: Borrowed) -> HeldTime {
        let frame = &frames[place];
        let mut reached = BTreeMap::from([(frame.steps[index].at, 1.0)]);
        let mut time = HeldTime::default();
        for (number, step) in frame.steps.iter().enumerate().skip(index) {
            let Some(share) = reached.remove(&step.at) else { continue };
            if number > index {
                if step.facts.gives_back == Some(held) {
                    continue;
                }
                if let Some(until) = given_back_aside(frames, step, held) {
                    time.add(share, until);
                    continue;
                }
                match matches!(step.facts.on_session, Some(OnSession::Flushes(_))) {
                    true => time.flushes += share * step.time,
                    false => time.before += share * step.time,
                }
            }
            for Next { to, probability } in &step.facts.next {
                if *to > step.at {
                    *reached.entry(*to).or_insert(0.0) += share * probability;
                }
            }
            let (Borrowed::Rows(database) | Borrowed::Connection(database)) = held;
            if step.facts.next.is_empty()
                && let Some(beyond) = self.beyond[place].get(&database)
            {
                time.add(share, *beyond);
            }
        }
        time
    }
}

/// Time until a frame that the step starts beside its own gives back what is held: the round of a two-phase commit
/// that ends it.
fn given_back_aside(frames: &Frames, step: &FrameStep, held: Borrowed) -> Option<HeldTime> {
    let aside = step.facts.starts.iter().zip(&step.callees);
    let mut aside = aside.filter(|(start, _)| start.awaited == Awaited::Aside);
    aside.find_map(|(_, callee)| {
        let round = &frames[*callee].steps;
        let takes_up = |step: &FrameStep| {
            matches!(step.facts.on_session, Some(OnSession::TakesUp(database))
                if held == Borrowed::Rows(database) || held == Borrowed::Connection(database))
        };
        let end = round.iter().position(|step| step.facts.gives_back == Some(held))?;
        round.iter().any(takes_up).then(|| {
            let mut time = HeldTime::default();
            for step in &round[..end] {
                match matches!(step.facts.on_session, Some(OnSession::Flushes(_))) {
                    true => time.flushes += step.time,
                    false => time.before += step.time,
                }
            }
            time
        })
    })
}

#[cfg(test)]
mod tests {
    use super::flushes;

    #[test]
    fn a_log_flushes_each_lone_commit_by_itself_and_never_more_often_than_it_can() {
        assert_eq!(flushes(0.0, 0.002), 0.0);
        assert!((flushes(0.1, 0.002) / 0.1 - 1.0).abs() < 1e-3);
        assert!((flushes(1e6, 0.002) - 500.0).abs() < 1e-6);
        assert_eq!(flushes(70.0, 0.0), 70.0);
    }
}
