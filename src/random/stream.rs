//! Sources of random words: short keyed ones and long named ones.

use std::convert::Infallible;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng, TryRng};
use rand_distr::{Distribution as _, Exp1};

use super::Key;
use super::key::{GOLDEN, finalise};

/// The draws of one step of one frame: SplitMix64 from a keyed start, free to make. A rejection sampler
/// may take as many words as it likes without shifting any other draw.
#[derive(Debug, Clone)]
pub struct Draws(u64);

impl Draws {
    /// Draws of step `site` under `key`.
    #[inline(always)]
    pub fn at(key: Key, site: u32) -> Self {
        Draws(key.draws_at(site))
    }

    /// Next word.
    #[inline(always)]
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        finalise(self.0)
    }

    /// Uniform in [0, 1).
    #[inline(always)]
    pub fn uniform(&mut self) -> f64 {
        unit(self.word())
    }
}

impl TryRng for Draws {
    type Error = Infallible;

    #[inline(always)]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    #[inline(always)]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.word().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// A long stream with a name: xoshiro256++ (Blackman & Vigna, ACM TOMS 2021).
#[derive(Debug, Clone)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream of `key`.
    pub fn new(key: Key) -> Self {
        Stream(Xoshiro256PlusPlus::seed_from_u64(key.0))
    }

    /// Uniform in [0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        unit(self.0.next_u64())
    }

    /// Exponential with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        Exp1.sample(&mut self.0)
    }

    /// Uniform among 0 … `count` − 1 (multiply-shift; the bias is below count / 2⁶⁴).
    #[inline]
    pub fn below(&mut self, count: u32) -> u32 {
        ((u128::from(self.0.next_u64()) * u128::from(count)) >> 64) as u32
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.next_u32())
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

/// The top 53 bits as a number in [0, 1).
#[inline(always)]
fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_and_draws_are_pinned() {
        // Golden vectors: they may change only with a line in the changelog.
        let mut draws = Draws(0);
        assert_eq!(draws.next_u64(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(draws.next_u64(), 0x6E78_9E6A_A1B9_65F4);
        assert_eq!(draws.next_u64(), 0x06C4_5D18_8009_454F);
        let mut stream = Stream::new(Key(42));
        let words: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
        assert_eq!(words, GOLDEN_STREAM);
    }

    const GOLDEN_STREAM: [u64; 3] =
        [0xD076_4D4F_4476_689F, 0x519E_4174_576F_3791, 0xFBE0_7CFB_0C24_ED8C];

    #[test]
    fn uniform_numbers_fill_the_unit_interval() {
        let mut stream = Stream::new(Key(1));
        let numbers: Vec<f64> = (0..10_000).map(|_| stream.uniform()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        let mean = numbers.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 4.0 * (1.0f64 / 12.0).sqrt() / 100.0, "mean {mean}");
    }
}
