//! The interval of a quantile from grouped values: by sectioning, and at a gap of the law by order statistics.
//!
//! Where nothing lies about a quantile, as between two kinds of answer, the quantiles of the replications jump
//! from one side to the other, and their spread says nothing of where the true one may be. What does is the
//! share of the values below, which varies little: the interval goes from the value that has so much less below
//! it to the one that has so much more (Woodruff, Journal of the American Statistical Association 47, 1952).

use super::histogram::Histogram;
use super::interval::{Interval, mean_interval, sectioned_quantile_interval};
use super::ratio::ratio_values;

/// Share of an interval by sectioning that must be empty to be called a gap.
const GAP: f64 = 0.5;

/// Grouped values of one replication, or of all.
#[derive(Debug, Clone, Copy)]
pub struct Grouped<'a> {
    /// Those that are known.
    pub values: &'a Histogram,
    /// How many more there are, each of them greater than what is asked for.
    pub greater: u64,
}

impl Grouped<'_> {
    fn count(self) -> f64 {
        (self.values.count() + self.greater) as f64
    }

    /// The quantile at `q` (0 to 1); `None` where it is one of the values that are not known.
    pub fn quantile(self, q: f64) -> Option<f64> {
        match self.greater {
            0 => self.values.quantile(q),
            _ => {
                let among_known = q * self.count() / self.values.count() as f64;
                (among_known <= 1.0).then(|| self.values.quantile(among_known))?
            }
        }
    }

    /// How many values do not exceed `value`, those of a bucket taken as evenly spread: what [`Grouped::quantile`]
    /// is the inverse of.
    fn below(self, value: f64) -> f64 {
        let each = self.values.buckets().map(|(low, high, count)| {
            let part = (value - (low as f64 - 0.5)) / (high - low) as f64;
            count as f64 * part.clamp(0.0, 1.0)
        });
        each.sum()
    }

    /// Whether most of an interval, so far as it lies among the values, holds none of them.
    fn is_mostly_empty(self, interval: Interval) -> bool {
        let (mut start, mut end, mut widest) = (None::<f64>, 0.0f64, 0.0f64);
        for (low, high, _) in self.values.buckets() {
            let (low, high) = (low as f64, high as f64 - 1.0);
            if start.is_some() {
                widest = widest.max(low.min(interval.high) - end.max(interval.low));
            }
            start = start.or(Some(low));
            end = high;
        }
        let among = interval.high.min(end) - interval.low.max(start.unwrap_or(end));
        widest > 1.0 && widest > GAP * among
    }
}

/// A quantile of all values with its interval [unit of the values], both not above `most`, the greatest value
/// of all, where that is known. `parts`: the values of each replication, together those of `whole`.
/// `level`: in (0, 1). `None` where the quantile is not known; no interval below two replications, or where
/// all values together are too few for one.
pub fn quantile_interval(
    whole: Grouped<'_>,
    parts: &[Grouped<'_>],
    q: f64,
    most: Option<f64>,
    level: f64,
) -> Option<(f64, Option<Interval>)> {
    let most = most.unwrap_or(f64::INFINITY);
    let value = whole.quantile(q)?.min(most);
    let own = parts.iter().map(|part| Some(part.quantile(q)?.min(most)));
    let own: Option<Vec<f64>> = own.collect();
    let sectioned = own.and_then(|own| sectioned_quantile_interval(value, &own, level));
    let interval = match sectioned.filter(|interval| !whole.is_mostly_empty(*interval)) {
        Some(interval) => Some(interval),
        None => by_shares(whole, parts, q, value, level),
    };
    // The greatest value is above the true quantile unless all values happen to be below that.
    let few = q.powf(whole.count()) > (1.0 - level) / 2.0;
    let known = |interval: &Interval| {
        interval.half_width() == 0.0 || interval.high <= most && most.is_finite() || !few
    };
    // Nothing is known finer than the buckets.
    let coarse = whole.values.width_at(value) / 2.0;
    let widened = |interval: Interval| Interval {
        value,
        low: interval.low - coarse,
        high: interval.high + coarse,
    };
    Some((value, interval.filter(known).map(|interval| widened(interval).within(0.0, most))))
}

/// From the value with the least share below that the true quantile may have to the one with the greatest.
fn by_shares(
    whole: Grouped<'_>,
    parts: &[Grouped<'_>],
    q: f64,
    value: f64,
    level: f64,
) -> Option<Interval> {
    let below: Vec<f64> = parts.iter().map(|part| part.below(value)).collect();
    let counts: Vec<f64> = parts.iter().map(|part| part.count()).collect();
    let shares = mean_interval(&ratio_values(&below, &counts)?, level)?;
    let (least, greatest) = (q - shares.half_width(), q + shares.half_width());
    let low = if least > 0.0 { whole.quantile(least)? } else { 0.0 };
    let high = if greatest < 1.0 { whole.quantile(greatest)? } else { return None };
    Some(Interval { value, low: low.min(value), high: high.max(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: f64 = 0.95;

    /// So many values of each magnitude.
    fn of(values: &[(u64, u64)]) -> Histogram {
        let mut histogram = Histogram::new(7);
        values.iter().for_each(|(value, times)| histogram.record_many(*value, *times));
        histogram
    }

    fn at(parts: &[Histogram], q: f64, most: Option<f64>) -> Option<(f64, Option<Interval>)> {
        let mut all = Histogram::new(7);
        parts.iter().for_each(|part| all.merge(part));
        let grouped = |values| Grouped { values, greater: 0 };
        let each: Vec<Grouped> = parts.iter().map(grouped).collect();
        quantile_interval(grouped(&all), &each, q, most, LEVEL)
    }

    #[test]
    fn a_median_between_two_kinds_of_answer_is_anywhere_between() {
        let parts: Vec<Histogram> = [490, 505, 510, 495, 501]
            .map(|fast| of(&[(1_000, fast), (60_000, 1_000 - fast)]))
            .into();
        let (value, interval) = at(&parts, 0.5, Some(60_000.0)).unwrap();
        let interval = interval.unwrap();
        assert!(value < 1_010.0, "{value}");
        // A bucket is 8 wide at 1,000.
        assert!((interval.low - 1_000.0).abs() <= 8.0, "{interval:?}");
        assert!((59_900.0..=60_000.0).contains(&interval.high), "{interval:?}");
    }

    #[test]
    fn beside_a_gap_the_median_is_on_one_side_of_it() {
        // Two thirds are fast in the mean, and in one replication fewer than half.
        let parts: Vec<Histogram> = [700, 690, 480, 720, 710]
            .map(|fast| of(&[(1_000, fast), (60_000, 1_000 - fast)]))
            .into();
        let (_, interval) = at(&parts, 0.5, Some(60_000.0)).unwrap();
        let interval = interval.unwrap();
        assert!((0.0..1_020.0).contains(&interval.high), "{interval:?}");
    }

    #[test]
    fn without_a_gap_the_interval_is_that_of_sectioning() {
        let parts: Vec<Histogram> = [0, 30, 60]
            .map(|shift| {
                of(&(0..400).map(|step| (1_000 + shift + 5 * step, 1)).collect::<Vec<_>>())
            })
            .into();
        let (value, interval) = at(&parts, 0.5, None).unwrap();
        let own: Vec<f64> = parts.iter().map(|part| part.quantile(0.5).unwrap()).collect();
        let plain = sectioned_quantile_interval(value, &own, LEVEL).unwrap();
        let coarse = parts[0].width_at(value) / 2.0;
        let interval = interval.unwrap();
        assert_eq!((interval.low, interval.high), (plain.low - coarse, plain.high + coarse));
    }

    #[test]
    fn a_replication_without_a_value_takes_part() {
        let parts = [of(&[(10, 40), (20, 60)]), of(&[]), of(&[(10, 60), (20, 40)])];
        let (value, interval) = at(&parts, 0.4, Some(20.0)).unwrap();
        assert_eq!((value, interval.map(|interval| interval.low)), (10.0, Some(10.0)));
    }

    #[test]
    fn nothing_is_above_the_greatest_value_or_below_nothing() {
        // All alike: the bucket is wider than what is known.
        let alike = [of(&[(60_000, 100)]), of(&[(60_000, 100)])];
        for q in [0.5, 0.95, 0.99] {
            let (value, interval) = at(&alike, q, Some(60_000.0)).unwrap();
            assert_eq!((value, interval.map(|interval| interval.high)), (60_000.0, Some(60_000.0)));
        }
        // Two replications that differ much: Student's interval would begin below nothing.
        let apart = [of(&[(100, 50), (200, 50)]), of(&[(150, 50), (300, 50)])];
        let (_, interval) = at(&apart, 0.9, Some(300.0)).unwrap();
        assert_eq!(interval.map(|interval| (interval.low, interval.high)), Some((0.0, 300.0)));
    }

    #[test]
    fn too_few_values_have_a_quantile_without_an_interval() {
        // Three hundred values are all below the true p99 in one case out of twenty.
        let few: Vec<Histogram> = [0, 7, 31]
            .map(|shift| of(&(0..100).map(|step| (1_000 + shift * step, 1)).collect::<Vec<_>>()))
            .into();
        let (value, interval) = at(&few, 0.99, Some(4_069.0)).unwrap();
        assert!((1_000.0..=4_069.0).contains(&value) && interval.is_none(), "{value} {interval:?}");
        assert!(at(&few, 0.5, Some(4_069.0)).unwrap().1.is_some());
        assert_eq!(at(&[of(&[])], 0.5, None), None);
    }

    #[test]
    fn values_that_are_only_known_to_be_greater_have_their_place() {
        let times = of(&(1..=100).map(|time| (time, 1)).collect::<Vec<_>>());
        let at = |greater, q| Grouped { values: &times, greater }.quantile(q).map(f64::round);
        assert_eq!(at(0, 0.5), Some(50.0));
        // The median of a hundred and fifty, of which the fifty greatest are not known.
        assert_eq!((at(50, 0.5), at(50, 0.7)), (Some(75.0), None));
        assert_eq!(Grouped { values: &Histogram::new(7), greater: 3 }.quantile(0.5), None);
    }
}
