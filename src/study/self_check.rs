//! What must be true of every replication, whatever was simulated: a breach is a mistake of this program.
//!
//! With A the integral of the number present over the measured time, Little's law says A = arrivals × mean
//! stay, but for the stays that the edges of the time cut. Here nothing is cut: A is the sum of the stays
//! of those that left, plus the ages of those present at the end, less the ages of those present at the
//! start. All are integers, so the law holds to the nanosecond, without a tolerance. The integral is
//! kept where requests come and go, the stays where they have waited: two ways that must meet. Only the time in
//! which a service serves is kept modulo 2³² ns, which leaves a mistake one chance in 4 · 10⁹ to hide.
//! Denning & Buzen, "The Operational Analysis of Queueing Network Models", 1978.

use super::findings::Diagnosis;
use crate::measure::{
    DatabaseRecord, EndpointRecord, ExternalRecord, Gauge, Kind, Left, Outcome, ServiceRecord,
};
use crate::model::Threads;
use crate::plan::Plan;
use crate::scenario::Code;

/// Breaches of one layout that are told; one mistake breaches much.
const MOST_TOLD: usize = 10;

/// The breaches in all replications of a layout, as diagnostics.
pub(super) fn self_check(plan: &Plan, outcomes: &[Outcome]) -> Vec<Diagnosis> {
    let each = outcomes.iter().enumerate().flat_map(|(number, outcome)| {
        let found = breaches(plan, outcome).into_iter();
        found.map(move |breach| {
            format!(
                "replication {number}: {breach}. This is a mistake of cutline, and the figures of this \
                 layout cannot be trusted: please report it with the scenario"
            )
        })
    });
    let each = each.take(MOST_TOLD);
    each.map(|message| Diagnosis { code: Code::SelfCheck, message }).collect()
}

/// What is breached in the outcome of a replication of the plan, in words with the figures.
/// Empty unless this program is wrong.
pub fn breaches(plan: &Plan, outcome: &Outcome) -> Vec<String> {
    let mut check = Check { ended_at: outcome.ended_at, found: Vec::new() };
    for (endpoint, record) in plan.load.endpoints.iter().zip(&outcome.endpoints) {
        check.endpoint(&format!("endpoint {}", endpoint.name), record);
    }
    for (service, record) in plan.site.services.iter().zip(&outcome.services) {
        check.service(&format!("service {}", service.name), record);
    }
    for (database, record) in plan.site.databases.iter().zip(&outcome.databases) {
        check.database(&format!("database {}", database.name), record);
    }
    for (external, record) in plan.site.externals.iter().zip(&outcome.externals) {
        check.external(&format!("third party {}", external.name), record);
    }
    for (spanning, record) in plan.program.spannings.iter().zip(&outcome.spannings) {
        let place = format!("transaction {}", spanning.name);
        let came = i128::from(record.begun) + i128::from(record.present.before());
        let went = i128::from(record.ended()) + i128::from(record.present.level());
        check.same(&place, "transactions that began and that ended", came, went);
    }
    for (view, record) in plan.followed.views.iter().zip(&outcome.views) {
        let place = format!("view {}", view.name);
        let came = i128::from(record.changes) + i128::from(record.on_their_way.before());
        let shown = i128::from(record.delay.count()) + i128::from(record.missed);
        let went = shown + i128::from(record.on_their_way.level());
        check.same(&place, "changes that were committed and that it shows", came, went);
    }
    check.messages(plan, outcome);
    check.whole(plan, outcome);
    check.processors(plan, outcome);
    check.found
}

struct Check {
    /// (ns)
    ended_at: u64,
    found: Vec<String>,
}

impl Check {
    /// Two figures that must be the same.
    fn same(&mut self, place: &str, law: &str, one: i128, other: i128) {
        if one != other {
            self.found.push(format!("{place}: {law}: {one} is not {other}"));
        }
    }

    /// The integral of a gauge against the stays (ns) of those that left and the ages of those present.
    fn little(&mut self, place: &str, gauge: &Gauge, stays: u128, ages: i128) {
        let integral = gauge.exact_area(self.ended_at);
        self.same(place, "Little's law (ns)", integral, stays as i128 + ages);
    }

    fn endpoint(&mut self, place: &str, record: &EndpointRecord) {
        let answers: u64 = record.answers.iter().sum();
        let came = i128::from(record.arrivals) + i128::from(record.present.before());
        let went = i128::from(answers) + i128::from(record.in_flight());
        self.same(place, "requests that came and that ended", came, went);
        let spent: u128 = record.spent.iter().sum();
        let (spent, latency) = (spent as i128, record.latency_sum as i128);
        self.same(place, "attributed time and latency (ns)", spent, latency);
        let good = i128::from(record.answers[Kind::Ok as usize]);
        let counted = i128::from(record.latency.count());
        self.same(place, "good answers and their latencies", good, counted);
        let stays = record.latency_sum + record.other_latency_sum;
        self.little(place, &record.present, stays, record.ages);
    }

    fn service(&mut self, place: &str, record: &ServiceRecord) {
        let before = record.queue.before() + record.serving.before();
        let came = i128::from(record.arrivals) + i128::from(before);
        let present = i128::from(record.queue.level()) + i128::from(record.serving.level());
        let unserved = i128::from(record.rejected) + i128::from(record.abandoned());
        let went = i128::from(record.answered) + unserved;
        self.same(place, "requests that came and that left", came, went + present);
        let queue = format!("threads of {place}");
        let waits = record.wait_sum + record.abandoned_wait_sum;
        self.little(&queue, &record.queue, waits, record.queue_ages);
        let integral = record.serving.exact_area(self.ended_at) as u32;
        let stays = i128::from(record.served_ns);
        self.same(place, "Little's law (ns, modulo 2³²)", i128::from(integral), stays);
    }

    fn database(&mut self, place: &str, record: &DatabaseRecord) {
        let pool = format!("pools of {place}");
        self.little(&pool, &record.pool_queue, record.pool_wait_sum, record.pool_ages);
        let connections = format!("connections of {place}");
        self.little(&connections, &record.connections, record.held_sum, record.held_ages);
        let waits = record.lock_wait_sum.iter().sum();
        self.little(&format!("locks of {place}"), &record.lock_queue, waits, record.lock_ages);
    }

    fn external(&mut self, place: &str, record: &ExternalRecord) {
        self.little(place, &record.busy, record.time_sum, record.ages);
    }

    /// Every event that was published is done with, given up, or under way, and so it is in each group.
    fn messages(&mut self, plan: &Plan, outcome: &Outcome) {
        for (topic, record) in plan.messaging.topics.iter().zip(&outcome.topics) {
            let place = format!("event {}", topic.name);
            let came = i128::from(record.published) + i128::from(record.present.before());
            let ended = record.completion.count() + record.given_up + record.cut_off;
            let went = i128::from(ended) + i128::from(record.present.level());
            self.same(&place, "events published and done with", came, went);
        }
        for (group, record) in plan.messaging.groups.iter().zip(&outcome.groups) {
            let place = format!("consumers of {}", group.name);
            let came = i128::from(record.came) + i128::from(record.lag.before());
            let went = i128::from(record.ended()) + i128::from(record.lag.level());
            self.same(&place, "messages that came and that it is done with", came, went);
        }
    }

    /// What was taken is held by requests that are under way; where none is, nothing is held.
    fn whole(&mut self, plan: &Plan, outcome: &Outcome) {
        let sum = |levels: &mut dyn Iterator<Item = i64>| i128::from(levels.sum::<i64>());
        let Left { threads, thread_waits, connections, connection_waits, lock_waits, .. } =
            outcome.left;
        let pooled = plan.site.services.iter().map(|service| match service.threads {
            Threads::Pool(_) => true,
            Threads::Async { max_in_flight } => max_in_flight.is_some(),
        });
        let pooled = outcome.services.iter().zip(pooled).filter(|(_, pooled)| *pooled);
        let serving = sum(&mut pooled.map(|(record, _)| record.serving.level()));
        self.same("the run", "threads taken and requests served", threads.into(), serving);
        let queued = sum(&mut outcome.services.iter().map(|record| record.queue.level()));
        self.same("the run", "queues for threads", thread_waits.into(), queued);
        let databases = || outcome.databases.iter();
        let held = sum(&mut databases().map(|record| record.connections.level()));
        self.same("the run", "connections taken and held", connections.into(), held);
        let queued = sum(&mut databases().map(|record| record.pool_queue.level()));
        self.same("the run", "queues for connections", connection_waits.into(), queued);
        let queued = sum(&mut databases().map(|record| record.lock_queue.level()));
        self.same("the run", "queues for row locks", lock_waits.into(), queued);
        let present = sum(&mut outcome.endpoints.iter().map(EndpointRecord::in_flight));
        self.same("the run", "requests under way", outcome.backlog.at_end.into(), present);
        if outcome.left.frames == 0 && (outcome.left != Left::default() || present != 0) {
            let text = format!("the run: nobody is under way, yet {:?} are left", outcome.left);
            self.found.push(text);
        }
    }

    /// No CPU is busier than its cores, no volume than its places and its cap.
    fn processors(&mut self, plan: &Plan, outcome: &Outcome) {
        let cores = outcome.capacities.cores.iter();
        let cores = cores.map(|cores| cores.mean(outcome.measured_ns));
        for ((cpu, busy), cores) in plan.site.cpus.iter().zip(&outcome.cpu_busy).zip(cores) {
            let most = cores * outcome.measured_ns as f64;
            // Busy time is cut to whole nanoseconds at both edges.
            if *busy > most * (1.0 + 1e-9) + 2.0 {
                let name = plan.cpu_name(&cpu.used_by);
                self.found.push(format!("cpu of {name}: busy for {busy} of {most} core-ns"));
            }
        }
        for (database, record) in plan.site.databases.iter().zip(&outcome.databases) {
            let measured = i128::from(outcome.measured_ns);
            let reads = record.read_ns as i128 + record.read_ages;
            let most = measured * i128::from(database.parallelism);
            // The cap's time is cut to whole nanoseconds at both edges.
            if reads > most || record.capped_ns > measured + 1 {
                let (name, capped) = (&database.name, record.capped_ns);
                let of = format!("{reads} of {most} ns, cap used for {capped} of {measured} ns");
                self.found.push(format!("storage of {name}: busy for {of}"));
            }
        }
    }
}
