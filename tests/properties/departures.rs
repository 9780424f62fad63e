//! For each thing that a frame may wait for: it is killed or orphaned at a known instant, and theory says to the
//! nanosecond when the one behind it goes on, what was waited, what was held and what was worked.
//!
//! Requests come at 1, 2 and 3 ms; what is done to one of them is done at 5 ms. Frames are counted in the order
//! in which they came.

use cutline::measure::{Category, Ending, Kind, Left, Outcome};
use cutline::plan;
use cutline::random::Key;
use cutline::runtime::{Disturbance, Disturbed, Replication, simulate_disturbed};
use cutline::scenario;
use cutline::study::breaches;
use cutline::units::Nanos;

pub(super) const MS: u64 = 1_000_000;

/// A scenario without its head, load and platform.
pub(super) struct Stage {
    /// What is inside `application`.
    application: String,
    /// What is inside the layout.
    layout: String,
    /// What is inside `platform`.
    platform: &'static str,
    /// Where clients are.
    client: &'static str,
    /// Where `go` comes with 0 and `first` with another priority: who comes at each instant (ms).
    came: Vec<(u64, &'static str)>,
}

impl Stage {
    /// One operation of these steps on one service.
    pub(super) fn lone(steps: &str, service: &str) -> Stage {
        let application = format!("modules: {{ a: {{ operations: {{ go: [ {steps} ] }} }} }}");
        Stage::new(application, format!("services: {{ a: {{ {service} }} }}"))
    }

    /// The same of one that calls steps on a service of their own, with one thread.
    fn calling(steps: &str, behind: &str) -> Stage {
        let application = format!(
            "modules: {{ a: {{ operations: {{ go: [ {steps} ] }} }}, b: {{ operations: {{ work: [ {behind} ] }} }} }}"
        );
        let services = "a: { cpu: 8, threads: async, scheduling: fcfs }, b: { cpu: 1, threads: 1, scheduling: fcfs }";
        Stage::new(application, format!("services: {{ {services} }}"))
    }

    /// One operation of these steps on a service with a database whose statements take no time themselves.
    fn stating(steps: &str, database: &str) -> Stage {
        let table = "t: { rows: 1, row_size: 100B }";
        let application = format!(
            "modules: {{ a: {{ tables: {{ {table} }}, operations: {{ go: [ {steps} ] }} }} }}"
        );
        let layout = format!(
            "services: {{ a: {{ cpu: 8, threads: async, scheduling: fcfs }} }}, databases: {{ db: {{ tables: all, cpu: 8, \
             memory: 1GiB, costs: none, acquire_timeout: none, {database} }} }}"
        );
        Stage::new(application, layout)
    }

    pub(super) fn new(application: String, layout: String) -> Stage {
        let platform = "network: none, prices: none, context_switch: none";
        let came = vec![(1, "go"), (2, "go"), (3, "go")];
        Stage { application, layout, platform, client: "", came }
    }

    /// Asked at these instants (ms) instead.
    pub(super) fn asked_at(mut self, instants: &[u64]) -> Stage {
        self.came = instants.iter().map(|at| (*at, "go")).collect();
        self
    }

    /// With a network: every message takes 2 ms, also to a database.
    fn far(mut self) -> Stage {
        self.layout += ", protocol: plain";
        self.platform = "prices: none, context_switch: none, protocols: { plain: { overhead: 0B } }, network: { \
                         same_node: { rtt: 4ms, bandwidth: none }, same_zone: { rtt: 4ms, bandwidth: none }, \
                         cross_zone: { rtt: 4ms, bandwidth: none } }";
        self
    }

    /// With a third party that takes 10 ms.
    fn with_bank(mut self, concurrency: &str) -> Stage {
        self.application += &format!(", externals: {{ bank: {{ latency: 10ms{concurrency} }} }}");
        self
    }

    /// The run in which this is done at 5 ms, held to what is true of every run after which all are through.
    fn run(&self, done: &[Disturbed]) -> Outcome {
        self.run_at(5, done)
    }

    fn run_at(&self, at: u64, done: &[Disturbed]) -> Outcome {
        let done: Vec<(u64, Disturbed)> = done.iter().map(|what| (at, *what)).collect();
        self.run_all(&done)
    }

    /// The same for what is done at several instants (ms).
    pub(super) fn run_all(&self, done: &[(u64, Disturbed)]) -> Outcome {
        let endpoint = |name: &str, priority: u8| {
            format!(
                "{name}: {{ call: a.go, arrivals: {{ trace: {name}.csv }}, priority: {priority} }}"
            )
        };
        let mut endpoints = vec![endpoint("go", 0)];
        if self.came.iter().any(|(_, who)| *who == "first") {
            endpoints.push(endpoint("first", 9));
        }
        let text = format!(
            "cutline: 1\nname: exact\napplication: {{ {} }}\nworkload: {{ {}endpoints: {{ {} }} }}\n\
             layouts: {{ one: {{ {} }} }}\n\
             platform: {{ {} }}\n",
            self.application,
            self.client,
            endpoints.join(", "),
            self.layout,
            self.platform,
        );
        let instants = |file: &str| {
            let own = self.came.iter().filter(|(_, who)| file == format!("{who}.csv"));
            Ok(own.map(|(at, _)| format!("{at}ms\n")).collect())
        };
        let reading = scenario::read(&text, "exact", &[], &instants);
        let model = reading.unwrap_or_else(|refused| panic!("{refused}\n{text}")).model;
        let plan = plan::compile(&model, 0).unwrap_or_else(|refused| panic!("{refused:?}"));
        let replication =
            Replication { key: Key(1), duration: Nanos(1_000 * MS), warmup: Nanos::ZERO };
        let done: Vec<Disturbance> =
            done.iter().map(|(at, what)| Disturbance { at: at * MS, what: *what }).collect();
        let outcome = simulate_disturbed(&plan, replication, &done);
        assert_eq!(breaches(&plan, &outcome), [""; 0], "{text}");
        assert_eq!(outcome.ending, Ending::Finished);
        assert_eq!(outcome.left, Left::default(), "{text}");
        let answers: u64 = outcome.endpoints.iter().flat_map(|record| record.answers).sum();
        assert_eq!(answers, self.came.len() as u64);
        outcome
    }
}

/// The frame of that number is killed.
fn kill(pick: u64) -> Disturbed {
    Disturbed::Kill { pick, answer: Kind::Failed }
}

/// Nobody waits any more for the request of that frame.
fn orphan(pick: u64) -> Disturbed {
    Disturbed::Orphan { pick, answer: Kind::Failed }
}

/// Latencies (µs) of two good answers, the shorter first, and the sum of the others.
type Latencies = ([u64; 2], u64);

fn latencies(outcome: &Outcome) -> Latencies {
    let records = outcome.endpoints.iter();
    let sum: u128 = records.clone().map(|record| record.latency_sum).sum();
    let longest = records.clone().map(|record| record.latency_max.get()).max().unwrap_or_default();
    let good: u64 = records.clone().map(|record| record.answers[Kind::Ok as usize]).sum();
    assert_eq!(good, 2, "one is gone");
    let others: u128 = records.map(|record| record.other_latency_sum).sum();
    ([us(sum) - us(longest.into()), us(longest.into())], us(others))
}

/// (µs) of a time (ns) that is whole ones.
pub(super) fn us(time: u128) -> u64 {
    assert_eq!(time % 1_000, 0, "{time} ns");
    (time / 1_000) as u64
}

/// Busy time of all cores (µs).
pub(super) fn busy(outcome: &Outcome) -> f64 {
    outcome.cpu_busy.iter().sum::<f64>() / 1e3
}

#[test]
fn a_thread_goes_to_the_next_when_its_holder_is_killed_and_at_its_end_when_it_is_orphaned() {
    for line in ["fifo", "priority"] {
        for patience in ["none", "1h"] {
            let service = format!(
                "cpu: 8, threads: 1, scheduling: fcfs, queue_discipline: {line}, patience: {patience}"
            );
            let stage = Stage::lone("wait: 10ms", &service);
            let seen = |done| {
                let outcome = stage.run(&[done]);
                let record = &outcome.services[0];
                assert_eq!(record.abandoned(), u64::from(record.abandoned_wait_sum > 0));
                (latencies(&outcome), us(record.wait_sum), us(record.abandoned_wait_sum))
            };
            // The holder; then the first in line, who is left standing there where it is orphaned.
            assert_eq!(seen(kill(0)), (([13_000, 22_000], 4_000), 15_000, 0));
            assert_eq!(seen(orphan(0)), (([19_000, 28_000], 4_000), 27_000, 0));
            assert_eq!(seen(kill(1)), (([10_000, 18_000], 3_000), 8_000, 3_000));
            assert_eq!(seen(orphan(1)), (([10_000, 28_000], 3_000), 27_000, 0));
            assert_eq!(seen(kill(2)), (([10_000, 19_000], 2_000), 9_000, 2_000));
        }
    }
}

#[test]
fn the_patience_of_somebody_who_was_killed_ends_nothing() {
    let service =
        "cpu: 8, threads: 1, scheduling: fcfs, patience: 12ms, queue_discipline: priority";
    let outcome = Stage::lone("wait: 10ms", service).run(&[kill(1)]);
    // The second would have lost patience at 14 ms, the third at 15 ms: it is served by then.
    assert_eq!(latencies(&outcome), ([10_000, 18_000], 3_000));
    assert_eq!(outcome.endpoints[0].answers[Kind::Abandoned as usize], 0);
    // One that is orphaned still loses patience; nobody hears of it.
    let outcome = Stage::lone("wait: 20ms", service).run(&[orphan(1)]);
    let answers = outcome.endpoints[0].answers;
    assert_eq!([answers[Kind::Failed as usize], answers[Kind::Abandoned as usize]], [1, 1]);
    assert_eq!(outcome.services[0].abandoned(), 2);
    assert_eq!(us(outcome.services[0].abandoned_wait_sum), 24_000);
}

#[test]
fn a_core_goes_to_the_next_when_its_job_is_killed_and_is_busy_for_what_was_done() {
    for scheduling in ["fcfs", "priority", "preemptive_priority"] {
        let service = format!("cpu: 1, threads: async, scheduling: {scheduling}");
        let stage = Stage::lone("cpu: 10ms", &service);
        let seen = |done| {
            let outcome = stage.run(&[done]);
            (latencies(&outcome), busy(&outcome))
        };
        assert_eq!(seen(kill(0)), (([13_000, 22_000], 4_000), 24_000.0), "{scheduling}");
        assert_eq!(seen(kill(1)), (([10_000, 18_000], 3_000), 20_000.0), "{scheduling}");
        assert_eq!(seen(orphan(0)), (([19_000, 28_000], 4_000), 30_000.0), "{scheduling}");
        assert_eq!(seen(orphan(1)), (([10_000, 28_000], 3_000), 30_000.0), "{scheduling}");
    }
}

#[test]
fn a_job_that_was_interrupted_goes_on_when_the_one_before_it_is_killed() {
    let service = "cpu: 1, threads: async, scheduling: preemptive_priority";
    let mut stage = Stage::lone("cpu: 10ms", service);
    stage.came = vec![(1, "go"), (2, "first"), (30, "go")];
    // It had done 1 ms of its work when it was interrupted at 2 ms, so 9 ms are left at 5 ms.
    let outcome = stage.run(&[kill(1)]);
    assert_eq!(latencies(&outcome), ([10_000, 13_000], 3_000));
    assert_eq!(busy(&outcome), 23_000.0);
    let outcome = stage.run(&[orphan(1)]);
    assert_eq!(latencies(&outcome), ([10_000, 20_000], 3_000));
    assert_eq!(busy(&outcome), 30_000.0);
}

#[test]
fn of_a_shared_core_those_who_stay_have_more_when_one_is_killed() {
    let mut stage = Stage::lone("cpu: 12ms", "cpu: 1, threads: async, scheduling: ps");
    stage.came = vec![(1, "go"), (1, "go"), (1, "go")];
    // At 5 ms, a third of 4 ms is done of each, rounded in the engine: 32/3 ms are left of two.
    let outcome = stage.run(&[kill(0)]);
    let record = &outcome.endpoints[0];
    let expected = 2.0 * (4e6 + 2.0 * (12e6 - 4e6 / 3.0));
    assert!((record.latency_sum as f64 - expected).abs() <= 4.0, "{}", record.latency_sum);
    assert!((busy(&outcome) - 25_333.333).abs() < 0.01, "{}", busy(&outcome));
    assert_eq!(us(record.other_latency_sum), 4_000);
    let outcome = stage.run(&[orphan(0)]);
    assert!((outcome.endpoints[0].latency_sum as f64 - 72e6).abs() <= 4.0);
    assert!((busy(&outcome) - 36_000.0).abs() < 0.01, "{}", busy(&outcome));
}

#[test]
fn a_core_that_a_frame_has_to_itself_is_busy_until_the_frame_is_killed() {
    let stage = Stage::lone("cpu: 10ms", "cpu: 3, threads: 3, scheduling: fcfs");
    let outcome = stage.run(&[kill(0)]);
    assert_eq!((latencies(&outcome), busy(&outcome)), (([10_000, 10_000], 4_000), 24_000.0));
    let outcome = stage.run(&[orphan(0)]);
    assert_eq!((latencies(&outcome), busy(&outcome)), (([10_000, 10_000], 4_000), 30_000.0));
}

#[test]
fn a_connection_goes_to_the_next_when_its_holder_or_one_in_line_is_killed() {
    let steps = "transaction: { name: x, do: [ write: { table: t, insert: true }, wait: 10ms ] }";
    let stage = Stage::stating(steps, "pool: 1, storage: none, hit: 100%");
    let seen = |done| {
        let outcome = stage.run(&[done]);
        let record = &outcome.databases[0];
        (latencies(&outcome), us(record.pool_wait_sum), us(record.held_sum), record.commits)
    };
    assert_eq!(seen(kill(0)), (([13_000, 22_000], 4_000), 15_000, 24_000, 2));
    assert_eq!(seen(kill(1)), (([10_000, 18_000], 3_000), 11_000, 20_000, 2));
    assert_eq!(seen(orphan(0)), (([19_000, 28_000], 4_000), 27_000, 30_000, 3));
    assert_eq!(seen(orphan(1)), (([10_000, 28_000], 3_000), 27_000, 30_000, 3));
}

#[test]
fn a_wait_for_a_connection_that_was_killed_does_not_time_out() {
    let steps = "transaction: { name: x, do: [ write: { table: t, insert: true }, wait: 10ms ] }";
    let mut stage = Stage::stating(steps, "pool: 1, storage: none, hit: 100%");
    stage.layout = stage.layout.replace("acquire_timeout: none", "acquire_timeout: 15ms");
    let outcome = stage.run(&[kill(1)]);
    assert_eq!(latencies(&outcome), ([10_000, 18_000], 3_000));
    assert_eq!(outcome.endpoints[0].answers[Kind::Timeout as usize], 0);
}

#[test]
fn a_row_goes_to_the_next_when_its_holder_or_one_in_line_is_killed() {
    let steps = "transaction: { name: x, do: [ write: t, wait: 10ms ] }";
    let stage = Stage::stating(steps, "pool: 9, storage: none, hit: 100%, deadlock_timeout: 4ms");
    let seen = |done| {
        let outcome = stage.run(&[done]);
        let record = &outcome.databases[0];
        assert_eq!(record.deadlocks, 0);
        (latencies(&outcome), us(record.lock_wait_sum[0]), us(record.held_sum), record.commits)
    };
    assert_eq!(seen(kill(0)), (([13_000, 22_000], 4_000), 15_000, 39_000, 2));
    assert_eq!(seen(kill(1)), (([10_000, 18_000], 3_000), 11_000, 31_000, 2));
    assert_eq!(seen(orphan(0)), (([19_000, 28_000], 4_000), 27_000, 57_000, 3));
    assert_eq!(seen(orphan(1)), (([10_000, 28_000], 3_000), 27_000, 57_000, 3));
}

#[test]
fn a_page_is_read_to_the_end_for_nobody_and_one_in_line_is_never_read() {
    let storage = "pool: 9, storage: { kind: none, read: 10ms, parallelism: 1 }, hit: 0%";
    let stage = Stage::stating("read: t", storage);
    let seen = |done| {
        let outcome = stage.run(&[done]);
        let record = &outcome.databases[0];
        (latencies(&outcome), record.operations, us(record.read_ns), us(record.held_sum))
    };
    assert_eq!(seen(kill(0)), (([19_000, 28_000], 4_000), 3, 30_000, 51_000));
    assert_eq!(seen(kill(1)), (([10_000, 18_000], 3_000), 2, 20_000, 31_000));
    assert_eq!(seen(orphan(0)), (([19_000, 28_000], 4_000), 3, 30_000, 57_000));
    assert_eq!(seen(orphan(1)), (([10_000, 28_000], 3_000), 3, 30_000, 57_000));
}

#[test]
fn a_flush_runs_to_its_end_without_those_who_were_killed() {
    let steps = "transaction: { name: x, do: [ write: { table: t, insert: true } ] }";
    let storage = "pool: 9, storage: { kind: none, read: 1ms, flush: 10ms }, hit: 100%";
    let stage = Stage::stating(steps, storage);
    let seen = |done: &[Disturbed]| {
        let outcome = stage.run(done);
        let record = &outcome.databases[0];
        let good = outcome.endpoints[0].latency_sum;
        (us(good), record.flushes, record.commits, us(record.held_sum))
    };
    // The first has a flush of its own, from 1 to 11 ms; the others share the next one.
    assert_eq!(seen(&[]), (10_000 + 19_000 + 18_000, 2, 3, 47_000));
    assert_eq!(seen(&[kill(0)]), (19_000 + 18_000, 2, 2, 4_000 + 37_000));
    assert_eq!(seen(&[kill(1)]), (10_000 + 18_000, 2, 2, 10_000 + 3_000 + 18_000));
    assert_eq!(seen(&[orphan(1)]), (10_000 + 18_000, 2, 3, 47_000));
    // Frames are counted anew after each: both that wait for the second flush, which then never starts.
    assert_eq!(seen(&[kill(1), kill(1)]), (10_000, 1, 1, 10_000 + 3_000 + 2_000));
}

#[test]
fn a_third_party_works_on_for_nobody_and_takes_the_next_in_line_then() {
    let service = "cpu: 8, threads: async, scheduling: fcfs";
    let stage = Stage::lone("external: bank", service).with_bank(", concurrency: 1");
    let seen = |stage: &Stage, done| {
        let outcome = stage.run(&[done]);
        (latencies(&outcome), us(outcome.externals[0].time_sum))
    };
    assert_eq!(seen(&stage, kill(0)), (([19_000, 28_000], 4_000), 30_000));
    assert_eq!(seen(&stage, kill(1)), (([10_000, 18_000], 3_000), 20_000));
    assert_eq!(seen(&stage, orphan(0)), (([19_000, 28_000], 4_000), 30_000));
    assert_eq!(seen(&stage, orphan(1)), (([10_000, 28_000], 3_000), 30_000));
    let ample = Stage::lone("external: bank", service).with_bank("");
    assert_eq!(seen(&ample, kill(0)), (([10_000, 10_000], 4_000), 30_000));
    assert_eq!(seen(&ample, orphan(1)), (([10_000, 10_000], 3_000), 30_000));
}

#[test]
fn a_callee_works_on_when_its_caller_is_killed_and_answers_at_once_when_it_is_killed_itself() {
    // Each request has two frames: its own, and that on the other service, which has one thread.
    let stage = Stage::calling("call: b.work", "cpu: 10ms");
    let seen = |done| {
        let outcome = stage.run(&[done]);
        (latencies(&outcome), busy(&outcome), us(outcome.services[1].wait_sum))
    };
    let for_nobody = (([19_000, 28_000], 4_000), 30_000.0, 27_000);
    assert_eq!(seen(kill(0)), for_nobody);
    assert_eq!(seen(orphan(1)), for_nobody);
    assert_eq!(seen(orphan(0)), for_nobody);
    assert_eq!(seen(kill(1)), (([13_000, 22_000], 4_000), 24_000.0, 15_000));
    // The callee that stands in line.
    assert_eq!(seen(kill(3)), (([10_000, 18_000], 3_000), 20_000.0, 8_000));
    assert_eq!(seen(kill(2)), (([10_000, 28_000], 3_000), 30_000.0, 27_000));
}

#[test]
fn a_message_on_its_way_arrives_for_nobody_and_an_answer_in_its_place_takes_as_long() {
    let stage = Stage::calling("call: b.work", "wait: 10ms").far();
    let seen = |at, done: &[Disturbed]| {
        let outcome = stage.run_at(at, done);
        (latencies(&outcome), us(outcome.services[1].wait_sum))
    };
    // Requests arrive at 3, 4 and 5 ms, and are served from 3, 13 and 23 ms on; the third is under way at 5 ms.
    assert_eq!(seen(5, &[kill(5)]), (([14_000, 23_000], 4_000), 9_000));
    assert_eq!(seen(5, &[kill(4)]), (([14_000, 23_000], 2_000), 27_000));
    assert_eq!(seen(5, &[orphan(5)]), (([14_000, 23_000], 2_000), 27_000));
    // The answer to the first is on its way at 14 ms.
    assert_eq!(seen(14, &[kill(0)]), (([23_000, 32_000], 13_000), 27_000));
    // One that is killed while it is served answers at 7 ms, and its thread is free at 5 ms.
    assert_eq!(seen(5, &[kill(1)]), (([15_000, 24_000], 6_000), 11_000));
}

#[test]
fn the_answer_of_one_that_was_killed_is_not_taken_for_what_it_waited_for() {
    // What it waited for comes to its end while the answer in its place is under way.
    let service = "cpu: 8, threads: async, scheduling: fcfs";
    let mut asking = Stage::lone("external: bank", service).with_bank("").far();
    asking.client = "client: same_zone, ";
    assert_eq!(latencies(&asking.run_at(12, &[kill(0)])), ([14_000, 14_000], 13_000));
    let storage = "pool: 9, storage: { kind: none, read: 10ms, parallelism: 9 }, hit: 0%";
    let mut reading = Stage::stating("read: t", storage).far();
    reading.client = "client: same_zone, ";
    let outcome = reading.run_at(14, &[kill(0)]);
    assert_eq!(latencies(&outcome), ([18_000, 18_000], 15_000));
    assert_eq!(outcome.databases[0].operations, 3);
    // The answer of a branch, too, travels with the frame of the callee.
    let branch = Stage::calling("parallel: [ [ call: b.work ] ]", "external: bank");
    let mut branch = branch.with_bank("").far();
    branch.layout = branch.layout.replace("threads: 1", "threads: 9");
    assert_eq!(latencies(&branch.run_at(12, &[kill(1)])), ([14_000, 14_000], 13_000));
}

#[test]
fn what_runs_in_its_process_ends_with_a_frame_and_a_frame_fails_with_it() {
    let inner = "modules: { a: { operations: { go: [ call: a.inner ], inner: [ cpu: 10ms ] } } }";
    let service = "services: { a: { cpu: 1, threads: 1, scheduling: fcfs } }";
    let nested = Stage::new(inner.into(), service.into());
    let turns = "repeat: { times: 2, do: [ cpu: 5ms ] }";
    let repeated = Stage::lone(turns, "cpu: 1, threads: 1, scheduling: fcfs");
    // The first request has two frames, and the others stand in line.
    for stage in [nested, repeated] {
        for pick in [0, 1] {
            let outcome = stage.run(&[kill(pick)]);
            assert_eq!(latencies(&outcome), ([13_000, 22_000], 4_000), "{pick}");
            assert_eq!(busy(&outcome), 24_000.0);
        }
        for pick in [0, 1] {
            let outcome = stage.run(&[orphan(pick)]);
            assert_eq!(latencies(&outcome), ([19_000, 28_000], 4_000), "{pick}");
            assert_eq!(busy(&outcome), 30_000.0);
        }
    }
}

#[test]
fn a_turn_that_is_killed_is_the_last_whatever_it_answers() {
    for waits in ["external: bank", "wait: 10ms"] {
        let steps = format!("repeat: {{ times: 3, do: [ {waits} ] }}, cpu: 1ms");
        let stage = Stage::lone(&steps, "cpu: 8, threads: async, scheduling: fcfs");
        let mut stage = stage.with_bank("");
        stage.came = vec![(1, "go"), (50, "go")];
        let well = Disturbed::Kill { pick: 1, answer: Kind::Ok };
        let outcome = stage.run_at(16, &[well]);
        // The second turn began at 11 ms. The other request is undisturbed.
        assert_eq!(latencies(&outcome), ([16_000, 31_000], 0), "{waits}");
    }
}

#[test]
fn branches_end_with_the_frame_of_their_fork_and_a_fork_waits_for_those_that_are_left() {
    let steps = "parallel: [ [ wait: 10ms ], [ wait: 20ms ] ]";
    let stage = Stage::lone(steps, "cpu: 8, threads: 1, scheduling: fcfs");
    let seen = |done| latencies(&stage.run(&[done]));
    assert_eq!(seen(kill(0)), ([23_000, 42_000], 4_000));
    assert_eq!(seen(kill(1)), ([39_000, 58_000], 20_000));
    assert_eq!(seen(kill(2)), ([29_000, 48_000], 10_000));
    assert_eq!(seen(orphan(2)), ([39_000, 58_000], 4_000));
}

#[test]
fn branches_on_other_services_work_on_for_nobody() {
    // The first request has a frame of its own and one on the other service for each of two branches; one of
    // them stands in line there.
    let steps = "parallel: [ [ call: b.work ], [ call: b.work ] ]";
    let mut stage = Stage::calling(steps, "cpu: 10ms");
    stage.came = vec![(1, "go"), (2, "go"), (60, "go")];
    let seen = |done| {
        let outcome = stage.run(&[done]);
        (latencies(&outcome), busy(&outcome))
    };
    assert_eq!(seen(kill(0)), (([20_000, 39_000], 4_000), 60_000.0));
    // One branch is told at once, the fork waits for the other.
    assert_eq!(seen(kill(1)), (([20_000, 33_000], 14_000), 54_000.0));
    assert_eq!(seen(orphan(1)), (([20_000, 39_000], 20_000), 60_000.0));
    assert_eq!(seen(orphan(2)), (([20_000, 39_000], 10_000), 60_000.0));
}

#[test]
fn a_caller_that_is_told_in_place_of_its_callee_has_spent_exactly_the_time_until_then() {
    // A transaction that starts again: its first call is left behind at 5 ms and holds the thread until 11 ms.
    let again = "transaction: { name: x, retries: 1, do: [ write: { table: t, insert: true }, call: b.work ] }";
    let application = format!(
        "modules: {{ a: {{ tables: {{ t: {{ rows: 1, row_size: 100B }} }}, operations: {{ go: [ {again} ] }} }}, \
         b: {{ operations: {{ work: [ wait: 10ms ] }} }} }}"
    );
    let layout = "services: { a: { cpu: 8, threads: async, scheduling: fcfs }, b: { cpu: 1, threads: 1, scheduling: fcfs } }, \
                  databases: { db: { tables: all, cpu: 8, memory: 1GiB, costs: none, storage: none, hit: 100%, pool: 3 } }";
    let mut stage = Stage::new(application, layout.into());
    stage.came = vec![(1, "go")];
    let spent =
        |outcome: &Outcome, category: Category| us(outcome.endpoints[0].spent[category as usize]);
    let outcome = stage.run(&[Disturbed::Orphan { pick: 1, answer: Kind::Deadlock }]);
    assert_eq!(us(outcome.endpoints[0].latency_sum), 20_000);
    assert_eq!(spent(&outcome, Category::Delay), 4_000 + 10_000);
    assert_eq!(spent(&outcome, Category::ThreadQueue), 6_000);
    // Killed, it frees the thread at once.
    let outcome = stage.run(&[Disturbed::Kill { pick: 1, answer: Kind::Deadlock }]);
    assert_eq!(us(outcome.endpoints[0].latency_sum), 14_000);
    assert_eq!(spent(&outcome, Category::Delay), 14_000);
    // And where the caller is told that all is well, it goes on at once.
    let outcome = stage.run(&[Disturbed::Orphan { pick: 1, answer: Kind::Ok }]);
    assert_eq!(us(outcome.endpoints[0].latency_sum), 4_000);
    assert_eq!(spent(&outcome, Category::Delay), 4_000);
    assert_eq!(outcome.databases[0].commits, 1);
}
