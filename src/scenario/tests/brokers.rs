//! Events, brokers and consumers: what is read, and every misuse with its place and a way out.

use super::*;
use crate::model::{Acks, BrokerKind};

const TOLD: &str = "\
cutline: 1
name: told
application:
  modules:
    a: { tables: { t: { rows: 10, row_size: 1B } }, events: { told: { size: 2KiB, key: t } }, operations: { go: [ read: t, publish: told ] } }
    b: { subscribes: { told: hear }, operations: { hear: [ cpu: 1ms ] } }
workload: { arrivals: { poisson: 1/s }, endpoints: { go: { call: a.go } } }
layouts:
  one:
    services: { a: { cpu: 2, threads: 4 }, b: { cpu: 2, threads: 4, replicas: 2 } }
    databases: { d: { tables: all, cpu: 2, memory: 1GiB } }
    broker: kafka
    consumers: { b: { concurrency: 2 } }
platform: { network: none }
";

/// The only thing that is said of [`TOLD`] with a part replaced, be it a mistake or a warning: about what, the
/// message, the hint.
fn said(from: &str, to: &str) -> (String, String, String) {
    let text = changed(TOLD, from, to);
    match read(&text, "test.yaml", &[], &no_files) {
        Ok(reading) => {
            assert_eq!(reading.warnings.len(), 1, "{:?}", reading.warnings);
            let warning = &reading.warnings[0];
            let line = text.lines().nth(warning.span.line as usize - 1).unwrap_or_default();
            let marked: String = line
                .chars()
                .skip(warning.span.column as usize - 1)
                .take(warning.span.length as usize)
                .collect();
            let hint = warning.hint.clone().unwrap_or_default();
            (format!("{} {marked}", warning.code.text()), warning.message.clone(), hint)
        }
        Err(refused) => {
            assert_eq!(refused.diagnostics.len(), 1, "{refused}");
            let told = &refused.diagnostics[0];
            let about = summary(told, &refused);
            let (code, rest) = about.split_once(' ').unwrap();
            let marked = rest.split_once(' ').map_or("", |(_, marked)| marked);
            let hint = told.hint.clone().unwrap_or_default();
            (format!("{code} {marked}"), told.message.clone(), hint)
        }
    }
}

#[test]
fn a_broker_and_an_event_are_read_with_their_defaults() {
    let model = model(TOLD);
    let event = &model.application.events[0];
    assert_eq!(
        (event.size, event.key.as_ref().map(|key| **key)),
        (Some(crate::units::Bytes::kib(2.0)), Some(crate::model::TableId(0)))
    );
    let messaging = model.layouts[0].messaging.as_ref().unwrap();
    let broker = &messaging.broker;
    assert_eq!((*broker.kind, broker.acks, broker.flushed), (BrokerKind::Kafka, Acks::All, false));
    assert_eq!((*broker.partitions, broker.replication, broker.machines), (12, 3, 3));
    let (named, others) = (messaging.consumers_of("b"), messaging.consumers_of("a"));
    assert_eq!((named.concurrency, named.prefetch, others.concurrency), (2, 500, 1));
    let rabbit =
        changed(TOLD, "broker: kafka", "broker: { rabbitmq: { machines: 5, acks: leader } }");
    let model = super::model(&rabbit);
    let broker = &model.layouts[0].messaging.as_ref().unwrap().broker;
    assert_eq!((*broker.kind, broker.machines, broker.flushed), (BrokerKind::RabbitMq, 5, true));
    assert_eq!((broker.replication, broker.acks), (3, Acks::Leader));
}

#[test]
fn whatever_needs_a_broker_says_so() {
    let (about, message, hint) = said("    broker: kafka\n", "");
    assert_eq!(about, "without-broker { b: { concurrency: 2 } }");
    assert_eq!(message, "`consumers` take from a broker, and this layout has none");
    assert_eq!(hint, "write `broker: kafka` beside it, or leave it out");
}

#[test]
fn a_broker_has_as_many_machines_as_copies() {
    let broker = "broker: { kafka: { machines: 2 } }";
    let (about, message, hint) = said("broker: kafka", broker);
    assert_eq!(about, "too-few-machines 2");
    assert_eq!(message, "3 copies of a message lie on as many machines, and the broker has 2");
    assert_eq!(hint, "write more `machines`, or a smaller `replication`");
}

#[test]
fn consumers_without_anything_to_do_are_told() {
    let (about, message, _) = said("broker: kafka", "broker: { kafka: { partitions: 3 } }");
    assert_eq!(about, "idle-consumers 3");
    assert_eq!(
        message,
        "service `b` has 4 consumers for 3 partitions, of which each has one: 1 have nothing to do"
    );
    let (about, message, _) = said("{ b: { concurrency: 2 } }", "{ a: { concurrency: 2 } }");
    assert_eq!(about, "idle-consumers a");
    assert_eq!(message, "service `a` subscribes to no event and consumes nothing");
    let shared = changed(TOLD, "broker: kafka", "broker: { rabbitmq: { partitions: 1 } }");
    assert_eq!(reading(&shared).warnings.len(), 0);
}

#[test]
fn a_broker_that_nobody_uses_is_told() {
    let text = changed(SMALL, "one: { services", "one: { broker: kafka, services");
    let warnings = reading(&text).warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0].message, "the application has no event, so nobody ever uses the broker");
}

#[test]
fn names_that_nothing_has_are_refused() {
    let cases = [
        ("{ b: { concurrency: 2 } }", "{ c: { concurrency: 2 } }", "unknown-service c"),
        ("key: t", "key: u", "unknown-table u"),
        ("broker: kafka", "broker: nats", "unknown-word nats"),
        ("broker: kafka", "broker: { nats: {} }", "unknown-word nats"),
        ("broker: kafka", "broker: { kafka: { acks: most } }", "unknown-word most"),
        ("broker: kafka", "broker: { kafka: { topics: 3 } }", "unknown-field topics"),
        ("size: 2KiB", "weight: 2KiB", "unknown-field weight"),
        ("broker: kafka", "broker: { kafka: { class: huge } }", "unknown-class huge"),
    ];
    for (from, to, expected) in cases {
        assert_eq!(said(from, to).0, expected);
    }
}

#[test]
fn what_contradicts_itself_is_refused_with_a_way_out() {
    let cases = [
        ("batch: 600", "conflict 600", "write a larger `prefetch`, or a smaller `batch`"),
        ("batch_time: 1ms", "conflict 1ms", "write `batch: 50` beside it, or leave it out"),
        (
            "retries: 0, retry_after: 1s",
            "conflict 1s",
            "write `retries: 3` beside it, or leave it out",
        ),
    ];
    for (written, expected, way_out) in cases {
        let (about, _, hint) = said("concurrency: 2", written);
        assert_eq!((about.as_str(), hint.as_str()), (expected, way_out));
    }
}

#[test]
fn an_outbox_is_read_and_needs_a_broker_and_some_time() {
    use crate::model::Outbox;
    use crate::units::Nanos;
    let of = |written: &str| {
        let text = changed(TOLD, "broker: kafka", &format!("broker: kafka\n    outbox: {written}"));
        model(&text).layouts[0].messaging.as_ref().unwrap().outbox
    };
    assert_eq!(of("none"), Outbox::DualWrite);
    assert_eq!(of("cdc"), Outbox::Cdc(Nanos(100_000_000)));
    assert_eq!(of("{ cdc: 20ms }"), Outbox::Cdc(Nanos(20_000_000)));
    assert_eq!(of("{ poll: 500ms }"), Outbox::Poll(Nanos(500_000_000)));
    let with =
        |written: &str| said("broker: kafka", &format!("broker: kafka\n    outbox: {written}"));
    assert_eq!(with("{ poll: 0s }").0, "out-of-range 0s");
    assert_eq!(with("{ push: 1s }").0, "unknown-field push");
    assert_eq!(with("{ poll: 1s, cdc: 1s }").0, "conflict 1s");
    assert_eq!(with("often").0, "unknown-word often");
    let without = said("broker: kafka\n    consumers: { b: { concurrency: 2 } }", "outbox: cdc");
    assert_eq!(without.0, "without-broker cdc");
    assert_eq!(without.1, "`outbox` says how events get to a broker, and this layout has none");
}

#[test]
fn what_needs_faults_is_not_built() {
    assert_eq!(said("concurrency: 2", "idempotent: true").0, "not-built idempotent");
}

#[test]
fn a_key_that_nobody_touches_who_publishes_is_told() {
    let other = "{ t: { rows: 10, row_size: 1B }, u: { rows: 10, row_size: 1B } }";
    let text = changed(TOLD, "{ t: { rows: 10, row_size: 1B } }", other);
    // The other table is looked at, by somebody else.
    let text = changed(&text, "hear: [ cpu: 1ms ]", "hear: [ read: a.u ]");
    assert_eq!(reading(&text).warnings.len(), 0);
    let warnings = reading(&changed(&text, "key: t", "key: u")).warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!(warnings[0].code, crate::scenario::Code::ForeignKey);
    assert!(
        warnings[0].message.contains("event `told` has the key `a.u`"),
        "{}",
        warnings[0].message
    );
    assert!(warnings[0].hint.as_deref().is_some_and(|hint| hint.contains("leave `key` out")));
    // Whoever calls its publisher works with it.
    let through = "go: [ read: u, call: tell ], tell: [ read: t, publish: told ]";
    let text = changed(&text, "go: [ read: t, publish: told ]", through);
    assert_eq!(reading(&changed(&text, "key: t", "key: u")).warnings.len(), 0);
}
