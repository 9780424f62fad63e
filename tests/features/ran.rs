//! Runs a small scenario once, and holds every run to what is true of all of them.

use cutline::measure::ServiceRecord;
use cutline::measure::{Category, DatabaseRecord, Deadlock, Ending, EndpointRecord, Kind, Outcome};
use cutline::model::{Locality, Model};
use cutline::plan::{self, CpuUse, Plan};
use cutline::scenario;
use cutline::study::{self, Purpose};
use cutline::units::Nanos;

/// The platform where a scenario names none: no network, no bill, no loss to context switches.
const NOTHING_ELSE: &str = "platform: { network: none, prices: none, context_switch: none }\n";

/// One replication of one layout.
pub(super) struct Ran {
    plan: Plan,
    outcome: Outcome,
}

/// The model of a scenario, written without its head.
pub(super) fn model(body: &str) -> Model {
    let platform = if body.contains("platform:") { "" } else { NOTHING_ELSE };
    let text = format!("cutline: 1\nname: feature\n{}\n{platform}", body.trim_end());
    let loader = |name: &str| match name {
        "instants.csv" => Ok(super::arrivals::INSTANTS.to_string()),
        "asked.csv" => Ok(super::arrivals::ASKED.to_string()),
        _ => Err("a feature is one text".to_string()),
    };
    match scenario::read(&text, "feature", &[], &loader) {
        Ok(reading) => reading.model,
        Err(refused) => panic!("{text}\n{refused:?}"),
    }
}

/// So many replications of every layout, without a warm-up: a row for each layout.
pub(super) fn replicate(body: &str, seconds: f64, count: u32) -> Vec<Vec<Ran>> {
    replicate_seeded(body, 1, seconds, count)
}

/// The same with random numbers of another seed.
pub(super) fn replicate_seeded(body: &str, seed: u64, seconds: f64, count: u32) -> Vec<Vec<Ran>> {
    let model = model(body);
    let length = (Nanos::from_seconds(seconds), Nanos::ZERO);
    let layout = |index: usize| {
        let plan = match plan::compile(&model, index) {
            Ok(plan) => plan,
            Err(refused) => panic!("{body}\n{refused:?}"),
        };
        let outcomes = study::replicate(&plan, seed, Purpose::Production, count, length);
        let ran = |outcome| Ran { plan: plan.clone(), outcome };
        let row: Vec<Ran> = outcomes.into_iter().map(ran).collect();
        row.iter().for_each(Ran::check);
        row
    };
    (0..model.layouts.len()).map(layout).collect()
}

/// One replication of each of so many layouts.
pub(super) fn run<const LAYOUTS: usize>(body: &str, seconds: f64) -> [Ran; LAYOUTS] {
    let ran: Vec<Ran> = replicate(body, seconds, 1).into_iter().flatten().collect();
    match ran.try_into() {
        Ok(ran) => ran,
        Err(_) => panic!("the scenario has another number of layouts"),
    }
}

/// One replication of a scenario of one layout.
pub(super) fn run_one(body: &str, seconds: f64) -> Ran {
    let [ran] = run(body, seconds);
    ran
}

impl Ran {
    /// What is true of every run: it ends in time, no request is lost, no time is lost.
    fn check(&self) {
        assert_eq!(self.outcome.ending, Ending::Finished);
        assert_eq!(study::breaches(&self.plan, &self.outcome), [""; 0]);
    }

    /// What it ended in, if it can never go on.
    pub(super) fn deadlock(&self) -> Option<&Deadlock> {
        self.outcome.deadlock.as_ref()
    }

    /// The endpoint of that name.
    pub(super) fn endpoint(&self, name: &str) -> &EndpointRecord {
        let number = self.plan.load.endpoints.iter().position(|endpoint| endpoint.name == name);
        &self.outcome.endpoints[number.expect("the scenario has this endpoint")]
    }

    /// The first endpoint.
    pub(super) fn first(&self) -> &EndpointRecord {
        &self.outcome.endpoints[0]
    }

    /// Requests of the first endpoint that ended so.
    pub(super) fn count(&self, kind: Kind) -> u64 {
        self.first().answers[kind as usize]
    }

    /// Requests of all endpoints that ended so.
    pub(super) fn count_all(&self, kind: Kind) -> u64 {
        self.outcome.endpoints.iter().map(|record| record.answers[kind as usize]).sum()
    }

    /// Share of the answers of the first endpoint that are of a kind.
    pub(super) fn share(&self, kind: Kind) -> f64 {
        self.count(kind) as f64 / self.first().answers.iter().sum::<u64>() as f64
    }

    /// Mean latency of good answers of the first endpoint (ms).
    pub(super) fn mean_ms(&self) -> f64 {
        mean_ms(self.first())
    }

    /// Mean time that good answers of the first endpoint spent on a category (ms).
    pub(super) fn spent_ms(&self, category: Category) -> f64 {
        let sum = self.first().spent[category as usize] as f64;
        sum / self.count(Kind::Ok) as f64 / 1e6
    }

    /// The service of that name.
    pub(super) fn service(&self, name: &str) -> &ServiceRecord {
        &self.outcome.services[self.service_number(name)]
    }

    fn service_number(&self, name: &str) -> usize {
        let number = self.plan.site.services.iter().position(|service| service.name == name);
        number.expect("the layout has this service")
    }

    /// The first database.
    pub(super) fn database(&self) -> &DatabaseRecord {
        &self.outcome.databases[0]
    }

    /// Busy time of the cores of all services [core-ms].
    pub(super) fn busy_ms(&self) -> f64 {
        let cpus = self.plan.site.cpus.iter().zip(&self.outcome.cpu_busy);
        let own = cpus.filter(|(cpu, _)| !matches!(cpu.used_by, CpuUse::Database(_)));
        own.map(|(_, busy)| busy).sum::<f64>() / 1e6
    }

    /// Busy time of each CPU [core-ms].
    pub(super) fn busy_by_cpu_ms(&self) -> Vec<f64> {
        self.outcome.cpu_busy.iter().map(|busy| busy / 1e6).collect()
    }

    /// Busy time of the cores of all databases [core-ms].
    pub(super) fn database_busy_ms(&self) -> f64 {
        let cpus = self.plan.site.cpus.iter().zip(&self.outcome.cpu_busy);
        let theirs = cpus.filter(|(cpu, _)| matches!(cpu.used_by, CpuUse::Database(_)));
        theirs.map(|(_, busy)| busy).sum::<f64>() / 1e6
    }

    /// Bytes that went from one zone to another, and bytes in all.
    pub(super) fn bytes(&self) -> (u64, u64) {
        let bytes = &self.outcome.bytes;
        (bytes[Locality::CrossZone as usize], bytes.iter().sum())
    }

    /// Requests under way at the end.
    pub(super) fn in_flight(&self) -> i64 {
        self.outcome.endpoints.iter().map(|record| record.in_flight()).sum()
    }
}

/// Mean latency of good answers (ms).
pub(super) fn mean_ms(record: &EndpointRecord) -> f64 {
    assert!(record.answers[Kind::Ok as usize] > 0, "nobody got a good answer");
    record.latency_sum as f64 / record.answers[Kind::Ok as usize] as f64 / 1e6
}

/// Holds a figure to what it must be, within `slack`.
#[track_caller]
pub(super) fn assert_near(found: f64, exact: f64, slack: f64) {
    assert!((found - exact).abs() <= slack, "{found} is not {exact} ± {slack}");
}

/// Holds a constant figure to what it must be: up to the rounding of a sum.
#[track_caller]
pub(super) fn assert_exact(found: f64, exact: f64) {
    assert_near(found, exact, 1e-9 * exact.abs().max(1e-3));
}

/// Five standard deviations of a mean over `count` draws of this variance.
pub(super) fn five_sigma(variance: f64, count: u64) -> f64 {
    5.0 * (variance / count as f64).sqrt()
}
