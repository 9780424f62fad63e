//! Views and event-sourced tables in random applications: every law holds, every commit comes to its view, and what
//! sessions noted on the way is gone in the end.

use cutline::measure::{Ending, Left};
use proptest::prelude::*;

use super::application::Reach;
use super::leaving::{any_time, early, keeps_the_laws};
use super::scenario::{ALL_THROUGH, Scenario, cases, disturbed};
use super::steps::Kinds;
use cutline::units::Nanos;

/// The text of a scenario in which all joins are named, layouts keep views of them, and the tables of the second module
/// are kept as events where `logs` says so.
fn spread(scenario: &Scenario, logs: bool) -> String {
    viewed(scenario, logs, ["cdc", "{ cdc: { lag: 3ms } }", "{ cdc: { lag: 0ms } }"])
}

/// The same with these feeds in turn.
pub(super) fn viewed(scenario: &Scenario, logs: bool, feeds: [&str; 3]) -> String {
    let mut text = scenario.text();
    if logs {
        let table = text.match_indices("row_size: 200B").nth(1).map(|(at, found)| at + found.len());
        let log = ", log: { event: 100B, snapshot_every: 3, replay: 50us, retries: 1 }";
        text.insert_str(table.expect("there are two modules"), log);
        // What is added to events is an event in any case.
        text = text.replace(", insert: true", "");
    }
    let (mut written, mut module, mut names) = (String::new(), String::new(), Vec::new());
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("    m").and_then(|rest| rest.strip_suffix(':')) {
            module = format!("m{name}");
        }
        let mut parts = line.split("join: { tables");
        written += parts.next().unwrap_or_default();
        for part in parts {
            written += &format!("join: {{ name: j{}, tables{part}", names.len());
            names.push(format!("{module}.j{}", names.len()));
        }
        if let Some(databases) = line.strip_prefix("    databases: {") {
            let database = if databases.starts_with(" each") { "m0" } else { "db" };
            let views = names.iter().enumerate().map(|(number, join)| {
                let feed = feeds[number % 3];
                format!("v{number}: {{ joins: {join}, in: {database}, feed: {feed} }}")
            });
            let views: Vec<String> = views.collect();
            written += &format!("\n    views: {{ {} }}", views.join(", "));
        }
        written.push('\n');
    }
    written
}

fn scenarios() -> impl Strategy<Value = Scenario> {
    let spanning = Reach::Spanning("{ saga: { state: none, retry_after: 3ms } }");
    let reach = prop_oneof![
        Just(Reach::OwnTables),
        Just(Reach::Anything),
        Just(Reach::Spanning("2pc")),
        Just(spanning)
    ];
    (Scenario::any(), reach).prop_map(|(scenario, reach)| Scenario { reach, ..scenario })
}

/// The same where nobody ever waits for a row.
fn without_waits() -> impl Strategy<Value = Scenario> {
    Scenario::ample(Kinds::All).prop_map(|scenario| Scenario {
        application: scenario.application.clone().with_many_rows(),
        ..scenario
    })
}

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn a_run_with_views_and_events_passes_its_own_checks(
        scenario in scenarios(),
        logs in any::<bool>(),
        done in early(60),
    ) {
        let length = (Nanos::from_seconds(1.5), Nanos::from_seconds(0.4));
        let text = spread(&scenario, logs);
        for done in [&[][..], &done] {
            for (plan, outcome) in disturbed(&text, length, done, |_| ()) {
                keeps_the_laws(&plan, &outcome)?;
            }
        }
    }

    #[test]
    fn every_commit_comes_to_its_view_and_none_twice(
        scenario in without_waits(),
        logs in any::<bool>(),
        done in any_time(),
    ) {
        let text = spread(&scenario, logs);
        for done in [&[][..], &done] {
            for (plan, outcome) in disturbed(&text, ALL_THROUGH, done, |_| ()) {
                prop_assert_eq!(outcome.ending, Ending::Finished);
                keeps_the_laws(&plan, &outcome)?;
                prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
                let commits: u64 = outcome.databases.iter().map(|it| it.commits).sum();
                for record in &outcome.views {
                    prop_assert_eq!(record.on_their_way.level(), 0);
                    prop_assert_eq!(record.changes, record.delay.count());
                    prop_assert!(record.changes <= commits);
                    prop_assert!(record.stale <= record.staleness.count());
                }
                for record in &outcome.logs {
                    prop_assert!(record.snapshots <= record.appended);
                }
            }
        }
    }
}
