//! Random frames are killed and orphaned at random instants, whatever they wait for or hold: every law holds, and
//! when all are through everything is back. Those who share nothing with them never notice.

use std::cell::Cell;
use std::ops::Range;

use cutline::ids::Id;
use cutline::measure::{Ending, Kind, Left, Outcome};
use cutline::plan::Plan;
use cutline::runtime::{Disturbance, Disturbed};
use cutline::study::breaches;
use cutline::units::Nanos;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use super::application::Reach;
use super::load::arrivals;
use super::scenario::{ALL_THROUGH, Scenario, Service, cases, disturbed};
use super::steps::Kinds;

/// Long enough for whatever does not wait for ever.
pub(super) const A_DAY: (Nanos, Nanos) = (Nanos(86_400_000_000_000), Nanos::ZERO);
/// (ms)
const SHORT: u64 = 1_500;

/// Kills a frame or leaves it without anybody who waits for it, at an instant (ms); whoever did is told one of these
/// answers, among which may be that all is well.
fn departure(instants: Range<u64>, answers: &'static [Kind]) -> impl Strategy<Value = Disturbance> {
    let instants = instants.start * 1_000..instants.end * 1_000;
    (instants, any::<bool>(), any::<u32>(), select(answers)).prop_map(
        |(at, kills, pick, answer)| {
            let pick = u64::from(pick);
            let what = match kills {
                true => Disturbed::Kill { pick, answer },
                false => Disturbed::Orphan { pick, answer },
            };
            Disturbance { at: at * 1_000, what }
        },
    )
}

/// Up to so many within the first 1.5 s.
pub(super) fn early(most: usize) -> impl Strategy<Value = Vec<Disturbance>> {
    vec(departure(0..SHORT, &Kind::ALL), 1..most)
}

/// Some while a load that ends is there.
pub(super) fn any_time() -> impl Strategy<Value = Vec<Disturbance>> {
    (early(60), vec(departure(10_000..15_200, &Kind::ALL), 0..60)).prop_map(|(mut all, late)| {
        all.extend(late);
        all
    })
}

/// Frames leave while instances come and go and cores change their speed, all within so long (ms).
fn unrest(within: u64) -> impl Strategy<Value = Vec<Disturbance>> {
    let fleet = prop_oneof![
        Just(Disturbed::Join { service: Id::new(0) }),
        any::<u32>().prop_map(|pick| Disturbed::Drain { pick: pick.into() }),
        (any::<u32>(), select(&[0.3, 0.9, 2.5][..]))
            .prop_map(|(pick, speed)| Disturbed::Speed { pick: pick.into(), speed }),
    ];
    let fleet =
        (0..within * 1_000, fleet).prop_map(|(at, what)| Disturbance { at: at * 1_000, what });
    vec(prop_oneof![1 => fleet, 4 => departure(0..within, &Kind::ALL)], 1..120)
}

/// With a buffer cache that misses some pages.
fn missing(scenario: impl Strategy<Value = Scenario>) -> impl Strategy<Value = Scenario> {
    let hit = prop_oneof![1 => Just(100u32), 2 => 0u32..100];
    (scenario, hit).prop_map(|(mut scenario, hit)| {
        scenario.database += &format!(", hit: {hit}%");
        scenario
    })
}

/// What every run of every plan keeps to.
pub(super) fn keeps_the_laws(plan: &Plan, outcome: &Outcome) -> Result<(), TestCaseError> {
    let found = breaches(plan, outcome);
    prop_assert!(found.is_empty(), "{}: {:?} {:?}", plan.layout, found, outcome.ending);
    Ok(())
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_run_that_frames_leave_passes_its_own_checks(
        scenario in missing(Scenario::any()),
        done in early(120),
        warm in any::<bool>(),
    ) {
        let warmup = Nanos::from_seconds(if warm { 0.4 } else { 0.0 });
        for length in [(Nanos::from_seconds(1.5), warmup), ALL_THROUGH] {
            for (plan, outcome) in disturbed(&scenario.text(), length, &done, |_| ()) {
                keeps_the_laws(&plan, &outcome)?;
            }
        }
    }

    #[test]
    fn frames_leave_while_instances_come_and_go(
        scenario in missing(Scenario::any()),
        passing in missing(Scenario::passing()),
        done in unrest(SHORT),
    ) {
        let warm = (Nanos::from_seconds(1.5), Nanos::from_seconds(0.4));
        for (plan, outcome) in disturbed(&scenario.text(), warm, &done, |_| ()) {
            keeps_the_laws(&plan, &outcome)?;
        }
        for (plan, outcome) in disturbed(&passing.text(), A_DAY, &done, |_| ()) {
            keeps_the_laws(&plan, &outcome)?;
            let ends = plan.layout == "whole" && outcome.ending == Ending::Finished;
            prop_assert!(!ends || outcome.left == Left::default(), "{:?}", outcome.left);
        }
    }

    #[test]
    fn whatever_those_held_who_left_is_back_in_the_end(
        scenario in Scenario::ample(Kinds::All),
        done in any_time(),
    ) {
        for (plan, outcome) in disturbed(&scenario.text(), ALL_THROUGH, &done, |_| ()) {
            prop_assert_eq!(outcome.ending, Ending::Finished);
            keeps_the_laws(&plan, &outcome)?;
            prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
            prop_assert_eq!(outcome.backlog.at_end, 0);
        }
    }

    #[test]
    fn when_nobody_comes_any_more_those_who_were_left_alone_come_to_an_end(
        scenario in missing(Scenario::passing()),
        done in early(120),
    ) {
        for (plan, outcome) in disturbed(&scenario.text(), A_DAY, &done, |_| ()) {
            keeps_the_laws(&plan, &outcome)?;
            if outcome.ending != Ending::Finished {
                continue;
            }
            // Within one service nobody waits for ever. Between services some may, nobody waiting for them.
            let Left { thread_waits, connection_waits, lock_waits, .. } = outcome.left;
            let stuck = thread_waits + connection_waits + lock_waits > 0;
            prop_assert!(plan.layout != "whole" || !stuck, "{:?}", outcome.left);
            prop_assert!(stuck || outcome.left == Left::default(), "{}: {:?}", plan.layout, outcome.left);
            prop_assert!(stuck || outcome.backlog.at_end == 0, "{}", plan.layout);
        }
    }
}

/// A bystander beside a random application: a module with an endpoint, a service, a database and a third party
/// of its own, which shares neither a resource nor a stream of random numbers with the rest.
fn beside_a_bystander(scenario: &Scenario, service: &Service) -> String {
    let modules = scenario.application.modules.len();
    let tables: Vec<String> = (0..modules).map(|module| format!("m{module}.t")).collect();
    let others: Vec<String> = (1..modules).map(|module| format!("m{module}")).collect();
    let (tables, others) = (tables.join(", "), others.join(", "));
    let head = scenario.head(1, false);
    let added = |text: String, before: &str, more: &str| {
        assert_eq!(text.matches(before).count(), 1, "{before} is there once");
        text.replace(before, &format!("{before}{more}"))
    };
    let module = "    stands:
      tables: { own: { rows: 4, row_size: 100B } }
      operations:
        by: [ cpu: { exp: 2ms }, transaction: { name: own, do: [ write: own, cpu: { exp: 1ms } ] }, external: post,
              parallel: [ [ cpu: { exp: 1ms } ], [ wait: { exp: 2ms } ] ] ]
";
    let head = added(head, "application:\n  modules:\n", module);
    let post = " post: { latency: { exp: 3ms }, concurrency: 2 },";
    let head = added(head, "  externals: {", post);
    let own = " stand: { call: stands.by, arrivals: { poisson: 120/s } },";
    let head = added(head, "  endpoints: {", own);
    let random = service.text();
    format!(
        "{head}layouts:
  apart:
    services:
      front: {{ modules: [ m0 ], {random} }}
      back: {{ modules: [ {others} ], {random} }}
      stands: {{ modules: [ stands ], cpu: 1, threads: 4, scheduling: ps }}
    databases:
      db: {{ tables: [ {tables} ], {} }}
      own: {{ tables: [ stands.own ], cpu: 1, memory: 1GiB, storage: none, pool: 2, acquire_timeout: none }}
platform: {{ network: none, prices: none, context_switch: none }}
run: {{ fixed: {{ duration: 1500ms, warmup: 300ms }}, replications: 3, limits: {{ frames: 20000, events: 400000 }} }}
",
        scenario.database,
    )
}

/// All that is told of the bystander.
fn seen(plan: &Plan, outcome: &Outcome) -> String {
    let endpoint = plan.load.endpoints.iter().position(|endpoint| endpoint.name == "stand");
    let service = plan.site.services.iter().position(|service| service.name == "stands");
    let database = plan.site.databases.iter().position(|database| database.name == "own");
    let third = plan.site.externals.iter().position(|third| third.name == "post");
    let (Some(endpoint), Some(service), Some(database), Some(third)) =
        (endpoint, service, database, third)
    else {
        panic!("the bystander is there")
    };
    format!(
        "{:?} {:?} {:?} {:?}",
        outcome.endpoints[endpoint],
        outcome.services[service],
        outcome.databases[database],
        outcome.externals[third],
    )
}

/// Whether the bystander itself was hit: by itself it answers well.
fn is_hit(plan: &Plan, outcome: &Outcome) -> bool {
    let endpoints = plan.load.endpoints.iter().zip(&outcome.endpoints);
    let mut own = endpoints.filter(|(endpoint, _)| endpoint.name == "stand");
    own.any(|(_, record)| record.answers[1..].iter().sum::<u64>() > 0)
}

#[test]
fn whoever_shares_nothing_with_those_who_leave_never_notices() {
    let (quiet, noticed) = (Cell::new(0), Cell::new(0));
    // A hit on the bystander must be seen, so nobody is told that all is well or that another try may help; nor is
    // it so late that the bystander who was hit has no answer yet in the end.
    let done = vec(departure(0..1_300, &[Kind::Failed]), 1..8);
    let strategy = (Scenario::any(), Service::any(), arrivals(), done);
    // From the start, as a hit in a warm-up would not be seen.
    let length = (Nanos::from_seconds(1.5), Nanos::ZERO);
    let result =
        TestRunner::new(cases(40)).run(&strategy, |(scenario, service, arrivals, done)| {
            let mut scenario = scenario.unwatched();
            (scenario.arrivals, scenario.reach) = (arrivals, Reach::Anything);
            let text = beside_a_bystander(&scenario, &service);
            let (plan, alone) = disturbed(&text, length, &[], |_| ()).remove(0);
            prop_assert!(!is_hit(&plan, &alone), "the bystander is well by itself");
            for one in done {
                let (plan, outcome) = disturbed(&text, length, &[one], |_| ()).remove(0);
                keeps_the_laws(&plan, &outcome)?;
                let finished = [&alone, &outcome].map(|outcome| outcome.ending == Ending::Finished);
                if is_hit(&plan, &outcome) || finished != [true; 2] {
                    continue;
                }
                prop_assert_eq!(seen(&plan, &outcome), seen(&plan, &alone), "{:?}\n{}", one, text);
                quiet.set(quiet.get() + 1);
                let others =
                    |outcome: &Outcome| format!("{:?}", (&outcome.endpoints, &outcome.services));
                noticed.set(noticed.get() + u32::from(others(&outcome) != others(&alone)));
            }
            Ok(())
        });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    let (quiet, noticed) = (quiet.get(), noticed.get());
    assert!(noticed > 20, "of {quiet} disturbances elsewhere {noticed} moved anything there");
}
