//! Random scenarios: an application, drawn as one service, as two and as one service a module, under a load.

use std::fmt;

use cutline::measure::Outcome;
use cutline::plan::{self, Plan};
use cutline::scenario;
use cutline::study::{self, Purpose};
use cutline::units::Nanos;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::application::{Application, Kinds};

/// The same cases every time, unless `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for others.
pub(super) fn cases(count: u32) -> Config {
    let mut config =
        Config { failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = count;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(20_261_121);
    }
    config
}

/// What every service of a layout is made of.
#[derive(Debug, Clone)]
pub(super) struct Service(pub(super) String);

impl Service {
    /// So much of everything that nothing is turned away and nothing waits for ever.
    pub(super) fn ample() -> Service {
        Service("cpu: 64, threads: async".into())
    }

    fn any() -> impl Strategy<Value = Service> {
        let threads = prop_oneof![
            Just("threads: async".to_string()),
            (1u32..20).prop_map(|threads| format!("threads: {threads}")),
            (1u32..8, 0u32..10)
                .prop_map(|(threads, queue)| { format!("threads: {threads}, queue: {queue}") }),
            (1u32..8).prop_map(|most| format!("threads: {{ async: {{ max_in_flight: {most} }} }}")),
        ];
        let cpu = prop_oneof![Just("0.4"), Just("1"), Just("2.5"), Just("8")];
        let balancing = prop_oneof![
            Just("round_robin"),
            Just("random"),
            Just("least_outstanding"),
            Just("power_of_two")
        ];
        let scheduling = prop_oneof![Just("ps"), Just("fcfs")];
        (1u32..4, cpu, threads, balancing, scheduling).prop_map(
            |(replicas, cpu, threads, balancing, scheduling)| {
                Service(format!(
                    "replicas: {replicas}, cpu: {cpu}, {threads}, balancing: {balancing}, \
                     scheduling: {scheduling}"
                ))
            },
        )
    }
}

/// A scenario. `Debug` is its text, which is what a failure shows.
#[derive(Clone)]
pub(super) struct Scenario {
    pub(super) application: Application,
    pub(super) service: Service,
    pub(super) database: String,
    pub(super) arrivals: String,
    pub(super) platform: String,
    /// Whether the layout of a service for each module has a database for each, too.
    pub(super) databases_apart: bool,
}

/// Requests of this many users come between 10 s and 15 s and not again before 20 s: by then a layout that
/// carries them is empty.
pub(super) fn once(users: u32) -> String {
    format!("{{ closed: {{ users: {users}, think: {{ uniform: {{ from: 10s, to: 15s }} }} }} }}")
}

/// Until all of them are through.
pub(super) const ALL_THROUGH: (Nanos, Nanos) = (Nanos(20_000_000_000), Nanos::ZERO);

impl Scenario {
    /// Anything.
    pub(super) fn any() -> impl Strategy<Value = Scenario> {
        let arrivals = prop_oneof![
            (1u32..400).prop_map(|rate| format!("{{ poisson: {rate}/s }}")),
            (1u32..400).prop_map(|rate| format!("{{ deterministic: {rate}/s }}")),
            (1u32..60).prop_map(|users| {
                format!("{{ closed: {{ users: {users}, think: {{ exp: 100ms }} }} }}")
            }),
            (1u32..300).prop_map(once),
        ];
        let database = (1u32..12, 0u32..3, 0u32..3, any::<bool>()).prop_map(
            |(pool, timeout, deadlock, storage)| {
                let storage = if storage { "{ gp3: 100GiB }" } else { "none" };
                let timeout = ["5ms", "200ms", "5s"][timeout as usize];
                let deadlock = ["2ms", "50ms", "1s"][deadlock as usize];
                format!(
                    "cpu: 2, memory: 8GiB, storage: {storage}, pool: {pool}, max_connections: 1000, \
                     acquire_timeout: {timeout}, deadlock_timeout: {deadlock}"
                )
            },
        );
        let platform = prop_oneof![
            Just("{ network: none, prices: none, context_switch: none }".to_string()),
            Just("{ prices: none }".to_string()),
            Just("{ prices: aws-us-east-1, nodes: { class: m6i.4xlarge, zones: 3 } }".to_string()),
        ];
        (Application::any(Kinds::All), Service::any(), database, arrivals, platform, any::<bool>())
            .prop_map(|(application, service, database, arrivals, platform, databases_apart)| {
                Scenario { application, service, database, arrivals, platform, databases_apart }
            })
    }

    /// Requests that all get through, where only the application needs time: no network, no work of statements.
    pub(super) fn ample(kinds: Kinds) -> impl Strategy<Value = Scenario> {
        (Application::any(kinds), 1u32..150).prop_map(|(application, users)| Scenario {
            application,
            service: Service::ample(),
            database: "cpu: 64, memory: 64GiB, storage: none, hit: 100%, costs: none, pool: 500, \
                       max_connections: 10000, acquire_timeout: 1h, deadlock_timeout: 20ms"
                .into(),
            arrivals: once(users),
            platform: "{ network: none, prices: none, context_switch: none }".into(),
            databases_apart: false,
        })
    }

    /// The application, asked for at its first operation.
    fn head(&self, scale: u32) -> String {
        format!(
            "cutline: 1\nname: random\n{}workload:\n  arrivals: {}\n  \
             endpoints: {{ go: {{ call: m0.o0 }} }}\n",
            self.application.text(scale),
            self.arrivals,
        )
    }

    /// The three layouts.
    fn layouts(&self) -> String {
        let (service, database) = (&self.service.0, &self.database);
        let others: Vec<String> =
            (1..self.application.modules.len()).map(|module| format!("m{module}")).collect();
        let others = others.join(", ");
        let apart = if self.databases_apart { "each: {" } else { "db: { tables: all," };
        format!(
            "layouts:\n  whole:\n    services: {{ all: {{ modules: all, {service} }} }}\n    \
             databases: {{ db: {{ tables: all, {database} }} }}\n  \
             two:\n    services:\n      front: {{ modules: [ m0 ], {service} }}\n      \
             back: {{ modules: [ {others} ], {service} }}\n    \
             databases: {{ db: {{ tables: all, {database} }} }}\n  \
             many:\n    services: {{ each: {{ {service} }} }}\n    \
             databases: {{ {apart} {database} }} }}\n"
        )
    }

    /// As a user would write it.
    pub(super) fn text(&self) -> String {
        self.scaled(1)
    }

    /// With every time of the application multiplied.
    pub(super) fn scaled(&self, scale: u32) -> String {
        format!(
            "{}{}platform: {}\nrun: {{ limits: {{ frames: 20000, events: 400000 }} }}\n",
            self.head(scale),
            self.layouts(),
            self.platform,
        )
    }
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "\n{}", self.text())
    }
}

/// One replication of every layout of a text, each with its plan.
pub(super) fn simulate(text: &str, length: (Nanos, Nanos)) -> Vec<(Plan, Outcome)> {
    let no_files = |name: &str| Err(format!("no {name}"));
    let reading = scenario::read(text, "random", &[], &no_files);
    let model = reading.unwrap_or_else(|refused| panic!("{refused}\n{text}")).model;
    let layouts = 0..model.layouts.len();
    let run = |layout| {
        let plan = plan::compile(&model, layout);
        let plan = plan.unwrap_or_else(|refused| panic!("{refused:?}\n{text}"));
        let outcome = study::replicate(&plan, 3, Purpose::Production, 1, length).remove(0);
        (plan, outcome)
    };
    layouts.map(run).collect()
}
