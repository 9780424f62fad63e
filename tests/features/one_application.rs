//! One application, drawn before anybody chose how to deploy it: a transaction over two modules, three events. Its
//! own part of the file is the same in a monolith and in microservices.

use cutline::study::{LayoutFindings, RunFindings};

use super::over_time::run;
use super::ran::assert_near;

const APPLICATION: &str = "
application:
  modules:
    booking:
      tables: { bookings: { rows: 2M, row_size: 300B } }
      events: [ booked, cancelled ]
      operations:
        book:
          - cpu: 1ms
          - transaction:
              name: book
              do: [ write: bookings, call: { to: seats.take, undo: seats.give_back } ]
          - publish: booked
        cancel: [ write: bookings, call: seats.give_back, publish: cancelled ]
    seats:
      tables: { seats: { rows: 50k, row_size: 80B } }
      events: [ sold-out ]
      operations:
        take: [ write: seats, publish: sold-out ]
        give_back: [ write: seats ]
    mail:
      subscribes: { booked: confirm, cancelled: regret }
      operations: { confirm: [ cpu: 2ms ], regret: [ cpu: 2ms ] }
    screens:
      tables: { screens: { rows: 500, row_size: 2KiB } }
      subscribes: { sold-out: show, cancelled: show }
      operations: { show: [ write: screens ] }
workload:
  arrivals: { poisson: 40/s }
  endpoints:
    book: { share: 4, call: booking.book }
    cancel: { share: 1, call: booking.cancel }
";

const MONOLITH: &str = "
layouts:
  monolith:
    services: { all-in-one: { modules: all, cpu: 4, threads: 64 } }
    databases: { main: { tables: all, cpu: 4, memory: 8GiB, pool: 20, storage: { kind: ssd } } }
platform: { prices: none }
run: { fixed: { duration: 60s, replications: 5 } }
";

const SERVICES: &str = "
layouts:
  services:
    services: { each: { cpu: 2, threads: 64 } }
    databases: { each: { cpu: 2, memory: 8GiB, pool: 20, storage: { kind: ssd } } }
    transactions: { booking.book: saga }
    broker: kafka
    outbox: cdc
platform: { prices: none }
run: { fixed: { duration: 60s, replications: 5 } }
";

fn only(findings: &RunFindings) -> &LayoutFindings {
    &findings.layouts.0[0].1
}

fn answered(found: &LayoutFindings) -> u64 {
    found.endpoints.get("all").expect("it is there").outcomes.ok
}

#[test]
fn one_application_runs_as_a_monolith_and_as_services_without_a_word_of_it_changed() {
    let run = |layouts: &str| run(&format!("{APPLICATION}{layouts}"));
    let (monolith, services) = (run(MONOLITH), run(SERVICES));
    let (monolith, services) = (only(&monolith), only(&services));
    // The same requests come, and all are answered but those under way at the end.
    let (few, many) = (answered(monolith), answered(services));
    assert!(few > 10_000 && few.abs_diff(many) < 20, "{few} and {many} were answered");
    assert!(monolith.transactions.is_empty() && monolith.published.is_empty());
    let booked = services.transactions.get("booking.book").expect("it is over two databases");
    let committed = booked.committed_share.expect("it is told").value;
    assert_near(committed, 1.0, 1e-12);
    let per_second = |event: &str| {
        services.published.get(event).expect("the broker carries it").per_second.value
    };
    // Four of five requests book, and each booking tells of the seats, too.
    assert_near(per_second("booked"), 32.0, 1.5);
    assert_near(per_second("sold-out"), 32.0, 1.5);
    assert_near(per_second("cancelled"), 8.0, 0.7);
}
