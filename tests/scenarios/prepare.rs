//! scenarios/prepare.yaml: what PREPARE and COMMIT PREPARED cost one client, and a log that many keep busy.

use super::{as_published, edit, figure, measured};

const TEXT: &str = include_str!("../../scenarios/prepare.yaml");

#[test]
fn asking_before_committing_halves_what_a_busy_log_carries() {
    let found = as_published("prepare");
    let ratio = figure(&found, "tps_without_over_with_2pc");
    assert!((1.6..=2.1).contains(&ratio), "{ratio}");
}

#[test]
fn one_client_alone_waits_for_one_flush_and_never_for_another_client() {
    let found = measured(
        TEXT,
        "prepare",
        &[edit("workload.arrivals.closed.users", "1"), edit("run.fixed.duration", "5s")],
    );
    let client = found.endpoints.get("client").expect("one endpoint");
    let mean = client.latency_seconds.mean.expect("it is answered").value;
    assert!((mean - 1.804e-3).abs() < 1e-12, "{mean}");
}
