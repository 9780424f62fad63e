//! Steps that take time or lead on: third parties, caches, repeats, choices, branches, events.

use cutline::measure::{Category, Kind};

use super::ran::{Ran, assert_exact, assert_near, five_sigma, run, run_one};

/// An operation of so many steps, asked for 1,000 times a second, on four cores.
fn steps(steps: &str, users: &str) -> Ran {
    let body = format!(
        "
application:
  modules: {{ shop: {{ operations: {{ go: [ {steps} ] }} }} }}
  externals:
    bank: {{ latency: 3ms, failure: 10% }}
    narrow: {{ latency: 10ms, concurrency: 2 }}
workload: {{ arrivals: {users}, endpoints: {{ go: {{ call: shop.go }} }} }}
layouts: {{ main: {{ services: {{ shop: {{ threads: async, cpu: 4 }} }} }} }}
"
    );
    run_one(&body, 20.0)
}

const OFTEN: &str = "{ deterministic: 1000/s }";

#[test]
fn a_third_party_takes_its_time_and_fails_its_share_wherever_it_stands() {
    for (list, mean) in [
        ("external: bank", 3.0),
        ("wait: 1ms, external: bank", 4.0),
        ("wait: 1ms, external: bank, wait: 1ms", 5.0),
        ("parallel: [ [ wait: 1ms, external: bank ], [ wait: 1ms ] ]", 4.0),
        ("repeat: { times: 1, do: [ wait: 1ms, external: bank ] }", 4.0),
    ] {
        let ran = steps(list, OFTEN);
        assert_near(ran.share(Kind::Failed), 0.1, five_sigma(0.09, ran.first().arrivals));
        assert_exact(ran.share(Kind::Failed) + ran.share(Kind::Ok), 1.0);
        assert_exact(ran.mean_ms(), mean);
        assert_exact(ran.spent_ms(Category::External), 3.0);
    }
}

#[test]
fn a_third_party_with_two_places_answers_no_more_than_two_at_a_time() {
    // Five at once: 2 places / 10 ms are 200 a second, and 5 under way / 200 a second are 25 ms.
    let ran = steps("external: narrow", "{ closed: { users: 5, think: 0ms } }");
    assert!((3_998..=4_000).contains(&ran.count(Kind::Ok)), "{}", ran.count(Kind::Ok));
    assert_near(ran.mean_ms(), 25.0, 0.02);
    // Two at once never wait.
    let ran = steps("external: narrow", "{ closed: { users: 2, think: 0ms } }");
    assert_exact(ran.mean_ms(), 10.0);
}

#[test]
fn a_cache_spares_the_work_of_its_hits() {
    let ran = steps("cache: { name: page, hit: 70%, miss: [ wait: 10ms ] }, wait: 1ms", OFTEN);
    // A miss in three of ten, of 10 ms: variance 100 × 0.3 × 0.7.
    let slack = five_sigma(100.0 * 0.21, ran.count(Kind::Ok));
    assert_near(ran.mean_ms(), 1.0 + 0.3 * 10.0, slack);
}

#[test]
fn a_repeat_takes_the_mean_number_of_turns_of_its_law() {
    for (law, variance) in [
        ("3", 0.0),
        // (5² − 1) / 12
        ("{ uniform: { from: 1, to: 5 } }", 2.0),
        // m (m + 1), counted from none
        ("{ geometric: { mean: 3 } }", 12.0),
        ("{ poisson: { mean: 3 } }", 3.0),
    ] {
        let ran = steps(&format!("repeat: {{ times: {law}, do: [ wait: 1ms ] }}"), OFTEN);
        let slack = five_sigma(variance, ran.count(Kind::Ok));
        assert_near(ran.mean_ms(), 3.0, slack.max(1e-9));
    }
}

#[test]
fn a_choice_takes_each_way_by_its_share_and_none_with_what_is_left() {
    let list = "choice: [ { share: 20%, do: [ wait: 5ms ] }, { share: 30%, do: [ wait: 10ms ] } ]";
    let ran = steps(list, OFTEN);
    // 0.2 × 5² + 0.3 × 10² − 4²
    assert_near(ran.mean_ms(), 4.0, five_sigma(19.0, ran.count(Kind::Ok)));
}

#[test]
fn branches_in_a_repeat_take_the_slowest_of_each_turn_and_all_their_work() {
    let list = "repeat: { times: 3, do: [ parallel: [ [ cpu: 1ms ], [ cpu: 2ms ], [ wait: 1.5ms, cpu: 1ms ] ] ] }";
    let ran = steps(list, "{ closed: { users: 1, think: 0ms } }");
    assert_exact(ran.mean_ms(), 3.0 * 2.5);
    assert_exact(ran.spent_ms(Category::Cpu), 3.0);
    assert_exact(ran.spent_ms(Category::Delay), 4.5);
    // Of every 7.5 ms three turns of 4 ms of work.
    assert_near(ran.busy_ms(), 20_000.0 / 7.5 * 12.0, 12.0);
}

#[test]
fn a_subscriber_is_not_waited_for_in_the_same_service_and_is_in_another() {
    const BODY: &str = "
application:
  modules:
    shop: { events: [ sold ], operations: { sell: [ cpu: 1ms, publish: sold, cpu: 0.5ms ] } }
    mail: { subscribes: { sold: confirm }, operations: { confirm: [ cpu: 2ms ] } }
workload: { arrivals: { deterministic: 100/s }, endpoints: { sell: { call: shop.sell } } }
layouts:
  monolith: { services: { all: { modules: all, threads: async, cpu: 4 } } }
  services: { services: { each: { threads: async, cpu: 4 } } }
";
    let [monolith, services] = run::<2>(BODY, 10.005);
    assert_exact(monolith.mean_ms(), 1.5);
    assert_exact(services.mean_ms(), 3.5);
    assert_eq!(services.service("mail").arrivals, services.service("shop").arrivals);
    for ran in [&monolith, &services] {
        assert_eq!(ran.count(Kind::Ok), 1000);
        assert_exact(ran.busy_ms(), 3_500.0);
    }
}
