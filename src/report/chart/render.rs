//! A drawing as SVG text and as PNG bytes, both in memory, both by plotters.

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
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

/// Pixels of the PNG per logical pixel: sharp on a dense screen and in print.
const PNG_SCALE: u32 = 2;

/// The drawing is rastered this much larger and averaged, because plotters smooths thin lines only.
const SMOOTHING: u32 = 2;

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

/// The drawing as a PNG file.
pub(super) fn png(drawing: &Drawing) -> Vec<u8> {
    let scale = PNG_SCALE * SMOOTHING;
    let (width, height) = (drawing.width.ceil() as u32, drawing.height.ceil() as u32);
    // White from the start: filling so many pixels one by one would take longer than the figure.
    let mut large = vec![255; (width * scale) as usize * (height * scale) as usize * 3];
    let counting = Counting { scale: f64::from(scale), em: font::RASTER_EM, ascent: 0.5 };
    {
        let size = (width * scale, height * scale);
        let backend = BitMapBackend::with_buffer(&mut large, size);
        draw(drawing, &backend.into_drawing_area(), counting);
    }
    let size = (width * PNG_SCALE, height * PNG_SCALE);
    encoded(&averaged(&large, (width * scale) as usize), size, &drawing.description)
}

/// Every square of `SMOOTHING`² pixels as the mean of its colours.
fn averaged(large: &[u8], width: usize) -> Vec<u8> {
    let side = SMOOTHING as usize;
    let mut small = Vec::with_capacity(large.len() / side / side);
    let mut sums = vec![0u16; width / side * 3];
    for rows in large.chunks_exact(width * 3 * side) {
        sums.fill(0);
        for row in rows.chunks_exact(width * 3) {
            for (square, sums) in row.chunks_exact(3 * side).zip(sums.chunks_exact_mut(3)) {
                for pixel in square.chunks_exact(3) {
                    for (sum, value) in sums.iter_mut().zip(pixel) {
                        *sum += u16::from(*value);
                    }
                }
            }
        }
        let area = (side * side) as u16;
        small.extend(sums.iter().map(|sum| (sum / area) as u8));
    }
    small
}

fn encoded(pixels: &[u8], (width, height): (u32, u32), description: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let described = encoder.add_itxt_chunk("Description".to_owned(), description.to_owned());
    assert!(described.is_ok(), "a PNG takes any text: {described:?}");
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    assert!(written.is_ok(), "writing a PNG to memory cannot fail: {written:?}");
    bytes
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
