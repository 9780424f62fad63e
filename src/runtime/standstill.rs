//! Deadlocks over threads and connections: requests that hold all of them and wait, in what they called, for
//! one of them. Looked for once, at the end of a replication; costs nothing in between.
//!
//! Reduction of the graph of who holds and who waits (Holt 1972): whoever can go on gives back what it holds;
//! what is left never can. Waits for row locks, CPUs and third parties count as such that end, so nothing is
//! called a deadlock that is none.

use super::frames::Role;
use super::resources::pool::Pool;
use super::world::World;
use crate::measure::{Deadlock, Held};
use crate::plan::NONE;

impl World<'_> {
    /// The threads and connections that no request will ever give back, if there are any.
    pub(super) fn deadlock(&self) -> Option<Deadlock> {
        let lines = self.instances.len() + self.pools.len();
        let mut stuck: Vec<usize> =
            (0..lines).filter(|line| self.is_waited_for_without_end(*line)).collect();
        loop {
            let before = stuck.len();
            let holders = self.holders_who_wait(&stuck);
            stuck.retain(|line| self.tokens(*line).is_some_and(|it| it.in_use() == holders[*line]));
            if stuck.len() == before {
                break;
            }
        }
        let longest = self.tokens(*stuck.first()?)?.waiting().next()?;
        let mut held: Vec<Held> = stuck.iter().map(|line| self.held(*line)).collect();
        held.sort_unstable();
        held.dedup();
        Some(Deadlock { held, path: self.way_to(longest) })
    }

    /// The tokens that a line is for: the threads of an instance, or behind all of these a pool of connections.
    fn tokens(&self, line: usize) -> Option<&Pool> {
        match line.checked_sub(self.instances.len()) {
            None => self.instances[line].threads.as_ref(),
            Some(pool) => Some(&self.pools[pool]),
        }
    }

    /// Whether frames wait in a line that they leave in no other way than with a token.
    fn is_waited_for_without_end(&self, line: usize) -> bool {
        let ends = match line.checked_sub(self.instances.len()) {
            None => {
                let service = self.instances[line].service;
                self.plan.services[service as usize].patience != NONE
            }
            Some(pool) => self.plan.pools[pool].timeout.is_some(),
        };
        !ends && self.tokens(line).is_some_and(|tokens| tokens.queued() > 0)
    }

    /// How many tokens of each line are held by frames that wait in one of `stuck`, themselves or in what they
    /// called.
    fn holders_who_wait(&self, stuck: &[usize]) -> Vec<u32> {
        let frames = self.frames.places();
        let mut waits = vec![false; frames.len()];
        let waiting = stuck.iter().filter_map(|line| self.tokens(*line));
        for mut frame in waiting.flat_map(Pool::waiting) {
            while !std::mem::replace(&mut waits[frame as usize], true) {
                match frames[frame as usize].role {
                    Role::Request | Role::Detached => break,
                    _ => frame = frames[frame as usize].parent,
                }
            }
        }
        let mut holders = vec![0; self.instances.len() + self.pools.len()];
        for (frame, waits) in frames.iter().zip(&waits) {
            if *waits && frame.served {
                holders[frame.instance as usize] += 1;
            }
        }
        for session in self.sessions.open() {
            if waits[session.owner as usize] {
                holders[self.instances.len() + session.pool as usize] += 1;
            }
        }
        holders
    }

    fn held(&self, line: usize) -> Held {
        match line.checked_sub(self.instances.len()) {
            None => Held::Threads(self.instances[line].service),
            Some(pool) => Held::Connections(self.plan.pools[pool].database),
        }
    }

    /// The call sites that led to a frame, the outermost first.
    fn way_to(&self, mut frame: u32) -> Vec<u32> {
        let mut path = Vec::new();
        loop {
            let place = &self.frames[frame];
            match place.role {
                Role::Request | Role::Detached => {
                    path.extend((place.role == Role::Request).then_some(place.call));
                    path.reverse();
                    return path;
                }
                Role::Remote | Role::RemoteBranch => path.push(place.call),
                Role::Local | Role::Branch | Role::Turn => {}
            }
            frame = place.parent;
        }
    }
}
