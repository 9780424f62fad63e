//! What can be asked of the commands that simulate no study of an author's: fitting, verifying, and what is around a file.

use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use super::scenario::ScenarioOptions;
use super::words::{Color, Format, Shell};
use crate::cli::{completers, templates};

/// What to fit to what. Exit code 0: it is fitted, however good the predictions are.
#[derive(Debug, Args)]
pub(crate) struct CalibrateOptions {
    #[command(flatten)]
    pub(crate) scenario: ScenarioOptions,

    /// Measured figures, a CSV; rows of other layouts than those of --layout are left out
    #[arg(long, value_name = "FILE")]
    pub(crate) measured: PathBuf,

    /// Fit only this cost, or those whose paths begin so (repeatable)
    #[arg(long = "fit", value_name = "PATH")]
    pub(crate) only: Vec<String>,

    /// Standard deviation of a measurement, as a share of it
    #[arg(long, value_name = "SHARE", default_value = "3%")]
    pub(crate) error: String,

    /// Draws from what stays open, each simulated for every prediction
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub(crate) draws: u32,

    /// Processor threads to use
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    /// Folder of the results (default: `output/` and the name of the scenario); `none` writes none
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,

    /// Print nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What to hold the simulator against.
#[derive(Debug, Args)]
pub(crate) struct VerifyOptions {
    /// Only the cases that take a few seconds each
    #[arg(long)]
    pub(crate) quick: bool,

    /// Only this case (repeatable)
    #[arg(long = "case", value_name = "ID")]
    pub(crate) cases: Vec<String>,

    /// Show which cases there are, and run none
    #[arg(long, conflicts_with_all = ["quick", "cases", "show"])]
    pub(crate) list: bool,

    /// Print the scenario of a case, to be run with `cutline run -`
    #[arg(long, value_name = "ID", conflicts_with_all = ["quick", "cases"])]
    pub(crate) show: Option<String>,

    /// Other random numbers than the usual ones
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    #[command(flatten)]
    pub(crate) telling: TellingOptions,
}

/// With what to work, and how to tell what came out.
#[derive(Debug, Args)]
pub(crate) struct TellingOptions {
    /// Processor threads to use
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,

    /// When to colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

/// What to begin with.
#[derive(Debug, Args)]
pub(crate) struct InitOptions {
    /// Which scenario to begin with; --list tells all of them
    #[arg(value_name = "TEMPLATE", default_value = templates::FIRST, add = ArgValueCandidates::new(templates::candidates))]
    pub(crate) template: String,

    /// File to write, which must not be there yet; `-` prints it
    #[arg(long, value_name = "FILE", default_value = "scenario.yaml")]
    pub(crate) out: PathBuf,

    /// Show which templates there are, and write nothing
    #[arg(long, conflicts_with_all = ["out", "template"])]
    pub(crate) list: bool,
}

/// Which shell to complete in.
#[derive(Debug, Args)]
pub(crate) struct CompletionsOptions {
    /// The shell that the script is for
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Where manual pages go.
#[derive(Debug, Args)]
pub(crate) struct ManOptions {
    /// Folder of the pages; `man -l DIR/cutline.1` shows the first
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

/// Which two runs to set beside each other.
#[derive(Debug, Args)]
pub(crate) struct CompareOptions {
    /// First run: a folder that `cutline run` has written, or a scenario, which is simulated
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,

    /// Second run (default: the scenario of the first, with the edits of --set-b)
    #[arg(value_name = "B")]
    pub(crate) b: Option<PathBuf>,

    /// Replace a value in both scenarios (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE", add = ArgValueCompleter::new(completers::paths))]
    pub(crate) edits: Vec<String>,

    /// Replace a value in the second only (repeatable)
    #[arg(long = "set-b", value_name = "PATH=VALUE", add = ArgValueCompleter::new(completers::paths))]
    pub(crate) edits_b: Vec<String>,

    /// Simulate only this layout (repeatable)
    #[arg(long = "layout", value_name = "NAME", add = ArgValueCompleter::new(completers::layouts))]
    pub(crate) layouts: Vec<String>,

    /// Seed of every random number of both scenarios
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,

    #[command(flatten)]
    pub(crate) telling: TellingOptions,
}
