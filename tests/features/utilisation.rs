//! How busy a resource is: never more than it can be, whatever reaches across the edges of the measured time.

use super::ran::{Ran, replicate, run_one};

/// Milliseconds that one run of `seconds` measured a CPU busy, of all there were.
fn share(busy_ms: f64, cores: f64, seconds: f64) -> f64 {
    busy_ms / (cores * seconds * 1e3)
}

#[test]
fn a_fraction_of_a_core_that_is_saturated_is_busy_for_all_its_time() {
    let fractions = (1..=40).map(|tenths| f64::from(tenths) / 10.0);
    let fractions = fractions.chain((1..=28).map(|sevenths| f64::from(sevenths) / 7.0));
    for cores in fractions {
        let layouts: String = ["ps", "fcfs", "priority", "preemptive_priority"]
            .map(|scheduling| {
                let service = format!("cpu: {cores}, threads: 8, scheduling: {scheduling}");
                format!("  {scheduling}: {{ services: {{ m: {{ {service} }} }} }}\n")
            })
            .concat();
        let body = format!(
            "application: {{ modules: {{ m: {{ operations: {{ read: [ cpu: 30ms ] }} }} }} }}\n\
             workload: {{ arrivals: {{ closed: {{ users: 9, think: 0ms }} }}, endpoints: {{ get: {{ call: m.read }} }} }}\n\
             layouts:\n{layouts}"
        );
        for ran in replicate(&body, 2.0, 1).iter().flatten() {
            let share = share(ran.busy_ms(), cores, 2.0);
            assert!((1.0 - 1e-6..=1.0 + 1e-9).contains(&share), "{cores} cores: {share}");
        }
    }
}

#[test]
fn a_fraction_of_a_core_of_a_database_is_busy_for_all_its_time() {
    for cores in [0.1, 0.3, 1.1, 2.6, 3.3, 1.0 / 7.0, 8.0 / 7.0] {
        let body = format!(
            "application: {{ modules: {{ m: {{ tables: {{ t: {{ rows: 1k, row_size: 100B }} }},
               operations: {{ read: [ read: t ] }} }} }} }}
workload: {{ arrivals: {{ closed: {{ users: 9, think: 0ms }} }}, endpoints: {{ get: {{ call: m.read }} }} }}
layouts:
  one:
    services: {{ m: {{ threads: async }} }}
    databases: {{ main: {{ tables: all, cpu: {cores}, pool: 9, hit: 100%, memory: 1GiB,
      costs: {{ statement: 20ms, row_read: 0ms }}, storage: none }} }}
"
        );
        let ran = run_one(&body, 2.0);
        let share = share(ran.database_busy_ms(), cores, 2.0);
        assert!((1.0 - 1e-6..=1.0 + 1e-9).contains(&share), "{cores} cores: {share}");
    }
}

/// Work with a very long tail, whose jobs reach across both edges, on one core that one thread has to itself.
fn long_jobs(seconds: f64) -> Ran {
    run_one(
        "application: { modules: { m: { operations: { read: [ cpu: { weibull: { mean: 20ms, shape: 0.1 } } ] } } } }
workload: { arrivals: { poisson: 1k/s }, endpoints: { get: { call: m.read } } }
layouts: { one: { services: { m: { cpu: 1, threads: 1 } } } }
",
        seconds,
    )
}

#[test]
fn work_counts_as_busy_for_what_of_it_is_done_in_the_time() {
    for seconds in [0.3, 1.0, 5.0] {
        let ran = long_jobs(seconds);
        // The thread does nothing but work: both are the same time to the nanosecond, told in two ways.
        let served = ran.service("m").serving.area((seconds * 1e9) as u64);
        assert_eq!(ran.busy_ms() * 1e6, served);
        assert!(served <= seconds * 1e9);
    }
}

#[test]
fn a_volume_is_busy_for_what_of_its_reads_falls_into_the_time() {
    // 50 operations a second are asked for far more; the volume may run ahead by a bucket of them.
    let ran = run_one(
        "application: { modules: { m: { tables: { t: { rows: 1M, row_size: 1KiB } }, operations: { read: [ read: { table: t, rows: 200 } ] } } } }
workload: { arrivals: { poisson: 500/s }, endpoints: { get: { call: m.read } } }
layouts: { one: { services: { m: { cpu: 1, threads: 50 } }, databases: { main: { tables: all, cpu: 8, memory: 4GiB,
  pool: 50, hit: 0%, storage: { kind: ssd, iops: 50, size: 10GiB } } } } }
",
        0.3,
    );
    let record = ran.database();
    let first = 0.02 * 0.3e9;
    assert!(record.capped_ns as f64 <= 0.3e9, "{}", record.capped_ns);
    assert!(record.capped_ns as f64 >= 0.3e9 - first, "{}", record.capped_ns);
    assert!(record.read_ns as i128 + record.read_ages >= 0);
}

#[test]
fn a_read_under_way_at_the_end_counts_up_to_the_end() {
    // One read after the other of 40 ms each; the sixth has run for 20 ms when the run ends.
    let ran = run_one(
        "application: { modules: { m: { tables: { t: { rows: 1k, row_size: 100B } }, operations: { read: [ read: t ] } } } }
workload: { arrivals: { closed: { users: 1, think: 0ms } }, endpoints: { get: { call: m.read } } }
layouts: { one: { services: { m: { threads: async } }, databases: { main: { tables: all, cpu: 1, memory: 1GiB,
  costs: { statement: 0ms, row_read: 0ms }, hit: 0%, pool: 9, storage: { kind: none, read: 40ms } } } } }
",
        0.22,
    );
    let record = ran.database();
    assert_eq!((record.read_ns, record.read_ages), (200_000_000, 20_000_000));
}
