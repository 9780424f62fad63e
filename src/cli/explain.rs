//! `cutline explain`: which defaults entered, with their sources, when requests come, and what each layout
//! compiles to, with the prices of its bill.

use super::arguments::{ExplainOptions, ScenarioOptions};
use super::{Failure, Finding, load, terminal};
use crate::plan::{compile, listing};
use crate::report;
use crate::scenario::visible;
use crate::study;

pub(super) fn execute(options: &ExplainOptions) -> Result<Finding, Failure> {
    if let Some(scenario) = options.scenario.as_ref().filter(|_| !options.codes) {
        return explain(scenario);
    }
    terminal::print(&report::codes_table(terminal::width()))?;
    Ok(Finding::Fine)
}

fn explain(options: &ScenarioOptions) -> Result<Finding, Failure> {
    let loaded = load::load(options, None)?;
    let (model, sources) = load::model(&loaded)?;
    let layouts = load::layouts(&model, &options.layouts)?;
    let left_out = |position: &usize| !layouts.contains(position);
    let others = (0..model.layouts.len()).filter(left_out);
    let others = others.map(|position| format!("layouts.{}.", *model.layouts[position].name));
    let others: Vec<String> = others.collect();
    let mut used = model.defaults_used.clone();
    used.retain(|used| !others.iter().any(|other| used.path.starts_with(other)));
    let mut text = report::defaults_table(&used);
    text += &format!("\n{}", report::arrivals_list(&model.workload));
    for layout in layouts {
        let plan = compile(&model, layout).map_err(|found| load::shown(&found, &sources))?;
        text += &format!("\nlayout {}\n\n{}", plan.layout, listing(&plan));
        if let Some(prices) = &model.platform.prices {
            let bill = study::price_lines(&plan, prices);
            text += &format!("\n{}", report::price_list(&prices.name, &bill));
        }
    }
    // Names come from the file and may hold anything.
    let lines: Vec<String> = text.lines().map(visible).collect();
    terminal::print(&(lines.join("\n") + "\n"))?;
    Ok(Finding::Fine)
}
