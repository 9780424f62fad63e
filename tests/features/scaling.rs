//! Instances that come and go: the rule of the HorizontalPodAutoscaler against replica counts of its own, starts,
//! warm-up, nodes and the bill against arithmetic by hand.

use cutline::model::Model;
use cutline::scenario;
use cutline::scenario::Code;
use cutline::study::{LayoutFindings, RunFindings, WindowFindings};

use super::over_time::run_model;

/// What becomes of [`SLOW`] and [`BOTH`] as Kubernetes does it today: a wish for fewer lets none come.
const WITHIN: [(&Course, &[u32]); 2] = [
    (&SLOW, &[4, 4, 6, 6, 6, 6, 8, 8, 8, 8, 10, 10, 10, 10, 10, 9, 9, 9, 9, 8, 8, 8]),
    (
        &BOTH,
        &[3, 3, 3, 3, 6, 6, 9, 9, 14, 14, 14, 14, 14, 14, 14, 14, 14, 11, 11, 11, 8, 8, 8, 6, 6, 6],
    ),
];

/// How often it is looked (s).
const EVERY: f64 = 15.0;

/// A course of what is under way at each look, the rule, and the instances after each look. Of "transcription of the
/// controller's rule" and of a second program written from the documentation.
struct Course {
    range: &'static str,
    under_way: &'static [u32],
    instances: &'static [u32],
}

/// The behaviour that Kubernetes has unless another is written.
const SPIKE: Course = Course {
    range: "from: 1, to: 40, at_start: 2, on: { in_flight: 50 }",
    under_way: &[98, 104, 109, 112, 395, 890, 890, 890, 2290, 2290, 2290, 2290, 2290, 2290],
    instances: &[2, 2, 2, 3, 7, 14, 18, 18, 36, 40, 40, 40, 40, 40],
};

/// A dip acts only when 300 s have passed without a higher wish.
const DOWN_WINDOW: Course = Course {
    range: "from: 2, to: 20, at_start: 10, on: { in_flight: 50 }",
    under_way: &[
        490, 490, 295, 190, 445, 190, 190, 190, 190, 190, 190, 190, 190, 190, 190, 190, 190, 190,
        190, 190, 190, 190, 190, 190, 190, 190, 40, 40, 40,
    ],
    instances: &[
        10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 9, 9,
        9, 4, 4, 4, 4, 4,
    ],
};

/// Two more a minute at most, with a window on the way up; 10 % fewer a minute at most.
const SLOW: Course = Course {
    range: "from: 2, to: 30, at_start: 4, on: { in_flight: 50 }, stabilization: by_direction, up: { window: 30s, at_most: [ { pods: 2, per: 60s } ] }, \
            down: { window: 60s, at_most: [ { percent: 10%, per: 60s } ] }",
    under_way: &[
        195, 790, 790, 790, 790, 790, 790, 790, 790, 790, 790, 790, 95, 95, 95, 95, 95, 95, 95, 95,
        95, 95,
    ],
    instances: &[4, 4, 6, 6, 6, 6, 8, 8, 8, 8, 10, 10, 10, 10, 12, 9, 9, 9, 9, 8, 8, 8],
};

/// Two policies and a window in both directions.
const BOTH: Course = Course {
    range: "from: 2, to: 50, at_start: 3, on: { in_flight: 30 }, stabilization: by_direction, \
            up: { window: 45s, at_most: [ { pods: 3, per: 30s }, { percent: 50%, per: 30s } ] }, \
            down: { window: 2min, at_most: [ { pods: 2, per: 45s }, { percent: 20%, per: 45s } ] }",
    under_way: &[
        88, 88, 700, 700, 700, 700, 700, 700, 700, 700, 115, 115, 115, 115, 115, 115, 115, 115,
        115, 115, 115, 115, 115, 115, 115, 115,
    ],
    instances: &[
        3, 3, 3, 3, 6, 6, 9, 9, 14, 14, 21, 21, 24, 24, 24, 24, 24, 19, 19, 19, 15, 15, 15, 12, 12,
        12,
    ],
};

/// The run of a scenario with a trace beside it.
fn run(text: &str, trace: &str) -> RunFindings {
    let loader = |_: &str| Ok(trace.to_owned());
    let text = format!("cutline: 1\nname: scaled\n{text}");
    let reading = scenario::read(&text, "scaled", &[], &loader);
    let model: Model = reading.unwrap_or_else(|refused| panic!("{text}\n{refused}")).model;
    run_model(&model)
}

fn windows(found: &RunFindings) -> &[WindowFindings] {
    &found.layouts.0[0].1.windows
}

fn only(found: &RunFindings) -> &LayoutFindings {
    &found.layouts.0[0].1
}

fn instances(window: &WindowFindings) -> f64 {
    let (_, service) = &window.services.0[0];
    service.replicas_mean.expect("their number changes").value
}

/// The requests of each look come a millisecond before it and go a millisecond after it.
fn instances_after_each_look(course: &Course, range: &str) -> Vec<u32> {
    let mut trace = String::new();
    for (look, under_way) in course.under_way.iter().enumerate() {
        let at = EVERY * (look + 1) as f64 - 0.001;
        (0..*under_way).for_each(|_| trace += &format!("{at}s\n"));
    }
    let looks = course.under_way.len();
    let text = format!(
        "
application: {{ modules: {{ shop: {{ operations: {{ go: [ wait: 2ms ] }} }} }} }}
workload: {{ arrivals: {{ trace: requests.csv }}, endpoints: {{ go: {{ call: shop.go }} }} }}
layouts:
  main:
    services: {{ shop: {{ cpu: 1, threads: async, start: {{ takes: 0s }}, replicas: {{ {} }} }} }}
run: {{ until: {}s, window: 15s, replications: 2 }}
platform: {{ network: none, prices: none }}
",
        range,
        EVERY * (looks + 1) as f64
    );
    let found = run(&text, &trace);
    let counts = windows(&found).iter().skip(1).map(|window| {
        let mean = instances(window);
        // Those that are sent away have their requests for a millisecond more.
        assert!((mean - mean.round()).abs() < 0.01, "{mean}");
        mean.round() as u32
    });
    counts.collect()
}

#[test]
fn instances_follow_the_load_as_the_rule_of_kubernetes_has_it() {
    for course in [SPIKE, DOWN_WINDOW, SLOW, BOTH] {
        let found = instances_after_each_look(&course, course.range);
        assert_eq!(found, course.instances, "{}", course.range);
    }
    for (course, instances) in WITHIN {
        let range = course.range.replace("stabilization: by_direction, ", "");
        assert_eq!(instances_after_each_look(course, &range), instances, "{range}");
    }
}

/// A service that goes from one instance to two at the first look, and what `more` says.
fn scheduled(schedule: &str, more: &str, platform: &str) -> String {
    format!(
        "
application: {{ modules: {{ shop: {{ operations: {{ go: [ cpu: 100ms ] }} }} }} }}
workload: {{ arrivals: {{ deterministic: 1/s }}, endpoints: {{ go: {{ call: shop.go }} }} }}
layouts:
  main:
    services:
      shop:
        cpu: 1
        memory: 1GiB
        threads: 4
        replicas: {{ from: 1, to: 3, on: {{ schedule: [ {schedule} ] }}, down: {{ window: 0s }} }}
        {more}
run: {{ until: 5min, window: 5s, replications: 2 }}
{platform}
"
    )
}

const NOTHING: &str = "platform: { network: none, prices: none, context_switch: none }";

#[test]
fn an_instance_is_ready_after_its_start_and_slower_until_it_is_warm() {
    let schedule = "{ at: 10s, replicas: 2 }";
    let more = "start: { takes: 20s, warm_up: 10s, slower: 2 }";
    let found = run(&scheduled(schedule, more, NOTHING), "");
    // Seen at 15 s, ready at 35 s, warm at 45 s. Both take turns, so half of the requests take twice as long.
    for window in windows(&found).iter().take(20) {
        let (from, mean) = (window.from_seconds, window.all.latency_seconds.mean.unwrap().value);
        let instances = instances(window);
        let (there, share) = match from {
            ..35.0 => (1.0, 0.0),
            35.0..45.0 => (2.0, 0.5),
            _ => (2.0, 0.0),
        };
        assert_eq!(instances, there, "{from}");
        // Five requests a window: two or three of them.
        assert!((mean - 0.1 * (1.0 + share)).abs() <= 0.0101, "{from}: {mean}");
    }
    let (_, scaled) = &only(&found).scaled.0[0];
    assert_eq!((scaled.asked_mean.value, scaled.replicas_most), (1.0, 2.0));
    assert_eq!(scaled.ready_after_seconds.unwrap().value, 20.0);
    assert_eq!((scaled.without_room_mean.value, scaled.sent_away_mean.value), (0.0, 0.0));
}

/// Nodes with room for one instance each.
const NODES: &str = "platform: { network: none, prices: aws-us-east-1, nodes: { class: m6i.large, zones: 1, reserved: \
                     { cpu: 0.9 }, from: 1, to: 2, provision: 60s, unneeded: 60s } }";

#[test]
fn a_node_comes_for_an_instance_without_room_and_goes_when_it_is_empty() {
    let schedule = "{ at: 10s, replicas: 2 }, { at: 2min, replicas: 1 }";
    let found = run(&scheduled(schedule, "start: { takes: 20s }", NODES), "");
    // Asked for at 15 s, its node is there at 75 s, it is ready at 95 s; sent away at 120 s, its node goes at 180 s.
    let mean = |from: f64, to: f64| {
        let own = windows(&found).iter();
        let own = own.filter(|window| window.from_seconds >= from && window.to_seconds <= to);
        own.clone().map(instances).sum::<f64>() / own.count() as f64
    };
    assert_eq!((mean(0.0, 95.0), mean(95.0, 120.0)), (1.0, 2.0));
    // The last one of its requests is done 100 ms after it came.
    assert!((1.0..1.01).contains(&mean(120.0, 300.0)), "{}", mean(120.0, 300.0));
    let (_, scaled) = &only(&found).scaled.0[0];
    assert_eq!(scaled.ready_after_seconds.unwrap().value, 80.0);
    assert_eq!((scaled.without_room_mean.value, scaled.sent_away_mean.value), (1.0, 1.0));
    let lines = &only(&found).cost.lines;
    let nodes =
        lines.iter().find(|line| line.item.ends_with("m6i.large")).expect("they are billed");
    let hours = 730.0 * (300.0 + (180.0 - 15.0)) / 300.0;
    assert!((nodes.quantity / hours - 1.0).abs() < 1e-3, "{} {hours}", nodes.quantity);
}

#[test]
fn an_instance_waits_where_no_more_nodes_may_come_and_the_run_says_so() {
    let found = run(&scheduled("{ at: 0s, replicas: 3 }", "", NODES), "");
    let last = windows(&found).last().expect("windows");
    assert_eq!(instances(last), 2.0);
    let said = only(&found).diagnostics.iter().find(|said| said.code == Code::Pending);
    let said = said.expect("one waits");
    assert!(
        said.message.starts_with("1 instances of shop a run were asked for"),
        "{}",
        said.message
    );
}

#[test]
fn nodes_that_stay_are_as_many_as_the_largest_fleet_needs() {
    let stay = NODES.replace(", from: 1, to: 2, provision: 60s, unneeded: 60s", "");
    let found = run(&scheduled("{ at: 0s, replicas: 2 }", "", &stay), "");
    let lines = &only(&found).cost.lines;
    let nodes =
        lines.iter().find(|line| line.item.ends_with("m6i.large")).expect("they are billed");
    assert_eq!((nodes.item.as_str(), nodes.quantity), ("3 × m6i.large", 3.0 * 730.0));
}
