//! What sweeps of the small shop might have found.

use super::{layout, provenance, run, unstable};
use crate::study::{FORMAT, SweepFindings, SweepPoint};

/// A sweep of the arrival rate over three layouts, the last of which drowns at high load.
pub(crate) fn sweep() -> SweepFindings {
    let points = [50.0f64, 100.0, 200.0, 400.0, 800.0].iter().map(|rate| {
        let load = rate / 900.0;
        let msa = if *rate > 500.0 { unstable() } else { layout(0.012 / (1.0 - load), 0.6, 1.5) };
        SweepPoint {
            values: vec![format!("{rate}/s")],
            run: run(vec![
                ("monolith", layout(0.008 / (1.0 - load), 0.5, 1.0 + 2.0 * load)),
                ("distributed-monolith", layout(0.014 / (1.0 - load), 0.6, 1.2 + 2.2 * load)),
                ("msa", msa),
            ]),
        }
    });
    SweepFindings {
        provenance: provenance(0xfedc_ba98_7654_3210),
        format: FORMAT,
        scenario: "shop".to_owned(),
        paths: vec!["workload.arrivals.poisson".to_owned()],
        points: points.collect(),
        failed: Vec::new(),
        steps: Vec::new(),
    }
}

/// A grid of two paths: rate × replicas.
pub(crate) fn grid() -> SweepFindings {
    let mut points = Vec::new();
    for replicas in [2.0f64, 4.0, 8.0] {
        for rate in [100.0f64, 200.0, 400.0] {
            let load = rate / (300.0 * replicas);
            let found = layout(0.008 / (1.0 - load).max(0.1), 0.5, replicas / 2.0);
            points.push(SweepPoint {
                values: vec![format!("{replicas}"), format!("{rate}/s")],
                run: run(vec![("monolith", found), ("msa", layout(0.02, 0.5, replicas))]),
            });
        }
    }
    SweepFindings {
        provenance: provenance(0xfedc_ba98_7654_3210),
        format: FORMAT,
        scenario: "shop".to_owned(),
        paths: vec![
            "layouts.monolith.services.shop.replicas".to_owned(),
            "workload.arrivals.poisson".to_owned(),
        ],
        points,
        failed: Vec::new(),
        steps: Vec::new(),
    }
}
