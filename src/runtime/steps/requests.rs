//! Outside requests: when they come, what they ask for, and who sends the next one.
//!
//! The k-th request of a source has a key of its own, so it asks for the same thing and needs the same
//! work in every layout; the instants come from the source's own stream.

use std::sync::atomic::Ordering;

use crate::ids::Id;
use crate::model::Arrivals;
use crate::plan::{EndpointPlan, EndpointShare, SourcePlan};
use crate::random::{Draws, Key};
use crate::runtime::control::Due;
use crate::runtime::crowd::Upon;
use crate::runtime::frame_id::FrameId;
use crate::runtime::outside::User;
use crate::runtime::world::World;

/// Numbers of the draws of a request itself, beyond those of any step.
const SITE_ENDPOINT: u32 = u32::MAX;
const SITE_THINK: u32 = u32::MAX - 1;

impl World<'_> {
    pub(in crate::runtime) fn start_sources(&mut self) {
        self.start_relays();
        for index in self.plan.load.sources.ids() {
            self.schedule_arrival(index);
            self.start_process(index);
        }
        for user in self.sources.users.ids() {
            // Millions of users take a while: the run may be stopped meanwhile.
            if user.index() % 65_536 == 0 && self.run.stop.load(Ordering::Relaxed) {
                return;
            }
            self.user_thinks(user);
        }
    }

    fn schedule_arrival(&mut self, index: Id<SourcePlan>) {
        let (plan, source) = (&self.plan.load.sources[index], &mut self.sources.all[index]);
        let gap = match &plan.arrivals {
            Arrivals::Poisson(_) => {
                let Some(gap) = &plan.gap else {
                    return;
                };
                gap.draw(&mut source.stream)
            }
            Arrivals::Deterministic(rate) => {
                // From the count, so that rounding does not add up.
                let next = (source.count + 1) as f64 * 1e9 / rate.0;
                (next.round() as u64).saturating_sub(self.events.now())
            }
            Arrivals::Closed { .. }
            | Arrivals::Mmpp(_)
            | Arrivals::Batch { .. }
            | Arrivals::Profile(_)
            | Arrivals::Trace(_) => return,
        };
        let time = self.events.now().saturating_add(gap);
        self.events.push(time, Due::Arrival(index).target());
    }

    /// A request of an open source comes; the frame that goes on at once, if one does.
    #[inline(always)]
    pub(in crate::runtime) fn arrive(&mut self, index: Id<SourcePlan>) -> Option<FrameId> {
        let plan = &self.plan.load.sources[index];
        let source = &mut self.sources.all[index];
        let key = source.next_key();
        if let Some(gap) = &plan.gap {
            let gap = gap.draw(&mut source.stream);
            let time = self.events.now().saturating_add(gap);
            self.events.push(time, Due::Arrival(index).target());
        } else {
            self.schedule_arrival(index);
        }
        self.request(choose_endpoint(plan, key), key, None)
    }

    /// A user of a closed source sends the next request; the frame that goes on at once, if one does.
    pub(in crate::runtime) fn user_returns(&mut self, user: Id<User>) -> Option<FrameId> {
        let (source, key) = self.sources.user_key(user);
        self.sources.users[user].count += 1;
        self.request(choose_endpoint(&self.plan.load.sources[source], key), key, Some(user))
    }

    /// A user has its answer, or starts: it thinks before its next request.
    pub(super) fn user_thinks(&mut self, user: Id<User>) {
        let (source, key) = self.sources.user_key(user);
        let due = Due::User(user);
        match self.plan.load.sources[source].think {
            None => self.events.push(self.events.now(), due.target()),
            Some(sampler) => {
                let law = &self.plan.program.samplers[sampler];
                let think = law.draw(&mut Draws::at(key, SITE_THINK));
                let time = self.events.now().saturating_add(think);
                self.schedule(self.sampler_lanes[sampler], time, due)
            }
        };
    }

    /// A request of that key comes; `user` sends it, if anybody does. The frame that goes on at once, unless a
    /// message must reach it first.
    #[inline(always)]
    pub(super) fn request(
        &mut self,
        endpoint: Id<EndpointPlan>,
        key: Key,
        user: Option<Id<User>>,
    ) -> Option<FrameId> {
        let plan = self.plan;
        let now = self.events.now();
        let &EndpointPlan { call, client, .. } = &plan.load.endpoints[endpoint];
        let target = &plan.program.calls[call];

        let tally = &mut self.tally;
        tally.in_flight += 1;
        let record = &mut tally.endpoints[endpoint];
        record.arrivals += 1;
        record.present.enter(now);

        let path = self.crowd.paths.add_request(now, endpoint, user);
        match client {
            Some(client) if target.hops => {
                let instance = self.choose_instance(None, target);
                let frame = self.add_request(key, Upon::Client, path, call, instance);
                self.send(frame, target.request, client as usize);
                None
            }
            _ => {
                let (frame, reception) =
                    self.comes_at_once(None, key, Upon::Client, path, (call, target));
                self.received(frame, reception)
            }
        }
    }
}

/// What the request of that key asks for.
#[inline(always)]
pub(super) fn choose_endpoint(source: &SourcePlan, key: Key) -> Id<EndpointPlan> {
    match source.endpoints.as_slice() {
        [EndpointShare { endpoint, .. }] => *endpoint,
        several => {
            let pick = Draws::at(key, SITE_ENDPOINT).uniform();
            let chosen = several.iter().find(|share| pick < share.cumulative);
            let Some(share) = chosen.or(several.last()) else {
                unreachable!("a source asks for something")
            };
            share.endpoint
        }
    }
}
