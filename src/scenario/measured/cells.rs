//! The cells of a CSV of measured figures by the names of their columns, each with its place.

use crate::model::Span;
use crate::scenario::nearest::nearest;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic, Sources};

/// Columns that mean something.
pub(super) const COLUMNS: [&str; 13] = [
    "case",
    "layout",
    "endpoint",
    "clients",
    "rate_per_s",
    "throughput_per_s",
    "mean_ms",
    "p50_ms",
    "p90_ms",
    "p99_ms",
    "cpu_us",
    "set",
    "source",
];

/// Columns that must be there: one of each group.
const NEEDED: [&[&str]; 4] = [
    &["case"],
    &["layout"],
    &["clients", "rate_per_s"],
    &["mean_ms", "throughput_per_s", "cpu_us"],
];

/// Most measurements of one file.
const MOST_ROWS: usize = 10_000;

/// A table, read but without a meaning.
pub(super) struct Cells<'s> {
    source: u32,
    sources: &'s Sources,
    /// Name of each column of the file.
    header: Vec<String>,
    records: Vec<(u32, csv::StringRecord)>,
}

impl<'s> Cells<'s> {
    /// The table, with warnings about columns that mean nothing.
    ///
    /// # Errors
    /// What is no CSV, has no rows, or not the columns that are needed.
    pub(super) fn read(
        text: &str,
        source: u32,
        sources: &'s Sources,
    ) -> Result<(Self, Vec<Diagnostic>), Box<Diagnostic>> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let refuse = |line: u32, message: String| {
            let span = Span { source, line, column: 1, length: 1 };
            let hint = format!("its first line names the columns: {}", COLUMNS.join(","));
            Box::new(Diagnostic::new(Code::BadMeasurement, message, span).hint(hint))
        };
        let no_csv = |error: csv::Error| {
            refuse(line_of(error.position()), format!("this is no CSV text: {error}"))
        };
        let header = reader.headers().map_err(no_csv)?;
        let header: Vec<String> = header.iter().map(|name| name.trim().to_string()).collect();
        let mut records = Vec::new();
        for record in reader.records() {
            let record = record.map_err(no_csv)?;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            records.push((line_of(record.position()), record));
            if records.len() > MOST_ROWS {
                let message = format!("there are more than {MOST_ROWS} rows");
                return Err(refuse(records[MOST_ROWS].0, message));
            }
        }
        let cells = Cells { source, sources, header, records };
        if cells.header.iter().all(String::is_empty) {
            return Err(refuse(1, "the file is empty".into()));
        }
        for group in NEEDED {
            if !group.iter().any(|name| cells.position(name).is_some()) {
                let names: Vec<String> = group.iter().map(|name| format!("`{name}`")).collect();
                return Err(refuse(1, format!("there is no column {}", names.join(" or "))));
            }
        }
        if cells.records.is_empty() {
            return Err(refuse(1, "there is no row below the names of the columns".into()));
        }
        let found = cells.about_columns();
        Ok((cells, found))
    }

    /// Columns that stand twice, and those that mean nothing.
    fn about_columns(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut ignored = Vec::new();
        for (index, name) in self.header.iter().enumerate() {
            let first = self.header.iter().position(|other| other == name);
            if COLUMNS.contains(&name.as_str()) && first != Some(index) {
                let message = format!("the column {} stands twice", quoted(name));
                let diagnostic =
                    Diagnostic::new(Code::BadMeasurement, message, self.place(1, index));
                found.push(diagnostic.hint("leave one of them out"));
            } else if !COLUMNS.contains(&name.as_str()) && !name.is_empty() {
                ignored.push((index, name));
            }
        }
        if let Some((index, first)) = ignored.first() {
            const MOST_TOLD: usize = 8;
            let names: Vec<String> =
                ignored.iter().take(MOST_TOLD).map(|(_, name)| quoted(name)).collect();
            let more = if ignored.len() > MOST_TOLD { ", …" } else { "" };
            let verb = if ignored.len() == 1 { "is" } else { "are" };
            let message = format!("{}{more} {verb} not read", names.join(", "));
            let meant = nearest(first, COLUMNS);
            let hint = match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("columns are {}", COLUMNS.join(", ")),
            };
            let place = self.place(1, *index);
            found.push(Diagnostic::new(Code::IgnoredColumn, message, place).hint(hint));
        }
        found
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name == column)
    }

    /// The rows with something in them.
    pub(super) fn lines(&self) -> impl Iterator<Item = CellLine<'_>> {
        self.records.iter().map(|(line, record)| CellLine { cells: self, line: *line, record })
    }

    /// Where the cell of a column stands. Of a row that runs over several lines, its first one is meant.
    fn place(&self, line: u32, index: usize) -> Span {
        let text = self.sources.line(self.source, line).unwrap_or_default();
        let (mut column, mut begin, mut is_quoted) = (0, 0, false);
        let mut end = 0;
        for letter in text.chars() {
            match letter {
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted && column == index => break,
                ',' if !is_quoted => {
                    column += 1;
                    begin = end + 1;
                }
                _ => {}
            }
            end += 1;
        }
        if column != index {
            return Span { source: self.source, line, column: 1, length: end.max(1) };
        }
        Span { source: self.source, line, column: begin + 1, length: (end - begin).max(1) }
    }
}

/// A row.
pub(super) struct CellLine<'a> {
    cells: &'a Cells<'a>,
    line: u32,
    record: &'a csv::StringRecord,
}

impl CellLine<'_> {
    /// What stands in a column, without spaces around it; empty where the file has no such column.
    pub(super) fn get(&self, column: &str) -> &str {
        let cell = self.cells.position(column).and_then(|index| self.record.get(index));
        cell.unwrap_or_default().trim()
    }

    /// Where that stands.
    pub(super) fn place(&self, column: &str) -> Span {
        match self.cells.position(column) {
            Some(index) => self.cells.place(self.line, index),
            None => self.whole(),
        }
    }

    /// The whole row.
    pub(super) fn whole(&self) -> Span {
        self.cells.place(self.line, usize::MAX)
    }

    /// How many cells it has beyond the names of the columns.
    pub(super) fn too_many(&self) -> usize {
        self.record.iter().skip(self.cells.header.len()).filter(|cell| !cell.is_empty()).count()
    }
}

fn line_of(position: Option<&csv::Position>) -> u32 {
    position.map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX))
}
