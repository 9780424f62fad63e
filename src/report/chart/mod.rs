//! Figures, a file each. Every one answers with a drawing; `svg` and `picture` make the two formats of it.

mod attribution;
mod axis;
mod canvas;
mod cost;
mod cost_against_p99;
mod distribution;
mod drawing;
mod font;
mod labels;
mod layouts;
mod outline;
mod over_time;
mod page;
mod palette;
mod percentiles;
mod picture;
mod plane;
mod rows;
mod stacked;
mod stroke;
mod svg;
mod sweep_lines;
mod sweep_points;
mod sweep_trade;
mod utilisation;

use self::drawing::Drawing;
use crate::study::{Provenance, RunFindings, SweepFindings, side_by_side};

/// A figure in both formats.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Name without extension among the files of its study: lower-case letters and `-`.
    pub name: &'static str,
    /// The figure as an SVG document.
    pub svg: String,
    /// The same as a PNG file, two pixels for each of the SVG.
    pub png: Vec<u8>,
}

impl Figure {
    fn of(name: &'static str, mut drawing: Drawing, from: &Provenance) -> Self {
        page::sign(&mut drawing, from);
        Self { name, svg: svg::svg(&drawing), png: picture::png(&drawing) }
    }
}

/// A figure by name: what makes its drawing from the findings.
type Draw<F> = (&'static str, fn(&F) -> Drawing);

/// The figures of a run that there always are, in the order in which a reader wants them.
const OF_RUN: [Draw<RunFindings>; 6] = [
    ("latency-percentiles", percentiles::draw),
    ("latency-distribution", distribution::draw),
    ("attribution", attribution::draw),
    ("cost", cost::draw),
    ("utilisation", utilisation::draw),
    ("cost-against-p99", cost_against_p99::draw),
];

/// The figure of a run in which something is told over time.
const OVER_TIME: Draw<RunFindings> = ("over-time", over_time::draw);

/// The figures of a sweep.
const OF_SWEEP: [Draw<SweepFindings>; 3] = [
    ("p99", sweep_lines::draw_p99),
    ("cost", sweep_lines::draw_cost),
    ("cost-against-p99", sweep_trade::draw),
];

/// All figures of a run. A figure whose data is missing says so instead of failing; that over time is left
/// out where nothing was looked at.
pub(super) fn of_run(findings: &RunFindings) -> Vec<Figure> {
    let mut draws = OF_RUN.to_vec();
    if over_time::is_told(findings) {
        draws.push(OVER_TIME);
    }
    drawn(&draws, findings, &findings.provenance)
}

/// All figures of a sweep.
pub(super) fn of_sweep(findings: &SweepFindings) -> Vec<Figure> {
    drawn(&OF_SWEEP, findings, &findings.provenance)
}

/// Draws figures side by side: a PNG takes tens of milliseconds, as long as a small run.
fn drawn<F: Sync>(draws: &[Draw<F>], findings: &F, from: &Provenance) -> Vec<Figure> {
    side_by_side(draws, |(name, draw)| Figure::of(name, draw(findings), from))
}

#[cfg(test)]
mod tests;
