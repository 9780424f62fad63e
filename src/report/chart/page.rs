//! The page of a figure: title, subtitle, legend above the picture, notes below it. The legend is
//! placed by hand because only here all widths are known.

use super::drawing::{Anchor, Colour, Drawing, Point};
use super::font;
use super::palette::{FAINT, GREY, INK, Look, Marker};
use crate::report::provenance;
use crate::study::Provenance;

/// Width of every figure in logical pixels.
pub(super) const WIDTH: f64 = 960.0;

/// Paper left free around everything.
pub(super) const MARGIN: f64 = 28.0;

const TITLE_SIZE: f64 = 17.0;
const TITLE_ROW: f64 = 23.0;
/// Lines of a title; what is longer is cut.
const MOST_TITLE_LINES: usize = 3;
const SUBTITLE_SIZE: f64 = 12.5;
const LEGEND_SIZE: f64 = 12.5;
const LEGEND_ROW: f64 = 21.0;
const NOTE_SIZE: f64 = 11.5;
const NOTE_ROW: f64 = 16.0;
const SIGNATURE_SIZE: f64 = 9.5;

/// What stands around the picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Surroundings {
    /// What is shown.
    pub(super) title: String,
    /// Of which scenario, how sure.
    pub(super) subtitle: String,
    /// What the signs mean.
    pub(super) legend: Vec<LegendEntry>,
    /// What a reader must know, one remark each.
    pub(super) notes: Vec<String>,
}

/// One entry of the legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LegendEntry {
    /// The sign.
    pub(super) sign: Sign,
    /// What it means.
    pub(super) label: String,
}

/// A sign of the legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sign {
    /// A filled area.
    Patch(Colour),
    /// A line, with its marker if it has one.
    Line(Look, bool),
    /// A marker.
    Dot(Marker, Colour),
    /// A hollow marker.
    Ring(Marker, Colour),
}

impl LegendEntry {
    /// An entry whose label is cut to a bearable length.
    pub(super) fn new(sign: Sign, label: &str) -> Self {
        Self { sign, label: font::fitted(label, LEGEND_SIZE, 260.0) }
    }

    fn width(&self) -> f64 {
        self.sign_width() + 7.0 + font::width(&self.label, LEGEND_SIZE) + 20.0
    }

    fn sign_width(&self) -> f64 {
        match self.sign {
            Sign::Line(..) => 30.0,
            _ => 13.0,
        }
    }

    fn draw(&self, drawing: &mut Drawing, (x, y): Point) {
        let width = self.sign_width();
        let middle = (x + width / 2.0, y);
        match self.sign {
            Sign::Patch(colour) => drawing.rectangle((x, y - 6.5), (13.0, 13.0), colour),
            Sign::Line(look, marked) => {
                drawing.dashed(&[(x, y), (x + width, y)], 2.2, look.colour, look.dash);
                if marked {
                    look.marker.draw(drawing, middle, 4.5, look.colour);
                }
            }
            Sign::Dot(marker, colour) => marker.draw(drawing, middle, 5.0, colour),
            Sign::Ring(marker, colour) => marker.draw_hollow(drawing, middle, 5.0, colour),
        }
        let at = (x + width + 7.0, y);
        drawing.label(at, Anchor::Start, LEGEND_SIZE, INK, &self.label);
    }
}

/// A page with its words around a picture of this height; with it the top of the picture.
pub(super) fn page(words: &Surroundings, picture_height: f64) -> (Drawing, f64) {
    let room = WIDTH - 2.0 * MARGIN;
    let places = legend_places(&words.legend, room);
    let rows = places.iter().map(|(row, _)| row + 1).max().unwrap_or(0);
    let subtitle = font::wrapped(&words.subtitle, SUBTITLE_SIZE, room);
    let notes: Vec<String> =
        words.notes.iter().flat_map(|note| font::wrapped(note, NOTE_SIZE, room)).collect();

    let title = title_lines(&words.title, room);
    let under_title = MARGIN + TITLE_ROW * title.len().max(1) as f64;
    let legend_top = under_title + 18.0 * subtitle.len() as f64 + 12.0;
    let top = legend_top + LEGEND_ROW * rows as f64 + if rows > 0 { 10.0 } else { 0.0 };
    let notes_top = top + picture_height + if notes.is_empty() { 0.0 } else { 10.0 };
    let height = notes_top + NOTE_ROW * notes.len() as f64 + MARGIN * 0.75;

    let mut drawing = Drawing::new(WIDTH, height.ceil(), &words.title);
    for (index, line) in title.iter().enumerate() {
        let at = (MARGIN, MARGIN + TITLE_SIZE * 0.76 + TITLE_ROW * index as f64);
        drawing.text(at, Anchor::Start, TITLE_SIZE, INK, line);
    }
    for (index, line) in subtitle.iter().enumerate() {
        let at = (MARGIN, under_title + 18.0 * index as f64 + SUBTITLE_SIZE);
        drawing.text(at, Anchor::Start, SUBTITLE_SIZE, GREY, line);
    }
    for (key, (row, x)) in words.legend.iter().zip(&places) {
        let y = legend_top + LEGEND_ROW * (*row as f64 + 0.5);
        key.draw(&mut drawing, (MARGIN + x, y));
    }
    for (index, line) in notes.iter().enumerate() {
        let at = (MARGIN, notes_top + NOTE_ROW * index as f64 + NOTE_SIZE);
        drawing.text(at, Anchor::Start, NOTE_SIZE, GREY, line);
    }
    (drawing, top)
}

/// The title in lines, at most so many: the last one has what is left of it, cut to fit.
fn title_lines(title: &str, room: f64) -> Vec<String> {
    let mut lines = font::wrapped(title, TITLE_SIZE, room);
    if lines.len() > MOST_TITLE_LINES {
        let rest = lines.split_off(MOST_TITLE_LINES - 1).join(" ");
        lines.push(font::fitted(&rest, TITLE_SIZE, room));
    }
    lines
}

/// Writes into the lower right corner, and into the file, what the figures are from. There the margin is
/// free of anything else.
pub(super) fn sign(drawing: &mut Drawing, from: &Provenance) {
    let at = (drawing.width - MARGIN, drawing.height - 9.0);
    drawing.text(at, Anchor::End, SIGNATURE_SIZE, FAINT, &provenance::short(from));
    drawing.description = provenance::whole(from);
}

/// Row and left edge of every entry, in columns of one width where there is more than one row.
fn legend_places(legend: &[LegendEntry], room: f64) -> Vec<(usize, f64)> {
    let total: f64 = legend.iter().map(LegendEntry::width).sum();
    let widest = legend.iter().map(LegendEntry::width).fold(1.0, f64::max);
    let columns = ((room / widest).floor() as usize).max(1);
    let mut x = 0.0;
    let place = |(index, key): (usize, &LegendEntry)| {
        if total <= room {
            let left = x;
            x += key.width();
            (0, left)
        } else {
            (index / columns, (index % columns) as f64 * widest)
        }
    };
    legend.iter().enumerate().map(place).collect()
}

/// A page that says why there is no picture; no file is made of it.
pub(super) fn empty(words: &Surroundings, why: &str) -> Drawing {
    let words = Surroundings { legend: Vec::new(), ..words.clone() };
    let (mut drawing, top) = page(&words, 120.0);
    let why = font::fitted(why, 14.0, WIDTH - 2.0 * MARGIN);
    drawing.label((WIDTH / 2.0, top + 56.0), Anchor::Middle, 14.0, GREY, &why);
    drawing.is_empty = true;
    drawing
}
