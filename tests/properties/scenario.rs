//! Random scenarios: an application, drawn as one service, as two and as one service a module, under a load.

use std::fmt;

use cutline::measure::Outcome;
use cutline::model::{Length, Model};
use cutline::plan::{self, Plan};
use cutline::runtime::{Disturbance, Replication, simulate_disturbed};
use cutline::scenario;
use cutline::study::Purpose;
use cutline::units::Nanos;
use proptest::collection::btree_set;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::application::{Application, Reach};
use super::load::{Endpoints, arrivals, ending, file, passing};
use super::steps::Kinds;

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

/// What every service of a layout is made of: its cores, and the rest.
#[derive(Debug, Clone)]
pub(super) struct Service {
    cores: String,
    rest: String,
}

impl Service {
    /// So much of everything that nothing is turned away and nothing waits for ever.
    fn ample() -> impl Strategy<Value = Service> {
        scheduling().prop_map(|scheduling| Service {
            cores: format!("cpu: 64, scheduling: {scheduling}"),
            rest: "threads: async".into(),
        })
    }

    /// Of these parts, as a scenario says them.
    pub(super) fn of(cores: &str, rest: &str) -> Service {
        Service { cores: cores.into(), rest: rest.into() }
    }

    /// Cores that each frame has to itself, and threads.
    pub(super) fn plain(cpu: u32, threads: u32) -> Service {
        Service {
            cores: format!("cpu: {cpu}, scheduling: fcfs"),
            rest: format!("threads: {threads}"),
        }
    }

    pub(super) fn any() -> impl Strategy<Value = Service> {
        let patience = prop_oneof![
            3 => Just("none".to_string()),
            1 => (1u32..200).prop_map(|patience| format!("{patience}ms")),
            1 => (1u32..200).prop_map(|patience| format!("{{ exp: {patience}ms }}")),
        ];
        let line = (prop_oneof![Just("fifo"), Just("priority")], patience)
            .prop_map(|(line, patience)| format!("queue_discipline: {line}, patience: {patience}"));
        let threads = prop_oneof![
            (1u32..20).prop_map(|threads| format!("threads: {threads}")),
            (1u32..8, 1u32..10)
                .prop_map(|(threads, queue)| { format!("threads: {threads}, queue: {queue}") }),
            (1u32..8).prop_map(|most| format!("threads: {{ async: {{ max_in_flight: {most} }} }}")),
            (1u32..4).prop_map(|workers| {
                format!("threads: {{ async: {{ max_in_flight: 6 }} }}, workers: {workers}")
            }),
        ];
        let threads = prop_oneof![
            2 => Just("threads: async".to_string()),
            1 => (1u32..8).prop_map(|threads| format!("threads: {threads}, queue: 0")),
            6 => (threads, line).prop_map(|(threads, line)| format!("{threads}, {line}")),
        ];
        let cpu = prop_oneof![Just("0.4"), Just("1"), Just("2.5"), Just("8")];
        let balancing = prop_oneof![
            Just("round_robin"),
            Just("random"),
            Just("least_outstanding"),
            Just("power_of_two")
        ];
        (1u32..4, cpu, threads, balancing, scheduling()).prop_map(
            |(replicas, cpu, threads, balancing, scheduling)| Service {
                cores: format!("cpu: {cpu}, scheduling: {scheduling}"),
                rest: format!("replicas: {replicas}, {threads}, balancing: {balancing}"),
            },
        )
    }

    pub(super) fn text(&self) -> String {
        format!("{}, {}", self.rest, self.cores)
    }
}

fn scheduling() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("ps"),
        Just("time_slices"),
        Just("fcfs"),
        Just("priority"),
        Just("preemptive_priority")
    ]
}

/// A run that ends at a clock time, watched on the way (ms).
#[derive(Debug, Clone)]
pub(super) struct Watched {
    at: Vec<u32>,
    window: u32,
}

impl Watched {
    /// When it ends (ms).
    pub(super) const END: u32 = 1_500;

    pub(super) fn any() -> impl Strategy<Value = Watched> {
        (btree_set(0..=Self::END, 0..4), 30..=Self::END)
            .prop_map(|(at, window)| Watched { at: at.into_iter().collect(), window })
    }

    fn text(&self) -> String {
        let at: Vec<String> = self.at.iter().map(|at| format!("{at}ms")).collect();
        let at = match at.as_slice() {
            [] => String::new(),
            some => format!("at: [ {} ], ", some.join(", ")),
        };
        format!("until: {}ms, {at}window: {}ms", Self::END, self.window)
    }
}

/// A scenario. `Debug` is its text, which is what a failure shows.
#[derive(Clone)]
pub(super) struct Scenario {
    pub(super) application: Application,
    pub(super) service: Service,
    pub(super) database: String,
    pub(super) arrivals: String,
    pub(super) endpoints: Endpoints,
    pub(super) platform: String,
    pub(super) reach: Reach,
    /// How the two services of the second layout share a machine, if they do; `None`: as each would its own cores.
    pub(super) machine: Option<Option<&'static str>>,
    pub(super) watched: Option<Watched>,
}

/// Until all requests of a load that ends are through, where a layout carries it.
pub(super) const ALL_THROUGH: (Nanos, Nanos) = (Nanos(20_000_000_000), Nanos::ZERO);

impl Scenario {
    /// Anything.
    pub(super) fn any() -> impl Strategy<Value = Scenario> {
        let mechanisms = prop_oneof![
            2 => Just("engine: postgres"),
            2 => Just("engine: mysql"),
            1 => Just("engine: postgres, costs: none"),
            1 => Just("engine: mysql, costs: none"),
            1 => Just("engine: mysql, scheduling: time_slices"),
            1 => Just("engine: postgres, scheduling: time_slices"),
            1 => Just("engine: postgres, commit_delay: 3ms, commit_siblings: 1"),
            1 => Just("engine: mysql, locks: fifo"),
            2 => Just("engine: postgres, costs: { commit: exp(1ms), flush: exp(2ms), requeue: exp(1ms), wake_up: exp(1ms) }"),
        ];
        let database = (1u32..12, 0u32..3, 0u32..3, any::<bool>(), mechanisms).prop_map(
            |(pool, timeout, deadlock, storage, mechanisms)| {
                let storage = if storage { "{ gp3: 100GiB }" } else { "none" };
                // Where nothing is flushed, nobody works for it.
                let mechanisms = match storage {
                    "none" => mechanisms
                        .replace("flush: exp(2ms), ", "")
                        .replace(", commit_delay: 3ms, commit_siblings: 1", ""),
                    _ => mechanisms.to_string(),
                };
                let timeout = ["5ms", "200ms", "5s"][timeout as usize];
                let deadlock = ["2ms", "50ms", "1s"][deadlock as usize];
                format!(
                    "cpu: 2, memory: 8GiB, storage: {storage}, {mechanisms}, pool: {pool}, \
                     max_connections: 1000, acquire_timeout: {timeout}, deadlock_timeout: {deadlock}"
                )
            },
        );
        let platform = prop_oneof![
            Just("{ network: none, prices: none, context_switch: none }".to_string()),
            Just("{ prices: none }".to_string()),
            Just("{ network: none, prices: none, wake_up: virtual_machine }".to_string()),
            Just("{ prices: aws-us-east-1, nodes: { class: m6i.4xlarge, zones: 3 } }".to_string()),
        ];
        let reach = prop_oneof![
            2 => Just(Reach::OwnTables),
            2 => Just(Reach::OwnWriters),
            1 => Just(Reach::Anything),
        ];
        let load = (arrivals(), Endpoints::any(arrivals()));
        let run = (platform, option::of(Watched::any()));
        let machine = prop_oneof![
            7 => Just(None),
            2 => Just(Some(None)),
            1 => Just(Some(Some("scheduling: fair_share"))),
        ];
        let layouts = (Service::any(), database, machine);
        (Application::any(Kinds::All), layouts, load, reach, run).prop_map(
            |(application, layouts, (arrivals, endpoints), reach, (platform, watched))| {
                let (service, database, machine) = layouts;
                Scenario {
                    application,
                    service,
                    database,
                    arrivals,
                    endpoints,
                    platform,
                    reach,
                    machine,
                    watched,
                }
            },
        )
    }

    /// Requests that all get through, where only the application needs time: no network, no work of statements.
    pub(super) fn ample(kinds: Kinds) -> impl Strategy<Value = Scenario> {
        let load = (ending(), Endpoints::any(ending()));
        (Application::any(kinds), Service::ample(), load).prop_map(
            |(application, service, (arrivals, endpoints))| Scenario {
                application: application.with_ample_bank(),
                service,
                database:
                    "cpu: 64, memory: 64GiB, storage: none, hit: 100%, costs: none, pool: 500, \
                       max_connections: 10000, acquire_timeout: 1h, deadlock_timeout: 20ms"
                        .into(),
                arrivals,
                endpoints,
                platform: "{ network: none, prices: none, context_switch: none }".into(),
                reach: Reach::OwnWriters,
                machine: None,
                watched: None,
            },
        )
    }

    /// The application and who asks for it.
    pub(super) fn head(&self, scale: u32, halved: bool) -> String {
        let application = self.application.text(scale, self.reach);
        let workload = self.endpoints.text(&self.application, &self.arrivals, halved);
        format!("cutline: 1\nname: random\n{application}{workload}")
    }

    /// The three layouts.
    fn layouts(&self) -> String {
        let (service, database) = (self.service.text(), &self.database);
        let others: Vec<String> =
            (1..self.application.modules.len()).map(|module| format!("m{module}")).collect();
        let others = others.join(", ");
        let (machines, placed) = match self.machine {
            Some(how) => {
                let weight = if how.is_some() { ", weight: 3" } else { "" };
                let how = how.map(|how| format!("cpu: 2, {how}"));
                let how = how.unwrap_or_else(|| self.service.cores.clone());
                let machines = format!("    machines: {{ box: {{ {how} }} }}\n");
                (machines, format!("{}, machine: box{weight}", self.service.rest))
            }
            None => (String::new(), service.clone()),
        };
        let apart = matches!(self.reach, Reach::OwnTables | Reach::Spanning(_) | Reach::Led(_));
        let apart = if apart { "each: {" } else { "db: { tables: all," };
        let kept = match self.reach {
            Reach::Spanning(how) | Reach::Led(how) => {
                format!("    transactions: {{ each: {how} }}\n")
            }
            Reach::OwnTables | Reach::OwnWriters | Reach::Anything => String::new(),
        };
        format!(
            "layouts:\n  whole:\n    services: {{ all: {{ modules: all, {service} }} }}\n    \
             databases: {{ db: {{ tables: all, {database} }} }}\n  \
             two:\n{machines}    services:\n      front: {{ modules: [ m0 ], {placed} }}\n      \
             back: {{ modules: [ {others} ], {placed} }}\n    \
             databases: {{ db: {{ tables: all, {database} }} }}\n{kept}  \
             many:\n    services: {{ each: {{ {service} }} }}\n    \
             databases: {{ {apart} {database} }} }}\n{kept}"
        )
    }

    /// As a user would write it.
    pub(super) fn text(&self) -> String {
        self.written(1, false)
    }

    /// With every time of the application multiplied.
    pub(super) fn scaled(&self, scale: u32) -> String {
        self.written(scale, false)
    }

    /// Under a load after which nobody ever comes.
    pub(super) fn passing() -> impl Strategy<Value = Scenario> {
        (Self::any(), passing(), Endpoints::any(passing())).prop_map(
            |(scenario, arrivals, endpoints)| Scenario {
                arrivals,
                endpoints,
                watched: None,
                ..scenario
            },
        )
    }

    /// With nobody who watches it.
    pub(super) fn unwatched(&self) -> Scenario {
        Scenario { watched: None, ..self.clone() }
    }

    /// With two halves of the endpoint `go` in its place.
    pub(super) fn halved(&self) -> String {
        self.written(1, true)
    }

    fn written(&self, scale: u32, halved: bool) -> String {
        let length = match &self.watched {
            Some(watched) => watched.text(),
            None => "fixed: { duration: 1500ms, warmup: 300ms }".to_string(),
        };
        format!(
            "{}{}platform: {}\nrun: {{ {length}, replications: 3, \
             limits: {{ frames: 20000, events: 400000 }} }}\n",
            self.head(scale, halved),
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

/// The model of a text.
pub(super) fn model(text: &str) -> Model {
    let reading = scenario::read(text, "random", &[], &file);
    reading.unwrap_or_else(|refused| panic!("{refused}\n{text}")).model
}

/// One replication of every layout of a text, each with its plan: its duration and its warm-up, which a run
/// that is watched from its start never has.
pub(super) fn simulate(text: &str, length: (Nanos, Nanos)) -> Vec<(Plan, Outcome)> {
    disturbed(text, length, &[], |_| ())
}

/// The same of changed plans, while all that is given is done to those who are there.
pub(super) fn disturbed(
    text: &str,
    (duration, warmup): (Nanos, Nanos),
    done: &[Disturbance],
    change: impl Fn(&mut Plan),
) -> Vec<(Plan, Outcome)> {
    let model = model(text);
    let watched = matches!(model.run.length, Length::Until(_));
    let warmup = if watched { Nanos::ZERO } else { warmup };
    let key = Purpose::Production.key(3).child(0);
    let layouts = 0..model.layouts.len();
    let run = |layout| {
        let plan = plan::compile(&model, layout);
        let mut plan = plan.unwrap_or_else(|refused| panic!("{refused:?}\n{text}"));
        change(&mut plan);
        let replication = Replication { key, duration, warmup };
        let outcome = simulate_disturbed(&plan, replication, done);
        (plan, outcome)
    };
    layouts.map(run).collect()
}
