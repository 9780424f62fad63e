//! What is said where: results on standard output, everything else on standard error.

use std::io::{ErrorKind, IsTerminal, Write};

use anyhow::Context;

use super::arguments::Color;

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
