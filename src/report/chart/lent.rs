//! Fonts that were lent, for letters that the program's own font has not: those of the system, which the command
//! line looks for. Without them such letters are drawn as their code points.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use ab_glyph::{Font, FontRef, FontVec, GlyphId, Outline};

/// Only ever longer: a glyph says by its place which font it is of.
static LENT: RwLock<Vec<FontVec>> = RwLock::new(Vec::new());

/// A font file, and which of the fonts in it.
#[derive(Debug, Clone)]
pub struct FontFile {
    /// Of a TrueType or OpenType font, or of a collection.
    pub bytes: Vec<u8>,
    /// Which font of a collection; 0 otherwise.
    pub index: u32,
}

/// Lends fonts for all figures from now on, behind those that were lent before; the first that has a letter draws it.
/// Files that are no fonts are left out.
pub fn lend_fonts(files: Vec<FontFile>) {
    let font = |file: FontFile| FontVec::try_from_vec_and_index(file.bytes, file.index).ok();
    let mut lent = LENT.write().unwrap_or_else(PoisonError::into_inner);
    lent.extend(files.into_iter().filter_map(font));
}

/// Which of these letters a font can draw.
pub fn drawn_by(bytes: &[u8], index: u32, letters: &BTreeSet<char>) -> BTreeSet<char> {
    let Ok(font) = FontRef::try_from_slice_and_index(bytes, index) else {
        return BTreeSet::new();
    };
    letters.iter().copied().filter(|letter| glyph_of(&font, *letter).is_some()).collect()
}

/// A glyph with lines to draw: fonts of coloured emoji have none.
fn glyph_of(font: &impl Font, letter: char) -> Option<GlyphId> {
    let glyph = font.glyph_id(letter);
    (glyph.0 != 0 && font.outline(glyph).is_some()).then_some(glyph)
}

fn lent() -> RwLockReadGuard<'static, Vec<FontVec>> {
    LENT.read().unwrap_or_else(PoisonError::into_inner)
}

/// Which lent font has a letter, and as which glyph.
pub(super) fn find(letter: char) -> Option<(usize, GlyphId)> {
    let fonts = lent();
    fonts.iter().enumerate().find_map(|(place, font)| Some((place, glyph_of(font, letter)?)))
}

/// The outline of a glyph, its advance, and ems of one unit of both.
pub(super) fn shape(place: usize, glyph: GlyphId) -> (Option<Outline>, f64, f64) {
    let fonts = lent();
    let font = &fonts[place];
    let unit = 1.0 / f64::from(font.units_per_em().unwrap_or(1000.0));
    (font.outline(glyph), f64::from(font.h_advance_unscaled(glyph)), unit)
}
