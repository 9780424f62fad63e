//! Words that flags take.

use clap::ValueEnum;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables for reading
    Table,
    /// JSON, such as results.json
    Json,
    /// One row for each layout and endpoint, or figure
    Csv,
    /// Markdown tables
    Md,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How `check` tells what it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Mistakes with the lines that they stand in, and tables
    Table,
    /// One JSON document: each mistake, warning and remark with its place, and each layout's load
    Json,
    /// Annotations of GitHub: `::error file=…,line=…,col=…::…`
    Github,
}

/// How `explain` tells what it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// Text for reading
    Table,
    /// One JSON document
    Json,
}

/// A shell that completes what is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}
