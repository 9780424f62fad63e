//! What arithmetic shows before a run, and the defaults that entered, as text.

use std::fmt::Write;

use super::numbers::{count, digits};
use super::table::wrapped;
use crate::model::{Arrivals, DefaultUse, default_value};
use crate::plan::{DEFAULTS, Forecast, Plan, Remark, SourcePlan};
use crate::scenario::visible;
use crate::study::Effort;
use crate::units::significant;

/// Resources shown for each layout.
const MOST_SHOWN: usize = 8;

/// What is known of a layout before it is run.
#[derive(Debug)]
pub struct Preview {
    /// The layout, compiled.
    pub plan: Plan,
    /// What its load comes to.
    pub forecast: Forecast,
    /// What the asked precision takes, where one is asked.
    pub effort: Option<Effort>,
}

/// The forecast of each layout: what is busiest, where it saturates, what the asked precision takes, and what
/// is doubtful about it, in so many columns.
pub fn preview_table(previews: &[Preview], width: usize) -> String {
    let mut text = String::new();
    for (index, preview) in previews.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        write_forecast(&mut text, &preview.plan, &preview.forecast);
        if let Some(effort) = &preview.effort {
            text.push_str(&wrapped(&takes(effort), width));
        }
        for Remark { code, message } in &preview.plan.remarks {
            text.push_str(&wrapped(&format!("{code}: {}", visible(message)), width));
        }
    }
    text
}

/// How many requests the asked precision takes.
fn takes(effort: &Effort) -> String {
    let percent = |share: f64| significant(share * 100.0, 3);
    // Two digits: the arithmetic is no better.
    let digits = 10f64.powf(effort.requests.log10().floor() - 1.0);
    let requests = count(((effort.requests / digits).round() * digits) as u64);
    format!(
        "± {} % of the mean and ± {} % of the p99 take about {requests} requests (pilots aside), more where \
         work has a long tail or requests come in bursts",
        percent(effort.mean),
        percent(effort.p99),
    )
}

// Writing to a string cannot fail, hence the results that are let go below.

fn write_forecast(text: &mut String, plan: &Plan, forecast: &Forecast) {
    let closed = |source: &SourcePlan| matches!(source.arrivals, Arrivals::Closed { .. });
    let offered = match forecast.closed_bound_per_second {
        Some(bound) => format!("closed users reach {}/s at the most", significant(bound, 3)),
        None => format!("{}/s are offered", significant(forecast.offered_per_second, 3)),
    };
    let besides = match forecast.closed_bound_per_second {
        None if plan.load.sources.iter().any(closed) => {
            ", besides closed users, who are not counted here"
        }
        _ => "",
    };
    let _ = writeln!(text, "{}: {offered}{besides}", visible(&plan.layout));
    if let (Some(load), Some(rate)) = (forecast.bottleneck(), forecast.saturates_at()) {
        let word = if load.utilisation > 1.0 { "IS OVERLOADED" } else { "saturates first" };
        let resource = visible(&load.resource);
        let rate = significant(rate, 3);
        let lost = if load.utilisation > 1.0 && forecast.sheds {
            "; a bounded queue or an end to patience sheds the rest"
        } else {
            ""
        };
        let _ = writeln!(text, "  {resource} {word}, at {rate}/s{lost}");
    }
    let names = forecast.loads.iter().take(MOST_SHOWN).map(|load| visible(&load.resource));
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0);
    for load in forecast.loads.iter().take(MOST_SHOWN) {
        let resource = visible(&load.resource);
        let percent = digits(load.utilisation * 100.0, 1);
        let _ = writeln!(text, "    {resource:<width$}  {percent:>7} %");
    }
    if let Some(peak) = &forecast.peak {
        write_peak(text, peak);
    }
    let more = forecast.loads.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        let _ = writeln!(text, "    … and {more} less busy");
    }
}

/// What the busiest times ask for; a rate that passes may be more than can be carried for a while.
fn write_peak(text: &mut String, peak: &Forecast) {
    let rate = significant(peak.offered_per_second, 3);
    let _ = write!(text, "  when busiest, {rate}/s");
    if let Some(load) = peak.bottleneck() {
        let percent = digits(load.utilisation * 100.0, 1);
        let _ = write!(text, ": {} at {percent} %", visible(&load.resource));
        if load.utilisation > 1.0 {
            let _ = write!(text, ", so a backlog grows while it lasts");
        }
    }
    let _ = writeln!(text);
}

/// Every default that entered, with its value, confidence, date and source.
pub fn defaults_table(used: &[DefaultUse]) -> String {
    let mut text = String::from("defaults that entered\n");
    let of_plan = DEFAULTS.iter().map(|default| (default.fills, default.key));
    for (place, key) in used.iter().map(|used| (used.path.as_str(), used.key)).chain(of_plan) {
        let default = default_value(key);
        let _ = writeln!(text, "  {} = {}", visible(place), default.value);
        let _ = write!(text, "      {}, {}, {}", default.confidence, default.as_of, default.source);
        let note =
            if default.note.is_empty() { String::new() } else { format!(" ({})", default.note) };
        let _ = writeln!(text, "{note}");
    }
    text
}
