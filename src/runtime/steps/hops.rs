//! Messages under way between instances, clients and databases.

use crate::ids::Id;
use crate::measure::Category;
use crate::plan::{DatabasePlan, Message};
use crate::runtime::control::Due;
use crate::runtime::crowd::Wait;
use crate::runtime::fleet::Instance;
use crate::runtime::frame_id::FrameId;
use crate::runtime::world::World;

impl World<'_> {
    /// The request of a call is under way between two instances; its reply will take as long.
    #[inline(never)]
    pub(super) fn send_request(
        &mut self,
        callee: FrameId,
        message: Id<Message>,
        caller: Id<Instance>,
        instance: Id<Instance>,
    ) {
        let locality = self.between(caller, instance);
        let latency = self.one_way(locality);
        self.crowd.frames[callee].latency = latency;
        self.send_within(callee, message, locality, latency);
    }

    /// The reply to a call is under way between two instances. It takes as long as its request took, so
    /// that the two make up one draw of the round trip.
    #[inline(never)]
    pub(super) fn send_reply(
        &mut self,
        frame: FrameId,
        message: Id<Message>,
        (from, to): (Id<Instance>, Id<Instance>),
        latency: u64,
    ) {
        let locality = self.between(from, to);
        self.send_within(frame, message, locality, latency);
    }

    /// A message is under way between two instances, by itself.
    pub(super) fn send_between(
        &mut self,
        frame: FrameId,
        message: Id<Message>,
        (from, to): (Id<Instance>, Id<Instance>),
    ) {
        let locality = self.between(from, to);
        self.send(frame, message, locality);
    }

    /// A message is under way; the frame goes on when it arrives.
    pub(super) fn send(&mut self, frame: FrameId, message: Id<Message>, locality: usize) {
        let latency = self.one_way(locality);
        self.send_within(frame, message, locality, latency);
    }

    /// The same for messages of which all but the first take so much longer to be sent (ns).
    pub(super) fn send_with(
        &mut self,
        frame: FrameId,
        message: Id<Message>,
        locality: usize,
        longer: u64,
    ) {
        let now = self.events.now();
        let time = self.way_of(message, locality).saturating_add(longer);
        let target = Due::Frame(frame).target();
        let place = &mut self.crowd.frames[frame];
        place.park(now, Wait::Timer, Category::Network, u64::MAX);
        place.awaited = self.events.push(now.saturating_add(time), target);
    }

    /// How long a message takes that leaves now (ns).
    pub(super) fn way_of(&mut self, message: Id<Message>, locality: usize) -> u64 {
        let latency = self.one_way(locality);
        self.net.send(message, locality).time.saturating_add(latency)
    }

    /// A message between an instance and a database.
    #[inline(never)]
    pub(in crate::runtime) fn database_hop(
        &mut self,
        frame: FrameId,
        database: Id<DatabasePlan>,
        message: Id<Message>,
    ) -> Option<FrameId> {
        let here = self.fleet.instances[self.crowd.frames[frame].instance].location;
        let locality = self.net.between(here, self.plan.site.databases[database].location);
        self.send(frame, message, locality);
        None
    }

    /// The latency of a call inside a process.
    #[inline(never)]
    pub(in crate::runtime) fn local_hop(&mut self, frame: FrameId) -> Option<FrameId> {
        let hop = self.plan.site.local_hop.as_ref()?;
        let delay = hop.draw(&mut self.net.random) / 2;
        let now = self.events.now();
        let target = Due::Frame(frame).target();
        let place = &mut self.crowd.frames[frame];
        place.park(now, Wait::Timer, Category::Network, u64::MAX);
        place.awaited = self.events.push(now.saturating_add(delay), target);
        None
    }

    /// A draw of the latency of one way (ns): half a round trip. A constant one is part of the way's own
    /// time, so nothing is drawn for it.
    #[inline(always)]
    fn one_way(&mut self, locality: usize) -> u64 {
        let rtt = &self.plan.site.links[locality].rtt;
        if rtt.constant().is_some() { 0 } else { rtt.draw(&mut self.net.random) / 2 }
    }

    /// A message is under way, and its latency (ns) is known.
    #[inline(always)]
    fn send_within(&mut self, frame: FrameId, message: Id<Message>, locality: usize, latency: u64) {
        let now = self.events.now();
        let way = self.net.send(message, locality);
        let time = now.saturating_add(way.time).saturating_add(latency);
        let awaited = self.schedule(way.lane, time, Due::Frame(frame));
        let place = &mut self.crowd.frames[frame];
        place.park(now, Wait::Timer, Category::Network, u64::MAX);
        place.awaited = awaited;
    }

    /// Which locality class lies between two instances.
    #[inline]
    fn between(&self, one: Id<Instance>, other: Id<Instance>) -> usize {
        let instances = &self.fleet.instances;
        self.net.between(instances[one].location, instances[other].location)
    }
}
