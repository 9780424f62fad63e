//! Simulated time: whole nanoseconds.

use std::fmt;
use std::str::FromStr;

use super::UnitError;
use super::decimal::QuantityKind;

const KIND: QuantityKind = QuantityKind {
    name: "a duration",
    example_unit: "ms",
    units: "ns, us, ms, s, min, h, d",
    step: "1 ns",
    limit: "292 years (2^63 ns)",
};

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A duration or an instant (ns since the start of the run).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Eq, Ord, Hash)]
pub struct Nanos(pub u64);

impl Nanos {
    /// No time; the start of a run.
    pub const ZERO: Self = Self(0);
    /// The longest duration that can be written or drawn: 2^63 − 1 ns, 292 years.
    pub const MAX: Self = Self(i64::MAX as u64);

    /// The nearest whole nanosecond, halves upward. Negative values give zero, values beyond
    /// [`Nanos::MAX`] give that. `seconds` may be infinite, but not NaN (a bug: panics).
    pub fn from_seconds(seconds: f64) -> Self {
        assert!(!seconds.is_nan(), "a duration of NaN seconds was computed");
        // The cast truncates and saturates; adding a half first is cheaper than `round`.
        let nanos = (seconds * 1e9 + 0.5) as u64;
        Self(nanos.min(Self::MAX.0))
    }

    /// This time in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The sum, or `u64::MAX` nanoseconds where that would overflow.
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// `250us`, `1.5 ms`, `1h30min`: numbers with units, the larger unit first.
impl FromStr for Nanos {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let text = text.trim();
        let mut rest = text;
        let mut total = 0u64;
        let mut last_unit = u64::MAX;
        loop {
            let (number, after) = KIND.number(rest, text)?;
            let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
            let name = after[..end].trim();
            if name.is_empty() {
                return Err(KIND.unit_missing(text, &number));
            }
            let Some(unit) = unit(name) else {
                if name == "m" {
                    let what = "has the unit `m`: minutes are `min`, milliseconds `ms`";
                    return Err(KIND.error(text, what, &format!("{}min", number.digits)));
                }
                return Err(KIND.unit_unknown(text, name, &number));
            };
            if unit >= last_unit {
                let what = "has units that do not fall from left to right";
                return Err(KIND.error(text, what, "1h30min"));
            }
            last_unit = unit;
            let part = KIND.scaled(text, &number, unit)?;
            // Both are below 2^63, so the sum fits.
            total += part;
            if total > Self::MAX.0 {
                return Err(KIND.too_large(text));
            }
            rest = &after[end..];
            if rest.is_empty() {
                return Ok(Self(total));
            }
        }
    }
}

/// The length of a unit (ns).
fn unit(name: &str) -> Option<u64> {
    Some(match name {
        "ns" => 1,
        // The micro sign and the Greek letter look the same.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "min" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return None,
    })
}

/// Exact, and readable back: `250 µs`, `1.25 s`, `1 h 30 min`. For a measured time, which has more
/// digits than it is sure of, use [`si_time`](super::si_time).
impl fmt::Display for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        let mut left = self.0;
        for (unit, name) in [(DAY, "d"), (HOUR, "h"), (MINUTE, "min")] {
            if left >= unit {
                text += &format!("{} {name} ", left / unit);
                left %= unit;
            }
        }
        if left > 0 || text.is_empty() {
            text += &below_a_minute(left, !text.is_empty());
        }
        f.pad(text.trim_end())
    }
}

/// `nanos` in the largest unit of which there is at least one; behind larger units only in seconds.
fn below_a_minute(nanos: u64, after_minutes: bool) -> String {
    let (unit, name) = match nanos {
        0 => return "0 s".to_string(),
        _ if after_minutes => (SECOND, "s"),
        1..1_000 => (1, "ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..SECOND => (1_000_000, "ms"),
        _ => (SECOND, "s"),
    };
    let places = unit.ilog10() as usize;
    if nanos.is_multiple_of(unit) {
        return format!("{} {name}", nanos / unit);
    }
    let fraction = format!("{:0places$}", nanos % unit);
    format!("{}.{} {name}", nanos / unit, fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, nanos) in [
            ("0s", 0),
            ("1ns", 1),
            ("250us", 250_000),
            ("250µs", 250_000),
            ("250μs", 250_000),
            ("1.5ms", 1_500_000),
            ("1.1 ms", 1_100_000),
            (" .5s ", 500_000_000),
            ("2min", 120_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("1d", 86_400_000_000_000),
            ("1h30min", 5_400_000_000_000),
            ("1 h 30 min", 5_400_000_000_000),
            ("1_000ms", 1_000_000_000),
            ("0.0015us", 2),
            ("1e3s", 1_000_000_000_000),
            ("2.5E-3s", 2_500_000),
            ("9.4e-05 s", 94_000),
            ("1e0h3e1min", 5_400_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_duration_is_said_with_the_value_and_an_example() {
        for (text, problem, hint) in [
            ("5", "`5` has no unit", "`5ms`"),
            ("5 parsecs", "`5 parsecs` has the unknown unit `parsecs`", "ns, us, ms, s, min, h, d"),
            ("5m", "`5m` has the unit `m`: minutes are `min`, milliseconds `ms`", "`5min`"),
            ("-3ms", "`-3ms` is negative: a duration is zero or more", "`3ms`"),
            ("NaN", "`NaN` is not a finite number", "`5ms`"),
            ("inf ms", "`inf ms` is not a finite number", "`5ms`"),
            ("", "`` is empty: a duration is expected", "`5ms`"),
            ("ms", "`ms` does not start with a number: a duration is expected", "`5ms`"),
            ("1,5ms", "`1,5ms` has a comma in its number", "`1.5`"),
            ("0.4ns", "`0.4ns` is below the smallest step, 1 ns", "`5ms`"),
            ("300000d", "`300000d` is too large: the limit is 292 years (2^63 ns)", "`5ms`"),
            (
                "106751d 100h",
                "`106751d 100h` is too large: the limit is 292 years (2^63 ns)",
                "`5ms`",
            ),
            ("30min1h", "`30min1h` has units that do not fall from left to right", "`1h30min`"),
            ("1h30", "`1h30` has no unit", "`30ms`"),
            ("1e3", "`1e3` has no unit", "`1e3ms`"),
            ("5es", "`5es` has the unknown unit `es`", "`5ms`"),
            ("5e-s", "`5e-s` has the unknown unit `e-s`", "`5ms`"),
            ("1e1.5s", "`1e1.5s` has an exponent that is not a whole number", "`5e-3ms`"),
            ("1e3,5s", "`1e3,5s` has a comma in its number", "`1.5`"),
            ("1e-308ms", "`1e-308ms` is below the smallest step, 1 ns", "`5ms`"),
            ("1e308ms", "`1e308ms` is too large: the limit is 292 years (2^63 ns)", "`5ms`"),
            ("1e999s", "`1e999s` is too large: the limit is 292 years (2^63 ns)", "`5ms`"),
        ] {
            let error = text.parse::<Nanos>().unwrap_err();
            assert_eq!(error.problem, problem);
            assert!(error.hint.contains(hint), "{text}: {}", error.hint);
        }
    }

    #[test]
    fn durations_print_in_the_unit_a_person_would_choose() {
        for (nanos, text) in [
            (0, "0 s"),
            (999, "999 ns"),
            (250_000, "250 µs"),
            (3_000_000, "3 ms"),
            (1_250_000_000, "1.25 s"),
            (1_000_000_001, "1.000000001 s"),
            (60_000_000_000, "1 min"),
            (100_500_000_000, "1 min 40.5 s"),
            (60_000_000_001, "1 min 0.000000001 s"),
            (5_400_000_000_000, "1 h 30 min"),
            (90_061_000_000_000, "1 d 1 h 1 min 1 s"),
        ] {
            assert_eq!(Nanos(nanos).to_string(), text);
        }
        assert_eq!(format!("{:>8}", Nanos(3_000_000)), "    3 ms");
    }

    #[test]
    fn seconds_round_to_nanoseconds_and_saturate() {
        assert_eq!(Nanos::from_seconds(0.001), Nanos(1_000_000));
        assert_eq!(Nanos::from_seconds(1.4e-9), Nanos(1));
        assert_eq!(Nanos::from_seconds(1.6e-9), Nanos(2));
        assert_eq!(Nanos::from_seconds(-1.0), Nanos::ZERO);
        assert_eq!(Nanos::from_seconds(f64::INFINITY), Nanos::MAX);
        assert_eq!(Nanos(u64::MAX).saturating_add(Nanos(1)), Nanos(u64::MAX));
        assert_eq!(Nanos(1_500_000_000).seconds(), 1.5);
    }

    #[test]
    #[should_panic(expected = "NaN seconds")]
    fn a_duration_of_nan_is_our_own_bug() {
        Nanos::from_seconds(f64::NAN);
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back_exactly(nanos in 0..=Nanos::MAX.0, shift in 0u32..63) {
            let time = Nanos(nanos >> shift);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }

        #[test]
        fn a_time_in_nanoseconds_reads_back_in_seconds_with_an_exponent(nanos in 0..=Nanos::MAX.0) {
            prop_assert_eq!(format!("{nanos}e-9s").parse(), Ok(Nanos(nanos)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[-+0-9._,a-zEµ∞ ]{0,24}|([0-9.]{1,3}[eE][-+]?[0-9]{1,24}[a-z]{0,3}){1,3}|\\PC{0,12}") {
            let _ = text.parse::<Nanos>();
        }

        #[test]
        fn seconds_round_as_the_library_does(seconds in 0.0..4_000_000.0f64) {
            let rounded = (seconds * 1e9).round() as u64;
            prop_assert!(Nanos::from_seconds(seconds).0.abs_diff(rounded) == 0);
        }
    }
}
