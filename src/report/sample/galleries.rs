//! Every gallery that whoever shows findings must survive.

use super::{flash_crowd, followed, layout, run, scaled, spread_out, three_layouts, unstable};
use crate::cost::Bill;
use crate::statistics::Histogram;
use crate::study::{Estimate, Named, RunFindings};

/// Names that attack whoever shows them.
pub(crate) const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img onerror=x>",
    "]]>&amp;",
    "=cmd()",
    "a\u{1b}[31m\nb\u{202e}c",
    "ein sehr langer Name, der dreihundert Zeichen lang sein könnte und es fast ist, weil niemand ihn kürzt",
];

/// Every gallery a chart must survive: usual, one, twelve long names, extreme ranges, unstable
/// ones, hostile names, nothing at all.
pub(crate) fn gallery() -> Vec<(&'static str, RunFindings)> {
    let long: Vec<String> =
        (0..12).map(|n| format!("layout-with-thirty-character{n:02}")).collect();
    let twelve = long.iter().enumerate().map(|(index, name)| {
        let step = f64::from(index as u32);
        (
            name.as_str(),
            layout(0.01 * 1.13f64.powf(step), 0.5 + 0.02 * step, 3.0 / (1.0 + step * 0.2)),
        )
    });
    let extreme = vec![
        ("in-memory", layout(1e-6, 0.3, 0.02)),
        ("usual", layout(0.01, 0.6, 1.0)),
        ("batch", layout(30.0, 0.5, 300.0)),
        ("drowned", unstable()),
    ];
    let mut nothing = layout(0.01, 0.5, 1.0);
    for (_, endpoint) in &mut nothing.endpoints.0 {
        endpoint.latency_seconds.p50 = Some(Estimate { value: 0.0, ci95: None });
        endpoint.attribution_seconds = Named(Vec::new());
        endpoint.histogram = Histogram::new(7);
    }
    nothing.cost = Bill {
        currency: String::new(),
        per_month: 0.0,
        per_million_requests: None,
        idle_share: None,
        lines: Vec::new(),
        missing: Vec::new(),
        remarks: vec!["no prices: the bill is empty".to_owned()],
    };
    nothing.utilisation = Vec::new();
    let hostile = HOSTILE.iter().map(|name| (*name, layout(0.01, 0.6, 1.0)));
    vec![
        ("three", three_layouts()),
        ("one", run(vec![("monolith", layout(0.0123, 0.6, 1.0))])),
        ("twelve", run(twelve.collect())),
        ("extreme", run(extreme)),
        ("unstable", run(vec![("msa", unstable()), ("monolith", layout(0.0123, 0.6, 1.0))])),
        ("drowned", run(vec![("msa", unstable())])),
        ("hostile", run(hostile.collect())),
        ("flash-crowd", flash_crowd()),
        ("followed", followed()),
        ("scaled", scaled()),
        ("spread-out", spread_out()),
        ("nothing", run(vec![("idle", nothing)])),
        ("empty", run(Vec::new())),
    ]
}
