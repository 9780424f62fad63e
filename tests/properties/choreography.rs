//! Sagas that nobody leads in random applications: every law holds whatever leaves, each saga is committed or undone in the
//! end, and what their parts held and published is back and done with.

use cutline::ids::Id;
use cutline::measure::{Ending, Left};
use cutline::plan::{Plan, SpanningPlan, Togetherness};
use proptest::prelude::*;

use super::application::Reach;
use super::leaving::{any_time, early, keeps_the_laws};
use super::messaging::{all_done, carried, comings, with_broker};
use super::scenario::{ALL_THROUGH, Scenario, cases, disturbed, simulate};
use super::steps::Kinds;
use cutline::units::Nanos;

const NOBODY: Reach = Reach::Led("{ saga: { by: choreography, retry_after: 3ms } }");
const SOMEBODY: Reach = Reach::Led("{ saga: { state: none, retry_after: 3ms } }");

fn led(scenarios: impl Strategy<Value = Scenario>) -> impl Strategy<Value = Scenario> {
    scenarios.prop_map(|scenario| Scenario { reach: NOBODY, ..scenario })
}

/// The same where nobody ever waits for a row.
fn without_waits() -> impl Strategy<Value = Scenario> {
    led(Scenario::ample(Kinds::All)).prop_map(|scenario| Scenario {
        application: scenario.application.clone().with_many_rows(),
        ..scenario
    })
}

fn sagas(plan: &Plan) -> impl Iterator<Item = Id<SpanningPlan>> + '_ {
    let led = plan.program.spannings.entries();
    let led = led.filter(|(_, it)| matches!(it.how, Togetherness::Choreography { .. }));
    led.map(|(saga, _)| saga)
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_run_with_sagas_that_nobody_leads_passes_its_own_checks(
        scenario in led(Scenario::any()),
        carried in carried(),
        done in early(60),
        comings in comings(),
        warm in any::<bool>(),
    ) {
        let warmup = Nanos::from_seconds(if warm { 0.4 } else { 0.0 });
        let length = (Nanos::from_seconds(1.5), warmup);
        let text = with_broker(&scenario, carried);
        for done in [&[][..], &done, &comings] {
            for (plan, outcome) in disturbed(&text, length, done, |_| ()) {
                keeps_the_laws(&plan, &outcome)?;
            }
        }
    }

    #[test]
    fn a_saga_that_nobody_leads_is_committed_or_undone_in_the_end(
        scenario in without_waits(),
        carried in carried(),
        done in any_time(),
        comings in comings(),
    ) {
        let text = with_broker(&scenario, carried);
        for (disturbs, done) in [(false, &[][..]), (true, &done), (false, &comings)] {
            for (plan, outcome) in disturbed(&text, ALL_THROUGH, done, |_| ()) {
                prop_assert_eq!(outcome.ending, Ending::Finished);
                keeps_the_laws(&plan, &outcome)?;
                prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
                all_done(&outcome);
                for saga in sagas(&plan) {
                    let record = &outcome.spannings[saga.index()];
                    prop_assert_eq!(record.present.level(), 0);
                    prop_assert_eq!(record.half_done, 0);
                    prop_assert_eq!(record.begun, record.ended() + record.cut_off);
                    prop_assert!(disturbs || record.cut_off == 0, "only what is killed is cut off");
                }
            }
        }
    }

    #[test]
    fn as_many_commit_and_are_undone_as_with_an_orchestrator(
        scenario in without_waits(),
        carried in carried(),
    ) {
        let led = Scenario { reach: SOMEBODY, ..scenario.clone() };
        let run = |scenario: &Scenario| simulate(&with_broker(scenario, carried), ALL_THROUGH);
        for ((one_plan, one), (other_plan, other)) in run(&scenario).iter().zip(&run(&led)) {
            for saga in sagas(one_plan) {
                let name = &one_plan.program.spannings[saga].name;
                let one = &one.spannings[saga.index()];
                let mut others = other_plan.program.spannings.iter().zip(&other.spannings);
                let (_, other) = others.find(|(it, _)| !it.is_part && it.name == *name).unwrap();
                // A request goes on where no orchestrator tells it of a failure, so it may begin more.
                prop_assert!(one.begun >= other.begun);
                if one.begun == other.begun {
                    prop_assert_eq!(one.committed, other.committed, "{}", name);
                    let undone = (one.compensated + one.rolled_back, other.compensated + other.rolled_back);
                    prop_assert_eq!(undone.0, undone.1, "{}", name);
                }
            }
        }
    }
}
