//! Names beside dots, placed so that none covers another name or a dot.

use super::drawing::{Anchor, Drawing, Point};
use super::font;
use super::palette::{GREY, INK, PALE};

const SIZE: f64 = 12.0;

/// Room a dot needs around its centre.
const DOT: f64 = 8.0;

/// Directions tried, best first: right and up, left, above, below, then the rest.
const DIRECTIONS: [Point; 8] = [
    (1.0, 0.0),
    (0.8, -0.7),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (-0.8, 0.7),
    (0.8, 0.7),
    (-0.8, -0.7),
];

/// Distances tried, nearest first.
const DISTANCES: [f64; 7] = [11.0, 20.0, 32.0, 46.0, 62.0, 80.0, 104.0];

/// Places every name beside its dot within `edges` (left, top, right, bottom), in order, off the
/// other dots and off `lines`; a thin line leads to those that stand far off. Names for which
/// no place is free are listed in the lower right corner; answers with their number.
pub(super) fn place(
    drawing: &mut Drawing,
    dots: &[(Point, String)],
    lines: &[[Point; 2]],
    edges: [f64; 4],
) -> usize {
    let around = |(x, y): &Point| [x - DOT, y - DOT, x + DOT, y + DOT];
    let mut taken: Vec<[f64; 4]> = dots.iter().map(|(dot, _)| around(dot)).collect();
    taken.extend(lines.iter().flat_map(along));
    let mut homeless = Vec::new();
    for (dot, name) in dots {
        let name = font::fitted(name, SIZE, 230.0);
        let tries = DISTANCES.iter().flat_map(|far| DIRECTIONS.map(|way| (*far, way)));
        let free =
            tries.map(|(far, way)| (far, candidate(*dot, far, way))).find(|(_, (at, anchor))| {
                let own = font::text_box(*at, *anchor, SIZE, &name);
                within(own, edges) && !taken.iter().any(|other| overlap(own, *other))
            });
        let Some((far, (at, anchor))) = free else {
            homeless.push(name);
            continue;
        };
        let own = font::text_box(at, anchor, SIZE, &name);
        if far > 12.0 {
            let end = (dot.0.clamp(own[0], own[2]), dot.1.clamp(own[1], own[3]));
            let length = (end.0 - dot.0).hypot(end.1 - dot.1).max(DOT);
            let rim = DOT / length;
            let start = (dot.0 + rim * (end.0 - dot.0), dot.1 + rim * (end.1 - dot.1));
            drawing.line(vec![start, end], 1.0, PALE);
        }
        drawing.text(at, anchor, SIZE, INK, &name);
        taken.push(own);
    }
    if !homeless.is_empty() {
        let said = format!("without room for a name: {}", homeless.join(", "));
        let said = font::fitted(&said, SIZE, (edges[2] - edges[0]) * 0.9);
        let at = (edges[2] - 6.0, edges[3] - SIZE);
        drawing.label(at, Anchor::End, SIZE, GREY, &said);
    }
    homeless.len()
}

/// Small boxes along a line.
fn along([from, to]: &[Point; 2]) -> Vec<[f64; 4]> {
    const STEP: f64 = 6.0;
    let pieces = ((to.0 - from.0).hypot(to.1 - from.1) / STEP).ceil().clamp(1.0, 400.0);
    (0..=pieces as u32)
        .map(|piece| {
            let share = f64::from(piece) / pieces;
            let (x, y) = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            [x - 2.0, y - 2.0, x + 2.0, y + 2.0]
        })
        .collect()
}

/// Where the base line of a name stands that lies `far` from its dot in this direction.
fn candidate((x, y): Point, far: f64, (across, down): Point) -> (Point, Anchor) {
    let anchor = match across {
        _ if across > 0.1 => Anchor::Start,
        _ if across < -0.1 => Anchor::End,
        _ => Anchor::Middle,
    };
    let lift = if across == 0.0 { SIZE * 0.3 * down } else { 0.0 };
    ((x + far * across, y + far * down + lift + SIZE * 0.36), anchor)
}

fn within(own: [f64; 4], edges: [f64; 4]) -> bool {
    own[0] >= edges[0] && own[1] >= edges[1] && own[2] <= edges[2] && own[3] <= edges[3]
}

/// Whether two boxes share any area.
pub(super) fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;

    #[test]
    fn names_of_crowded_dots_cover_neither_each_other_nor_a_dot() {
        let dots: Vec<(Point, String)> = (0..12)
            .map(|index| {
                let step = f64::from(index);
                (
                    (300.0 + 9.0 * step, 200.0 - 4.0 * step),
                    format!("a-layout-with-a-long-name-{index}"),
                )
            })
            .collect();
        let mut drawing = Drawing::new(900.0, 400.0, "x");
        let homeless = place(&mut drawing, &dots, &[], [0.0, 0.0, 900.0, 400.0]);
        assert_eq!(homeless, 0);
        let mut boxes: Vec<[f64; 4]> =
            dots.iter().map(|((x, y), _)| [x - DOT, y - DOT, x + DOT, y + DOT]).collect();
        for mark in &drawing.marks {
            if let Mark::Text { at, anchor, size, text, .. } = mark {
                let own = font::text_box(*at, *anchor, *size, text);
                assert!(!boxes.iter().any(|other| overlap(own, *other)), "{text}");
                boxes.push(own);
            }
        }
        assert_eq!(boxes.len(), 24);
    }

    #[test]
    fn a_name_without_room_beside_its_dot_is_said_in_the_corner() {
        let mut drawing = Drawing::new(300.0, 40.0, "x");
        let dots: Vec<(Point, String)> =
            (0..9).map(|_| ((150.0, 20.0), "a-name-of-some-length".to_owned())).collect();
        let homeless = place(&mut drawing, &dots, &[], [0.0, 0.0, 300.0, 40.0]);
        assert!(homeless > 0);
        let is_said = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text.starts_with("without room"));
        assert!(drawing.marks.iter().any(is_said));
    }
}
