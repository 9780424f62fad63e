//! The same updates measured again, on a second virtual machine and by PostgreSQL and MariaDB, and what the model
//! tells of them with what was measured there: its flush, and what a session that a commit wakes costs.
//!
//! With PostgreSQL a core goes from session to session in time slices, as that machine's Linux (6.18) deals them out.

use super::loaded::{Allowed, CLOSED, HOT, LONE, known, latency, measured, only, p99, throughput};
use super::measured::{MEASURED, ROWS, SERVER, UPDATES, USERS};
use super::publication::{Publication, PublishedRun};

const SLICES: (&str, &str) = ("layouts.one-server.databases.main.scheduling", "time_slices");
/// Chosen after its loaded runs were seen: with slices 8 and 16 clients are told a tenth slower still.
const SHARES: (&str, &str) = ("layouts.one-server.databases.main.scheduling", "ps");
const FLUSH: (&str, &str) = (
    "layouts.one-server.databases.main.storage",
    "{ kind: ssd, flush: { lognormal: { mean: 0.205ms, cv: 0.6 } } }",
);
/// CPU for each client more on one row: (373 - 143) / 15 us. Of the CPU of a lone update (defaults), 20 us of the
/// statement and of the flush are the wake-up of its session: what a sleep and a wake-up cost by themselves, and by
/// what less an update took where the core was hardly idle ((99 - 60) / 2 us without the flush).
const POSTGRES_COSTS: (&str, &str) = (
    "layouts.one-server.databases.main.costs",
    "{ requeue: 15.3us, statement: { lognormal: { mean: 16us, cv: 0.3 } }, \
       flush: { lognormal: { mean: 40us, cv: 0.3 } }, wake_up: { lognormal: { mean: 20us, cv: 0.3 } } }",
);
/// The same of MariaDB, whose updates took (110 - 30) / 2 us less.
const MARIADB_COSTS: (&str, &str) = (
    "layouts.one-server.databases.main.costs",
    "{ statement: { lognormal: { mean: 15us, cv: 0.3 } }, flush: { lognormal: { mean: 37us, cv: 0.3 } }, \
       wake_up: { lognormal: { mean: 40us, cv: 0.3 } } }",
);
const IS_POSTGRES: (&str, &str) = ("layouts.one-server.databases.main.engine", "postgres");
const IS_MARIADB: (&str, &str) = ("layouts.one-server.databases.main.engine", "mysql");

const ORDER: &str = "PostgreSQL does not hand a row on in order: half of the waits are shorter and the last far longer; the model's \
     sessions wake in order and mostly get it so";
const STALLS: &str =
    "the host took the core for up to 14 ms now and then, which a probe saw and the model has not";
const UNLIKE: &str = "a lone client reached 2,692/s and 2,698/s on 1 and 4 rows, and 2,270/s here in two runs: the machine was slower then";
const FASTER: &str = "two and four clients on one row were a quarter faster than on 100,000 in these runs, why is not known";
const MARIADB_FLOOR: &str = "an update took 48 µs of CPU among 16: less than any part of a lone one explains that was measured apart";
const LATCHES: &str = "an update among 16 on one row took 128 µs of CPU and 0.38 flushes; not for InnoDB's search for deadlocks (116 µs \
     with it, 119 without, 8 clients 72 and 80), but for latches whose holder has lost the core: without spinning it took 2 ms";

/// Clients on so many rows: limits, and updates a second, mean, median and p99 (s), as in benches/real/measured.
macro_rules! updates {
    ([$one:expr, $two:expr, $three:expr, $four:expr]; $($name:literal, $clients:literal on $rows:literal: $limits:expr, [$rate:literal, $mean:literal, $median:literal, $p99:literal];)+) => {
        &[$(measured!(
            $name, SERVER, [(USERS, $clients), (ROWS, $rows), $one, $two, $three, $four], $limits, $rate, $mean, $median, $p99
        )),+]
    };
}

pub(super) const POSTGRES: Publication = Publication {
    id: "postgres-updates-again",
    family: MEASURED,
    scenario: UPDATES,
    model: "PostgreSQL on one core of a second machine, 1 to 16 clients: updates of one row of 1, 4 and 100,000",
    reference: "Measured for this project, 2026-11-28: PostgreSQL 15.18, another virtual machine (benches/real)",
    points: updates! { [IS_POSTGRES, SLICES, FLUSH, POSTGRES_COSTS];
        "postgres_1_client_1_row", "1" on "1": LONE, [2692.0, 0.3683e-3, 0.336e-3, 0.815e-3];
        "postgres_2_clients_1_row", "2" on "1": HOT, [3264.0, 0.6098e-3, 0.582e-3, 1.287e-3];
        "postgres_4_clients_1_row", "4" on "1": known(0.15, 0.25, 0.60, ORDER), [3188.0, 1.2513e-3, 1.095e-3, 4.212e-3];
        "postgres_8_clients_1_row", "8" on "1": known(0.15, 0.30, 0.65, ORDER), [3252.0, 2.4566e-3, 2.174e-3, 9.338e-3];
        "postgres_16_clients_1_row", "16" on "1": known(0.15, 0.80, 0.75, ORDER), [2388.0, 6.6855e-3, 4.282e-3, 32.8e-3];
        "postgres_1_client_4_rows", "1" on "4": LONE, [2698.0, 0.3677e-3, 0.35e-3, 0.698e-3];
        "postgres_2_clients_4_rows", "2" on "4": HOT, [3604.0, 0.5513e-3, 0.498e-3, 1.769e-3];
        "postgres_4_clients_4_rows", "4" on "4": HOT, [5271.0, 0.7535e-3, 0.646e-3, 2.101e-3];
        "postgres_8_clients_4_rows", "8" on "4": HOT, [6256.0, 1.2743e-3, 0.989e-3, 4.859e-3];
        "postgres_16_clients_4_rows", "16" on "4": known(0.15, 0.25, 0.55, ORDER), [5519.0, 2.8941e-3, 1.829e-3, 16.443e-3];
        "postgres_1_client_100000_rows", "1" on "100000": Allowed { throughput: 0.25, tail: 0.50, known: Some(UNLIKE), ..LONE }, [2270.0, 0.4382e-3, 0.375e-3, 1.458e-3];
        "postgres_2_clients_100000_rows", "2" on "100000": CLOSED, [3664.0, 0.5424e-3, 0.488e-3, 1.648e-3];
        "postgres_4_clients_100000_rows", "4" on "100000": CLOSED, [7417.0, 0.5327e-3, 0.503e-3, 1.134e-3];
        "postgres_8_clients_100000_rows", "8" on "100000": known(0.15, 0.20, 0.50, STALLS), [10020.0, 0.7893e-3, 0.7305e-3, 2.1355e-3];
        "postgres_16_clients_100000_rows", "16" on "100000": known(0.15, 0.20, 0.60, STALLS), [12175.0, 1.3034e-3, 1.2035e-3, 3.5255e-3];
    },
    quick: false,
};

pub(super) const MARIADB_UPDATES: Publication = Publication {
    id: "mariadb-updates",
    family: MEASURED,
    scenario: UPDATES,
    model: "MariaDB on one core, 1 to 16 clients of sysbench: updates of one row of 1 and 100,000",
    reference: "Measured for this project, 2026-11-28: MariaDB 10.11, the second virtual machine (benches/real)",
    points: updates! { [IS_MARIADB, SHARES, FLUSH, MARIADB_COSTS];
        "mariadb_1_client_100000_rows", "1" on "100000": LONE, [2632.0, 0.37e-3, 0.342e-3, 0.826e-3];
        "mariadb_2_clients_100000_rows", "2" on "100000": CLOSED, [3605.0, 0.54e-3, 0.49e-3, 1.579e-3];
        "mariadb_4_clients_100000_rows", "4" on "100000": CLOSED, [5752.0, 0.65e-3, 0.597e-3, 1.667e-3];
        "mariadb_8_clients_100000_rows", "8" on "100000": CLOSED, [10287.0, 0.79e-3, 0.741e-3, 1.608e-3];
        "mariadb_16_clients_100000_rows", "16" on "100000": known(0.20, 0.30, 0.40, MARIADB_FLOOR), [18785.0, 0.88e-3, 0.811e-3, 1.857e-3];
        "mariadb_1_client_1_row", "1" on "1": LONE, [2446.0, 0.4e-3, 0.367e-3, 1.007e-3];
        "mariadb_2_clients_1_row", "2" on "1": known(0.30, 0.45, 0.50, FASTER), [4529.0, 0.44e-3, 0.424e-3, 0.826e-3];
        "mariadb_4_clients_1_row", "4" on "1": known(0.20, 0.30, 0.40, FASTER), [7361.0, 0.55e-3, 0.508e-3, 1.25e-3];
        "mariadb_8_clients_1_row", "8" on "1": known(0.15, 0.25, 0.50, LATCHES), [10718.0, 0.76e-3, 0.642e-3, 2.264e-3];
        "mariadb_16_clients_1_row", "16" on "1": known(1.30, 0.65, 0.75, LATCHES), [7295.0, 2.22e-3, 2.184e-3, 4.569e-3];
    },
    quick: false,
};
