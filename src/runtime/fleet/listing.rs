//! Balancing: which of the listed instances of a service takes the next request.

use super::{Fleet, Instance};
use crate::ids::Id;
use crate::model::Balancing;
use crate::plan::ServicePlan;
use crate::random::Stream;

impl Fleet {
    /// The instance that takes the next request to a service that lists several.
    pub(in crate::runtime) fn balance(
        &mut self,
        service: Id<ServicePlan>,
        balancing: Balancing,
        random: &mut Stream,
    ) -> Id<Instance> {
        let instances = &self.instances;
        let service = &mut self.services[service];
        let listed = &service.listed;
        let count = listed.len() as u32;
        let outstanding = |place: u32| instances[listed[place as usize]].outstanding;
        let place = match balancing {
            Balancing::RoundRobin => {
                let turn = service.turn;
                service.turn = if turn + 1 == count { 0 } else { turn + 1 };
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
        service.listed[place as usize]
    }
}
