//! What arithmetic shows before a run: how busy every resource is, and at what rate the first one saturates.

use super::frames::Frames;
use super::offered::Offered;
use super::rates::{lasting_rate, mean_rate, peak_rate};
use super::visits::{CountedWork, rates_within};
use crate::ids::Id;
use crate::model::Arrivals;
use crate::plan::{CpuPlan, EndpointShare, Plan, Resource, SourcePlan};

/// Loads of all resources at the workload's own rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Outside requests that come (1/s); 0 for closed workloads.
    pub offered_per_second: f64,
    /// Requests per second that closed users reach at the most, by the asymptotic bounds. Work that they do not wait
    /// for does not hold them back.
    pub closed_bound_per_second: Option<f64>,
    /// Requests per second of which `loads` are the loads.
    pub carried_per_second: f64,
    /// Whether overload loses requests instead of piling them up.
    pub sheds: bool,
    /// Things that happen, of those requests that can be carried (1/s): each step that takes time is one.
    pub events_per_second: f64,
    /// Every resource with a capacity that is asked for anything, busiest first.
    pub loads: Vec<Load>,
    /// The same when all rates are at their highest; `None` where they never change.
    pub peak: Option<Box<Forecast>>,
    /// The same when all that passes has passed; `None` where nothing does.
    pub in_the_long_run: Option<Box<Forecast>>,
}

/// Load of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// Such as `orders cpu`, `shop connections to main`, `hottest row of inventory.stock`.
    pub resource: String,
    /// What is asked for over what it can do; above 1 it cannot be carried.
    pub utilisation: f64,
    /// How many times as much may be asked for until it saturates; infinite for what takes any load.
    pub room: f64,
    /// Whether the load is exact, or at least so much: no estimate enters it.
    pub exact: bool,
}

impl Forecast {
    /// The resource that saturates first.
    pub fn bottleneck(&self) -> Option<&Load> {
        let loads = self.loads.iter().filter(|load| load.room.is_finite());
        loads.min_by(|one, other| one.room.total_cmp(&other.room))
    }

    /// Rate at which it does (1/s).
    pub fn saturates_at(&self) -> Option<f64> {
        let load = self.bottleneck()?;
        Some(self.carried_per_second * load.room)
    }

    /// The resource of which what lasts of the load asks more than it can do, by this arithmetic; the one that
    /// saturates first.
    pub fn overload(&self) -> Option<&Load> {
        self.lasting().bottleneck().filter(|load| load.is_overloaded())
    }

    /// What lasts of the load: the forecast by which it is judged whether that can be carried.
    pub fn lasting(&self) -> &Forecast {
        self.in_the_long_run.as_deref().unwrap_or(self)
    }
}

impl Load {
    /// Whether more is asked for than can be done, rounding aside.
    pub fn is_overloaded(&self) -> bool {
        self.utilisation > 1.0 + ROUNDING && self.room.is_finite()
    }
}

/// Rounding of a load that is exactly what a resource can do.
const ROUNDING: f64 = 1e-9;

/// The forecast of a plan.
pub fn forecast(plan: &Plan) -> Forecast {
    let frames = Frames::of(plan);
    let of_other = |rate: &dyn Fn(&Arrivals) -> f64| {
        let mut sources = plan.load.sources.iter();
        let other = sources.any(|source| rate(&source.arrivals) != mean_rate(&source.arrivals));
        other.then(|| Box::new(forecast_at(plan, &frames, rate)))
    };
    let (peak, in_the_long_run) = (of_other(&peak_rate), of_other(&lasting_rate));
    Forecast { peak, in_the_long_run, ..forecast_at(plan, &frames, &mean_rate) }
}

fn forecast_at(plan: &Plan, frames: &Frames, rate: &dyn Fn(&Arrivals) -> f64) -> Forecast {
    let sources = || plan.load.sources.iter();
    let all_closed = !plan.load.sources.is_empty() && sources().all(|s| is_closed(&s.arrivals));
    // How often closed users come beside open arrivals, queueing decides: only the others are sure to.
    let rates: Vec<f64> = sources()
        .map(|source| match &source.arrivals {
            Arrivals::Closed { .. } if all_closed => unqueued_rate(plan, frames, source),
            Arrivals::Closed { .. } => 0.0,
            open => rate(open),
        })
        .collect();
    let open = sources().zip(&rates).filter(|(source, _)| !is_closed(&source.arrivals));
    let offered_per_second = open.map(|(_, rate)| rate).sum();
    let mut loads = loads_at(plan, frames, &rates, CountedWork::All);
    let least = loads.iter().map(|load| load.room).fold(1.0, f64::min);
    let events = events_at(plan, frames, &rates);
    let closed_bound_per_second = all_closed.then(|| {
        if least < 1.0 {
            let carried: Vec<f64> = rates.iter().map(|rate| rate * least).collect();
            loads = loads_at(plan, frames, &carried, CountedWork::All);
        }
        closed_bound(plan, frames, &rates)
    });
    let asked: f64 = rates.iter().sum();
    Forecast {
        offered_per_second,
        closed_bound_per_second,
        carried_per_second: if all_closed { asked * least } else { asked },
        sheds: plan.sheds(),
        events_per_second: asked + events * least,
        loads,
        peak: None,
        in_the_long_run: None,
    }
}

/// Loads at these rates of the sources (1/s), busiest first.
fn loads_at(plan: &Plan, frames: &Frames, rates: &[f64], counted: CountedWork) -> Vec<Load> {
    let offered = Offered::at(plan, frames, rates, counted);
    let times_are_guessed = misses_are_guessed(plan) || !plan.site.links.is_empty();
    let loads = plan.resources().into_iter().map(|resource| {
        let utilisation = offered.utilisation(plan, resource, 1.0);
        let room = if resource.saturates() { offered.room(plan, resource) } else { f64::INFINITY };
        let exact = match resource {
            Resource::Cpu(cpu) => !works_for_others(plan, cpu),
            Resource::ThirdParty(_) => true,
            // How far the way of a call is, is taken to be that within a zone.
            Resource::Threads(_) | Resource::Connections { .. } => !times_are_guessed,
            Resource::Storage(_) => !misses_are_guessed(plan),
            Resource::HottestRow { .. }
            | Resource::Operations(_)
            | Resource::Log(_)
            | Resource::Consumers(_) => false,
        };
        Load { resource: resource.name(plan), utilisation, room, exact }
    });
    let mut loads: Vec<Load> = loads.filter(|load| load.utilisation > 0.0).collect();
    loads.sort_by(|a, b| {
        b.utilisation.total_cmp(&a.utilisation).then_with(|| a.resource.cmp(&b.resource))
    });
    loads
}

/// Whether a CPU has work that depends on who meets whom: the flushes of a log that many share, the sessions that a
/// commit wakes, and what it costs to wake, which is less the more there is to do.
fn works_for_others(plan: &Plan, cpu: Id<CpuPlan>) -> bool {
    if plan.site.wake_up.is_some() {
        return true;
    }
    let mut on_it = plan.site.databases.iter().filter(|database| database.cpu == cpu);
    on_it.any(|database| {
        [database.flush_cpu, database.requeue_cpu, database.wake_cpu].iter().any(Option::is_some)
    })
}

/// Whether some page is neither always in memory nor always read.
fn misses_are_guessed(plan: &Plan) -> bool {
    let mut pages = plan.program.statements.iter().flat_map(|statement| &statement.pages);
    pages.any(|pages| pages.miss > 0.0 && pages.miss < 1.0)
}

/// How often something happens beyond the arrivals (1/s): each step that takes time, each page read.
fn events_at(plan: &Plan, frames: &Frames, rates: &[f64]) -> f64 {
    let rates = rates_within(plan, frames, rates, CountedWork::All);
    let steps =
        frames.iter().zip(&rates).flat_map(|((_, frame), rates)| frame.steps.iter().zip(rates));
    steps.map(|(step, rate)| rate * step.events()).sum()
}

fn is_closed(arrivals: &Arrivals) -> bool {
    matches!(arrivals, Arrivals::Closed { .. })
}

/// How often the users of a closed source come who think and are served without any queueing (1/s).
fn unqueued_rate(plan: &Plan, frames: &Frames, source: &SourcePlan) -> f64 {
    let Arrivals::Closed { users, think } = &source.arrivals else {
        return 0.0;
    };
    let (mut below, mut response) = (0.0, 0.0);
    for EndpointShare { cumulative, endpoint } in &source.endpoints {
        let call = plan.load.endpoints[*endpoint].call;
        let frame = &frames[frames.request(plan.program.calls[call].entry)];
        response += (cumulative - below) * frame.duration;
        below = *cumulative;
    }
    f64::from(*users) / (think.mean() + response).max(1e-9)
}

/// Most closed sources of which each is looked at alone; of more only the users bound what comes.
const MOST_ALONE: usize = 256;

/// What all closed users reach at the most (1/s). `rates`: what those of each source do without queueing.
fn closed_bound(plan: &Plan, frames: &Frames, rates: &[f64]) -> f64 {
    let loads = loads_at(plan, frames, rates, CountedWork::Awaited);
    let unqueued: f64 = rates.iter().sum();
    let too_busy: Vec<&Load> = loads.iter().filter(|load| load.room < 1.0).collect();
    if too_busy.is_empty() || rates.len() > MOST_ALONE {
        return unqueued;
    }
    if rates.len() == 1 {
        return too_busy.iter().map(|load| load.room * unqueued).fold(unqueued, f64::min);
    }
    let alone: Vec<Vec<Load>> = (0..rates.len())
        .map(|alone| {
            let mut one = vec![0.0; rates.len()];
            one[alone] = rates[alone];
            loads_at(plan, frames, &one, CountedWork::Awaited)
        })
        .collect();
    let bounds = too_busy.iter().map(|load| {
        let demand = |(rate, loads): (&f64, &Vec<Load>)| {
            let own = loads.iter().find(|own| own.resource == load.resource);
            (*rate, own.map_or(0.0, |own| own.utilisation / rate.max(1e-9)))
        };
        most_within(rates.iter().zip(&alone).map(demand).collect())
    });
    bounds.fold(unqueued, f64::min)
}

/// The most requests per second that one resource can serve of sources with a greatest rate and a demand of each
/// request (s): those that ask least of it first.
fn most_within(mut sources: Vec<(f64, f64)>) -> f64 {
    sources.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (mut served, mut room) = (0.0, 1.0);
    for (rate, demand) in sources {
        let taken = if demand > 0.0 { rate.min(room / demand) } else { rate };
        served += taken;
        room = f64::max(room - taken * demand, 0.0);
    }
    served
}

#[cfg(test)]
mod tests {
    use super::most_within;

    #[test]
    fn a_resource_serves_first_who_asks_least_of_it() {
        assert_eq!(most_within(vec![(10.0, 0.05)]), 10.0);
        assert_eq!(most_within(vec![(100.0, 0.05)]), 20.0);
        assert_eq!(most_within(vec![(100.0, 0.05), (3.0, 0.0), (50.0, 0.01)]), 50.0 + 3.0 + 10.0);
    }
}
