//! The pixels of a PNG: a byte each, which names a colour of the picture's own list. A chart has few
//! colours, and a byte a pixel is a third of the work at each step from here to the file.

use std::collections::BTreeMap;

use super::drawing::Colour;
use super::outline::{PixelSpan, WHOLE};
use super::palette::PAPER;

/// As many colours as a byte tells apart.
const MOST_COLOURS: usize = 256;

/// How much of its colour a paint has: 1 for all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paint {
    /// Colour.
    pub(super) colour: Colour,
    /// Share of it that covers what is below.
    pub(super) opacity: f64,
}

/// A page of white paper to paint on.
#[derive(Debug)]
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    colours: Vec<Colour>,
    named: BTreeMap<Colour, u8>,
    mixer: Mixer,
}

/// What becomes of a colour below a paint, for each coverage. Asked for every pixel of an edge, so it is
/// remembered.
#[derive(Debug, Default)]
struct Mixer {
    /// Of whom `mixed` tells.
    paint: Option<Paint>,
    /// The number of its colour, once that was asked for.
    whole: Option<u8>,
    /// By colour below and coverage.
    mixed: Vec<Option<u8>>,
    /// Where it tells of them: few of the many.
    told: Vec<usize>,
}

impl Mixer {
    /// Forgets all where another paint is to be told of.
    fn turn_to(&mut self, paint: Paint) {
        if self.paint == Some(paint) {
            return;
        }
        (self.paint, self.whole) = (Some(paint), None);
        self.mixed.resize(MOST_COLOURS * (usize::from(WHOLE) + 1), None);
        self.told.drain(..).for_each(|slot| self.mixed[slot] = None);
    }
}

impl Canvas {
    /// A page of so many pixels that is going to have these `colours` whole, besides mixtures of them.
    pub(super) fn new(width: usize, height: usize, colours: impl Iterator<Item = Colour>) -> Self {
        let mut canvas = Canvas {
            width,
            height,
            pixels: vec![0; width * height],
            colours: Vec::new(),
            named: BTreeMap::new(),
            mixer: Mixer::default(),
        };
        // Paper is colour 0, of which a new page is made.
        for colour in std::iter::once(PAPER).chain(colours) {
            canvas.name(colour);
        }
        canvas
    }

    /// Paints pixels; those outside the page are left out.
    pub(super) fn paint(&mut self, span: PixelSpan, paint: Paint) {
        let (Ok(y), from) = (usize::try_from(span.y), span.x.max(0) as usize) else { return };
        let to = usize::try_from(span.x + span.length).map_or(0, |to| to.min(self.width));
        if y >= self.height || from >= to {
            return;
        }
        self.mixer.turn_to(paint);
        let row = y * self.width;
        if span.coverage == WHOLE && paint.opacity == 1.0 {
            let name = match self.mixer.whole {
                Some(name) => name,
                None => self.name(paint.colour),
            };
            self.mixer.whole = Some(name);
            return self.pixels[row + from..row + to].fill(name);
        }
        for at in row + from..row + to {
            self.pixels[at] = self.mix(self.pixels[at], span.coverage, paint);
        }
    }

    /// The colour below, by name, where a paint covers so much of it.
    fn mix(&mut self, below: u8, coverage: u8, paint: Paint) -> u8 {
        let slot = usize::from(below) * (usize::from(WHOLE) + 1) + usize::from(coverage);
        if let Some(name) = self.mixer.mixed[slot] {
            return name;
        }
        let share = f64::from(coverage) / f64::from(WHOLE) * paint.opacity;
        let name = self.name(mixed(self.colours[usize::from(below)], paint.colour, share));
        self.mixer.mixed[slot] = Some(name);
        self.mixer.told.push(slot);
        name
    }

    /// The number of a colour; of the nearest one where there is no number left.
    fn name(&mut self, colour: Colour) -> u8 {
        if let Some(name) = self.named.get(&colour) {
            return *name;
        }
        if self.colours.len() < MOST_COLOURS {
            let name = self.colours.len() as u8;
            self.colours.push(colour);
            self.named.insert(colour, name);
            return name;
        }
        let distance = |other: &Colour| {
            let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
            square(other.0, colour.0) + square(other.1, colour.1) + square(other.2, colour.2)
        };
        let nearest = (0..=u8::MAX).min_by_key(|name| distance(&self.colours[usize::from(*name)]));
        nearest.unwrap_or(0)
    }

    /// The page as a PNG file that says what it was made from.
    pub(super) fn encoded(&self, description: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(
            self.colours
                .iter()
                .flat_map(|colour| [colour.0, colour.1, colour.2])
                .collect::<Vec<_>>(),
        );
        // The difference to the row above is nothing nearly everywhere.
        encoder.set_compression(png::Compression::Fast);
        encoder.set_filter(png::Filter::Up);
        let described = encoder.add_itxt_chunk("Description".to_owned(), description.to_owned());
        assert!(described.is_ok(), "a PNG takes any text: {described:?}");
        let written = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(&self.pixels)?;
            writer.finish()
        });
        assert!(written.is_ok(), "writing a PNG to memory cannot fail: {written:?}");
        bytes
    }
}

/// A colour of which another one covers a share.
pub(super) fn mixed(under: Colour, over: Colour, share: f64) -> Colour {
    let part = |under: u8, over: u8| {
        (f64::from(under) + (f64::from(over) - f64::from(under)) * share).round() as u8
    };
    (part(under.0, over.0), part(under.1, over.1), part(under.2, over.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(x: i32, length: i32, coverage: u8) -> PixelSpan {
        PixelSpan { y: 0, x, length, coverage }
    }

    fn row(canvas: &Canvas) -> Vec<Colour> {
        let row = &canvas.pixels[..canvas.width];
        row.iter().map(|name| canvas.colours[usize::from(*name)]).collect()
    }

    #[test]
    fn a_paint_covers_or_mixes_and_ends_at_the_borders() {
        let mut canvas = Canvas::new(4, 1, [].into_iter());
        let black = Paint { colour: (0, 0, 0), opacity: 1.0 };
        canvas.paint(span(-3, 4, WHOLE), black);
        canvas.paint(span(2, 9, WHOLE / 2), black);
        canvas.paint(PixelSpan { y: 1, ..span(0, 4, WHOLE) }, black);
        canvas.paint(PixelSpan { y: -1, ..span(0, 4, WHOLE) }, black);
        assert_eq!(row(&canvas), [(0, 0, 0), PAPER, (128, 128, 128), (128, 128, 128)]);
        canvas.paint(span(1, 1, WHOLE), Paint { colour: (155, 255, 55), opacity: 0.2 });
        assert_eq!(row(&canvas)[1], (235, 255, 215));
    }

    #[test]
    fn where_colours_run_out_the_nearest_is_taken_and_whole_ones_stay_what_they_are() {
        let red = (255, 0, 0);
        let mut canvas = Canvas::new(2, 1, [red].into_iter());
        for grey in 0..=255 {
            canvas.paint(span(0, 1, WHOLE), Paint { colour: (grey, grey, 9), opacity: 1.0 });
        }
        assert_eq!(canvas.colours.len(), MOST_COLOURS);
        canvas.paint(span(0, 1, WHOLE), Paint { colour: red, opacity: 1.0 });
        canvas.paint(span(1, 1, WHOLE), Paint { colour: (100, 101, 9), opacity: 1.0 });
        assert_eq!(row(&canvas), [red, (100, 100, 9)]);
    }
}
