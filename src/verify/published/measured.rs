//! Scenarios of what was measured for this project: PostgreSQL under updates, and an application on one core.
//!
//! Calibrated on lone clients alone.

use super::loaded::{Allowed, CLOSED, HOT, LONE, known, latency, measured, only, p99, throughput};
use super::publication::{Publication, Published, PublishedRun};
use crate::model::Model;
use crate::verify::dimension::Dimension;
use crate::verify::findings::Fit;
use crate::verify::seen::{ReadValue, Seen};

/// What these cases stand under.
pub(super) const MEASURED: &str = "Measured here";

const OTHER_MACHINE: &str = "the same on another virtual machine came to 7,417/s with 4 and 10,020/s with 8 clients, and 0.51 and \
     0.27 flushes a commit, as here (benches/real)";
const SLEEPS: &str = "a sleep of the event loop costs this machine more than one context switch of 20 µs: a browse takes \
     405 µs of CPU alone and 269 µs among 16";
const DISK: &str = "its disk has a longer tail under load than the p99 of 0.75 ms of lone flushes";
const SOONER: &str = "with requests at random a core is busier than its closed throughput says: at 0.71 of that one measured here was 13 % \
     idle, as a request took 382 µs of CPU and not 350, the network's interrupts 2 % and the host's stalls 3 % (to 14 ms)";

pub(super) const SERVER: &str = "one-server";
const ONE: &str = "one-process";

pub(super) const USERS: &str = "workload.arrivals.closed.users";
pub(super) const ROWS: &str = "application.modules.bench.tables.counters.rows";

pub(super) const UPDATES: &str = include_str!("../../../scenarios/postgres-updates.yaml");

pub(super) const POSTGRES: Publication = Publication {
    id: "postgres-updates",
    family: MEASURED,
    scenario: UPDATES,
    model: "PostgreSQL on one core, 1 to 8 clients of pgbench: updates of one row of 1, 4 and 100,000",
    reference: "Measured for this project, 2026-11-28: PostgreSQL 15, virtual machine of two cores",
    points: &[
        measured!("1_client", SERVER, [(USERS, "1")], LONE, 2780.0, 0.3557e-3, 0.308e-3, 1.0215e-3),
        measured!(
            "4_clients",
            SERVER,
            [(USERS, "4")],
            known(0.32, 0.25, 0.40, OTHER_MACHINE),
            4936.0,
            0.8127e-3,
            0.741e-3,
            2.192e-3
        ),
        measured!(
            "8_clients",
            SERVER,
            [(USERS, "8")],
            known(0.30, 0.25, 0.45, OTHER_MACHINE),
            7200.0,
            1.1119e-3,
            1.023e-3,
            2.7795e-3
        ),
        measured!(
            "8_clients_1_row",
            SERVER,
            [(USERS, "8"), (ROWS, "1")],
            HOT,
            1804.0,
            4.4152e-3,
            3.765e-3,
            14.721e-3
        ),
        measured!(
            "8_clients_4_rows",
            SERVER,
            [(USERS, "8"), (ROWS, "4")],
            HOT,
            4196.0,
            1.8987e-3,
            1.4535e-3,
            8.767e-3
        ),
    ],
    quick: true,
};

const ENDPOINTS: &str = "workload.endpoints";
const ARRIVALS: &str = "workload.arrivals";
const STOCK: &str = "application.modules.orders.tables.stock.rows";
const BROWSE: (&str, &str) = (ENDPOINTS, "{ browse: { call: front.browse } }");
const ORDER: (&str, &str) = (ENDPOINTS, "{ order: { call: front.order } }");
const HEAVY: (&str, &str) = (ENDPOINTS, "{ heavy: { call: front.heavy } }");

pub(super) const SHOP: Publication = Publication {
    id: "real-shop",
    family: MEASURED,
    scenario: include_str!("../../../scenarios/real-shop.yaml"),
    model: "a web application and its PostgreSQL on one core, in one process and in three, alone and under load",
    reference: "Measured for this project, 2026-11-28: axum, tokio-postgres, PostgreSQL 15, virtual machine",
    points: &[
        measured!(
            "browse_x1",
            ONE,
            [BROWSE, (USERS, "1")],
            LONE,
            2358.0,
            0.424e-3,
            0.422e-3,
            0.55e-3
        ),
        measured!(
            "browse_x4",
            ONE,
            [BROWSE, (USERS, "4")],
            CLOSED,
            3002.0,
            1.332e-3,
            1.313e-3,
            2.132e-3
        ),
        measured!(
            "browse_x16",
            ONE,
            [BROWSE, (USERS, "16")],
            known(0.26, 0.35, 0.40, SLEEPS),
            3709.0,
            4.311e-3,
            4.227e-3,
            6.689e-3
        ),
        measured!(
            "browse_x64",
            ONE,
            [BROWSE, (USERS, "64")],
            known(0.20, 0.25, 0.40, SLEEPS),
            3483.0,
            18.305e-3,
            18.334e-3,
            26.771e-3
        ),
        measured!(
            "order_x1",
            ONE,
            [ORDER, (USERS, "1")],
            Allowed { tail: 0.65, known: Some(DISK), ..LONE },
            1086.0,
            0.92e-3,
            0.853e-3,
            3.582e-3
        ),
        measured!(
            "order_x8",
            ONE,
            [ORDER, (USERS, "8")],
            known(0.10, 0.20, 0.60, DISK),
            1723.0,
            4.647e-3,
            4.346e-3,
            11.379e-3
        ),
        measured!(
            "order_x8_4_rows",
            ONE,
            [ORDER, (USERS, "8"), (STOCK, "4")],
            known(0.22, 0.25, 0.40, DISK),
            1504.0,
            5.317e-3,
            4.813e-3,
            13.877e-3
        ),
        measured!(
            "order_x8_1_row",
            ONE,
            [ORDER, (USERS, "8"), (STOCK, "1")],
            HOT,
            1105.0,
            7.235e-3,
            5.517e-3,
            27.623e-3
        ),
        PublishedRun {
            layout: Some("three-processes"),
            edits: &[BROWSE, (USERS, "1")],
            figures: &[
                in_three("browse_x1_in_three_throughput", Dimension::Rate, 1711.0, |seen, _| {
                    Some(only(seen)?.throughput_per_second)
                }),
                in_three("browse_x1_in_three_mean", Dimension::Time, 0.58e-3, |seen, _| {
                    only(seen)?.latency_seconds.mean
                }),
            ],
        },
        PublishedRun {
            layout: Some("three-processes"),
            edits: &[ORDER, (USERS, "1")],
            figures: &[in_three("order_x1_in_three_mean", Dimension::Time, 1.32e-3, |seen, _| {
                only(seen)?.latency_seconds.mean
            })],
        },
        measured!("heavy_x1", ONE, [HEAVY, (USERS, "1")], LONE, 773.0, 1.294e-3, 1.28e-3, 1.475e-3),
        measured!(
            "heavy_x16",
            ONE,
            [HEAVY, (USERS, "16")],
            CLOSED,
            806.0,
            19.843e-3,
            19.677e-3,
            22.168e-3
        ),
        measured!("mix_x32", ONE, [(USERS, "32")], CLOSED, 1905.0, 16.839e-3, 14.868e-3, 41.583e-3),
        measured!(
            "mix_at_761/s",
            ONE,
            [(ARRIVALS, "{ poisson: 761/s }")],
            known(0.10, 0.25, 0.80, SOONER),
            761.0,
            1.387e-3,
            1.047e-3,
            6.218e-3
        ),
        measured!(
            "mix_at_1120/s",
            ONE,
            [(ARRIVALS, "{ poisson: 1120/s }")],
            known(0.10, 0.36, 0.80, SOONER),
            1120.0,
            2.141e-3,
            1.325e-3,
            10.568e-3
        ),
        measured!(
            "mix_at_1514/s",
            ONE,
            [(ARRIVALS, "{ poisson: 1514/s }")],
            known(0.10, 0.55, 0.80, SOONER),
            1514.0,
            4.975e-3,
            2.666e-3,
            28.312e-3
        ),
        measured!(
            "mix_at_1711/s",
            ONE,
            [(ARRIVALS, "{ poisson: 1711/s }")],
            known(0.10, 0.90, 0.90, SOONER),
            1711.0,
            25.808e-3,
            19.268e-3,
            105.251e-3
        ),
    ],
    quick: false,
};

const fn in_three(
    metric: &'static str,
    unit: Dimension,
    value: f64,
    reading: fn(&Seen, &Model) -> ReadValue,
) -> Published {
    Published { metric, unit, value, tolerance: 0.10, fit: Fit::Predicted, known: None, reading }
}
