//! How much of each pixel an outline covers: exact areas, so that edges are smooth without drawing large.
//! Only the pixels under the outline are looked at one by one; what lies between is told as whole spans.
//! This is the way of FreeType's and AGG's rasterisers ("cells" of cover and area).

use super::drawing::Point;

/// Steps of coverage between none and a whole pixel. Few, so that a picture has few colours; the eye
/// does not tell sixteen steps of an edge half a logical pixel wide from more.
pub(super) const WHOLE: u8 = 16;

/// Places are counted in parts of a pixel, as whole numbers: sums come out the same in any order.
const PART: i64 = 256;

/// Twice the area of a pixel (parts²): the cover of a cell times twice its width.
const AREA: i64 = 2 * PART * PART;

/// Corners farther outside than this (pixels) are moved in: nothing of them is seen.
const FAR: f64 = 20_000.0;

/// Pixels of a row that are covered alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PixelSpan {
    /// Row.
    pub(super) y: i32,
    /// First pixel.
    pub(super) x: i32,
    /// How many.
    pub(super) length: i32,
    /// Out of [`WHOLE`], above 0.
    pub(super) coverage: u8,
}

/// A pixel that an edge of the outline crosses.
#[derive(Debug, Clone, Copy)]
struct PixelCell {
    y: i32,
    x: i32,
    /// Height of the edges in it, upward ones negative (parts).
    cover: i64,
    /// Twice the area between them and the pixel's left side (parts²).
    area: i64,
}

/// Closed lines, gathered until their spans are asked for. What is inside any of them is covered, where
/// two overlap once; lines the other way round cut holes.
#[derive(Debug, Default)]
pub(super) struct Outline {
    cells: Vec<PixelCell>,
}

impl Outline {
    /// Adds a closed line through corners (pixels).
    pub(super) fn close(&mut self, corners: &[Point]) {
        let parts = |length: f64| (length.clamp(-FAR, FAR) * PART as f64).round() as i64;
        let Some(last) = corners.last() else { return };
        let mut from = (parts(last.0), parts(last.1));
        for corner in corners {
            let to = (parts(corner.0), parts(corner.1));
            self.edge(from, to);
            from = to;
        }
    }

    /// Cuts an edge at the borders of rows.
    fn edge(&mut self, from: (i64, i64), to: (i64, i64)) {
        let (width, height) = (to.0 - from.0, to.1 - from.1);
        if height == 0 {
            return;
        }
        let x_at = |y: i64| from.0 + width * (y - from.1) / height;
        let (mut x, mut y) = from;
        while y != to.1 {
            let row = if height > 0 { y.div_euclid(PART) } else { (y - 1).div_euclid(PART) };
            let border = if height > 0 { (row + 1) * PART } else { row * PART };
            let next = if height > 0 { border.min(to.1) } else { border.max(to.1) };
            let next_x = if next == to.1 { to.0 } else { x_at(next) };
            self.in_row(row, (x, y), (next_x, next));
            (x, y) = (next_x, next);
        }
    }

    /// Cuts the part of an edge in one row at the borders of pixels.
    fn in_row(&mut self, row: i64, from: (i64, i64), to: (i64, i64)) {
        let (width, height) = (to.0 - from.0, to.1 - from.1);
        let (mut x, mut y) = from;
        while x != to.0 {
            let pixel = if width > 0 { x.div_euclid(PART) } else { (x - 1).div_euclid(PART) };
            let border = if width > 0 { (pixel + 1) * PART } else { pixel * PART };
            let next = if width > 0 { border.min(to.0) } else { border.max(to.0) };
            let next_y =
                if next == to.0 { to.1 } else { from.1 + height * (next - from.0) / width };
            self.add(row, pixel, next_y - y, x + next - 2 * pixel * PART);
            (x, y) = (next, next_y);
        }
        if y != to.1 {
            // Straight down or up.
            let pixel = x.div_euclid(PART);
            self.add(row, pixel, to.1 - y, 2 * (x - pixel * PART));
        }
    }

    /// `inset`: distances of both ends from the pixel's left side, together (parts).
    fn add(&mut self, row: i64, pixel: i64, cover: i64, inset: i64) {
        let area = cover * inset;
        let (y, x) = (row as i32, pixel as i32);
        match self.cells.last_mut() {
            Some(last) if (last.y, last.x) == (y, x) => {
                last.cover += cover;
                last.area += area;
            }
            _ => self.cells.push(PixelCell { y, x, cover, area }),
        }
    }

    /// What is covered, from above to below and from the left to the right; then the outline is empty.
    pub(super) fn spans(&mut self, mut each: impl FnMut(PixelSpan)) {
        self.cells.sort_unstable_by_key(|cell| (cell.y, cell.x));
        let mut cover = 0;
        let mut cells = self.cells.iter().peekable();
        while let Some(first) = cells.next() {
            let mut cell = *first;
            while let Some(more) = cells.next_if(|more| (more.y, more.x) == (cell.y, cell.x)) {
                cell.cover += more.cover;
                cell.area += more.area;
            }
            cover += cell.cover;
            let mut tell = |x, length, twice: i64| {
                let share = (twice.abs().min(AREA) * i64::from(WHOLE) + AREA / 2) / AREA;
                if share > 0 && length > 0 {
                    each(PixelSpan { y: cell.y, x, length, coverage: share as u8 });
                }
            };
            tell(cell.x, 1, 2 * PART * cover - cell.area);
            match cells.peek() {
                Some(next) if next.y == cell.y => {
                    tell(cell.x + 1, next.x - cell.x - 1, 2 * PART * cover);
                }
                _ => cover = 0,
            }
        }
        self.cells.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coverage of every pixel of a page of 8 × 8.
    fn covered(lines: &[&[Point]]) -> [[u8; 8]; 8] {
        let mut outline = Outline::default();
        for line in lines {
            outline.close(line);
        }
        let mut page = [[0; 8]; 8];
        outline.spans(|span| {
            for x in span.x..span.x + span.length {
                page[span.y as usize][x as usize] += span.coverage;
            }
        });
        page
    }

    #[test]
    fn a_rectangle_covers_whole_pixels_inside_and_parts_of_those_at_its_sides() {
        let page = covered(&[&[(1.5, 1.0), (4.0, 1.0), (4.0, 3.25), (1.5, 3.25)]]);
        assert_eq!(page[0], [0; 8]);
        assert_eq!(page[1], [0, 8, 16, 16, 0, 0, 0, 0]);
        assert_eq!(page[2], page[1]);
        assert_eq!(page[3], [0, 2, 4, 4, 0, 0, 0, 0]);
        assert_eq!(page[4], [0; 8]);
    }

    #[test]
    fn a_slope_covers_half_of_the_pixels_that_it_halves_either_way_round() {
        let corners = [(0.0, 0.0), (4.0, 4.0), (0.0, 4.0)];
        let mut turned = corners;
        turned.reverse();
        let page = covered(&[&corners]);
        assert_eq!(page, covered(&[&turned]));
        assert_eq!(page[0], [8, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(page[3], [16, 16, 16, 8, 0, 0, 0, 0]);
    }

    #[test]
    fn what_overlaps_is_covered_once_and_a_line_the_other_way_round_is_a_hole() {
        let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];
        let mut hole = [(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0)];
        assert_eq!(covered(&[&square, &hole]), covered(&[&square]));
        hole.reverse();
        assert_eq!(covered(&[&square, &hole])[1], [16, 0, 0, 16, 0, 0, 0, 0]);
    }

    #[test]
    fn the_area_of_any_outline_is_that_of_its_spans() {
        let corners = [(0.3, 0.2), (7.1, 1.9), (6.2, 7.4), (2.2, 5.3)];
        let page = covered(&[&corners]);
        let found: u32 = page.iter().flatten().map(|share| u32::from(*share)).sum();
        let around = (0..4).map(|at| (corners[at], corners[(at + 1) % 4]));
        let area: f64 = around.map(|(a, b)| (a.0 * b.1 - b.0 * a.1) / 2.0).sum();
        assert!((f64::from(found) / 16.0 - area).abs() < 0.5, "{found} / 16 against {area}");
    }

    #[test]
    fn corners_far_outside_the_page_end() {
        let mut outline = Outline::default();
        outline.close(&[(-1e300, 0.0), (1e300, 0.0), (1e300, 1.0), (-1e300, 1.0)]);
        let mut pixels = 0;
        outline.spans(|span| pixels += i64::from(span.length));
        assert_eq!(pixels, 40_000);
    }
}
