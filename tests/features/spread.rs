//! Reading what is spread over databases, by hand: joins asked at once and row by row, event-sourced tables, views.

use cutline::study::{Estimate, LayoutFindings, LogFindings, ViewFindings};

use super::over_time::run;
use super::ran::assert_near;

/// Orders with their lines and prices, each in a service with a database of its own: ten rows of each. A statement takes
/// 1 ms, a row nothing, a way to a service or a database 1 ms.
fn composed(batch: &str, place: &str) -> LayoutFindings {
    let database = "cpu: 64, memory: 1GiB, pool: 100, hit: 100%, storage: none, \
                    costs: { statement: 1ms, row_read: 0ms, row_write: 0ms, commit: 0ms, flush: 0ms }";
    let body = format!(
        "
application:
  modules:
    orders:
      tables: {{ orders: {{ rows: 1M, row_size: 100B }} }}
      operations:
        list: [ join: {{ tables: [ orders, lines.lines, prices.prices ], rows: 10, batch: {batch} }} ]
    lines: {{ tables: {{ lines: {{ rows: 1M, row_size: 100B }} }} }}
    prices: {{ tables: {{ prices: {{ rows: 1M, row_size: 100B }} }} }}
workload:
  arrivals: {{ deterministic: 1/s }}
  endpoints: {{ list: {{ call: orders.list }} }}
layouts:
  apart:
    services: {{ each: {{ threads: async, cpu: 4 }} }}
    databases: {{ each: {{ {database} }} }}
    protocol: none
  together:
    services: {{ all: {{ modules: all, threads: async, cpu: 4 }} }}
    databases: {{ all: {{ tables: all, {database} }} }}
    protocol: none
platform:
  prices: none
  context_switch: none
  network: {{ same_zone: {{ rtt: 2ms, bandwidth: none }} }}
run: {{ until: 5500ms, replications: 2 }}
"
    );
    run(&body).layouts.get(place).expect("it is a layout").clone()
}

fn mean_latency(found: &LayoutFindings) -> f64 {
    found.endpoints.get("all").expect("it is there").latency_seconds.mean.expect("answered").value
}

fn statements(found: &LayoutFindings) -> f64 {
    found.databases.iter().map(|(_, it)| it.statements_per_second.value).sum()
}

/// Putting together a row of each of three tables takes 2 us a row.
const COMPOSED: f64 = 3.0 * 10.0 * 2e-6;

#[test]
fn a_join_over_several_databases_asks_all_owners_at_once() {
    let found = composed("true", "apart");
    // The longest way: to a service and on to its database, 4 ms, with a statement.
    assert_near(mean_latency(&found), 0.005 + COMPOSED, 1e-9);
    assert_near(statements(&found) * 5.5, 5.0 * 3.0, 1e-9);
}

#[test]
fn without_batches_it_asks_for_every_row_by_itself() {
    let found = composed("false", "apart");
    // Its own table: 3 ms. Then ten times two others, one after the other.
    assert_near(mean_latency(&found), 0.003 + 10.0 * 2.0 * 0.005 + COMPOSED, 1e-9);
    assert_near(statements(&found) * 5.5, 5.0 * (1.0 + 10.0 * 2.0), 1e-9);
}

#[test]
fn a_join_that_one_database_can_do_is_one_statement_either_way() {
    for batch in ["true", "false"] {
        let found = composed(batch, "together");
        assert_near(mean_latency(&found), 0.003, 1e-9);
        assert_near(statements(&found) * 5.5, 5.0, 1e-9);
    }
}

/// One key of a ledger, written ten times a second, one after the other: 40 times.
fn ledger(log: &str, step: &str) -> LayoutFindings {
    ledger_over("none", log, step)
}

fn ledger_over(network: &str, log: &str, step: &str) -> LayoutFindings {
    let body = format!(
        "
application:
  modules:
    pay:
      tables: {{ ledger: {{ rows: 1, row_size: 100B, log: {{ event: 300B, {log} }} }} }}
      operations: {{ post: [ {step} ] }}
workload:
  arrivals: {{ deterministic: 10/s }}
  endpoints: {{ post: {{ call: pay.post }} }}
layouts:
  main:
    services: {{ all: {{ modules: all, threads: async, cpu: 4 }} }}
    databases:
      all:
        {{ tables: all, cpu: 64, memory: 1GiB, pool: 100, hit: 100%, storage: {{ kind: none, flush: 10ms }},
          costs: {{ statement: 1ms, row_read: 0.1ms, row_write: 0.2ms, commit: 0ms, flush: 0ms, requeue: 0ms }} }}
platform: {{ network: {network}, prices: none, context_switch: none }}
run: {{ until: 4050ms, replications: 2 }}
"
    );
    run(&body).layouts.0[0].1.clone()
}

fn posted(found: &LayoutFindings) -> &LogFindings {
    found.logs.get("pay.ledger").expect("it is kept as events")
}

fn value(estimate: Option<Estimate>) -> f64 {
    estimate.expect("it is told").value
}

#[test]
fn a_write_loads_its_key_and_adds_an_event_and_a_snapshot_in_its_turn() {
    let found = ledger("snapshot_every: 1, replay: 1ms", "write: ledger");
    // Statement and snapshot; statement, event, snapshot, flush.
    assert_near(mean_latency(&found), 1.1e-3 + 1.4e-3 + 10e-3, 1e-9);
    let own = posted(&found);
    assert_eq!((value(own.replayed.mean), value(own.snapshots_per_event)), (0.0, 1.0));
    assert_eq!((value(own.conflict_share), own.conflicts), (0.0, 0));
}

#[test]
fn a_key_is_loaded_by_its_snapshot_and_the_events_behind_it() {
    let found = ledger("snapshot_every: 4, replay: 1ms", "write: ledger");
    let own = posted(&found);
    // Each event: a row on the database, 1 ms in the service; every fourth time a snapshot.
    assert_near(value(own.replayed.mean), 1.5, 1e-12);
    assert_near(value(own.snapshots_per_event), 0.25, 1e-12);
    let once = 1.1e-3 + 1.5 * 1.1e-3 + 1.2e-3 + 0.25 * 0.2e-3 + 10e-3;
    assert_near(mean_latency(&found), once, 1e-9);
    // A million events: a row and a millisecond each.
    assert_near(own.rebuild_seconds_per_million, 1100.0, 1e-12);
}

#[test]
fn a_read_applies_events_and_adds_none() {
    let found = ledger("snapshot_every: 1000, replay: 2us", "read: ledger");
    let own = posted(&found);
    assert_eq!(own.appended_per_second.value, 0.0);
    assert!(own.snapshots_per_event.is_none() && own.conflict_share.is_none());
    let events = value(own.replayed.mean);
    assert_near(mean_latency(&found), 1.1e-3 + events * 0.102e-3, 1e-9);
    assert!(found.databases.iter().all(|(_, it)| it.flushes_per_second.value == 0.0));
}

#[test]
fn a_write_goes_to_the_database_twice_and_a_read_once() {
    let network = "{ same_zone: { rtt: 2ms, bandwidth: none } }";
    let found = ledger_over(network, "snapshot_every: 1, replay: 1ms", "write: ledger");
    assert_near(mean_latency(&found), 2.0 * 2e-3 + 1.1e-3 + 1.4e-3 + 10e-3, 1e-9);
    let found = ledger_over(network, "snapshot_every: 1, replay: 1ms", "read: ledger");
    assert_near(mean_latency(&found), 2e-3 + 1.1e-3, 1e-9);
}

/// Two commands on the same key at the same time, each 30 ms of work between its read and its write.
fn twice(retries: u32) -> LayoutFindings {
    let body = format!(
        "
application:
  modules:
    pay:
      tables: {{ ledger: {{ rows: 1, row_size: 100B, log: {{ event: 300B, snapshot_every: 1, replay: 0ms }} }} }}
      operations:
        post:
          - transaction: {{ name: post, retries: {retries}, do: [ read: ledger, wait: 30ms, write: ledger ] }}
        both: [ parallel: [ [ call: post ], [ call: post ] ] ]
workload:
  arrivals: {{ deterministic: 1/s }}
  endpoints: {{ both: {{ call: pay.both }} }}
layouts:
  main:
    services: {{ all: {{ modules: all, threads: async, cpu: 4 }} }}
    databases:
      all: {{ tables: all, cpu: 64, memory: 1GiB, pool: 100, costs: none, storage: none }}
run: {{ until: 5500ms, replications: 2 }}
"
    );
    run(&body).layouts.0[0].1.clone()
}

#[test]
fn who_finds_another_event_in_the_place_of_its_own_starts_anew_or_fails() {
    let found = twice(1);
    assert_near(mean_latency(&found), 0.06, 1e-12);
    let own = posted(&found);
    // Of three tries one finds the event of the other.
    assert_near(value(own.conflict_share), 1.0 / 3.0, 1e-12);
    assert_eq!(own.conflicts, 2 * 5);
    let found = twice(0);
    let outcomes = found.endpoints.get("all").expect("it is there").outcomes;
    assert_eq!((outcomes.ok, outcomes.conflict), (0, 2 * 5));
    assert_near(value(posted(&found).conflict_share), 0.5, 1e-12);
}

/// An order that is written and looked at 100 ms later and 300 ms after that, in a view that shows it after 200 ms and
/// what it takes to write it there.
fn viewed(steps: &str, lag: &str, more: &str) -> LayoutFindings {
    let body = format!(
        "
application:
  modules:
    orders:
      tables: {{ orders: {{ rows: 1, row_size: 100B }} }}
      operations: {{ go: [ {steps} ] }}
    lines: {{ tables: {{ lines: {{ rows: 10, row_size: 100B }} }} }}
workload:
  arrivals: {{ deterministic: 1/s }}
  endpoints: {{ go: {{ call: orders.go }} }}
layouts:
  main:
    services: {{ all: {{ modules: all, threads: async, cpu: 4 }} }}
    databases:
      orders: {{ tables: [ orders ], cpu: 64, memory: 1GiB, pool: 100, costs: none, storage: none }}
      lines: {{ tables: [ lines ], cpu: 64, memory: 1GiB, pool: 100, costs: none, storage: none }}
      reads:
        {{ tables: [], cpu: 64, memory: 1GiB, pool: 100, hit: 100%, storage: {{ kind: none, flush: 10ms }},
          costs: {{ statement: 1ms, row_read: 0ms, row_write: 2ms, commit: 3ms, flush: 0ms }} }}
    views: {{ history: {{ joins: orders.history, in: reads, feed: {lag} }} }}
{more}run: {{ until: 5800ms, replications: 2 }}
"
    );
    run(&body).layouts.0[0].1.clone()
}

const HISTORY: &str = "join: { name: history, tables: [ orders, lines.lines ] }";
const AGAIN: &str = "call: look";

fn history(found: &LayoutFindings) -> &ViewFindings {
    found.views.get("history").expect("it is a view")
}

#[test]
fn a_view_shows_a_commit_after_its_lag_and_the_write_that_takes_it_in() {
    let steps =
        format!("write: orders, wait: 100ms, {AGAIN}, wait: 300ms, {AGAIN} ], look: [ {HISTORY}");
    let found = viewed(&steps, "{ cdc: { lag: 200ms } }", "");
    let own = history(&found);
    assert_eq!(value(own.stale_share), 0.5);
    // The first look misses a commit that is 100 ms old, the second one none.
    assert_near(value(own.staleness_seconds.mean), 0.05, 1e-12);
    let delay = 0.2 + 0.001 + 0.002 + 0.003 + 0.01;
    assert_near(value(own.delay_seconds.mean), delay, 1e-12);
    assert_near(value(own.on_their_way_mean), 5.0 * delay / 5.8, 1e-12);
    // Each look is one statement, and each change another one.
    let reads = found.databases.get("reads").expect("it is there");
    assert_near(reads.statements_per_second.value * 5.8, 5.0 * 3.0, 1e-9);
    assert_near(reads.flushes_per_second.value * 5.8, 5.0, 1e-9);
    assert_near(mean_latency(&found), 0.4 + 2.0 * 0.001, 1e-9);
    // Its only row is written anew.
    assert_near(own.rebuild_seconds, 0.002, 1e-12);
}

#[test]
fn rows_of_another_table_belong_to_the_row_of_the_view() {
    let steps = format!(
        "write: {{ table: lines.lines, rows: 3 }}, wait: 100ms, {AGAIN} ], look: [ {HISTORY}"
    );
    let found = viewed(&steps, "{ cdc: { lag: 200ms } }", "");
    assert_eq!(value(history(&found).stale_share), 1.0);
    assert_near(value(history(&found).delay_seconds.mean), 0.216, 1e-12);
}

#[test]
fn what_is_rolled_back_never_comes_to_a_view() {
    let steps = format!(
        "transaction: {{ name: none, do: [ write: orders, fail: 100% ] }} ], look: [ {HISTORY}"
    );
    let found = viewed(&steps, "cdc", "");
    assert_eq!(history(&found).changes_per_second.value, 0.0);
    assert!(history(&found).stale_share.is_none() && history(&found).delay_seconds.mean.is_none());
}

#[test]
fn commits_of_every_kind_of_transaction_come_to_views() {
    let steps = format!(
        "transaction: {{ name: two, do: [ write: orders, write: lines.lines ] }}, {AGAIN} ], look: [ {HISTORY}"
    );
    for (how, changes) in [("2pc", 2.0), ("saga", 2.0), ("none", 2.0)] {
        let more = format!("    transactions: {{ each: {how} }}\n");
        let found = viewed(&steps, "{ cdc: { lag: 1ms } }", &more);
        let own = history(&found);
        assert_near(own.changes_per_second.value * 5.8, 5.0 * changes, 1e-9);
        assert_eq!(value(own.stale_share), 1.0, "{how}");
    }
}
