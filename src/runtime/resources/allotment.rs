//! What waits for the consumers of a group, and who of them is sent which message.
//!
//! Either every partition belongs to one consumer, which is sent its messages in the order in which they were
//! written; or all consumers take from one queue, in turn as they have room. A consumer has room for so many
//! messages that it is not done with. Each is O(1) but for the search of a consumer with room.
//! Twin for tests: `tests::Recompute`.

use std::collections::VecDeque;

/// The messages that wait for a group.
#[derive(Debug, Clone)]
pub(crate) struct Allotment<M> {
    /// A line for each consumer, or one for all.
    lines: Vec<VecDeque<Allotted<M>>>,
    /// Partitions of each topic, one topic after the other.
    topics: Vec<u32>,
    /// Consumer that each partition belongs to, by its number among all.
    owners: Vec<usize>,
    consumers: Vec<Taker>,
    /// Messages that a consumer may have.
    prefetch: u32,
    shared: bool,
    /// Who is asked first for room.
    turn: usize,
    /// Whether nobody is sent anything.
    stopped: bool,
    /// Messages so far.
    count: u64,
}

/// A message of a partition; its number says when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allotted<M> {
    pub(crate) message: M,
    pub(crate) partition: u32,
    pub(crate) number: u64,
}

#[derive(Debug, Clone, Copy)]
struct Taker {
    /// Messages that it may still be sent.
    room: u32,
    is_there: bool,
}

impl<M: Copy> Allotment<M> {
    /// An empty one for as many consumers. `topics`: partitions of each topic.
    pub(crate) fn new(topics: Vec<u32>, consumers: usize, prefetch: u32, shared: bool) -> Self {
        let lines = if shared { 1 } else { consumers };
        let mut backlog = Allotment {
            lines: vec![VecDeque::new(); lines.max(1)],
            owners: Vec::new(),
            topics,
            consumers: vec![Taker { room: prefetch, is_there: true }; consumers],
            prefetch,
            shared,
            turn: 0,
            stopped: false,
            count: 0,
        };
        backlog.deal();
        backlog
    }

    /// A message has been written to a partition. Who is sent it now; `None`: it waits.
    pub(crate) fn append(&mut self, partition: u32, message: M) -> Option<(usize, Allotted<M>)> {
        let waiting = Allotted { message, partition, number: self.count };
        self.count += 1;
        let line = self.line_of(partition);
        if self.lines[line].is_empty()
            && let Some(taker) = self.taker(partition)
        {
            self.consumers[taker].room -= 1;
            return Some((taker, waiting));
        }
        self.lines[line].push_back(waiting);
        None
    }

    /// A consumer is done with a message. What it is sent now.
    pub(crate) fn release(&mut self, consumer: usize) -> Option<Allotted<M>> {
        self.consumers[consumer].room += 1;
        self.next_for(consumer)
    }

    /// What a consumer is sent now, if it has room and something waits for it.
    pub(crate) fn next_for(&mut self, consumer: usize) -> Option<Allotted<M>> {
        let Taker { room, is_there } = self.consumers[consumer];
        if self.stopped || !is_there || room == 0 {
            return None;
        }
        let line = if self.shared { 0 } else { consumer };
        let next = self.lines[line].pop_front()?;
        self.consumers[consumer].room -= 1;
        Some(next)
    }

    /// A consumer gives back a message that it has not begun with: it waits in its old place.
    pub(crate) fn give_back(&mut self, consumer: usize, waiting: Allotted<M>) {
        self.consumers[consumer].room += 1;
        let line = self.line_of(waiting.partition);
        let line = &mut self.lines[line];
        let place = line.partition_point(|other| other.number < waiting.number);
        line.insert(place, waiting);
    }

    /// Nobody is sent anything until [`Allotment::resume`].
    pub(crate) fn stop(&mut self) {
        self.stopped = true;
    }

    /// Whoever has room is sent something again.
    pub(crate) fn resume(&mut self) {
        self.stopped = false;
    }

    /// One more consumer; its number. Partitions are dealt out anew.
    pub(crate) fn join(&mut self) -> usize {
        self.consumers.push(Taker { room: self.prefetch, is_there: true });
        if !self.shared {
            self.lines.push(VecDeque::new());
        }
        self.deal();
        self.consumers.len() - 1
    }

    /// A consumer is sent nothing any more. Partitions are dealt out anew.
    pub(crate) fn leave(&mut self, consumer: usize) {
        self.consumers[consumer].is_there = false;
        self.deal();
    }

    /// Whether a partition belongs to a consumer that is there; whoever shares a queue has them all.
    pub(crate) fn owns(&self, consumer: usize, partition: u32) -> bool {
        let is_own = self.shared || self.owners[partition as usize] == consumer;
        is_own && self.consumers[consumer].is_there
    }

    /// Messages that wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.lines.iter().map(VecDeque::len).sum()
    }

    fn line_of(&self, partition: u32) -> usize {
        if self.shared { 0 } else { self.owners[partition as usize] }
    }

    /// Who has room for a message of a partition.
    fn taker(&mut self, partition: u32) -> Option<usize> {
        let has_room = |taker: &Taker| taker.is_there && taker.room > 0;
        if self.stopped {
            return None;
        }
        if !self.shared {
            let owner = self.owners[partition as usize];
            return has_room(&self.consumers[owner]).then_some(owner);
        }
        let count = self.consumers.len();
        let mut in_turn = (0..count).map(|next| (self.turn + next) % count);
        let taker = in_turn.find(|taker| has_room(&self.consumers[*taker]))?;
        self.turn = taker + 1;
        Some(taker)
    }

    /// Deals the partitions of each topic out, in ranges of lengths that differ by one at the most, the longer ones
    /// first; whatever waits goes with them.
    fn deal(&mut self) {
        let there: Vec<usize> =
            (0..self.consumers.len()).filter(|taker| self.consumers[*taker].is_there).collect();
        if there.is_empty() {
            return self.owners.resize(self.topics.iter().sum::<u32>() as usize, 0);
        }
        self.owners.clear();
        for partitions in &self.topics {
            let (each, more) =
                (*partitions as usize / there.len(), *partitions as usize % there.len());
            for (place, taker) in there.iter().enumerate() {
                let count = each + usize::from(place < more);
                self.owners.extend(std::iter::repeat_n(*taker, count));
            }
        }
        if self.shared {
            return;
        }
        let mut all: Vec<Allotted<M>> = self.lines.iter_mut().flat_map(|it| it.drain(..)).collect();
        all.sort_unstable_by_key(|waiting| waiting.number);
        for waiting in all {
            self.lines[self.owners[waiting.partition as usize]].push_back(waiting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// The same, from the rules alone: a list of all that is not done with, looked through from its beginning.
    struct Recompute {
        /// Partition, message, who has it.
        all: Vec<(u32, u64, Option<usize>)>,
        partitions: u32,
        there: Vec<bool>,
        prefetch: usize,
        shared: bool,
        turn: usize,
    }

    impl Recompute {
        fn owner(&self, partition: u32) -> usize {
            let there: Vec<usize> = (0..self.there.len()).filter(|it| self.there[*it]).collect();
            let (count, all) = (there.len() as u32, self.partitions);
            let lengths = (0..count).map(|place| all / count + u32::from(place < all % count));
            let mut before = 0;
            for (place, length) in lengths.enumerate() {
                before += length;
                if partition < before {
                    return there[place];
                }
            }
            unreachable!("every partition has an owner")
        }

        fn held(&self, consumer: usize) -> usize {
            self.all.iter().filter(|(_, _, holder)| *holder == Some(consumer)).count()
        }

        fn has_room(&self, consumer: usize) -> bool {
            self.there[consumer] && self.held(consumer) < self.prefetch
        }

        fn next_for(&mut self, consumer: usize) -> Option<u64> {
            if !self.has_room(consumer) {
                return None;
            }
            let mine = |partition: u32| self.shared || self.owner(partition) == consumer;
            let place = self.all.iter().position(|(p, _, holder)| holder.is_none() && mine(*p))?;
            self.all[place].2 = Some(consumer);
            Some(self.all[place].1)
        }

        fn append(&mut self, partition: u32, message: u64) -> Option<usize> {
            let before = |(p, _, holder): &(u32, u64, Option<usize>)| {
                holder.is_none() && (self.shared || self.owner(*p) == self.owner(partition))
            };
            let is_first = !self.all.iter().any(before);
            let taker = match self.shared {
                false => Some(self.owner(partition)).filter(|owner| self.has_room(*owner)),
                true => {
                    let count = self.there.len();
                    let mut turns = (0..count).map(|next| (self.turn + next) % count);
                    turns.find(|taker| self.has_room(*taker))
                }
            };
            let taker = taker.filter(|_| is_first);
            if let (true, Some(taker)) = (self.shared, taker) {
                self.turn = taker + 1;
            }
            self.all.push((partition, message, taker));
            taker
        }
    }

    fn follow(seed: u64, shared: bool) {
        let mut draws = Draws::new(seed);
        let (partitions, prefetch) = (1 + draws.below(9) as u32, 1 + draws.below(3) as usize);
        let consumers = 1 + draws.below(4) as usize;
        let mut backlog = Allotment::new(vec![partitions], consumers, prefetch as u32, shared);
        let there = vec![true; consumers];
        let mut slow = Recompute { all: Vec::new(), partitions, there, prefetch, shared, turn: 0 };
        for message in 0..400 {
            match draws.below(8) {
                0..=3 => {
                    let partition = draws.below(u64::from(partitions)) as u32;
                    let sent = backlog.append(partition, message);
                    assert_eq!(sent.map(|(taker, _)| taker), slow.append(partition, message));
                }
                4..=6 => {
                    let consumer = draws.below(slow.there.len() as u64) as usize;
                    let held = slow.all.iter().position(|(_, _, by)| *by == Some(consumer));
                    if let Some(place) = held {
                        slow.all.remove(place);
                        let next = backlog.release(consumer).map(|waiting| waiting.message);
                        assert_eq!(next, slow.next_for(consumer));
                    }
                }
                _ if slow.there.len() < 8 && draws.below(2) == 0 => {
                    assert_eq!(backlog.join(), slow.there.len());
                    slow.there.push(true);
                }
                _ => {
                    let consumer = draws.below(slow.there.len() as u64) as usize;
                    let left = slow.there.iter().filter(|there| **there).count();
                    if slow.there[consumer] && left > 1 {
                        backlog.leave(consumer);
                        slow.there[consumer] = false;
                    }
                }
            }
            let waits = slow.all.iter().filter(|(_, _, holder)| holder.is_none()).count();
            assert_eq!(backlog.waiting(), waits);
            for consumer in 0..slow.there.len() {
                let next = backlog.next_for(consumer).map(|waiting| waiting.message);
                assert_eq!(next, slow.next_for(consumer), "consumer {consumer}");
            }
        }
    }

    #[test]
    fn who_is_sent_what_is_as_the_rules_say_whoever_comes_and_goes() {
        for seed in 0..200 {
            follow(seed, false);
            follow(seed, true);
        }
    }

    #[test]
    fn what_is_given_back_is_the_next_in_its_old_place_and_nothing_is_sent_while_stopped() {
        let mut backlog = Allotment::new(vec![1], 1, 1, false);
        let (taker, first) = backlog.append(0, 'a').unwrap();
        assert_eq!((taker, first.message), (0, 'a'));
        assert_eq!(backlog.append(0, 'b'), None);
        backlog.stop();
        backlog.give_back(0, first);
        assert_eq!((backlog.waiting(), backlog.next_for(0)), (2, None));
        backlog.resume();
        assert_eq!(backlog.next_for(0).map(|next| next.message), Some('a'));
        assert_eq!(backlog.release(0).map(|next| next.message), Some('b'));
    }
}
