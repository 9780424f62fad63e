//! Views that events feed, by hand: which event tells of which commit, and how long that takes to show.

use cutline::study::{Estimate, LayoutFindings, ViewFindings};

use super::over_time::run;
use super::ran::assert_near;

/// An order a second from 1 s on. A view takes 1 ms for a statement, 2 ms for a row, 10 ms for its flush and 3 ms for a
/// commit; nothing else takes time but what is said.
fn told(steps: &str, more: &str) -> LayoutFindings {
    // Who is called by nobody would write what nobody tells.
    let adds = match steps.contains("lines.add") {
        true => "      operations: { add: [ write: lines ] }\n",
        false => "",
    };
    let body = format!(
        "
application:
  modules:
    orders:
      tables: {{ orders: {{ rows: 1, row_size: 100B }} }}
      events: [ changed ]
      operations: {{ go: [ {steps} ], look: [ join: {{ name: history, tables: [ orders, lines.lines ] }} ] }}
    lines:
      tables: {{ lines: {{ rows: 10, row_size: 100B }} }}
{adds}workload:
  arrivals: {{ deterministic: 1/s }}
  endpoints: {{ go: {{ call: orders.go }} }}
layouts:
  main:
    services: {{ each: {{ threads: async, cpu: 4 }} }}
    databases:
      orders: {{ tables: [ orders ], cpu: 64, memory: 1GiB, pool: 100, costs: none, storage: none }}
      lines: {{ tables: [ lines ], cpu: 64, memory: 1GiB, pool: 100, costs: none, storage: none }}
      reads:
        {{ tables: [], cpu: 64, memory: 1GiB, pool: 100, hit: 100%, storage: {{ kind: none, flush: 10ms }},
          costs: {{ statement: 1ms, row_read: 0ms, row_write: 2ms, commit: 3ms, flush: 0ms }} }}
    broker: {{ kafka: {{ replication: 1, linger: 0s, request_cpu: 0s, message_cpu: 0s, rebalance: 0s }} }}
    views: {{ history: {{ joins: orders.history, in: reads, feed: events }} }}
{more}run: {{ until: 5900ms, replications: 2 }}
"
    );
    run(&body).layouts.0[0].1.clone()
}

/// What a view takes to take a change in.
const TAKEN_IN: f64 = 0.001 + 0.002 + 0.010 + 0.003;

fn history(found: &LayoutFindings) -> &ViewFindings {
    found.views.get("history").expect("it is a view")
}

fn value(estimate: Option<Estimate>) -> f64 {
    estimate.expect("it is told").value
}

fn delay(found: &LayoutFindings) -> f64 {
    value(history(found).delay_seconds.mean)
}

#[test]
fn a_view_shows_a_commit_once_its_consumer_has_taken_the_event_in() {
    let steps = "write: orders, publish: changed, wait: 100ms, call: look, wait: 300ms, call: look";
    let more = "    consumers: { history: { batch: 1, batch_time: 200ms } }\n";
    let found = told(steps, more);
    let own = history(&found);
    assert_near(delay(&found), 0.2 + TAKEN_IN, 1e-12);
    // The first look misses a commit that is 100 ms old, the second one none.
    assert_eq!((value(own.stale_share), value(own.missed_share)), (0.5, 0.0));
    assert_near(value(own.staleness_seconds.mean), 0.05, 1e-12);
    let consumers = found.consumers.get("view history").expect("it has consumers");
    assert_near(consumers.per_second.value * 5.9, 5.0, 1e-9);
    let event = found.published.get("changed").expect("it is published");
    assert_near(value(event.completion_seconds.mean), 0.2 + TAKEN_IN, 1e-12);
    let reads = found.databases.get("reads").expect("it is there");
    assert_near(reads.commits_per_second.value * 5.9, 5.0, 1e-9);
}

#[test]
fn an_event_tells_what_is_committed_with_it() {
    let steps = "transaction: { name: both, do: [ publish: changed, write: orders ] }";
    let found = told(steps, "    outbox: { cdc: 50ms }\n");
    assert_near(delay(&found), 0.05 + TAKEN_IN, 1e-12);
    assert_eq!(value(history(&found).missed_share), 0.0);
}

#[test]
fn an_event_that_is_sent_before_the_commit_shows_it_at_once() {
    let steps = "transaction: { name: both, do: [ wait: 1ms, write: orders, wait: 1ms, publish: changed, wait: 500ms ] }, call: look";
    let found = told(steps, "");
    assert_near(delay(&found), 0.0, 1e-12);
    assert_eq!(
        (value(history(&found).stale_share), value(history(&found).missed_share)),
        (0.0, 0.0)
    );
}

#[test]
fn an_event_tells_what_those_have_committed_that_its_operation_called() {
    let found = told("write: orders, call: lines.add, wait: 100ms, publish: changed", "");
    assert_near(history(&found).changes_per_second.value * 5.9, 10.0, 1e-9);
    // Both in one event, and one more row for it.
    assert_near(delay(&found), 0.1 + TAKEN_IN + 0.002, 1e-12);
}

#[test]
fn each_event_tells_what_has_been_committed_since_the_one_before() {
    let steps =
        "write: orders, publish: changed, wait: 50ms, write: orders, wait: 100ms, publish: changed";
    let found = told(steps, "");
    assert_near(delay(&found), TAKEN_IN + 0.05, 1e-12);
}

#[test]
fn what_no_event_tells_is_missed_and_counted() {
    let found = told("write: orders, fail: 100%, publish: changed", "");
    let own = history(&found);
    assert_eq!((value(own.missed_share), value(own.on_their_way_mean)), (1.0, 0.0));
    assert!(own.delay_seconds.mean.is_none());
    let half = told("write: orders, fail: 50%, publish: changed", "");
    let missed = value(history(&half).missed_share);
    assert!(missed > 0.0 && missed < 1.0, "{missed}");
}

/// 100 entities, changed 50 times a second, read at times of their own. Each change shows after an exponential delay of
/// 0.8 s, as so many consumers take it as there are changes: a read is stale if one of its entity is on its way, and by
/// the law of M/G/∞ that has the probability 1 − exp(−0.5 × 0.8).
#[test]
fn with_consumers_for_all_reads_are_as_stale_as_queueing_theory_says() {
    let body = "
application:
  modules:
    a:
      tables: { entities: { rows: 100, row_size: 100B } }
      events: [ changed ]
      operations:
        change: [ write: entities, publish: changed ]
        look: [ join: { name: seen, tables: [ entities, b.other ] } ]
    b: { tables: { other: { rows: 100, row_size: 100B } } }
workload:
  arrivals: { poisson: 250/s }
  endpoints: { change: { share: 1, call: a.change }, look: { share: 4, call: a.look } }
layouts:
  main:
    services: { all: { modules: all, threads: async, cpu: 64 } }
    databases:
      each: { cpu: 64, memory: 1GiB, pool: 1000, max_connections: 10000, costs: none, storage: none }
      reads: { tables: [], cpu: 64, memory: 1GiB, pool: 1000, max_connections: 10000, hit: 100%, costs: none, storage: none }
    broker: { rabbitmq: { replication: 1, linger: 0s, flushed: false, request_cpu: 0s, message_cpu: 0s, partitions: 1 } }
    consumers: { seen: { concurrency: 200, prefetch: 1, batch: 1, batch_time: exp(800ms) } }
    views: { seen: { joins: a.seen, in: reads, feed: events } }
run: { fixed: { duration: 200s, warmup: 20s, replications: 10 } }
";
    let found = run(body).layouts.0[0].1.clone();
    let own = found.views.get("seen").expect("it is a view");
    let covers = |estimate: Option<Estimate>, truth: f64| {
        let Estimate { value, ci95 } = estimate.expect("it is told");
        let [low, high] = ci95.expect("several replications");
        // Four half-widths: so far off by chance once in many thousands.
        assert!((value - truth).abs() < 4.0 * (high - low) / 2.0, "{value} is not {truth}");
    };
    covers(own.stale_share, 1.0 - (-0.4_f64).exp());
    covers(own.on_their_way_mean, 40.0);
    covers(own.delay_seconds.mean, 0.8);
}
