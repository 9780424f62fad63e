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
mod lent;
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

pub use self::font::letters_without_font;
pub use self::lent::{FontFile, drawn_by, lend_fonts};

use self::drawing::Drawing;
use super::focus::{Focus, Whom};
use crate::study::{Provenance, RunFindings, SweepFindings, side_by_side};

/// A figure in both formats.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Name without extension among the files of its study: small letters, digits and `-`; of an endpoint a dot
    /// and its name, or what can be in the name of a file of it.
    pub name: String,
    /// The figure as an SVG document.
    pub svg: String,
    /// The same as a PNG file, two pixels for each of the SVG.
    pub png: Vec<u8>,
}

impl Figure {
    fn of(name: String, mut drawing: Drawing, from: &Provenance) -> Self {
        page::sign(&mut drawing, from);
        Self { name, svg: svg::svg(&drawing), png: picture::png(&drawing) }
    }
}

/// What makes the drawing of a figure from the findings.
enum Draw<F> {
    /// It is of layouts as a whole.
    Whole(fn(&F) -> Drawing),
    /// It is of somebody's requests.
    Of(fn(&F, &Whom) -> Drawing),
    /// The same, left out where there is nothing to draw.
    Where(fn(&F, &Whom) -> bool, fn(&F, &Whom) -> Drawing),
}

/// The figures of a run, in the order in which a reader wants them.
const OF_RUN: [(&str, Draw<RunFindings>); 7] = [
    ("latency-percentiles", Draw::Of(percentiles::draw)),
    ("latency-distribution", Draw::Of(distribution::draw)),
    ("attribution", Draw::Of(attribution::draw)),
    ("cost", Draw::Whole(cost::draw)),
    ("utilisation", Draw::Whole(utilisation::draw)),
    ("cost-against-p99", Draw::Of(cost_against_p99::draw)),
    ("over-time", Draw::Where(over_time::is_told, over_time::draw)),
];

/// The figures of a sweep.
const OF_SWEEP: [(&str, Draw<SweepFindings>); 5] = [
    ("p99", Draw::Of(sweep_lines::draw_p99)),
    ("throughput", Draw::Where(sweep_lines::has_throughput, sweep_lines::draw_throughput)),
    ("errors", Draw::Where(sweep_lines::has_errors, sweep_lines::draw_errors)),
    ("cost", Draw::Whole(sweep_lines::draw_cost)),
    ("cost-against-p99", Draw::Of(sweep_trade::draw)),
];

/// All figures of a run. A figure whose data is missing says so instead of failing; that over time is left
/// out where nothing was looked at.
pub(super) fn of_run(findings: &RunFindings, focus: &Focus) -> Vec<Figure> {
    drawn(&OF_RUN, findings, focus, &findings.provenance)
}

/// All figures of a sweep; throughput and errors where there is any.
pub(super) fn of_sweep(findings: &SweepFindings, focus: &Focus) -> Vec<Figure> {
    drawn(&OF_SWEEP, findings, focus, &findings.provenance)
}

/// Draws figures side by side: a PNG takes tens of milliseconds, as long as a small run.
fn drawn<F: Sync>(
    figures: &[(&str, Draw<F>)],
    findings: &F,
    focus: &Focus,
    from: &Provenance,
) -> Vec<Figure> {
    let all = [Whom::all()];
    let of = |(_, draw): &(&str, Draw<F>)| match draw {
        Draw::Whole(_) => &all,
        Draw::Of(_) | Draw::Where(..) => focus.whoms(),
    };
    let named = |figure| of(figure).iter().map(move |whom| (figure, whom));
    let each: Vec<(&(&str, Draw<F>), &Whom)> = figures.iter().flat_map(named).collect();
    let figures = side_by_side(&each, |((name, draw), whom)| {
        let drawing = draw.drawing(findings, whom)?;
        Some(Figure::of(whom.figure(name), drawing, from))
    });
    figures.into_iter().flatten().collect()
}

impl<F> Draw<F> {
    /// The drawing; `None` where there is nothing to draw.
    fn drawing(&self, findings: &F, whom: &Whom) -> Option<Drawing> {
        match self {
            Draw::Whole(draw) => Some(draw(findings)),
            Draw::Of(draw) => Some(draw(findings, whom)),
            Draw::Where(is_told, draw) => is_told(findings, whom).then(|| draw(findings, whom)),
        }
    }
}

#[cfg(test)]
mod tests;
