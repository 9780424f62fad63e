//! Mistakes about joins, views and event-sourced tables.

use super::*;
use crate::model::Feed;
use crate::scenario::Code;

const SPREAD: &str = "\
cutline: 1
name: spread
application:
  modules:
    a:
      tables:
        one: { rows: 10, row_size: 1KiB }
        log: { rows: 10, row_size: 1KiB, log: { event: 100B, snapshot_every: 5 } }
      operations:
        go: [ write: one, write: log, read: log, join: { name: both, tables: [ one, log ] } ]
workload: { arrivals: { poisson: 1/s }, endpoints: { go: { call: a.go } } }
layouts:
  main:
    services: { a: { modules: all } }
    databases: { db: { tables: all, cpu: 2, memory: 8GiB }, reads: { tables: [], cpu: 2, memory: 8GiB } }
    views: { seen: { joins: a.both, in: reads, feed: cdc } }
platform: { network: none }
";

fn told(from: &str, to: &str) -> Vec<(Code, String)> {
    told_of(SPREAD, from, to)
}

fn only(from: &str, to: &str) -> (Code, String) {
    only_of(SPREAD, from, to)
}

#[test]
fn the_scenario_as_it_stands_is_well() {
    assert_eq!(told("name: spread", "name: again"), []);
    let model = model(SPREAD);
    let Feed::Cdc(lag) = &model.layouts[0].views[0].feed else { panic!("it is captured") };
    assert_eq!(lag.mean(), 0.1);
    let log = model.application.tables[1].log.as_ref().unwrap();
    assert_eq!((log.snapshot_every, log.retries, log.replay.0), (5, 3, 2_000));
}

#[test]
fn a_view_says_which_join_it_answers_where_and_how_it_is_fed() {
    let (code, words) = only("joins: a.both", "joins: a.bath");
    assert_eq!(code, Code::UnknownJoin);
    assert!(words.contains("did you mean `a.both`"), "{words}");
    assert_eq!(only("name: both, ", "").0, Code::UnknownJoin);
    let (code, words) = only("in: reads", "in: raeds");
    assert_eq!(code, Code::UnknownDatabase);
    assert!(words.contains("reads"), "{words}");
    let (code, words) = only(", feed: cdc", "");
    assert_eq!((code, words.contains("feed")), (Code::MissingField, true), "{words}");
    assert_eq!(only("feed: cdc", "feed: rain").0, Code::UnknownWord);
    assert_eq!(only("feed: cdc", "feed: { rain: {} }").0, Code::UnknownWord);
    let (code, words) = only("feed: cdc", "feed: evnts");
    assert_eq!(
        (code, words.contains("did you mean `events`")),
        (Code::UnknownWord, true),
        "{words}"
    );
    let (code, words) = only("feed: cdc", "feed: { evnts: [] }");
    assert_eq!(
        (code, words.contains("did you mean `events`")),
        (Code::UnknownWord, true),
        "{words}"
    );
}

#[test]
fn a_join_has_one_view_and_one_name() {
    let other = "feed: cdc }, other: { joins: a.both, in: reads, feed: cdc }";
    let (code, words) = only("feed: cdc }", other);
    assert_eq!(code, Code::Conflict);
    assert!(words.contains("views of the same join"), "{words}");
    let twice = "tables: [ one, log ] }, join: { name: both, tables: [ one, log ] }";
    assert_eq!(told("tables: [ one, log ] }", twice)[0].0, Code::DuplicateName);
}

#[test]
fn a_view_that_nothing_feeds_is_doubtful() {
    let (code, words) = only("write: one, write: log, ", "");
    assert_eq!(code, Code::UnfedView);
    assert!(words.contains("`seen`") && words.contains("nothing feeds it"), "{words}");
}

#[test]
fn a_table_of_events_takes_no_scan_no_insert_and_no_snapshot_after_none() {
    assert_eq!(only("snapshot_every: 5", "snapshot_every: 0").0, Code::OutOfRange);
    assert_eq!(only("event: 100B, ", "").0, Code::MissingField);
    assert_eq!(only("event: 100B", "event: 0B").0, Code::OutOfRange);
    let (code, words) = only("write: log", "write: { table: log, insert: true }");
    assert_eq!((code, words.contains("adds one in any case")), (Code::Conflict, true), "{words}");
    let (code, words) = only("read: log", "read: { table: log, scan: true }");
    assert_eq!(
        (code, words.contains("all that there ever were")),
        (Code::Conflict, true),
        "{words}"
    );
    assert_eq!(only("write: log", "write: { table: log, rows: 11 }").0, Code::TooManyRows);
}

#[test]
fn views_take_room_and_connections() {
    let small = "reads: { tables: [], storage: { gp3: 1GiB }, ";
    let big = changed(SPREAD, "one: { rows: 10,", "one: { rows: 1M,");
    let refused = mistakes(changed(&big, "reads: { tables: [], ", small));
    assert_eq!(refused.diagnostics[0].code, Code::TablesTooLarge, "{refused}");
    let few = "reads: { tables: [], pool: 20, max_connections: 10, ";
    assert_eq!(only("reads: { tables: [], ", few).0, Code::PoolsTooLarge);
}
