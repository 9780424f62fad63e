//! The queue that the dispatch loop pops: one concrete type, deterministic to the last tie.

use std::collections::{BTreeMap, VecDeque};

use super::pending::Pending;

/// Bits of a target that hold the index, and its kind.
const INDEX_BITS: u32 = 26;
const KIND_BITS: u32 = 4;
/// Bits of a key that hold the target, and below the time the sequence number.
const TARGET_BITS: u32 = INDEX_BITS + KIND_BITS;
const SEQUENCE_BITS: u32 = u64::BITS - TARGET_BITS;

/// What an event is for: a kind (0 … 14) and an index below 2²⁶.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target(u32);

/// The kind that marks the head of a lane among the pending keys.
const LANE_KIND: u32 = (1 << KIND_BITS) - 1;

impl Target {
    /// Most things of a kind.
    pub const MOST: u32 = 1 << INDEX_BITS;

    /// A target. Whoever gives a thing its index keeps it below [`Target::MOST`].
    #[inline(always)]
    pub fn new(kind: u8, index: u32) -> Self {
        debug_assert!(u32::from(kind) < LANE_KIND && index < Self::MOST);
        Target(u32::from(kind) << INDEX_BITS | index)
    }

    /// The kind it was made with.
    #[inline(always)]
    pub fn kind(self) -> u8 {
        (self.0 >> INDEX_BITS) as u8
    }

    /// The index it was made with.
    #[inline(always)]
    pub fn index(self) -> u32 {
        self.0 & (Self::MOST - 1)
    }
}

/// A lane: events with one constant delay, which therefore leave in the order in which they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane(u32);

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// When (ns).
    pub time: u64,
    /// The number that `push` answered: tells a wake-up that is still wanted from a stale one.
    pub sequence: u64,
    /// For what.
    pub target: Target,
}

/// Pending events.
#[derive(Debug, Default)]
pub struct EventQueue {
    pending: Pending,
    next_sequence: u64,
    lanes: Vec<VecDeque<u128>>,
    /// The lane of each constant delay (ns) that was asked for.
    lane_of: BTreeMap<u64, Lane>,
    now: u64,
}

impl EventQueue {
    /// Sequence numbers that there are.
    pub const NUMBERS: u64 = (1 << SEQUENCE_BITS) - 1;

    /// An empty queue at time 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Time of the last event popped (ns).
    #[inline(always)]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Events pending.
    pub fn len(&self) -> usize {
        let waiting: usize = self.lanes.iter().map(|lane| lane.len().saturating_sub(1)).sum();
        self.pending.len() + waiting
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Schedules an event at `time`, not before now; answers its sequence number.
    #[inline(always)]
    pub fn push(&mut self, time: u64, target: Target) -> u64 {
        debug_assert!(time >= self.now, "an event in the past");
        let sequence = self.number();
        self.pending.push_latest(key(time, sequence, target.0));
        sequence
    }

    /// The lane of all events that come `delay` (ns) after they are scheduled.
    pub fn lane_of(&mut self, delay: u64) -> Lane {
        match self.lane_of.get(&delay) {
            Some(lane) => *lane,
            None => {
                let lane = self.lane();
                self.lane_of.insert(delay, lane);
                lane
            }
        }
    }

    /// A new lane.
    pub fn lane(&mut self) -> Lane {
        assert!(self.lanes.len() < Target::MOST as usize, "a lane has an index");
        self.lanes.push(VecDeque::new());
        Lane(self.lanes.len() as u32 - 1)
    }

    /// Schedules an event of a lane. Its time must not be before that of the lane's latest event.
    #[inline]
    pub fn push_lane(&mut self, lane: Lane, time: u64, target: Target) -> u64 {
        let sequence = self.number();
        let events = &mut self.lanes[lane.0 as usize];
        debug_assert!(events.back().is_none_or(|last| (last >> 64) as u64 <= time));
        if events.is_empty() {
            self.pending.push_latest(key(time, sequence, LANE_KIND << INDEX_BITS | lane.0));
        }
        events.push_back(key(time, sequence, target.0));
        sequence
    }

    /// Takes the next event and moves the time on.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<Occurrence> {
        let mut key = self.pending.pop()?;
        let target = target_of(key);
        if target >= LANE_KIND << INDEX_BITS {
            key = self.next_of_lane(target & (Target::MOST - 1), key);
        }
        let time = (key >> 64) as u64;
        assert!(time >= self.now, "time moved back");
        self.now = time;
        Some(Occurrence { time, sequence: sequence_of(key), target: Target(target_of(key)) })
    }

    /// Sequence numbers that are left; a run must end before there are none.
    pub fn numbers_left(&self) -> u64 {
        Self::NUMBERS - self.next_sequence
    }

    /// A sequence number without an event: tells a wait whose end is kept elsewhere from all others.
    #[inline(always)]
    pub fn number(&mut self) -> u64 {
        self.next_sequence += 1;
        debug_assert!(self.next_sequence <= Self::NUMBERS);
        self.next_sequence
    }

    /// The real head of a lane whose stand-in came up; its successor takes its place among the pending keys.
    fn next_of_lane(&mut self, lane: u32, stand_in: u128) -> u128 {
        let events = &mut self.lanes[lane as usize];
        let head = events.pop_front().unwrap_or(stand_in);
        if let Some(next) = events.front() {
            let (time, sequence) = ((next >> 64) as u64, sequence_of(*next));
            self.pending.push(self::key(time, sequence, LANE_KIND << INDEX_BITS | lane));
        }
        head
    }
}

#[inline(always)]
fn key(time: u64, sequence: u64, target: u32) -> u128 {
    u128::from(time) << 64 | u128::from(sequence << TARGET_BITS | u64::from(target))
}

#[inline(always)]
fn target_of(key: u128) -> u32 {
    key as u32 & ((1 << TARGET_BITS) - 1)
}

#[inline(always)]
fn sequence_of(key: u128) -> u64 {
    key as u64 >> TARGET_BITS
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;
    use crate::random::{Key, Stream};

    /// What delays of a story are multiples of (ns): they fall on different days of a wheel.
    const UNIT: u64 = 100_000_000;

    /// What a step of a story does: push, or push onto a lane, or pop.
    #[derive(Debug, Clone, Copy)]
    enum Deed {
        Push(u64),
        Lane(usize),
        Pop,
    }

    /// Deeds of which so many in eight push and so many pop; the rest goes onto lanes.
    fn deeds(push: u32, pop: u32, count: usize) -> impl Strategy<Value = Vec<Deed>> {
        let deed = prop_oneof![
            push => (0u64..50).prop_map(|delay| Deed::Push(delay * UNIT)),
            pop => Just(Deed::Pop),
            8 - push - pop => (0usize..3).prop_map(Deed::Lane),
        ];
        vec(deed, count)
    }

    /// Twice so many come that the list becomes a wheel, and so many go that it becomes a list again, if the last of
    /// them are not found at once.
    fn story() -> impl Strategy<Value = Vec<Deed>> {
        let tide = || (deeds(3, 4, 60), deeds(6, 1, 200), deeds(1, 6, 400));
        (tide(), tide()).prop_map(|(one, two)| [one.0, one.1, one.2, two.0, two.1, two.2].concat())
    }

    fn config() -> Config {
        Config {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(20_261_121),
            ..Config::default()
        }
    }

    proptest! {
        #![proptest_config(config())]

        /// Twin: a list that is searched for the least (time, sequence number) each time.
        #[test]
        fn any_story_of_pushes_lanes_and_pops_goes_as_in_a_searched_list(story in story()) {
            let mut queue = EventQueue::new();
            let lanes = [0, 7 * UNIT, 40 * UNIT].map(|delay| (queue.lane(), delay));
            let mut twin: Vec<(u64, u64, u32)> = Vec::new();
            let mut turns = 0;
            for (number, deed) in story.into_iter().enumerate() {
                let target = Target::new(1, number as u32);
                let was_many = queue.pending.many;
                match deed {
                    Deed::Push(delay) => {
                        let sequence = queue.push(queue.now() + delay, target);
                        twin.push((queue.now() + delay, sequence, target.index()));
                    }
                    Deed::Lane(lane) => {
                        let (lane, delay) = lanes[lane];
                        let sequence = queue.push_lane(lane, queue.now() + delay, target);
                        twin.push((queue.now() + delay, sequence, target.index()));
                    }
                    Deed::Pop => {
                        let least = twin.iter().min().copied();
                        let event = queue.pop();
                        let found =
                            event.map(|event| (event.time, event.sequence, event.target.index()));
                        prop_assert_eq!(found, least);
                        twin.retain(|event| Some(*event) != least);
                    }
                }
                prop_assert_eq!(queue.len(), twin.len());
                turns += u32::from(queue.pending.many != was_many);
            }
            prop_assert!(turns >= 2, "list and wheel took turns {} times", turns);
        }
    }

    #[test]
    fn ties_leave_in_the_order_of_their_pushing() {
        let mut queue = EventQueue::new();
        for index in 0..100 {
            queue.push(5, Target::new(1, index));
        }
        let order: Vec<u32> =
            std::iter::from_fn(|| queue.pop()).map(|event| event.target.index()).collect();
        assert_eq!(order, (0..100).collect::<Vec<u32>>());
    }

    #[test]
    fn a_lane_leaves_in_the_same_order_as_the_pending_keys_would_give() {
        let mut random = Stream::new(Key(4));
        let (mut laned, mut plain) = (EventQueue::new(), EventQueue::new());
        let lanes = [laned.lane(), laned.lane()];
        let mut now = 0;
        for index in 0..5_000 {
            let (delay, lane) = if random.below(2) == 0 { (700, 0) } else { (90, 1) };
            let target = Target::new(2, index);
            if random.below(3) == 0 {
                let time = now + u64::from(random.below(1000));
                laned.push(time, target);
                plain.push(time, target);
            } else {
                laned.push_lane(lanes[lane], now + delay, target);
                plain.push(now + delay, target);
            }
            if random.below(2) == 0 {
                let event = plain.pop();
                assert_eq!(laned.pop(), event);
                now = event.map_or(now, |event| event.time);
            }
        }
        while let Some(event) = plain.pop() {
            assert_eq!(laned.pop(), Some(event));
        }
        assert!(laned.is_empty());
    }

    #[test]
    fn a_target_gives_back_its_parts() {
        let target = Target::new(14, Target::MOST - 1);
        assert_eq!((target.kind(), target.index()), (14, Target::MOST - 1));
    }
}
