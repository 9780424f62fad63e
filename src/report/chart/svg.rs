//! A drawing as the text of an SVG document, by plotters.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, WHITE};

use super::drawing::{Anchor, Colour, Drawing, Mark, Point};
use super::font;

/// Plotters' places are whole numbers; a page drawn at ten times its size has smooth lines.
const SVG_SCALE: f64 = 10.0;

/// How much of its colour a veil has.
const VEIL: f64 = 0.2;

/// How one backend counts.
#[derive(Clone, Copy)]
struct Counting {
    /// Its pixels per logical pixel.
    scale: f64,
    /// Its text size per em.
    em: f64,
    /// Distance from the top that it is given to the base line that it draws [its text sizes].
    ascent: f64,
}

/// The drawing as an SVG document with its title and description; names are text, never markup.
pub(super) fn svg(drawing: &Drawing) -> String {
    let mut text = String::new();
    let (width, height) = (drawing.width * SVG_SCALE, drawing.height * SVG_SCALE);
    let counting = Counting { scale: SVG_SCALE, em: font::SVG_EM, ascent: 0.76 / font::SVG_EM };
    {
        let backend = SVGBackend::with_string(&mut text, (width as u32, height as u32));
        let area = backend.into_drawing_area();
        assert!(area.fill(&WHITE).is_ok(), "text in memory takes a rectangle");
        draw(drawing, &area, counting);
    }
    let Some((_, marks)) = text.split_once(">\n") else {
        panic!("plotters must begin an SVG with its root element: {text:.80}")
    };
    let marks = with_round_sizes(marks);
    let title = escaped(&drawing.title);
    let description = match escaped(&drawing.description) {
        nothing if nothing.is_empty() => nothing,
        words => format!("<desc>{words}</desc>\n"),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{:.0}\" height=\"{:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\">\n<title>{title}</title>\n{description}{marks}",
        drawing.width, drawing.height,
    )
}

/// Sizes of letters come back from a product and a division of decimal fractions, off by a hair: without it.
fn with_round_sizes(marks: &str) -> String {
    let attribute = format!("font-family=\"{}\" font-size=\"", font::FAMILY);
    let mut parts = marks.split(&attribute);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (size, rest) = part.split_once('"').unwrap_or((part, ""));
        let size = size
            .parse()
            .map_or(size.to_owned(), |size: f64| ((size * 1e3).round() / 1e3).to_string());
        text.push_str(&format!("{attribute}{size}\"{rest}"));
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Draws every mark; a backend in memory has nothing that could fail but our own use of it.
fn draw<DB: DrawingBackend>(drawing: &Drawing, area: &DrawingArea<DB, Shift>, counting: Counting) {
    let mut marks = drawing.marks.iter();
    let drawn = marks.try_for_each(|mark| draw_mark(mark, area, counting));
    if let Err(error) = drawn.and_then(|()| area.present()) {
        panic!("drawing to memory cannot fail: {error}");
    }
}

type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

fn draw_mark<DB: DrawingBackend>(
    mark: &Mark,
    area: &DrawingArea<DB, Shift>,
    counting: Counting,
) -> Drawn<DB> {
    let length = |length: f64| ((length * counting.scale).round() as u32).max(1);
    let place =
        |(x, y): Point| ((x * counting.scale).round() as i32, (y * counting.scale).round() as i32);
    match mark {
        Mark::Rectangle { at, size, colour } => {
            let corners = [place(*at), place((at.0 + size.0, at.1 + size.1))];
            area.draw(&Rectangle::new(corners, rgb(*colour).filled()))
        }
        Mark::Shape { corners, colour } => {
            let corners: Vec<_> = corners.iter().copied().map(place).collect();
            area.draw(&Polygon::new(corners, rgb(*colour)))
        }
        Mark::Veil { corners, colour } => {
            let corners: Vec<_> = corners.iter().copied().map(place).collect();
            area.draw(&Polygon::new(corners, rgb(*colour).mix(VEIL)))
        }
        Mark::Line { points, width, colour } => {
            let style = rgb(*colour).stroke_width(length(*width));
            let points: Vec<_> = points.iter().copied().map(place).collect();
            area.draw(&PathElement::new(points, style))
        }
        Mark::Disc { centre, radius, colour } => {
            area.draw(&Circle::new(place(*centre), length(*radius), rgb(*colour).filled()))
        }
        Mark::Text { at, anchor, size, colour, text } => {
            let size = size * counting.em;
            let top = (at.0, at.1 - size * counting.ascent);
            let across = match anchor {
                Anchor::Start => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::End => HPos::Right,
            };
            let font = font::at_size(size * counting.scale);
            let style = font.color(&rgb(*colour)).pos(Pos::new(across, VPos::Top));
            area.draw(&Text::new(text.as_str(), place(top), style))
        }
    }
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}
