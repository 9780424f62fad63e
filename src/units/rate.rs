//! Rates: how many of something per second.

use std::fmt;
use std::str::FromStr;

use super::UnitError;
use super::count::factor;
use super::decimal::QuantityKind;
use super::print::plain;

const KIND: QuantityKind = QuantityKind {
    name: "a rate",
    example_unit: "/s",
    units: "/s, /min, /h, /d",
    step: "none",
    limit: "2^63 per second",
};

/// Once in the longest time, 2^63 ns (1/s): what comes more rarely never comes.
const LEAST: f64 = 1e9 / (1u64 << 63) as f64;

/// A rate (1/s), finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct PerSecond(pub f64);

/// `400/s`, `30/min`, `1000/h`, `2k/s`, `5M/d`, `9.4e-05/s`.
impl FromStr for PerSecond {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let text = text.trim();
        let (number, rest) = KIND.number(text, text)?;
        let (suffix, unit) = match rest.split_once('/') {
            Some((suffix, unit)) => (suffix.trim(), unit.trim()),
            None if factor(rest).is_some() => {
                let example = format!("{}{rest}/s", number.digits);
                return Err(KIND.error(text, "has no unit", &example));
            }
            None => return Err(KIND.unit_unknown(text, rest, &number)),
        };
        let seconds = match unit {
            "s" => 1.0,
            "min" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return Err(KIND.unit_unknown(text, &format!("/{unit}"), &number)),
        };
        let Some(factor) = factor(suffix) else {
            return Err(KIND.unit_unknown(text, suffix, &number));
        };
        let rate = KIND.real(text, &number)? * factor as f64 / seconds;
        if rate >= (1u64 << 63) as f64 {
            return Err(KIND.too_large(text));
        }
        if !number.is_zero() && rate < LEAST {
            let what = "is less than one in 292 years, the longest time there is";
            return Err(KIND.error(text, what, "5/s"));
        }
        Ok(Self(rate))
    }
}

/// `400/s`, with at most six significant digits.
impl fmt::Display for PerSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/s", plain(self.0, 6)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_per_second_minute_hour_and_day() {
        for (text, rate) in [
            ("400/s", 400.0),
            ("0.5 /s", 0.5),
            ("30/min", 0.5),
            ("1800/h", 0.5),
            ("86_400 / d", 1.0),
            ("2k/s", 2_000.0),
            ("1.5 M/s", 1_500_000.0),
            ("0/s", 0.0),
            ("0e-999/s", 0.0),
            ("9.4e-05/s", 9.4e-5),
            ("1e3/s", 1_000.0),
            ("6E+1/min", 1.0),
            ("1.5e-3 k/s", 1.5),
        ] {
            assert_eq!(text.parse(), Ok(PerSecond(rate)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_rate_is_said_with_the_value_and_an_example() {
        for (text, problem, hint) in [
            ("400", "`400` has no unit", "`400/s`"),
            ("2k", "`2k` has no unit", "`2k/s`"),
            ("400rps", "`400rps` has the unknown unit `rps`", "/s, /min, /h, /d"),
            ("400/ms", "`400/ms` has the unknown unit `/ms`", "/s, /min, /h, /d"),
            ("4x/s", "`4x/s` has the unknown unit `x`", "`4/s`"),
            ("-4/s", "`-4/s` is negative: a rate is zero or more", "`4/s`"),
            ("inf/s", "`inf/s` is not a finite number", "`5/s`"),
            ("NaN/s", "`NaN/s` is not a finite number", "`5/s`"),
            ("1e3", "`1e3` has no unit", "`1e3/s`"),
            ("5e/s", "`5e/s` has the unknown unit `e`", "`5/s`"),
            (
                "1e-308/s",
                "`1e-308/s` is less than one in 292 years, the longest time there is",
                "`5/s`",
            ),
            ("1e-400/s", "`1e-400/s` is too close to zero to be told from it", "`5/s`"),
            ("1e308/s", "`1e308/s` is too large: the limit is 2^63 per second", "`5/s`"),
            ("1e18k/s", "`1e18k/s` is too large: the limit is 2^63 per second", "`5/s`"),
            (
                "9999999999999G/s",
                "`9999999999999G/s` is too large: the limit is 2^63 per second",
                "`5/s`",
            ),
        ] {
            let error = text.parse::<PerSecond>().unwrap_err();
            assert_eq!(error.problem, problem);
            assert!(error.hint.contains(hint), "{text}: {}", error.hint);
        }
    }

    #[test]
    fn rates_print_so_that_they_read_back() {
        for (rate, text) in [
            (400.0, "400/s"),
            (0.5, "0.5/s"),
            (1.0 / 3.0, "0.333333/s"),
            (12_500.0, "12500/s"),
            (9.4e-9, "9.4e-9/s"),
        ] {
            assert_eq!(PerSecond(rate).to_string(), text);
            assert!((text.parse::<PerSecond>().unwrap().0 - rate).abs() < 1e-6);
        }
    }
}
