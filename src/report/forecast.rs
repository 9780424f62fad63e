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

/// The forecast of each layout: what is busiest, where it saturates, and what is doubtful about it, in so many
/// columns; then what the asked precision takes, where one is asked.
pub fn preview_table(plans: &[(Plan, Forecast)], effort: Option<&Effort>, width: usize) -> String {
    let mut text = String::new();
    for (index, (plan, forecast)) in plans.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        write_forecast(&mut text, plan, forecast);
        for Remark { code, message } in &plan.remarks {
            text.push_str(&wrapped(&format!("{code}: {}", visible(message)), width));
        }
    }
    if let Some(effort) = effort {
        text.push('\n');
        text.push_str(&wrapped(&takes(effort), width));
    }
    text
}

/// How many requests the asked precision takes.
fn takes(effort: &Effort) -> String {
    let percent = |share: f64| significant(share * 100.0, 3);
    // Two digits: pilots are no better.
    let rounded = |requests: f64| {
        let unit = 10f64.powf(requests.log10().floor() - 1.0);
        count(((requests / unit).round() * unit) as u64)
    };
    let [low, high] = effort.requests.map(rounded);
    let requests = if low == high { format!("about {low}") } else { format!("{low} to {high}") };
    format!(
        "± {} % of the mean and ± {} % of the p99 take {requests} requests of each layout (pilots aside), as \
         far as pilots of {} tell",
        percent(effort.mean),
        percent(effort.p99),
        rounded(effort.seen),
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
    write_bottleneck(text, forecast);
    let names = forecast.loads.iter().take(MOST_SHOWN).map(|load| visible(&load.resource));
    let width = names.map(|name| name.chars().count()).max().unwrap_or(0);
    for load in forecast.loads.iter().take(MOST_SHOWN) {
        let resource = visible(&load.resource);
        let percent = digits(load.utilisation * 100.0, 1);
        let _ = writeln!(text, "    {resource:<width$}  {percent:>7} %");
    }
    let more = forecast.loads.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        let _ = writeln!(text, "    … and {more} less busy");
    }
    if let Some(peak) = &forecast.peak {
        write_peak(text, peak);
    }
    if let Some(lasting) = &forecast.in_the_long_run {
        let rate = significant(lasting.offered_per_second, 3);
        let _ = writeln!(text, "  in the long run, {rate}/s");
        write_bottleneck(text, lasting);
    }
}

/// What saturates first, and at what rate.
fn write_bottleneck(text: &mut String, forecast: &Forecast) {
    let (Some(load), Some(rate)) = (forecast.bottleneck(), forecast.saturates_at()) else {
        return;
    };
    let lasts = forecast.overload().is_some();
    let word = match (load.is_overloaded(), lasts) {
        (true, true) => "IS OVERLOADED",
        (true, false) => "is overloaded until that passes",
        (false, _) => "saturates first",
    };
    let resource = visible(&load.resource);
    let about = if load.exact { "" } else { "about " };
    let rate = significant(rate, 3);
    let lost = if load.is_overloaded() && forecast.sheds {
        "; a bounded queue or an end to patience sheds the rest"
    } else {
        ""
    };
    let _ = writeln!(text, "  {resource} {word}, at {about}{rate}/s{lost}");
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
        let _ = writeln!(text, "  {} = {}", filled(&visible(place), key), default.value);
        let _ = write!(text, "      {}, {}, {}", default.confidence, default.as_of, default.source);
        let note =
            if default.note.is_empty() { String::new() } else { format!(" ({})", default.note) };
        let _ = writeln!(text, "{note}");
    }
    text
}

/// What a default fills: the path, but where it is no value of the field itself.
fn filled(place: &str, key: &str) -> String {
    match key {
        "cpu.slice" => "time slices: a turn of all that run on a core".to_owned(),
        "cpu.slice_least" => "time slices: the least of one".to_owned(),
        _ if key.ends_with(".connection_memory") => format!("{place}: memory for each"),
        _ => place.to_owned(),
    }
}
