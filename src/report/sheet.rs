//! One CSV in memory: a header, rows with the same columns, cells that never run as formulas. Every row
//! ends in what its figures are from, so files of several runs can be put one below the other.

use super::names::{cell, shown};
use super::numbers::interval;
use super::swept::measured;
use crate::study::{Estimate, Outcomes, Provenance};
use crate::units::plain;

/// Significant digits of a cell: all that a sum of doubles has, and not the hair by which it is off.
const DIGITS: usize = 12;

/// What sums up every endpoint of a layout, as findings call it.
pub(super) const ALL: &str = "all";

/// Rows under one header. The header is what a row without findings names.
pub struct Sheet {
    /// Name without extension among the files of its study; empty for the only sheet of one.
    pub name: &'static str,
    writer: csv::Writer<Vec<u8>>,
}

impl Sheet {
    pub(super) fn new(name: &'static str, fill: impl Fn(&mut Row)) -> Self {
        let mut sheet = Self { name, writer: csv::Writer::from_writer(Vec::new()) };
        let mut row = Row::default();
        fill(&mut row);
        row.provenance(None);
        sheet.write(&row.names);
        sheet
    }

    /// Adds a row. `from`: what its figures are from; `None` for a row without figures.
    pub(super) fn add<'a>(
        &mut self,
        from: impl Into<Option<&'a Provenance>>,
        fill: impl Fn(&mut Row),
    ) {
        let mut row = Row::default();
        fill(&mut row);
        row.provenance(from.into());
        self.write(&row.cells);
    }

    fn write(&mut self, cells: &[String]) {
        let written = self.writer.write_record(cells);
        assert!(written.is_ok(), "every row must have the columns of the header: {written:?}");
    }

    /// The sheet as CSV.
    pub fn text(self) -> String {
        let bytes = self.writer.into_inner().map_err(|error| error.to_string());
        match bytes.map(String::from_utf8) {
            Ok(Ok(text)) => text,
            problem => panic!("a CSV in memory must be writable text: {problem:?}"),
        }
    }
}

/// The cells of a row with the names of their columns.
#[derive(Default)]
pub(super) struct Row {
    names: Vec<String>,
    cells: Vec<String>,
}

impl Row {
    fn push(&mut self, name: &str, cell_text: String) {
        self.names.push(cell(&shown(name)));
        self.cells.push(cell_text);
    }

    pub(super) fn text(&mut self, name: &str, text: Option<&str>) {
        self.push(name, text.map(|text| cell(&shown(text))).unwrap_or_default());
    }

    /// A varied value, and its unit in a column of its own; what is no quantity as it was written.
    pub(super) fn swept(&mut self, path: &str, written: Option<&str>) {
        match written.map(|written| (written, measured(written))) {
            Some((_, Some((number, _)))) => self.number(path, Some(number)),
            Some((written, None)) => self.text(path, Some(written)),
            None => self.text(path, None),
        }
        let unit = written.and_then(measured).map(|(_, unit)| unit);
        self.text(&format!("{path} unit"), unit);
    }

    /// Whether the row sums up others, so that it does not count beside them.
    pub(super) fn is_sum(&mut self, is_sum: Option<bool>) {
        self.text("is_sum", is_sum.map(|is_sum| if is_sum { "true" } else { "false" }));
    }

    pub(super) fn number(&mut self, name: &str, number: Option<f64>) {
        let number = number.filter(|number| number.is_finite());
        self.push(name, number.map(|number| plain(number, DIGITS)).unwrap_or_default());
    }

    pub(super) fn count(&mut self, name: &str, count: Option<u64>) {
        self.push(name, count.map(|count| count.to_string()).unwrap_or_default());
    }

    /// A column for each way in which a request can end, and one for those that have not.
    pub(super) fn outcomes(&mut self, outcomes: Option<Outcomes>) {
        self.count("ok", outcomes.map(|outcomes| outcomes.ok));
        self.count("rejected", outcomes.map(|outcomes| outcomes.rejected));
        self.count("timeout", outcomes.map(|outcomes| outcomes.timeout));
        self.count("failed", outcomes.map(|outcomes| outcomes.failed));
        self.count("deadlock", outcomes.map(|outcomes| outcomes.deadlock));
        self.count("abandoned", outcomes.map(|outcomes| outcomes.abandoned));
        self.count("conflict", outcomes.map(|outcomes| outcomes.conflict));
        self.count("in_flight", outcomes.map(|outcomes| outcomes.in_flight));
    }

    pub(super) fn estimate(&mut self, name: &str, estimate: Option<Estimate>) {
        self.number(name, estimate.map(|estimate| estimate.value));
        let ends = estimate.as_ref().and_then(interval);
        self.number(&format!("{name}_low"), ends.map(|ends| ends[0]));
        self.number(&format!("{name}_high"), ends.map(|ends| ends[1]));
    }

    /// The last columns of every sheet, named as in results.json.
    fn provenance(&mut self, from: Option<&Provenance>) {
        self.text("cutline", from.map(|from| &*from.cutline));
        self.text("target", from.map(|from| &*from.target));
        self.count("seed", from.map(|from| from.seed));
        self.text("scenario_hash", from.map(|from| &*from.scenario_hash));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn sheet() -> Sheet {
        Sheet::new("layouts", |row| row.text("layout", None))
    }

    #[test]
    fn every_row_ends_in_what_its_figures_are_from() {
        let mut sheet = sheet();
        let from = sample::provenance(0xff);
        sheet.add(&from, |row| row.text("layout", Some("one")));
        sheet.add(None, |row| row.text("layout", Some("nothing")));
        assert_eq!(
            sheet.text(),
            "layout,cutline,target,seed,scenario_hash\n\
             one,0.1.0,x86_64-linux-gnu,42,00000000000000ff\n\
             nothing,,,,\n"
        );
    }

    #[test]
    fn a_number_is_printed_without_the_hair_by_which_a_double_is_off() {
        let mut sheet = Sheet::new("layouts", |row| row.number("x", None));
        for number in [921.599_999_999_999_9, 0.1 + 0.2, 1e-7, 123_456_789.25, f64::NAN] {
            sheet.add(None, |row| row.number("x", Some(number)));
        }
        let text = sheet.text();
        let cells: Vec<&str> =
            text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(cells, ["921.6", "0.3", "1e-7", "123456789.25", ""]);
    }

    #[test]
    fn a_sheet_without_rows_is_its_header() {
        assert_eq!(sheet().text(), "layout,cutline,target,seed,scenario_hash\n");
    }
}
