//! `cutline explain`: when requests come, what each layout compiles to, with the prices of its bill, and which
//! defaults entered, with their sources.

use std::collections::BTreeMap;

use super::arguments::{ExplainFormat, ExplainOptions, ScenarioOptions};
use super::{Failure, Finding, load, terminal};
use crate::model::{DefaultUse, Model};
use crate::plan::{Plan, compile, listing};
use crate::report::{self, Explained, ExplainedLayout};
use crate::scenario::visible;
use crate::study;

pub(super) fn execute(options: &ExplainOptions) -> Result<Finding, Failure> {
    let text = match options.scenario.as_ref().filter(|_| !options.codes) {
        Some(scenario) => {
            let (model, plans) = compiled(scenario)?;
            match options.format {
                ExplainFormat::Table => told(&model, &plans),
                ExplainFormat::Json => document(&model, &plans).json(),
            }
        }
        None => report::codes_table(terminal::width()),
    };
    terminal::print(&text)?;
    Ok(Finding::Fine)
}

/// The scenario, and the layouts of it that are asked for.
fn compiled(options: &ScenarioOptions) -> Result<(Model, Vec<Plan>), Failure> {
    let loaded = load::load(options, None)?;
    let (model, sources) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &options.layouts)?.into_iter();
    let plan = |layout| compile(&model, layout).map_err(|found| load::shown(&found, &sources));
    let plans = layouts.map(plan).collect::<Result<Vec<_>, _>>()?;
    Ok((model, plans))
}

/// Defaults that entered, but for those of layouts that are not asked for.
fn defaults(model: &Model, plans: &[Plan]) -> Vec<DefaultUse> {
    let asked = |name: &str| plans.iter().any(|plan| plan.layout == name);
    let others = model.layouts.iter().filter(|layout| !asked(&layout.name));
    let others: Vec<String> = others.map(|layout| format!("layouts.{}.", *layout.name)).collect();
    let mut used = model.defaults_used.clone();
    used.retain(|used| !others.iter().any(|other| used.path.starts_with(other)));
    used
}

fn told(model: &Model, plans: &[Plan]) -> String {
    let mut text = report::arrivals_list(&model.workload);
    for plan in plans {
        text += &format!("\nlayout {}\n\n{}", plan.layout, listing(plan));
        if let Some(prices) = &model.platform.prices {
            let bill = study::price_lines(plan, prices);
            text += &format!("\n{}", report::price_list(&prices.name, &bill));
        }
    }
    text += &format!("\n{}", report::defaults_table(&defaults(model, plans)));
    // Names come from the file and may hold anything.
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join("\n") + "\n"
}

fn document(model: &Model, plans: &[Plan]) -> Explained {
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_string).collect() };
    let layout = |plan: &Plan| {
        let prices = model.platform.prices.as_ref();
        let prices = prices.map(|prices| {
            report::explained_prices(&prices.name, &study::price_lines(plan, prices))
        });
        (plan.layout.clone(), ExplainedLayout { listing: lines(&listing(plan)), prices })
    };
    // The first line is a title.
    let arrivals = lines(&report::arrivals_list(&model.workload)).into_iter().skip(1);
    Explained {
        scenario: model.name.to_string(),
        defaults: report::explained_defaults(&defaults(model, plans)),
        arrivals: arrivals.map(|line| line.trim().to_string()).collect(),
        layouts: plans.iter().map(layout).collect::<BTreeMap<_, _>>(),
    }
}
