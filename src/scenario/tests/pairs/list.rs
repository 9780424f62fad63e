//! The pairs, by the form that they stand in: what is written of both, and what becomes of it.

pub(super) enum Kept {
    /// Both written: an error with that code at a place that starts so.
    Refused(&'static str, &'static str),
    /// Both written: a warning with that code. One of them is a switch of the whole platform or workload, which
    /// an edit may turn for a scenario that says more.
    Told(&'static str),
    /// Both count: with the second field the model is another one than without it.
    Honoured,
}

use Kept::{Honoured, Refused, Told};

/// Form and field of the one that could overrule, and of the other one; what is replaced in the scenario below, by
/// both fields and by the first alone; what becomes of both.
pub(super) type Pair = (&'static str, &'static str, [&'static str; 3], Kept);

const ON_BOX: &str = "machine: box }";
const DATABASE: &str = "cpu: 2, memory: 4GiB }";
const RUN: &str = "seed: 1 }";
const GO: &str = "call: a.go }";
const CPU: &str = "cpu: 1ms";
const ARRIVALS: &str = "{ poisson: 1/s }";
const LAYOUT: &str = "    services:";
const WORKLOAD: &str = "  arrivals: {";
pub(super) const PLATFORM: &str = "platform: {}";

const OF_SERVICES: &[Pair] = &[
    (
        "service.machine",
        "service.cpu",
        [ON_BOX, "machine: box, cpu: 3 }", ON_BOX],
        Refused("conflict", "3"),
    ),
    (
        "service.machine",
        "service.speed",
        [ON_BOX, "machine: box, speed: 2 }", ON_BOX],
        Refused("conflict", "2"),
    ),
    (
        "service.machine",
        "service.scheduling",
        [ON_BOX, "machine: box, scheduling: fcfs }", ON_BOX],
        Refused("conflict", "fcfs"),
    ),
    (
        "service.machine",
        "service.memory",
        [ON_BOX, "machine: box, memory: 1GiB }", ON_BOX],
        Refused("conflict", "1GiB"),
    ),
    (
        "service.threads",
        "service.workers",
        [ON_BOX, "machine: box, threads: 4, workers: 2 }", "machine: box, threads: 4 }"],
        Refused("conflict", "2"),
    ),
    (
        "service.threads",
        "service.queue",
        [ON_BOX, "machine: box, threads: async, queue: 5 }", "machine: box, threads: async }"],
        Refused("conflict", "5"),
    ),
    (
        "service.threads",
        "service.queue_discipline",
        [
            ON_BOX,
            "machine: box, threads: async, queue_discipline: priority }",
            "machine: box, threads: async }",
        ],
        Refused("conflict", "priority"),
    ),
    (
        "service.threads",
        "service.patience",
        [ON_BOX, "machine: box, threads: async, patience: 1s }", "machine: box, threads: async }"],
        Refused("conflict", "1s"),
    ),
    (
        "service.queue",
        "service.patience",
        [ON_BOX, "machine: box, queue: 0, patience: 1s }", "machine: box, queue: 0 }"],
        Refused("conflict", "1s"),
    ),
    (
        "service.queue",
        "service.queue_discipline",
        [
            ON_BOX,
            "machine: box, queue: 0, queue_discipline: priority }",
            "machine: box, queue: 0 }",
        ],
        Refused("conflict", "priority"),
    ),
    (
        "machine.class",
        "machine.cpu",
        ["box: { cpu: 4 }", "box: { class: m6i.xlarge, cpu: 3 }", "box: { class: m6i.xlarge }"],
        Honoured,
    ),
];

const OF_DATABASES: &[Pair] = &[
    (
        "database.machine",
        "database.weight",
        [DATABASE, "machine: box, memory: 4GiB, weight: 7 }", "machine: box, memory: 4GiB }"],
        Refused("conflict", "7"),
    ),
    (
        "database.machine",
        "database.cpu",
        [DATABASE, "machine: box, memory: 4GiB, cpu: 3 }", "machine: box, memory: 4GiB }"],
        Refused("conflict", "3"),
    ),
    (
        "database.machine",
        "database.scheduling",
        [
            DATABASE,
            "machine: box, memory: 4GiB, scheduling: time_slices }",
            "machine: box, memory: 4GiB }",
        ],
        Refused("conflict", "time_slices"),
    ),
    (
        "database.machine",
        "database.class",
        [
            DATABASE,
            "machine: box, memory: 4GiB, class: db.m6i.large }",
            "machine: box, memory: 4GiB }",
        ],
        Refused("conflict", "db.m6i"),
    ),
    (
        "database.locks",
        "statement costs.requeue",
        [
            DATABASE,
            "cpu: 2, memory: 4GiB, locks: fifo, costs: { requeue: 9us } }",
            "cpu: 2, memory: 4GiB, locks: fifo }",
        ],
        Refused("conflict", "9us"),
    ),
    (
        "database.storage",
        "statement costs.flush",
        [
            DATABASE,
            "cpu: 2, memory: 4GiB, storage: none, costs: { flush: 9us } }",
            "cpu: 2, memory: 4GiB, storage: none }",
        ],
        Refused("conflict", "9us"),
    ),
    (
        "database.class",
        "database.cpu",
        [DATABASE, "class: db.m6i.large, cpu: 3 }", "class: db.m6i.large }"],
        Honoured,
    ),
    (
        "database.class",
        "database.memory",
        [DATABASE, "class: db.m6i.large, memory: 3GiB }", "class: db.m6i.large }"],
        Honoured,
    ),
    (
        "database.class",
        "database.max_connections",
        [DATABASE, "class: db.m6i.large, max_connections: 270 }", "class: db.m6i.large }"],
        Honoured,
    ),
    (
        "database.engine",
        "statement costs.row_read",
        [
            DATABASE,
            "cpu: 2, memory: 4GiB, engine: mysql, costs: { row_read: 7us } }",
            "cpu: 2, memory: 4GiB, engine: mysql }",
        ],
        Honoured,
    ),
    (
        "database.hit",
        "database.cache_share",
        [
            DATABASE,
            "cpu: 2, memory: 4GiB, hit: 90%, cache_share: 50% }",
            "cpu: 2, memory: 4GiB, hit: 90% }",
        ],
        Refused("conflict", "50%"),
    ),
    (
        "storage.kind",
        "storage.read",
        [
            DATABASE,
            "cpu: 2, memory: 4GiB, storage: { kind: none, read: 1ms } }",
            "cpu: 2, memory: 4GiB, storage: none }",
        ],
        Honoured,
    ),
    (
        "read.scan",
        "read.rows",
        ["read: t", "read: { table: t, scan: true, rows: 7 }", "read: { table: t, scan: true }"],
        Honoured,
    ),
    (
        "write.insert",
        "write.scan",
        [
            "write: { table: t }",
            "write: { table: t, insert: true, scan: true }",
            "write: { table: t, insert: true }",
        ],
        Refused("conflict", "{ table"),
    ),
];

const OF_PLATFORMS: &[Pair] = &[
    (
        "nodes.class",
        "nodes.cpu",
        [
            PLATFORM,
            "platform: { nodes: { class: m6i.xlarge, cpu: 3 } }",
            "platform: { nodes: { class: m6i.xlarge } }",
        ],
        Honoured,
    ),
    (
        "platform.nodes",
        "layout.load_balancers",
        [LAYOUT, "    load_balancers: 3\n    services:", LAYOUT],
        Honoured,
    ),
    (
        "platform.nodes",
        "layout.control_plane",
        [LAYOUT, "    control_plane: true\n    services:", LAYOUT],
        Honoured,
    ),
    (
        "platform.network",
        "layout.protocol",
        [LAYOUT, "    protocol: grpc\n    services:", LAYOUT],
        Told("unused-protocol"),
    ),
    (
        "platform.network",
        "workload.client",
        [WORKLOAD, "  client: internet\n  arrivals: {", WORKLOAD],
        Told("unused-client"),
    ),
];

const OF_WORKLOADS: &[Pair] = &[
    (
        "endpoint.arrivals",
        "endpoint.share",
        [
            GO,
            "call: a.go, arrivals: { poisson: 2/s }, share: 3 }",
            "call: a.go, arrivals: { poisson: 2/s } }",
        ],
        Refused("conflict", "3"),
    ),
    (
        "endpoint.arrivals",
        "workload.arrivals",
        [GO, "call: a.go, arrivals: { poisson: 2/s } }", GO],
        Told("unused-arrivals"),
    ),
    (
        "service.queue_discipline",
        "endpoint.priority",
        [GO, "call: a.go, priority: 3 }, x: { call: a.go }", GO],
        Told("unused-priority"),
    ),
    (
        "profile.sine",
        "profile.points",
        [
            ARRIVALS,
            "{ profile: { sine: { mean: 2/s, amplitude: 1/s, period: 1h }, points: [] } }",
            "{ profile: { sine: { mean: 2/s, amplitude: 1/s, period: 1h } } }",
        ],
        Refused("missing-field", "{ sine"),
    ),
    (
        "profile.sine",
        "profile.every",
        [
            ARRIVALS,
            "{ profile: { sine: { mean: 2/s, amplitude: 1/s, period: 1h }, every: 2h } }",
            "{ profile: { sine: { mean: 2/s, amplitude: 1/s, period: 1h } } }",
        ],
        Refused("unknown-field", "every"),
    ),
];

const OF_LAWS: &[Pair] = &[
    (
        "log-normal law.p50",
        "log-normal law.mean",
        [
            CPU,
            "cpu: { lognormal: { p50: 1ms, p99: 3ms, mean: 2ms } }",
            "cpu: { lognormal: { p50: 1ms, p99: 3ms } }",
        ],
        Refused("unknown-field", "mean"),
    ),
    (
        "hyperexponential law.branches",
        "hyperexponential law.cv",
        [
            CPU,
            "cpu: { hyperexp: { branches: [ { share: 100%, mean: 1ms } ], cv: 2 } }",
            "cpu: { hyperexp: { branches: [ { share: 100%, mean: 1ms } ] } }",
        ],
        Refused("unknown-field", "cv"),
    ),
    (
        "Pareto law.mean",
        "Pareto law.max",
        [
            CPU,
            "cpu: { pareto: { mean: 1ms, alpha: 2, max: 5s } }",
            "cpu: { pareto: { mean: 1ms, alpha: 2 } }",
        ],
        Honoured,
    ),
];

const OF_RUNS: &[Pair] = &[
    (
        "run.fixed",
        "run.precision",
        [RUN, "fixed: { duration: 1s }, precision: 3% }", "fixed: { duration: 1s } }"],
        Refused("conflict", "3%"),
    ),
    (
        "run.fixed",
        "run.p99_precision",
        [RUN, "fixed: { duration: 1s }, p99_precision: 3% }", "fixed: { duration: 1s } }"],
        Refused("conflict", "3%"),
    ),
    (
        "fixed run.replications",
        "run.replications",
        [
            RUN,
            "fixed: { duration: 1s, replications: 2 }, replications: 3 }",
            "fixed: { duration: 1s, replications: 2 } }",
        ],
        Refused("conflict", "3"),
    ),
    (
        "run.until",
        "run.fixed",
        [RUN, "until: 1s, fixed: { duration: 2s } }", "until: 1s }"],
        Refused("conflict", "{ duration"),
    ),
    (
        "run.until",
        "run.precision",
        [RUN, "until: 1s, precision: 3% }", "until: 1s }"],
        Refused("conflict", "3%"),
    ),
    (
        "run.until",
        "run.p99_precision",
        [RUN, "until: 1s, p99_precision: 3% }", "until: 1s }"],
        Refused("conflict", "3%"),
    ),
];

/// Every pair.
pub(super) fn pairs() -> impl Iterator<Item = &'static Pair> {
    [OF_SERVICES, OF_DATABASES, OF_PLATFORMS, OF_WORKLOADS, OF_LAWS, OF_RUNS].into_iter().flatten()
}
