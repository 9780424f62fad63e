//! A part of a report under its title, written for a terminal of any width or as Markdown.

use super::grid::{self, Grid};

/// A titled part of a report.
pub(super) struct Section {
    /// Stands above it; empty for none.
    pub(super) title: String,
    pub(super) body: Body,
}

/// What a part says.
pub(super) enum Body {
    /// A grid that is cut at its columns where it is too wide.
    Grid(Grid),
    /// A grid of figures (rows) by layouts (columns), and the same without intervals, which is laid
    /// on its side where not all layouts fit beside each other.
    Turning(Grid, Grid),
    /// A grid, and one with fewer columns for where that does not fit.
    Shrinking(Grid, Grid),
    /// Sentences.
    Lines(Vec<String>),
}

/// A part under a title.
pub(super) fn section(title: &str, body: Body) -> Section {
    Section { title: title.to_owned(), body }
}

/// Sections for a terminal; those without anything to say are left out.
pub(super) fn text(sections: &[Section], width: usize, colour: bool) -> String {
    let width = width.max(40);
    let mut text = String::new();
    for section in sections {
        let body = match &section.body {
            Body::Grid(grid) => grid.text(width, colour),
            Body::Turning(wide, short) => turned(wide, short, width).text(width, colour),
            Body::Shrinking(wide, _) if wide.fits(width) => wide.text(width, colour),
            Body::Shrinking(_, short) => short.text(width, colour),
            Body::Lines(lines) => lines.iter().map(|line| wrapped(line, width)).collect(),
        };
        if body.is_empty() {
            continue;
        }
        if !section.title.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            let (bold, end) = if colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
            text.push_str(&format!("{bold}{}{end}\n", section.title));
        }
        text.push_str(&body);
    }
    text
}

/// The same as Markdown.
pub(super) fn markdown(sections: &[Section]) -> String {
    let mut text = String::new();
    for section in sections {
        let body = match &section.body {
            Body::Grid(grid) | Body::Turning(grid, _) | Body::Shrinking(grid, _) => grid.markdown(),
            Body::Lines(lines) => {
                lines.iter().map(|line| format!("- {}\n", grid::markdown(line))).collect()
            }
        };
        if body.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        if !section.title.is_empty() {
            text.push_str(&format!("## {}\n\n", grid::markdown(&section.title)));
        }
        text.push_str(&body);
    }
    text
}

/// The most telling form that fits: layouts side by side with intervals; else without; else a row
/// for each layout.
fn turned(wide: &Grid, short: &Grid, width: usize) -> Grid {
    if wide.fits(width) {
        wide.clone()
    } else if short.fits(width) && wide.head.len() > 4 {
        short.clone()
    } else if wide.head.len() > 4 {
        short.transposed()
    } else {
        wide.clone()
    }
}

/// A sentence broken at spaces, further lines indented. A number stays with its unit.
pub(in super::super) fn wrapped(line: &str, width: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    for word in words_with_units(line) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            text.push_str("\n    ");
            used = 4;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        } else {
            text.push_str("  ");
            used = 2;
        }
        text.push_str(word);
        used += length;
    }
    text.push('\n');
    text
}

/// The words of a sentence; what follows a number and begins with a unit is no word of its own.
fn words_with_units(line: &str) -> Vec<&str> {
    const UNITS: [&str; 8] = ["%", "ns", "µs", "ms", "s", "min", "h", "d"];
    let is_unit = |word: &str| {
        UNITS.contains(
            &word.trim_end_matches(|letter: char| letter.is_ascii_punctuation() && letter != '%'),
        )
    };
    let mut words: Vec<&str> = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices(' ').chain([(line.len(), "")]) {
        let next = line[at..].trim_start_matches(' ').split(' ').next().unwrap_or_default();
        let number = line[from..at].ends_with(|letter: char| letter.is_ascii_digit());
        if at < line.len() && number && is_unit(next) {
            continue;
        }
        words.push(&line[from..at]);
        from = at + 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_break_at_spaces_with_an_indent() {
        assert_eq!(wrapped("one two three four", 12), "  one two\n    three\n    four\n");
    }

    #[test]
    fn a_number_stays_with_its_unit() {
        assert_eq!(wrapped("takes 17 %, or 2 ms", 11), "  takes\n    17 %,\n    or 2 ms\n");
        assert_eq!(wrapped("(10.3 … 10.7 ms)", 12), "  (10.3 …\n    10.7 ms)\n");
        assert_eq!(wrapped("6 replications of 1 s each", 8).matches('\n').count(), 5);
        assert_eq!(wrapped("layout 3  h", 40), "  layout 3  h\n");
    }
}
