//! How a command ends: with what it found, or with why it ended without. `main` makes the exit code of it.

use crate::scenario::{Code, Refused};

/// Why a command ended without its result.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// What the author or the caller must mend; already worded for them.
    #[error("{0}")]
    Usage(String),
    /// A scenario that cannot be used: every mistake with its place.
    #[error("{}", told(.0))]
    Refused(Vec<Refused>),
    /// What the environment refused.
    #[error("{0:#}")]
    Environment(#[from] anyhow::Error),
    /// A signal came; says what is there.
    #[error("{0}")]
    Interrupted(String),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Failure::Refused(vec![refused])
    }
}

/// Every mistake as the text that is shown.
fn told(refused: &[Refused]) -> String {
    let texts: Vec<String> = refused.iter().map(ToString::to_string).collect();
    texts.join("\n").trim_end().to_string()
}

impl Failure {
    /// What must be mended, with its code.
    pub(super) fn of(code: Code, message: impl std::fmt::Display) -> Self {
        Failure::Usage(code.says(message))
    }
}

/// What a command that ran to its end found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    Fine,
    Missed,
    PromiseBroken,
    /// The scenario has mistakes, which are told.
    Mistaken,
    /// By arithmetic a layout cannot carry its load.
    Overloaded,
    /// The program is wrong, as its checks of itself say.
    Wrong,
    /// Two runs that were to be compared differ.
    RunsPart,
    /// A point of a sweep could not be simulated.
    PointFailed,
}
