//! Sagas that nobody leads, by hand: who commits when, which events lead on and back, and what the client waits for.

use cutline::scenario::Code;
use cutline::study::LayoutFindings;

use super::over_time::run;
use super::ran::assert_near;
use super::spanning::{mean_latency, placed, value};

/// An order that takes from a stock and charges a card, one a second from 1 s on. Each flush takes 10 ms, the card 5 ms,
/// a round trip 2 ms, a relay 20 ms; nothing else takes time.
const SHOP: &str = "
application:
  modules:
    orders:
      tables: { orders: { rows: 1M, row_size: 100B } }
      operations:
        place:
          - transaction:
              name: place
              do: [ write: orders, call: stock.take, call: { to: card.charge, undo: card.refund } ]
    stock:
      tables: { stock: { rows: 1M, row_size: 100B } }
      operations: { take: [ write: stock ] }
    card:
      tables: { card: { rows: 1M, row_size: 100B } }
      operations: { charge: [ wait: 5ms, write: card ], refund: [ wait: 7ms, write: card ] }
workload:
  arrivals: { deterministic: 1/s }
  endpoints: { place: { call: orders.place } }
layouts:
  main:
    services: { each: { threads: async, cpu: 4 } }
    databases:
      each: { cpu: 8, memory: 1GiB, pool: 10, hit: 100%, costs: none, storage: { kind: none, flush: 10ms } }
    transactions: { orders.place: { saga: { by: choreography, retry_after: 100ms } } }
    protocol: none
    broker: { kafka: { replication: 1, acks: leader, linger: 0s, request_cpu: 0s, message_cpu: 0s, rebalance: 0s } }
    outbox: { cdc: 20ms }
platform: { prices: none, context_switch: none, network: { same_zone: { rtt: 2ms, bandwidth: none } } }
run: { until: 5500ms, replications: 2 }
";

fn shop(changes: &[(&str, &str)]) -> LayoutFindings {
    let text = changes.iter().fold(SHOP.to_string(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    run(&text).layouts.0[0].1.clone()
}

/// From a commit to the work of the next part: the relay, the way to the broker and the way to the consumer.
const LED_ON: f64 = 0.020 + 0.001 + 0.001;
/// A statement and the row of an event: two ways each; then the way to the commit and its flush.
const STATEMENTS: f64 = 0.002 + 0.002 + 0.001 + 0.010;

#[test]
fn the_client_waits_for_the_first_part_alone_and_each_part_follows_by_its_event() {
    let found = shop(&[]);
    assert_near(mean_latency(&found), STATEMENTS + 0.001, 1e-12);
    let own = placed(&found);
    assert_eq!((own.how.as_str(), value(own.committed_share)), ("choreography", 1.0));
    // The last part publishes nothing.
    let window = LED_ON + STATEMENTS + LED_ON + 0.005 + STATEMENTS - 0.002;
    assert_near(value(own.inconsistency_seconds.mean), window, 1e-12);
    assert_eq!(value(own.undone_mean), 0.0);
    let locked = |database: &str| value(own.locked_seconds.get(database).expect("it wrote").mean);
    // From the lock of its row: the answer of its statement, the row of the event, the commit.
    assert_near(locked("orders"), 0.001 + 0.002 + 0.001 + 0.01, 1e-12);
    assert_near(locked("card"), 0.001 + 0.001 + 0.01, 1e-12);
    let event = found.published.get("orders.place.part-2").expect("it leads on");
    // Published with its row, 12 ms before the commit is on disk; done with when the connection is given back.
    let completion = 0.012 + LED_ON + STATEMENTS + 0.001;
    assert_near(value(event.completion_seconds.mean), completion, 1e-12);
    let consumers = |service: &str| found.consumers.get(service).expect("it takes part");
    assert_near(consumers("card").per_second.value, 1.0, 0.2);
    assert_eq!(value(consumers("card").dead_share), 0.0);
    let looks = |of: &str| found.outboxes.get(of).expect("it may fail").looks_per_second.value;
    assert_eq!(looks("card"), 0.0, "the last part publishes nothing");
}

#[test]
fn a_part_that_fails_has_those_before_it_undone_backwards_event_by_event() {
    let found = shop(&[("[ wait: 5ms, write: card ]", "[ wait: 5ms, write: card, fail: 100% ]")]);
    let own = placed(&found);
    assert_eq!((value(own.compensated_share), value(own.undone_mean)), (1.0, 2.0));
    // The client had its answer before.
    assert_eq!(found.endpoints.get("all").expect("it is there").outcomes.failed, 0);
    // The card writes and rolls back, and its event is a row of its own; the order is undone without another event.
    let fails = 0.005 + 0.002 + (0.002 + 0.010);
    let back = LED_ON + STATEMENTS + LED_ON + STATEMENTS - 0.002;
    let window = LED_ON + STATEMENTS + LED_ON + fails - 0.001 + back;
    assert_near(value(own.inconsistency_seconds.mean), window, 2e-3);
    let event = found.published.get("orders.place.undo-2").expect("it leads back");
    assert_near(event.per_second.value, 1.0, 0.2);
    assert!(found.published.get("orders.place.undo-3").is_none(), "the last part is never undone");
    let commits = |of: &str| found.databases.get(of).expect("it is there").commits_per_second.value;
    assert_near(commits("orders"), 2.0 * commits("card"), 0.4);
}

#[test]
fn an_undoing_that_fails_is_tried_again_until_it_succeeds() {
    let found = shop(&[
        ("undo: card.refund } ]", "undo: card.refund }, call: stock.late ]"),
        (
            "{ take: [ write: stock ] }",
            "{ take: [ write: stock ], late: [ write: stock, fail: 100% ] }",
        ),
        ("refund: [ wait: 7ms,", "refund: [ wait: 7ms, fail: 50%,"),
    ]);
    let own = placed(&found);
    assert_eq!((value(own.compensated_share), value(own.undone_mean)), (1.0, 3.0));
    assert!(own.undo_failures > 0, "half of the refunds fail");
    assert!(value(own.inconsistency_seconds.mean) > 0.2, "and are tried again after 100 ms");
}

#[test]
fn the_first_part_that_fails_fails_its_request_and_nothing_else() {
    let found = shop(&[("write: orders, call", "write: orders, fail: 100%, call")]);
    let own = placed(&found);
    assert_eq!((value(own.rolled_back_share), own.inconsistency_seconds.mean), (1.0, None));
    assert_eq!(found.endpoints.get("all").expect("it is there").outcomes.ok, 0);
    assert_eq!(
        found.published.get("orders.place.part-2").expect("it is there").per_second.value,
        0.0
    );
}

#[test]
fn without_an_outbox_each_part_publishes_behind_its_commit_and_waits_for_the_receipt() {
    let found = shop(&[("    outbox: { cdc: 20ms }\n", "")]);
    // No row for the event; the connection is given back, then a way to the broker and back.
    let part = 0.002 + 0.001 + 0.010;
    assert_near(mean_latency(&found), part + 0.001 + 0.002, 1e-12);
    let own = placed(&found);
    let led_on = 0.001 + 0.001 + 0.001;
    assert_near(value(own.inconsistency_seconds.mean), 2.0 * (led_on + part) + 0.005, 1e-12);
    let event = found.published.get("orders.place.part-2").expect("it leads on");
    assert_near(value(event.exposed_seconds.mean), 0.001, 1e-12);
    let said = |code: &str| found.diagnostics.iter().filter(|it| it.code.text() == code).count();
    assert_eq!(said("dual-write"), 1, "{:?}", found.diagnostics);
}

#[test]
fn a_call_that_writes_to_several_databases_is_several_parts_under_the_same_draws() {
    let through = [
        ("write: orders, call: stock.take,", "write: orders, call: stock.all,"),
        (
            "do: [ write: orders, call: stock.all, call: { to: card.charge, undo: card.refund } ]",
            "do: [ write: orders, call: stock.all ]",
        ),
        (
            "{ take: [ write: stock ] }",
            "{ take: [ write: stock ], all: [ call: take, call: card.charge, cpu: 1ms ] }",
        ),
    ];
    let found = shop(&through);
    let own = placed(&found);
    assert_eq!(value(own.committed_share), 1.0);
    assert!(
        found.published.get("orders.place.part-4").is_some(),
        "the work behind the charge is the stock's"
    );
    let failing = [&through[..], &[("write: card ], ", "write: card, fail: 100% ], ")]].concat();
    let found = shop(&failing);
    assert_eq!(
        (value(placed(&found).compensated_share), value(placed(&found).undone_mean)),
        (1.0, 2.0)
    );
}

/// What is said of a layout that cannot be compiled.
fn refused(changes: &[(&str, &str)]) -> (Code, String, String) {
    let text = changes.iter().fold(SHOP.to_string(), |text, (from, to)| text.replace(from, to));
    let model = super::ran::model(&text);
    let said = cutline::plan::compile(&model, 0).expect_err("it is refused");
    assert_eq!(said.len(), 1, "{said:?}");
    (said[0].code, said[0].message.clone(), said[0].hint.clone().unwrap_or_default())
}

#[test]
fn what_no_event_can_lead_on_from_is_refused_with_a_way_out() {
    let branch = "choice: [ { share: 10%, do: [ call: stock.take, write: orders ] } ]";
    let (code, message, hint) = refused(&[("call: stock.take", branch)]);
    assert_eq!(code, Code::UncarriedPart);
    assert!(message.contains("layout `main`: branches and turns"), "{message}");
    assert!(hint.contains("leave `by` out"), "{hint}");
    let (code, message, _) = refused(&[("undo: card.refund", "undo: stock.take")]);
    assert_eq!(code, Code::UncarriedPart);
    assert!(message.contains("by the service of that part"), "{message}");
    let both = "charge: [ wait: 5ms, write: card, call: stock.take ]";
    let (code, message, _) = refused(&[("charge: [ wait: 5ms, write: card ]", both)]);
    assert_eq!(code, Code::UncarriedPart);
    assert!(message.contains("no one operation undoes"), "{message}");
}

#[test]
fn the_forecast_knows_how_busy_the_consumers_of_each_part_are() {
    let plan = cutline::plan::compile(&super::ran::model(SHOP), 0).expect("it compiles");
    let loads = cutline::plan::forecast(&plan).loads;
    let load = |of: &str| loads.iter().find(|load| load.resource == format!("{of} consumers"));
    // One a second: a statement and the row of the event, the commit, the connection given back.
    let stock = load("stock").expect("it takes part").utilisation;
    assert_near(stock, STATEMENTS + 0.001, 1e-9);
    let card = load("card").expect("it takes part").utilisation;
    assert_near(card, 0.005 + STATEMENTS - 0.002 + 0.001, 1e-9);
    // What is undone is not foretold.
    assert!(load("orders").is_none());
}
