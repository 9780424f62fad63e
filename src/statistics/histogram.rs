//! Streaming percentiles: a log-linear histogram of whole numbers, here nanoseconds.
//!
//! Every octave [2^k, 2^(k+1)) is cut into 2^`sub_bits` buckets of equal width, so a bucket is
//! never wider than its values × 2^−`sub_bits`; below 2^(`sub_bits` + 1) every number has a bucket
//! of its own. The idea is that of HdrHistogram (Tene), but memory exists only for the octaves
//! between the smallest and the largest value seen: a thousand histograms of a few octaves stay in
//! the cache. Twin for tests: a sorted vector.

use std::collections::BTreeMap;

/// Counts of u64 values (ns) in buckets of bounded relative width.
///
/// Buckets count in 32 bits and carry into a map that is empty unless 4 billion values met in one
/// bucket, so no count overflows below 2^64 values.
#[derive(Debug, Clone)]
pub struct Histogram {
    sub_bits: u32,
    /// Index of `buckets[0]`, the start of an octave.
    first: usize,
    /// Whole octaves, from the lowest to the highest seen; modulo 2^32.
    buckets: Vec<u32>,
    /// Zeros are the most frequent wait, and far from all others: counted apart.
    zeros: u64,
    count: u64,
    /// Bucket index → how often its counter has passed 2^32.
    carries: BTreeMap<usize, u64>,
}

impl Histogram {
    /// An empty histogram with 2^`sub_bits` buckets an octave; `sub_bits` from 1 to 16.
    /// With 7 a bucket is at most 0.8 % of its values wide and an octave takes 512 bytes.
    pub fn new(sub_bits: u32) -> Self {
        assert!(
            (1..=16).contains(&sub_bits),
            "a histogram has 2^1 to 2^16 buckets an octave, not 2^{sub_bits}"
        );
        Self {
            sub_bits,
            first: 0,
            buckets: Vec::new(),
            zeros: 0,
            count: 0,
            carries: BTreeMap::new(),
        }
    }

    /// The exponent of two that it was made with: it has 2^`sub_bits` buckets an octave.
    pub fn sub_bits(&self) -> u32 {
        self.sub_bits
    }

    /// Counts one value (ns). Allocates only for an octave beyond those seen.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.count += 1;
        if value == 0 {
            self.zeros += 1;
            return;
        }
        let index = self.index(value);
        match self.buckets.get_mut(index.wrapping_sub(self.first)) {
            Some(bucket) if *bucket < u32::MAX => *bucket += 1,
            _ => self.add_rarely(index),
        }
    }

    /// One more in a bucket that is not there yet, or whose counter is full.
    #[cold]
    fn add_rarely(&mut self, index: usize) {
        self.add(index, 1);
    }

    /// Counts a value (ns) so many times. All counts together must stay below 2^64.
    pub fn record_many(&mut self, value: u64, times: u64) {
        if times == 0 {
            return;
        }
        self.count += times;
        match value {
            0 => self.zeros += times,
            value => self.add(self.index(value), times),
        }
    }

    /// How many values were recorded.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds the counts of `other`, which must have as many buckets an octave. Counts are integers:
    /// any order of merging gives the same histogram.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(self.sub_bits, other.sub_bits, "histograms of different resolution were merged");
        self.count += other.count;
        self.zeros += other.zeros;
        other.filled().for_each(|(index, added)| self.add(index, added));
    }

    fn add(&mut self, index: usize, added: u64) {
        if !self.holds(index) {
            self.grow_to(index);
        }
        let bucket = &mut self.buckets[index - self.first];
        let sum = u64::from(*bucket) + (added & u64::from(u32::MAX));
        *bucket = sum as u32;
        let carried = (sum >> 32) + (added >> 32);
        if carried > 0 {
            self.carry(index, carried);
        }
    }

    /// Forgets all values but keeps the memory.
    pub fn clear(&mut self) {
        self.buckets.fill(0);
        self.zeros = 0;
        self.count = 0;
        self.carries.clear();
    }

    /// The value (ns) that a share `q` (0 to 1) of all values does not exceed; `None` when empty.
    ///
    /// Definition: the inverse of the grouped distribution function. The bucket is that of the
    /// ⌈`q`·n⌉-th smallest value; inside it values are taken as evenly spread, and the answer lies
    /// where `q`·n values are below. So it differs from that order statistic by less than the
    /// bucket's width, and is the order statistic itself below 2^(`sub_bits` + 1).
    pub fn quantile(&self, q: f64) -> Option<f64> {
        self.quantiles([q]).pop()
    }

    /// The [`quantile`](Self::quantile) at each of these shares, which must rise: one way through the buckets for all.
    /// None at all when empty.
    pub fn quantiles(&self, shares: impl IntoIterator<Item = f64>) -> Vec<f64> {
        let mut buckets = self.buckets().peekable();
        let (mut below, mut last, mut least) = (0.0, None, 0.0);
        let mut found = Vec::new();
        for q in shares {
            assert!((least..=1.0).contains(&q), "the quantile at {q} was asked");
            least = q;
            let rank = q * self.count as f64;
            while let Some((low, high, count)) =
                buckets.next_if(|(_, _, count)| below + (*count as f64) < rank)
            {
                below += count as f64;
                last = Some(within(low, high, 1.0));
            }
            let place = |(low, high, count): &(u64, u64, u64)| {
                within(*low, *high, (rank - below) / *count as f64)
            };
            // Past 2^53 values the running sum may round to less than the rank of the last one.
            found.extend(buckets.peek().map(place).or(last));
        }
        found
    }

    /// Width (ns) of the bucket of `value` (ns); 0 where every number has a bucket of its own.
    pub fn width_at(&self, value: f64) -> f64 {
        let (low, high) = self.bounds(self.index(value.max(0.0) as u64));
        (high - low - 1) as f64
    }

    /// The bucket of `value` (ns): the values v with low ≤ v < high share its count, as (low, high).
    pub fn bucket_of(&self, value: u64) -> (u64, u64) {
        self.bounds(self.index(value))
    }

    /// How many values are above `value` (ns): exact up to the bucket of `value`, whose own values
    /// are taken as evenly spread.
    pub fn count_above(&self, value: u64) -> u64 {
        let mut above = 0;
        for (low, high, count) in self.buckets() {
            if low > value {
                above += count;
            } else if high - 1 > value {
                let share = (high - 1 - value) as f64 / (high - low) as f64;
                above += (share * count as f64).round() as u64;
            }
        }
        above
    }

    /// The share (0 to 1) of the values that are above `value` (ns); `None` when empty.
    pub fn share_above(&self, value: u64) -> Option<f64> {
        (self.count > 0).then(|| self.count_above(value) as f64 / self.count as f64)
    }

    /// The buckets that hold values, ascending, as (low, high, count): the values v (ns) with
    /// low ≤ v < high. Zero is a bucket of its own, (0, 1, count).
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        let zeros = (self.zeros > 0).then_some((0, 1, self.zeros));
        zeros.into_iter().chain(self.filled().map(|(index, count)| {
            let (low, high) = self.bounds(index);
            (low, high, count)
        }))
    }

    /// Bucket indices with their counts, without zero and without empty ones.
    fn filled(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        (self.first..)
            .zip(&self.buckets)
            .map(|(index, low)| {
                let high = match self.carries.is_empty() {
                    true => 0,
                    false => self.carries.get(&index).copied().unwrap_or(0),
                };
                (index, (high << 32) + u64::from(*low))
            })
            .filter(|(_, count)| *count > 0)
    }

    /// The bucket of `value`, counted from the bucket of 0.
    #[inline]
    fn index(&self, value: u64) -> usize {
        // With as many bits as the values that share buckets: fewer make no shift.
        let bits = u64::BITS - (value | 1 << self.sub_bits).leading_zeros();
        let shift = bits - (self.sub_bits + 1);
        ((shift as usize) << self.sub_bits) + (value >> shift) as usize
    }

    /// The smallest value of a bucket and the one behind its largest.
    fn bounds(&self, index: usize) -> (u64, u64) {
        let shift = (index >> self.sub_bits).saturating_sub(1);
        let low = ((index - (shift << self.sub_bits)) as u64) << shift;
        // The topmost bucket ends at 2^64.
        (low, low.saturating_add(1 << shift))
    }

    #[inline]
    fn holds(&self, index: usize) -> bool {
        // Below `first` the difference wraps around to a huge number.
        index.wrapping_sub(self.first) < self.buckets.len()
    }

    #[cold]
    fn grow_to(&mut self, index: usize) {
        let octave = 1usize << self.sub_bits;
        let start = index & !(octave - 1);
        if self.buckets.is_empty() {
            self.first = start;
        }
        if start < self.first {
            let missing = self.first - start;
            self.buckets.reserve_exact(missing);
            self.buckets.splice(0..0, std::iter::repeat_n(0, missing));
            self.first = start;
        } else {
            let length = start + octave - self.first;
            self.buckets.reserve_exact(length - self.buckets.len());
            self.buckets.resize(length, 0);
        }
    }

    #[cold]
    fn carry(&mut self, index: usize, times: u64) {
        *self.carries.entry(index).or_default() += times;
    }
}

/// The place `part` (0 to 1) of the way through the bucket of the whole numbers `low` to `high` − 1,
/// each standing for itself ± ½.
fn within(low: u64, high: u64, part: f64) -> f64 {
    let (low, high) = (low as f64, high as f64);
    (low - 0.5 + part * (high - low)).clamp(low, high - 1.0)
}

/// Equal when they hold the same counts at the same resolution, whatever memory they keep.
impl PartialEq for Histogram {
    fn eq(&self, other: &Self) -> bool {
        self.sub_bits == other.sub_bits
            && self.zeros == other.zeros
            && self.filled().eq(other.filled())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(sub_bits: u32, values: &[u64]) -> Histogram {
        let mut histogram = Histogram::new(sub_bits);
        values.iter().for_each(|value| histogram.record(*value));
        histogram
    }

    /// Values of every magnitude, zeros among them.
    fn values() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec(
            (any::<u64>(), 0u32..=64)
                .prop_map(|(bits, shift)| bits.checked_shr(shift).unwrap_or(0)),
            1..300,
        )
    }

    proptest! {
        #[test]
        fn a_quantile_is_off_by_less_than_its_bucket(
            mut values in values(), q in 0.0..=1.0f64, sub_bits in 1u32..12,
        ) {
            let histogram = of(sub_bits, &values);
            values.sort_unstable();
            let rank = (q * values.len() as f64).ceil() as usize;
            let exact = values[rank.max(1) - 1];
            let error = (histogram.quantile(q).unwrap() - exact as f64).abs();
            let bound = exact as f64 / f64::from(1 << sub_bits);
            prop_assert!(error <= bound, "{error} {bound}");
            if exact < 2 << sub_bits {
                prop_assert_eq!(error, 0.0);
            }
        }

        #[test]
        fn quantiles_in_one_go_are_those_asked_one_by_one(
            values in values(), mut shares in prop::collection::vec(0.0..=1.0f64, 0..20),
        ) {
            let histogram = of(5, &values);
            shares.extend([0.0, 0.5, 0.5, 1.0]);
            shares.sort_unstable_by(f64::total_cmp);
            let each: Vec<f64> = shares.iter().filter_map(|q| histogram.quantile(*q)).collect();
            prop_assert_eq!(histogram.quantiles(shares.iter().copied()), each);
        }

        #[test]
        fn buckets_tile_the_numbers(values in values(), sub_bits in 1u32..12) {
            let histogram = of(sub_bits, &values);
            let mut total = 0;
            let mut end = 0;
            for (low, high, count) in histogram.buckets() {
                prop_assert!(end <= low && low < high);
                let last = if high == u64::MAX { high } else { high - 1 };
                let inside = values.iter().filter(|v| (low..=last).contains(*v)).count();
                prop_assert_eq!(inside as u64, count);
                end = high;
                total += count;
            }
            prop_assert_eq!(total, values.len() as u64);
            prop_assert_eq!(histogram.count(), total);
        }

        #[test]
        fn a_value_counted_many_times_is_there_as_often(values in values(), times in 0u64..4) {
            let mut at_once = Histogram::new(5);
            values.iter().for_each(|value| at_once.record_many(*value, times));
            let mut each = Histogram::new(5);
            (0..times).for_each(|_| values.iter().for_each(|value| each.record(*value)));
            prop_assert_eq!(&at_once, &each);
            prop_assert_eq!(at_once.count(), each.count());
        }

        #[test]
        fn the_order_of_merging_does_not_matter(a in values(), b in values(), c in values()) {
            let (ha, hb, hc) = (of(5, &a), of(5, &b), of(5, &c));
            let mut left = ha.clone();
            left.merge(&hb);
            left.merge(&hc);
            let mut right = hc.clone();
            right.merge(&ha);
            right.merge(&hb);
            let together = of(5, &[a, b, c].concat());
            prop_assert_eq!(&left, &right);
            prop_assert_eq!(&left, &together);
            prop_assert_eq!(left.count(), together.count());
        }

        #[test]
        fn values_above_are_miscounted_only_within_one_bucket(values in values(), value in any::<u64>()) {
            let histogram = of(6, &values);
            let exact = values.iter().filter(|v| **v > value).count() as u64;
            let (low, high) = histogram.bounds(histogram.index(value));
            let near = values.iter().filter(|v| (low..high).contains(*v)).count() as u64;
            prop_assert!(histogram.count_above(value).abs_diff(exact) <= near);
        }
    }

    #[test]
    fn evenly_spread_values_have_the_quantiles_of_the_uniform_distribution() {
        // 1 to 2^20 − 1 once each: every bucket is filled evenly, so interpolation is exact to the
        // rounding of one value.
        let values: Vec<u64> = (1..1 << 20).collect();
        let n = values.len() as f64;
        let histogram = of(4, &values);
        for q in [0.001, 0.25, 0.5, 0.9, 0.99, 0.999] {
            let error = histogram.quantile(q).unwrap() - q * n;
            assert!(error.abs() <= 1.0, "{q}: {error}");
            let above = histogram.share_above((q * n) as u64).unwrap();
            assert!((above - (1.0 - q)).abs() <= 1e-6, "{q}: {above}");
        }
    }

    #[test]
    fn zeros_are_counted_apart() {
        let histogram = of(7, &[0, 0, 0, 5_000_000]);
        assert_eq!(histogram.quantile(0.75), Some(0.0));
        assert_eq!(histogram.count_above(0), 1);
        assert_eq!(histogram.buckets().next(), Some((0, 1, 3)));
        assert_eq!(histogram.buckets.len(), 1 << 7, "one octave is enough");
    }

    #[test]
    fn an_empty_histogram_has_no_quantile() {
        let mut histogram = Histogram::new(7);
        assert_eq!(histogram.quantile(0.5), None);
        assert_eq!(histogram.share_above(1), None);
        assert_eq!(histogram.buckets().count(), 0);
        histogram.record(1_000);
        let capacity = histogram.buckets.capacity();
        histogram.clear();
        assert_eq!(histogram.quantile(0.5), None);
        assert_eq!(histogram.buckets.capacity(), capacity, "cleared memory is kept");
        assert_eq!(histogram, Histogram::new(7));
    }

    #[test]
    fn a_bucket_counts_beyond_32_bits() {
        let mut histogram = of(3, &[1_000, 1_000, 1_000]);
        for _ in 0..31 {
            let copy = histogram.clone();
            histogram.merge(&copy);
        }
        histogram.record(1_000);
        let (_, _, count) = histogram.buckets().next().unwrap();
        assert_eq!(count, 3 * (1 << 31) + 1);
        // Just before the counter wraps, by recording.
        let mut full = of(3, &[7]);
        full.buckets[0..].fill(0);
        let at = full.index(7) - full.first;
        full.buckets[at] = u32::MAX;
        full.record(7);
        assert_eq!(full.filled().next().unwrap().1, 1 << 32);
        full.record_many(7, u64::MAX - (2 << 32));
        assert_eq!(full.filled().next().unwrap().1, u64::MAX - (1 << 32));
    }

    #[test]
    #[should_panic(expected = "different resolution")]
    fn histograms_of_different_resolution_do_not_merge() {
        of(7, &[1]).merge(&of(6, &[1]));
    }
}
