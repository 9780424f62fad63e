//! The keys that are pending: a sorted list while they are few, a wheel when they are many.
//!
//! In a short list a key finds its place by a few moves, the fewer the sooner it is due, and the least
//! one is taken for nothing. A wheel costs more than that, but no more where there are more keys.

use super::wheel::{Wheel, time_of};

/// A list with more keys than this becomes a wheel.
const MOST_LISTED: usize = 32;
/// A wheel becomes a list when there are so few keys and the least is not found at once; far from the other
/// limit, so that it rarely happens.
const FEW: usize = 12;

/// A priority queue of keys, whose upper half is their time (ns).
#[derive(Debug)]
pub(super) struct Pending {
    /// The keys while they are few, the least one last, in the first `listed` places.
    list: [u128; MOST_LISTED],
    listed: usize,
    /// The keys when they are many.
    wheel: Wheel,
    /// Whether they are on the wheel.
    pub(super) many: bool,
}

impl Default for Pending {
    fn default() -> Self {
        Pending { list: [0; MOST_LISTED], listed: 0, wheel: Wheel::default(), many: false }
    }
}

impl Pending {
    /// Adds a key.
    #[inline(always)]
    pub(super) fn push(&mut self, key: u128) {
        self.push_behind(key, |other| other < key);
    }

    /// The same for a key that is greater than all others of its time: one look at the time tells its place.
    #[inline(always)]
    pub(super) fn push_latest(&mut self, key: u128) {
        self.push_behind(key, |other| time_of(other) <= time_of(key));
    }

    /// Adds a key behind those that come before it.
    #[inline(always)]
    fn push_behind(&mut self, key: u128, comes_before: impl Fn(u128) -> bool) {
        if self.many {
            return self.wheel.push(key);
        }
        match self.list.get_mut(..=self.listed) {
            Some(places) => {
                self.listed += 1;
                insert(places, key, comes_before);
            }
            None => self.put_on_wheel(key),
        }
    }

    /// Takes the least key.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<u128> {
        if self.many {
            return self.wheel.pop_at_once().or_else(|| self.pop_later());
        }
        self.listed = self.listed.checked_sub(1)?;
        Some(self.list[self.listed % MOST_LISTED])
    }

    pub(super) fn len(&self) -> usize {
        self.listed + self.wheel.len()
    }

    /// The same where the least key of the wheel is not found at once.
    #[inline(never)]
    fn pop_later(&mut self) -> Option<u128> {
        if self.wheel.len() <= FEW {
            self.list_up();
            return self.pop();
        }
        self.wheel.pop()
    }

    #[cold]
    fn put_on_wheel(&mut self, key: u128) {
        self.many = true;
        self.wheel.turn_to(self.list[..self.listed].iter().fold(key, |least, key| least.min(*key)));
        for key in &self.list[..self.listed] {
            self.wheel.push(*key);
        }
        self.wheel.push(key);
        self.listed = 0;
    }

    #[cold]
    fn list_up(&mut self) {
        self.many = false;
        self.listed = self.wheel.len();
        for place in self.list[..self.listed].iter_mut().rev() {
            *place = self.wheel.pop().unwrap_or_default();
        }
    }
}

/// Puts `key` where it belongs in a list that falls and whose last place is free; keys that come before it move up
/// by one place, eight at a time while as many do, then four, two and one.
#[inline(always)]
fn insert(list: &mut [u128], key: u128, comes_before: impl Fn(u128) -> bool) {
    let mut rest = list;
    while let [lower @ .., a, b, c, d, e, f, g, h, free] = rest
        && comes_before(*a)
    {
        (*free, *h, *g, *f, *e, *d, *c, *b) = (*h, *g, *f, *e, *d, *c, *b, *a);
        let past = lower.len() + 1;
        rest = &mut rest[..past];
    }
    if let [lower @ .., a, b, c, d, free] = rest
        && comes_before(*a)
    {
        (*free, *d, *c, *b) = (*d, *c, *b, *a);
        let past = lower.len() + 1;
        rest = &mut rest[..past];
    }
    if let [lower @ .., a, b, free] = rest
        && comes_before(*a)
    {
        (*free, *b) = (*b, *a);
        let past = lower.len() + 1;
        rest = &mut rest[..past];
    }
    if let [.., before, free] = rest
        && comes_before(*before)
    {
        (*free, *before) = (*before, key);
    } else if let Some(free) = rest.last_mut() {
        *free = key;
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use super::*;
    use crate::random::{Key, Stream};

    #[test]
    fn keys_come_out_as_from_the_standard_heap_while_few_and_many_take_turns() {
        let mut random = Stream::new(Key(8));
        let (mut pending, mut twin) = (Pending::default(), BinaryHeap::new());
        let (mut now, mut turns) = (0u64, 0);
        for round in 0..60_000u64 {
            let was_many = pending.many;
            let unit = if (round / 1_000) % 2 == 0 { 1 } else { 100_000_000 };
            // Waves: more pushes than pops for a while, then fewer.
            let pushes = if (round / 500) % 2 == 0 { random.below(4) } else { random.below(2) };
            for push in 0..pushes {
                // Within a day or on several, some are due at once, most later, several at the same time.
                let delay = u64::from(random.below(200) * random.below(2)) * unit;
                let time = now + delay;
                let key = u128::from(time) << 64 | u128::from(round * 4 + u64::from(push));
                pending.push(key);
                twin.push(Reverse(key));
            }
            let key = pending.pop();
            assert_eq!(key, twin.pop().map(|key| key.0));
            now = key.map_or(now, |key| (key >> 64) as u64);
            assert_eq!(pending.len(), twin.len());
            turns += u32::from(pending.many != was_many);
        }
        assert!(turns > 10, "list and wheel took turns {turns} times");
        while let Some(key) = pending.pop() {
            assert_eq!(Some(key), twin.pop().map(|key| key.0));
        }
        assert!(twin.is_empty());
    }
}
