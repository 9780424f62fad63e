//! What is known of a code, and how grave something may be.

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// What was asked for is not done, or must not be used.
    Error,
    /// Probably not what was meant; it is done all the same.
    Warning,
    /// Said beside figures: how to read them.
    Remark,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Remark => "remark",
        })
    }
}

/// What is known of a code.
pub(super) struct CodeRow {
    pub(super) text: &'static str,
    pub(super) severity: Severity,
    pub(super) meaning: &'static str,
}
