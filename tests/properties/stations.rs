//! Lone stations of queueing theory, of which a change can only do good, or none at all.

use cutline::measure::{EndpointRecord, Kind, Outcome};
use proptest::prelude::*;

use super::load::{arrivals, once};
use super::scenario::{ALL_THROUGH, cases, simulate};
use super::steps::Law;

/// A station at which one step is done for each of these endpoints.
fn station(step: &str, endpoints: &str, service: &str) -> Outcome {
    let text = format!(
        "cutline: 1\nname: station\n\
         application: {{ modules: {{ a: {{ operations: {{ go: [ {step} ] }} }} }} }}\n\
         workload: {{ endpoints: {{ {endpoints} }} }}\n\
         layouts: {{ one: {{ services: {{ a: {{ {service} }} }} }} }}\n\
         platform: {{ network: none, prices: none, context_switch: none }}\n\
         run: {{ limits: {{ frames: 20000, events: 400000 }} }}\n",
    );
    simulate(&text, ALL_THROUGH).remove(0).1
}

/// What there may be more of.
#[derive(Debug, Clone, Copy)]
enum Servers {
    CoresAndThreads,
    Threads,
    CoresInTurn,
    CoresShared,
    Replicas,
}

impl Servers {
    fn any() -> impl Strategy<Value = Servers> {
        prop_oneof![
            Just(Servers::CoresAndThreads),
            Just(Servers::Threads),
            Just(Servers::CoresInTurn),
            Just(Servers::CoresShared),
            Just(Servers::Replicas),
        ]
    }

    /// So many, with `law` as what each request needs of one of them.
    fn station(self, count: u32, law: &str, users: u32) -> Outcome {
        let step = if matches!(self, Servers::Threads) { "wait" } else { "cpu" };
        let service = match self {
            Servers::CoresAndThreads => format!("cpu: {count}, threads: {count}"),
            Servers::Threads => format!("cpu: 64, threads: {count}"),
            Servers::CoresInTurn => format!("cpu: {count}, threads: async, scheduling: fcfs"),
            Servers::CoresShared => format!("cpu: {count}, threads: async, scheduling: ps"),
            Servers::Replicas => {
                format!("replicas: {count}, cpu: 1, threads: 1, balancing: round_robin")
            }
        };
        let endpoint = format!("go: {{ call: a.go, arrivals: {} }}", once(users));
        station(&format!("{step}: {law}"), &endpoint, &service)
    }
}

proptest! {
    #![proptest_config(cases(80))]

    /// Of one line, first come first served, every wait is at most that with fewer servers (Kiefer and
    /// Wolfowitz 1955). Of shared cores nobody leaves later than with fewer: whoever is there is there with
    /// fewer, too, so each has at least the share it had. Of replicas that take turns, each of twice as many
    /// serves some of the requests of one of the few, and none besides.
    #[test]
    fn more_servers_never_raise_the_wait_of_a_lone_pool(
        servers in Servers::any(),
        law in Law::any(40_000),
        count in 1u32..6,
        more in 1u32..4,
        users in 2u32..400,
    ) {
        let greater = match servers {
            Servers::Replicas => count * (more + 1),
            _ => count + more,
        };
        let law = law.text(20);
        let [few, many] = [count, greater].map(|count| servers.station(count, &law, users));
        for outcome in [&few, &many] {
            prop_assume!(outcome.endpoints[0].answers[Kind::Ok as usize] == u64::from(users));
        }
        // The work of each is the same, so latencies differ by the waits. Shares are rounded.
        let shared = matches!(servers, Servers::CoresShared);
        let slack = if shared { 2 * many.events } else { 0 };
        let [few_seen, many_seen] = [&few, &many].map(|outcome| &outcome.endpoints[0]);
        prop_assert!(many_seen.latency_sum <= few_seen.latency_sum + u128::from(slack));
        prop_assert!(many_seen.latency_max.get() <= few_seen.latency_max.get() + slack);
        if !shared {
            for share in [0.5, 0.9, 1.0] {
                prop_assert!(many_seen.latency.quantile(share) <= few_seen.latency.quantile(share));
            }
            prop_assert!(many.services[0].wait_sum <= few.services[0].wait_sum);
        }
    }

    /// Where it preempts, a class has the cores as if there were none below it.
    #[test]
    fn a_lower_class_is_nothing_to_those_that_preempt_it(
        law in Law::any(20_000),
        cores in 1u32..4,
        high in arrivals(),
        middle in arrivals(),
        low in arrivals(),
    ) {
        let above = format!(
            "high: {{ call: a.go, priority: 200, arrivals: {high} }}, \
             middle: {{ call: a.go, priority: 7, arrivals: {middle} }}"
        );
        let below = format!("{above}, low: {{ call: a.go, arrivals: {low} }}");
        let service = format!("cpu: {cores}, threads: async, scheduling: preemptive_priority");
        let step = format!("cpu: {}", law.text(1));
        let [alone, beside] = [above, below].map(|endpoints| station(&step, &endpoints, &service));
        prop_assume!(alone.ended_at == ALL_THROUGH.0.0 && beside.ended_at == ALL_THROUGH.0.0);
        for class in 0..2 {
            // When half of the time is over that is compared, all sources decide.
            let [alone, beside] = [&alone, &beside].map(|outcome| EndpointRecord {
                present_at_half: 0,
                arrivals_at_half: 0,
                ..outcome.endpoints[class].clone()
            });
            prop_assert_eq!(format!("{:?}", alone), format!("{:?}", beside));
        }
    }
}
