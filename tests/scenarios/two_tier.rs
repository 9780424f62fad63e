//! scenarios/two-tier.yaml against uqSim (arXiv:1911.02122), another simulator, with its own model of
//! nginx with 4 workers and memcached with 2 threads.

use cutline::verify::Judgement;

use super::{as_published, declared, values_of};

const TEXT: &str = include_str!("../../scenarios/two-tier.yaml");

#[test]
fn latency_is_that_of_another_simulator_from_light_to_heavy_load() {
    let study = declared(TEXT, "load");
    let [load] = study.sweep.as_slice() else {
        panic!("one path varies the load: {:?}", study.sweep)
    };
    assert_eq!(load.values, values_of("two-tier", &load.path));
    let found = as_published("two-tier");
    // Polls are not shared by a batch, so nginx is less busy, and the less so the lighter the load.
    let busy = found.metrics.iter().filter(|metric| metric.outcome == Judgement::Approximate);
    let off: Vec<f64> = busy.filter_map(|metric| metric.off()).collect();
    assert_eq!(off.len(), 4);
    assert!(off.is_sorted() && off[0] < -0.05 && off[3] < 0.0, "{off:?}");
}
