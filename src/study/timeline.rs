//! From the timelines of independent replications to findings at moments and within windows: means with
//! Student's t, shares of requests as ratios, percentiles by sectioning.

use super::estimate::{Estimate, LEVEL, estimate};
use super::measured::Cores;
use super::named::Named;
use super::outcomes::Outcomes;
use super::over_time::{
    BacklogFindings, DatabaseInWindow, MomentFindings, ServiceAtMoment, ServiceInWindow,
    WindowFindings, WindowLatency,
};
use super::summary::{at_most_three_in_n, merged};
use crate::ids::Id;
use crate::measure::{Kind, Moment, Outcome, Window};
use crate::model::Threads;
use crate::plan::{CpuUse, Plan};
use crate::statistics::{Histogram, ratio_values, sectioned_quantile_interval};

/// Observations beyond a percentile below which a window does not give it.
const LEAST_BEYOND: f64 = 10.0;
/// Share of unanswered requests above which the mean of the others says little.
const MOST_UNANSWERED: f64 = 0.01;
/// The same as a share of the requests beyond a percentile.
const MOST_UNANSWERED_BEYOND: f64 = 0.1;
/// Points of the course of a backlog.
const BACKLOG_POINTS: usize = 50;

/// The moments that every replication reached.
pub(super) fn moments(plan: &Plan, outcomes: &[Outcome]) -> Vec<MomentFindings> {
    let count = outcomes.iter().map(|outcome| outcome.timeline.moments.len()).min();
    (0..count.unwrap_or(0)).map(|index| moment(plan, outcomes, index)).collect()
}

fn moment(plan: &Plan, outcomes: &[Outcome], index: usize) -> MomentFindings {
    let each = |value: &dyn Fn(&Moment) -> u64| {
        let values = outcomes.iter().map(|outcome| {
            value(&outcome.timeline.moments[index]) as f64 / f64::from(outcome.replications)
        });
        estimate(&values.collect::<Vec<f64>>())
    };
    let replications: u32 = outcomes.iter().map(|outcome| outcome.replications).sum();
    let services = plan.site.services.iter().enumerate().map(|(service, plan)| {
        let found = ServiceAtMoment {
            in_system: each(&|moment| moment.services[service].0),
            queue_length: each(&|moment| moment.services[service].1),
        };
        (plan.name.clone(), found)
    });
    MomentFindings {
        at_seconds: seconds(outcomes[0].timeline.moments[index].at),
        in_system: each(&|moment| moment.in_system),
        empty_probability: at_most_three_in_n(each(&|moment| moment.empty), replications.into()),
        completions: each(&|moment| moment.completions),
        services: Named(services.collect()),
    }
}

/// The windows that every replication came to the end of.
pub(super) fn windows(plan: &Plan, outcomes: &[Outcome]) -> Vec<WindowFindings> {
    let count = outcomes.iter().map(|outcome| outcome.timeline.windows.len()).min();
    (0..count.unwrap_or(0)).map(|index| window(plan, outcomes, index)).collect()
}

fn window(plan: &Plan, outcomes: &[Outcome], index: usize) -> WindowFindings {
    let seen = WindowOutcomes { outcomes, index };
    let (from, to) = (seen.first().from, seen.first().to);
    let services = plan.site.services.iter().enumerate().map(|(number, service)| {
        let threads = match service.threads {
            Threads::Pool(threads) => Some(threads),
            Threads::Async { max_in_flight } => max_in_flight,
        };
        let threads = threads.map(|threads| f64::from(threads) * f64::from(service.replicas));
        let found = ServiceInWindow {
            cpu_utilisation: seen.cpu_utilisation(plan, &CpuUse::Service(Id::new(number))),
            thread_utilisation: threads
                .map(|threads| seen.mean(&|window| window.services[number].0 / threads)),
            queue_length_mean: seen.mean(&|window| window.services[number].1),
        };
        (service.name.clone(), found)
    });
    let databases = plan.site.databases.iter().enumerate().map(|(number, database)| {
        let cpu_utilisation = seen.cpu_utilisation(plan, &CpuUse::Database(Id::new(number)));
        (database.name.clone(), DatabaseInWindow { cpu_utilisation })
    });
    let per_second =
        |count: &dyn Fn(&Window) -> u64| seen.mean(&|window| count(window) as f64 * 1e9);
    WindowFindings {
        from_seconds: seconds(from),
        to_seconds: seconds(to),
        offered_per_second: per_second(&|window| window.arrivals),
        throughput_per_second: per_second(&|window| window.good),
        in_system: seen.per_replication(&|window| window.in_system as f64),
        outcomes: seen.outcomes(),
        error_share: seen.error_share(),
        latency_seconds: WindowLatency {
            mean: mean_values(outcomes, index).map(|values| estimate(&values)),
            p50: seen.quantile(0.5),
            p90: seen.quantile(0.9),
            p95: seen.quantile(0.95),
            p99: seen.quantile(0.99),
        },
        services: Named(services.collect()),
        databases: Named(databases.collect()),
    }
}

/// One window of all replications.
struct WindowOutcomes<'a> {
    outcomes: &'a [Outcome],
    index: usize,
}

impl WindowOutcomes<'_> {
    fn first(&self) -> &Window {
        &self.outcomes[0].timeline.windows[self.index]
    }

    fn windows(&self) -> impl Iterator<Item = &Window> {
        self.outcomes.iter().map(|outcome| &outcome.timeline.windows[self.index])
    }

    fn per_replication(&self, value: &dyn Fn(&Window) -> f64) -> Estimate {
        let counts = self.outcomes.iter().map(|outcome| f64::from(outcome.replications));
        let values = self.windows().zip(counts).map(|(window, count)| value(window) / count);
        estimate(&values.collect::<Vec<f64>>())
    }

    /// Mean over the time of the window of what was integrated over it (per ns).
    fn mean(&self, area: &dyn Fn(&Window) -> f64) -> Estimate {
        let width = (self.first().to - self.first().from) as f64;
        self.per_replication(&|window| area(window) / width)
    }

    /// Busy share of the cores that are used in this way; `None` where there are none.
    fn cpu_utilisation(&self, plan: &Plan, used_by: &CpuUse) -> Option<Estimate> {
        let cores = Cores::of(plan, used_by)?;
        Some(self.mean(&|window| cores.busy(&window.cpu_busy) / cores.count))
    }

    fn outcomes(&self) -> Outcomes {
        let count =
            |kind: Kind| self.windows().map(|window| window.answers[kind as usize]).sum::<u64>();
        Outcomes {
            ok: count(Kind::Ok),
            rejected: count(Kind::Rejected),
            timeout: count(Kind::Timeout),
            failed: count(Kind::Failed),
            deadlock: count(Kind::Deadlock),
            abandoned: count(Kind::Abandoned),
            in_flight: self.windows().map(Window::unanswered).sum(),
        }
    }

    fn error_share(&self) -> Option<Estimate> {
        let answered = |window: &Window| window.answers.iter().sum::<u64>();
        let errors = self.windows().map(|window| (answered(window) - good(window)) as f64);
        let counts: Vec<f64> = self.windows().map(|window| answered(window) as f64).collect();
        let values = ratio_values(&errors.collect::<Vec<f64>>(), &counts)?;
        Some(at_most_three_in_n(estimate(&values), self.windows().map(answered).sum()))
    }

    fn quantile(&self, q: f64) -> Option<Estimate> {
        let (pooled, own) = quantiles(self.outcomes, self.index, q)?;
        let interval = sectioned_quantile_interval(pooled, &own, LEVEL);
        Some(interval.map_or(Estimate { value: pooled, ci95: None }, Estimate::from))
    }
}

fn good(window: &Window) -> u64 {
    window.answers[Kind::Ok as usize]
}

/// Values of the mean latency in a window, one per replication (s).
pub(super) fn mean_values(outcomes: &[Outcome], index: usize) -> Option<Vec<f64>> {
    let windows = || outcomes.iter().map(|outcome| &outcome.timeline.windows[index]);
    let unanswered: u64 = windows().map(Window::unanswered).sum();
    let arrivals: u64 = windows().map(|window| window.arrivals).sum();
    if unanswered as f64 > MOST_UNANSWERED * arrivals as f64 {
        return None;
    }
    let sums: Vec<f64> = windows().map(|window| window.latency_sum as f64 / 1e9).collect();
    let counts: Vec<f64> = windows().map(|window| good(window) as f64).collect();
    ratio_values(&sums, &counts)
}

/// A pooled percentile of a window and that of every replication with an answer (s). `None` where too few
/// observations are beyond it, or too many of these are not known.
pub(super) fn quantiles(outcomes: &[Outcome], index: usize, q: f64) -> Option<(f64, Vec<f64>)> {
    let windows = || outcomes.iter().map(|outcome| &outcome.timeline.windows[index]);
    let pooled = merged(windows().map(|window| &window.latency));
    let unanswered: u64 = windows().map(Window::unanswered).sum();
    let beyond = (pooled.count() + unanswered) as f64 * (1.0 - q);
    if beyond < LEAST_BEYOND || unanswered as f64 > MOST_UNANSWERED_BEYOND * beyond {
        return None;
    }
    let own =
        windows().filter_map(|window| with_unanswered(&window.latency, window.unanswered(), q));
    Some((with_unanswered(&pooled, unanswered, q)?, own.collect()))
}

/// A percentile (s) of recorded times and of some that count as the longest of them.
fn with_unanswered(times: &Histogram, unanswered: u64, q: f64) -> Option<f64> {
    let count = times.count() as f64;
    if count == 0.0 {
        return None;
    }
    let among_times = (q * (count + unanswered as f64) / count).min(1.0);
    times.quantile(among_times).map(|ns| ns / 1e9)
}

/// The course of the backlog, from the slices of a run without windows.
pub(super) fn backlog(outcomes: &[Outcome]) -> Vec<BacklogFindings> {
    let slices = || outcomes.iter().map(|outcome| outcome.series.slices());
    let count = slices().map(<[_]>::len).min().unwrap_or(0);
    let step = count.div_ceil(BACKLOG_POINTS).max(1);
    let point = |end: usize| {
        let each = slices().zip(outcomes).map(|(slices, outcome)| {
            slices[end - 1].in_flight as f64 / f64::from(outcome.replications)
        });
        let width = outcomes[0].series.width();
        let in_system = estimate(&each.collect::<Vec<f64>>());
        BacklogFindings { at_seconds: seconds(end as u64 * width), in_system }
    };
    (1..=count / step).map(|number| point(number * step)).collect()
}

fn seconds(time: u64) -> f64 {
    time as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unanswered_requests_count_as_the_slowest() {
        let mut times = Histogram::new(6);
        (1..=100).for_each(|time| times.record(time));
        let at = |unanswered, q| with_unanswered(&times, unanswered, q).map(|s| (s * 1e9).round());
        assert_eq!(at(0, 0.5), Some(50.0));
        // The median of a hundred and fifty, of which the fifty slowest are not known.
        assert_eq!(at(50, 0.5), Some(75.0));
        assert_eq!((at(50, 0.7), at(0, 1.0)), (Some(100.0), Some(100.0)));
        assert_eq!(with_unanswered(&Histogram::new(6), 3, 0.5), None);
    }
}
