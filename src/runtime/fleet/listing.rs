//! Balancing: which of the listed instances of a service takes the next request.

use super::{Instance, ServiceState};
use crate::ids::{Id, Table};
use crate::model::Balancing;
use crate::plan::Plan;
use crate::random::Stream;

impl ServiceState {
    /// The instance that takes the next request.
    #[inline(always)]
    pub(in crate::runtime) fn next(
        &mut self,
        instances: &Table<Instance>,
        plan: &Plan,
        random: &mut Stream,
    ) -> Id<Instance> {
        match self.listed.as_slice() {
            [only] => *only,
            _ => self.balance(instances, plan.site.services[self.of].balancing, random),
        }
    }

    /// The same where there are several.
    fn balance(
        &mut self,
        instances: &Table<Instance>,
        balancing: Balancing,
        random: &mut Stream,
    ) -> Id<Instance> {
        let listed = &self.listed;
        let count = listed.len() as u32;
        let outstanding = |place: u32| instances[listed[place as usize]].outstanding;
        let place = match balancing {
            Balancing::RoundRobin => {
                let turn = self.turn;
                self.turn = if turn + 1 == count { 0 } else { turn + 1 };
                turn
            }
            Balancing::Random => random.below(count),
            Balancing::LeastOutstanding => {
                (0..count).min_by_key(|place| outstanding(*place)).unwrap_or(0)
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
