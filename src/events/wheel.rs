//! A calendar of keys: time is cut into days of one length, so many to a round. A key is put on the day of its time,
//! and the next one is the least of the first day that has any: neither takes longer where there are many keys,
//! and processors foresee both. What is due after a round is in a heap, and so is a day with a crowd.
//! Days get shorter or longer by themselves, so that few keys share one and few are due after a round.
//! Brown, "Calendar Queues", CACM 1988, with days found by their bits.

use super::heap::Heap;

/// Days of a round, and words of so many bits that have one for each.
const DAYS: usize = 4096;
const WORDS: usize = DAYS / 64;
/// No place.
const NOWHERE: u32 = u32::MAX;
/// So many keys on a day are a crowd.
const CROWD: u32 = 16;
/// The length of a day is looked at after so many keys that were too dense (shared their day with one of another
/// time) or too sparse (after many days without any, or due after a round).
const SO_MANY: u32 = 128;
/// It stays while no more than one of so many that are taken is one of them.
const ONE_OF: u64 = 8;
/// Logarithm of the length of a day (ns): the first, and the greatest.
const FIRST_LENGTH: u32 = 18;
const MOST_LENGTH: u32 = 50;

/// A priority queue of keys, whose upper half is their time (ns).
#[derive(Debug)]
pub(super) struct Wheel {
    /// The first place of each day.
    first: Box<[u32; DAYS]>,
    /// Whether each has keys: a bit.
    days: [u64; WORDS],
    /// Logarithm of the length of a day (ns).
    length: u32,
    /// Day of the last key taken, counted from time 0, and never an earlier one: all keys but those of `far` are due
    /// in the round that begins with it.
    today: u64,
    places: Vec<Dated>,
    /// The empty place that was freed last; where there is none, the number of places.
    free: u32,
    far: Heap,
    /// The least time of `far` (ns); the greatest that there is: none.
    time_far: u64,
    added: u64,
    taken: u64,
    look: Look,
}

/// A key in its place.
#[derive(Debug, Clone, Copy)]
struct Dated {
    key: u128,
    /// The next one of the same day, or the next empty one.
    next: u32,
}

/// What has been since the last look at the length of a day.
#[derive(Debug, Default)]
struct Look {
    /// Keys taken before.
    taken: u64,
    /// Keys that were passed by on the day of one of another time.
    dense: u32,
    /// Keys due after a round, or found beyond the word of today.
    sparse: u32,
}

impl Default for Wheel {
    fn default() -> Self {
        Wheel {
            first: Box::new([NOWHERE; DAYS]),
            days: [0; WORDS],
            length: FIRST_LENGTH,
            today: 0,
            places: Vec::new(),
            free: 0,
            far: Heap::default(),
            time_far: u64::MAX,
            added: 0,
            taken: 0,
            look: Look::default(),
        }
    }
}

impl Wheel {
    /// An empty one turns to the day of a key, the least that there is. If others of an earlier day come, they are
    /// kept with those that are due after a round.
    pub(super) fn turn_to(&mut self, key: u128) {
        debug_assert_eq!(self.len(), 0);
        self.today = self.day_of(key);
    }

    /// Adds a key.
    #[inline(always)]
    pub(super) fn push(&mut self, key: u128) {
        self.added += 1;
        match self.in_round(self.day_of(key)) {
            Some(day) => self.put(day, key),
            None => self.push_far(key),
        }
    }

    /// Takes the least key where it is found at once, as most are.
    #[inline(always)]
    pub(super) fn pop_at_once(&mut self) -> Option<u128> {
        let today = self.today as usize % DAYS;
        let coming = self.days[today / 64] >> (today % 64);
        if coming == 0 {
            return None;
        }
        let day = (today + coming.trailing_zeros() as usize) % DAYS;
        let place = self.first[day];
        let only = self.places.get_mut(place as usize)?;
        let key = only.key;
        if only.next != NOWHERE || self.time_far <= time_of(key) {
            return None;
        }
        only.next = self.free;
        self.free = place;
        self.take_from(day, NOWHERE, key);
        Some(key)
    }

    /// Takes the least key.
    #[inline(never)]
    pub(super) fn pop(&mut self) -> Option<u128> {
        if self.look.dense.max(self.look.sparse) >= SO_MANY {
            self.look_at_length();
        }
        let Some(day) = self.first_day() else {
            return self.pop_far();
        };
        let first = self.first[day] as usize;
        let (at, count) = self.least_of(first);
        if count > CROWD {
            self.clear(day).into_iter().for_each(|key| self.add_far(key));
            return self.pop_far();
        }
        let Dated { key, next } = self.places[at];
        if self.time_far <= time_of(key) && self.far.peek().is_some_and(|far| far < key) {
            return self.pop_far();
        }
        // The place that is given back is the first of the day; what is in it goes where the least key was.
        let next = if at == first { next } else { self.places[first].next };
        self.places[at].key = self.places[first].key;
        self.places[first].next = std::mem::replace(&mut self.free, first as u32);
        self.take_from(day, next, key);
        Some(key)
    }

    /// Keys that there are.
    pub(super) fn len(&self) -> usize {
        (self.added - self.taken) as usize
    }

    /// Day of a key, counted from time 0.
    #[inline(always)]
    fn day_of(&self, key: u128) -> u64 {
        time_of(key) >> self.length
    }

    /// Number of a day in the round that begins today.
    #[inline(always)]
    fn in_round(&self, day: u64) -> Option<usize> {
        (day.wrapping_sub(self.today) < DAYS as u64).then_some(day as usize % DAYS)
    }

    #[inline(always)]
    fn put(&mut self, day: usize, key: u128) {
        let place = Dated { key, next: self.first[day] };
        self.first[day] = self.free;
        match self.places.get_mut(self.free as usize) {
            Some(empty) => self.free = std::mem::replace(empty, place).next,
            None => self.grow(place),
        }
        self.days[day / 64] |= 1 << (day % 64);
    }

    #[cold]
    fn grow(&mut self, place: Dated) {
        self.places.push(place);
        self.free = self.places.len() as u32;
    }

    /// A key of a day has been taken, and this is the first place of the day now.
    #[inline(always)]
    fn take_from(&mut self, day: usize, first: u32, key: u128) {
        self.first[day] = first;
        if first == NOWHERE {
            self.days[day / 64] &= !(1 << (day % 64));
        }
        self.taken += 1;
        self.today = self.day_of(key);
    }

    /// The first day from today on that has keys, by its number in the round.
    fn first_day(&mut self) -> Option<usize> {
        let today = self.today as usize % DAYS;
        let coming = self.days[today / 64] >> (today % 64);
        if coming != 0 {
            return Some(today + coming.trailing_zeros() as usize);
        }
        self.look.sparse = self.look.sparse.saturating_add(1);
        // Days of today's word before it are the last of the round.
        let mut words = (today / 64 + 1..=today / 64 + WORDS).map(|word| word % WORDS);
        let word = words.find(|word| self.days[*word] != 0)?;
        Some(word * 64 + self.days[word].trailing_zeros() as usize)
    }

    /// Where the least key of a day is, and how many there are.
    fn least_of(&mut self, first: usize) -> (usize, u32) {
        let Dated { key: mut least, mut next } = self.places[first];
        let (time, mut at, mut count) = (least >> 64, first, 1);
        while let Some(other) = self.places.get(next as usize) {
            if other.key < least {
                (least, at) = (other.key, next as usize);
            }
            next = other.next;
            count += 1;
            // No day is so short that keys of one time do not share it.
            self.look.dense = self.look.dense.saturating_add(u32::from(other.key >> 64 != time));
        }
        (at, count)
    }

    #[inline(never)]
    fn push_far(&mut self, key: u128) {
        self.look.sparse = self.look.sparse.saturating_add(1);
        self.add_far(key);
    }

    fn add_far(&mut self, key: u128) {
        self.far.push(key);
        self.time_far = self.time_far.min(time_of(key));
    }

    fn pop_far(&mut self) -> Option<u128> {
        let key = self.far.pop()?;
        self.time_far = self.far.peek().map_or(u64::MAX, time_of);
        self.taken += 1;
        // After it was turned, a key of a day before today may be left.
        self.today = self.today.max(self.day_of(key));
        Some(key)
    }

    /// Takes all keys of a day away.
    fn clear(&mut self, day: usize) -> Vec<u128> {
        let mut keys = Vec::new();
        while let Some(place) = self.places.get_mut(self.first[day] as usize) {
            keys.push(place.key);
            let freed = std::mem::replace(&mut self.first[day], place.next);
            place.next = std::mem::replace(&mut self.free, freed);
        }
        self.days[day / 64] &= !(1 << (day % 64));
        keys
    }

    /// Many keys were too dense or too sparse: the days become shorter or longer, and stay if it is both.
    #[cold]
    fn look_at_length(&mut self) {
        let taken = self.taken - self.look.taken;
        // To move all keys takes no longer than it took to take as many.
        if taken < self.len() as u64 {
            return;
        }
        let Look { dense, sparse, .. } = self.look;
        self.look = Look { taken: self.taken, ..Look::default() };
        if u64::from(dense.max(sparse)) * ONE_OF < taken {
            return;
        }
        if dense > sparse.saturating_mul(4) && self.length > 0 {
            self.set_length(self.length - 1);
        } else if sparse > dense.saturating_mul(4) && self.length < MOST_LENGTH {
            self.set_length(self.length + 1);
        }
    }

    fn set_length(&mut self, length: u32) {
        let keys: Vec<u128> = (0..DAYS).flat_map(|day| self.clear(day)).collect();
        self.today = self.today << self.length >> length;
        self.length = length;
        for key in keys {
            match self.in_round(self.day_of(key)) {
                Some(day) => self.put(day, key),
                None => self.add_far(key),
            }
        }
    }
}

/// The time of a key (ns).
#[inline(always)]
pub(super) fn time_of(key: u128) -> u64 {
    (key >> 64) as u64
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use super::*;
    use crate::random::{Key, Stream};

    /// Keys come and go in waves, due after `delay` of a draw; each must leave as from the standard heap, and no more
    /// are moved to other days than are taken. Lengths that days had.
    fn lengths_of(rounds: u64, delay: impl Fn(&mut Stream) -> u64) -> Vec<u32> {
        let mut random = Stream::new(Key(8));
        let (mut wheel, mut twin) = (Wheel::default(), BinaryHeap::new());
        let (mut now, mut lengths, mut moved) = (0, vec![wheel.length], 0);
        for round in 0..rounds {
            let pushes = if (round / 5_000) % 2 == 0 { random.below(4) } else { random.below(2) };
            for push in 0..pushes {
                let time = now + delay(&mut random);
                let key = u128::from(time) << 64 | u128::from(round * 4 + u64::from(push));
                wheel.push(key);
                twin.push(Reverse(key));
            }
            let key = wheel.pop_at_once().or_else(|| wheel.pop());
            assert_eq!(key, twin.pop().map(|key| key.0));
            assert_eq!(wheel.len(), twin.len());
            now = key.map_or(now, |key| (key >> 64) as u64);
            if lengths.last() != Some(&wheel.length) {
                lengths.push(wheel.length);
                moved += wheel.len() as u64;
            }
        }
        assert!(moved <= wheel.taken, "{moved} keys are moved where {} are taken", wheel.taken);
        while let Some(key) = wheel.pop() {
            assert_eq!(Some(key), twin.pop().map(|key| key.0));
        }
        assert!(twin.is_empty() && wheel.len() == 0);
        lengths
    }

    #[test]
    fn keys_come_out_as_from_the_standard_heap_however_far_apart_they_are() {
        for scale in [1u64, 1_000, 1_000_000, 1_000_000_000, 1_000_000_000_000] {
            let delay = |random: &mut Stream| (random.exponential() * 40.0 * scale as f64) as u64;
            let lengths = lengths_of(40_000, delay);
            assert!(lengths.len() < 40, "days of {lengths:?} for {scale} ns");
        }
    }

    #[test]
    fn keys_come_out_as_from_the_standard_heap_where_some_are_due_at_once_and_some_in_an_hour() {
        let delay = |random: &mut Stream| match random.below(3) {
            0 => 0,
            1 => u64::from(random.below(50)) * 1_000,
            _ => u64::from(random.below(3_600)) * 1_000_000_000,
        };
        lengths_of(40_000, delay);
    }

    #[test]
    fn no_more_keys_are_moved_than_taken_where_no_length_of_a_day_fits() {
        lengths_of(60_000, |random| 2_000_000_000 + u64::from(random.below(10_000)));
    }

    #[test]
    fn a_crowd_of_one_time_comes_out_in_order_and_leaves_the_days_as_they_are() {
        let lengths = lengths_of(40_000, |random| u64::from(random.below(3)) * 100_000_000);
        assert_eq!(lengths, [FIRST_LENGTH]);
    }
}
