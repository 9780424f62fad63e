//! scenarios/postgres-updates.yaml and scenarios/real-shop.yaml against what was measured for them, in short;
//! `cutline verify` has all of it.

use cutline::verify::publication;

use super::{assert_within, declared, edit, measured, texts};

const POSTGRES: &str = include_str!("../../scenarios/postgres-updates.yaml");
const SHOP: &str = include_str!("../../scenarios/real-shop.yaml");

/// Requests per second, median and p99 (ms), and the shares of the latency that two categories take.
fn found(
    text: &str,
    name: &str,
    edits: &[(&str, &str)],
    categories: [&str; 2],
) -> ([f64; 3], [f64; 2]) {
    let mut edits: Vec<_> = edits.iter().map(|(path, value)| edit(path, value)).collect();
    edits.push(edit("run.fixed.duration", "4s"));
    let found = measured(text, name, &edits);
    let all = found.endpoints.get("all").expect("all endpoints together");
    let latency = all.latency_seconds;
    let [mean, p50, p99] =
        [latency.mean, latency.p50, latency.p99].map(|time| 1e3 * time.expect("many came").value);
    let share = |category: &str| 1e3 * all.attribution_seconds.get(category).expect("one") / mean;
    ([all.throughput_per_second.value, p50, p99], categories.map(share))
}

#[test]
fn both_files_are_those_that_verify_ships_and_their_studies_can_be_read() {
    for (name, text) in [("postgres-updates", POSTGRES), ("real-shop", SHOP)] {
        assert_eq!(&texts("scenarios")[&format!("{name}.yaml")], text);
        assert_eq!(publication(name).expect("it was measured").scenario, text);
    }
    for study in ["clients", "rows"] {
        assert!(!declared(POSTGRES, study).sweep.is_empty());
    }
}

#[test]
fn a_hot_row_of_postgres_is_as_slow_as_measured_and_handed_on_in_no_order() {
    let edits = [("application.modules.bench.tables.counters.rows", "1")];
    let parts = ["lock_wait", "requeue"];
    let ([rate, p50, p99], [waits, requeues]) = found(POSTGRES, "postgres-updates", &edits, parts);
    assert_within("updates of one row", rate, 1804.0, 0.15);
    assert_within("their median", p50, 3.765, 0.25);
    assert_within("their p99", p99, 14.721, 0.4);
    assert!(waits > 0.3 && requeues > 0.03, "{waits} {requeues}");
    // As theory has it, a row is handed on in order: all wait alike, and for a flush.
    let fifo = [edits[0], ("layouts.one-server.databases.main.locks", "fifo")];
    let (_, [_, none]) = found(POSTGRES, "postgres-updates", &fifo, parts);
    let ([_, p50, p99], _) = found(POSTGRES, "postgres-updates", &fifo, parts);
    assert!(none == 0.0 && p99 < 3.0 * p50, "{none} {p50} {p99}");
}

#[test]
fn in_time_slices_a_holder_at_work_is_not_disturbed_by_those_it_keeps_waiting() {
    let rows = ("application.modules.bench.tables.counters.rows", "1");
    // Nothing is flushed, so a row is held for as long as the holder needs the core.
    let at_once = ("layouts.one-server.databases.main.storage", "{ kind: ssd, flush: 0ms }");
    let rate = |scheduling: &'static str| {
        let edits = [rows, at_once, ("layouts.one-server.databases.main.scheduling", scheduling)];
        found(POSTGRES, "postgres-updates", &edits, ["lock_wait", "requeue"])
    };
    // Measured on one row without waiting for the disk: 9,765/s and 11,882/s on many rows.
    let ([sliced, ..], [_, requeued]) = rate("time_slices");
    assert_within("updates in slices", sliced, 11_882.0, 0.05);
    let ([shared, ..], [_, disturbed]) = rate("ps");
    assert!(shared < 0.4 * sliced, "{shared} {sliced}");
    assert!(requeued < 0.01 && disturbed > 0.05, "{requeued} {disturbed}");
}

#[test]
fn an_event_loop_wakes_the_less_the_more_there_is_to_do() {
    let browse = ("workload.endpoints", "{ browse: { call: front.browse } }");
    let of = |users: &str| {
        let edits = [browse, ("workload.arrivals.closed.users", users)];
        found(SHOP, "real-shop", &edits, ["wake_up", "cpu_wait"])
    };
    let ([rate, p50, _], [wakes, _]) = of("1");
    assert_within("lone browses", rate, 2358.0, 0.05);
    assert_within("the median of a lone browse", p50, 0.422, 0.05);
    assert!(wakes > 0.1, "{wakes}");
    let ([rate, ..], [wakes, waits]) = of("4");
    assert_within("browses of four", rate, 3002.0, 0.1);
    assert!(wakes < 0.01 && waits > 0.5, "{wakes} {waits}");
}
