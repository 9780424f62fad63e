//! Figures, a file each. Every one answers with a drawing; `svg` and `picture` make the two formats of it.

mod attribution;
mod axis;
mod canvas;
mod cost;
mod cost_against_p99;
mod distribution;
mod drawing;
mod ends;
mod font;
mod labels;
mod lag;
mod layouts;
mod lent;
mod outline;
mod over_time;
mod page;
mod palette;
mod percentiles;
mod picture;
mod plane;
mod promises;
mod rows;
mod scaled;
mod stacked;
mod staleness;
mod stroke;
mod svg;
mod sweep_area;
mod sweep_bars;
mod sweep_lines;
mod sweep_points;
mod sweep_trade;
mod sweep_values;
mod time_curves;
mod time_lines;
mod transactions;
mod utilisation;
mod whisker;

pub use self::font::letters_without_font;
pub use self::lent::{FontFile, drawn_by, lend_fonts};

use self::drawing::Drawing;
use self::picture::Letters;
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
    fn of(name: String, mut drawing: Drawing, from: &Provenance, letters: &Letters) -> Self {
        page::sign(&mut drawing, from);
        Self { name, svg: svg::svg(&drawing), png: picture::png(&drawing, letters) }
    }
}

/// What makes the drawing of a figure from the findings.
enum Draw<F> {
    /// It is of layouts as a whole.
    Whole(fn(&F) -> Drawing),
    /// It is of somebody's requests.
    Of(fn(&F, &Whom) -> Drawing),
}

/// The figures of a run, in the order in which a reader wants them.
const OF_RUN: [(&str, Draw<RunFindings>); 12] = [
    ("latency-percentiles", Draw::Of(percentiles::draw)),
    ("latency-distribution", Draw::Of(distribution::draw)),
    ("attribution", Draw::Of(attribution::draw)),
    ("cost", Draw::Whole(cost::draw)),
    ("utilisation", Draw::Whole(utilisation::draw)),
    ("cost-against-p99", Draw::Of(cost_against_p99::draw)),
    ("over-time", Draw::Of(over_time::draw)),
    ("transactions", Draw::Whole(transactions::draw)),
    ("time-lines", Draw::Whole(time_lines::draw)),
    ("consumer-lag", Draw::Whole(lag::draw)),
    ("staleness", Draw::Whole(staleness::draw)),
    ("instances", Draw::Whole(scaled::draw)),
];

/// The figures of a sweep.
const OF_SWEEP: [(&str, Draw<SweepFindings>); 3] = [
    ("p99", Draw::Of(sweep_lines::draw_p99)),
    ("cost", Draw::Whole(sweep_lines::draw_cost)),
    ("cost-against-p99", Draw::Of(sweep_trade::draw)),
];

/// All figures of a run that have something to show.
pub(super) fn of_run(findings: &RunFindings, focus: &Focus) -> Vec<Figure> {
    drawn(&OF_RUN, findings, focus, &findings.provenance)
}

/// All figures of a sweep that have something to show.
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
        Draw::Whole(_) => &all[..],
        Draw::Of(_) => focus.whoms(),
    };
    let named = |figure| of(figure).iter().map(move |whom| (figure, whom));
    let each: Vec<(&(&str, Draw<F>), &Whom)> = figures.iter().flat_map(named).collect();
    let letters = Letters::default();
    let figures = side_by_side(&each, |((name, draw), whom)| {
        let drawing = draw.drawing(findings, whom);
        (!drawing.is_empty).then(|| Figure::of(whom.figure(name), drawing, from, &letters))
    });
    figures.into_iter().flatten().collect()
}

impl<F> Draw<F> {
    fn drawing(&self, findings: &F, whom: &Whom) -> Drawing {
        match self {
            Draw::Whole(draw) => draw(findings),
            Draw::Of(draw) => draw(findings, whom),
        }
    }
}

#[cfg(test)]
mod tests;
