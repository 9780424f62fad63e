//! scenarios/two-tier.yaml against uqSim (arXiv:1911.02122), another simulator, with its own model of
//! nginx with 4 workers and memcached with 2 threads.

use super::{assert_within, declared, edit, measured};

const TEXT: &str = include_str!("../../scenarios/two-tier.yaml");

/// What uqSim found at one load.
struct Point {
    load: &'static str,
    mean_ms: f64,
    p99_ms: f64,
    nginx_busy: f64,
    /// How far a worker may be from that (a share): polls are not shared by a batch here.
    busy_tolerance: f64,
    /// Simulated time of a replication, as short as gives a tight interval at this load.
    duration: &'static str,
}

const PUBLISHED: [Point; 4] = [
    Point {
        load: "20k/s",
        mean_ms: 0.33523,
        p99_ms: 0.3922,
        nginx_busy: 0.217,
        busy_tolerance: 0.065,
        duration: "1s",
    },
    Point {
        load: "60k/s",
        mean_ms: 0.368952,
        p99_ms: 0.560889,
        nginx_busy: 0.640,
        busy_tolerance: 0.05,
        duration: "1s",
    },
    Point {
        load: "80k/s",
        mean_ms: 0.441274,
        p99_ms: 0.940166,
        nginx_busy: 0.835,
        busy_tolerance: 0.03,
        duration: "2s",
    },
    Point {
        load: "90k/s",
        mean_ms: 0.619078,
        p99_ms: 1.98789,
        nginx_busy: 0.927,
        busy_tolerance: 0.02,
        duration: "5s",
    },
];

#[test]
fn latency_is_that_of_another_simulator_from_light_to_heavy_load() {
    let study = declared(TEXT, "load");
    let [load] = study.sweep.as_slice() else {
        panic!("one path varies the load: {:?}", study.sweep)
    };
    assert_eq!(load.values, PUBLISHED.each_ref().map(|point| point.load));
    for point in &PUBLISHED {
        let edits = [edit(&load.path, point.load), edit("run.fixed.duration", point.duration)];
        let found = measured(TEXT, "two-tier", &edits);
        let get = found.endpoints.get("get").expect("one endpoint");
        let mean = get.latency_seconds.mean.expect("a stable mean").value;
        let p99 = get.latency_seconds.p99.expect("enough answers").value;
        let nginx = found.services.get("nginx").expect("a service of the layout");
        let busy = nginx.cpu_utilisation.expect("it has cores").value;
        let at = |what: &str| format!("{what} at {}", point.load);
        assert_within(&at("mean [ms]"), 1e3 * mean, point.mean_ms, 0.05);
        assert_within(&at("p99 [ms]"), 1e3 * p99, point.p99_ms, 0.10);
        assert_within(&at("nginx busy"), busy, point.nginx_busy, point.busy_tolerance);
    }
}
