//! When requests come, in words.

use std::fmt::Write;

use crate::model::{Arrivals, BatchSize, Source, Workload};
use crate::plan::mean_rate;
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

fn law(arrivals: &Arrivals) -> String {
    let rate = |rate: f64| format!("{}/s", significant(rate, 4));
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
        Arrivals::Closed { users, think } => {
            format!("{users} closed users who think {} on average", si_time(think.mean()))
        }
    }
}
