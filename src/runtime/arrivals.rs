//! Outside requests: when they come, what they ask for, who sends the next one.
//!
//! The k-th request of a source has a key of its own, so it asks for the same thing and needs the same
//! work in every layout; the instants come from the source's own stream.

use std::sync::atomic::Ordering;

use super::frames::Role;
use super::world::{User, World, kind};
use crate::events::Target;
use crate::model::Arrivals;
use crate::plan::NONE;
use crate::random::{Draws, Key};

/// Numbers of the draws of a request itself, beyond those of any step.
const SITE_ENDPOINT: u32 = u32::MAX;
const SITE_THINK: u32 = u32::MAX - 1;

impl World<'_> {
    pub(super) fn start_sources(&mut self) {
        for index in 0..self.sources.len() as u32 {
            self.schedule_arrival(index);
            self.start_process(index);
        }
        for user in 0..self.users.len() as u32 {
            // Millions of users take a while, and whoever stops the run need not wait for them.
            if user % 65_536 == 0 && self.stop.load(Ordering::Relaxed) {
                return;
            }
            self.user_thinks(user);
        }
    }

    #[inline(always)]
    fn schedule_arrival(&mut self, index: u32) {
        let source = &mut self.sources[index as usize];
        let gap = match &self.plan.sources[index as usize].arrivals {
            Arrivals::Poisson(_) => {
                let gap = self.plan.sources[index as usize].gap;
                self.plan.samplers[gap as usize].draw(&mut source.stream)
            }
            Arrivals::Deterministic(rate) => {
                // From the count, so that rounding does not add up.
                let next = (source.count + 1) as f64 * 1e9 / rate.0;
                (next.round() as u64).saturating_sub(self.events.now())
            }
            _ => return,
        };
        let time = self.events.now().saturating_add(gap);
        self.events.push(time, Target::new(kind::ARRIVAL, index));
    }

    /// A request of an open source comes.
    pub(super) fn arrive(&mut self, index: u32) {
        let source = &mut self.sources[index as usize];
        let key = source.key.child(source.count);
        source.count += 1;
        self.schedule_arrival(index);
        self.request(self.choose_endpoint(index, key), key, NONE);
    }

    /// A user of a closed source sends the next request.
    pub(super) fn user_returns(&mut self, user: u32) {
        let (source, key) = self.user_key(user);
        self.users[user as usize].count += 1;
        self.request(self.choose_endpoint(source, key), key, user);
    }

    /// Key of the request that a user makes next. It does not depend on what other users do.
    pub(super) fn user_key(&self, user: u32) -> (u32, Key) {
        let User { source, count } = self.users[user as usize];
        let own = &self.sources[source as usize];
        (source, own.key.child(u64::from(user - own.first_user)).child(count))
    }

    /// A user has its answer, or starts: it thinks before its next request.
    pub(super) fn user_thinks(&mut self, user: u32) {
        let (source, key) = self.user_key(user);
        let target = Target::new(kind::USER, user);
        match self.plan.sources[source as usize].think {
            NONE => self.events.push(self.events.now(), target),
            sampler => {
                let law = &self.plan.samplers[sampler as usize];
                let think = law.draw(&mut Draws::at(key, SITE_THINK));
                let time = self.events.now().saturating_add(think);
                self.schedule(self.sampler_lanes[sampler as usize], time, target)
            }
        };
    }

    /// What the request of that key asks for.
    #[inline(always)]
    pub(super) fn choose_endpoint(&self, source: u32, key: Key) -> u32 {
        match self.plan.sources[source as usize].endpoints.as_slice() {
            [(_, only)] => *only,
            several => {
                let pick = Draws::at(key, SITE_ENDPOINT).uniform();
                let chosen = several.iter().find(|(cumulative, _)| pick < *cumulative);
                chosen.or(several.last()).map_or(0, |(_, endpoint)| *endpoint)
            }
        }
    }

    /// A request of that key comes; `user` sends it, or [`NONE`].
    pub(super) fn request(&mut self, endpoint: u32, key: Key, user: u32) {
        let plan = self.plan;
        let now = self.events.now();
        let call = plan.endpoints[endpoint as usize].call;
        let target = &plan.calls[call as usize];

        self.in_flight += 1;
        self.arrivals_second_half += 1;
        let record = &mut self.endpoints[endpoint as usize];
        record.arrivals += 1;
        record.present.enter(now);

        let path = self.paths.add(now, endpoint, user);
        let instance = self.choose_instance(target);
        let frame = self.add_request(key, NONE, path, call, instance, Role::Request);
        match self.client_hop(endpoint) {
            Some((message, client)) => self.send(frame, message, client as usize),
            None => {
                self.advance(frame);
            }
        }
    }
}
