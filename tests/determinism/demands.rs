//! Synchronised common random numbers, held at the level of single demands: the k-th request comes at the
//! same instant, takes the same branches and needs the same work, whatever the layout.

use std::collections::BTreeMap;

use cutline::measure::Category;
use cutline::plan::Plan;
use cutline::runtime::{TraceMoment, What};
use cutline::units::Nanos;

use super::traces::{moments, plan};
use super::{STORE, changed};

const DURATION: Nanos = Nanos(10_000_000_000);
/// What began by then is over at the end.
const BEGUN: u64 = 6_000_000_000;

/// When each request came (ns), with its key.
fn arrivals(all: &[TraceMoment]) -> Vec<(u64, u64)> {
    let comes = all.iter().filter(|moment| moment.what == What::Comes);
    comes.map(|moment| (moment.time, moment.request.0)).collect()
}

/// When the first demand of a frame was met (ns), and all of them in their order.
type Demands = (u64, Vec<(&'static str, u64)>);

/// CPU work, pure waits and failures of third parties of each frame.
fn demands(all: &[TraceMoment]) -> BTreeMap<u64, Demands> {
    let mut found: BTreeMap<u64, Demands> = BTreeMap::new();
    for moment in all {
        let demand = match moment.what {
            What::GoesOn(Category::Cpu) => ("work", moment.work),
            What::GoesOn(Category::Delay) => ("wait", moment.waited),
            What::GoesOn(Category::External) => ("outcome", moment.failure as u64),
            _ => continue,
        };
        let frame = found.entry(moment.frame.0).or_insert((moment.time, Vec::new()));
        frame.1.push(demand);
    }
    found
}

/// Fails unless all that began early in `a` is in `b`, demand by demand; how many frames that were.
fn assert_contained(a: &[TraceMoment], b: &[TraceMoment], what: &str) -> usize {
    let (a, b) = (demands(a), demands(b));
    let early = a.iter().filter(|(_, (time, _))| *time < BEGUN);
    let compared = early.map(|(frame, (time, demands))| {
        let other = b.get(frame).map(|(_, demands)| demands);
        assert_eq!(Some(demands), other, "{what}: frame {frame:x} at {time} ns");
    });
    compared.count()
}

fn assert_same_demands(a: &Plan, b: &Plan, what: &str) {
    let (a, b) = (moments(a, 7, DURATION), moments(b, 7, DURATION));
    assert_eq!(arrivals(&a), arrivals(&b), "{what}: instants");
    let frames = assert_contained(&a, &b, what) + assert_contained(&b, &a, what);
    assert!(frames > 5_000, "{what}: only {frames} frames compared");
}

#[test]
fn the_kth_request_has_the_same_instant_branches_and_work_in_every_layout() {
    let layouts = [0, 1, 2].map(|layout| plan(STORE, layout));
    assert_same_demands(&layouts[0], &layouts[1], "whole and cut");
    // Where the tables of a join stand apart, putting its rows together is work that only this layout has.
    let [whole, apart] = [0, 2].map(|layout| moments(&layouts[layout], 7, DURATION));
    assert_eq!(arrivals(&whole), arrivals(&apart));
    assert!(assert_contained(&whole, &apart, "whole and apart") > 3_000);
    let work = include_str!("work.yaml");
    let layouts = [0, 1, 2].map(|layout| plan(work, layout));
    assert_same_demands(&layouts[0], &layouts[1], "one and two");
    assert_same_demands(&layouts[0], &layouts[2], "one and three");
}

#[test]
fn one_more_replica_changes_no_demand() {
    let more = changed(
        STORE,
        "front: { modules: [ front ], replicas: 3",
        "front: { modules: [ front ], replicas: 4",
    );
    assert_same_demands(&plan(STORE, 1), &plan(&more, 1), "a fourth replica");
    let pool = changed(STORE, "storage: { gp3: 100GiB }, pool: 20 }", "storage: nvme, pool: 21 }");
    assert_same_demands(&plan(STORE, 0), &plan(&pool, 0), "another pool and disk");
}

#[test]
fn one_more_layout_changes_no_demand() {
    let first = "layouts:\n  first:\n    services: { bulk: { modules: all, cpu: 3 } }\n    \
                 databases: { db: { tables: all, class: db.m6i.2xlarge } }\n";
    let more = changed(STORE, "layouts:\n", first);
    assert_same_demands(&plan(STORE, 1), &plan(&more, 2), "a layout before it");
}

#[test]
fn a_module_that_nothing_uses_changes_no_demand() {
    let first = "  modules:\n    aaa: { operations: { idle: [ cpu: { exp: 1ms } ] } }\n";
    let more = changed(STORE, "  modules:\n", first);
    let more = changed(
        &more,
        "      front: { modules: [ front ]",
        "      front: { modules: [ front, aaa ]",
    );
    assert_same_demands(&plan(STORE, 0), &plan(&more, 0), "a module before the others");
}

#[test]
fn a_point_of_a_sweep_has_the_demands_of_every_other() {
    let (a, b) = (plan(STORE, 1), plan(&changed(STORE, "150/s", "100/s"), 1));
    let (a, b) = (moments(&a, 7, DURATION), moments(&b, 7, DURATION));
    let (came, slower) = (arrivals(&a), arrivals(&b));
    assert!(slower.len() > 800 && slower.len() < came.len());
    // The k-th request is the same one; it comes later by the ratio of the rates, but for rounding.
    for (index, (fast, slow)) in came.iter().zip(&slower).enumerate() {
        assert_eq!(fast.1, slow.1, "key of request {index}");
        let expected = fast.0 as f64 * 1.5;
        assert!((slow.0 as f64 - expected).abs() <= 2.0 * index as f64 + 2.0, "request {index}");
    }
    let frames = assert_contained(&b, &a, "at another rate");
    assert!(frames > 2_000, "only {frames} frames compared");
}

#[test]
fn another_seed_has_other_demands() {
    let plan = plan(STORE, 0);
    let (a, b) = (moments(&plan, 7, DURATION), moments(&plan, 8, DURATION));
    let (a, b) = (demands(&a), demands(&b));
    assert!(a.keys().all(|frame| !b.contains_key(frame)));
}
