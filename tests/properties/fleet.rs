//! Instances come, drain and go, and cores change their speed, at known instants: who serves whom, when each ends
//! and what there was of replicas and cores is known to the nanosecond. (Random ones: `leaving.rs`.)

use cutline::ids::Id;
use cutline::measure::{Kind, Outcome};
use cutline::runtime::Disturbed;

use super::departures::{Stage, busy, us};

/// A service with so many instances of one thread, on which every request works for 10 ms.
fn station(replicas: u32, balancing: &str, came: &[u64]) -> Stage {
    let service = format!(
        "replicas: {replicas}, cpu: 1, threads: 1, scheduling: fcfs, balancing: {balancing}"
    );
    Stage::lone("cpu: 10ms", &service).asked_at(came)
}

/// Sum of the latencies of all answers, which are good, and the longest (µs).
fn latencies(outcome: &Outcome) -> (u64, u64) {
    let record = &outcome.endpoints[0];
    assert_eq!(record.answers[Kind::Ok as usize], record.arrivals, "all is well");
    (us(record.latency_sum), us(record.latency_max.get().into()))
}

const JOIN: Disturbed = Disturbed::Join { service: Id::new(0) };

fn drain(pick: u64) -> Disturbed {
    Disturbed::Drain { pick }
}

/// Mean replicas of the service and mean cores of each CPU, over the second that is measured.
fn capacities(outcome: &Outcome) -> (f64, Vec<f64>) {
    let mean = |capacity: &cutline::measure::Capacity| capacity.mean(outcome.measured_ns);
    let all = &outcome.capacities;
    (mean(&all.replicas[0]), all.cores.iter().map(mean).collect())
}

#[test]
fn an_instance_that_drains_finishes_what_it_has_and_gets_nothing_more() {
    let stage = station(2, "round_robin", &[1, 2, 3, 4, 6, 7]);
    let still = stage.run_all(&[]);
    // One after the other, three at each: 10, 10, 18, 18, 25 and 25 ms.
    assert_eq!(latencies(&still), (106_000, 25_000));
    assert_eq!(capacities(&still), (2.0, vec![1.0, 1.0]));
    // The first instance has its two until 21 ms, and the other one all that come later.
    let drained = stage.run_all(&[(5, drain(0))]);
    assert_eq!(latencies(&drained), (117_000, 35_000));
    assert_eq!(capacities(&drained), ((2.0 * 21.0 + 979.0) / 1_000.0, vec![0.021, 1.0]));
    assert_eq!(drained.services[0].arrivals, 6);
}

#[test]
fn an_idle_instance_goes_at_once_and_the_last_that_takes_requests_stays() {
    let stage = station(2, "round_robin", &[1, 2, 3]);
    let gone = stage.run_all(&[(500, drain(0)), (600, drain(1)), (700, drain(0))]);
    assert_eq!(capacities(&gone), (1.5, vec![0.5, 1.0]));
    let stage = station(1, "round_robin", &[1, 2, 3]);
    assert_eq!(capacities(&stage.run_all(&[(5, drain(0))])), (1.0, vec![1.0]));
}

#[test]
fn an_instance_that_comes_takes_its_turn_whatever_the_balancing() {
    let came = [1, 2, 4, 5];
    for (balancing, sum, longest) in [
        // In turn: the third to the old one, behind the second; the fourth to the new one, at once.
        ("round_robin", 66_000, 27_000),
        // The third and the fourth both to the new one, which has less to do.
        ("least_outstanding", 58_000, 19_000),
        ("power_of_two", 58_000, 19_000),
    ] {
        let stage = station(1, balancing, &came);
        let alone = stage.run_all(&[]);
        assert_eq!(latencies(&alone), (10_000 + 19_000 + 27_000 + 36_000, 36_000));
        let joined = stage.run_all(&[(3, JOIN)]);
        assert_eq!(latencies(&joined), (sum, longest), "{balancing}");
        let (replicas, cores) = capacities(&joined);
        assert_eq!((replicas, cores), ((3.0 + 2.0 * 997.0) / 1_000.0, vec![1.997]));
        assert_eq!(busy(&joined), 40_000.0);
    }
    // At random each may go to either of the two; none takes less than its 10 ms nor longer than all before it.
    let random = station(1, "random", &came).run_all(&[(3, JOIN)]);
    let (sum, longest) = latencies(&random);
    assert!((58_000..=92_000).contains(&sum) && longest <= 36_000, "{sum} {longest}");
    assert_eq!(busy(&random), 40_000.0);
}

#[test]
fn an_instance_that_comes_has_connections_of_its_own() {
    let read = "transaction: { name: hold, do: [ read: t, wait: 10ms ] }";
    let application = format!(
        "modules: {{ a: {{ tables: {{ t: {{ rows: 9, row_size: 100B }} }}, operations: {{ go: [ {read} ] }} }} }}"
    );
    let layout = "services: { a: { cpu: 8, threads: async, balancing: least_outstanding } }, databases: { db: \
                  { tables: all, cpu: 8, memory: 1GiB, costs: none, storage: none, hit: 100%, pool: 1, \
                  acquire_timeout: none } }";
    let stage = Stage::new(application, layout.to_string()).asked_at(&[1, 2, 4]);
    assert_eq!(latencies(&stage.run_all(&[])), (10_000 + 19_000 + 27_000, 27_000));
    assert_eq!(latencies(&stage.run_all(&[(3, JOIN)])), (10_000 + 19_000 + 10_000, 19_000));
}

#[test]
fn a_job_on_a_core_that_slows_down_keeps_what_it_has_done() {
    let slower = Disturbed::Speed { pick: 0, speed: 0.5 };
    for scheduling in ["ps", "fcfs", "priority", "preemptive_priority"] {
        // With one thread nobody ever waits for the core, and no queue is kept for it.
        for threads in ["async", "1"] {
            let service = format!("cpu: 1, threads: {threads}, scheduling: {scheduling}");
            let stage = Stage::lone("cpu: 10ms", &service).asked_at(&[1]);
            // 4 of 10 ms are done; the other six take twelve.
            let outcome = stage.run_all(&[(5, slower)]);
            assert_eq!(latencies(&outcome), (16_000, 16_000), "{scheduling}, {threads}");
            assert_eq!(busy(&outcome), 16_000.0, "{scheduling}, {threads}");
            // Twice as fast again from 9 ms on: 2 of the six are done, the other four take four.
            let back = Disturbed::Speed { pick: 0, speed: 1.0 };
            let outcome = stage.run_all(&[(5, slower), (9, back)]);
            assert_eq!(latencies(&outcome), (12_000, 12_000), "{scheduling}, {threads}");
        }
    }
}
