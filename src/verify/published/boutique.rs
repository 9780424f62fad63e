//! scenarios/online-boutique.yaml: Google's demo shop in eleven services and in one process.

use super::publication::{FAMILY, Publication, Published, PublishedRun};
use crate::model::Model;
use crate::verify::dimension::Dimension;
use crate::verify::findings::Fit;
use crate::verify::seen::{ReadValue, Seen, exactly};

pub(super) const CASE: Publication = Publication {
    id: "online-boutique",
    family: FAMILY,
    scenario: include_str!("../../../scenarios/online-boutique.yaml"),
    model: "Google's demo shop at 10,000 requests a second: eleven services over gRPC, over a lean \
            transport, and one process",
    reference: "Measured: Ghemawat et al., HotOS 2023, Table 2 and section 6.1",
    points: &[PublishedRun {
        layout: None,
        edits: &[],
        figures: &[
            cores("cores_grpc", 78.0, "the CPU of a gRPC call", |_, model| held(model, "grpc")),
            cores("cores_lean", 28.0, "the CPU of a lean call", |_, model| held(model, "lean")),
            cores("cores_one_process", 9.0, "the CPU of a page", |_, model| {
                held(model, "one-process")
            }),
            median("median_grpc", 5.47e-3, Fit::Predicted, |seen, _| p50(seen, "grpc")),
            median("median_lean", 2.66e-3, Fit::Predicted, |seen, _| p50(seen, "lean")),
            median(
                "median_one_process",
                0.38e-3,
                Fit::Fitted("the target load and the round trip"),
                |seen, _| p50(seen, "one-process"),
            ),
        ],
    }],
    quick: true,
};

const TOLERANCE: f64 = 0.15;

type PublishedReader = fn(&Seen, &Model) -> ReadValue;

const fn cores(
    metric: &'static str,
    value: f64,
    fitted: &'static str,
    reading: PublishedReader,
) -> Published {
    let fit = Fit::Fitted(fitted);
    let unit = Dimension::Number;
    Published { metric, unit, value, tolerance: TOLERANCE, fit, known: None, reading }
}

const fn median(metric: &'static str, value: f64, fit: Fit, reading: PublishedReader) -> Published {
    let unit = Dimension::Time;
    Published { metric, unit, value, tolerance: TOLERANCE, fit, known: None, reading }
}

/// Cores that a layout holds: replicas × cores of an instance.
fn held(model: &Model, layout: &str) -> ReadValue {
    let layout = model.layouts.iter().find(|known| *known.name == layout)?;
    let each = layout.services.iter();
    exactly(each.map(|service| f64::from(service.replicas.value) * service.cpu.value).sum())
}

fn p50(seen: &Seen, layout: &str) -> ReadValue {
    seen.named_all(layout).latency_seconds.p50
}
