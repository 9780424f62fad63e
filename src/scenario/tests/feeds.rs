//! Mistakes about views that events feed.

use super::*;
use crate::model::{EventId, Feed};
use crate::scenario::Code;

const FED: &str = "\
cutline: 1
name: fed
application:
  modules:
    a:
      tables: { one: { rows: 10, row_size: 1KiB }, two: { rows: 10, row_size: 1KiB } }
      events: [ changed, other ]
      subscribes: { other: hear }
      operations:
        go: [ write: one, call: more, publish: changed, join: { name: both, tables: [ one, two ] } ]
        more: [ write: two ]
        look: [ read: one, publish: other ]
        hear: [ cpu: 1ms ]
workload: { arrivals: { poisson: 1/s }, endpoints: { go: { share: 1, call: a.go }, look: { share: 1, call: a.look } } }
layouts:
  main:
    services: { a: { modules: all } }
    databases: { db: { tables: all, cpu: 2, memory: 8GiB }, reads: { tables: [], cpu: 2, memory: 8GiB } }
    broker: kafka
    views: { seen: { joins: a.both, in: reads, feed: events } }
    consumers: { seen: { concurrency: 2 } }
platform: { network: none }
";

fn told(from: &str, to: &str) -> Vec<(Code, String)> {
    told_of(FED, from, to)
}

fn only(from: &str, to: &str) -> (Code, String) {
    only_of(FED, from, to)
}

#[test]
fn all_events_feed_it_that_those_publish_who_write_its_tables_or_those_that_are_named() {
    assert_eq!(told("name: fed", "name: again"), []);
    let model = model(FED);
    let (application, view) = (&model.application, &model.layouts[0].views[0]);
    let join = application.find_join(&view.join).unwrap();
    assert_eq!(application.feeding_events(join, &view.feed), [EventId(0)]);
    let named = changed(FED, "feed: events", "feed: { events: [ changed ] }");
    let named = super::model(&named);
    let Feed::Events { named, .. } = &named.layouts[0].views[0].feed else { panic!("by events") };
    assert_eq!(*named[0], EventId(0));
    assert_eq!(model.layouts[0].messaging.as_ref().unwrap().consumers_of("seen").concurrency, 2);
}

#[test]
fn it_needs_a_broker_and_events_that_there_are() {
    let alone = changed(FED, "    consumers: { seen: { concurrency: 2 } }\n", "");
    let refused = mistakes(changed(&alone, "    broker: kafka\n", ""));
    assert_eq!(refused.diagnostics.len(), 1, "{refused}");
    let said = &refused.diagnostics[0];
    assert_eq!(said.code, Code::WithoutBroker);
    assert!(said.hint.as_deref().is_some_and(|hint| hint.contains("or `feed: cdc`")), "{refused}");
    let said = |feed: &str, code: Code, words: &str| {
        let said = told("feed: events", feed);
        let is_it = |(own, text): &(Code, String)| *own == code && text.contains(words);
        assert!(said.iter().any(is_it), "{said:?}");
    };
    said("feed: { events: [ chnaged ] }", Code::UnknownEvent, "did you mean `changed`");
    said("feed: { events: [] }", Code::OutOfRange, "never changes");
}

#[test]
fn a_writer_that_no_event_tells_of_is_refused() {
    let named = changed(FED, "feed: events", "feed: { events: [ changed ] }");
    let refused = mistakes(changed(&named, "look: [ read: one,", "look: [ write: two,"));
    assert_eq!(refused.diagnostics.len(), 1, "{refused}");
    let said = &refused.diagnostics[0];
    assert_eq!(said.code, Code::MissedChange);
    assert!(said.message.contains("`a.look` writes `a.two`"), "{refused}");
    let hint = said.hint.as_deref().unwrap_or_default();
    assert!(hint.contains("publish `changed` there"), "{refused}");
    // Who publishes an event that feeds nothing tells of nothing.
    let said = told("feed: events", "feed: { events: [ other ] }");
    assert!(said.iter().any(|(code, _)| *code == Code::MissedChange), "{said:?}");
    assert!(said.iter().any(|(_, words)| words.contains("so it feeds nothing")), "{said:?}");
}

#[test]
fn consumers_of_a_view_are_told_when_they_have_nothing_to_do() {
    let said = told("feed: events }", "feed: cdc }");
    let idle = |(code, words): &(Code, String)| {
        *code == Code::IdleConsumers && words.contains("fed by `cdc`")
    };
    assert!(said.iter().any(idle), "{said:?}");
    let (code, words) = only("broker: kafka", "broker: { kafka: { partitions: 1 } }");
    let named = words.contains("view `seen` has 2 consumers");
    assert_eq!((code, named), (Code::IdleConsumers, true), "{words}");
    assert_eq!(only("{ seen: { concurrency", "{ sene: { concurrency").0, Code::UnknownService);
}
