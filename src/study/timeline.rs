//! From the timelines of independent replications to findings at moments and within windows: means with
//! Student's t, shares of requests as ratios, percentiles by sectioning.

use super::estimate::{Estimate, LEVEL, estimate, estimate_of_share};
use super::measured::Cores;
use super::named::Named;
use super::outcomes::Outcomes;
use super::over_time::{
    BacklogFindings, DatabaseInWindow, MomentFindings, ServiceAtMoment, ServiceInWindow,
    WindowFindings, WindowLatency,
};
use super::summary::{at_most_three_in_n, merged, told_quantile};
use crate::ids::Id;
use crate::measure::{Kind, Moment, Outcome, Window};
use crate::model::Threads;
use crate::plan::{CpuUse, Plan};
use crate::statistics::{Grouped, Histogram, quantile_interval, ratio_values};

/// Observations beyond a percentile below which a window does not give it.
pub(super) const LEAST_BEYOND: f64 = 10.0;
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
        empty_probability: at_most_three_in_n(share_empty(outcomes, index), replications.into()),
        completions: each(&|moment| moment.completions),
        services: Named(services.collect()),
    }
}

/// Share of the replications in which nobody was under way at a moment.
fn share_empty(outcomes: &[Outcome], index: usize) -> Estimate {
    let shares = outcomes.iter().map(|outcome| {
        outcome.timeline.moments[index].empty as f64 / f64::from(outcome.replications)
    });
    estimate_of_share(&shares.collect::<Vec<f64>>())
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
                .map(|threads| seen.busy(&|window| window.services[number].0 / threads)),
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

    /// One value per replication.
    fn values(&self, value: &dyn Fn(&Window) -> f64) -> Vec<f64> {
        let counts = self.outcomes.iter().map(|outcome| f64::from(outcome.replications));
        self.windows().zip(counts).map(|(window, count)| value(window) / count).collect()
    }

    fn per_replication(&self, value: &dyn Fn(&Window) -> f64) -> Estimate {
        estimate(&self.values(value))
    }

    /// Mean over the time of the window of what was integrated over it (per ns).
    fn mean(&self, area: &dyn Fn(&Window) -> f64) -> Estimate {
        let width = self.width();
        self.per_replication(&|window| area(window) / width)
    }

    /// The same of what is busy, as a share of all there is.
    fn busy(&self, area: &dyn Fn(&Window) -> f64) -> Estimate {
        let width = self.width();
        estimate_of_share(&self.values(&|window| area(window) / width))
    }

    /// How long the window is (ns).
    fn width(&self) -> f64 {
        (self.first().to - self.first().from) as f64
    }

    /// Busy share of the cores that are used in this way; `None` where there are none.
    fn cpu_utilisation(&self, plan: &Plan, used_by: &CpuUse) -> Option<Estimate> {
        let cores = Cores::of(plan, used_by)?;
        Some(self.busy(&|window| cores.busy(&window.cpu_busy) / cores.count))
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
        Some(at_most_three_in_n(estimate_of_share(&values), self.windows().map(answered).sum()))
    }

    fn quantile(&self, q: f64) -> Option<Estimate> {
        let whole = Pooled::of(self.outcomes, self.index);
        whole.tells(q).then_some(())?;
        let parts: Vec<Grouped> = self.windows().map(grouped).collect();
        quantile_interval(whole.grouped(), &parts, q, whole.most(), LEVEL).map(told_quantile)
    }
}

/// Latencies of the requests of one window, all replications together.
struct Pooled {
    latency: Histogram,
    /// The greatest of them (ns).
    greatest: u64,
    unanswered: u64,
    /// How long each of the unanswered ones has lasted at the least (ns).
    lasted: u64,
}

impl Pooled {
    fn of(outcomes: &[Outcome], index: usize) -> Self {
        let windows = || outcomes.iter().map(|outcome| &outcome.timeline.windows[index]);
        let ends = outcomes.iter().map(|outcome| outcome.ended_at).min().unwrap_or(0);
        let over = windows().map(|window| window.to).max().unwrap_or(0);
        Pooled {
            latency: merged(windows().map(|window| &window.latency)),
            greatest: windows().map(|window| window.latency_max.get()).max().unwrap_or(0),
            unanswered: windows().map(Window::unanswered).sum(),
            lasted: ends.saturating_sub(over),
        }
    }

    fn grouped(&self) -> Grouped<'_> {
        Grouped { values: &self.latency, greater: self.unanswered }
    }

    /// The greatest latency (ns) of all requests, where all are answered.
    fn most(&self) -> Option<f64> {
        (self.unanswered == 0).then_some(self.greatest as f64)
    }

    /// Whether a percentile is known: enough observations are beyond it, and either few of them are
    /// unanswered, or all of these have lasted longer already.
    fn tells(&self, q: f64) -> bool {
        let beyond = (self.latency.count() + self.unanswered) as f64 * (1.0 - q);
        let few_open = self.unanswered as f64 <= MOST_UNANSWERED_BEYOND * beyond;
        let below = || self.grouped().quantile(q);
        let is_certain = || below().is_some_and(|value| value <= self.lasted as f64);
        beyond >= LEAST_BEYOND && (few_open || is_certain())
    }
}

fn grouped(window: &Window) -> Grouped<'_> {
    Grouped { values: &window.latency, greater: window.unanswered() }
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

/// A pooled percentile of a window and that of every replication in which it is known (s). `None` where it is
/// not known of all together.
pub(super) fn quantiles(outcomes: &[Outcome], index: usize, q: f64) -> Option<(f64, Vec<f64>)> {
    let seconds = |ns: f64| ns / 1e9;
    let pooled = Pooled::of(outcomes, index);
    pooled.tells(q).then_some(())?;
    let windows = outcomes.iter().map(|outcome| &outcome.timeline.windows[index]);
    let own = windows.filter_map(|window| grouped(window).quantile(q)).map(seconds);
    Some((pooled.grouped().quantile(q).map(seconds)?, own.collect()))
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
    fn a_percentile_is_told_where_what_is_unanswered_cannot_move_it() {
        let mut latency = Histogram::new(6);
        (1..=100).for_each(|time| latency.record(time));
        let tells = |unanswered, lasted, q| {
            Pooled { latency: latency.clone(), greatest: 100, unanswered, lasted }.tells(q)
        };
        assert!(tells(0, 0, 0.5) && tells(5, 0, 0.5) && !tells(6, 0, 0.5));
        // The median of 180 is 90: it is certain once the unanswered ones have lasted so long.
        assert!(tells(80, 90, 0.5) && !tells(80, 89, 0.5));
        assert!(!tells(101, 1_000, 0.5), "the median is among the unanswered ones");
        assert!(!tells(0, 0, 0.95), "five are beyond it");
    }
}
