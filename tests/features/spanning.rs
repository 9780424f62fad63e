//! Transactions over several databases, by hand: who commits when, what is undone, how long rows are locked.

use cutline::study::{LayoutFindings, TransactionFindings};

use super::over_time::run;
use super::ran::assert_near;

/// An order that takes from a stock and charges a card, one a second from 1 s on. Each flush takes 10 ms and no
/// statement any time; nothing but calls to the card takes time beside, 5 ms.
fn shop(layout: &str, charge: &str, refund: &str, network: &str) -> LayoutFindings {
    run(&text(layout, charge, refund, network)).layouts.0[0].1.clone()
}

fn text(layout: &str, charge: &str, refund: &str, network: &str) -> String {
    let database = "cpu: 8, memory: 1GiB, pool: 10, hit: 100%, costs: none, \
                    storage: { kind: none, flush: 10ms }";
    let body = format!(
        "
application:
  modules:
    orders:
      tables: {{ orders: {{ rows: 1M, row_size: 100B }} }}
      operations:
        place:
          - transaction:
              name: place
              do: [ write: orders, call: stock.take, call: {{ to: card.charge, undo: card.refund }} ]
    stock:
      tables: {{ stock: {{ rows: 1M, row_size: 100B }} }}
      operations: {{ take: [ write: stock ] }}
    card:
      tables: {{ card: {{ rows: 1M, row_size: 100B }} }}
      operations: {{ charge: {charge}, refund: {refund} }}
workload:
  arrivals: {{ deterministic: 1/s }}
  endpoints: {{ place: {{ call: orders.place }} }}
layouts:
  main:
    services: {{ each: {{ threads: async, cpu: 4 }} }}
    databases: {{ each: {{ {database} }} }}
    transactions: {{ orders.place: {layout} }}
    protocol: none
platform: {{ prices: none, context_switch: none, network: {network} }}
run: {{ until: 5500ms, replications: 2 }}
"
    );
    // What writes nothing needs nothing that undoes it.
    let reads = charge.contains("read");
    let undone = "{ to: card.charge, undo: card.refund }";
    let body = if reads { body.replace(undone, "card.charge") } else { body };
    if network == "none" { body.replace("    protocol: none\n", "") } else { body }
}

const CHARGE: &str = "[ wait: 5ms, write: card ]";
const REFUND: &str = "[ wait: 7ms, write: card ]";

pub(super) fn placed(found: &LayoutFindings) -> &TransactionFindings {
    found.transactions.get("orders.place").expect("it is over several databases")
}

pub(super) fn mean_latency(found: &LayoutFindings) -> f64 {
    found.endpoints.get("all").expect("it is there").latency_seconds.mean.expect("answered").value
}

pub(super) fn value(estimate: Option<cutline::study::Estimate>) -> f64 {
    estimate.expect("it is told").value
}

#[test]
fn a_two_phase_commit_flushes_all_votes_at_once_then_the_decision_then_all_commits() {
    let found = shop("2pc", CHARGE, REFUND, "none");
    assert_near(mean_latency(&found), 0.005 + 0.01 + 0.01 + 0.01, 1e-12);
    let own = placed(&found);
    assert_eq!((own.how.as_str(), value(own.committed_share)), ("2pc", 1.0));
    // The decision lies between the vote and the commit.
    assert_near(value(own.in_doubt_seconds.mean), 0.01, 1e-12);
    assert_near(value(own.inconsistency_seconds.mean), 0.0, 1e-12);
    let locked = |database: &str| value(own.locked_seconds.get(database).expect("it wrote").mean);
    assert_near(locked("orders"), 0.035, 1e-12);
    assert_near(locked("card"), 0.03, 1e-12);
    let spent = &found.endpoints.get("all").expect("it is there").attribution_seconds;
    assert_near(*spent.get("coordination").expect("a category"), 0.03, 1e-12);
    let quick = shop("{ 2pc: { log: none } }", CHARGE, REFUND, "none");
    assert_near(mean_latency(&quick), 0.025, 1e-12);
}

#[test]
fn each_round_goes_to_whoever_has_the_session_and_on_to_its_database() {
    let found = shop("2pc", CHARGE, REFUND, "{ same_zone: { rtt: 2ms, bandwidth: none } }");
    // Statement of the order: 2. Stock and card: a call and a statement each, 4. Rounds: the longest way is to a
    // service and on to its database, 4, with a flush. The decision: 2 and a flush.
    let rounds = 2.0 * (4.0 + 10.0) + 2.0 + 10.0;
    assert_near(mean_latency(&found), (2.0 + 4.0 + 4.0 + 5.0 + rounds) / 1e3, 1e-12);
}

#[test]
fn another_service_may_see_to_the_end() {
    let layout = "{ 2pc: { coordinator: stock } }";
    let found = shop(layout, CHARGE, REFUND, "{ same_zone: { rtt: 2ms, bandwidth: none } }");
    let rounds = 2.0 * (4.0 + 10.0) + 2.0 + 10.0;
    assert_near(mean_latency(&found), (2.0 + 4.0 + 4.0 + 5.0 + 2.0 + rounds) / 1e3, 1e-12);
    assert_eq!(value(placed(&found).committed_share), 1.0);
}

#[test]
fn what_has_only_read_leaves_after_the_vote() {
    let found = shop("{ 2pc: { log: none } }", "[ read: card ]", "[ write: card ]", "none");
    // It flushes neither time, and neither do the others wait for it.
    assert_near(mean_latency(&found), 0.02, 1e-12);
    assert!(placed(&found).locked_seconds.get("card").is_none());
}

#[test]
fn a_failure_rolls_a_two_phase_commit_back_everywhere() {
    let found = shop("2pc", "[ wait: 5ms, write: card, fail: 100% ]", REFUND, "none");
    let own = placed(&found);
    assert_eq!((value(own.rolled_back_share), value(own.committed_share)), (1.0, 0.0));
    let commits: f64 = found.databases.iter().map(|(_, it)| it.commits_per_second.value).sum();
    assert_eq!(commits, 0.0);
    assert!(found.databases.iter().all(|(_, it)| it.flushes_per_second.value == 0.0));
}

/// The same, which tells a fourth service of the order by an outbox.
fn telling(layout: &str, charge: &str) -> LayoutFindings {
    let body = text(layout, charge, REFUND, "none");
    let body = body.replace("do: [ write: orders,", "do: [ write: orders, publish: placed,");
    let body = body.replace(
        "    orders:\n      tables",
        "    orders:\n      events: [ placed ]\n      tables",
    );
    let mail = "    mail: { subscribes: { placed: hear }, operations: { hear: [ wait: 1ms ] } }\nworkload:";
    let body = body.replacen("workload:", mail, 1);
    let broker = "    broker: { kafka: { storage: none, request_cpu: 0ms, message_cpu: 0ms } }\n    outbox: { cdc: 20ms }\n";
    run(&body.replace("    transactions:", &format!("{broker}    transactions:"))).layouts.0[0]
        .1
        .clone()
}

#[test]
fn an_event_that_a_two_phase_commit_keeps_is_told_when_all_have_committed_and_never_when_they_roll_back()
 {
    let [told, silent] = [telling("2pc", CHARGE), shop("2pc", CHARGE, REFUND, "none")];
    // A row of the same transaction: nothing commits sooner, and nobody waits for more.
    assert_near(mean_latency(&told), mean_latency(&silent), 1e-12);
    assert_near(value(placed(&told).committed_share), 1.0, 1e-12);
    let event = told.published.get("placed").expect("a broker carries it");
    assert!(event.completion_seconds.mean.is_some());
    let failed = telling("2pc", "[ wait: 5ms, write: card, fail: 100% ]");
    assert_near(value(placed(&failed).committed_share), 0.0, 1e-12);
    let event = failed.published.get("placed").expect("a broker carries it");
    assert_eq!(event.completion_seconds.mean, None, "nothing happened");
}

#[test]
fn a_saga_commits_part_by_part_and_saves_how_far_it_has_come() {
    let found = shop("saga", CHARGE, REFUND, "none");
    // The state is in the order's own transaction, then in one of its own after each part.
    assert_near(mean_latency(&found), 0.01 + 0.02 + 0.005 + 0.02, 1e-12);
    let own = placed(&found);
    assert_near(value(own.inconsistency_seconds.mean), 0.01 + 0.01 + 0.005 + 0.01, 1e-12);
    assert!(own.locked_seconds.iter().all(|(_, it)| value(it.mean) < 0.016));
    let quick = shop("{ saga: { state: none } }", CHARGE, REFUND, "none");
    assert_near(mean_latency(&quick), 0.035, 1e-12);
    assert_eq!(value(own.undone_mean), 0.0);
}

#[test]
fn a_saga_that_fails_undoes_what_has_committed_the_last_part_first() {
    let charge = "[ wait: 5ms, write: card, fail: 100% ]";
    let found = shop("{ saga: { state: none } }", charge, REFUND, "none");
    let own = placed(&found);
    assert_eq!((value(own.compensated_share), value(own.undone_mean)), (1.0, 2.0));
    // The charge commits nothing, so nothing refunds it: the stock and the order are written once more.
    assert_near(value(own.inconsistency_seconds.mean), 0.01 + 0.005 + 0.02, 1e-12);
    let commits = |of: &str| found.databases.get(of).expect("it is there").commits_per_second.value;
    assert_near(commits("orders"), 2.0 * commits("stock") / 2.0, 1e-12);
    assert_eq!(commits("card"), 0.0);
    assert_eq!(found.endpoints.get("all").expect("it is there").outcomes.ok, 0);
}

/// The last of three parts fails every time, and what undoes the second one half of the time.
const FAILING: &str = "
application:
  modules:
    orders:
      tables: { orders: { rows: 1M, row_size: 100B } }
      operations:
        place:
          - transaction:
              name: place
              do: [ write: orders, call: { to: card.charge, undo: card.refund }, call: late.run ]
    card:
      tables: { card: { rows: 1M, row_size: 100B } }
      operations: { charge: [ write: card ], refund: [ fail: 50%, write: card ] }
    late:
      tables: { late: { rows: 1M, row_size: 100B } }
      operations: { run: [ write: late, fail: 100% ] }
workload:
  arrivals: { deterministic: 10/s }
  endpoints: { place: { call: orders.place } }
layouts:
  main:
    services: { each: { threads: async, cpu: 4 } }
    databases:
      each: { cpu: 8, memory: 1GiB, pool: 10, hit: 100%, costs: none, storage: none }
    transactions: { orders.place: HOW }
platform: { prices: none, context_switch: none, network: none }
run: { until: 5500ms, replications: 2 }
";

#[test]
fn what_undoes_a_call_runs_once_the_call_is_done_and_again_when_it_fails() {
    let body = "[ write: card ]";
    let layout = "{ saga: { state: none, retry_after: 100ms } }";
    // Half of the refunds fail; the saga fails behind them in a step of its own.
    let found = shop(layout, body, "[ wait: 7ms, fail: 50%, write: card ]", "none");
    assert_eq!(placed(&found).undo_failures, 0);
    let found = run(&FAILING.replace("HOW", layout)).layouts.0[0].1.clone();
    let own = placed(&found);
    assert_eq!((value(own.compensated_share), value(own.undone_mean)), (1.0, 2.0));
    assert!(own.undo_failures > 0, "half of the refunds fail");
    assert!(value(own.inconsistency_seconds.mean) > 0.05, "and are tried again after 100 ms");
}

#[test]
fn windows_and_what_stays_half_done_are_compared_between_layouts() {
    let failing = "[ wait: 5ms, write: card, fail: 50% ]";
    let layouts = "  saga: { extends: main, transactions: { orders.place: saga } }
  alone: { extends: main, transactions: { orders.place: none } }
platform:";
    let text = text("2pc", failing, REFUND, "none").replace("platform:", layouts);
    let found = run(&text);
    let compared = |a: &str, b: &str, metric: &str| {
        let metric = format!("orders.place.{metric}");
        let pair =
            found.comparison.iter().find(|it| (&*it.a, &*it.b, &*it.metric) == (a, b, &metric));
        pair.expect("it is compared").difference.value
    };
    let layout = |name: &str| placed(found.layouts.get(name).expect("it ran"));
    let window = |name: &str| value(layout(name).inconsistency_seconds.mean);
    let apart = compared("main", "saga", "inconsistency.mean");
    assert_near(apart, window("main") - window("saga"), 1e-12);
    assert!(apart < -0.02, "others see half of a saga, {apart}");
    let half_done = compared("saga", "alone", "half_done_share");
    assert_near(half_done, -value(layout("alone").half_done_share), 1e-12);
    assert!(half_done < -0.1, "nothing undoes what nobody keeps together, {half_done}");
}

/// Mean times (s) of the part of an order on a database: begins, locks, is prepared, is decided, commits.
fn part(found: &LayoutFindings, database: &str) -> [Option<f64>; 5] {
    let line = found.time_lines.get("orders.place").expect("it is watched");
    let part = line.parts.get(database).expect("it writes there");
    let (prepared, decided) = (part.prepared_seconds, part.decided_seconds);
    let [begins, locks, commits] =
        [part.begins_seconds, part.locks_seconds, part.committed_seconds].map(Some);
    [begins, locks, prepared, decided, commits].map(|time| time.map(|time| time.value))
}

fn assert_part(found: &LayoutFindings, database: &str, expected: [Option<f64>; 5]) {
    for (place, (time, expected)) in part(found, database).into_iter().zip(expected).enumerate() {
        let place = format!("{database}, {place}");
        assert_eq!(time.is_some(), expected.is_some(), "{place}");
        let off = time.unwrap_or(0.0) - expected.unwrap_or(0.0);
        assert!(off.abs() < 1e-12, "{place}: {time:?} is not {expected:?}");
    }
}

fn over(found: &LayoutFindings) -> (&str, f64) {
    let line = found.time_lines.get("orders.place").expect("it is watched");
    (&line.how, line.over_seconds.value)
}

#[test]
fn the_time_line_of_a_transaction_has_each_mark_of_each_part() {
    // All begin with their first statements, vote together after the wait at the card, and learn of the decision, a flush
    // later, together.
    let found = shop("2pc", CHARGE, REFUND, "none");
    let marks = |begins: f64| [begins, begins, 0.015, 0.025, 0.035].map(Some);
    assert_part(&found, "orders", marks(0.0));
    assert_part(&found, "stock", marks(0.0));
    assert_part(&found, "card", marks(0.005));
    assert_eq!(over(&found).0, "2pc");
    assert_near(over(&found).1, 0.035, 1e-12);
    // Each flushes before the next begins, and a saga then writes how far it has come: beside the order itself, where
    // that is no flush of its own.
    let alone = |begins: f64| [Some(begins), Some(begins), None, None, Some(begins + 0.01)];
    for (how, stock, card, end) in [("none", 0.01, 0.025, 0.035), ("saga", 0.01, 0.035, 0.055)] {
        let found = shop(how, CHARGE, REFUND, "none");
        assert_part(&found, "orders", alone(0.0));
        assert_part(&found, "stock", alone(stock));
        assert_part(&found, "card", alone(card));
        assert_eq!(over(&found).0, how);
        assert_near(over(&found).1, end, 1e-12);
    }
}

#[test]
fn rows_are_locked_later_than_a_part_begins_where_its_way_is_long() {
    let network = "{ same_zone: { rtt: 2ms, bandwidth: none } }";
    let found = shop("{ 2pc: { log: none } }", CHARGE, REFUND, network);
    // The statement is on its way for a millisecond; card: after the order, the stock, the call and the wait.
    let [begins, locks, prepared, decided, commits] = part(&found, "orders").map(Option::unwrap);
    assert_near(begins, 0.0, 1e-12);
    assert_near(locks, 0.001, 1e-12);
    let [card_begins, card_locks, ..] = part(&found, "card").map(Option::unwrap);
    assert_near(card_begins, 0.002 + 0.004 + 0.001 + 0.005, 1e-12);
    assert_near(card_locks - card_begins, 0.001, 1e-12);
    // All is done at 15 ms; then a way to the database, a flush, the longest way back and there.
    assert_near(prepared, 0.015 + 0.001 + 0.01, 1e-12);
    assert_near(decided - prepared, 0.002 + 0.001 + 0.001, 1e-12);
    assert_near(commits - decided, 0.01, 1e-12);
}

#[test]
fn a_layout_where_one_database_has_it_all_has_a_time_line_beside_those_that_spread_it() {
    let local = "  local:
    services: { shop: { modules: all, threads: async, cpu: 4 } }
    databases: { main: { tables: all, cpu: 8, memory: 1GiB, pool: 10, hit: 100%, costs: none,
                         storage: { kind: none, flush: 10ms } } }
platform:";
    let text = text("2pc", CHARGE, REFUND, "none").replace("platform:", local);
    let found = run(&text);
    let found = found.layouts.get("local").expect("it ran");
    assert!(found.transactions.get("orders.place").is_none(), "it is over one database only");
    assert_part(found, "main", [Some(0.0), Some(0.0), None, None, Some(0.015)]);
    assert_eq!(over(found).0, "local");
    assert_near(over(found).1, 0.015, 1e-12);
    assert_near(mean_latency(found), 0.015, 1e-12);
    // Where no layout spreads it, nothing is watched.
    let begins = text.find("  main:\n").expect("the layout");
    let ends = text.find("  local:\n").expect("the other");
    let alone = run(&format!("{}{}", &text[..begins], &text[ends..]));
    assert!(alone.layouts.get("local").expect("it ran").time_lines.is_empty());
}

#[test]
fn transactions_that_fail_are_in_no_time_line() {
    let found = shop("saga", "[ wait: 5ms, write: card, fail: 100% ]", REFUND, "none");
    assert_eq!(value(placed(&found).compensated_share), 1.0);
    assert!(found.time_lines.is_empty());
}

#[test]
fn parts_that_nobody_keeps_together_stay_half_done() {
    let charge = "[ wait: 5ms, write: card, fail: 100% ]";
    let found = shop("none", charge, REFUND, "none");
    let own = placed(&found);
    assert_eq!((value(own.half_done_share), value(own.committed_share)), (1.0, 0.0));
    assert!(own.inconsistency_seconds.mean.is_none(), "their windows never close");
    let said = found.diagnostics.iter().find(|said| said.code == cutline::scenario::Code::HalfDone);
    assert!(said.expect("it is said").message.contains("orders.place about 1,000,000 fail"));
    let well = shop("none", CHARGE, REFUND, "none");
    assert_eq!(value(placed(&well).committed_share), 1.0);
    assert_near(mean_latency(&well), 0.035, 1e-12);
}
