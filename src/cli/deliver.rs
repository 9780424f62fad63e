//! The one place that writes and prints what a study found: whatever it is, its files come from its one face.

use std::path::Path;

use super::arguments::{Color, Format, PrintOptions};
use super::{Failure, fonts, interrupt, terminal, write};
use crate::report::{self, Figure, Focus, Told};
use crate::scenario::{Code, visible};

/// Findings with the names of their files.
pub(super) struct Delivery<'a> {
    /// What the name of every file begins with; empty for a run, which has the folder to itself.
    pub(super) prefix: &'a str,
    pub(super) found: &'a dyn Told,
}

impl Delivery<'_> {
    /// Every file, as name and content.
    pub(super) fn files(&self, charts: Charts) -> Vec<(String, Vec<u8>)> {
        let json = self.found.json();
        let drawn = self.drawn_of(&json, charts);
        std::iter::once((json_name(self.prefix), json.into_bytes())).chain(drawn).collect()
    }

    /// Every file but the JSON, from which the others can be drawn again.
    pub(super) fn drawn(&self, charts: Charts) -> Vec<(String, Vec<u8>)> {
        self.drawn_of(&self.found.json(), charts)
    }

    /// The same where the JSON, which has every name that is drawn, is written already.
    fn drawn_of(&self, json: &str, charts: Charts) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for sheet in self.found.sheets() {
            files.push((self.name(sheet.name, "csv"), sheet.text().into_bytes()));
        }
        if charts == Charts::None {
            return files;
        }
        fonts::lend_for(json);
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

    /// Says where the files are.
    fn say_where(&self, folder: &Path, charts: Charts) {
        let names = match self.prefix {
            "" => String::new(),
            prefix => format!(", as {prefix}*"),
        };
        let what = if charts == Charts::Drawn { "results and charts are" } else { "results are" };
        terminal::complain(&format!("{what} in {}{names}", folder.display()));
    }
}

/// Whether charts are among the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charts {
    Drawn,
    None,
}

impl Charts {
    pub(super) fn asked(options: &PrintOptions) -> Self {
        if options.no_charts { Charts::None } else { Charts::Drawn }
    }
}

/// Writes into the files that were asked for, prints what was found in the form that was asked for, and says where the rest
/// is. `folder`: where files were written, if anywhere.
/// Errors: a file cannot be written, or standard output takes no more.
pub(super) fn tell(
    studies: &[Delivery],
    options: &PrintOptions,
    color: Color,
    folder: Option<&Path>,
) -> anyhow::Result<()> {
    for (file, format) in exports(options) {
        let told = text_of(studies, format, options.verbose, Color::Never);
        write::write_file(file, told.as_bytes())?;
    }
    if options.quiet {
        return Ok(());
    }
    terminal::print(&text_of(studies, options.format, options.verbose, color))?;
    if let (Format::Table, Some(folder)) = (options.format, folder) {
        studies.iter().for_each(|study| study.say_where(folder, Charts::asked(options)));
    }
    Ok(())
}

/// Files that are asked for by their names, and what each of them is to have.
fn exports(options: &PrintOptions) -> impl Iterator<Item = (&Path, Format)> {
    let PrintOptions { export_json, export_csv, export_markdown, .. } = options;
    let all =
        [(export_json, Format::Json), (export_csv, Format::Csv), (export_markdown, Format::Md)];
    all.into_iter().filter_map(|(file, format)| Some((file.as_deref()?, format)))
}

/// Refuses before a long run what could not be written after it.
pub(super) fn can_export(options: &PrintOptions) -> Result<(), Failure> {
    for (file, _) in exports(options) {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let shown = visible(&file.display().to_string());
        let problem = match folder {
            _ if file.is_dir() => "is a folder; give the name of a file",
            _ if file.file_name().is_none() => "is no name of a file",
            Some(folder) if !folder.is_dir() => "cannot be written: its folder is not there",
            _ => continue,
        };
        return Err(Failure::of(Code::BadFlag, format!("{shown} {problem}")));
    }
    Ok(())
}

/// What is told of all studies in one form. Several of them are one JSON document, in which each has the name of its file.
fn text_of(studies: &[Delivery], format: Format, details: bool, color: Color) -> String {
    let told = |study: &Delivery| text(study.found, format, details, color);
    if format != Format::Json || studies.len() == 1 {
        return studies.iter().map(told).collect();
    }
    let named = studies.iter().map(|study| {
        let name = json_name(study.prefix);
        (name.trim_end_matches(".json").to_string(), study.found.json())
    });
    report::one_document(named)
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
