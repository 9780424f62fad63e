//! Views that events feed in random applications: every law holds, and each commit comes to its view or is known to be missed.

use cutline::measure::{Ending, Left};
use proptest::prelude::*;
use proptest::sample::select;

use super::application::Reach;
use super::leaving::{any_time, early, keeps_the_laws};
use super::messaging::{Carried, all_done, broker_in, carried, comings};
use super::scenario::{ALL_THROUGH, Scenario, cases, disturbed};
use super::spread::viewed;
use super::steps::Kinds;
use cutline::units::Nanos;

/// The text of a scenario in which every operation publishes an event at its end, and views are fed by it.
fn told(scenario: &Scenario, logs: bool, carried: Carried) -> String {
    let text = viewed(scenario, logs, ["events", "cdc", "{ events: [ happened ] }"]);
    let mut written = String::new();
    for line in text.lines() {
        let body = line.strip_prefix("        o").and_then(|rest| rest.strip_suffix(']'));
        match body.map(str::trim_end) {
            Some(body) if body.ends_with('[') => {
                written += &format!("        o{body} publish: happened ]")
            }
            Some(body) => written += &format!("        o{body}, publish: happened ]"),
            None => written += line,
        }
        written.push('\n');
    }
    broker_in(written, carried)
}

fn reach() -> impl Strategy<Value = Reach> {
    const WAYS: [Reach; 4] = [
        Reach::OwnTables,
        Reach::Anything,
        Reach::Spanning("{ saga: { state: none, retry_after: 3ms } }"),
        Reach::Led("{ saga: { by: choreography, retry_after: 3ms } }"),
    ];
    select(&WAYS[..])
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_run_with_views_that_events_feed_passes_its_own_checks(
        (scenario, reach) in (Scenario::any(), reach()),
        logs in any::<bool>(),
        carried in carried(),
        done in early(60),
        comings in comings(),
    ) {
        let length = (Nanos::from_seconds(1.5), Nanos::from_seconds(0.4));
        let text = told(&Scenario { reach, ..scenario }, logs, carried);
        for done in [&[][..], &done, &comings] {
            for (plan, outcome) in disturbed(&text, length, done, |_| ()) {
                keeps_the_laws(&plan, &outcome)?;
            }
        }
    }

    #[test]
    fn every_commit_is_shown_or_missed_in_the_end(
        (scenario, reach) in (Scenario::ample(Kinds::All), reach()),
        logs in any::<bool>(),
        carried in carried(),
        done in any_time(),
    ) {
        let application = scenario.application.clone().with_many_rows();
        let text = told(&Scenario { reach, application, ..scenario }, logs, carried);
        for done in [&[][..], &done] {
            for (plan, outcome) in disturbed(&text, ALL_THROUGH, done, |_| ()) {
                prop_assert_eq!(outcome.ending, Ending::Finished);
                keeps_the_laws(&plan, &outcome)?;
                prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
                all_done(&outcome);
                for (view, record) in plan.followed.views.iter().zip(&outcome.views) {
                    prop_assert_eq!(record.on_their_way.level(), 0, "{}", view.name);
                    prop_assert_eq!(record.changes, record.delay.count() + record.missed);
                    prop_assert!(view.is_told || record.missed == 0);
                    prop_assert!(record.stale <= record.staleness.count());
                }
            }
        }
    }
}
