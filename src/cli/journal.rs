//! The journal of a sweep in its folder: what is finished there outlives an interruption.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{Failure, terminal};
use crate::report::{self, Asked};
use crate::study::{Journal, RunFindings};

/// An open journal.
pub(super) struct JournalFile {
    path: PathBuf,
    file: File,
    known: BTreeMap<usize, RunFindings>,
    /// Points that are finished, by this sweep or an earlier one.
    finished: usize,
    /// Whether it was said that a point cannot be kept.
    troubled: bool,
}

impl JournalFile {
    /// Begins the journal of the sweep called `name`; with `resume` goes on with the one that is there.
    /// Errors: it is the journal of another sweep, or cannot be written.
    pub(super) fn open(
        folder: &Path,
        name: &str,
        asked: &Asked,
        resume: bool,
    ) -> Result<Self, Failure> {
        let path = folder.join(format!("{name}.journal"));
        let shown = path.display().to_string();
        let text = match fs::read(&path) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(anyhow::Error::new(error).context(shown).into()),
        };
        let known = match text {
            Some(text) if resume => known(&text, asked, &shown)?,
            Some(text) => {
                let dropped = report::read_journal(&text).points.len();
                if dropped > 0 {
                    terminal::complain(&format!(
                        "points of an interrupted sweep are dropped: {dropped} of {shown}; \
                         --resume goes on with them"
                    ));
                }
                BTreeMap::new()
            }
            None => {
                if resume {
                    terminal::complain(&format!("no {shown} to resume: every point is run"));
                }
                BTreeMap::new()
            }
        };
        let file = begin(&path, asked, &known).with_context(|| format!("cannot write {shown}"))?;
        Ok(JournalFile { path, file, finished: known.len(), known, troubled: false })
    }

    /// Points that are finished.
    pub(super) fn finished(&self) -> usize {
        self.finished
    }

    /// The sweep's results are written: the journal has done its work.
    pub(super) fn remove(self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The points of the journal's text that need not be run again.
fn known(text: &str, asked: &Asked, shown: &str) -> Result<BTreeMap<usize, RunFindings>, Failure> {
    let journal = report::read_journal(text);
    let Some(before) = &journal.asked else {
        terminal::complain(&format!("{shown} is damaged at its start: every point is run"));
        return Ok(BTreeMap::new());
    };
    let differences = report::differences(before, asked);
    if !differences.is_empty() {
        return Err(Failure::Usage(format!(
            "error[other-sweep]: {shown} is of another sweep: {}; run without --resume to begin anew",
            differences.join("; ")
        )));
    }
    let (points, damaged) = (journal.points.len(), journal.damaged);
    let told = if damaged > 0 {
        format!("{points} finished points are taken from {shown}; {damaged} damaged are run again")
    } else {
        format!("{points} finished points are taken from {shown}")
    };
    terminal::complain(&told);
    Ok(journal.points)
}

/// A journal with what is known, in place of what was there: a torn end must not stand in the middle.
fn begin(
    path: &Path,
    asked: &Asked,
    known: &BTreeMap<usize, RunFindings>,
) -> std::io::Result<File> {
    let part = path.with_extension("journal.part");
    let mut file = File::create(&part)?;
    file.write_all(report::asked_line(asked).as_bytes())?;
    for (point, found) in known {
        file.write_all(report::point_line(*point, found).as_bytes())?;
    }
    fs::rename(&part, path)?;
    Ok(file)
}

impl Journal for JournalFile {
    fn known(&mut self, point: usize) -> Option<RunFindings> {
        self.known.remove(&point)
    }

    fn keep(&mut self, point: usize, found: &RunFindings) {
        let line = report::point_line(point, found);
        match self.file.write_all(line.as_bytes()) {
            Ok(()) => self.finished += 1,
            Err(error) if !self.troubled => {
                self.troubled = true;
                let path = self.path.display();
                terminal::complain(&format!("warning: {path} cannot be written: {error}"));
            }
            Err(_) => {}
        }
    }
}
