//! A line with a width as outlines: a box for each piece, and a corner where two pieces meet.

use super::drawing::Point;

/// A corner is drawn out to its tip up to so many half widths, and cut straight beyond.
const LONGEST_TIP: f64 = 4.0;

/// Closed lines, all the same way round, that cover a line of this width through `points`.
pub(super) fn stroked(points: &[Point], width: f64) -> Vec<Vec<Point>> {
    let half = width / 2.0;
    let pieces: Vec<Piece> =
        points.windows(2).filter_map(|pair| Piece::new(pair[0], pair[1], half)).collect();
    let boxes = pieces.iter().map(Piece::sides);
    let corners = pieces.windows(2).filter_map(|pair| corner(&pair[0], &pair[1], half));
    boxes.chain(corners).collect()
}

/// A straight part of a line.
struct Piece {
    from: Point,
    to: Point,
    /// From its middle to its side, where it turns right.
    across: Point,
}

impl Piece {
    /// `None` for one without a length.
    fn new(from: Point, to: Point, half: f64) -> Option<Piece> {
        let (x, y) = (to.0 - from.0, to.1 - from.1);
        let length = x.hypot(y);
        (length > 1e-6).then(|| Piece { from, to, across: (-y / length * half, x / length * half) })
    }

    fn sides(&self) -> Vec<Point> {
        let (from, to, across) = (self.from, self.to, self.across);
        vec![sub(from, across), sub(to, across), add(to, across), add(from, across)]
    }
}

/// What two pieces leave open on the outer side where the first goes over into the second.
fn corner(first: &Piece, second: &Piece, half: f64) -> Option<Vec<Point>> {
    let (a, b) = (first.across, second.across);
    let turn = a.0 * b.1 - a.1 * b.0;
    let alike = a.0 * b.0 + a.1 * b.1;
    if turn.abs() < 1e-9 * half * half {
        return None;
    }
    // A line that turns right is open on its left.
    let (a, b) = if turn > 0.0 { (sub((0.0, 0.0), a), sub((0.0, 0.0), b)) } else { (a, b) };
    let middle = first.to;
    // The tip stands where the outer sides meet: on a + b, as far out as makes it level with both.
    let sum = add(a, b);
    let stretch = half * half / (half * half + alike).max(1e-9);
    let tip = (sum.0 * stretch, sum.1 * stretch);
    let mut line = vec![middle, add(middle, a)];
    if tip.0.hypot(tip.1) <= LONGEST_TIP * half {
        line.push(add(middle, tip));
    }
    line.push(add(middle, b));
    if turn < 0.0 {
        line.reverse();
    }
    Some(line)
}

fn add(a: Point, b: Point) -> Point {
    (a.0 + b.0, a.1 + b.1)
}

fn sub(a: Point, b: Point) -> Point {
    (a.0 - b.0, a.1 - b.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice the area of a closed line; its sign is the way round.
    fn area(line: &[Point]) -> f64 {
        let around = (0..line.len()).map(|at| (line[at], line[(at + 1) % line.len()]));
        around.map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
    }

    #[test]
    fn all_parts_of_a_line_go_the_same_way_round_whichever_way_it_turns() {
        let zigzag = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (14.0, 3.0), (2.0, 1.0), (2.0, 9.0)];
        let parts = stroked(&zigzag, 2.0);
        assert_eq!(parts.len(), 5 + 4);
        let areas: Vec<f64> = parts.iter().map(|part| area(part)).collect();
        assert!(areas.iter().all(|area| *area > 0.0), "{areas:?}");
    }

    #[test]
    fn a_right_angle_has_its_tip_and_a_sharp_turn_is_cut() {
        let parts = stroked(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], 2.0);
        assert!(parts[2].contains(&(11.0, -1.0)), "{:?}", parts[2]);
        let parts = stroked(&[(0.0, 0.0), (10.0, 0.0), (0.0, 0.1)], 2.0);
        assert_eq!(parts[2].len(), 3);
    }

    #[test]
    fn points_that_coincide_and_lines_straight_on_need_no_corner() {
        assert_eq!(stroked(&[(1.0, 1.0), (1.0, 1.0)], 2.0).len(), 0);
        assert_eq!(stroked(&[(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (2.0, 0.0)], 2.0).len(), 2);
    }
}
