//! scenarios/hot-row.yaml: 32 clients of pgbench on 8 cores, one-row updates of 4 rows, and inserts.

use super::publication::{FAMILY, Publication, Published, PublishedRun};
use crate::model::Model;
use crate::verify::dimension::Dimension;
use crate::verify::findings::Fit;
use crate::verify::seen::{ReadValue, Seen};

pub(super) const CASE: Publication = Publication {
    id: "hot-row",
    family: FAMILY,
    scenario: include_str!("../../../scenarios/hot-row.yaml"),
    model: "PostgreSQL on 8 cores, 32 clients of pgbench: updates of 4 shared rows, and inserts",
    reference: "Measured: blog \"PostgreSQL Lock Contention For Frequently Updated Rows\", 2022-02-20",
    points: &[
        PublishedRun {
            layout: None,
            edits: &[("workload.endpoints.client.call", "bench.update")],
            figures: &[
                rate("updates_per_second", 8286.06, "the time of a log flush"),
                mean("update_mean_latency", 3.862e-3),
            ],
        },
        PublishedRun {
            layout: None,
            edits: &[("workload.endpoints.client.call", "bench.insert")],
            figures: &[
                rate("inserts_per_second", 42863.04, "the CPU of a statement"),
                mean("insert_mean_latency", 0.747e-3),
            ],
        },
    ],
    quick: true,
};

const TOLERANCE: f64 = 0.05;

const fn rate(metric: &'static str, value: f64, fitted: &'static str) -> Published {
    Published {
        metric,
        unit: Dimension::Rate,
        value,
        tolerance: TOLERANCE,
        fit: Fit::Fitted(fitted),
        known: None,
        reading: per_second,
    }
}

const fn mean(metric: &'static str, value: f64) -> Published {
    Published {
        metric,
        unit: Dimension::Time,
        value,
        tolerance: TOLERANCE,
        fit: Fit::Implied("by Little's law from the rate, as the clients never think"),
        known: None,
        reading: mean_latency,
    }
}

fn per_second(seen: &Seen, _: &Model) -> ReadValue {
    Some(seen.named_all("one-server").throughput_per_second)
}

fn mean_latency(seen: &Seen, _: &Model) -> ReadValue {
    seen.mean_of("one-server")
}
