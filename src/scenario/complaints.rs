//! Mistakes and doubts of a scenario as they are found: each once, and no more of them than anyone reads.

use super::{Code, Diagnostic, Severity};
use crate::model::Span;

/// Most mistakes that are told at once; more say nothing new.
const MOST_DIAGNOSTICS: usize = 500;

/// What was found so far, in the order in which it was found.
pub(super) struct Complaints {
    diagnostics: Vec<Diagnostic>,
    /// Errors that came when there were as many as are shown.
    untold: usize,
    /// Warnings that came so.
    untold_warnings: usize,
    error_count: usize,
    warning_count: usize,
}

impl Complaints {
    /// Goes on behind what was found before; that is not counted.
    pub(super) fn after(diagnostics: Vec<Diagnostic>) -> Self {
        Complaints { diagnostics, untold: 0, untold_warnings: 0, error_count: 0, warning_count: 0 }
    }

    /// Keeps a mistake or a doubt. What `each` or `extends` copied is told once. No number of doubts keeps
    /// a mistake from being told.
    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        let is_error = diagnostic.severity() == Severity::Error;
        if is_error {
            self.error_count += 1;
        }
        if is_error && self.is_full() {
            self.untold += 1;
        } else if !is_error && self.warning_count >= MOST_DIAGNOSTICS {
            self.untold_warnings += 1;
        } else if !self.diagnostics.contains(&diagnostic) {
            self.warning_count += usize::from(!is_error);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether no more mistakes are shown, so that hints need not be looked for.
    pub(super) fn is_full(&self) -> bool {
        self.diagnostics.len() - self.warning_count >= MOST_DIAGNOSTICS
    }

    /// How many errors were told; a part that leaves the count as it was is clean.
    pub(super) fn errors(&self) -> usize {
        self.error_count
    }

    /// All that is shown, and last how many are not.
    pub(super) fn shown(mut self) -> Vec<Diagnostic> {
        if self.untold > 0 {
            let message = format!("{} more mistakes are not shown", self.untold);
            let diagnostic = Diagnostic::new(Code::TooManyMistakes, message, Span::NOWHERE);
            self.diagnostics.push(diagnostic.hint("mend these first"));
        }
        if self.untold_warnings > 0 {
            let message = format!("{} more warnings are not shown", self.untold_warnings);
            self.diagnostics.push(Diagnostic::new(Code::MoreWarnings, message, Span::NOWHERE));
        }
        self.diagnostics
    }
}
