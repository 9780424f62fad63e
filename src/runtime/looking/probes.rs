//! Looks at a terminating run at clock times: moments, and the ends of windows.
//!
//! A run that asks for none has no event of these, and no recorder to ask on an answer.

use crate::measure::{Kind, RequestTotals, Totals};
use crate::plan::{CpuUse, Resource};
use crate::runtime::control::Happening;
use crate::runtime::world::World;

impl World<'_> {
    /// All probes, in one lane: only the next of them is in the heap.
    pub(in crate::runtime) fn schedule_probes(&mut self) {
        let Some(recorder) = &self.tally.recorder else {
            return;
        };
        let end = self.run.replication.duration.0;
        let moments = self.plan.run.watch.moments.iter().map(|at| (at.0, Happening::Moment));
        let ends = recorder.ends().map(|at| (at, Happening::Window));
        let mut probes: Vec<(u64, Happening)> =
            moments.chain(ends).filter(|(at, _)| *at <= end).collect();
        // A moment that a window ends at comes first, as it does here.
        probes.sort_by_key(|(at, _)| *at);
        let lane = self.events.lane();
        for (at, probe) in probes {
            self.agenda.enter(&mut self.events, Some(lane), at, probe);
        }
    }

    #[cold]
    pub(in crate::runtime) fn note_moment(&mut self) {
        let (now, totals) = (self.events.now(), self.totals());
        if let Some(recorder) = &mut self.tally.recorder {
            recorder.note(now, &totals);
        }
    }

    #[cold]
    pub(in crate::runtime) fn close_window(&mut self) {
        let totals = self.totals();
        if let Some(recorder) = &mut self.tally.recorder {
            recorder.close_window(totals);
        }
    }

    /// What has happened up to now.
    fn totals(&self) -> Totals {
        let now = self.events.now();
        let mut totals = Totals::default();
        for record in &self.tally.endpoints {
            let own = RequestTotals {
                arrivals: record.arrivals,
                good: record.answers[Kind::Ok as usize],
                completions: record.answers.iter().sum(),
                in_system: record.in_flight().max(0) as u64,
            };
            totals.all.arrivals += own.arrivals;
            totals.all.good += own.good;
            totals.all.completions += own.completions;
            totals.endpoints.push(own);
        }
        totals.all.in_system = self.tally.in_flight.max(0) as u64;
        for service in &self.fleet.services {
            let (serving, queue) = (&service.record.serving, &service.record.queue);
            totals.services.push((serving.area(now), queue.area(now)));
            totals.present.push((serving.level().max(0) as u64, queue.level().max(0) as u64));
        }
        totals.cpu_busy = self.fleet.busy(self.plan, now);
        if !self.plan.scaled.services.is_empty() {
            let replicas = self.fleet.capacities.replicas.iter();
            totals.replicas = replicas.map(|replicas| replicas.area(now)).collect();
            let nodes = self.fleet.capacities.nodes.iter();
            totals.nodes = nodes.map(|nodes| nodes.area(now)).collect();
        }
        let resources = self.plan.resources().into_iter();
        let groups = self.stores.topics.groups.iter();
        totals.lags = groups.map(|group| group.record.lag.area(now)).collect();
        totals.in_use = resources.map(|of| self.in_use(of, &totals.cpu_busy)).collect();
        totals
    }

    /// How much of a resource has been in use up to now [things × ns]; of cores by the busy times of all CPUs.
    fn in_use(&self, resource: Resource, cpu_busy: &[f64]) -> f64 {
        let now = self.events.now();
        match resource {
            Resource::Cpu(cpu) => self.busy_alike(&self.plan.site.cpus[cpu].used_by, cpu_busy),
            Resource::Threads(service) => self.fleet.services[service].record.serving.area(now),
            Resource::Connections { of, to } => {
                let instances = self.plan.site.instances.iter();
                let own = instances.filter(|instance| instance.service == of);
                let pools = own.filter_map(|instance| instance.pools[to]);
                pools.map(|pool| self.fleet.pools[pool].area(now)).sum()
            }
            Resource::HottestRow { database, table } => {
                self.stores.databases[database].record.hottest[table.index()].area(now)
            }
            Resource::Storage(database) => {
                let record = &self.stores.databases[database].record;
                let under_way = self.stores.reads.entries().map(|(_, read)| read);
                let own = under_way.filter(|read| read.database == database);
                let ages: u64 = own.map(|read| now - read.at.min(now)).sum();
                record.read_ns as f64 + record.read_ages as f64 + ages as f64
            }
            Resource::Operations(database) => {
                let store = &self.stores.databases[database];
                store.record.capped_ns as f64 + store.volume.capped_ns(now) as f64
            }
            Resource::Log(database) => self.stores.databases[database].record.flushing.area(now),
            Resource::ThirdParty(external) => self.thirds[external].record.busy.area(now),
            Resource::Consumers(group) => {
                let record = &self.stores.topics.groups[group].record;
                record.busy.iter().map(|busy| busy.area(now)).sum()
            }
        }
    }

    /// Busy times of the CPUs that are used in one way, of those of all [core-ns].
    fn busy_alike(&self, used_by: &CpuUse, cpu_busy: &[f64]) -> f64 {
        let own = self.plan.site.cpus.entries().filter(|(_, cpu)| cpu.used_by == *used_by);
        own.map(|(cpu, _)| cpu_busy[cpu.index()]).sum()
    }
}
