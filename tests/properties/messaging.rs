//! Events that a broker carries in random applications: every law holds whatever comes, goes or is killed, what was
//! published is done with in the end, and what is asked of the application is the same whatever carries its events.

use cutline::measure::{Ending, Left, Outcome};
use proptest::prelude::*;
use proptest::sample::select;

use super::leaving::{any_time, early, keeps_the_laws};
use super::scenario::{ALL_THROUGH, Scenario, cases, disturbed, simulate};
use super::steps::Kinds;
use cutline::runtime::{Disturbance, Disturbed};
use cutline::units::Nanos;

const BROKERS: [&str; 6] = [
    "kafka",
    "{ kafka: { partitions: 3, replication: 2, linger: 3ms, batch: 4KiB, flushed: true, rebalance: 20ms } }",
    "{ kafka: { partitions: 2, machines: 4, acks: leader, capacity: 2, rebalance: 5ms } }",
    "{ kafka: { partitions: 5, replication: 1, acks: none, cpu: 0.5, rebalance: 0s } }",
    "rabbitmq",
    "{ rabbitmq: { acks: leader, replication: 2, capacity: 1, storage: { kind: none, flush: exp(2ms) } } }",
];
const CONSUMERS: [&str; 4] = [
    "{}",
    "{ concurrency: 3, prefetch: 1, retries: 1, retry_after: 2ms, dead_letters: false }",
    "{ batch: 4, batch_time: exp(3ms), retries: 0 }",
    "{ concurrency: 2, prefetch: 5, batch: 5, retries: 2, retry_after: 0s }",
];

const OUTBOXES: [&str; 4] = ["none", "cdc", "{ cdc: 1ms }", "{ poll: 40ms }"];

/// A broker, its consumers, an outbox.
pub(super) type Carried = (&'static str, &'static str, &'static str);

/// The scenario with a broker in every layout.
pub(super) fn with_broker(scenario: &Scenario, carried: Carried) -> String {
    broker_in(scenario.text(), carried)
}

/// The text of a scenario with a broker in every layout.
pub(super) fn broker_in(mut text: String, (broker, consumers, outbox): Carried) -> String {
    let carried = format!(
        "    broker: {broker}\n    consumers: {{ each: {consumers} }}\n    outbox: {outbox}\n"
    );
    for layout in ["whole", "two", "many"] {
        let head = format!("\n  {layout}:\n");
        assert!(text.contains(&head), "{text}");
        text = text.replacen(&head, &format!("{head}{carried}"), 1);
    }
    text
}

pub(super) fn carried() -> impl Strategy<Value = Carried> {
    (select(&BROKERS[..]), select(&CONSUMERS[..]), select(&OUTBOXES[..]))
}

/// Instances come and go at these instants (ms).
pub(super) fn comings() -> impl Strategy<Value = Vec<Disturbance>> {
    let one = (0u64..1_500, any::<bool>(), any::<u16>()).prop_map(|(at, joins, pick)| {
        let what = match joins {
            true => Disturbed::Join { service: cutline::ids::Id::new(0) },
            false => Disturbed::Drain { pick: pick.into() },
        };
        Disturbance { at: at * 1_000_000, what }
    });
    proptest::collection::vec(one, 0..12)
}

pub(super) fn all_done(outcome: &Outcome) {
    for record in &outcome.topics {
        assert_eq!(record.present.level(), 0);
        let ended = record.completion.count() + record.given_up + record.cut_off;
        assert_eq!(record.published, ended);
    }
    for record in &outcome.groups {
        assert_eq!((record.lag.level(), record.came), (0, record.ended()));
        assert!(record.busy.iter().all(|gauge| gauge.level() == 0));
    }
}

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn a_run_with_a_broker_passes_its_own_checks(
        scenario in Scenario::any(),
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
    fn what_was_published_is_done_with_in_the_end(
        scenario in Scenario::ample(Kinds::All),
        carried in carried(),
        done in any_time(),
        comings in comings(),
    ) {
        let text = with_broker(&scenario, carried);
        for done in [&[][..], &done, &comings] {
            for (plan, outcome) in disturbed(&text, ALL_THROUGH, done, |_| ()) {
                prop_assert_eq!(outcome.ending, Ending::Finished);
                keeps_the_laws(&plan, &outcome)?;
                prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
                all_done(&outcome);
            }
        }
    }

    #[test]
    fn as_much_is_published_and_handled_whatever_carries_it(
        scenario in Scenario::ample(Kinds::All),
        one in carried(),
        other in carried(),
    ) {
        // What is rolled back is published only where no outbox keeps it.
        let (one, other) = ((one.0, one.1, other.2), other);
        // Two that wait for rows of each other make one of them a victim, or not, by a hair.
        let application = scenario.application.clone().with_many_rows();
        let scenario = Scenario { application, ..scenario };
        let run = |carried| simulate(&with_broker(&scenario, carried), ALL_THROUGH);
        for ((_, one), (_, other)) in run(one).iter().zip(&run(other)) {
            for (one, other) in one.topics.iter().zip(&other.topics) {
                prop_assert_eq!(one.published, other.published);
            }
            for (one, other) in one.groups.iter().zip(&other.groups) {
                prop_assert_eq!(one.delivered, other.delivered);
            }
        }
    }
}
