//! scenarios/two-tier.yaml against uqSim, another simulator, with its own model of nginx with 4 workers
//! and memcached with 2 threads.

use super::publication::{FAMILY, Publication, Published, PublishedRun};
use crate::model::Model;
use crate::verify::dimension::Dimension;
use crate::verify::findings::Fit;
use crate::verify::seen::{ReadValue, Seen};

pub(super) const CASE: Publication = Publication {
    id: "two-tier",
    family: FAMILY,
    scenario: include_str!("../../../scenarios/two-tier.yaml"),
    model: "nginx with 4 workers before memcached with 2 threads, from light load to nearly full",
    reference: "Simulated by uqSim: arXiv:1911.02122, its model 2tier_ngx_4_memc_2",
    // The durations are as short as gives a tight interval at each load.
    points: &[
        PublishedRun {
            layout: None,
            edits: &[("workload.arrivals.poisson", "20k/s"), ("run.fixed.duration", "1s")],
            figures: &[
                mean("mean_at_20k/s", 0.33523e-3, Fit::Predicted),
                p99("p99_at_20k/s", 0.3922e-3),
                busy("nginx_busy_at_20k/s", 0.217, 0.065),
            ],
        },
        PublishedRun {
            layout: None,
            edits: &[("workload.arrivals.poisson", "60k/s"), ("run.fixed.duration", "1s")],
            figures: &[
                mean("mean_at_60k/s", 0.368952e-3, Fit::Predicted),
                p99("p99_at_60k/s", 0.560889e-3),
                busy("nginx_busy_at_60k/s", 0.640, 0.05),
            ],
        },
        PublishedRun {
            layout: None,
            edits: &[("workload.arrivals.poisson", "80k/s"), ("run.fixed.duration", "2s")],
            figures: &[
                mean("mean_at_80k/s", 0.441274e-3, Fit::Predicted),
                p99("p99_at_80k/s", 0.940166e-3),
                busy("nginx_busy_at_80k/s", 0.835, 0.03),
            ],
        },
        PublishedRun {
            layout: None,
            edits: &[("workload.arrivals.poisson", "90k/s"), ("run.fixed.duration", "5s")],
            figures: &[
                mean("mean_at_90k/s", 0.619078e-3, Fit::Fitted("the time of a poll")),
                p99("p99_at_90k/s", 1.98789e-3),
                busy("nginx_busy_at_90k/s", 0.927, 0.02),
            ],
        },
    ],
    quick: false,
};

const fn mean(metric: &'static str, value: f64, fit: Fit) -> Published {
    let reading = |seen: &Seen, _: &Model| seen.mean_of("two-tier");
    Published { metric, unit: Dimension::Time, value, tolerance: 0.05, fit, known: None, reading }
}

const fn p99(metric: &'static str, value: f64) -> Published {
    Published {
        metric,
        unit: Dimension::Time,
        value,
        tolerance: 0.10,
        fit: Fit::Predicted,
        known: None,
        reading: |seen, _| seen.named_all("two-tier").latency_seconds.p99,
    }
}

const fn busy(metric: &'static str, value: f64, tolerance: f64) -> Published {
    Published {
        metric,
        unit: Dimension::Share,
        value,
        tolerance,
        fit: Fit::Predicted,
        known: Some(
            "the language has no work that a batch shares, such as one poll for all who are ready",
        ),
        reading: nginx_busy,
    }
}

fn nginx_busy(seen: &Seen, _: &Model) -> ReadValue {
    seen.layout("two-tier").services.get("nginx")?.cpu_utilisation
}
