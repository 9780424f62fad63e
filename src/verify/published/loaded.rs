//! What is held of a run under load: throughput, mean, median and p99, and how far each may be off.
//!
//! Throughput 10 %, mean and median 20 %, p99 40 % (80 % where requests come at random); on hot rows 15, 25 and 40 %.
//! What is further off is known to be so: it is told with what it comes from, and may not get worse.

use super::publication::Published;
use crate::model::Model;
use crate::study::EndpointFindings;
use crate::verify::dimension::Dimension;
use crate::verify::findings::Fit;
use crate::verify::seen::{ReadValue, Seen};

/// How far the figures of a run may be off, and why where it is further than it should be.
#[derive(Clone, Copy)]
pub(super) struct Allowed {
    pub(super) throughput: f64,
    pub(super) latency: f64,
    pub(super) tail: f64,
    pub(super) known: Option<&'static str>,
    pub(super) is_lone: bool,
}

impl Allowed {
    /// Why a limit is wider than it should be, where it is.
    const fn beyond(self, limit: f64, usual: f64) -> Option<&'static str> {
        if limit > usual { self.known } else { None }
    }
}

pub(super) const CLOSED: Allowed =
    Allowed { throughput: 0.10, latency: 0.20, tail: 0.40, known: None, is_lone: false };
/// How far a p99 may be off where requests come at random.
pub(super) const OPEN_TAIL: f64 = 0.80;
pub(super) const LONE: Allowed = Allowed { is_lone: true, ..CLOSED };
pub(super) const HOT: Allowed = Allowed { throughput: 0.15, latency: 0.25, ..CLOSED };

/// Further off than it should be.
pub(super) const fn known(throughput: f64, latency: f64, tail: f64, why: &'static str) -> Allowed {
    Allowed { throughput, latency, tail, known: Some(why), is_lone: false }
}

macro_rules! measured {
    ($name:literal, $layout:expr, $edits:expr, $limits:expr, $rate:literal, $mean:literal, $median:literal, $p99:literal) => {
        PublishedRun {
            layout: Some($layout),
            edits: &$edits,
            figures: &[
                throughput(concat!($name, "_throughput"), $rate, $limits),
                latency(concat!($name, "_mean"), $mean, $limits, |seen, _| {
                    only(seen)?.latency_seconds.mean
                }),
                latency(concat!($name, "_p50"), $median, $limits, |seen, _| {
                    only(seen)?.latency_seconds.p50
                }),
                p99(concat!($name, "_p99"), $p99, $limits),
            ],
        }
    };
}

pub(super) use measured;

/// All endpoints of the only layout that is run.
pub(super) fn only(seen: &Seen) -> Option<&EndpointFindings> {
    let (_, layout) = seen.0.layouts.iter().next()?;
    layout.endpoints.get("all")
}

pub(super) const fn throughput(metric: &'static str, value: f64, limits: Allowed) -> Published {
    let fit = if limits.is_lone {
        Fit::Fitted("the CPU of a request, or a flush, of a lone client")
    } else {
        Fit::Predicted
    };
    Published {
        metric,
        unit: Dimension::Rate,
        value,
        tolerance: limits.throughput,
        fit,
        known: limits.beyond(limits.throughput, CLOSED.throughput),
        reading: |seen, _| Some(only(seen)?.throughput_per_second),
    }
}

pub(super) const fn latency(
    metric: &'static str,
    value: f64,
    limits: Allowed,
    reading: fn(&Seen, &Model) -> ReadValue,
) -> Published {
    let fit = if limits.is_lone {
        Fit::Implied("by Little's law from the rate, as clients never think")
    } else {
        Fit::Predicted
    };
    let (tolerance, known) = (limits.latency, limits.beyond(limits.latency, CLOSED.latency));
    Published { metric, unit: Dimension::Time, value, tolerance, fit, known, reading }
}

pub(super) const fn p99(metric: &'static str, value: f64, limits: Allowed) -> Published {
    Published {
        metric,
        unit: Dimension::Time,
        value,
        tolerance: limits.tail,
        fit: Fit::Predicted,
        known: limits
            .beyond(limits.tail, if limits.tail < OPEN_TAIL { CLOSED.tail } else { OPEN_TAIL }),
        reading: |seen, _| only(seen)?.latency_seconds.p99,
    }
}
