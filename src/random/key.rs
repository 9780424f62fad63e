//! Keys: 64-bit names of places in a simulation, mixed from their parents.
//! The mixer is SplitMix64's finaliser (Steele, Lea & Flood, OOPSLA 2014).

/// The golden-ratio increment of SplitMix64.
pub(super) const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
/// Keeps keys of children apart from seeds of draws made at the same number.
const CHILD: u64 = 0xD1B5_4A32_D192_ED03;

/// Keeps the draws of two steps apart (the multiplier of PCG64).
const SITE: u64 = 0x5851_F42D_4C95_7F2D;

/// A place whose random numbers are its own: a seed, a replication, a request, a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Key(pub u64);

/// SplitMix64's finaliser: a bijection that flips half of the bits for any change.
#[inline(always)]
pub(super) fn finalise(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

impl Key {
    /// The key of the `number`-th child.
    #[inline(always)]
    pub fn child(self, number: u64) -> Key {
        Key(finalise((self.0 ^ CHILD).wrapping_add(GOLDEN.wrapping_mul(number.wrapping_add(1)))))
    }

    /// The key of the child called `name`. The length goes in first, so no two lists of names collide.
    pub fn named(self, name: &str) -> Key {
        let mut key = self.child(name.len() as u64);
        for chunk in name.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            key = key.child(u64::from_le_bytes(word));
        }
        key
    }

    /// Where the draws of step `site` begin: the first word is a finalised one, so a multiplication by
    /// an odd constant is mixing enough here.
    #[inline(always)]
    pub(super) fn draws_at(self, site: u32) -> u64 {
        self.0 ^ (u64::from(site) + 1).wrapping_mul(SITE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_pinned() {
        let key = Key(42).named("replication").child(3);
        assert_eq!(key.0, Key(42).named("replication").child(3).0);
        assert_eq!(finalise(GOLDEN), 0xE220_A839_7B1D_CDAF, "SplitMix64 of seed 0, first output");
    }

    #[test]
    fn names_do_not_run_together() {
        let root = Key(1);
        assert_ne!(root.named("ab").named("c"), root.named("a").named("bc"));
        assert_ne!(root.named(""), root);
        assert_ne!(root.named("a"), root.named("a\0"));
    }

    #[test]
    fn children_and_draws_at_one_number_differ() {
        for number in 0..1000 {
            assert_ne!(Key(7).child(u64::from(number)).0, Key(7).draws_at(number));
        }
    }
}
