//! The font of all figures: a subset of DejaVu Sans carried in the program, so that a machine
//! without fonts draws the same bytes as any other. What it has not is drawn by a font that was lent, or else as
//! its code point, written small in a box: a name is never left blank.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, GlyphId, Outline, OutlineCurve};
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::drawing::{Anchor, Point};
use super::lent;
use crate::report::names::shortened;

/// A letter or sign as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Glyph {
    /// Of the program's own font.
    Own(GlyphId),
    /// Of a lent font, by its place among them.
    Lent(usize, GlyphId),
    /// Of none: its code point in a box.
    Code(char),
}

impl Glyph {
    fn of(letter: char) -> Self {
        if has(letter) {
            return Glyph::Own(face().glyph_id(letter));
        }
        match lent::find(letter) {
            Some((place, glyph)) => Glyph::Lent(place, glyph),
            None => Glyph::Code(letter),
        }
    }

    /// (ems)
    fn advance(self) -> f64 {
        match self {
            Glyph::Own(glyph) => f64::from(face().h_advance_unscaled(glyph)) * unit(),
            Glyph::Lent(place, glyph) => {
                let (_, advance, unit) = lent::shape(place, glyph);
                advance * unit
            }
            Glyph::Code(letter) => CODE_DIGIT * digits_across(letter) + 2.0 * CODE_MARGIN,
        }
    }
}

/// Whether the program's own font has a letter.
fn has(letter: char) -> bool {
    face().glyph_id(letter).0 != 0
}

/// Joins and chooses the look of the letter before it: nothing by itself.
fn only_joins(letter: char) -> bool {
    matches!(letter, '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

/// Letters of a text that no font here has: neither the program's own nor one that was lent.
pub fn letters_without_font(text: &str) -> BTreeSet<char> {
    let strange = text.chars().filter(|letter| !letter.is_ascii() && !has(*letter));
    let strange: BTreeSet<char> = strange.filter(|letter| !only_joins(*letter)).collect();
    strange.into_iter().filter(|letter| lent::find(*letter).is_none()).collect()
}

/// Width of a digit in the box of a code point, and paper left and right of all (ems).
const CODE_DIGIT: f64 = 0.27;
const CODE_MARGIN: f64 = 0.14;
/// Size of such a digit (ems).
const CODE_SIZE: f64 = 0.40;

/// Digits of each of the two lines of a code point.
fn digits_across(letter: char) -> f64 {
    if u32::from(letter) > 0xFFFF { 3.0 } else { 2.0 }
}

/// Licence beside it: `LICENSE-DejaVu.txt`.
static BYTES: &[u8] = include_bytes!("../../../data/fonts/dejavu-sans-subset.ttf");

/// Name of the font here and in SVG, where Verdana has the same widths and any other is narrower.
pub(super) const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// Em sizes of the font that the rasteriser's size stands for: it counts from ascender to
/// descender, (1901 + 483) / 2048 em in DejaVu Sans.
pub(super) const RASTER_EM: f64 = 2384.0 / 2048.0;

/// Em sizes of the font that the size of plotters' SVG stands for.
pub(super) const SVG_EM: f64 = 1.24;

/// The font at a size in the counting of plotters.
pub(super) fn at_size(size: f64) -> FontDesc<'static> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let registered =
        REGISTERED.get_or_init(|| register_font(FAMILY, FontStyle::Normal, BYTES).is_ok());
    assert!(registered, "the font in the program must be readable");
    FontDesc::new(FontFamily::Name(FAMILY), size, FontStyle::Normal)
}

/// The outlines of the font.
fn face() -> &'static FontRef<'static> {
    static FACE: OnceLock<FontRef<'static>> = OnceLock::new();
    FACE.get_or_init(|| match FontRef::try_from_slice(BYTES) {
        Ok(face) => face,
        Err(error) => panic!("the font in the program must be readable: {error}"),
    })
}

/// Ems of one unit of the font.
fn unit() -> f64 {
    1.0 / f64::from(face().units_per_em().unwrap_or(2048.0))
}

/// The glyphs of a text, where each begins on the base line, and where the last one ends (ems).
pub(super) fn glyphs(text: &str) -> (Vec<(Glyph, f64)>, f64) {
    let mut place = 0.0;
    let mut before = None;
    let mut glyphs = Vec::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !only_joins(*letter)) {
        let glyph = Glyph::of(letter);
        if let (Some(Glyph::Own(before)), Glyph::Own(glyph)) = (before.replace(glyph), glyph) {
            place += f64::from(face().kern_unscaled(before, glyph)) * unit();
        }
        glyphs.push((glyph, place));
        place += glyph.advance();
    }
    (glyphs, place)
}

/// The closed lines of a glyph whose base line begins at (0, 0), downward from there (ems).
pub(super) fn contours(glyph: Glyph) -> Vec<Vec<Point>> {
    match glyph {
        Glyph::Own(glyph) => lines(face().outline(glyph), unit()),
        Glyph::Lent(place, glyph) => {
            let (outline, _, unit) = lent::shape(place, glyph);
            lines(outline, unit)
        }
        Glyph::Code(letter) => code_lines(letter),
    }
}

/// A box with the code point in it, in two lines.
fn code_lines(letter: char) -> Vec<Vec<Point>> {
    const LINE: f64 = 0.05;
    let [left, top, right, foot] = [0.06, -0.80, Glyph::Code(letter).advance() - 0.06, 0.12];
    let corners = |by: f64| {
        let (left, top, right, foot) = (left + by, top + by, right - by, foot - by);
        vec![(left, top), (right, top), (right, foot), (left, foot)]
    };
    let (outer, mut inner) = (corners(0.0), corners(LINE));
    inner.reverse();
    let mut all = vec![outer, inner];
    let across = digits_across(letter) as usize;
    let code = format!("{:0width$X}", u32::from(letter), width = 2 * across);
    for (index, digit) in code.chars().enumerate() {
        let x = CODE_MARGIN + CODE_DIGIT * (index % across) as f64;
        let y = if index < across { -0.40 } else { 0.02 };
        let moved = |(dx, dy): Point| (x + dx * CODE_SIZE, y + dy * CODE_SIZE);
        let own = contours(Glyph::Own(face().glyph_id(digit)));
        all.extend(own.into_iter().map(|line| line.into_iter().map(moved).collect()));
    }
    all
}

/// An outline as closed lines.
fn lines(outline: Option<Outline>, unit: f64) -> Vec<Vec<Point>> {
    let ems = |point: ab_glyph::Point| (f64::from(point.x) * unit, -f64::from(point.y) * unit);
    let mut contours: Vec<Vec<Point>> = Vec::new();
    let mut end = None;
    for curve in outline.into_iter().flat_map(|outline| outline.curves) {
        let (from, to) = match &curve {
            OutlineCurve::Line(from, to) => (*from, *to),
            OutlineCurve::Quad(from, _, to) | OutlineCurve::Cubic(from, _, _, to) => (*from, *to),
        };
        if end != Some(from) {
            contours.push(vec![ems(from)]);
        }
        end = Some(to);
        let pieces = if matches!(curve, OutlineCurve::Line(..)) { 1 } else { BENDS };
        let corner = |step| ems(on_curve(&curve, f32::from(step) / f32::from(pieces)));
        if let Some(contour) = contours.last_mut() {
            contour.extend((1..=pieces).map(corner));
        }
    }
    contours
}

/// Straight pieces of a bent part of a letter: at sizes of charts nobody sees their corners.
const BENDS: u8 = 4;

/// The point at a share (0 to 1) of the way along a curve.
fn on_curve(curve: &OutlineCurve, share: f32) -> ab_glyph::Point {
    let between = |a: ab_glyph::Point, b: ab_glyph::Point| {
        ab_glyph::point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
    };
    match *curve {
        OutlineCurve::Line(a, b) => between(a, b),
        OutlineCurve::Quad(a, b, c) => between(between(a, b), between(b, c)),
        OutlineCurve::Cubic(a, b, c, d) => {
            let (ab, bc, cd) = (between(a, b), between(b, c), between(c, d));
            between(between(ab, bc), between(bc, cd))
        }
    }
}

/// Width of a text whose em is `size` logical pixels.
pub(super) fn width(text: &str, size: f64) -> f64 {
    if !text.chars().all(has) {
        return glyphs(text).1 * size;
    }
    // Widths come as whole pixels, so they are measured large.
    const LARGE: f64 = 1000.0;
    match at_size(LARGE * RASTER_EM).layout_box(text) {
        Ok((_, (width, _))) => f64::from(width) * size / LARGE,
        Err(error) => panic!("the font was registered: {error}"),
    }
}

/// The box of a text: left, top, right, bottom.
pub(super) fn text_box(at: Point, anchor: Anchor, size: f64, text: &str) -> [f64; 4] {
    let width = width(text, size);
    let left = match anchor {
        Anchor::Start => at.0,
        Anchor::Middle => at.0 - width / 2.0,
        Anchor::End => at.0 - width,
    };
    [left, at.1 - 0.76 * size, left + width, at.1 + 0.24 * size]
}

/// The text, its middle cut out by `…` where it is wider than `room`.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let (mut fits, mut too_many) = (1, text.chars().count());
    while too_many - fits > 1 {
        let middle = fits + (too_many - fits) / 2;
        if width(&shortened(text, middle), size) <= room {
            fits = middle;
        } else {
            too_many = middle;
        }
    }
    shortened(text, fits)
}

/// The text broken at spaces into lines no wider than `room`.
pub(super) fn wrapped(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let word = fitted(word, size, room);
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // Advances of DejaVu Sans in 1/2048 em: `m` 1995, `i` 569, `0` 1303.
        for (text, units) in [("m", 1995.0), ("i", 569.0), ("00", 2606.0)] {
            let expected = units / 2048.0 * 12.0;
            assert!((width(text, 12.0) - expected).abs() < 0.05, "{text}");
        }
    }

    #[test]
    fn every_sign_that_charts_write_is_in_the_font() {
        let absent = width("\u{10FFFD}", 12.0);
        for sign in "µ±−×…€$£≤%–·".chars() {
            let own = width(&sign.to_string(), 12.0);
            assert!(own > 0.0 && (own - absent).abs() > 0.01, "{sign}");
        }
    }

    #[test]
    fn a_letter_that_no_font_has_is_drawn_as_its_code_point_and_never_as_nothing() {
        assert_eq!(
            letters_without_font("shop 주문 µ 🚀\u{FE0F}"),
            BTreeSet::from(['문', '주', '🚀'])
        );
        for (text, least) in [("주문", 1.6), ("🚀", 1.0), ("\u{10FFFD}", 1.0)] {
            let (found, width) = glyphs(text);
            assert_eq!(found.len(), text.chars().count());
            assert!((least..2.0).contains(&width), "{text}: {width}");
            for (glyph, _) in found {
                // The box, and a line at least for each digit, none of them outside.
                let lines = contours(glyph);
                assert!(lines.len() >= 6, "{text}: {}", lines.len());
                let right = lines.iter().flatten().map(|point| point.0).fold(0.0, f64::max);
                assert!(right < glyph.advance(), "{text}");
            }
        }
        assert!(width("가나다", 10.0) > 24.0);
    }

    #[test]
    fn a_text_too_wide_is_cut_to_fit() {
        let text = fitted("a-very-long-name-indeed-of-a-layout", 12.0, 80.0);
        assert!(text.contains('…') && width(&text, 12.0) <= 80.0);
        assert_eq!(fitted("short", 12.0, 80.0), "short");
    }

    #[test]
    fn lines_break_at_spaces_and_none_is_too_wide() {
        let text =
            "left out as unstable: distributed-monolith at 800/s and 1,600/s, msa at 1,600/s";
        let lines = wrapped(text, 11.0, 180.0);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| width(line, 11.0) <= 180.0));
        assert_eq!(lines.join(" "), text);
    }
}
