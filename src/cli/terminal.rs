//! What is said where: results on standard output, everything else on standard error.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::arguments::Color;
use crate::study::{Diagnosis, Progress};

/// Columns where the terminal does not say.
const USUAL_WIDTH: usize = 100;

/// Prints a result. A reader that has closed the pipe has enough.
/// Errors: standard output takes no more for another reason, such as a full disk.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// Says something that is no result.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Columns to print results in: what the shell or the terminal says.
pub(super) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or_else(|| match console::Term::stdout().size_checked() {
        Some((_, columns)) => usize::from(columns),
        None => USUAL_WIDTH,
    })
}

/// Whether to colour standard output.
pub(super) fn color(asked: Color) -> bool {
    match asked {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none()
                && std::env::var_os("CI").is_none()
        }
    }
}

/// A line that says what a study is doing, on a terminal only.
pub(super) struct Spinner {
    bar: ProgressBar,
    /// Whether it has warned: a sweep has many points.
    warned: AtomicBool,
}

impl Spinner {
    pub(super) fn new(quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        if !shown {
            return Spinner { bar: ProgressBar::hidden(), warned: AtomicBool::new(false) };
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Spinner { bar, warned: AtomicBool::new(false) }
    }

    /// Removes the line.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Spinner {
    fn note(&self, text: &str) {
        self.bar.set_message(crate::scenario::visible(text));
    }

    fn warn(&self, warning: &Diagnosis) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            self.bar.suspend(|| complain(&warning.code.says(&warning.message)));
        }
    }

    fn stop(&self) -> &AtomicBool {
        super::interrupt::stop()
    }
}
