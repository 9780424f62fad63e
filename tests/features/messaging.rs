//! Events that a broker carries, by hand: what a publisher waits for, who takes what in which order, what becomes of a
//! message that fails, and of publishers when a partition is full.

use cutline::study::{
    Comparison, ConsumerFindings, Estimate, EventFindings, LayoutFindings, WindowFindings,
};

use super::over_time::run;
use super::ran::assert_near;

/// A front that publishes one a second from 1 s on and a back that takes it. Nothing takes time but what is said.
struct Told<'a> {
    publishes: &'a str,
    handles: &'a str,
    event: &'a str,
    back: &'a str,
    broker: &'a str,
    outbox: &'a str,
    consumers: &'a str,
    network: &'a str,
}

const TOLD: Told<'static> = Told {
    publishes: "[ publish: told ]",
    handles: "[ wait: 5ms ]",
    event: "{}",
    back: "replicas: 1",
    broker: "kafka: { partitions: 1, replication: 1, storage: none, request_cpu: 0ms, message_cpu: 0ms }",
    outbox: "none",
    consumers: "concurrency: 1",
    network: "none",
};

impl Told<'_> {
    fn run(&self) -> LayoutFindings {
        run(&self.text()).layouts.0[0].1.clone()
    }

    fn text(&self) -> String {
        let Told { publishes, handles, event, back, broker, outbox, consumers, network } = self;
        format!(
            "
application:
  modules:
    front:
      tables: {{ things: {{ rows: 1, row_size: 100B }} }}
      events: {{ told: {event} }}
      operations: {{ tell: {publishes} }}
    back: {{ subscribes: {{ told: handle }}, operations: {{ handle: {handles} }} }}
workload:
  arrivals: {{ deterministic: 1/s }}
  endpoints: {{ tell: {{ call: front.tell }} }}
layouts:
  main:
    services:
      front: {{ modules: [ front ], threads: async, cpu: 4 }}
      back: {{ modules: [ back ], threads: async, cpu: 4, {back} }}
    databases: {{ each: {{ cpu: 8, memory: 1GiB, hit: 100%, costs: none, storage: {{ kind: none, flush: 10ms }} }} }}
    broker: {{ {broker} }}
    outbox: {outbox}
    consumers: {{ back: {{ {consumers} }} }}
platform: {{ prices: none, context_switch: none, network: {network} }}
run: {{ until: 5950ms, replications: 2 }}
"
        )
    }
}

fn latency(found: &LayoutFindings) -> f64 {
    value(found.endpoints.get("all").expect("it is there").latency_seconds.mean)
}

fn told(found: &LayoutFindings) -> &EventFindings {
    found.published.get("told").expect("a broker carries it")
}

fn back(found: &LayoutFindings) -> &ConsumerFindings {
    found.consumers.get("back").expect("it takes the event")
}

fn completion(found: &LayoutFindings) -> f64 {
    value(told(found).completion_seconds.mean)
}

fn value(estimate: Option<Estimate>) -> f64 {
    estimate.expect("it is told").value
}

/// A millisecond each way, half a millisecond of CPU for a request, 10 ms a flush, three machines.
fn copied(acks: &str) -> LayoutFindings {
    let broker = format!(
        "kafka: {{ partitions: 1, replication: 3, flushed: true, acks: {acks}, storage: {{ kind: none, flush: 10ms }}, \
         request_cpu: 0.5ms, message_cpu: 0ms }}"
    );
    let network = "{ same_zone: { rtt: 2ms, bandwidth: none } }";
    Told { broker: &broker, network, ..TOLD }.run()
}

#[test]
fn a_publisher_waits_for_all_copies_for_the_first_or_for_nothing() {
    let all = copied("all");
    // There, work and flush; the others at the same time there, work, flush and back; then back.
    assert_near(latency(&all), 0.001 + 0.0105 + 0.0125 + 0.001, 1e-12);
    assert_near(completion(&all), 0.001 + 0.0105 + 0.0125 + 0.001 + 0.005, 1e-12);
    let leader = copied("leader");
    assert_near(latency(&leader), 0.001 + 0.0105 + 0.001, 1e-12);
    assert_near(completion(&leader), 0.001 + 0.0105 + 0.001 + 0.005, 1e-12);
    let none = copied("none");
    assert_near(latency(&none), 0.0, 1e-12);
    assert_near(completion(&none), completion(&leader), 1e-12);
    let spent = &all.endpoints.get("all").expect("it is there").attribution_seconds;
    assert_near(*spent.get("broker").expect("a category"), 0.025, 1e-12);
}

#[test]
fn copies_are_made_whether_or_not_anybody_waits_for_them() {
    for acks in ["all", "leader", "none"] {
        let found = copied(acks);
        for machine in ["kafka-1", "kafka-2", "kafka-3"] {
            let flushes = found.databases.get(machine).expect("a machine").flushes_per_second;
            assert_near(flushes.value, 5.0 / 5.95, 1e-9);
        }
    }
}

#[test]
fn what_fails_is_tried_again_and_then_kept_aside_or_lost() {
    let consumers = "retries: 2, retry_after: 100ms";
    let failing = Told { handles: "[ wait: 5ms, fail: 100% ]", consumers, ..TOLD }.run();
    let own = back(&failing);
    assert_eq!((value(own.dead_share), value(own.lost_share)), (1.0, 0.0));
    assert_near(value(own.retries_mean), 2.0, 1e-12);
    assert_near(value(own.busiest_share), 5.0 * 0.215 / 5.95, 1e-9);
    assert_eq!(value(told(&failing).given_up_share), 1.0);
    assert_eq!(told(&failing).completion_seconds.mean, None);
    let code = cutline::scenario::Code::GivenUp;
    assert!(failing.diagnostics.iter().any(|said| said.code == code));
    let consumers = "retries: 0, dead_letters: false";
    let lost = Told { handles: "[ fail: 100% ]", consumers, ..TOLD }.run();
    assert_eq!((value(back(&lost).dead_share), value(back(&lost).lost_share)), (0.0, 1.0));
}

#[test]
fn a_partition_is_in_order_and_a_queue_is_taken_from_by_whoever_is_free() {
    let publishes = "[ parallel: [ [ publish: told ], [ publish: told ] ] ]";
    let base = Told { publishes, handles: "[ wait: 300ms ]", back: "replicas: 2", ..TOLD };
    let kafka = base.run();
    assert_near(completion(&kafka), (0.3 + 0.6) / 2.0, 1e-12);
    assert_near(value(back(&kafka).idlest_share), 0.0, 1e-12);
    let broker = "rabbitmq: { replication: 1, storage: none, message_cpu: 0ms }";
    let rabbit = Told { broker, ..base }.run();
    assert_near(completion(&rabbit), 0.3, 1e-12);
    assert_near(value(back(&rabbit).idlest_share), 5.0 * 0.3 / 5.95, 1e-9);
}

#[test]
fn events_about_one_row_lie_in_one_partition() {
    let broker = "kafka: { partitions: 8, replication: 1, storage: none, request_cpu: 0ms, message_cpu: 0ms }";
    let publishes = "[ repeat: { times: 20, do: [ publish: told ] } ]";
    let spread = Told { publishes, broker, back: "replicas: 4", ..TOLD }.run();
    assert!(value(back(&spread).idlest_share) > 0.0);
    let keyed = Told { publishes, broker, back: "replicas: 4", event: "{ key: things }", ..TOLD };
    let keyed = keyed.run();
    assert_near(value(back(&keyed).busiest_share), 5.0 * 20.0 * 0.005 / 5.95, 1e-9);
    assert_near(value(back(&keyed).idlest_share), 0.0, 1e-12);
    // One after the other: 5 ms, 10 ms, … 100 ms.
    assert_near(completion(&keyed), 0.0525, 1e-12);
}

#[test]
fn publishers_wait_while_a_partition_is_full() {
    let broker = "kafka: { partitions: 1, replication: 1, capacity: 1, storage: none, request_cpu: 0ms, message_cpu: 0ms }";
    let publishes = "[ repeat: { times: 3, do: [ publish: told ] } ]";
    let full = Told { publishes, broker, handles: "[ wait: 300ms ]", ..TOLD }.run();
    // The second waits for the first one, the third for the second.
    assert_near(latency(&full), 0.6, 1e-12);
    assert_near(completion(&full), (0.3 + 0.6 + 0.6) / 3.0, 1e-12);
}

#[test]
fn what_is_collected_leaves_together_when_it_is_time_or_full() {
    let broker = |batch: &str| {
        format!(
            "kafka: {{ partitions: 1, replication: 1, linger: 20ms, batch: {batch}, storage: none, request_cpu: 0ms, \
             message_cpu: 0ms }}"
        )
    };
    let publishes = "[ parallel: [ [ publish: told ], [ wait: 5ms, publish: told ] ] ]";
    let event = "{ size: 1KiB }";
    let timed = Told { publishes, event, broker: &broker("1MiB"), ..TOLD }.run();
    assert_near(latency(&timed), 0.02, 1e-12);
    assert_near(value(told(&timed).batch_mean), 2.0, 1e-12);
    assert_eq!(value(told(&timed).full_share), 0.0);
    let full = Told { publishes, event, broker: &broker("2KiB"), ..TOLD }.run();
    assert_near(latency(&full), 0.005, 1e-12);
    assert_eq!(value(told(&full).full_share), 1.0);
}

#[test]
fn a_batch_is_done_with_at_its_end() {
    let publishes = "[ repeat: { times: 4, do: [ publish: told ] } ]";
    let consumers = "batch: 3, batch_time: 10ms";
    let found = Told { publishes, consumers, ..TOLD }.run();
    // The first comes alone; the others wait for it, and are done with together.
    let (first, others) = (0.015, 0.015 + 0.025);
    assert_near(completion(&found), (first + 3.0 * others) / 4.0, 1e-12);
    assert_near(value(back(&found).batch_mean), 2.0, 1e-12);
}

#[test]
fn what_is_published_by_a_failing_operation_is_published_all_the_same() {
    let found = Told { publishes: "[ publish: told, fail: 100% ]", ..TOLD }.run();
    assert_near(told(&found).per_second.value, 5.0 / 5.95, 1e-9);
    assert_near(completion(&found), 0.005, 1e-12);
}

/// A row and an event of one transaction.
const TOGETHER: &str = "[ transaction: { name: t, do: [ write: things, publish: told ] } ]";
const IN_VAIN: &str =
    "[ transaction: { name: t, do: [ write: things, publish: told, fail: 100% ] } ]";

#[test]
fn a_relay_that_polls_finds_what_has_committed_when_it_looks() {
    let found = Told { publishes: TOGETHER, outbox: "{ poll: 700ms }", ..TOLD }.run();
    // Orders at 1, 2, … 5 s; looks at 1.4, 2.1, 3.5, 4.2 and 5.6 s.
    assert_near(completion(&found), (0.4 + 0.1 + 0.5 + 0.2 + 0.6) / 5.0 + 0.005, 1e-12);
    // The commit is on disk before anybody goes on, and nobody waits for the broker.
    assert_near(latency(&found), 0.01, 1e-12);
    let relay = found.outboxes.get("front").expect("it keeps events");
    assert_near(value(relay.found_mean), 5.0 / 8.0, 1e-12);
    assert_near(value(relay.empty_share), 3.0 / 8.0, 1e-12);
    // Each look that finds something strikes it out, which is a flush.
    let flushes = found.databases.get("front").expect("it is there").flushes_per_second;
    assert_near(flushes.value, 10.0 / 5.95, 1e-9);
    assert_eq!(told(&found).exposed_seconds.mean, None);
}

#[test]
fn completion_and_lag_are_compared_in_pairs_of_layouts_with_a_broker() {
    let layouts = "  polled: { extends: main, outbox: { poll: 700ms } }
  slow: { extends: main, consumers: { back: { concurrency: 1, batch: 1, batch_time: 20ms } } }
  called:
    services:
      front: { modules: [ front ], threads: async, cpu: 4 }
      back: { modules: [ back ], threads: async, cpu: 4 }
    databases: { each: { cpu: 8, memory: 1GiB, hit: 100%, costs: none, storage: { kind: none, flush: 10ms } } }
platform:";
    let text = Told { publishes: TOGETHER, ..TOLD }.text().replace("platform:", layouts);
    let found = run(&text);
    let compared = |metric: &str, b: &str| {
        let pair = |pair: &&Comparison| (&*pair.metric, &*pair.a, &*pair.b) == (metric, "main", b);
        let pair = found.comparison.iter().find(pair)?;
        assert_eq!(pair.difference.ci95, Some([pair.difference.value; 2]), "always the same");
        Some((pair.difference.value, pair.verdict.clone()))
    };
    let by = |metric: &str, b: &str| compared(metric, b).expect("it is compared").0;
    // Orders at 1, 2, … 5 s; looks at 1.4, 2.1, 3.5, 4.2 and 5.6 s; without a relay they are at the broker at once.
    let later = (0.4 + 0.1 + 0.5 + 0.2 + 0.6) / 5.0;
    assert_near(by("told.completion.mean", "polled"), -later, 1e-12);
    assert_near(by("told.completion.p99", "polled"), -0.6, 0.6 * 0.01);
    assert_near(by("told.completion.mean", "slow"), -0.02, 1e-12);
    assert_near(by("back.lag.mean", "slow"), -5.0 * 0.02 / 5.95, 1e-12);
    let lag = compared("back.lag.mean", "polled").expect("it is compared");
    assert_near(lag.0, 0.0, 1e-12);
    let verdict = compared("told.completion.p99", "slow").expect("it is compared").1;
    assert_eq!(verdict, "a lower");
    // Called, the back ends before the front goes on: nothing is complete later.
    for metric in ["told.completion.mean", "told.completion.p99", "back.lag.mean"] {
        assert!(compared(metric, "called").is_none(), "{metric}");
    }
    assert!(compared("all.latency.mean", "called").is_some());
}

#[test]
fn lag_is_told_window_by_window() {
    let told = Told { handles: "[ wait: 1500ms ]", ..TOLD };
    let found = run(&told.text().replace("5950ms,", "5950ms, window: 1s,")).layouts.0[0].1.clone();
    let lag = |window: &WindowFindings| window.consumers.get("back").expect("a broker").lag_mean;
    let lags: Vec<f64> = found.windows.iter().map(|window| lag(window).value).collect();
    // One comes at 1, 2, … 5 s, and one is done with at 2.5, 4 and 5.5 s.
    let expected = [0.0, 1.0, 1.5, 2.0, 2.0, (0.5 * 3.0 + 0.45 * 2.0) / 0.95];
    assert_eq!(lags.len(), expected.len());
    lags.iter().zip(expected).for_each(|(lag, expected)| assert_near(*lag, expected, 1e-12));
}

#[test]
fn a_relay_that_reads_the_log_has_an_event_so_long_after_its_commit() {
    let found = Told { publishes: TOGETHER, outbox: "{ cdc: 20ms }", ..TOLD }.run();
    assert_near(completion(&found), 0.01 + 0.02 + 0.005, 1e-12);
    let flushes = found.databases.get("front").expect("it is there").flushes_per_second;
    assert_near(flushes.value, 5.0 / 5.95, 1e-9);
    // Without a transaction the row of the event is one.
    let alone = Told { outbox: "{ cdc: 20ms }", ..TOLD }.run();
    assert_near(latency(&alone), 0.01, 1e-12);
    assert_near(completion(&alone), 0.01 + 0.02 + 0.005, 1e-12);
}

#[test]
fn a_rollback_takes_back_what_an_outbox_keeps_and_not_what_was_sent() {
    let kept = Told { publishes: IN_VAIN, outbox: "{ cdc: 20ms }", ..TOLD }.run();
    assert_near(told(&kept).per_second.value, 0.0, 1e-12);
    assert_near(back(&kept).per_second.value, 0.0, 1e-12);
    let sent = Told { publishes: IN_VAIN, ..TOLD }.run();
    assert_near(back(&sent).per_second.value, 5.0 / 5.95, 1e-9);
    assert_near(value(told(&sent).made_up_share), 1.0, 1e-12);
    let code = cutline::scenario::Code::DualWrite;
    assert!(sent.diagnostics.iter().any(|said| said.code == code));
    assert!(!kept.diagnostics.iter().any(|said| said.code == code));
}

#[test]
fn the_times_in_which_a_crash_would_lose_or_make_up_an_event_are_told() {
    let together = Told { publishes: TOGETHER, ..TOLD }.run();
    // From publishing to the commit, which is a flush; the broker has it at once.
    assert_near(value(told(&together).ahead_seconds.mean), 0.01, 1e-12);
    assert_near(value(told(&together).exposed_seconds.mean), 0.0, 1e-12);
    let all = copied("all");
    assert_near(value(told(&all).exposed_seconds.mean), 0.024, 1e-12);
    assert_eq!(told(&all).ahead_seconds.mean, None);
}

#[test]
fn consumers_that_cannot_keep_up_are_foretold_and_make_a_layout_unstable() {
    let text = |rate: &str| {
        format!(
            "application:
  modules:
    front: {{ events: [ told ], operations: {{ tell: [ publish: told ] }} }}
    back: {{ subscribes: {{ told: handle }}, operations: {{ handle: [ wait: 10ms ] }} }}
workload: {{ arrivals: {{ poisson: {rate} }}, endpoints: {{ tell: {{ call: front.tell }} }} }}
layouts: {{ main: {{ services: {{ each: {{ replicas: 2 }} }}, broker: kafka }} }}
platform: {{ prices: none, network: none }}
run: {{ fixed: {{ duration: 30s, replications: 3 }} }}
"
        )
    };
    let foretold = |rate: &str| {
        let model = super::ran::model(&text(rate));
        let plan = cutline::plan::compile(&model, 0).expect("it compiles");
        let loads = cutline::plan::forecast(&plan).loads;
        loads.iter().find(|load| load.resource == "back consumers").expect("a load").utilisation
    };
    assert_near(foretold("100/s"), 0.5, 1e-9);
    assert_near(foretold("300/s"), 1.5, 1e-9);
    let found = run(&text("300/s"));
    assert_eq!(found.layouts.0[0].1.verdict, cutline::study::Verdict::Unstable);
    let said = &found.layouts.0[0].1.diagnostics;
    let said = said.iter().find(|said| said.code == cutline::scenario::Code::Unstable);
    assert!(said.expect("it says so").message.contains("back consumers"));
    // A hundred a second more come than are handled, and no request is kept.
    let backlog = &found.layouts.0[0].1.backlog;
    for point in [&backlog[9], &backlog[backlog.len() - 1]] {
        let lag = point.lag.get("back").expect("a broker").value;
        assert_near(lag, 100.0 * point.at_seconds, 15.0 * point.at_seconds);
        assert!(point.in_system.value < 10.0);
    }
    assert_eq!(run(&text("100/s")).layouts.0[0].1.verdict, cutline::study::Verdict::Stable);
}
