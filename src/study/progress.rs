//! How a study is followed from outside, and ended before it is done.

use std::sync::atomic::AtomicBool;

use super::findings::Diagnosis;
use super::work_log::WorkLog;

/// A flag that nobody sets.
pub(super) static NEVER: AtomicBool = AtomicBool::new(false);

/// The study was ended from outside before it had findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

/// Hears how far a study has come, and may end it.
pub trait Progress: Sync {
    /// What happens next, in words.
    fn note(&self, text: &str);

    /// What the author should know before the study goes on.
    fn warn(&self, _warning: &Diagnosis) {}

    /// Once it is set, the study ends within a fraction of a second and without findings.
    fn stop(&self) -> &AtomicBool {
        &NEVER
    }

    /// Where the study writes down how far it is; `None`: nobody looks.
    fn work_log(&self) -> Option<&WorkLog> {
        None
    }
}

/// Whom nothing is told, and who ends nothing.
#[derive(Debug, Clone, Copy)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn note(&self, _: &str) {}
}
