//! A drawing as a list of marks in logical pixels: what a figure says, before any file format.
//! Both formats are made from this list (`svg`, `picture`), so they cannot differ, and a test can ask it
//! whether texts overlap.

/// A place, in logical pixels from the upper left corner.
pub(super) type Point = (f64, f64);

/// Red, green, blue.
pub(super) type Colour = (u8, u8, u8);

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Its first letter.
    Start,
    /// Its middle.
    Middle,
    /// Its last letter.
    End,
}

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A filled axis-parallel rectangle.
    Rectangle {
        /// Upper left corner.
        at: Point,
        /// Width and height.
        size: Point,
        /// Filling.
        colour: Colour,
    },
    /// A filled convex shape.
    Shape {
        /// Corners in order.
        corners: Vec<Point>,
        /// Filling.
        colour: Colour,
    },
    /// A filled shape that what lies under it shines through. It may be bent, but must not cross itself.
    Veil {
        /// Corners in order.
        corners: Vec<Point>,
        /// Filling.
        colour: Colour,
    },
    /// A line through points.
    Line {
        /// Points in order.
        points: Vec<Point>,
        /// Width of the stroke.
        width: f64,
        /// Colour of the stroke.
        colour: Colour,
    },
    /// A filled disc.
    Disc {
        /// Centre.
        centre: Point,
        /// Radius.
        radius: f64,
        /// Filling.
        colour: Colour,
    },
    /// A line of text.
    Text {
        /// Where the anchor's end of the base line stands.
        at: Point,
        /// Which part stands there.
        anchor: Anchor,
        /// Height of an em.
        size: f64,
        /// Colour of the letters.
        colour: Colour,
        /// The text, without control characters.
        text: String,
    },
}

/// How a line is broken, for telling lines apart without colour; those that cover most come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dash {
    /// Not at all.
    Solid,
    /// Long strokes.
    Long,
    /// Short strokes.
    Short,
    /// Dots.
    Dots,
}

impl Dash {
    /// Lengths of stroke and gap, `None` for a solid line.
    fn pattern(self) -> Option<(f64, f64)> {
        match self {
            Self::Solid => None,
            Self::Long => Some((11.0, 4.0)),
            Self::Short => Some((6.0, 3.5)),
            Self::Dots => Some((2.0, 3.0)),
        }
    }
}

/// A page of marks; later ones lie on top.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawing {
    /// Width in logical pixels.
    pub(super) width: f64,
    /// Height in logical pixels.
    pub(super) height: f64,
    /// Title, for readers that do not see the picture.
    pub(super) title: String,
    /// What it was made from, for readers of the file; empty for nothing.
    pub(super) description: String,
    /// Whether there is nothing to draw, and it only says why.
    pub(super) is_empty: bool,
    /// What is drawn.
    pub(super) marks: Vec<Mark>,
}

impl Drawing {
    /// An empty page.
    pub(super) fn new(width: f64, height: f64, title: &str) -> Self {
        assert!(width.is_finite() && height.is_finite(), "a page must have a finite size");
        Self {
            width,
            height,
            title: title.to_owned(),
            description: String::new(),
            is_empty: false,
            marks: Vec::new(),
        }
    }

    /// Adds a filled rectangle; one without any width or height is left out.
    pub(super) fn rectangle(&mut self, at: Point, size: Point, colour: Colour) {
        if size.0 > 0.0 && size.1 > 0.0 {
            self.push(Mark::Rectangle { at, size, colour });
        }
    }

    /// Adds a filled convex shape.
    pub(super) fn shape(&mut self, corners: Vec<Point>, colour: Colour) {
        self.push(Mark::Shape { corners, colour });
    }

    /// Adds a filled shape that what lies under it shines through; one without an area is left out.
    pub(super) fn veil(&mut self, corners: Vec<Point>, colour: Colour) {
        if corners.len() > 3 {
            self.push(Mark::Veil { corners, colour });
        }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, points: Vec<Point>, width: f64, colour: Colour) {
        if points.len() > 1 {
            self.push(Mark::Line { points, width, colour });
        }
    }

    /// Adds a line broken by a pattern that runs on around corners.
    pub(super) fn dashed(&mut self, points: &[Point], width: f64, colour: Colour, dash: Dash) {
        let Some((stroke, gap)) = dash.pattern() else {
            return self.line(points.to_vec(), width, colour);
        };
        for piece in dashes(points, stroke, gap) {
            self.line(piece, width, colour);
        }
    }

    /// Adds a filled disc.
    pub(super) fn disc(&mut self, centre: Point, radius: f64, colour: Colour) {
        self.push(Mark::Disc { centre, radius, colour });
    }

    /// Adds a line of text with its base line at `at`.
    pub(super) fn text(
        &mut self,
        at: Point,
        anchor: Anchor,
        size: f64,
        colour: Colour,
        text: &str,
    ) {
        if !text.is_empty() {
            self.push(Mark::Text { at, anchor, size, colour, text: text.to_owned() });
        }
    }

    /// Adds a line of text whose capitals are centred on `at`.
    pub(super) fn label(
        &mut self,
        at: Point,
        anchor: Anchor,
        size: f64,
        colour: Colour,
        text: &str,
    ) {
        self.text((at.0, at.1 + 0.36 * size), anchor, size, colour, text);
    }

    /// An infinite place would hang or overflow the renderers, so it ends here.
    fn push(&mut self, mark: Mark) {
        let finite = |points: &[Point]| points.iter().all(|(x, y)| x.is_finite() && y.is_finite());
        let sound = match &mark {
            Mark::Rectangle { at, size, .. } => finite(&[*at, *size]),
            Mark::Shape { corners: points, .. }
            | Mark::Veil { corners: points, .. }
            | Mark::Line { points, .. } => finite(points),
            Mark::Disc { centre, radius, .. } => finite(&[*centre, (*radius, 0.0)]),
            Mark::Text { at, size, .. } => finite(&[*at, (*size, 0.0)]),
        };
        assert!(sound, "a mark must stand at a finite place: {mark:?}");
        self.marks.push(mark);
    }
}

/// The pieces of a line broken into strokes and gaps.
fn dashes(points: &[Point], stroke: f64, gap: f64) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Point> = points.first().copied().into_iter().collect();
    let (mut drawing, mut left) = (true, stroke);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if length <= left {
                left -= length;
                if drawing {
                    piece.push(to);
                }
                break;
            }
            let part = left / length;
            from = (from.0 + part * (to.0 - from.0), from.1 + part * (to.1 - from.1));
            if drawing {
                piece.push(from);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            drawing = !drawing;
            left = if drawing { stroke } else { gap };
        }
    }
    if drawing && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_strokes_and_leave_gaps_around_a_corner() {
        let pieces = dashes(&[(0.0, 0.0), (4.0, 0.0), (4.0, 6.0)], 3.0, 2.0);
        assert_eq!(pieces, vec![vec![(0.0, 0.0), (3.0, 0.0)], vec![(4.0, 1.0), (4.0, 4.0)]],);
    }

    #[test]
    #[should_panic(expected = "finite place")]
    fn a_mark_at_an_infinite_place_is_our_own_bug() {
        let mut drawing = Drawing::new(10.0, 10.0, "x");
        drawing.disc((f64::INFINITY, 0.0), 1.0, (0, 0, 0));
    }
}
