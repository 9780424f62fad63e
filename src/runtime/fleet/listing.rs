//! Balancing: which of the listed instances of a service takes the next request.

use super::{Instance, ServiceState};
use crate::ids::{Id, Table};
use crate::model::Balancing;
use crate::plan::Plan;
use crate::random::Stream;

impl ServiceState {
    /// The instance that takes the next request of a caller: an instance, or the balancer in front of all clients.
    #[inline(always)]
    pub(in crate::runtime) fn next(
        &mut self,
        caller: Option<Id<Instance>>,
        instances: &Table<Instance>,
        plan: &Plan,
        random: &mut Stream,
    ) -> Id<Instance> {
        debug_assert_eq!(self.only, self.lone());
        match self.only {
            Some(only) => only,
            None => self.balance(caller, instances, plan.site.services[self.of].balancing, random),
        }
    }

    /// Those that callers choose among, the oldest first.
    pub(in crate::runtime) fn listed(&self) -> &[Id<Instance>] {
        &self.listed
    }

    /// Callers choose this one, too, from now on.
    pub(super) fn list_also(&mut self, instance: Id<Instance>) {
        self.listed.push(instance);
        self.only = self.lone();
    }

    /// Callers do not choose the one at this place of the list any more.
    pub(super) fn unlist(&mut self, place: usize) {
        self.listed.remove(place);
        self.only = self.lone();
    }

    /// The only one of the list, if there is no other: the slow twin of `only`.
    fn lone(&self) -> Option<Id<Instance>> {
        match *self.listed {
            [lone] => Some(lone),
            _ => None,
        }
    }

    /// The same where there are several.
    fn balance(
        &mut self,
        caller: Option<Id<Instance>>,
        instances: &Table<Instance>,
        balancing: Balancing,
        random: &mut Stream,
    ) -> Id<Instance> {
        let listed = &self.listed;
        let count = listed.len() as u32;
        let outstanding = |place: u32| instances[listed[place as usize]].outstanding;
        let place = match balancing {
            Balancing::RoundRobin => {
                // Callers know nothing of each other: each has a turn of its own, from a start of its own.
                let turn = self.turns.entry(caller).or_insert_with(|| random.below(count));
                let place = *turn % count;
                *turn = place + 1;
                place
            }
            Balancing::Random => random.below(count),
            Balancing::LeastOutstanding => {
                let least = (0..count).map(outstanding).min().unwrap_or(0);
                let mut tied = (0..count).filter(|place| outstanding(*place) == least);
                let pick = match tied.clone().count() as u32 {
                    1 => 0,
                    several => random.below(several),
                };
                tied.nth(pick as usize).unwrap_or(0)
            }
            Balancing::PowerOfTwo => {
                let one = random.below(count);
                // Uniform among the others.
                let other = (one + 1 + random.below(count - 1)) % count;
                if outstanding(other) < outstanding(one) { other } else { one }
            }
        };
        self.listed[place as usize]
    }
}
