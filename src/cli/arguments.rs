//! What can be asked on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::shard::Shard;

/// Measure before you cut: one application, many layouts, simulated with its database and its bill.
#[derive(Debug, Parser)]
#[command(name = "cutline", version, about, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Simulate every layout, compare them, write results and charts
    Run(RunOptions),
    /// Run over a grid of values of any path of the scenario
    Sweep(SweepOptions),
    /// Draw every table and chart again from saved results
    Report(ReportOptions),
    /// Say every mistake at once, and what arithmetic already shows about the load
    Check(ScenarioOptions),
    /// Show the resolved defaults with their sources, and the compiled steps of each layout
    Explain(ExplainOptions),
    /// Say at which event two runs part: two scenarios, or one before and after an edit
    DiffTrace(DiffTraceOptions),
    /// Fit unknown costs to lone clients, and predict what was measured under load
    #[command(after_help = CALIBRATE_HELP)]
    Calibrate(CalibrateOptions),
    /// Hold the simulator itself against exact answers and published figures
    Verify(VerifyOptions),
    /// Print the JSON Schema of scenarios, by which an editor completes and checks them
    Schema,
}

/// Which scenario, edited how, in which layouts.
#[derive(Debug, Args)]
pub(super) struct ScenarioOptions {
    /// Scenario file; `-` reads standard input
    pub(super) file: PathBuf,

    /// Replace a value: `--set workload.arrivals.poisson=800/s` (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) edits: Vec<String>,

    /// Only this layout (repeatable)
    #[arg(long = "layout", value_name = "NAME")]
    pub(super) layouts: Vec<String>,

    /// Seed of every random number
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,

    /// Largest scenario text that is read, such as `64MiB` (default: 16MiB); what else limits its size
    /// grows with it
    #[arg(long, value_name = "SIZE")]
    pub(super) size_limit: Option<String>,

    /// When to colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
}

/// What to explain.
#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    // Every argument of a scenario is left out beside `--codes`, so that FILE is needed without it only.
    #[command(flatten)]
    pub(super) scenario: Option<ScenarioOptions>,

    /// Instead of a scenario: every code of an error, a warning or a remark, and what to do about it
    #[arg(long, exclusive = true)]
    pub(super) codes: bool,
}

/// How to simulate, and where results go.
#[derive(Debug, Args)]
pub(super) struct RunOptions {
    #[command(flatten)]
    pub(super) scenario: ScenarioOptions,

    /// Independent replications
    #[arg(long, value_name = "N")]
    pub(super) replications: Option<u32>,

    /// Half-width of the 95 % interval of means to run for, such as `2%`
    #[arg(long, value_name = "SHARE", conflicts_with = "duration")]
    pub(super) precision: Option<String>,

    /// Simulated time of a replication, such as `10min`; a tenth of it is not measured, but all of a
    /// run with `until`
    #[arg(long, value_name = "TIME")]
    pub(super) duration: Option<String>,

    /// Processor threads to use
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,

    /// Folder of the results (default: `output/` and the name of the scenario)
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    #[command(flatten)]
    pub(super) print: PrintOptions,
}

/// What is told of results, in files and on the terminal.
#[derive(Debug, Args)]
pub(super) struct PrintOptions {
    /// Tables, charts and CSV of this endpoint instead of all together (repeatable); `each` is every
    /// endpoint, `all` all together. The JSON is whole whatever is chosen
    #[arg(long = "endpoint", value_name = "NAME")]
    pub(super) endpoints: Vec<String>,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,

    /// Print nothing but errors
    #[arg(short, long)]
    pub(super) quiet: bool,

    /// Also print the bill with its sources
    #[arg(short, long)]
    pub(super) verbose: bool,
}

#[derive(Debug, Args)]
pub(super) struct SweepOptions {
    #[command(flatten)]
    pub(super) run: RunOptions,

    /// Path and its values: `workload.arrivals.poisson=100/s,200/s` or `=50/s..3200/s x 7 log`
    /// (repeatable: a grid); without it the sweeps of the file are run
    #[arg(long = "vary", value_name = "PATH=VALUES")]
    pub(super) vary: Vec<String>,

    /// Go on with what is finished in the same folder: of a sweep that was interrupted, and of its shards
    #[arg(long)]
    pub(super) resume: bool,

    /// Run only every Nth point from the Kth on, and keep them for --resume to put together
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
}

/// What to draw again. Exit code 0: it is drawn, whatever the results say.
#[derive(Debug, Args)]
pub(super) struct ReportOptions {
    /// Folder that a run or a sweep has written: its results.json, sweep.json and sweep-….json are read
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,

    /// Folder of the tables and charts (default: DIR itself)
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    #[command(flatten)]
    pub(super) print: PrintOptions,

    /// When to colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
}

/// Which two runs to compare, event by event. Exit code 0: they are the same; 1: they part.
#[derive(Debug, Args)]
pub(super) struct DiffTraceOptions {
    /// Scenario file of the first run; `-` reads standard input
    #[arg(value_name = "A")]
    pub(super) a: PathBuf,

    /// Scenario file of the second run (default: the first, with the edits of --set-b)
    #[arg(value_name = "B")]
    pub(super) b: Option<PathBuf>,

    /// Replace a value in both (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) edits: Vec<String>,

    /// Replace a value in the second only (repeatable)
    #[arg(long = "set-b", value_name = "PATH=VALUE")]
    pub(super) edits_b: Vec<String>,

    /// Layout (default: every layout that both have)
    #[arg(long, value_name = "NAME")]
    pub(super) layout: Option<String>,

    /// Layout of the second, where it is another
    #[arg(long, value_name = "NAME", requires = "layout")]
    pub(super) layout_b: Option<String>,

    /// Seed of every random number of both
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,

    /// Which replication, from 1
    #[arg(long, value_name = "R", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) replication: u32,

    /// Largest scenario text that is read, such as `64MiB` (default: 16MiB); what else limits its size
    /// grows with it
    #[arg(long, value_name = "SIZE")]
    pub(super) size_limit: Option<String>,

    /// How much simulated time to compare (default: `run.fixed.duration`, or 1 min without it)
    #[arg(long, value_name = "TIME")]
    pub(super) duration: Option<String>,
}

/// Stands under the help of `calibrate`.
const CALIBRATE_HELP: &str = "\
Columns of FILE, by name in any order: case, layout, endpoint (or `all`), clients or rate_per_s, and what was \
measured: throughput_per_s, mean_ms, p50_ms, p90_ms, p99_ms, cpu_us; set (`path=value; path=value`) and source. \
Rows with 1 client are fitted, all others are predicted.

Example:
  cutline calibrate scenarios/real-shop.yaml --measured data/measured/real-shop.csv";

/// What to fit to what. Exit code 0: it is fitted, however good the predictions are.
#[derive(Debug, Args)]
pub(super) struct CalibrateOptions {
    #[command(flatten)]
    pub(super) scenario: ScenarioOptions,

    /// Measured figures, a CSV; rows of other layouts than those of --layout are left out
    #[arg(long, value_name = "FILE")]
    pub(super) measured: PathBuf,

    /// Fit only this cost, or those whose paths begin so (repeatable)
    #[arg(long = "fit", value_name = "PATH")]
    pub(super) only: Vec<String>,

    /// Standard deviation of a measurement, as a share of it
    #[arg(long, value_name = "SHARE", default_value = "3%")]
    pub(super) error: String,

    /// Draws from what stays open, each simulated for every prediction
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub(super) draws: u32,

    /// Processor threads to use
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,

    /// Folder of the results (default: `output/` and the name of the scenario)
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,

    /// Print nothing but errors
    #[arg(short, long)]
    pub(super) quiet: bool,
}

/// What to hold the simulator against.
#[derive(Debug, Args)]
pub(super) struct VerifyOptions {
    /// Only the cases that take a few seconds each
    #[arg(long)]
    pub(super) quick: bool,

    /// Only this case (repeatable)
    #[arg(long = "case", value_name = "ID")]
    pub(super) cases: Vec<String>,

    /// Show which cases there are, and run none
    #[arg(long, conflicts_with_all = ["quick", "cases", "show"])]
    pub(super) list: bool,

    /// Print the scenario of a case, to be run with `cutline run -`
    #[arg(long, value_name = "ID", conflicts_with_all = ["quick", "cases"])]
    pub(super) show: Option<String>,

    /// Other random numbers than the usual ones
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,

    /// Processor threads to use
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,

    /// When to colour the output
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
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
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
