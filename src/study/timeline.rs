//! From the timelines of independent replications to findings at moments and within windows: what there was of
//! services and databases, as means with Student's t; of the requests `in_window` tells.

use super::estimate::{Estimate, estimate, estimate_of_share};
use super::findings::Diagnosis;
use super::in_window::WindowRequests;
use super::measured::Cores;
use super::named::Named;
use super::over_time::{
    BacklogFindings, ConsumersInWindow, DatabaseInWindow, MomentFindings, ServiceAtMoment,
    ServiceInWindow, WindowFindings,
};
use super::summary::at_most_three_in_n;
use crate::ids::Id;
use crate::measure::{Moment, Outcome, Series, Window};
use crate::model::Threads;
use crate::plan::{CpuUse, Plan};
use crate::scenario::Code;

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
        let fleet = InstancesInWindow { number, at_start: f64::from(service.replicas) };
        let found = ServiceInWindow {
            cpu_utilisation: seen.cpu_utilisation(plan, fleet),
            thread_utilisation: threads
                .map(|threads| seen.busy_of(fleet, &|window| window.services[number].0 / threads)),
            queue_length_mean: seen.mean(&|window| window.services[number].1),
            replicas_mean: plan
                .scaled
                .scales(Id::new(number))
                .then(|| seen.mean(&|window| window.replicas[number])),
        };
        (service.name.clone(), found)
    });
    let databases = plan.site.databases.iter().map(|database| {
        let cpu_utilisation =
            seen.cpu_utilisation_of(plan, &plan.site.cpus[database.cpu].used_by, None);
        (database.name.clone(), DatabaseInWindow { cpu_utilisation })
    });
    let consumers = plan.messaging.groups.iter().enumerate().map(|(number, group)| {
        let found = ConsumersInWindow { lag_mean: seen.mean(&|window| window.lags[number]) };
        (plan.site.services[group.service].name.clone(), found)
    });
    let endpoints = plan.load.endpoints.iter().enumerate().filter_map(|(number, endpoint)| {
        // One alone is all there are, and is not kept twice.
        let several = plan.load.endpoints.len() > 1;
        let own = WindowRequests { outcomes, index, endpoint: several.then_some(number) };
        own.are_kept().then(|| (endpoint.name.clone(), own.told()))
    });
    WindowFindings {
        from_seconds: seconds(from),
        to_seconds: seconds(to),
        all: WindowRequests { outcomes, index, endpoint: None }.told(),
        endpoints: Named(endpoints.collect()),
        services: Named(services.collect()),
        databases: Named(databases.collect()),
        nodes_mean: (!seen.first().nodes.is_empty())
            .then(|| seen.mean(&|window| window.nodes.iter().sum())),
        consumers: Named(consumers.collect()),
    }
}

/// That windows tell of all endpoints together only, where that is so.
pub(super) fn not_kept_apart(plan: &Plan, windows: &[WindowFindings]) -> Option<Diagnosis> {
    let is_lost = windows.first().is_some_and(|window| window.endpoints.0.is_empty());
    is_lost.then(|| {
        let message = format!(
            "{} windows of {} endpoints each are too many to keep apart: windows tell of all endpoints \
             together only; take longer ones (run.window)",
            windows.len(),
            plan.load.endpoints.len()
        );
        Diagnosis { code: Code::Limit, message }
    })
}

/// The instances of a service, whose number may change.
#[derive(Debug, Clone, Copy)]
pub(super) struct InstancesInWindow {
    /// Of which service.
    pub(super) number: usize,
    /// How many there were at the start.
    pub(super) at_start: f64,
}

impl InstancesInWindow {
    /// How many there were in a window for each that there was at the start, mean over so many replications; 1 where
    /// the number is fixed.
    pub(super) fn growth(self, window: &Window, replications: f64) -> f64 {
        match window.replicas.get(self.number) {
            Some(area) => {
                let time = (window.to - window.from) as f64 * replications;
                area / time / self.at_start
            }
            None => 1.0,
        }
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

    /// The same of what each instance of a service has a part of: as a share of what all had that were there.
    fn busy_of(&self, fleet: InstancesInWindow, area: &dyn Fn(&Window) -> f64) -> Estimate {
        if self.first().replicas.is_empty() {
            return self.busy(area);
        }
        self.busy(&|window| area(window) / fleet.growth(window, self.replications()))
    }

    /// Replications of each outcome: as many in all.
    fn replications(&self) -> f64 {
        f64::from(self.outcomes[0].replications)
    }

    /// Busy share of the cores of a service.
    fn cpu_utilisation(&self, plan: &Plan, fleet: InstancesInWindow) -> Option<Estimate> {
        self.cpu_utilisation_of(plan, &CpuUse::Service(Id::new(fleet.number)), Some(fleet))
    }

    /// Busy share of the cores that are used in this way; `None` where there are none.
    fn cpu_utilisation_of(
        &self,
        plan: &Plan,
        used_by: &CpuUse,
        fleet: Option<InstancesInWindow>,
    ) -> Option<Estimate> {
        let cores = Cores::of(plan, used_by)?;
        let busy = |window: &Window| cores.busy(&window.cpu_busy) / cores.count;
        Some(match fleet {
            Some(fleet) => self.busy_of(fleet, &busy),
            None => self.busy(&busy),
        })
    }
}

/// The course of the backlog, and of the lag of consumers, from the slices of a run without windows.
pub(super) fn backlog(plan: &Plan, outcomes: &[Outcome]) -> Vec<BacklogFindings> {
    let count = outcomes.iter().map(|outcome| outcome.series.slices().len()).min().unwrap_or(0);
    let step = count.div_ceil(BACKLOG_POINTS).max(1);
    let point = |end: usize| {
        let level = |of: &dyn Fn(&Outcome) -> &Series| {
            let each = outcomes.iter().map(|outcome| {
                of(outcome).slices()[end - 1].in_flight as f64 / f64::from(outcome.replications)
            });
            estimate(&each.collect::<Vec<f64>>())
        };
        let lag = plan.messaging.groups.iter().enumerate().map(|(number, group)| {
            let name = plan.site.services[group.service].name.clone();
            (name, level(&|outcome| &outcome.groups[number].course))
        });
        BacklogFindings {
            at_seconds: seconds(end as u64 * outcomes[0].series.width()),
            in_system: level(&|outcome| &outcome.series),
            lag: Named(lag.collect()),
        }
    };
    (1..=count / step).map(|number| point(number * step)).collect()
}

fn seconds(time: u64) -> f64 {
    time as f64 / 1e9
}
