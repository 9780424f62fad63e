//! What can be asked on the command line.

mod scenario;
mod tools;
mod words;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::shard::Shard;
use super::{completers, examples};

pub(super) use scenario::ScenarioOptions;
pub(super) use tools::{
    CalibrateOptions, CompareOptions, CompletionsOptions, InitOptions, ManOptions, VerifyOptions,
};
pub(super) use words::{CheckFormat, Color, ExplainFormat, Format, Shell};

/// Measure before you cut: one application, many layouts, simulated with its database and its bill.
#[derive(Debug, Parser)]
#[command(name = "cutline", version, about, max_term_width = 100, after_help = examples::PROGRAM)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Simulate every layout, compare them, write results and charts
    #[command(after_help = examples::RUN)]
    Run(RunOptions),
    /// Run over a grid of values of any path of the scenario
    #[command(after_help = examples::SWEEP)]
    Sweep(SweepOptions),
    /// Draw every table and chart again from saved results
    #[command(after_help = examples::REPORT)]
    Report(ReportOptions),
    /// Set two runs beside each other, saved or simulated, metric by metric
    #[command(after_help = examples::COMPARE)]
    Compare(CompareOptions),
    /// Say every mistake at once, and what arithmetic already shows about the load
    #[command(after_help = examples::CHECK)]
    Check(CheckOptions),
    /// Show the resolved defaults with their sources, and the compiled steps of each layout
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainOptions),
    /// Say at which event two runs part: two scenarios, or one before and after an edit
    #[command(after_help = examples::DIFF_TRACE)]
    DiffTrace(DiffTraceOptions),
    /// Fit unknown costs to lone clients, and predict what was measured under load
    #[command(after_help = examples::CALIBRATE)]
    Calibrate(CalibrateOptions),
    /// Hold the simulator itself against exact answers and published figures
    #[command(after_help = examples::VERIFY)]
    Verify(VerifyOptions),
    /// Write a commented scenario to begin with, and the schema by which editors know it
    #[command(after_help = examples::INIT)]
    Init(InitOptions),
    /// Print the JSON Schema of scenarios, by which an editor completes and checks them
    #[command(after_help = examples::SCHEMA)]
    Schema,
    /// Print the script by which a shell completes commands, flags, layouts and paths
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsOptions),
    /// Write a manual page for each command
    #[command(after_help = examples::MAN)]
    Man(ManOptions),
}

/// What to check, and how to tell it.
#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    #[command(flatten)]
    pub(super) scenario: ScenarioOptions,

    /// How to tell what is found
    #[arg(long, value_enum, default_value_t = CheckFormat::Table)]
    pub(super) format: CheckFormat,

    /// Only print the names of the layouts, one a line
    #[arg(long, conflicts_with = "format")]
    pub(super) list_layouts: bool,
}

/// What to explain.
#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    // Every argument of a scenario is left out beside `--codes`, so that FILE is needed without it only.
    #[command(flatten)]
    pub(super) scenario: Option<ScenarioOptions>,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = ExplainFormat::Table)]
    pub(super) format: ExplainFormat,

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

    /// Folder of the results (default: `output/` and the name of the scenario); `none` writes none
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    /// Only print the names of the layouts, one a line
    #[arg(long)]
    pub(super) list_layouts: bool,

    #[command(flatten)]
    pub(super) print: PrintOptions,
}

/// What is told of results, in files and on the terminal.
#[derive(Debug, Args)]
pub(super) struct PrintOptions {
    /// Tables, charts and CSV of this endpoint instead of all together (repeatable); `each` is every
    /// endpoint, `all` all together. The JSON is whole whatever is chosen
    #[arg(long = "endpoint", value_name = "NAME", add = ArgValueCompleter::new(completers::endpoints))]
    pub(super) endpoints: Vec<String>,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,

    /// Draw no charts: only results and tables are written
    #[arg(long)]
    pub(super) no_charts: bool,

    /// Also write what `--format json` prints, into this file
    #[arg(long, value_name = "FILE")]
    pub(super) export_json: Option<PathBuf>,

    /// Also write what `--format csv` prints, into this file
    #[arg(long, value_name = "FILE")]
    pub(super) export_csv: Option<PathBuf>,

    /// Also write what `--format md` prints, into this file
    #[arg(long, value_name = "FILE")]
    pub(super) export_markdown: Option<PathBuf>,

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
    #[arg(long = "vary", value_name = "PATH=VALUES", add = ArgValueCompleter::new(completers::paths))]
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

    /// Folder of the tables and charts (default: DIR itself); `none` writes none
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
    #[arg(long = "set", value_name = "PATH=VALUE", add = ArgValueCompleter::new(completers::paths))]
    pub(super) edits: Vec<String>,

    /// Replace a value in the second only (repeatable)
    #[arg(long = "set-b", value_name = "PATH=VALUE", add = ArgValueCompleter::new(completers::paths))]
    pub(super) edits_b: Vec<String>,

    /// Layout (default: every layout that both have)
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(completers::layouts))]
    pub(super) layout: Option<String>,

    /// Layout of the second, where it is another
    #[arg(long, value_name = "NAME", requires = "layout", add = ArgValueCompleter::new(completers::layouts))]
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;

    use super::*;

    /// The words of a line, single quotes taken off.
    fn words(line: &str) -> Vec<String> {
        let split = |(index, part): (usize, &str)| -> Vec<String> {
            match index % 2 {
                0 => part.split_whitespace().map(str::to_string).collect(),
                _ => vec![part.to_string()],
            }
        };
        line.split('\'').enumerate().flat_map(split).collect()
    }

    /// The lines under a help that are to be copied.
    fn examples_of(command: &clap::Command) -> Vec<String> {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let lines = help.lines().filter(|line| line.starts_with("  cutline "));
        lines.map(str::to_string).collect()
    }

    #[test]
    fn every_command_has_examples_that_it_takes_and_whose_files_are_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut whole = Arguments::command();
        whole.build();
        let commands = whole.get_subcommands().filter(|command| command.get_name() != "help");
        for command in commands.chain([&whole]) {
            let lines = examples_of(command);
            assert!(!lines.is_empty(), "{}", command.get_name());
            for line in lines {
                let words = words(&line);
                let name = command.get_name();
                assert!(name == "cutline" || words[1] == name, "{line}");
                if let Err(error) = Arguments::try_parse_from(&words) {
                    panic!("{line}: {error}");
                }
                let is_file =
                    |word: &&String| ["scenarios/", "data/"].iter().any(|at| word.starts_with(at));
                words
                    .iter()
                    .filter(is_file)
                    .for_each(|file| assert!(root.join(file).is_file(), "{line}"));
            }
        }
    }
}
