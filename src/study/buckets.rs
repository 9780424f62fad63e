//! A histogram as results.json holds it: runs of neighbouring buckets, so that what is empty takes no room.

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::statistics::Histogram;

/// Latencies counted in buckets that widen with the latency. An octave, from any power of two up to the next
/// one, is cut into `buckets_per_octave` buckets of equal width, but none is narrower than 1 ns.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Buckets {
    /// Buckets from a power of two to the next one: 2, 4, 8, … or 65536.
    buckets_per_octave: u32,
    /// Runs of neighbouring buckets that hold something, ascending. Each is the least latency of its first
    /// bucket (ns), then the count of every bucket of the run.
    runs_ns: Vec<Vec<u64>>,
}

impl From<&Histogram> for Buckets {
    fn from(histogram: &Histogram) -> Self {
        let mut runs: Vec<Vec<u64>> = Vec::new();
        let mut end = None;
        for (low, high, count) in histogram.buckets() {
            match runs.last_mut() {
                Some(run) if end == Some(low) => run.push(count),
                _ => runs.push(vec![low, count]),
            }
            end = Some(high);
        }
        Buckets { buckets_per_octave: 1 << histogram.sub_bits(), runs_ns: runs }
    }
}

impl TryFrom<Buckets> for Histogram {
    type Error = String;

    fn try_from(buckets: Buckets) -> Result<Self, String> {
        let octave = buckets.buckets_per_octave;
        let sub_bits = octave.trailing_zeros();
        if !octave.is_power_of_two() || !(1..=16).contains(&sub_bits) {
            return Err(format!("{octave} buckets in an octave: 2, 4, 8, … or 65536 are known"));
        }
        let mut histogram = Histogram::new(sub_bits);
        // Where the next bucket must begin at the least; `None` behind the last bucket of all.
        let mut free = Some(0);
        for run in &buckets.runs_ns {
            let Some((low, counts)) = run.split_first().filter(|(_, counts)| !counts.is_empty())
            else {
                return Err("a run of buckets has no count".to_string());
            };
            let mut low = *low;
            for count in counts {
                let bucket = histogram.bucket_of(low);
                if bucket.0 != low || free.is_none_or(|free| low < free) {
                    return Err(format!("no bucket begins at {low} ns behind the one before"));
                }
                if histogram.count().checked_add(*count).is_none() {
                    return Err("more than 2^64 latencies are counted".to_string());
                }
                histogram.record_many(low, *count);
                free = (bucket.1 < u64::MAX).then_some(bucket.1);
                low = bucket.1;
            }
        }
        Ok(histogram)
    }
}

/// Writes a histogram.
pub(super) fn serialize<S: Serializer>(
    histogram: &Histogram,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Buckets::from(histogram).serialize(serializer)
}

/// Reads a histogram. Errors: what cannot be one.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Histogram, D::Error> {
    Histogram::try_from(Buckets::deserialize(deserializer)?).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_histogram_comes_back_as_it_was(
            values in prop::collection::vec((any::<u64>(), 0u32..=64), 0..200), sub_bits in 1u32..12,
        ) {
            let mut histogram = Histogram::new(sub_bits);
            for (bits, shift) in values {
                histogram.record(bits.checked_shr(shift).unwrap_or(0));
            }
            let again = Histogram::try_from(Buckets::from(&histogram));
            prop_assert_eq!(again.as_ref(), Ok(&histogram));
            prop_assert_eq!(again.map(|again| again.count()), Ok(histogram.count()));
        }
    }

    #[test]
    fn neighbours_are_one_run_and_the_ends_of_all_numbers_are_told() {
        let mut histogram = Histogram::new(2);
        [0, 0, 1, 2, 17, u64::MAX].into_iter().for_each(|value| histogram.record(value));
        let runs = Buckets::from(&histogram).runs_ns;
        assert_eq!(runs, [vec![0, 2, 1, 1], vec![16, 1], vec![u64::MAX - (u64::MAX >> 3), 1]]);
    }

    #[test]
    fn what_cannot_be_a_histogram_is_refused() {
        let last = u64::MAX - (u64::MAX >> 3);
        for (octave, runs) in [
            (0, vec![]),
            (3, vec![]),
            (1 << 17, vec![]),
            (4, vec![vec![]]),
            (4, vec![vec![16]]),
            (4, vec![vec![17, 1]]),
            (4, vec![vec![16, 1, 1], vec![18, 1]]),
            (4, vec![vec![32, 1], vec![16, 1]]),
            (4, vec![vec![last, 1, 1]]),
            (4, vec![vec![last, 1], vec![last, 1]]),
            (4, vec![vec![1, u64::MAX, 1]]),
        ] {
            let buckets = Buckets { buckets_per_octave: octave, runs_ns: runs.clone() };
            assert!(Histogram::try_from(buckets).is_err(), "{octave} {runs:?}");
        }
    }
}
