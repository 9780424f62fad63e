//! Two scenarios that differ in something whose effect is known: nothing, a factor, or a sign.

use cutline::measure::{EndpointRecord, Outcome};
use cutline::plan::Plan;
use cutline::report::Told;
use cutline::study::{self, Progress, Workers};
use cutline::units::Nanos;
use proptest::prelude::*;

use super::load::Endpoints;
use super::scenario::{Scenario, Service, cases, model, simulate};
use super::steps::Kinds;

const SHORT: (Nanos, Nanos) = (Nanos(1_500_000_000), Nanos(300_000_000));

/// So many times longer, a nanosecond is so little that rounding to it hardly ever turns two events round,
/// after which all goes another way.
const LONG: u32 = 1_000;

/// What was seen at the endpoints, and at the services and databases that `names` has.
fn seen(plan: &Plan, outcome: &Outcome, names: &Plan) -> String {
    let mut text = format!("{:?}", outcome.endpoints);
    for service in &names.site.services {
        let number = plan.site.services.iter().position(|other| other.name == service.name);
        let number = number.expect("the service is in both");
        text += &format!("\n{} {:?}", service.name, outcome.services[number]);
    }
    for database in &names.site.databases {
        let number = plan.site.databases.iter().position(|other| other.name == database.name);
        let record = &outcome.databases[number.expect("the database is in both")];
        text += &format!("\n{} {} {}", database.name, record.statements, record.commits);
        text += &format!(" {} {}", record.held_sum, record.pool_wait_sum);
    }
    text
}

/// Runs both texts and holds the layouts of the first to what the second shows of them.
fn same(text: &str, changed: &str) -> Result<(), TestCaseError> {
    let before = simulate(text, SHORT);
    let after = simulate(changed, SHORT);
    for (plan, outcome) in &before {
        let other = after.iter().find(|(other, _)| other.layout == plan.layout);
        let (other_plan, other) = other.expect("the layout is in both");
        let (one, two) = (seen(plan, outcome, plan), seen(other_plan, other, plan));
        prop_assert_eq!(one, two, "{}\n{}", plan.layout, changed);
    }
    Ok(())
}

/// `text` with `from`, which must be there once, replaced.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} is there once");
    text.replace(from, to)
}

/// All endpoints in one record: good answers, the sums of latencies, and other answers.
fn all(outcome: &Outcome) -> (u64, u64, u128, Vec<u64>) {
    let sum = |value: fn(&EndpointRecord) -> u64| outcome.endpoints.iter().map(value).sum::<u64>();
    let latency = outcome.endpoints.iter().map(|record| record.latency_sum).sum();
    let kinds = (0..5).map(|kind| outcome.endpoints.iter().map(|one| one.answers[kind]).sum());
    (sum(|one| one.arrivals), sum(|one| one.latency.count()), latency, kinds.collect())
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn what_nothing_uses_moves_nothing(scenario in Scenario::any()) {
        let text = scenario.text();
        // Placement packs every service, used or not, so nodes would move what stands on them.
        prop_assume!(!text.contains("nodes:"));
        let unused = "modules:\n    idle:\n      tables: { t: { rows: 9M, row_size: 1KiB } }\n      \
                      operations: { o: [ cpu: 1ms, read: t, call: m0.o0 ] }\n    m0:\n";
        let more = changed(&text, "modules:\n    m0:\n", unused);
        // The layout of two services needs a place for it, and there is another layout.
        let more = changed(&more, "      front: { modules: [ m0 ]",
            "      idle: { modules: [ idle ] }\n      front: { modules: [ m0 ]");
        let more = changed(&more, "layouts:\n", "layouts:\n  other:\n    \
            services: { all: { modules: all } }\n    \
            databases: { db: { tables: all, cpu: 1, memory: 1GiB } }\n");
        same(&text, &more)?;
    }

    #[test]
    fn services_written_in_another_order_are_the_same(scenario in Scenario::any()) {
        let text = scenario.text();
        prop_assume!(!text.contains("nodes:"));
        let lines: Vec<&str> = text.lines().collect();
        let front = lines.iter().position(|line| line.starts_with("      front:"));
        let front = front.expect("the layout of two services has a front");
        let mut turned = lines.clone();
        turned.swap(front, front + 1);
        same(&text, &turned.join("\n"))?;
    }

    #[test]
    fn an_endpoint_in_two_halves_is_the_endpoint(scenario in Scenario::any()) {
        let halved = simulate(&scenario.halved(), SHORT);
        for ((plan, one), (_, two)) in simulate(&scenario.text(), SHORT).iter().zip(&halved) {
            prop_assert_eq!(all(one), all(two), "{}", &plan.layout);
        }
    }

    #[test]
    fn twice_the_times_at_half_the_rate_is_twice_the_latency(
        mut scenario in Scenario::ample(Kinds::Sequential),
        rate in 1u32..200,
        cpu in 1u32..4,
    ) {
        // Shares of a core are rounded: two jobs that would be through at one instant come apart or not.
        scenario.service = Service::plain(cpu, 2 * cpu);
        scenario.endpoints = Endpoints::GO;
        let mut run = |scale: u32| {
            scenario.arrivals = format!("{{ poisson: {}/s }}", f64::from(2 * rate) / f64::from(scale));
            let length = [SHORT.0, SHORT.1].map(|time| Nanos(time.0 * u64::from(scale)));
            simulate(&scenario.scaled(scale), length.into())
        };
        let (once, twice) = (run(LONG), run(2 * LONG));
        for ((plan, one), (_, two)) in once.iter().zip(&twice) {
            let (one, two) = (&one.endpoints[0], &two.endpoints[0]);
            // Draws are rounded to a nanosecond, so who is at an edge may fall on its other side.
            prop_assert!(one.arrivals.abs_diff(two.arrivals) <= 1, "{}", &plan.layout);
            let (good, twice_good) = (one.latency.count(), two.latency.count());
            prop_assert!(good.abs_diff(twice_good) <= 1, "{}: {good} {twice_good}", &plan.layout);
            if good == twice_good {
                let (sum, twice_sum) = (2.0 * one.latency_sum as f64, two.latency_sum as f64);
                let slack = 1e-6 * sum + 1e3 * good as f64;
                prop_assert!((sum - twice_sum).abs() <= slack, "{}: {sum} {twice_sum}", &plan.layout);
            }
        }
    }
}

struct Silent;

impl Progress for Silent {
    fn note(&self, _: &str) {}
}

/// results.json of all layouts, simulated on so many threads.
fn results(text: &str, threads: usize) -> String {
    let threads = Workers::new(threads).expect("the system gives some threads");
    let model = model(text);
    let layouts: Vec<usize> = (0..model.layouts.len()).collect();
    let findings = threads.run(|| study::run(&model, &layouts, &Silent));
    let findings = findings.unwrap_or_else(|refused| panic!("{refused:?}\n{text}"));
    assert_eq!(findings.breaches().collect::<Vec<_>>(), [""; 0], "{text}");
    findings.json()
}

proptest! {
    #![proptest_config(cases(15))]

    #[test]
    fn one_thread_and_three_give_the_same_bytes(scenario in Scenario::any()) {
        let text = scenario.text();
        prop_assert_eq!(results(&text, 1), results(&text, 3));
    }
}
