//! The keys that are pending: a sorted list while they are few, a heap when they are many.
//!
//! In a short list a key finds its place by a few moves, the fewer the sooner it is due, and the least
//! one is taken for nothing. A heap costs more than that, but its cost grows with the logarithm only.

use super::heap::Heap;

/// A list with more keys than this becomes a heap.
const MOST_LISTED: usize = 64;
/// A heap with fewer keys than this becomes a list; far from the other limit, so that it rarely happens.
const LEAST_HEAPED: usize = 24;

/// A priority queue of keys.
#[derive(Debug)]
pub(super) struct Pending {
    /// The keys while they are few, the least one last, in the first `listed` places.
    list: [u128; MOST_LISTED],
    listed: usize,
    /// The keys when they are many.
    heap: Heap,
    /// Whether they are in the heap.
    pub(super) many: bool,
}

impl Default for Pending {
    fn default() -> Self {
        Pending { list: [0; MOST_LISTED], listed: 0, heap: Heap::default(), many: false }
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
        match self.list.get_mut(..=self.listed) {
            Some(places) if !self.many => {
                self.listed += 1;
                insert(places, key, comes_before);
            }
            _ => self.push_on_heap(key),
        }
    }

    #[inline]
    fn push_on_heap(&mut self, key: u128) {
        if !self.many {
            self.heap_up();
        }
        self.heap.push(key);
    }

    /// Takes the least key.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<u128> {
        if self.listed == 0 {
            return self.pop_heap();
        }
        self.listed -= 1;
        Some(self.list[self.listed % MOST_LISTED])
    }

    /// The least key.
    pub(super) fn peek(&mut self) -> Option<u128> {
        if self.many { self.heap.peek() } else { self.list[..self.listed].last().copied() }
    }

    pub(super) fn len(&self) -> usize {
        self.listed + self.heap.len()
    }

    /// The same where none is in the list.
    #[inline]
    fn pop_heap(&mut self) -> Option<u128> {
        if self.heap.len() < LEAST_HEAPED {
            self.list_up();
            self.listed = self.listed.checked_sub(1)?;
            return Some(self.list[self.listed]);
        }
        self.heap.pop()
    }

    #[cold]
    fn heap_up(&mut self) {
        self.many = true;
        // From the least one on, no key has to climb.
        for key in self.list[..self.listed].iter().rev() {
            self.heap.push(*key);
        }
        self.listed = 0;
    }

    #[cold]
    fn list_up(&mut self) {
        self.many = false;
        self.listed = self.heap.len();
        for place in self.list[..self.listed].iter_mut().rev() {
            *place = self.heap.pop().unwrap_or_default();
        }
    }
}

/// The time of a key, its upper half.
#[inline(always)]
fn time_of(key: u128) -> u64 {
    (key >> 64) as u64
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
            // Waves: more pushes than pops for a while, then fewer.
            let pushes = if (round / 500) % 2 == 0 { random.below(4) } else { random.below(2) };
            for push in 0..pushes {
                // Some are due at once, most later, several at the same time.
                let time = now + u64::from(random.below(200) * random.below(2));
                let key = u128::from(time) << 64 | u128::from(round * 4 + u64::from(push));
                pending.push(key);
                twin.push(Reverse(key));
            }
            assert_eq!(pending.peek(), twin.peek().map(|key| key.0));
            let key = pending.pop();
            assert_eq!(key, twin.pop().map(|key| key.0));
            now = key.map_or(now, |key| (key >> 64) as u64);
            assert_eq!(pending.len(), twin.len());
            turns += u32::from(pending.many != was_many);
        }
        assert!(turns > 20, "list and heap took turns {turns} times");
        while let Some(key) = pending.pop() {
            assert_eq!(Some(key), twin.pop().map(|key| key.0));
        }
        assert!(twin.is_empty());
    }
}
