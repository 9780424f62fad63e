//! Outside requests: when they come, what they ask for, who sends the next one.
//!
//! The k-th request of a source has a key of its own, so it asks for the same thing and needs the same
//! work in every layout; the instants come from the source's own stream.

use std::sync::atomic::Ordering;

use super::frames::{NOBODY, Role};
use super::world::{User, World, kind};
use crate::events::Target;
use crate::ids::Id;
use crate::model::Arrivals;
use crate::plan::{EndpointPlan, EndpointShare, SourcePlan};
use crate::random::{Draws, Key};

/// Numbers of the draws of a request itself, beyond those of any step.
const SITE_ENDPOINT: u32 = u32::MAX;
const SITE_THINK: u32 = u32::MAX - 1;

impl World<'_> {
    pub(super) fn start_sources(&mut self) {
        for index in self.plan.sources.ids() {
            self.schedule_arrival(index);
            self.start_process(index);
        }
        for user in self.users.ids() {
            // Millions of users take a while, and whoever stops the run need not wait for them.
            if user.index() % 65_536 == 0 && self.stop.load(Ordering::Relaxed) {
                return;
            }
            self.user_thinks(user);
        }
    }

    #[inline(always)]
    fn schedule_arrival(&mut self, index: Id<SourcePlan>) {
        let source = &mut self.sources[index];
        let gap = match &self.plan.sources[index].arrivals {
            Arrivals::Poisson(_) => {
                let Some(gap) = self.plan.sources[index].gap else {
                    return;
                };
                self.plan.samplers[gap].draw(&mut source.stream)
            }
            Arrivals::Deterministic(rate) => {
                // From the count, so that rounding does not add up.
                let next = (source.count + 1) as f64 * 1e9 / rate.0;
                (next.round() as u64).saturating_sub(self.events.now())
            }
            _ => return,
        };
        let time = self.events.now().saturating_add(gap);
        self.events.push(time, Target::new(kind::ARRIVAL, index.number()));
    }

    /// A request of an open source comes.
    pub(super) fn arrive(&mut self, index: Id<SourcePlan>) {
        let source = &mut self.sources[index];
        let key = source.key.child(source.count);
        source.count += 1;
        self.schedule_arrival(index);
        self.request(self.choose_endpoint(index, key), key, None);
    }

    /// A user of a closed source sends the next request.
    pub(super) fn user_returns(&mut self, user: Id<User>) {
        let (source, key) = self.user_key(user);
        self.users[user].count += 1;
        self.request(self.choose_endpoint(source, key), key, Some(user));
    }

    /// Key of the request that a user makes next. It does not depend on what other users do.
    pub(super) fn user_key(&self, user: Id<User>) -> (Id<SourcePlan>, Key) {
        let User { source, count } = self.users[user];
        let own = &self.sources[source];
        (source, own.key.child((user.index() - own.first_user) as u64).child(count))
    }

    /// A user has its answer, or starts: it thinks before its next request.
    pub(super) fn user_thinks(&mut self, user: Id<User>) {
        let (source, key) = self.user_key(user);
        let target = Target::new(kind::USER, user.number());
        match self.plan.sources[source].think {
            None => self.events.push(self.events.now(), target),
            Some(sampler) => {
                let law = &self.plan.samplers[sampler];
                let think = law.draw(&mut Draws::at(key, SITE_THINK));
                let time = self.events.now().saturating_add(think);
                self.schedule(self.sampler_lanes[sampler], time, target)
            }
        };
    }

    /// What the request of that key asks for.
    #[inline(always)]
    pub(super) fn choose_endpoint(&self, source: Id<SourcePlan>, key: Key) -> Id<EndpointPlan> {
        match self.plan.sources[source].endpoints.as_slice() {
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

    /// A request of that key comes; `user` sends it, if anybody does.
    pub(super) fn request(&mut self, endpoint: Id<EndpointPlan>, key: Key, user: Option<Id<User>>) {
        let plan = self.plan;
        let now = self.events.now();
        let call = plan.endpoints[endpoint].call;
        let target = &plan.calls[call];

        self.in_flight += 1;
        self.arrivals_second_half += 1;
        let record = &mut self.endpoints[endpoint];
        record.arrivals += 1;
        record.present.enter(now);

        let path = self.paths.add(now, Some(endpoint), user, false);
        let instance = self.choose_instance(target);
        let frame = self.add_request(key, NOBODY, path, call, instance, Role::Request);
        match self.client_hop(endpoint) {
            Some((message, client)) => self.send(frame, message, client as usize),
            None => {
                self.advance(frame);
            }
        }
    }
}
