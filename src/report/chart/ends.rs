//! Names at the right ends of curves, instead of a legend: the eye need not travel. Each has a leader in the
//! look of its curve, so that it is told by colour and by dash.

use super::drawing::{Anchor, Drawing, Point};
use super::font;
use super::palette::{INK, Look};
use super::plane::AFTER;

const SIZE: f64 = 12.0;
const ROW: f64 = 16.0;
const LEADER: f64 = 26.0;
const MOST_ROOM: f64 = 170.0;

/// More names than this are a legend.
const MOST: usize = 8;

/// The end of a curve and its name.
pub(super) struct CurveEnd {
    /// Where the curve ends.
    pub(super) at: Point,
    /// What it is called.
    pub(super) name: String,
    /// How it is drawn.
    pub(super) look: Look,
}

/// Paper right of the area that the names of so many curves take; `None` where they belong into a legend.
pub(super) fn room<'a>(names: impl Iterator<Item = &'a str>) -> Option<f64> {
    let widths: Vec<f64> = names.map(|name| font::width(name, SIZE)).collect();
    let widest = widths.iter().copied().fold(0.0, f64::max).min(MOST_ROOM);
    (1..=MOST).contains(&widths.len()).then_some((LEADER + widest + 8.0).max(AFTER))
}

/// Writes the names right of an area with these edges (left, top, right, bottom), each as near to the height of its
/// end as the others let it.
pub(super) fn name(drawing: &mut Drawing, edges: [f64; 4], mut ends: Vec<CurveEnd>) {
    let [_, top, right, foot] = edges;
    ends.sort_by(|a, b| a.at.1.total_cmp(&b.at.1));
    let heights: Vec<f64> = ends.iter().map(|end| end.at.1).collect();
    for (end, y) in ends.iter().zip(apart(&heights, ROW, [top - 4.0, foot + 4.0])) {
        let leader = [end.at, (right + LEADER - 5.0, y)];
        drawing.dashed(&leader, 1.2, end.look.colour, end.look.dash);
        let name = font::fitted(&end.name, SIZE, MOST_ROOM);
        drawing.label((right + LEADER, y), Anchor::Start, SIZE, INK, &name);
    }
}

/// Rising places moved as little as need be to keep a distance, between two bounds where there is room for all.
fn apart(places: &[f64], distance: f64, [low, high]: [f64; 2]) -> Vec<f64> {
    let mut moved: Vec<f64> = Vec::with_capacity(places.len());
    for place in places {
        let least = moved.last().map_or(low, |before| before + distance);
        moved.push(place.max(least));
    }
    let mut most = high;
    for place in moved.iter_mut().rev() {
        *place = place.min(most);
        most = *place - distance;
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_distance_and_stay_beside_the_area() {
        assert_eq!(apart(&[10.0, 11.0, 50.0], 16.0, [0.0, 100.0]), [10.0, 26.0, 50.0]);
        assert_eq!(apart(&[90.0, 95.0, 99.0], 16.0, [0.0, 100.0]), [68.0, 84.0, 100.0]);
        assert_eq!(apart(&[50.0], 16.0, [0.0, 40.0]), [40.0]);
    }

    #[test]
    fn many_names_or_none_are_a_legend() {
        assert!(room(std::iter::empty()).is_none());
        assert!(room(["x"; MOST].into_iter()).is_some());
        assert!(room(["x"; MOST + 1].into_iter()).is_none());
    }
}
