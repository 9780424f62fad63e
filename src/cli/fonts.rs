//! Fonts of the system, lent to figures for names in letters that the program's own font has not.

use std::collections::BTreeSet;

use fontdb::{Database, FaceInfo, Style};

use crate::report::{FontFile, drawn_by, lend_fonts, letters_without_font};

/// Fonts that are lent at most: one for each writing that a name mixes.
const MOST: usize = 4;

/// Looks for fonts that draw what is strange in a text, and lends them to all figures. Where every letter is known,
/// no file is looked at.
pub(super) fn lend_for(text: &str) {
    let mut strange = letters_without_font(text);
    if strange.is_empty() {
        return;
    }
    let mut system = Database::new();
    system.load_system_fonts();
    let mut faces: Vec<&FaceInfo> = system.faces().collect();
    // Upright and regular before all others, then by name, so that a machine always chooses the same.
    faces.sort_by_key(|face| {
        let weight = face.weight.0.abs_diff(400);
        (face.style != Style::Normal, weight, face.post_script_name.clone(), face.index)
    });
    let mut lent = Vec::new();
    while !strange.is_empty() && lent.len() < MOST {
        let Some((font, drawn)) = best(&system, &faces, &strange) else { break };
        strange.retain(|letter| !drawn.contains(letter));
        lent.push(font);
    }
    lend_fonts(lent);
}

/// The first of the faces that draw the most of these letters, with what it draws; `None` where none draws any.
fn best(
    system: &Database,
    faces: &[&FaceInfo],
    strange: &BTreeSet<char>,
) -> Option<(FontFile, BTreeSet<char>)> {
    let drawn = |face: &FaceInfo| {
        let drawn = system.with_face_data(face.id, |bytes, index| drawn_by(bytes, index, strange));
        drawn.unwrap_or_default()
    };
    let found = faces.iter().map(|face| (face, drawn(face)));
    let found = found.filter(|(_, drawn)| !drawn.is_empty());
    // Of several alike the last one is greatest, so they are looked at from behind.
    let found: Vec<_> = found.collect();
    let (face, drawn) = found.into_iter().rev().max_by_key(|(_, drawn)| drawn.len())?;
    let font =
        system.with_face_data(face.id, |bytes, index| FontFile { bytes: bytes.to_vec(), index });
    Some((font?, drawn))
}
