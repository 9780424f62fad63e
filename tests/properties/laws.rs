//! What holds for every application in every layout under every load.

use cutline::measure::{Category, Ending, Kind, Left, Outcome};
use cutline::plan::{CpuUse, Plan};
use cutline::study::breaches;
use cutline::units::Nanos;
use proptest::prelude::*;

use super::scenario::{ALL_THROUGH, Scenario, cases, simulate};
use super::steps::Kinds;

/// Long enough for whatever does not wait for ever.
const A_DAY: (Nanos, Nanos) = (Nanos(86_400_000_000_000), Nanos::ZERO);

/// Busy time of the cores of all services [core-ns].
fn busy(plan: &Plan, outcome: &Outcome) -> f64 {
    let cpus = plan.site.cpus.iter().zip(&outcome.cpu_busy);
    cpus.filter(|(cpu, _)| !matches!(cpu.used_by, CpuUse::Database(_))).map(|(_, busy)| busy).sum()
}

/// Answers of a kind.
fn answers(outcome: &Outcome, kind: Kind) -> u64 {
    outcome.endpoints.iter().map(|record| record.answers[kind as usize]).sum()
}

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn every_run_passes_its_own_checks(scenario in Scenario::any(), warm in any::<bool>()) {
        let warmup = Nanos::from_seconds(if warm { 0.4 } else { 0.0 });
        for length in [(Nanos::from_seconds(1.5), warmup), ALL_THROUGH] {
            for (plan, outcome) in simulate(&scenario.text(), length) {
                let found = breaches(&plan, &outcome);
                prop_assert!(found.is_empty(), "{}: {:?} {:?}", plan.layout, found, outcome.ending);
            }
        }
    }

    #[test]
    fn when_all_requests_are_through_everything_is_back(scenario in Scenario::ample(Kinds::All)) {
        for (plan, outcome) in simulate(&scenario.text(), ALL_THROUGH) {
            prop_assert_eq!(outcome.ending, Ending::Finished);
            prop_assert_eq!(breaches(&plan, &outcome), [""; 0]);
            prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
            prop_assert_eq!(outcome.backlog.at_end, 0);
        }
    }

    #[test]
    fn when_nobody_comes_any_more_everything_comes_back(scenario in Scenario::passing()) {
        for (plan, outcome) in simulate(&scenario.text(), A_DAY) {
            if outcome.ending != Ending::Finished {
                continue;
            }
            // Within one service nobody waits for ever. Between services some may: for rows that their
            // own callers have locked, or for threads, in a ring over the owners of tables.
            prop_assert!(plan.layout != "whole" || outcome.backlog.at_end == 0);
            if outcome.backlog.at_end == 0 {
                prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
            }
        }
    }

    #[test]
    fn the_same_requests_need_the_same_work_in_every_layout(scenario in Scenario::ample(Kinds::All)) {
        let runs = simulate(&scenario.text(), ALL_THROUGH);
        // Who a deadlock meets depends on when locks are asked for: that is the layout's.
        prop_assume!(runs.iter().all(|(_, outcome)| answers(outcome, Kind::Deadlock) == 0));
        prop_assume!(runs.iter().all(|(_, outcome)| outcome.databases[0].deadlocks == 0));
        let (plan, outcome) = &runs[0];
        let expected = busy(plan, outcome);
        for (plan, other) in &runs[1..] {
            prop_assert_eq!(answers(other, Kind::Ok), answers(outcome, Kind::Ok));
            prop_assert_eq!(answers(other, Kind::Failed), answers(outcome, Kind::Failed));
            // A shared core rounds the end of a job up to a nanosecond.
            let slack = 2.0 * other.events.max(outcome.events) as f64;
            let found = busy(plan, other);
            prop_assert!((found - expected).abs() <= slack, "{}: {found} {expected}", plan.layout);
        }
    }

    #[test]
    fn cores_are_busy_for_as_long_as_requests_have_them(scenario in Scenario::ample(Kinds::Sequential)) {
        for (plan, outcome) in simulate(&scenario.text(), ALL_THROUGH) {
            let endpoints = outcome.endpoints.iter();
            let spent: u128 = endpoints.map(|record| record.spent[Category::Cpu as usize]).sum();
            let spent = spent as f64;
            let slack = 2.0 * outcome.events as f64;
            let found = busy(&plan, &outcome);
            prop_assert!((found - spent).abs() <= slack, "{}: {found} {spent}", plan.layout);
            for record in &outcome.endpoints {
                prop_assert_eq!(record.answers[Kind::Ok as usize], record.arrivals);
            }
        }
    }
}
