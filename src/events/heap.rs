//! A 4-ary min-heap of 16-byte keys. Popping leaves a hole at the root that the next push fills, so a
//! pop and a push together cost one walk down (replace-top).
//! Larkin, Sen & Tarjan, "A Back-to-Basics Empirical Study of Priority Queues", ALENEX 2014.

const ARITY: usize = 4;

/// A min-heap of keys.
#[derive(Debug, Default)]
pub(super) struct Heap {
    keys: Vec<u128>,
    /// Whether `keys[0]` has been taken and not yet been replaced.
    hole: bool,
}

impl Heap {
    /// Adds a key.
    #[inline]
    pub(super) fn push(&mut self, key: u128) {
        if self.hole {
            self.hole = false;
            self.sift_down(key);
        } else {
            let mut index = self.keys.len();
            self.keys.push(key);
            while index > 0 {
                let parent = (index - 1) / ARITY;
                if self.keys[parent] <= key {
                    break;
                }
                self.keys[index] = self.keys[parent];
                index = parent;
            }
            self.keys[index] = key;
        }
    }

    /// Takes the least key.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u128> {
        self.fill_hole();
        let least = *self.keys.first()?;
        self.hole = true;
        Some(least)
    }

    /// The least key.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u128> {
        self.fill_hole();
        self.keys.first().copied()
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.keys.len() - usize::from(self.hole)
    }

    #[inline]
    fn fill_hole(&mut self) {
        if self.hole {
            self.hole = false;
            if let Some(last) = self.keys.pop()
                && !self.keys.is_empty()
            {
                self.sift_down(last);
            }
        }
    }

    /// Puts `key` where it belongs, starting from the free root.
    #[inline]
    fn sift_down(&mut self, key: u128) {
        let keys = self.keys.as_mut_slice();
        let mut index = 0;
        loop {
            let first = index * ARITY + 1;
            let Some(children) = keys.get(first..(first + ARITY).min(keys.len())) else {
                break;
            };
            let Some((offset, least)) = least_of(children) else {
                break;
            };
            if key <= least {
                break;
            }
            keys[index] = least;
            index = first + offset;
        }
        keys[index] = key;
    }
}

/// Position and value of the least of up to four keys; a tournament where there are four.
#[inline(always)]
fn least_of(keys: &[u128]) -> Option<(usize, u128)> {
    if let [a, b, c, d] = *keys {
        let left = if b < a { (1, b) } else { (0, a) };
        let right = if d < c { (3, d) } else { (2, c) };
        return Some(if right.1 < left.1 { right } else { left });
    }
    let mut keys = keys.iter().copied().enumerate();
    let first = keys.next()?;
    Some(keys.fold(first, |least, key| if key.1 < least.1 { key } else { least }))
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use super::*;
    use crate::random::{Key, Stream};

    #[test]
    fn keys_come_out_as_from_the_standard_heap() {
        let mut random = Stream::new(Key(3));
        let (mut heap, mut twin) = (Heap::default(), BinaryHeap::new());
        for round in 0..20_000u32 {
            // More pushes at first, more pops later, so that the heap grows and empties.
            let pushes = random.below(if round < 10_000 { 4 } else { 2 });
            for _ in 0..pushes {
                let key = u128::from(random.below(1_000_000)) << 32 | u128::from(round);
                heap.push(key);
                twin.push(Reverse(key));
            }
            assert_eq!(heap.peek(), twin.peek().map(|key| key.0));
            assert_eq!(heap.pop(), twin.pop().map(|key| key.0));
            assert_eq!(heap.len(), twin.len());
        }
        while let Some(key) = heap.pop() {
            assert_eq!(Some(key), twin.pop().map(|key| key.0));
        }
        assert!(twin.is_empty());
    }
}
