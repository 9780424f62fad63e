//! Random services whose instances and nodes come and go under random loads: nothing in hand is lost, numbers stay
//! within their bounds, and what is asked for is what comes.

use cutline::measure::{Ending, Kind};
use cutline::plan;
use cutline::scenario;
use cutline::study::{self, Purpose};
use cutline::units::Nanos;
use proptest::prelude::*;

/// How a random service follows its load.
#[derive(Debug, Clone)]
struct Scaled {
    from: u32,
    more: u32,
    target: &'static str,
    start: u32,
    warm_up: u32,
    /// Nodes at the most; none: there are no nodes.
    nodes: Option<u32>,
    window: u32,
    low: u32,
    high: u32,
    /// Whether another service tells it of everything by a broker, too.
    told: bool,
}

fn scaled() -> impl Strategy<Value = Scaled> {
    let target = prop::sample::select(vec![
        "cpu: 50%",
        "in_flight: 2",
        "queue: 0.5",
        "cpu: 70%, in_flight: 3",
        "schedule: [ { at: 20s, replicas: 3 }, { at: 90s, replicas: 1 } ]",
    ]);
    let numbers = (1..3u32, 2..8u32, 0..20u32, 0..20u32, 0..30u32);
    let load = (1..40u32, 40..200u32);
    (target, numbers, prop::option::of(1..5u32), load, any::<bool>()).prop_map(
        |(target, (from, more, start, warm_up, window), nodes, (low, high), told)| Scaled {
            from: if target.starts_with("schedule") { 1 } else { from },
            more,
            target,
            start,
            warm_up,
            nodes,
            window,
            low,
            high,
            told,
        },
    )
}

impl Scaled {
    fn text(&self) -> String {
        let Scaled { from, more, target, start, warm_up, window, low, high, .. } = self;
        let (events, publish, subscribes, broker) = match self.told {
            true => (
                "events: [ told ], ",
                ", publish: told",
                "subscribes: { told: hear }, ",
                "broker: kafka, consumers: { shop: { concurrency: 2 } }, ",
            ),
            false => ("", "", "", ""),
        };
        let nodes = match self.nodes {
            Some(most) => format!(
                "nodes: {{ class: m6i.large, zones: 2, to: {}, provision: 10s, unneeded: 20s }}",
                most.max(3)
            ),
            None => "nodes: none".to_owned(),
        };
        format!(
            "
cutline: 1
name: scaled
application:
  modules:
    door: {{ {events}operations: {{ go: [ call: shop.work{publish} ] }} }}
    shop: {{ {subscribes}operations: {{ work: [ cpu: exp(15ms), wait: 2ms ], hear: [ cpu: 1ms ] }} }}
workload:
  arrivals:
    profile:
      points: [ {{ at: 0s, rate: {low}/s }}, {{ at: 40s, rate: {high}/s }}, {{ at: 80s, rate: {high}/s }}, {{ at: 100s, rate: {low}/s }} ]
  endpoints: {{ go: {{ call: door.go }} }}
layouts:
  one:
    {broker}services:
      door: {{ cpu: 1, memory: 256MiB, threads: async }}
      shop:
        cpu: 1
        memory: 512MiB
        threads: 4
        replicas: {{ from: {from}, to: {}, on: {{ {target} }}, every: 5s, down: {{ window: {window}s }} }}
        start: {{ takes: {start}s, warm_up: {warm_up}s, slower: 3 }}
platform: {{ prices: none, network: none, {nodes} }}
run: {{ until: 160s, window: 10s }}
",
            from + more
        )
        .replace("    broker: kafka, consumers", "    broker: kafka\n    consumers")
        .replace("} }, services", "} }\n    services")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_numbers_stay_within_their_bounds(scaled in scaled()) {
        let text = scaled.text();
        let reading = scenario::read(&text, "scaled", &[], &|name: &str| Err(format!("no {name}")));
        let model = reading.unwrap_or_else(|refused| panic!("{text}\n{refused}")).model;
        let plan = match plan::compile(&model, 0) {
            Ok(plan) => plan,
            Err(refused) => panic!("{text}\n{refused:?}"),
        };
        let length = (Nanos::from_seconds(160.0), Nanos::ZERO);
        for outcome in study::replicate(&plan, 7, Purpose::Production, 2, length) {
            prop_assert_eq!(outcome.ending, Ending::Finished);
            prop_assert_eq!(study::breaches(&plan, &outcome), [""; 0]);
            let record = &outcome.endpoints[0];
            let answered: u64 = record.answers.iter().sum();
            prop_assert_eq!(record.answers[Kind::Ok as usize], answered, "nothing fails where nothing is refused");
            let shop = plan.scaled.services.iter().next().expect("one scales");
            let replicas = outcome.capacities.replicas[shop.service.index()];
            let mean = replicas.mean(outcome.measured_ns);
            let record = &outcome.scalings[0];
            // One that drains is there until it has finished.
            prop_assert!(mean >= f64::from(scaled.from), "{mean}");
            prop_assert!(record.most.get() <= u64::from(scaled.from + scaled.more));
            prop_assert!(record.ready + record.pending <= record.asked);
            prop_assert!(record.ready_after >= u128::from(record.ready) * u128::from(scaled.start) * 1_000_000_000);
            if scaled.nodes.is_none() {
                prop_assert_eq!((record.pending, record.without_room), (0, 0));
            }
            for window in &outcome.timeline.windows {
                let there = window.replicas[shop.service.index()] / (window.to - window.from) as f64;
                prop_assert!(there >= f64::from(scaled.from) - 1e-9, "{there}");
            }
        }
    }
}
