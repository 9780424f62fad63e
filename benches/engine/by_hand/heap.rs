//! A 4-ary min-heap of packed keys of 16 bytes, time above payload, for loops that know what they do with it:
//! it is never empty, and an event that makes another one replaces itself.

const ARITY: usize = 4;

/// Beyond the last key, so that all groups of children are full.
const NOTHING: u128 = u128::MAX;

pub(crate) struct Heap {
    /// `count` keys, then `NOTHING`.
    keys: Vec<u128>,
    count: usize,
}

impl Heap {
    /// With one event in it.
    pub(crate) fn with(time: u64, payload: u32) -> Heap {
        let mut heap = Heap { keys: vec![NOTHING; 64], count: 0 };
        heap.add(time, payload);
        heap
    }

    /// The earliest event.
    #[inline(always)]
    pub(crate) fn earliest(&self) -> (u64, u32) {
        ((self.keys[0] >> 64) as u64, self.keys[0] as u32)
    }

    #[inline(always)]
    pub(crate) fn add(&mut self, time: u64, payload: u32) {
        let key = packed(time, payload);
        let mut at = self.count;
        self.count += 1;
        if self.count + ARITY > self.keys.len() {
            self.keys.resize(2 * self.keys.len(), NOTHING);
        }
        while at > 0 {
            let parent = (at - 1) / ARITY;
            let above = self.keys[parent];
            if above <= key {
                break;
            }
            self.keys[at] = above;
            at = parent;
        }
        self.keys[at] = key;
    }

    /// Puts an event in the place of the earliest one.
    #[inline(always)]
    pub(crate) fn replace_earliest(&mut self, time: u64, payload: u32) {
        self.sink(packed(time, payload));
    }

    #[inline(always)]
    pub(crate) fn remove_earliest(&mut self) {
        self.count -= 1;
        let last = std::mem::replace(&mut self.keys[self.count], NOTHING);
        if self.count > 0 {
            self.sink(last);
        }
    }

    /// Puts a key where it belongs, starting from the root.
    #[inline(always)]
    fn sink(&mut self, key: u128) {
        let keys = self.keys.as_mut_slice();
        let mut at = 0;
        loop {
            let first = ARITY * at + 1;
            if first >= self.count {
                break;
            }
            let [a, b, c, d] = [keys[first], keys[first + 1], keys[first + 2], keys[first + 3]];
            let left = if b < a { (b, 1) } else { (a, 0) };
            let right = if d < c { (d, 3) } else { (c, 2) };
            let (least, offset) = if right.0 < left.0 { right } else { left };
            if key <= least {
                break;
            }
            keys[at] = least;
            at = first + offset;
        }
        keys[at] = key;
    }
}

#[inline(always)]
fn packed(time: u64, payload: u32) -> u128 {
    u128::from(time) << 64 | u128::from(payload)
}
