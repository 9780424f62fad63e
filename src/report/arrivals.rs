//! When requests come, in words.

use std::fmt::Write;

use crate::model::{Arrivals, BatchSize, Source, Workload};
use crate::plan::mean_rate;
use crate::random::Profile;
use crate::scenario::visible;
use crate::units::{si_time, significant};

/// Every stream of requests: whose it is and what law it follows.
pub fn arrivals_list(workload: &Workload) -> String {
    let mut text = String::from("arrivals\n");
    for source in &workload.sources {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}: {}", asked_for(workload, source), law(&source.arrivals));
    }
    text
}

fn asked_for(workload: &Workload, source: &Source) -> String {
    let names = source.endpoints.iter().map(|(endpoint, share)| {
        let name = visible(&workload.endpoints[*endpoint as usize].name);
        if source.endpoints.len() == 1 {
            return name;
        }
        format!("{name} {} %", significant(share * 100.0, 3))
    });
    names.collect::<Vec<_>>().join(", ")
}

fn rate(rate: f64) -> String {
    format!("{}/s", significant(rate, 4))
}

fn law(arrivals: &Arrivals) -> String {
    match arrivals {
        Arrivals::Poisson(each) => format!("Poisson, {}", rate(each.0)),
        Arrivals::Deterministic(each) => format!("evenly spaced, {}", rate(each.0)),
        Arrivals::Mmpp(states) => {
            let states = states.iter().map(|state| {
                format!("{} for {} on average", rate(state.rate.0), si_time(state.stay))
            });
            let states: Vec<String> = states.collect();
            let mean = rate(mean_rate(arrivals));
            format!(
                "Markov-modulated Poisson, {mean} on average: {}, again",
                states.join(", then ")
            )
        }
        Arrivals::Batch { rate: batches, size } => {
            let size = match size {
                BatchSize::Fixed(size) => format!("{size} requests each"),
                BatchSize::Geometric { mean } => {
                    format!("{} requests each on average, geometric", significant(*mean, 4))
                }
            };
            let mean = rate(mean_rate(arrivals));
            format!("Poisson batches, {} of {size}: {mean}", rate(batches.0))
        }
        Arrivals::Profile(profile) => profile_law(profile),
        Arrivals::Trace(trace) => {
            let again = match trace.every {
                Some(every) => format!("again every {every}"),
                None => "then nobody".to_string(),
            };
            let last = trace.instants.last().copied().unwrap_or_default();
            let count = trace.instants.len();
            let what = if trace.endpoints.is_some() { " and what they ask for" } else { "" };
            format!("a trace of {count} requests{what} up to {last}, {again}")
        }
        Arrivals::Closed { users, think } => {
            format!("{users} closed users who think {} on average", si_time(think.mean()))
        }
    }
}

fn profile_law(profile: &Profile) -> String {
    let (mean, peak) = (rate(profile.mean()), rate(profile.peak()));
    match profile {
        Profile::Sine { period, .. } => {
            format!(
                "Poisson at the rate of a sine, {mean} on average, {peak} at the most, every {period}"
            )
        }
        Profile::Points { points, every } => {
            let again = match (every, points.last()) {
                (Some(every), _) => format!("again every {every}"),
                (None, Some((at, last))) => format!("from {at} on {}", rate(*last)),
                (None, None) => String::new(),
            };
            let count = points.len();
            format!(
                "Poisson at a rate of {count} points, {mean} on average, {peak} at the most, {again}"
            )
        }
    }
}
