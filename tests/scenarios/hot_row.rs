//! scenarios/hot-row.yaml against the blog "PostgreSQL Lock Contention For Frequently Updated Rows",
//! 2022-02-20: 32 pgbench clients on 8 cores, one-row updates of 4 rows, and inserts.

use super::{as_published, assert_within, declared, edit, figure, measured, values_of};

const TEXT: &str = include_str!("../../scenarios/hot-row.yaml");

#[test]
fn updates_of_four_rows_and_inserts_run_as_fast_as_published() {
    let study = declared(TEXT, "contention");
    let [switch] = study.sweep.as_slice() else {
        panic!("one path switches the statement: {:?}", study.sweep)
    };
    assert_eq!(switch.values, values_of("hot-row", &switch.path));
    let found = as_published("hot-row");
    for (rate, latency) in [
        ("updates_per_second", "update_mean_latency"),
        ("inserts_per_second", "insert_mean_latency"),
    ] {
        // 32 clients that never think: whatever is fitted, Little's law ties the two.
        let clients = figure(&found, rate) * figure(&found, latency);
        assert_within("clients under way", clients, 32.0, 0.001);
    }
}

#[test]
fn more_rows_melt_the_lock_queue_away() {
    let study = declared(TEXT, "rows");
    let [rows] = study.sweep.as_slice() else {
        panic!("one path varies the rows: {:?}", study.sweep)
    };
    let rate = |path: &str, value: &str| {
        let edits = [edit(path, value), edit("run.fixed.duration", "5s")];
        let found = measured(TEXT, "hot-row", &edits);
        let client = found.endpoints.get("client").expect("one endpoint");
        client.throughput_per_second.value
    };
    let many = rate(&rows.path, rows.values.last().expect("the study has values"));
    let inserts = rate("workload.endpoints.client.call", "bench.insert");
    assert_within("updates of many rows against inserts", many, inserts, 0.05);
    // One row is locked for the work on it, a flush and the commit, and what wakes in between asks anew.
    let one = rate(&rows.path, "1");
    let held = 35e-6 + 20e-6 + 204e-6 + 51e-6;
    assert!(one < 1.0 / held && one > 0.7 / held, "{one}/s of at most {}/s", 1.0 / held);
}
