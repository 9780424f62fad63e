//! Grids of text: for a terminal (by comfy-table, cut into blocks that fit its width) and as Markdown.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

/// What a cell wants to be noticed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emphasis {
    /// Nothing.
    Plain,
    /// It is the best of its kind: marked with `*`, bold and green where there is colour.
    Best,
    /// It is bad news: red where there is colour; its words say it anyway.
    Bad,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// What it says, harmless and on one line.
    pub(super) text: String,
    /// How it stands out.
    pub(super) emphasis: Emphasis,
}

impl Cell {
    /// A cell that wants nothing.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), emphasis: Emphasis::Plain }
    }

    /// A cell with an emphasis.
    pub(super) fn new(text: impl Into<String>, emphasis: Emphasis) -> Self {
        Self { text: text.into(), emphasis }
    }
}

/// A head and rows of as many cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    /// Columns at the left that name a row: kept when a grid is cut into blocks, and set flush left.
    pub(super) keys: usize,
    /// Column heads.
    pub(super) head: Vec<Cell>,
    /// Rows.
    pub(super) rows: Vec<Vec<Cell>>,
}

// Signs without width around emphasised text while comfy-table measures it. Names cannot hold them,
// because `names::shown` writes invisible characters out.
const BEST: char = '\u{2061}';
const BAD: char = '\u{2062}';
const END: char = '\u{2063}';

/// Lines around and under the head only: space separates rows well enough.
const STYLE: TableStyle = UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none());

impl Grid {
    /// Rows and columns exchanged; the first row and column become each other.
    pub(super) fn transposed(&self) -> Self {
        let all: Vec<&Vec<Cell>> = std::iter::once(&self.head).chain(&self.rows).collect();
        let column = |index: usize| all.iter().map(|row| row[index].clone()).collect();
        Self { keys: 1, head: column(0), rows: (1..self.head.len()).map(column).collect() }
    }

    /// Whether the grid fits into so many columns of a terminal without being cut.
    pub(super) fn fits(&self, width: usize) -> bool {
        let columns: Vec<usize> = (0..self.head.len()).collect();
        drawn_width(&self.widths(), &columns) <= width
    }

    /// The grid for a terminal of `width` columns: where it is wider, in blocks one under another,
    /// each with the key columns. A single column that is wider still stays as it is.
    pub(super) fn text(&self, width: usize, colour: bool) -> String {
        let widths = self.widths();
        let keys: Vec<usize> = (0..self.keys).collect();
        let mut blocks: Vec<Vec<usize>> = Vec::new();
        for column in self.keys..self.head.len() {
            let fitting = blocks.last_mut().filter(|block| {
                let with: Vec<usize> = block.iter().copied().chain([column]).collect();
                drawn_width(&widths, &with) <= width
            });
            match fitting {
                Some(block) => block.push(column),
                None => blocks.push(keys.iter().copied().chain([column]).collect()),
            }
        }
        if blocks.is_empty() {
            blocks.push(keys);
        }
        let drawn: Vec<String> = blocks.iter().map(|block| self.block(block, colour)).collect();
        drawn.join("\n")
    }

    fn table(&self, columns: &[usize]) -> Table {
        let mut table = Table::new();
        table.load_style(STYLE);
        table.set_content_arrangement(ContentArrangement::Disabled);
        let pick = |row: &[Cell]| -> Vec<String> {
            columns.iter().map(|column| marked(&row[*column])).collect()
        };
        table.set_header(pick(&self.head));
        for row in &self.rows {
            table.add_row(pick(row));
        }
        for (place, column) in columns.iter().enumerate() {
            if let Some(drawn) = table.column_mut(place).filter(|_| *column >= self.keys) {
                drawn.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }

    fn widths(&self) -> Vec<usize> {
        let columns: Vec<usize> = (0..self.head.len()).collect();
        let widths = self.table(&columns).column_max_content_widths();
        widths.into_iter().map(usize::from).collect()
    }

    /// The columns of one block.
    fn block(&self, columns: &[usize], colour: bool) -> String {
        let text = self.table(columns).to_string();
        text.lines().map(|line| coloured(line, colour).trim_end().to_owned() + "\n").collect()
    }

    /// The grid as a Markdown table, best cells bold.
    pub(super) fn markdown(&self) -> String {
        let line = |row: &[Cell]| {
            let cells: Vec<String> = row.iter().map(markdown_cell).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule =
            (0..self.head.len()).map(|column| if column < self.keys { ":--" } else { "--:" });
        let rule: Vec<&str> = rule.collect();
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}| {} |\n{rows}", line(&self.head), rule.join(" | "))
    }
}

/// Width of a block as it is drawn: a space on both sides of every cell and one line between.
fn drawn_width(widths: &[usize], columns: &[usize]) -> usize {
    let cells: usize = columns.iter().map(|column| widths[*column] + 2).sum();
    cells + columns.len().saturating_sub(1)
}

fn marked(cell: &Cell) -> String {
    match cell.emphasis {
        Emphasis::Plain => cell.text.clone(),
        Emphasis::Best => format!("{BEST}* {}{END}", cell.text),
        Emphasis::Bad => format!("{BAD}{}{END}", cell.text),
    }
}

fn coloured(line: &str, colour: bool) -> String {
    let codes = [(BEST, "\u{1b}[1;32m"), (BAD, "\u{1b}[31m"), (END, "\u{1b}[0m")];
    codes.iter().fold(line.to_owned(), |line, (sign, code)| {
        line.replace(*sign, if colour { code } else { "" })
    })
}

fn markdown_cell(cell: &Cell) -> String {
    let text = markdown(&cell.text);
    match cell.emphasis {
        Emphasis::Best => format!("**{text}**"),
        _ => text,
    }
}

/// Text that Markdown shows as it is: its own signs and those of HTML escaped.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let cells = |texts: &[&str]| texts.iter().map(|text| Cell::plain(*text)).collect();
        let mut rows: Vec<Vec<Cell>> =
            vec![cells(&["p50", "12 ms", "21 ms"]), cells(&["p99", "62 ms", "140 ms"])];
        rows[0][1].emphasis = Emphasis::Best;
        Grid { keys: 1, head: cells(&["", "monolith", "msa"]), rows }
    }

    #[test]
    fn the_best_is_marked_with_and_without_colour() {
        let plain = grid().text(80, false);
        assert!(plain.contains("* 12 ms"));
        assert!(plain.chars().all(|letter| letter == '\n' || !letter.is_control()));
        let coloured = grid().text(80, true);
        assert!(coloured.contains("\u{1b}[1;32m* 12 ms\u{1b}[0m"));
        let stripped = coloured.replace("\u{1b}[1;32m", "").replace("\u{1b}[0m", "");
        assert_eq!(stripped, plain);
    }

    #[test]
    fn a_grid_too_wide_is_cut_into_blocks_that_fit_and_keep_their_keys() {
        let narrow = grid().text(20, false);
        assert!(narrow.lines().all(|line| line.chars().count() <= 20), "{narrow}");
        assert_eq!(narrow.matches("p99").count(), 2);
        assert!(grid().fits(80) && !grid().fits(20));
    }

    #[test]
    fn a_grid_of_nothing_but_names_is_drawn_too() {
        let names = Grid { keys: 3, ..grid() };
        assert!(names.text(80, false).contains("140 ms"));
    }

    #[test]
    fn exchanging_rows_and_columns_twice_changes_nothing() {
        assert_eq!(grid().transposed().transposed(), grid());
        assert_eq!(grid().transposed().rows[0][0].text, "monolith");
    }

    #[test]
    fn markdown_shows_hostile_names_as_text() {
        assert_eq!(markdown("<script>|*a*"), "&lt;script&gt;\\|\\*a\\*");
        let text = grid().markdown();
        assert!(text.starts_with("|  | monolith | msa |\n| :-- | --: | --: |\n"), "{text}");
        assert!(text.contains("| **12 ms** |"));
    }
}
