//! Chance for the tests of the resources: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).

/// A seeded stream of draws.
pub(super) struct Draws(u64);

impl Draws {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A whole number in 0..limit.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.word() % limit
    }

    /// A share in [0, 1).
    pub(super) fn share(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// An exponential time (ns), rounded down.
    pub(super) fn exponential(&mut self, mean_ns: f64) -> u64 {
        (-mean_ns * (1.0 - self.share()).ln()) as u64
    }
}
