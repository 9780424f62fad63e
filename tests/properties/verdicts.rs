//! Verdicts against their own runs, over random applications and loads: arithmetic tells no bound that a run
//! exceeds, nothing is unstable whose backlog does not grow, and nothing stable whose backlog grows lastingly.

use cutline::measure::{Ending, Limit, Outcome};
use cutline::model::Model;
use cutline::plan::{self, Forecast, Plan};
use cutline::study::{self, Progress, Purpose, Verdict};
use cutline::units::Nanos;
use proptest::prelude::*;

use super::load::{Endpoints, arrivals};
use super::scenario::{Scenario, Service, cases, model};

/// Requests of a replication, about.
const REQUESTS: f64 = 4_000.0;
const REPLICATIONS: u32 = 4;

struct Unheard;

impl Progress for Unheard {
    fn note(&self, _: &str) {}
}

/// A layout that was run.
struct Judged {
    plan: Plan,
    forecast: Forecast,
    outcomes: Vec<Outcome>,
    verdict: Verdict,
}

impl Judged {
    /// Requests that came and stayed over the time that was watched, of each replication, with those that came.
    fn grown(&self) -> Vec<(i64, u64)> {
        let grown = |outcome: &Outcome| {
            let came = outcome.endpoints.iter().map(|record| record.came_since_half());
            (outcome.backlog.grown().max(outcome.frames.grown()), came.sum())
        };
        self.outcomes.iter().map(grown).collect()
    }

    /// Whether a limit or a deadlock ended a replication: then its verdict rests on that.
    fn was_ended(&self) -> bool {
        let ended =
            |outcome: &Outcome| outcome.ending != Ending::Finished || outcome.deadlock.is_some();
        self.outcomes.iter().any(ended)
    }

    /// Requests that were answered per second, in one way or another.
    fn answered_per_second(&self) -> f64 {
        let records = self.outcomes.iter().flat_map(|outcome| &outcome.endpoints);
        let answers: u64 = records.flat_map(|record| record.answers).sum();
        let measured: u64 = self.outcomes.iter().map(|outcome| outcome.measured_ns).sum();
        answers as f64 / (measured as f64 / 1e9)
    }
}

/// Nothing is turned away or loses patience: what cannot be carried piles up.
fn patient() -> impl Strategy<Value = Scenario> {
    let threads = prop_oneof![Just("threads: async"), Just("threads: 8"), Just("threads: 3")];
    let cpu = prop_oneof![Just("0.4"), Just("1"), Just("2.5")];
    let scheduling = prop_oneof![Just("ps"), Just("fcfs")];
    let service = (threads, cpu, scheduling).prop_map(|(threads, cpu, scheduling)| {
        Service::of(&format!("cpu: {cpu}, scheduling: {scheduling}"), threads)
    });
    let database = (2u32..12, any::<bool>()).prop_map(|(pool, storage)| {
        let storage = if storage { "{ gp3: 100GiB }" } else { "none" };
        format!(
            "cpu: 2, memory: 8GiB, storage: {storage}, pool: {pool}, max_connections: 1000, \
             acquire_timeout: none, deadlock_timeout: 50ms"
        )
    });
    (Scenario::any(), service, database).prop_map(|(scenario, service, database)| Scenario {
        service,
        database,
        watched: None,
        ..scenario
    })
}

/// The text with a run of so many seconds, in which limits end what goes without bounds.
fn with_length(scenario: &Scenario, seconds: f64) -> String {
    let text = scenario.text();
    let (head, _) = text.split_once("\nrun:").expect("there is a run");
    let warmup = seconds / 5.0;
    format!(
        "{head}\nrun: {{ seed: 9, fixed: {{ duration: {seconds}s, warmup: {warmup}s }}, \
         replications: {REPLICATIONS}, limits: {{ frames: 60000, events: 600000 }} }}\n"
    )
}

fn plans(model: &Model) -> Vec<Plan> {
    let compile = |layout| plan::compile(model, layout);
    let plans = (0..model.layouts.len()).map(compile);
    plans.map(|plan| plan.unwrap_or_else(|refused| panic!("{refused:?}"))).collect()
}

/// The least rate (1/s) at which a layout saturates by arithmetic.
fn saturates_at(scenario: &Scenario) -> f64 {
    let plans = plans(&model(&scenario.text()));
    let rates = plans.iter().filter_map(|plan| plan::forecast(plan).saturates_at());
    rates.fold(f64::INFINITY, f64::min)
}

/// Every layout of a text, run and judged.
fn judged(text: &str, seconds: f64) -> Vec<Judged> {
    let model = model(text);
    let layouts: Vec<usize> = (0..model.layouts.len()).collect();
    let found = study::run(&model, &layouts, &Unheard);
    let found = found.unwrap_or_else(|refused| panic!("{refused:?}\n{text}"));
    let length = (Nanos::from_seconds(seconds), Nanos::from_seconds(seconds / 5.0));
    let judge = |plan: Plan| Judged {
        forecast: plan::forecast(&plan),
        outcomes: study::replicate(&plan, 9, Purpose::Production, REPLICATIONS, length),
        verdict: found.layouts.get(&plan.layout).expect("every layout is judged").verdict,
        plan,
    };
    plans(&model).into_iter().map(judge).collect()
}

/// A verdict does not contradict what its run did.
fn agrees(judged: &Judged) -> Result<(), TestCaseError> {
    let grown = judged.grown();
    let (layout, verdict) = (&judged.plan.layout, judged.verdict);
    let sum: i64 = grown.iter().map(|(grown, _)| grown).sum();
    if verdict == Verdict::Unstable && !judged.was_ended() {
        prop_assert!(sum > 0, "{layout} is unstable, but {grown:?}");
    }
    let clearly = |(grown, came): &(i64, u64)| *grown > 50 && *grown * 10 > *came as i64;
    if grown.iter().all(clearly) {
        prop_assert!(verdict != Verdict::Stable, "{layout} is stable, but {grown:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn what_is_carried_is_no_more_than_arithmetic_allows(
        scenario in patient(),
        factor in 0.5f64..1.7,
    ) {
        let mut scenario = Scenario { endpoints: Endpoints::GO, ..scenario };
        scenario.arrivals = "{ poisson: 1/s }".into();
        let rate = factor * saturates_at(&scenario);
        prop_assume!((1e-3..1e5).contains(&rate));
        scenario.arrivals = format!("{{ poisson: {rate}/s }}");
        let seconds = REQUESTS / rate;
        for judged in judged(&with_length(&scenario, seconds), seconds) {
            agrees(&judged)?;
            if judged.was_ended() {
                continue;
            }
            let most = judged.forecast.saturates_at().unwrap_or(f64::INFINITY);
            // Of a load that is not carried those that need least are answered all the same, so the rate of answers
            // is no measure. What is asked of a resource varies by chance, heavy tails and all.
            if judged.verdict == Verdict::Stable {
                prop_assert!(rate <= 1.15 * most, "{} carries {rate}/s of {most}/s", judged.plan.layout);
            }
        }
    }

    #[test]
    fn closed_users_reach_no_more_than_arithmetic_allows(
        scenario in patient(),
        users in 1u32..80,
        think in 0u32..100,
    ) {
        let scenario = Scenario {
            endpoints: Endpoints::GO,
            arrivals: format!("{{ closed: {{ users: {users}, think: {think}ms }} }}"),
            ..scenario
        };
        let plans = plans(&model(&scenario.text()));
        let bounds = plans.iter().filter_map(|plan| plan::forecast(plan).closed_bound_per_second);
        let most = bounds.fold(1e-3, f64::max);
        let seconds = REQUESTS / most;
        for judged in judged(&with_length(&scenario, seconds), seconds) {
            agrees(&judged)?;
            let bound = judged.forecast.closed_bound_per_second.expect("all users are closed");
            let carried = judged.answered_per_second();
            let chance = 3.0 * (carried / (f64::from(REPLICATIONS) * seconds * 0.8)).sqrt();
            prop_assert!(
                carried <= 1.15 * bound + chance,
                "{} reaches {carried}/s of {bound}/s", judged.plan.layout
            );
        }
    }

    #[test]
    fn no_verdict_contradicts_its_run_whatever_comes(
        scenario in patient(),
        load in (arrivals(), Endpoints::any(arrivals())),
    ) {
        let (arrivals, endpoints) = load;
        let scenario = Scenario { arrivals, endpoints, ..scenario };
        let seconds = 6.0;
        for judged in judged(&with_length(&scenario, seconds), seconds) {
            agrees(&judged)?;
        }
    }
}

#[test]
fn limits_of_frames_are_the_only_ones_that_tell_an_overload() {
    // What `was_ended` leaves out is judged by how it ended.
    let scenario = "poisson: 3000/s";
    let text = format!(
        "cutline: 1\nname: x\napplication: {{ modules: {{ a: {{ operations: {{ go: [ cpu: 1ms ] }} }} }} }}\n\
         workload: {{ arrivals: {{ {scenario} }}, endpoints: {{ go: {{ call: a.go }} }} }}\n\
         layouts: {{ one: {{ services: {{ s: {{ modules: all, threads: 10 }} }} }} }}\n\
         platform: {{ network: none, prices: none, context_switch: none }}\n\
         run: {{ seed: 9, fixed: {{ duration: 60s, warmup: 1s }}, replications: 2, limits: {{ frames: 5000 }} }}\n"
    );
    let judged = judged(&text, 60.0);
    let limited = |outcome: &Outcome| matches!(outcome.ending, Ending::Limited(Limit::Frames, _));
    assert!(judged[0].outcomes.iter().all(limited));
    assert_eq!(judged[0].verdict, Verdict::Unstable);
}
