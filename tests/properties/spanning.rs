//! Transactions over several databases in random applications, whatever keeps them together: every law holds, what
//! they held is back in the end, and none is left half done that a layout keeps together.

use cutline::measure::{Ending, Left};
use cutline::plan::Togetherness;
use proptest::prelude::*;
use proptest::sample::select;

use super::application::Reach;
use super::leaving::{any_time, early, keeps_the_laws};
use super::scenario::{ALL_THROUGH, Scenario, cases, disturbed, simulate};
use super::steps::Kinds;
use cutline::units::Nanos;

const WAYS: [&str; 5] = ["2pc", "{ 2pc: { log: none } }", "saga", SAGA, "none"];
const SAGA: &str = "{ saga: { state: none, retry_after: 3ms } }";

/// Scenarios whose transactions write wherever they like.
fn spanning(scenarios: impl Strategy<Value = Scenario>) -> impl Strategy<Value = Scenario> {
    (scenarios, select(&WAYS[..]))
        .prop_map(|(scenario, how)| Scenario { reach: Reach::Spanning(how), ..scenario })
}

/// The same where nobody ever waits for a row: two that hold rows of two databases could wait for each other, which
/// no database finds.
fn without_waits() -> impl Strategy<Value = Scenario> {
    spanning(Scenario::ample(Kinds::All)).prop_map(|scenario| Scenario {
        application: scenario.application.clone().with_many_rows(),
        ..scenario
    })
}

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn a_run_with_transactions_over_several_databases_passes_its_own_checks(
        scenario in spanning(Scenario::any()),
        done in early(60),
        warm in any::<bool>(),
    ) {
        let warmup = Nanos::from_seconds(if warm { 0.4 } else { 0.0 });
        let length = (Nanos::from_seconds(1.5), warmup);
        for done in [&[][..], &done] {
            for (plan, outcome) in disturbed(&scenario.text(), length, done, |_| ()) {
                keeps_the_laws(&plan, &outcome)?;
            }
        }
    }

    #[test]
    fn what_transactions_over_several_databases_held_is_back_in_the_end(
        scenario in without_waits(),
        done in any_time(),
    ) {
        for done in [&[][..], &done] {
            for (plan, outcome) in disturbed(&scenario.text(), ALL_THROUGH, done, |_| ()) {
                prop_assert_eq!(outcome.ending, Ending::Finished);
                keeps_the_laws(&plan, &outcome)?;
                prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
                for record in &outcome.spannings {
                    prop_assert_eq!(record.present.level(), 0);
                }
            }
        }
    }

    #[test]
    fn what_a_layout_keeps_together_is_committed_or_undone(scenario in without_waits()) {
        for (plan, outcome) in simulate(&scenario.text(), ALL_THROUGH) {
            for (spanning, record) in plan.program.spannings.iter().zip(&outcome.spannings) {
                let kept = spanning.how != Togetherness::Apart;
                prop_assert!(!kept || record.half_done == 0, "{}", spanning.name);
                prop_assert!(kept || record.compensated == 0, "{}", spanning.name);
                let is_saga = matches!(spanning.how, Togetherness::Saga { .. });
                prop_assert!(is_saga || record.undone == 0, "{}", spanning.name);
                prop_assert_eq!(record.cut_off, 0);
                prop_assert_eq!(record.begun, record.ended());
            }
        }
    }
}
