//! Numbers of instances and of nodes that follow the load: what is read, and each way to contradict oneself.

use super::*;
use crate::model::{ScaleMetric, ScaleStep, Select, Stabilization};
use crate::scenario::Code;
use crate::units::Nanos;

const SCALED: &str = "\
cutline: 1
name: scaled
application: { modules: { a: { operations: { go: [ cpu: { exp: 1ms } ] } } } }
workload:
  arrivals: { poisson: 1/s }
  endpoints: { go: { call: a.go } }
layouts:
  one:
    services:
      a: { cpu: 1, threads: 4, replicas: { from: 2, to: 8, on: { cpu: 60% } } }
platform: { network: none, nodes: { class: m6i.large, to: 9 } }
run: { until: 5min }
";

fn told(from: &str, to: &str) -> Vec<(Code, String)> {
    told_of(SCALED, from, to)
}

#[test]
fn a_range_has_the_behaviour_of_kubernetes_unless_it_says_another() {
    assert_eq!(told("name: scaled", "name: again"), []);
    let of = |text: &str| model(text).layouts[0].services[0].clone();
    let usual = of(SCALED);
    let rule = usual.scaling.as_ref().expect("it scales");
    assert_eq!((usual.replicas.value, rule.from, rule.to.value, usual.most()), (2, 2, 8, 8));
    assert_eq!(rule.targets, [(ScaleMetric::Cpu, 0.6)]);
    assert_eq!((rule.every, rule.tolerance), (Nanos(15_000_000_000), 0.1));
    assert_eq!((rule.up.window.0, rule.down.window.0), (0, 300_000_000_000));
    assert_eq!((rule.up.policies.len(), rule.down.policies.len()), (2, 1));
    assert_eq!((rule.up.select, rule.stabilization), (Select::Max, Stabilization::Within));
    assert_eq!(usual.start.takes, Nanos(20_000_000_000));
    let more = "on: { in_flight: 3 }, at_start: 4, up: { at_most: [ { percent: 150%, per: 30s } ], select: min } }, \
                start: { takes: 1s, warm_up: 2s, slower: 3 } }";
    let own = of(&changed(SCALED, "on: { cpu: 60% } } }", more));
    let rule = own.scaling.as_ref().expect("it scales");
    assert_eq!((own.replicas.value, rule.up.policies[0].by), (4, ScaleStep::Percent(1.5)));
    assert_eq!((own.start.warm_up, own.start.slower), (Nanos(2_000_000_000), 3.0));
}

#[test]
fn each_contradiction_is_told_where_it_stands() {
    let until = "run: { until: 5min }";
    let cases = [
        ("from: 2, to: 8", "from: 9, to: 8", Code::OutOfRange, "`from` is 9 and `to` is 8"),
        ("from: 2, to: 8", "from: 0, to: 8", Code::NotBuilt, "`from: 0` (scale to zero)"),
        (
            "on: { cpu: 60% }",
            "on: {}",
            Code::MissingField,
            "a range of `replicas` follows something",
        ),
        ("cpu: 60%", "cpu: 0%", Code::OutOfRange, "no number of instances makes their cores idle"),
        (", on: { cpu: 60% }", "", Code::MissingField, "a range of `replicas` needs `on`"),
        (
            "on: { cpu: 60% }",
            "on: { schedule: [ { at: 2s, replicas: 3 }, { at: 1s, replicas: 4 } ] }",
            Code::OutOfRange,
            "a schedule goes on in time",
        ),
        (
            "on: { cpu: 60% }",
            "on: { cpu: 60% }, up: { at_most: [] }",
            Code::MissingField,
            "`at_most` has no limit",
        ),
        (
            "on: { cpu: 60% }",
            "on: { cpu: 60% }, up: { at_most: [ { pods: 4, percent: 100%, per: 15s } ] }",
            Code::Conflict,
            "a limit is of `pods` or of `percent`",
        ),
        (
            "on: { cpu: 60% }",
            "on: { cpu: 60% }, up: { at_most: [ { percent: lots, per: 15s } ] }",
            Code::BadValue,
            "a share above 0 % is expected here",
        ),
        (
            "replicas: { from: 2, to: 8, on: { cpu: 60% } }",
            "replicas: 2, start: { takes: 1s }",
            Code::Conflict,
            "the number of `replicas` is fixed, so none is started",
        ),
        ("to: 9 }", "from: 3 }", Code::Conflict, "without `to` no node comes or goes, so `from`"),
        ("to: 9 }", "from: 10, to: 9 }", Code::OutOfRange, "`from` is 10 and `to` is 9"),
        (
            until,
            "run: { seed: 1 }",
            Code::ScalingNeedsTime,
            "instances of `a` come and go over minutes",
        ),
        (
            until,
            "run: { until: 30s }",
            Code::NothingStarts,
            "no instance of `a` is ready before the run ends",
        ),
        (
            "cpu: 1, threads",
            "cpu: 1, autoscale: { cpu: 60% }, threads",
            Code::UnknownField,
            "a service has no field",
        ),
    ];
    for (from, to, code, message) in cases {
        let told = told(from, to);
        assert_eq!(told.len(), 1, "{to}: {told:?}");
        assert_eq!(told[0].0, code, "{to}: {told:?}");
        assert!(told[0].1.starts_with(message), "{to}: {told:?}");
    }
    let box_of =
        "machines: { box: { cpu: 4 } }\n    services:\n      a: { machine: box, threads: 4,";
    let told = told("services:\n      a: { cpu: 1, threads: 4,", box_of);
    assert_eq!(told[0].0, Code::Conflict);
    assert!(told[0].1.starts_with("on a machine, another instance brings no cores"), "{told:?}");
}
