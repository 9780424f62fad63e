//! Scale-out: at each look the rule says how many instances there should be, and they come or go.

use crate::ids::Id;
use crate::model::ScaleMetric;
use crate::plan::{Location, ScalingPlan};
use crate::runtime::control::Happening;
use crate::runtime::fleet::{Emptied, Found, Instance, ScaleReading};
use crate::runtime::world::World;

impl World<'_> {
    /// Enters the first look at each service whose instances come and go.
    pub(in crate::runtime) fn begin_scaling(&mut self) {
        for (id, scaled) in self.plan.scaled.services.entries() {
            self.note_busy(id);
            let listed = self.fleet.services[scaled.service].listed().len() as u64;
            self.fleet.scalers[id].record.most.note(listed);
            let at = scaled.rule.every.0;
            self.agenda.enter(&mut self.events, None, at, Happening::Scales(id));
        }
    }

    /// Looks at a service, and lets instances come or go.
    #[cold]
    pub(in crate::runtime) fn scale(&mut self, id: Id<ScalingPlan>) {
        let now = self.events.now();
        let plan = &self.plan.scaled.services[id];
        let listed = self.fleet.services[plan.service].listed().len() as u32;
        let current = listed + self.fleet.scalers[id].coming.len() as u32;
        let readings: Vec<ScaleReading> =
            plan.rule.targets.iter().map(|target| self.reading(id, *target)).collect();
        let scheduled = plan.rule.schedule.iter().rev().find(|(at, _)| at.0 <= now);
        let floor = scheduled.map(|(_, replicas)| *replicas);
        let wanted = self.fleet.scalers[id].rule.look(now, current, &readings, floor);
        self.note_busy(id);
        for _ in current..wanted {
            self.ask_for_instance(id);
        }
        for _ in wanted..current {
            self.send_away(id);
        }
        self.agenda.enter(&mut self.events, None, now + plan.rule.every.0, Happening::Scales(id));
    }

    /// What the instances of a service have of something.
    fn reading(&self, id: Id<ScalingPlan>, (metric, target): (ScaleMetric, f64)) -> ScaleReading {
        let plan = &self.plan.scaled.services[id];
        let scaler = &self.fleet.scalers[id];
        let listed = self.fleet.services[plan.service].listed();
        let (mut total, mut known) = (0.0, 0);
        for instance in listed {
            let found = &self.fleet.instances[*instance];
            let own = match metric {
                ScaleMetric::Cpu => {
                    // One that was not ready at the last look has no whole period behind it.
                    let Some(before) = scaler.busy.get(instance) else { continue };
                    let busy = self.fleet.busy_of(*instance, self.events.now()) - before;
                    busy as f64 / (plan.cpu * plan.rule.every.0 as f64)
                }
                ScaleMetric::InFlight => f64::from(found.outstanding),
                ScaleMetric::Queue => {
                    found.threads.as_ref().map_or(0.0, |threads| f64::from(threads.queued()))
                }
            };
            total += own;
            known += 1;
        }
        let all = listed.len() + scaler.coming.len();
        ScaleReading { total, known, unready: all as u32 - known, target }
    }

    /// Notes how busy each instance that is ready has been so far.
    fn note_busy(&mut self, id: Id<ScalingPlan>) {
        let plan = &self.plan.scaled.services[id];
        let now = self.events.now();
        let listed = self.fleet.services[plan.service].listed();
        let busy = listed.iter().map(|instance| (*instance, self.fleet.busy_of(*instance, now)));
        self.fleet.scalers[id].busy = busy.collect();
    }

    fn ask_for_instance(&mut self, id: Id<ScalingPlan>) {
        let now = self.events.now();
        let number = self.fleet.scalers[id].ask(now, None);
        self.fleet.scalers[id].record.asked += 1;
        if !self.find_place(id, number) {
            self.fleet.scalers[id].record.without_room += 1;
        }
    }

    /// Looks for a place for an instance that was asked for, where it starts. Whether there is one without a new node.
    fn find_place(&mut self, id: Id<ScalingPlan>, number: u32) -> bool {
        let now = self.events.now();
        let plan = &self.plan.scaled.services[id];
        let in_zones = self.instances_in_zones(id);
        let scaler = &mut self.fleet.scalers[id];
        let found = match &mut self.fleet.nodes {
            // As many places as the largest fleet needs; those who drain still have theirs.
            None => {
                let later = scaler.later.pop();
                later.map(|location| Found { location, ready_at: now, is_new: false })
            }
            Some(nodes) => nodes.place(now, (plan.cpu, plan.memory.0), &in_zones),
        };
        let Some(Found { location, ready_at, is_new }) = found else { return false };
        if is_new {
            self.fleet.capacities.nodes[0].change(now, 1.0);
        }
        if let Some(coming) = scaler.coming.iter_mut().find(|coming| coming.number == number) {
            coming.location = Some(location);
        }
        let ready_at = ready_at.max(now) + plan.start.takes.0;
        self.agenda.enter(&mut self.events, None, ready_at, Happening::Starts(id, number));
        !is_new
    }

    /// How many instances of a service stand, or will stand, in each zone.
    fn instances_in_zones(&self, id: Id<ScalingPlan>) -> Vec<u32> {
        let mut in_zones = vec![0; self.plan.site.zones as usize];
        let listed = self.fleet.services[self.plan.scaled.services[id].service].listed();
        let there = listed.iter().map(|instance| self.fleet.instances[*instance].location);
        let coming = self.fleet.scalers[id].coming.iter().filter_map(|coming| coming.location);
        for place in there.chain(coming) {
            if let Some(own) = in_zones.get_mut(place.zone as usize) {
                *own += 1;
            }
        }
        in_zones
    }

    /// An instance that was asked for is ready, and takes requests.
    #[cold]
    pub(in crate::runtime) fn instance_starts(&mut self, id: Id<ScalingPlan>, number: u32) {
        let (now, plan) = (self.events.now(), self.plan);
        let scaled = &plan.scaled.services[id];
        let scaler = &mut self.fleet.scalers[id];
        let Some(coming) = scaler.arrive(number) else { return };
        scaler.record.ready += 1;
        scaler.record.ready_after += u128::from(now - coming.asked_at);
        let instance = self.fleet.join(plan, scaled.service, now, &mut self.events);
        let listed = self.fleet.services[scaled.service].listed().len() as u64;
        self.fleet.scalers[id].record.most.note(listed);
        if let Some(location) = coming.location {
            self.fleet.instances[instance].location = location;
        }
        if scaled.start.warm_up.0 > 0 {
            self.set_pace(instance, scaled.start.slower);
            let at = now + scaled.start.warm_up.0;
            self.agenda.enter(&mut self.events, None, at, Happening::Warmed(instance));
        }
        self.consumers_join(instance);
    }

    /// The cores of an instance are so much slower than they are by themselves from now on.
    pub(in crate::runtime) fn set_pace(&mut self, instance: Id<Instance>, slower: f64) {
        let host = self.fleet.instances[instance].host;
        let speed = self.plan.site.cpus[self.fleet.hosts[host].of].speed;
        self.set_speed(host, speed / slower);
    }

    /// One instance too many: one that is on its way, the last asked for first, or else the youngest.
    fn send_away(&mut self, id: Id<ScalingPlan>) {
        let plan = &self.plan.scaled.services[id];
        self.fleet.scalers[id].record.sent_away += 1;
        if let Some(coming) = self.fleet.scalers[id].coming.pop() {
            if let Some(location) = coming.location {
                self.free_place(id, location);
            }
            return;
        }
        let youngest = self.fleet.services[plan.service].listed().last().copied();
        if let Some(instance) = youngest {
            self.drain(instance);
        }
    }

    /// An instance is gone: its place is free, if its service is one whose instances come and go.
    pub(in crate::runtime) fn place_is_left(&mut self, instance: Id<Instance>) {
        let gone = &self.fleet.instances[instance];
        let (service, location) = (gone.service, gone.location);
        let mut scaled = self.plan.scaled.services.entries();
        let scaled = scaled.find(|(_, scaled)| scaled.service == service);
        if let Some((id, _)) = scaled {
            self.free_place(id, location);
        }
    }

    fn free_place(&mut self, id: Id<ScalingPlan>, location: Location) {
        let plan = &self.plan.scaled.services[id];
        match &mut self.fleet.nodes {
            None => self.fleet.scalers[id].later.push(location),
            Some(nodes) => {
                if let Some(emptied) = nodes.free(location, (plan.cpu, plan.memory.0)) {
                    let at = self.events.now() + nodes.unneeded;
                    self.agenda.enter(&mut self.events, None, at, Happening::Unneeded(emptied));
                }
            }
        }
        self.try_those_without_room();
    }

    /// A node has been without use for long enough, unless something has come to stand on it.
    #[cold]
    pub(in crate::runtime) fn node_goes(&mut self, emptied: Emptied) {
        let now = self.events.now();
        if self.fleet.nodes.as_mut().is_some_and(|nodes| nodes.go(emptied)) {
            self.fleet.capacities.nodes[0].change(now, -1.0);
            self.try_those_without_room();
        }
    }

    /// Instances that have no place look again, service by service.
    fn try_those_without_room(&mut self) {
        let waiting: Vec<(Id<ScalingPlan>, u32)> = self
            .fleet
            .scalers
            .entries()
            .flat_map(|(id, scaler)| {
                let without = scaler.coming.iter().filter(|coming| coming.location.is_none());
                without.map(move |coming| (id, coming.number))
            })
            .collect();
        for (id, number) in waiting {
            self.find_place(id, number);
        }
    }
}
