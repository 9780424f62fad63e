//! `cutline diff-trace`: the first event at which two runs part.

use std::path::Path;

use super::arguments::{Color, DiffTraceOptions, ScenarioOptions};
use super::load::{self, Loaded};
use super::{Failure, Finding, terminal};
use crate::model::{Length, Model};
use crate::plan::{Plan, compile};
use crate::report::{self, Compared};
use crate::scenario::{Code, Sources};
use crate::study::{Traced, Traces, parting};
use crate::units::Nanos;

/// Compared of scenarios that say no length: a run by precision is as long as its pilots find.
const USUAL_DURATION: Nanos = Nanos(60_000_000_000);

/// One of the two runs.
struct Side {
    name: String,
    model: Model,
    sources: Sources,
}

pub(super) fn execute(options: &DiffTraceOptions) -> Result<Finding, Failure> {
    let sides = sides(options)?;
    let duration = duration(options, &sides)?;
    let mut finding = Finding::Fine;
    for (index, layouts) in pairs(options, &sides)?.into_iter().enumerate() {
        let plans = [plan(&sides[0], &layouts[0])?, plan(&sides[1], &layouts[1])?];
        let traced =
            [0, 1].map(|side| Traced { plan: &plans[side], seed: sides[side].model.run.seed });
        let traces = parting(traced, options.replication - 1, duration);
        if matches!(traces, Traces::Part(_)) {
            finding = Finding::RunsPart;
        }
        let [a, b] = &layouts;
        let layout = if a == b { a.clone() } else { format!("{a} and {b}") };
        let names = [0, 1].map(|side| name(&sides[side], &layouts[side], a != b));
        let compared = Compared {
            names: [&names[0], &names[1]],
            layout: &layout,
            replication: options.replication,
            duration,
        };
        let gap = if index > 0 { "\n" } else { "" };
        let table = report::parting_table(&compared, &traces, terminal::width());
        terminal::print(&format!("{gap}{table}"))?;
    }
    Ok(finding)
}

fn name(side: &Side, layout: &str, tell: bool) -> String {
    if tell { format!("{}, {layout}", side.name) } else { side.name.clone() }
}

/// The two scenarios with their edits. Standard input is read once, whoever asks for it.
fn sides(options: &DiffTraceOptions) -> Result<[Side; 2], Failure> {
    let shared = |file: &Path| ScenarioOptions {
        file: file.to_path_buf(),
        edits: options.edits.clone(),
        layouts: Vec::new(),
        seed: options.seed,
        size_limit: options.size_limit.clone(),
        color: Color::Never,
    };
    let a = load::load(&shared(&options.a), None)?;
    let mut b = match &options.b {
        Some(file) if *file != options.a => load::load(&shared(file), None)?,
        _ => a.clone(),
    };
    load::edit(&mut b, &options.edits_b, "--set-b")?;
    let file_b = options.b.as_ref().unwrap_or(&options.a);
    let all = [options.edits.as_slice(), &options.edits_b].concat();
    Ok([side(&options.a, &options.edits, &a)?, side(file_b, &all, &b)?])
}

fn side(file: &Path, edits: &[String], loaded: &Loaded) -> Result<Side, Failure> {
    let (model, sources) = load::model(loaded)?;
    let file = file.display().to_string();
    let name = [&[file], edits].concat().join(", ");
    Ok(Side { name, model, sources })
}

/// Over how long the two are compared: as asked, or as long as both run.
fn duration(options: &DiffTraceOptions, sides: &[Side; 2]) -> Result<Nanos, Failure> {
    if let Some(text) = &options.duration {
        let duration: Nanos = text.parse().map_err(|error: crate::units::UnitError| {
            Failure::of(Code::BadFlag, format!("--duration: {error}; {}", error.hint))
        })?;
        return Ok(duration);
    }
    let lengths = sides.iter().map(|side| match side.model.run.length {
        Length::Fixed { duration, .. } | Length::Until(duration) => duration,
        Length::Precision { .. } => USUAL_DURATION,
    });
    let shorter = lengths.min().unwrap_or(USUAL_DURATION);
    terminal::complain(&format!("comparing {shorter} of simulated time; --duration looks further"));
    Ok(shorter)
}

/// Names of the layouts that are compared with each other.
fn pairs(options: &DiffTraceOptions, sides: &[Side; 2]) -> Result<Vec<[String; 2]>, Failure> {
    let known = |side: &Side| -> Vec<String> {
        side.model.layouts.iter().map(|layout| layout.name.value.clone()).collect()
    };
    let [a, b] = [known(&sides[0]), known(&sides[1])];
    if let Some(layout) = &options.layout {
        let other = options.layout_b.as_ref().unwrap_or(layout);
        load::layouts(&sides[0].model, std::slice::from_ref(layout))?;
        load::layouts(&sides[1].model, std::slice::from_ref(other))?;
        return Ok(vec![[layout.clone(), other.clone()]]);
    }
    let (both, only): (Vec<String>, Vec<String>) =
        a.iter().cloned().partition(|name| b.contains(name));
    let only = only.iter().chain(b.iter().filter(|name| !a.contains(name)));
    for name in only {
        let name = crate::scenario::visible(name);
        terminal::complain(&format!("layout {name} is in one of the two only"));
    }
    if both.is_empty() {
        return Err(Failure::of(
            Code::UnknownLayout,
            "the two have no layout of the same name; give --layout and --layout-b",
        ));
    }
    Ok(both.into_iter().map(|name| [name.clone(), name]).collect())
}

fn plan(side: &Side, layout: &str) -> Result<Plan, Failure> {
    let position = load::layouts(&side.model, &[layout.to_string()])?;
    compile(&side.model, position[0]).map_err(|found| load::shown(&found, &side.sources))
}
