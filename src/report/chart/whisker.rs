//! Intervals around a marker. Their ends reach out wider than the marker, so that a narrow one is seen behind it.

use super::drawing::{Colour, Drawing, Point};

/// Half the length of an end.
const CAP: f64 = 6.5;
const WIDTH: f64 = 1.5;

/// A line straight across or down between the ends of an interval, with both ends marked.
pub(super) fn draw(drawing: &mut Drawing, ends: [Point; 2], colour: Colour) {
    drawing.line(ends.to_vec(), WIDTH, colour);
    let is_level = ends[0].1 == ends[1].1;
    let (across, down) = if is_level { (0.0, CAP) } else { (CAP, 0.0) };
    for (x, y) in ends {
        drawing.line(vec![(x - across, y - down), (x + across, y + down)], WIDTH, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;

    #[test]
    fn the_ends_of_an_interval_stand_out_beside_a_marker() {
        let mut drawing = Drawing::new(100.0, 100.0, "x");
        draw(&mut drawing, [(50.0, 49.0), (50.0, 51.0)], (0, 0, 0));
        draw(&mut drawing, [(20.0, 30.0), (21.0, 30.0)], (0, 0, 0));
        let lines: Vec<&Vec<Point>> = drawing
            .marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Line { points, .. } => Some(points),
                _ => None,
            })
            .collect();
        assert_eq!(lines[1], &[(43.5, 49.0), (56.5, 49.0)]);
        assert_eq!(lines[5], &[(21.0, 23.5), (21.0, 36.5)]);
    }
}
