//! scenarios/prepare.yaml: an update of PostgreSQL that commits by itself, and the same by a two-phase commit.

use super::publication::{FAMILY, Publication, Published, PublishedRun};
use crate::model::Model;
use crate::verify::dimension::Dimension;
use crate::verify::findings::Fit;
use crate::verify::seen::{ReadValue, Seen, over};

pub(super) const CASE: Publication = Publication {
    id: "prepare",
    family: FAMILY,
    scenario: include_str!("../../../scenarios/prepare.yaml"),
    model: "PostgreSQL, short updates that commit by themselves and by PREPARE and COMMIT PREPARED",
    reference: "Measured: postgrespro.com list thread 2560461; pgsql-hackers msg274345, 2015",
    points: &[
        PublishedRun {
            layout: None,
            edits: &[("workload.arrivals.closed.users", "1")],
            figures: &[Published {
                metric: "tps_1_client",
                unit: Dimension::Rate,
                value: 287.3,
                tolerance: 0.04,
                fit: Fit::Fitted("the times of the three statements"),
                known: None,
                reading: prepared,
            }],
        },
        PublishedRun {
            layout: None,
            edits: &[],
            figures: &[Published {
                metric: "tps_without_over_with_2pc",
                unit: Dimension::Number,
                value: 42_000.0 / 22_000.0,
                tolerance: 0.2,
                fit: Fit::Predicted,
                known: None,
                reading: times_as_many,
            }],
        },
    ],
    quick: true,
};

fn prepared(seen: &Seen, _: &Model) -> ReadValue {
    Some(seen.named_all("prepared").throughput_per_second)
}

fn times_as_many(seen: &Seen, model: &Model) -> ReadValue {
    over(Some(seen.named_all("alone").throughput_per_second), prepared(seen, model))
}
