//! Measured figures, a CSV with a row for each: what they were measured of, by how many clients or at what rate, and
//! what came out. Everything that is wrong with them is told at once, each with its line.

mod cells;
mod contradictions;
mod reading;
mod row;

use super::text::as_text;
use super::{Code, Diagnostic, Refused, Sources};
use crate::model::{Model, Span};
use cells::Cells;
pub use row::{MeasuredFigures, MeasuredLoad, MeasuredRow};

/// What such a file is, in messages.
const WHAT: &str = "a table of measured figures";

/// What was measured.
#[derive(Debug, Clone)]
pub struct Measurements {
    /// In the order of the file.
    pub rows: Vec<MeasuredRow>,
    /// What is doubtful, in the order of the file.
    pub warnings: Vec<Diagnostic>,
    /// Texts that spans point into: those of the scenario, and the file.
    pub sources: Sources,
}

/// Reads measured figures of a scenario, whose texts are `sources`; `name` is what diagnostics call the file, `error`
/// the standard deviation of a measurement as a share.
///
/// # Errors
/// All mistakes and contradictions at once.
pub fn read_measured(
    bytes: &[u8],
    name: &str,
    (model, sources): (&Model, &Sources),
    error: f64,
) -> Result<Measurements, Refused> {
    let mut sources = sources.clone();
    let text = match as_text(bytes, sources.limit(), WHAT) {
        Ok(text) => text,
        Err((shown, diagnostic)) => {
            let source = sources.add(name, &shown);
            let place = Span { source, ..diagnostic.span };
            let diagnostics = vec![Diagnostic { span: place, ..*diagnostic }];
            return Err(Refused { diagnostics, sources });
        }
    };
    let source = sources.add(name, text);
    let (cells, mut diagnostics) = match Cells::read(text, source, &sources) {
        Ok(read) => read,
        Err(diagnostic) => {
            return Err(Refused { diagnostics: vec![*diagnostic], sources });
        }
    };
    let rows: Vec<MeasuredRow> =
        cells.lines().filter_map(|line| reading::row(&line, model, &mut diagnostics)).collect();
    let is_error = |found: &Diagnostic| found.severity() == super::Severity::Error;
    if !diagnostics.iter().any(is_error) {
        diagnostics.extend(contradictions::of(&rows, error));
    }
    if !diagnostics.iter().any(is_error) && !rows.iter().any(MeasuredRow::is_lone) {
        let message = "no row was measured with one client, so nothing can be fitted";
        let hint = "add a row with `clients` 1 for each endpoint, measured without a think time";
        let place = Span { source, line: 1, column: 1, length: 1 };
        diagnostics.push(Diagnostic::new(Code::NoLoneClient, message, place).hint(hint));
    }
    diagnostics.sort_by_key(|found| (found.span.line, found.span.column));
    if diagnostics.iter().any(is_error) {
        return Err(Refused { diagnostics, sources });
    }
    Ok(Measurements { rows, warnings: diagnostics, sources })
}

#[cfg(test)]
mod tests;
