//! Which scenario is meant: what all commands that read one have in common.

use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::words::Color;
use crate::cli::completers;

/// Which scenario, edited how, in which layouts.
#[derive(Debug, Args)]
pub(crate) struct ScenarioOptions {
    /// Scenario file; `-` reads standard input
    pub(crate) file: PathBuf,

    /// Replace a value: `--set workload.arrivals.poisson=800/s` (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE", add = ArgValueCompleter::new(completers::paths))]
    pub(crate) edits: Vec<String>,

    /// Only this layout (repeatable)
    #[arg(long = "layout", value_name = "NAME", add = ArgValueCompleter::new(completers::layouts))]
    pub(crate) layouts: Vec<String>,

    /// Seed of every random number
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,

    /// Largest scenario text that is read, such as `64MiB` (default: 16MiB); what else limits its size
    /// grows with it
    #[arg(long, value_name = "SIZE")]
    pub(crate) size_limit: Option<String>,

    /// When to colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}
