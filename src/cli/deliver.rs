//! The one place that writes and prints what a study found: whatever it is, its files come from its one face.

use std::path::Path;

use super::arguments::{Color, Format, PrintOptions};
use super::{Failure, fonts, interrupt, terminal, write};
use crate::report::{Figure, Focus, Told};
use crate::scenario::Code;

/// Findings with the names of their files.
pub(super) struct Delivery<'a> {
    /// What the name of every file begins with; empty for a run, which has the folder to itself.
    pub(super) prefix: &'a str,
    pub(super) found: &'a dyn Told,
}

impl Delivery<'_> {
    /// Every file, as name and content.
    pub(super) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let json = self.found.json();
        let drawn = self.drawn_of(&json);
        std::iter::once((json_name(self.prefix), json.into_bytes())).chain(drawn).collect()
    }

    /// Every file but the JSON, from which the others can be drawn again.
    pub(super) fn drawn(&self) -> Vec<(String, Vec<u8>)> {
        self.drawn_of(&self.found.json())
    }

    /// The same where the JSON, which has every name that is drawn, is written already.
    fn drawn_of(&self, json: &str) -> Vec<(String, Vec<u8>)> {
        fonts::lend_for(json);
        let mut files = Vec::new();
        for sheet in self.found.sheets() {
            files.push((self.name(sheet.name, "csv"), sheet.text().into_bytes()));
        }
        for Figure { name, svg, png } in self.found.figures() {
            files.push((self.name(&name, "svg"), svg.into_bytes()));
            files.push((self.name(&name, "png"), png));
        }
        files
    }

    fn name(&self, part: &str, extension: &str) -> String {
        let joint = if self.prefix.is_empty() || part.is_empty() { "" } else { "-" };
        format!("{}{joint}{part}.{extension}", self.prefix)
    }

    /// Prints what was found as asked, and says where the rest is.
    /// Errors: standard output takes no more.
    pub(super) fn print(
        &self,
        options: &PrintOptions,
        color: Color,
        folder: &Path,
    ) -> anyhow::Result<()> {
        if options.quiet {
            return Ok(());
        }
        terminal::print(&text(self.found, options.format, options.verbose, color))?;
        if options.format == Format::Table {
            let names = match self.prefix {
                "" => String::new(),
                prefix => format!(", as {prefix}*"),
            };
            terminal::complain(&format!("results and charts are in {}{names}", folder.display()));
        }
        Ok(())
    }
}

/// Whom to speak of, of those that a study knows. `place`: where it is, for the message.
pub(super) fn focus(options: &PrintOptions, known: &[&str], place: &str) -> Result<Focus, Failure> {
    Focus::of(&options.endpoints, known)
        .map_err(|unknown| Failure::of(Code::UnknownEndpoint, format!("{place}{unknown}")))
}

/// Name of the JSON of a study whose files begin with `prefix`.
pub(super) fn json_name(prefix: &str) -> String {
    format!("{}.json", if prefix.is_empty() { "results" } else { prefix })
}

/// Writes the files, all of them or none. `unwritten` says what is there if a signal has come.
pub(super) fn write(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    unwritten: &str,
) -> Result<(), Failure> {
    interrupt::check(unwritten)?;
    Ok(write::write_all(folder, files)?)
}

/// What is printed of findings; with `details` tables have all that stands behind them.
pub(super) fn text(found: &dyn Told, format: Format, details: bool, color: Color) -> String {
    let tables = || if details { found.tables().with_details() } else { found.tables() };
    match format {
        Format::Json => found.json(),
        Format::Csv => {
            found.sheets().into_iter().next().map_or(String::new(), |sheet| sheet.text())
        }
        Format::Md => tables().markdown(),
        Format::Table => tables().text(terminal::width(), terminal::color(color)),
    }
}
