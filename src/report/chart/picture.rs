//! A drawing as the bytes of a PNG file, painted at its final size: every mark becomes an outline, an
//! outline becomes spans of pixels with their coverage, and a canvas takes those.

use std::collections::BTreeMap;
use std::f64::consts::TAU;
use std::sync::{Arc, Mutex, PoisonError};

use super::canvas::{Canvas, Paint, mixed};
use super::drawing::{Anchor, Colour, Drawing, Mark, Point};
use super::font::{self, Glyph};
use super::outline::{Outline, PixelSpan};
use super::palette::{GRID, PAPER};
use super::stroke;

/// Pixels of the PNG per logical pixel: sharp on a dense screen and in print.
const SCALE: f64 = 2.0;

/// How much of its colour a veil has.
const VEIL: f64 = 0.2;

/// Corners of a disc: no more can be seen at the size of a marker.
const DISC_CORNERS: u32 = 32;

/// Up to this width [logical pixels] a rectangle is seen as a line.
const THIN: f64 = 3.0;

/// Letters stand at so many places between two pixels, so that they are evenly spaced.
const PHASES: f64 = 4.0;

/// A letter by glyph, size [1/64 pixel] and phase.
type LetterKey = (Glyph, u32, u8);

/// Spans of letters: the figures of a run repeat most of them.
#[derive(Debug, Default)]
pub(super) struct Letters(Mutex<BTreeMap<LetterKey, Arc<[PixelSpan]>>>);

impl Letters {
    fn spans(&self, outline: &mut Outline, (glyph, size, phase): LetterKey) -> Arc<[PixelSpan]> {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let spans = letters.entry((glyph, size, phase)).or_insert_with(|| {
            let em = f64::from(size) / 64.0;
            letter_spans(outline, glyph, em, f64::from(phase) / PHASES).into()
        });
        Arc::clone(spans)
    }
}

/// The drawing as a PNG file.
pub(super) fn png(drawing: &Drawing, letters: &Letters) -> Vec<u8> {
    let pixels = |length: f64| length.ceil() as usize * SCALE as usize;
    let colours = drawing.marks.iter().map(Mark::colour).chain(veiled(drawing));
    let mut painter = Painter {
        canvas: Canvas::new(pixels(drawing.width), pixels(drawing.height), colours),
        outline: Outline::default(),
        letters,
    };
    for mark in &drawing.marks {
        painter.mark(mark);
    }
    painter.canvas.encoded(&drawing.description)
}

/// What veils look like on paper, on the grid and on each other: large areas, whose colours must not be those that
/// were left when edges had taken the others.
fn veiled(drawing: &Drawing) -> Vec<Colour> {
    let mut veils: Vec<Colour> = Vec::new();
    for mark in &drawing.marks {
        if let Mark::Veil { colour, .. } = mark
            && !veils.contains(colour)
        {
            veils.push(*colour);
        }
    }
    let over = |below: &[Colour]| -> Vec<Colour> {
        let each = veils.iter().flat_map(|veil| below.iter().map(|below| (*veil, *below)));
        each.map(|(veil, below)| mixed(below, veil, VEIL)).collect()
    };
    let once = over(&[PAPER, GRID]);
    let twice = over(&once[..]);
    once.into_iter().chain(twice).collect()
}

struct Painter<'l> {
    canvas: Canvas,
    outline: Outline,
    letters: &'l Letters,
}

impl Painter<'_> {
    fn mark(&mut self, mark: &Mark) {
        let whole = Paint { colour: mark.colour(), opacity: 1.0 };
        match mark {
            Mark::Rectangle { at, size, .. } => {
                let (x, width) = whole_pixels(at.0, size.0);
                let (y, height) = whole_pixels(at.1, size.1);
                self.fill(&box_of((x, y), (width, height)), whole);
            }
            Mark::Shape { corners, .. } => self.fill(&scaled(corners), whole),
            Mark::Veil { corners, .. } => {
                self.fill(&scaled(corners), Paint { opacity: VEIL, ..whole });
            }
            Mark::Line { points, width, .. } => self.line(points, *width, whole),
            Mark::Disc { centre, radius, .. } => {
                let corner = |index: u32| {
                    let (sin, cos) = (TAU * f64::from(index) / f64::from(DISC_CORNERS)).sin_cos();
                    (centre.0 + radius * cos, centre.1 + radius * sin)
                };
                let corners: Vec<Point> = (0..DISC_CORNERS).map(corner).collect();
                self.fill(&scaled(&corners), whole);
            }
            Mark::Text { at, anchor, size, text, .. } => {
                self.text(*at, *anchor, *size, text, whole);
            }
        }
    }

    fn fill(&mut self, corners: &[Point], paint: Paint) {
        self.outline.close(corners);
        self.outline.spans(|span| self.canvas.paint(span, paint));
    }

    /// A line straight across or down begins and ends with whole pixels sideways: it is as sharp as the page.
    fn line(&mut self, points: &[Point], width: f64, paint: Paint) {
        match *points {
            [from, to] if from.1 == to.1 => {
                let (y, height) = sharp(from.1, width);
                let (left, right) = (from.0.min(to.0) * SCALE, from.0.max(to.0) * SCALE);
                self.fill(&box_of((left, y), (right - left, height)), paint);
            }
            [from, to] if from.0 == to.0 => {
                let (x, width) = sharp(from.0, width);
                let (top, bottom) = (from.1.min(to.1) * SCALE, from.1.max(to.1) * SCALE);
                self.fill(&box_of((x, top), (width, bottom - top)), paint);
            }
            _ => {
                for part in stroke::stroked(&scaled(points), width * SCALE) {
                    self.outline.close(&part);
                }
                self.outline.spans(|span| self.canvas.paint(span, paint));
            }
        }
    }

    fn text(&mut self, at: Point, anchor: Anchor, size: f64, text: &str, paint: Paint) {
        let size = (size * SCALE * 64.0).round();
        let em = size / 64.0;
        let (glyphs, width) = font::glyphs(text);
        let left = at.0 * SCALE
            - match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => width * em / 2.0,
                Anchor::End => width * em,
            };
        let base_line = (at.1 * SCALE).round() as i32;
        for (glyph, place) in glyphs {
            let steps = ((left + place * em) * PHASES).round();
            let phase = steps.rem_euclid(PHASES);
            let pixel = ((steps - phase) / PHASES) as i32;
            let letter = (glyph, size as u32, phase as u8);
            for span in self.letters.spans(&mut self.outline, letter).iter() {
                let moved = PixelSpan { x: span.x + pixel, y: span.y + base_line, ..*span };
                self.canvas.paint(moved, paint);
            }
        }
    }
}

/// Spans of a letter whose base line begins so far right of the upper left corner of pixel (0, 0).
fn letter_spans(outline: &mut Outline, glyph: Glyph, em: f64, right: f64) -> Vec<PixelSpan> {
    for mut contour in font::contours(glyph) {
        for (x, y) in &mut contour {
            (*x, *y) = (*x * em + right, *y * em);
        }
        outline.close(&contour);
    }
    let mut spans = Vec::new();
    outline.spans(|span| spans.push(span));
    spans
}

/// Start and length in whole pixels of a side of a rectangle. The ends of a long one stay where they are, so
/// that neighbours meet; a short one keeps its length, so that all of a kind look alike.
fn whole_pixels(start: f64, length: f64) -> (f64, f64) {
    if length < THIN {
        return sharp(start + length / 2.0, length);
    }
    let from = (start * SCALE).round();
    (from, ((start + length) * SCALE).round() - from)
}

/// Start and width in whole pixels, at least one, of a line around a logical place.
fn sharp(middle: f64, width: f64) -> (f64, f64) {
    let width = (width * SCALE).round().max(1.0);
    ((middle * SCALE - width / 2.0).round(), width)
}

fn box_of((x, y): Point, (width, height): Point) -> [Point; 4] {
    [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
}

fn scaled(points: &[Point]) -> Vec<Point> {
    points.iter().map(|(x, y)| (x * SCALE, y * SCALE)).collect()
}

impl Mark {
    fn colour(&self) -> Colour {
        match self {
            Mark::Rectangle { colour, .. }
            | Mark::Shape { colour, .. }
            | Mark::Veil { colour, .. }
            | Mark::Line { colour, .. }
            | Mark::Disc { colour, .. }
            | Mark::Text { colour, .. } => *colour,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_veils_are_kept_before_edges_take_what_is_left() {
        let mut drawing = Drawing::new(20.0, 20.0, "x");
        let corners = vec![(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)];
        drawing.veil(corners.clone(), (0, 0, 100));
        drawing.veil(corners, (100, 0, 0));
        let kept = veiled(&drawing);
        // On paper and on the grid, each; and each on all four of these.
        assert_eq!(kept.len(), 4 + 8);
        assert_eq!(kept[0], (204, 204, 224));
        assert!(kept.contains(&mixed((204, 204, 224), (100, 0, 0), VEIL)));
    }

    #[test]
    fn thin_things_of_one_width_are_equally_wide_wherever_they_stand() {
        for step in 0..40 {
            let at = f64::from(step) * 0.13;
            assert_eq!(whole_pixels(at, 1.4).1, 3.0);
            assert_eq!(sharp(at, 1.0).1, 2.0);
            assert_eq!(sharp(at, 0.01).1, 1.0);
        }
    }

    #[test]
    fn rectangles_that_meet_leave_no_gap_between_their_pixels() {
        let mut start = 10.0;
        for step in 0..40 {
            let length = 3.0 + f64::from(step) * 0.13;
            let (from, pixels) = whole_pixels(start, length);
            start += length;
            assert_eq!(from + pixels, whole_pixels(start, 50.0).0);
        }
    }

    #[test]
    fn a_letter_is_as_wide_as_the_font_says_and_hangs_on_its_base_line() {
        let (glyphs, width) = font::glyphs("H");
        assert!((width - 1540.0 / 2048.0).abs() < 1e-6);
        let spans = letter_spans(&mut Outline::default(), glyphs[0].0, 20.0, 0.0);
        // `H` of DejaVu Sans is 1493 / 2048 em high: 14.6 pixels of 20.
        let rows: Vec<i32> = spans.iter().map(|span| span.y).collect();
        assert_eq!((rows[0], rows[rows.len() - 1]), (-15, -1));
        let right = spans.iter().map(|span| span.x + span.length).max();
        assert!(right.is_some_and(|right| (13..=15).contains(&right)), "{right:?}");
    }
}
