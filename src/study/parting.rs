//! Where two runs part: both are simulated in step, and the first moment at which they differ is told with
//! what came before it and what comes after it on either side. Memory is bounded: a chunk of each.

use std::collections::VecDeque;

use super::replicate::Purpose;
use super::told::{Described, PlanNames};
use crate::plan::Plan;
use crate::runtime::{Replication, TraceMoment, WatchedRun};
use crate::units::Nanos;

/// Moments told before the one at which the runs part.
const BEFORE: usize = 4;
/// Moments told of each side from there on.
const AFTER: usize = 3;

/// One of two runs that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Traced<'p> {
    /// Its layout.
    pub plan: &'p Plan,
    /// Its seed.
    pub seed: u64,
}

/// A moment in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedLine {
    /// When, from the start of the replication.
    pub time: Nanos,
    /// What happens.
    pub words: String,
}

/// What the comparison of two runs found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Traces {
    /// All moments are the same.
    Same {
        /// How many there were.
        moments: u64,
    },
    /// They part.
    Part(Parting),
}

/// Where two runs part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    /// Number of the first moment that differs, from 1.
    pub number: u64,
    /// The last moments before it, the same on both sides.
    pub before: Vec<TracedLine>,
    /// Of each side: the moment at which they part, and those after it; empty where that run is over.
    pub sides: [Vec<TracedLine>; 2],
}

/// Compares replication number `replication` (from 0) of two runs over `duration`.
pub fn parting(sides: [Traced<'_>; 2], replication: u32, duration: Nanos) -> Traces {
    let keyed = sides[0].seed == sides[1].seed;
    let mut sides = sides.map(|traced| TracedSide::new(traced, replication, duration, keyed));
    let mut number = 0;
    let mut last: VecDeque<TraceMoment> = VecDeque::new();
    loop {
        let [a, b] = &mut sides;
        let (first, second) = (a.next(), b.next());
        if first.map(|moment| a.told(&moment)) != second.map(|moment| b.told(&moment)) {
            let before = last.iter().map(|moment| a.line(moment)).collect();
            let sides = [a.lines(first), b.lines(second)];
            return Traces::Part(Parting { number: number + 1, before, sides });
        }
        let Some(moment) = first else {
            return Traces::Same { moments: number };
        };
        number += 1;
        if last.len() == BEFORE {
            last.pop_front();
        }
        last.push_back(moment);
    }
}

struct TracedSide<'p> {
    names: PlanNames<'p>,
    watch: WatchedRun<'p>,
    ahead: VecDeque<TraceMoment>,
    keyed: bool,
}

impl<'p> TracedSide<'p> {
    fn new(traced: Traced<'p>, replication: u32, duration: Nanos, keyed: bool) -> Self {
        let key = Purpose::Production.key(traced.seed).child(u64::from(replication));
        // What is measured does not change what happens.
        let run = Replication { key, duration, warmup: Nanos(0) };
        let watch = WatchedRun::new(traced.plan, run);
        TracedSide { names: PlanNames::new(traced.plan), watch, ahead: VecDeque::new(), keyed }
    }

    fn next(&mut self) -> Option<TraceMoment> {
        if self.ahead.is_empty() {
            self.ahead.extend(self.watch.next_moments());
        }
        self.ahead.pop_front()
    }

    fn told(&self, moment: &TraceMoment) -> Described<'p> {
        Described::new(&self.names, moment, self.keyed)
    }

    fn line(&self, moment: &TraceMoment) -> TracedLine {
        let words = self.told(moment).words(self.watch.request_number(moment));
        TracedLine { time: Nanos(moment.time), words }
    }

    fn lines(&mut self, first: Option<TraceMoment>) -> Vec<TracedLine> {
        let mut moments: Vec<TraceMoment> = first.into_iter().collect();
        while moments.len() < AFTER
            && let Some(next) = self.next()
        {
            moments.push(next);
        }
        moments.iter().map(|moment| self.line(moment)).collect()
    }
}
