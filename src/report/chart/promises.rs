//! What was promised, as a line with its name.

use super::drawing::{Anchor, Dash, Drawing};
use super::font;
use super::palette::{INK, Look, Marker};
use crate::report::focus::Whom;
use crate::report::names::shown;
use crate::report::numbers::Quantity;
use crate::study::RunFindings;

const SIZE: f64 = 11.0;

/// How the line of a promise is drawn: as nothing else is.
pub(super) const LINE: Look = Look { colour: INK, dash: Dash::Long, marker: Marker::Disc };

/// Width of the line.
pub(super) const WIDTH: f64 = 1.4;

/// A promise of the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Promise {
    /// `promised: p99 ≤ 80 ms`.
    pub(super) words: String,
    /// Of what: `mean`, a percentile such as `p99`, or `errors`.
    pub(super) metric: String,
    /// At most so much: a latency (s), or of errors a share.
    pub(super) value: f64,
}

/// What is promised of somebody's requests in metrics that are asked for, each promise once.
pub(super) fn of<'f>(
    runs: impl IntoIterator<Item = &'f RunFindings>,
    whom: &Whom,
    is_asked: impl Fn(&str) -> bool,
) -> Vec<Promise> {
    let mut found: Vec<Promise> = Vec::new();
    let all = runs.into_iter().flat_map(|run| &run.slo);
    for one in all.filter(|one| one.endpoint == whom.key() && is_asked(&one.metric)) {
        let quantity = if one.metric == "errors" { Quantity::Share } else { Quantity::Time };
        let promised = quantity.write(one.promised);
        let words = format!("promised: {} ≤ {promised}", shown(&one.metric));
        if one.promised.is_finite() && found.iter().all(|known| known.words != words) {
            found.push(Promise { words, metric: one.metric.clone(), value: one.promised });
        }
    }
    found
}

/// The line of a promise across an area, with its name above its left end.
pub(super) fn across(drawing: &mut Drawing, [left, right]: [f64; 2], y: f64, words: &str) {
    drawing.dashed(&[(left, y), (right, y)], WIDTH, LINE.colour, LINE.dash);
    let words = font::fitted(words, SIZE, right - left - 12.0);
    drawing.label((left + 6.0, y - 8.0), Anchor::Start, SIZE, LINE.colour, &words);
}
